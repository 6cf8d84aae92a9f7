//! Providers that people can come by: the tables `[providers.NAME]`.

use super::network::networks;
use super::{CommaList, Config, Secret, secret};
use anyhow::{Result, anyhow};
use ipnet::IpNet;
use mainstay_identity::ProviderSettings;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A provider, by its name in the table.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderConfig {
    /// The issuer's address, as its ID tokens name it.
    issuer: Option<String>,
    /// Of GitHub Enterprise: its address.
    url: Option<String>,
    client_id: Option<String>,
    client_secret: Option<Secret>,
    client_secret_file: Option<PathBuf>,
    /// Further clients of one's own whose ID tokens are taken.
    client_ids: Option<CommaList<String>>,
    scopes: Option<CommaList<String>>,
    email_domains: Option<CommaList<String>>,
}

/// The keys of a provider, with what they are, for the reference.
pub(crate) const KEYS: [(&str, &str); 8] = [
    (
        "issuer",
        "The issuer of OpenID Connect, as its ID tokens name it. `google` and `github` need none.",
    ),
    ("url", "The address of a GitHub Enterprise Server, for the provider `github`."),
    ("client_id", "Who this installation is at the provider."),
    ("client_secret", "Proves that. A client without one needs none."),
    ("client_secret_file", "File that holds `client_secret`."),
    (
        "client_ids",
        "Further clients of one's own, such as mobile applications, whose ID tokens are taken.",
    ),
    ("scopes", "What is asked for beside who somebody is."),
    (
        "email_domains",
        "Domains whose addresses the provider is believed about; of other addresses it vouches \
         for none.",
    ),
];

impl ProviderConfig {
    pub(super) fn read_secret(&mut self, name: &str) -> Result<()> {
        let key = format!("providers.{name}.client_secret");
        self.client_secret =
            secret(&key, self.client_secret.take(), self.client_secret_file.as_deref())?;
        Ok(())
    }

    fn settings(&self, name: &str) -> Result<ProviderSettings> {
        let address = match (name, &self.issuer, &self.url) {
            ("github", None, url) => url.as_deref(),
            (_, issuer, None) if name != "github" => issuer.as_deref(),
            _ => {
                let what = "github takes a url and no issuer; all others the other way round";
                return Err(anyhow!("providers.{name}: {what}"));
            }
        };
        let client_id = self.client_id.as_deref().unwrap_or_default();
        let settings = ProviderSettings::new(name, address, client_id);
        let mut settings = settings.map_err(|what| anyhow!("providers.{name}: {what}"))?;
        let list = |given: &Option<CommaList<String>>| given.clone().unwrap_or_default().0;
        settings.client_secret = self.client_secret.as_ref().map(|s| s.reveal().to_owned());
        settings.further_client_ids = list(&self.client_ids);
        settings.scopes = list(&self.scopes);
        settings.email_domains = list(&self.email_domains);
        Ok(settings)
    }
}

impl Config {
    /// The providers that people can come by.
    ///
    /// # Errors
    /// For one that lacks what it needs.
    pub(crate) fn providers(&self) -> Result<Vec<ProviderSettings>> {
        self.providers.iter().flatten().map(|(name, given)| given.settings(name)).collect()
    }

    /// Networks beside the public Internet in which they may be.
    ///
    /// # Errors
    /// For what is no network.
    pub(crate) fn outbound_networks(&self) -> Result<Vec<IpNet>> {
        networks("outbound_networks", self.outbound_networks.as_ref())
    }
}

#[cfg(test)]
#[expect(clippy::result_large_err, reason = "figment's jail asks for its error")]
mod tests {
    use super::Config;
    use figment::Jail;
    use mainstay_identity::ProviderKind;

    #[test]
    fn a_provider_comes_from_file_and_environment_and_its_secret_from_either() {
        Jail::expect_with(|jail| {
            jail.create_file("secret", "hidden\n")?;
            jail.create_file(
                "mainstay.toml",
                "[providers.google]\nclient_id = \"g\"\nclient_secret_file = \"secret\"\n\
                 [providers.okta]\nissuer = \"https://o.example\"\nclient_id = \"o\"\n\
                 email_domains = [\"corp.example\"]",
            )?;
            jail.set_env("MAINSTAY_PROVIDERS__GITHUB__CLIENT_ID", "h");
            jail.set_env("MAINSTAY_PROVIDERS__GITHUB__CLIENT_SECRET", "hub");
            let config = Config::default().load(None).unwrap();
            let providers = config.providers().unwrap();
            let names: Vec<&str> = providers.iter().map(|p| p.name.as_str()).collect();
            assert_eq!(names, ["github", "google", "okta"]);
            assert_eq!(providers[0].client_secret.as_deref(), Some("hub"));
            assert_eq!(providers[1].client_secret.as_deref(), Some("hidden"));
            let issuer = "https://accounts.google.com".to_owned();
            assert_eq!(providers[1].kind, ProviderKind::OpenId { issuer });
            assert_eq!(providers[2].email_domains, ["corp.example"]);
            Ok(())
        });
    }

    #[test]
    fn a_provider_that_lacks_something_is_refused() {
        for table in [
            "[providers.okta]\nclient_id = \"o\"",
            "[providers.google]",
            "[providers.github]\nclient_id = \"h\"\nissuer = \"https://h.example\"",
            "[providers.okta]\nclient_id = \"o\"\nurl = \"https://o.example\"",
            "[providers.password]\nclient_id = \"o\"\nissuer = \"https://o.example\"",
        ] {
            Jail::expect_with(|jail| {
                jail.create_file("mainstay.toml", table)?;
                let config = Config::default().load(None).unwrap();
                let error = config.check().err().unwrap().to_string();
                assert!(error.contains("providers."), "{table}: {error}");
                Ok(())
            });
        }
        Jail::expect_with(|jail| {
            jail.create_file("mainstay.toml", "[providers.google]\nclient = \"g\"")?;
            let error = Config::default().load(None).err().unwrap();
            assert!(error.to_string().contains("client"), "{error}");
            Ok(())
        });
    }
}
