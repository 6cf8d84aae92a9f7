//! Providers as an operator sets them.

use std::fmt;

/// The issuer of Google's accounts.
pub(crate) const GOOGLE: &str = "https://accounts.google.com";
/// Where GitHub is.
pub(crate) const GITHUB: &str = "https://github.com";
/// Longest name of a provider, in characters.
const NAME_MAX: usize = 50;
/// Names that stand for ways in that are no providers.
const RESERVED: [&str; 6] = ["anonymous", "anonymous_users", "email", "password", "phone", "web3"];

/// A provider that people can come by.
#[derive(Clone)]
#[non_exhaustive]
pub struct ProviderSettings {
    /// What clients call it: `google`, `github`, or a name of one's own.
    pub name: String,
    /// How it is spoken to.
    pub kind: ProviderKind,
    /// Who this installation is there.
    pub client_id: String,
    /// Proves that; none for a client that has none.
    pub client_secret: Option<String>,
    /// Further clients of one's own, such as mobile applications, whose ID tokens are taken.
    pub further_client_ids: Vec<String>,
    /// What is asked for beside who somebody is.
    pub scopes: Vec<String>,
    /// The domains whose addresses it is believed about; none means all.
    pub email_domains: Vec<String>,
}

/// How a provider is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderKind {
    /// OpenID Connect, by the issuer's address.
    OpenId {
        /// As ID tokens name it (`iss`).
        issuer: String,
    },
    /// GitHub's own interface, by the address of GitHub or of an Enterprise Server.
    GitHub {
        /// Without a path.
        url: String,
    },
}

impl ProviderSettings {
    /// A provider by its name, where it is if that does not follow from the name, and who this
    /// installation is there.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn new(name: &str, address: Option<&str>, client_id: &str) -> Result<Self, String> {
        let is_plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"-_:".contains(&c);
        if name.is_empty() || name.len() > NAME_MAX || !name.bytes().all(is_plain) {
            return Err(format!(
                "a provider's name takes 1 to {NAME_MAX} of a-z, 0-9, -, _ and :, not {name:?}"
            ));
        }
        if RESERVED.contains(&name) {
            return Err(format!("{name} is no name for a provider: it is a way in by itself"));
        }
        let trimmed = |url: &str| url.trim_end_matches('/').to_owned();
        let kind = match (name, address) {
            ("github", address) => ProviderKind::GitHub { url: trimmed(address.unwrap_or(GITHUB)) },
            ("google", None) => ProviderKind::OpenId { issuer: GOOGLE.to_owned() },
            // An issuer is compared as it is written, with its last slash.
            (_, Some(issuer)) => ProviderKind::OpenId { issuer: issuer.to_owned() },
            (_, None) => return Err(format!("the provider {name} needs its issuer")),
        };
        if client_id.is_empty() {
            return Err(format!("the provider {name} needs a client_id"));
        }
        Ok(Self {
            name: name.to_owned(),
            kind,
            client_id: client_id.to_owned(),
            client_secret: None,
            further_client_ids: Vec::new(),
            scopes: Vec::new(),
            email_domains: Vec::new(),
        })
    }

    /// The clients whose ID tokens are taken.
    pub(crate) fn client_ids(&self) -> Vec<&str> {
        let further = self.further_client_ids.iter().map(String::as_str);
        std::iter::once(self.client_id.as_str()).chain(further).collect()
    }

    /// Whether the provider is believed about an address in its one form.
    pub(crate) fn vouches_for(&self, email: &str) -> bool {
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        self.email_domains.is_empty()
            || self.email_domains.iter().any(|own| own.eq_ignore_ascii_case(domain))
    }
}

impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSettings")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{ProviderKind, ProviderSettings};

    #[test]
    fn a_name_says_where_a_provider_is_or_the_operator_does() {
        let kind = |name, address| {
            ProviderSettings::new(name, address, "id").map(|settings| settings.kind)
        };
        let open_id = |issuer: &str| Ok(ProviderKind::OpenId { issuer: issuer.to_owned() });
        assert_eq!(kind("google", None), open_id("https://accounts.google.com"));
        assert_eq!(kind("okta", Some("https://o.example/")), open_id("https://o.example/"));
        let enterprise = ProviderKind::GitHub { url: "https://git.example".to_owned() };
        assert_eq!(kind("github", Some("https://git.example/")), Ok(enterprise));
        for name in ["okta", "", "password", "email", "Okta", "a b"] {
            assert!(kind(name, None).is_err(), "{name}");
        }
    }

    #[test]
    fn a_provider_is_believed_about_its_domains_alone() {
        let mut okta = ProviderSettings::new("okta", Some("https://o.example"), "id").unwrap();
        assert!(okta.vouches_for("ada@anything.example"));
        okta.email_domains = vec!["Corp.example".to_owned()];
        assert!(okta.vouches_for("ada@corp.example"));
        for email in ["ada@example", "ada@x.corp.example", "ada@notcorp.example", "corp.example"] {
            assert!(!okta.vouches_for(email), "{email}");
        }
        okta.client_secret = Some("hidden".to_owned());
        assert!(!format!("{okta:?}").contains("hidden"));
    }
}
