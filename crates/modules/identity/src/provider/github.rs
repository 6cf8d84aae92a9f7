//! GitHub, which speaks OAuth 2.0 and tells who somebody is at its own interface.

use crate::provider::arrival::Arrival;
use crate::provider::issuer::{get, parse_url};
use crate::provider::registry::{Asked, Failure, parse_json};
use crate::provider::settings::{GITHUB, ProviderSettings};
use crate::sign_in::redirect::encoded;
use mainstay_outbound::header::{ACCEPT, CONTENT_TYPE};
use mainstay_outbound::{HeaderMap, HeaderValue, Method, Outbound, Url};
use serde::Deserialize;
use serde_json::{Map, json};

/// GitHub itself, or an Enterprise Server.
pub(crate) struct GitHub {
    web: String,
    api: String,
}

#[derive(Deserialize)]
struct Token {
    /// Absent where the code does not hold, which GitHub answers with 200.
    access_token: Option<String>,
}

/// `GET /user`, as far as it is of use.
#[derive(Deserialize)]
struct Person {
    id: u64,
    login: String,
    name: Option<String>,
    avatar_url: Option<String>,
}

/// `GET /user/emails`.
#[derive(Deserialize)]
struct Email {
    #[serde(rename = "email")]
    address: String,
    #[serde(default)]
    primary: bool,
    #[serde(default)]
    verified: bool,
}

impl GitHub {
    pub(crate) fn new(url: &str) -> Self {
        let api = match url {
            GITHUB => "https://api.github.com".to_owned(),
            enterprise => format!("{enterprise}/api/v3"),
        };
        Self { web: url.to_owned(), api }
    }

    /// Where a browser asks for a code.
    pub(crate) fn authorization(&self) -> Result<Url, Failure> {
        parse_url(&format!("{}/login/oauth/authorize", self.web))
    }

    /// Who came with a code. The address is the primary one, which counts only if it is verified;
    /// that of the public profile is whatever a person likes to show.
    pub(crate) async fn arrival(
        &self,
        outbound: &Outbound,
        settings: &ProviderSettings,
        asked: &Asked<'_>,
    ) -> Result<Arrival, Failure> {
        let token = self.redeem(outbound, settings, asked).await?;
        let bearer = Some(token.as_str());
        let person: Person =
            get(outbound, &parse_url(&format!("{}/user", self.api))?, bearer).await?;
        let emails: Vec<Email> =
            get(outbound, &parse_url(&format!("{}/user/emails", self.api))?, bearer).await?;
        let primary = emails.iter().find(|email| email.primary);
        let mut profile = Map::new();
        profile.insert("user_name".to_owned(), json!(person.login));
        profile.insert("preferred_username".to_owned(), json!(person.login));
        if let Some(name) = &person.name {
            profile.insert("name".to_owned(), json!(name));
            profile.insert("full_name".to_owned(), json!(name));
        }
        if let Some(picture) = &person.avatar_url {
            profile.insert("avatar_url".to_owned(), json!(picture));
        }
        let email = primary.map(|email| email.address.as_str());
        let is_verified = primary.is_some_and(|email| email.verified);
        Ok(Arrival::new(&person.id.to_string(), email, is_verified, profile, settings))
    }

    async fn redeem(
        &self,
        outbound: &Outbound,
        settings: &ProviderSettings,
        asked: &Asked<'_>,
    ) -> Result<String, Failure> {
        let form = [
            ("client_id", settings.client_id.as_str()),
            ("client_secret", settings.client_secret.as_deref().unwrap_or_default()),
            ("code", asked.code),
            ("redirect_uri", asked.redirect_uri),
            ("code_verifier", asked.verifier),
        ];
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let kind = "application/x-www-form-urlencoded";
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        let url = parse_url(&format!("{}/login/oauth/access_token", self.web))?;
        let answer = outbound.send(Method::POST, url, headers, encoded(&form)).await?;
        if !answer.status.is_success() {
            return Err(Failure::Status(answer.status));
        }
        parse_json::<Token>(&answer)?.access_token.ok_or(Failure::Code)
    }
}
