//! The providers of an installation, and what every one of them can do.

use crate::auth_error::{AuthCode, AuthError};
use crate::provider::arrival::Arrival;
use crate::provider::github::GitHub;
use crate::provider::issuer::Issuer;
use crate::provider::settings::{ProviderKind, ProviderSettings};
use crate::settings::{AuthSettings, OrganizationAuth};
use jiff::Timestamp;
use mainstay_kernel::{Error, Result};
use mainstay_outbound::{Answer, Limits, Outbound, StatusCode, Url};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an issuer of OpenID Connect is asked for at least.
const OPEN_ID_SCOPES: [&str; 3] = ["openid", "email", "profile"];
/// What GitHub is asked for at least.
const GITHUB_SCOPES: [&str; 2] = ["read:user", "user:email"];
/// What a client may add to the question that a browser takes to the provider; the rest is ours.
const FORWARDED: [&str; 11] = [
    "access_type",
    "acr_values",
    "allow_signup",
    "display",
    "domain_hint",
    "hd",
    "login",
    "login_hint",
    "max_age",
    "prompt",
    "ui_locales",
];

/// The providers of an installation.
pub(crate) struct Providers {
    by_name: BTreeMap<String, Arc<Provider>>,
}

/// One that people can come by.
pub(crate) struct Provider {
    pub(crate) settings: ProviderSettings,
    outbound: Outbound,
    service: Service,
}

enum Service {
    OpenId(Issuer),
    GitHub(GitHub),
}

/// What a browser is sent to a provider with.
pub(crate) struct Question<'a> {
    pub(crate) state: &'a str,
    pub(crate) nonce: &'a str,
    /// SHA-256 of what the code is redeemed with (RFC 7636 §4.2).
    pub(crate) challenge: &'a str,
    pub(crate) redirect_uri: &'a str,
    /// Further scopes, with spaces between them.
    pub(crate) scopes: &'a str,
    /// What the client adds.
    pub(crate) further: &'a BTreeMap<String, String>,
}

/// What a browser came back with, and what it was sent with.
pub(crate) struct Asked<'a> {
    pub(crate) code: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) verifier: &'a str,
    pub(crate) redirect_uri: &'a str,
}

/// Why a provider did not say who somebody is. Nothing in here is secret or personal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the code does not hold")]
    Code,
    #[error("the ID token does not hold: {0}")]
    Token(&'static str),
    #[error("the provider's answer is not understood: {0}")]
    Answer(&'static str),
    #[error("the provider answered {0}")]
    Status(StatusCode),
    #[error("the provider can't be reached")]
    Unreachable,
    #[error("the provider can't be reached: {0}")]
    Outbound(#[from] mainstay_outbound::Error),
}

impl Providers {
    /// Those that an operator has set.
    ///
    /// # Errors
    /// When the machine can't make encrypted connections.
    pub(crate) fn of(settings: &AuthSettings) -> Result<Self> {
        if settings.providers.is_empty() {
            return Ok(Self { by_name: BTreeMap::new() });
        }
        let outbound = Outbound::new(&settings.outbound_networks, &Limits::default());
        Ok(Self::new(&settings.providers, &outbound.map_err(Error::internal)?))
    }

    fn new(settings: &[ProviderSettings], outbound: &Outbound) -> Self {
        let provider = |settings: &ProviderSettings| {
            let service = match &settings.kind {
                ProviderKind::OpenId { issuer } => Service::OpenId(Issuer::new(issuer)),
                ProviderKind::GitHub { url } => Service::GitHub(GitHub::new(url)),
            };
            let (settings, outbound) = (settings.clone(), outbound.clone());
            (settings.name.clone(), Arc::new(Provider { settings, outbound, service }))
        };
        Self { by_name: settings.iter().map(provider).collect() }
    }

    /// The provider of a name, where an organisation lets people come by it.
    pub(crate) fn find(&self, name: &str, auth: &OrganizationAuth) -> Option<Arc<Provider>> {
        let is_open = auth.providers.as_ref().is_none_or(|open| open.iter().any(|o| o == name));
        self.by_name.get(name).filter(|_| is_open).cloned()
    }

    /// The names of those that people can come to an organisation by.
    pub(crate) fn names<'a>(&'a self, auth: &'a OrganizationAuth) -> impl Iterator<Item = &'a str> {
        let is_open = |name: &&str| self.find(name, auth).is_some();
        self.by_name.keys().map(String::as_str).filter(is_open)
    }

    /// Whether a way in is one that still leads in.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }
}

impl Provider {
    /// The provider's name.
    pub(crate) fn name(&self) -> &str {
        &self.settings.name
    }

    /// The address that a browser is sent to.
    pub(crate) async fn address(
        &self,
        question: &Question<'_>,
        now: Timestamp,
    ) -> Result<Url, Failure> {
        let (mut url, least) = match &self.service {
            Service::OpenId(issuer) => {
                (issuer.authorization(&self.outbound, now).await?, &OPEN_ID_SCOPES[..])
            }
            Service::GitHub(github) => (github.authorization()?, &GITHUB_SCOPES[..]),
        };
        let mut scopes = least.to_vec();
        let further = self.settings.scopes.iter().map(String::as_str);
        for scope in further.chain(question.scopes.split(' ')) {
            if !scope.is_empty() && !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        let mut pairs = url.query_pairs_mut();
        pairs
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", question.redirect_uri)
            .append_pair("scope", &scopes.join(" "))
            .append_pair("state", question.state)
            .append_pair("code_challenge", question.challenge)
            .append_pair("code_challenge_method", "S256");
        if matches!(self.service, Service::OpenId(_)) {
            pairs.append_pair("nonce", question.nonce);
        }
        for name in FORWARDED {
            if let Some(value) = question.further.get(name) {
                pairs.append_pair(name, value);
            }
        }
        drop(pairs);
        Ok(url)
    }

    /// Who came with a code.
    pub(crate) async fn arrival(
        &self,
        asked: &Asked<'_>,
        now: Timestamp,
    ) -> Result<Arrival, Failure> {
        let (outbound, settings) = (&self.outbound, &self.settings);
        match &self.service {
            Service::OpenId(issuer) => issuer.arrival(outbound, settings, asked, now).await,
            Service::GitHub(github) => github.arrival(outbound, settings, asked).await,
        }
    }

    /// Who an ID token names that a client got by itself; none where the provider has no such
    /// tokens.
    pub(crate) async fn arrival_of_token(
        &self,
        token: &str,
        nonce: Option<&str>,
        now: Timestamp,
    ) -> Option<Result<Arrival, Failure>> {
        let Service::OpenId(issuer) = &self.service else {
            return None;
        };
        let given = (token, nonce);
        Some(issuer.arrival_of_token(&self.outbound, &self.settings, given, now).await)
    }

    /// Whether an answer can be of this provider, which may name itself (RFC 9207): else an answer
    /// of one could be taken for that of another.
    pub(crate) fn may_say(&self, issuer: Option<&str>) -> bool {
        match (&self.service, issuer) {
            (Service::OpenId(own), Some(named)) => own.is(named),
            // GitHub's answers name nobody.
            _ => true,
        }
    }
}

impl Failure {
    /// What somebody is told who came by a provider.
    pub(crate) fn refusal(self, provider: &Provider) -> AuthError {
        tracing::warn!(provider = provider.name(), failure = %self, "a sign-in by a provider failed");
        let (code, message) = match self {
            Self::Code => {
                (AuthCode::BadOauthCallback, "Unable to exchange external code".to_owned())
            }
            Self::Token(why) => (AuthCode::BadOauthCallback, format!("Bad ID token: {why}")),
            _ => {
                let message = format!("The provider {} can't be asked", provider.name());
                (AuthCode::UnexpectedFailure, message)
            }
        };
        AuthError::new(code, message)
    }
}

/// A document of a provider.
pub(crate) fn parse_json<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    // Serde's own text could repeat a token.
    serde_json::from_slice(&answer.body)
        .map_err(|_| Failure::Answer("it is not the JSON that was expected"))
}
