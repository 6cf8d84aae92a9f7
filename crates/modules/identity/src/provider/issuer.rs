//! An issuer of OpenID Connect: where it is spoken to, its keys, and what it says of somebody.

use crate::provider::arrival::Arrival;
use crate::provider::cached::Cached;
use crate::provider::id_token::{self, Expected, Nonce, Unfit};
use crate::provider::registry::{Asked, Failure, parse_json};
use crate::provider::settings::ProviderSettings;
use crate::sign_in::redirect::{encoded, escape};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jsonwebtoken::jwk::Jwk;
use mainstay_outbound::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use mainstay_outbound::{HeaderMap, HeaderValue, Method, Outbound, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Most keys of an issuer that are kept.
const KEYS_MAX: usize = 100;
const DISCOVERY: &str = ".well-known/openid-configuration";
const BASIC: &str = "client_secret_basic";
const POST: &str = "client_secret_post";

/// An issuer.
pub(crate) struct Issuer {
    /// As its tokens name it.
    url: String,
    metadata: Cached<Metadata>,
    keys: Cached<Vec<Jwk>>,
}

/// What an issuer says of itself (OpenID Connect Discovery 1.0 §3).
struct Metadata {
    authorization: Url,
    token: Url,
    userinfo: Option<Url>,
    jwks: Url,
    /// Whether the client's secret goes into the body, not into a header.
    secret_in_body: bool,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: Option<String>,
    jwks_uri: String,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

/// What the token endpoint answers. The tokens for further use are dropped: nothing is asked of the
/// provider but who somebody is.
#[derive(Deserialize)]
struct Tokens {
    id_token: Option<String>,
    access_token: Option<String>,
}

impl Issuer {
    pub(crate) fn new(url: &str) -> Self {
        Self { url: url.to_owned(), metadata: Cached::default(), keys: Cached::default() }
    }

    /// Whether an answer that names its issuer is of this one (RFC 9207 §2.4).
    pub(crate) fn is(&self, named: &str) -> bool {
        self.url == named
    }

    /// Where a browser asks for a code.
    pub(crate) async fn authorization(
        &self,
        outbound: &Outbound,
        now: Timestamp,
    ) -> Result<Url, Failure> {
        Ok(self.metadata(outbound, now).await?.authorization.clone())
    }

    /// Who came with a code (OpenID Connect Core 1.0 §3.1.3).
    pub(crate) async fn arrival(
        &self,
        outbound: &Outbound,
        settings: &ProviderSettings,
        asked: &Asked<'_>,
        now: Timestamp,
    ) -> Result<Arrival, Failure> {
        let metadata = self.metadata(outbound, now).await?;
        let tokens = redeem(&metadata, outbound, settings, asked).await?;
        let token = tokens.id_token.ok_or(Failure::Answer("it gave no ID token"))?;
        let nonce = Nonce::Own(asked.nonce);
        let (subject, mut claims) = self.verify(outbound, settings, &token, nonce, now).await?;
        if let (None, Some(endpoint), Some(access)) =
            (claims.get("email"), &metadata.userinfo, &tokens.access_token)
        {
            let more = userinfo(outbound, endpoint, access).await?;
            // Userinfo could be of somebody else (OpenID Connect Core 1.0 §5.3.2).
            if more.get("sub").and_then(Value::as_str) != Some(subject.as_str()) {
                return Err(Failure::Answer("its userinfo is of somebody else"));
            }
            for (name, value) in more {
                claims.entry(name).or_insert(value);
            }
        }
        Ok(Arrival::of_claims(&subject, &claims, settings))
    }

    /// Who an ID token names that a client got by itself.
    pub(crate) async fn arrival_of_token(
        &self,
        outbound: &Outbound,
        settings: &ProviderSettings,
        (token, nonce): (&str, Option<&str>),
        now: Timestamp,
    ) -> Result<Arrival, Failure> {
        let nonce = Nonce::Hashed(nonce);
        let (subject, claims) = self.verify(outbound, settings, token, nonce, now).await?;
        Ok(Arrival::of_claims(&subject, &claims, settings))
    }

    /// What a token says, if it holds. A key that is not known may be a new one.
    async fn verify(
        &self,
        outbound: &Outbound,
        settings: &ProviderSettings,
        token: &str,
        nonce: Nonce<'_>,
        now: Timestamp,
    ) -> Result<(String, Map<String, Value>), Failure> {
        let metadata = self.metadata(outbound, now).await?;
        let client_ids = settings.client_ids();
        let expected = Expected { issuer: &self.url, client_ids: &client_ids, nonce, now };
        let fetch = async || fetch_keys(outbound, &metadata.jwks).await;
        let keys = self.keys.get(now, fetch).await?.ok_or(Failure::Unreachable)?;
        let verified = match id_token::verify(token, &keys, &expected) {
            Err(Unfit::UnknownKey) => {
                let keys = self.keys.renew(now, fetch).await?.ok_or(Failure::Unreachable)?;
                id_token::verify(token, &keys, &expected)
            }
            verified => verified,
        };
        verified.map_err(|unfit| match unfit {
            Unfit::UnknownKey => Failure::Token("its key is unknown"),
            Unfit::Wrong(why) => Failure::Token(why),
        })
    }

    async fn metadata(
        &self,
        outbound: &Outbound,
        now: Timestamp,
    ) -> Result<Arc<Metadata>, Failure> {
        let fetch = async || self.discover(outbound).await;
        self.metadata.get(now, fetch).await?.ok_or(Failure::Unreachable)
    }

    async fn discover(&self, outbound: &Outbound) -> Result<Metadata, Failure> {
        let url = format!("{}/{DISCOVERY}", self.url.trim_end_matches('/'));
        let document: Document = get(outbound, &parse_url(&url)?, None).await?;
        // Else one issuer could speak for another (OpenID Connect Discovery 1.0 §4.3).
        if document.issuer != self.url {
            return Err(Failure::Answer("its discovery document is of another issuer"));
        }
        let methods = document.token_endpoint_auth_methods_supported.unwrap_or_default();
        let takes = |name: &str| methods.iter().any(|method| method == name);
        Ok(Metadata {
            authorization: parse_url(&document.authorization_endpoint)?,
            token: parse_url(&document.token_endpoint)?,
            userinfo: document.userinfo_endpoint.as_deref().map(parse_url).transpose()?,
            jwks: parse_url(&document.jwks_uri)?,
            secret_in_body: takes(POST) && !takes(BASIC),
        })
    }
}

/// Exchanges a code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.5).
async fn redeem(
    metadata: &Metadata,
    outbound: &Outbound,
    settings: &ProviderSettings,
    asked: &Asked<'_>,
) -> Result<Tokens, Failure> {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", asked.code),
        ("redirect_uri", asked.redirect_uri),
        ("code_verifier", asked.verifier),
    ];
    let mut headers = HeaderMap::new();
    match &settings.client_secret {
        Some(secret) if !metadata.secret_in_body => {
            // As in a form (RFC 6749 §2.3.1).
            let (id, secret) = (escape(&settings.client_id), escape(secret));
            let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
            let mut basic: HeaderValue = basic.parse().map_err(|_| Failure::Unreachable)?;
            basic.set_sensitive(true);
            headers.insert(AUTHORIZATION, basic);
        }
        Some(secret) => {
            form.extend([("client_id", &*settings.client_id), ("client_secret", secret)]);
        }
        None => form.push(("client_id", &settings.client_id)),
    }
    let kind = "application/x-www-form-urlencoded";
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let body = encoded(&form);
    let answer = outbound.send(Method::POST, metadata.token.clone(), headers, body).await?;
    if !answer.status.is_success() {
        return Err(Failure::Code);
    }
    parse_json(&answer)
}

async fn userinfo(
    outbound: &Outbound,
    endpoint: &Url,
    access: &str,
) -> Result<Map<String, Value>, Failure> {
    get(outbound, endpoint, Some(access)).await
}

async fn fetch_keys(outbound: &Outbound, url: &Url) -> Result<Vec<Jwk>, Failure> {
    let set: KeySet = get(outbound, url, None).await?;
    // A key of a kind that is not known here does not spoil the others (RFC 7517 §5).
    let known = set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok());
    Ok(known.take(KEYS_MAX).collect())
}

/// A document, asked for with a token or without.
pub(crate) async fn get<T: DeserializeOwned>(
    outbound: &Outbound,
    url: &Url,
    bearer: Option<&str>,
) -> Result<T, Failure> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(token) = bearer {
        let bearer = format!("Bearer {token}").parse();
        let mut bearer: HeaderValue =
            bearer.map_err(|_| Failure::Answer("its access token is no header"))?;
        bearer.set_sensitive(true);
        headers.insert(AUTHORIZATION, bearer);
    }
    let answer = outbound.send(Method::GET, url.clone(), headers, "").await?;
    if !answer.status.is_success() {
        return Err(Failure::Status(answer.status));
    }
    parse_json(&answer)
}

pub(crate) fn parse_url(text: &str) -> Result<Url, Failure> {
    Url::parse(text).map_err(|_| Failure::Answer("it names an address that is none"))
}
