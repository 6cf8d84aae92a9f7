//! Second factors: what a person has beside a password.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Secret, Text};
use mainstay_kernel::entities::User;

/// What kind of factor it is (S1-B11).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(rename_all = "UPPERCASE")]
pub enum MfaMethod {
    /// Codes of an authenticator (RFC 6238).
    Totp,
    /// Codes sent to a telephone.
    Sms,
    /// Codes sent by e-mail.
    Email,
    /// A security key or passkey.
    WebAuthn,
}

/// A second factor of a person (S1-B73, S1-B74).
#[derive(Entity)]
#[entity(
    table = "user_mfa_factors",
    scope = owner(user = user_id),
    classification = confidential,
    read_only,
    index(user_id, is_enabled)
)]
pub struct UserMfaFactor {
    pub id: Id<Self>,
    /// The person.
    #[entity(subject, on_delete = cascade)]
    pub user_id: Id<User>,
    /// What kind of factor it is.
    pub method: MfaMethod,
    /// What the person calls it.
    pub friendly_name: Option<Text<100>>,
    /// The number that codes are sent to.
    #[entity(pii)]
    pub phone: Option<Text<16>>,
    /// The address that codes are sent to.
    #[entity(pii)]
    pub email: Option<Text<320>>,
    /// The key that codes are made from.
    #[entity(secret)]
    pub secret: Option<Secret<String>>,
    /// Hashes of the codes that stand in for a lost factor, each for one use.
    #[entity(secret)]
    pub backup_codes: Option<Secret<Vec<String>>>,
    /// Whether sign-in asks for it; it does once the person has shown to have it.
    #[entity(default = false)]
    pub is_enabled: bool,
    /// The step of the last code that was taken; none from before is taken again (RFC 6238 §5.2).
    #[entity(restricted)]
    pub last_step: Option<i64>,
    /// The code that was sent last and not used, under a key that the database does not hold.
    #[entity(restricted)]
    pub code_hash: Option<Vec<u8>>,
    /// Wrong codes since the last right one.
    #[entity(default = 0, min = 0)]
    pub failed_attempts: i32,
    /// When the last wrong code was given.
    pub last_failed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
