//! Second factors as Supabase's clients see them.

use crate::factor::entity::{MfaMethod, UserMfaFactor};
use serde::Serialize;
use uuid::Uuid;

/// A factor that a person wants to have.
#[derive(Clone, Debug, Default)]
pub struct NewFactor {
    /// `totp`, `phone`, `email` or `webauthn`.
    pub factor_type: String,
    /// What the person calls it.
    pub friendly_name: Option<String>,
    /// What authenticators show beside the account; the organisation's name, if nothing is said.
    pub issuer: Option<String>,
    /// The number that codes go to, with its country's code (ITU-T E.164).
    pub phone: Option<String>,
    /// The address that codes go to; the account's, if nothing is said.
    pub email: Option<String>,
}

/// A factor that was just enrolled.
#[derive(Debug, Serialize)]
pub struct EnrolledFactor {
    /// Identifier.
    pub id: Uuid,
    /// `totp`, `phone`, `email` or `webauthn`.
    pub r#type: &'static str,
    /// What the person calls it.
    pub friendly_name: String,
    /// What an authenticator needs, shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totp: Option<AuthenticatorKey>,
    /// The number that codes go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The address that codes go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// What an authenticator needs.
#[derive(Serialize)]
pub struct AuthenticatorKey {
    /// The address as a QR code, SVG.
    pub qr_code: String,
    /// The key as people type it.
    pub secret: String,
    /// The key's address.
    pub uri: String,
}

impl std::fmt::Debug for AuthenticatorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuthenticatorKey(…)")
    }
}

/// A question that a code or a security key answers.
#[derive(Debug, Serialize)]
pub struct FactorChallenge {
    /// Identifier.
    pub id: Uuid,
    /// `totp`, `phone`, `email` or `webauthn`.
    pub r#type: &'static str,
    /// Until when, in seconds since 1970.
    pub expires_at: i64,
    /// What a browser asks a security key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webauthn: Option<KeyChallenge>,
}

/// What a browser asks a security key.
#[derive(Debug, Serialize)]
pub struct KeyChallenge {
    /// `create` for a key that is enrolled, `request` for one that is.
    pub r#type: &'static str,
    /// The argument of `navigator.credentials.create` or `get`, in JSON.
    pub credential_options: CredentialOptions,
}

/// The argument of `navigator.credentials.create` or `get`.
#[derive(Debug, Serialize)]
pub struct CredentialOptions {
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`
    /// (WebAuthn §5.1.8, §5.1.9).
    #[serde(rename = "publicKey")]
    pub public_key: serde_json::Value,
}

/// A factor as Supabase's clients see it.
#[derive(Clone, Debug, Serialize)]
pub struct FactorReply {
    /// Identifier.
    pub id: Uuid,
    /// What the person calls it.
    pub friendly_name: String,
    /// `totp`, `phone`, `email` or `webauthn`.
    pub factor_type: &'static str,
    /// `verified` once the person has shown to have it, else `unverified`.
    pub status: &'static str,
    /// The number that codes go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The address that codes go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// When it was enrolled.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
}

impl MfaMethod {
    /// Its name at clients.
    pub(crate) fn factor_type(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Sms => "phone",
            Self::Email => "email",
            Self::WebAuthn => "webauthn",
        }
    }

    /// The one of a name.
    pub(crate) fn of_factor_type(name: &str) -> Option<Self> {
        let all = [Self::Totp, Self::Sms, Self::Email, Self::WebAuthn];
        all.into_iter().find(|method| method.factor_type() == name)
    }

    /// The method as tokens name it (`amr`).
    pub(crate) fn shown_as(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Sms => "mfa/phone",
            Self::Email => "mfa/email",
            Self::WebAuthn => "mfa/webauthn",
        }
    }
}

pub(crate) fn shown(factor: &UserMfaFactor) -> FactorReply {
    FactorReply {
        id: factor.id.uuid(),
        friendly_name: factor.friendly_name.as_ref().map(ToString::to_string).unwrap_or_default(),
        factor_type: factor.method.factor_type(),
        status: if factor.is_enabled { "verified" } else { "unverified" },
        phone: factor.phone.as_ref().map(ToString::to_string),
        email: factor.email.as_ref().map(ToString::to_string),
        created_at: factor.created_at.to_string(),
        updated_at: factor.updated_at.to_string(),
    }
}
