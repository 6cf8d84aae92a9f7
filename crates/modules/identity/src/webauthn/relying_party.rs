//! The relying party: which site credentials are for, and from which pages they may be used.

use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::records::seek;
use crate::settings::{OrganizationAuth, organization_auth_within};
use crate::sign_in::redirect::matches;
use http::Uri;
use mainstay_entity::Value;
use mainstay_kernel::Work;
use mainstay_kernel::entities::Organization;
use std::net::IpAddr;
use uuid::Uuid;
use webauthn_rp::request::{AsciiDomain, RpId};
use webauthn_rp::response::Origin;

/// A site at which people use authenticators.
pub(crate) struct RelyingParty {
    /// The domain that credentials are bound to.
    pub(crate) id: RpId,
    /// The same as text.
    pub(crate) domain: String,
    /// What authenticators show of it.
    pub(crate) name: String,
    pub(crate) origins: Origins,
}

/// The pages that may use credentials of a site.
#[derive(Debug)]
pub(crate) struct Origins {
    domain: String,
    /// That of the site itself first; `*` stands for a part of a name.
    allowed: Vec<String>,
}

impl RelyingParty {
    /// The site of an organisation: its `site_url`, and the origins of its `redirect_urls`.
    ///
    /// # Errors
    /// [`AuthCode::PasskeyDisabled`] when the site is known by an address alone, which credentials
    /// can't be bound to.
    fn of(settings: &OrganizationAuth, site: &str, name: &str) -> Result<Self, AuthError> {
        let home = settings.site_url.as_deref().unwrap_or(site);
        let domain = domain(home).ok_or_else(disabled)?;
        let id = AsciiDomain::try_from(domain.clone()).map_err(|_| disabled())?;
        let urls = std::iter::once(home).chain(settings.redirect_urls.iter().map(String::as_str));
        let allowed = urls.filter_map(origin).map(str::to_owned).collect();
        let origins = Origins { domain: domain.clone(), allowed };
        Ok(Self { id: RpId::Domain(id), domain, name: name.to_owned(), origins })
    }
}

impl Origins {
    /// Whether a page may use credentials of the site: it is the site's own, or one below it that
    /// links may lead to.
    fn allow(&self, page: &str) -> bool {
        let is_below = domain(page).is_some_and(|host| {
            host.strip_suffix(&*self.domain)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        });
        is_below && self.allowed.iter().any(|pattern| matches(pattern, page))
    }
}

impl PartialEq<Origin<'_>> for Origins {
    fn eq(&self, page: &Origin<'_>) -> bool {
        self.allow(&page.0)
    }
}

impl Identity {
    /// The site of the organisation that a request is for.
    ///
    /// # Errors
    /// [`AuthCode::PasskeyDisabled`].
    pub(crate) async fn relying_party(
        &self,
        work: &mut Work,
        organization: Option<Uuid>,
    ) -> Result<RelyingParty, AuthError> {
        let settings = organization_auth_within(work, organization).await?;
        let name = match organization {
            Some(id) => seek::<Organization>(work, &[("id", Value::Uuid(id))])
                .await?
                .pop()
                .map(|organization| organization.name.into_string()),
            None => None,
        };
        self.site(&settings, name.as_deref().unwrap_or("Mainstay"))
    }

    /// Whether people can use passkeys on pages of this server: its name is that of the
    /// organisation's site, or one below it.
    pub fn has_passkeys_on_pages(&self, settings: &OrganizationAuth) -> bool {
        let site = self.site(settings, "");
        site.is_ok_and(|site| origin(self.own_url()).is_some_and(|own| site.origins.allow(own)))
    }

    /// The site of an organisation, with the pages of this server.
    fn site(&self, settings: &OrganizationAuth, name: &str) -> Result<RelyingParty, AuthError> {
        let mut site = RelyingParty::of(settings, &self.settings.site_url, name)?;
        site.origins.allowed.extend(origin(self.own_url()).map(str::to_owned));
        Ok(site)
    }
}

/// The scheme, host and port of an address, as browsers write them (RFC 6454 §6.2).
fn origin(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().filter(|authority| !authority.is_empty())?;
    Some(&url[..scheme.len() + 3 + authority.len()])
}

/// The domain of a page that browsers give authenticators to: by HTTPS, or on the machine itself.
fn domain(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let host = uri.host()?.to_ascii_lowercase();
    let is_safe = match uri.scheme_str()? {
        "https" => true,
        "http" => host == "localhost" || host.ends_with(".localhost"),
        _ => false,
    };
    let is_address = host.starts_with('[') || host.parse::<IpAddr>().is_ok();
    (is_safe && !is_address).then_some(host)
}

fn disabled() -> AuthError {
    let message = "Passkeys need a site with a name: set site_url of the organization";
    AuthError::new(AuthCode::PasskeyDisabled, message)
}

#[cfg(test)]
mod tests {
    use super::RelyingParty;
    use crate::settings::OrganizationAuth;

    fn site(url: &str) -> Option<RelyingParty> {
        let settings = OrganizationAuth {
            site_url: Some(url.to_owned()),
            redirect_urls: vec![
                "https://*.example.com/welcome".to_owned(),
                "https://evil.example/**".to_owned(),
                "com.example.app://callback".to_owned(),
            ],
            ..OrganizationAuth::default()
        };
        RelyingParty::of(&settings, "", "Acme").ok()
    }

    #[test]
    fn pages_of_the_site_use_its_credentials() {
        let party = site("https://example.com/start?x=1").unwrap();
        assert_eq!(party.domain, "example.com");
        for (page, may) in [
            ("https://example.com", true),
            ("https://app.example.com", true),
            ("http://example.com", false),
            ("https://example.com:8443", false),
            ("https://a.b.example.com", false),
            ("https://evil.example", false),
            ("https://notexample.com", false),
            ("com.example.app://callback", false),
            ("", false),
        ] {
            assert_eq!(party.origins.allow(page), may, "{page}");
        }
    }

    #[test]
    fn a_site_needs_a_name_and_a_safe_line() {
        for (url, serves) in [
            ("http://localhost:5173", true),
            ("http://127.0.0.1:5173", false),
            ("https://[::1]/", false),
            ("http://example.com", false),
            ("example.com", false),
            ("", false),
        ] {
            assert_eq!(site(url).is_some(), serves, "{url}");
        }
    }
}
