//! Somebody whom a provider has sent: what it says of them.

use crate::account::address;
use crate::provider::settings::ProviderSettings;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Longest identifier at a provider, in bytes (OpenID Connect Core 1.0 §2, `sub`).
pub(crate) const SUBJECT_MAX: usize = 255;
/// Longest text that is taken over of what a provider says, in characters.
const TEXT_MAX: usize = 1_000;
/// What is taken over, besides address and identifier (OpenID Connect Core 1.0 §5.1).
const PROFILE: [&str; 9] = [
    "name",
    "full_name",
    "given_name",
    "family_name",
    "nickname",
    "preferred_username",
    "user_name",
    "picture",
    "avatar_url",
];

/// Somebody whom a provider has sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Arrival {
    /// The identifier there, which stays whatever else changes.
    pub(crate) subject: String,
    /// The address in its one form, if it is one that can name an account.
    pub(crate) email: Option<String>,
    /// Whether the provider says that the address is theirs, and is believed about it.
    pub(crate) email_verified: bool,
    /// What else it says, as clients see it.
    pub(crate) profile: Map<String, Value>,
}

impl Arrival {
    /// Of the claims of an ID token or of userinfo.
    pub(crate) fn of_claims(
        subject: &str,
        claims: &Map<String, Value>,
        provider: &ProviderSettings,
    ) -> Self {
        let email = claims.get("email").and_then(Value::as_str);
        let is_verified = match claims.get("email_verified") {
            Some(Value::Bool(is_verified)) => *is_verified,
            // Some providers write it as a text.
            Some(Value::String(text)) => text == "true",
            _ => false,
        };
        let mut profile = Map::new();
        for name in PROFILE {
            if let Some(text) = claims.get(name).and_then(Value::as_str) {
                let clipped: String = text.chars().take(TEXT_MAX).collect();
                profile.insert(name.to_owned(), json!(clipped));
            }
        }
        for (from, to) in [("name", "full_name"), ("picture", "avatar_url")] {
            if let Some(value) = profile.get(from).cloned() {
                profile.entry(to).or_insert(value);
            }
        }
        Self::new(subject, email, is_verified, profile, provider)
    }

    pub(crate) fn new(
        subject: &str,
        email: Option<&str>,
        is_verified: bool,
        profile: Map<String, Value>,
        provider: &ProviderSettings,
    ) -> Self {
        let email = email.and_then(|email| address::normalize(email).ok());
        let is_believed = email.as_deref().is_some_and(|email| provider.vouches_for(email));
        Self {
            subject: subject.to_owned(),
            email_verified: is_verified && is_believed,
            email,
            profile,
        }
    }

    /// The address, if it is shown to be theirs.
    pub(crate) fn verified_email(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.email_verified)
    }
}

#[cfg(test)]
mod tests {
    use super::Arrival;
    use crate::provider::settings::ProviderSettings;
    use serde_json::json;

    #[test]
    fn an_address_counts_only_when_it_is_said_to_be_verified() {
        let provider = ProviderSettings::new("okta", Some("https://o.example"), "id").unwrap();
        let verified = |claims: serde_json::Value| {
            let claims = claims.as_object().cloned().unwrap_or_default();
            let arrival = Arrival::of_claims("1", &claims, &provider);
            arrival.verified_email().map(str::to_owned)
        };
        for said in [json!(true), json!("true")] {
            let claims = json!({ "email": "Ada@Example.com", "email_verified": said });
            assert_eq!(verified(claims).as_deref(), Some("ada@example.com"));
        }
        for claims in [
            json!({ "email": "ada@example.com" }),
            json!({ "email": "ada@example.com", "email_verified": false }),
            json!({ "email": "ada@example.com", "email_verified": 1 }),
            json!({ "email": "ada@example.com", "email_verified": "yes" }),
            json!({ "email": "ada", "email_verified": true }),
            json!({ "email": "\u{ff41}da@example.com", "email_verified": true }),
            json!({ "email_verified": true }),
        ] {
            assert_eq!(verified(claims.clone()), None, "{claims}");
        }
    }
}
