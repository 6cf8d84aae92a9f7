//! Verifications: a person shows that an address or number is theirs.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id};
use mainstay_kernel::entities::User;

/// What a token shows.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationType {
    /// That the person reads the e-mail address.
    Email,
    /// That the person reads messages to the telephone number.
    Phone,
    /// That the person may choose a new password.
    PasswordReset,
}

/// A token that was sent to a person, until it is used or its time has passed (S3-B150).
#[derive(Entity)]
#[entity(
    table = "user_verifications",
    scope = owner(user = user_id),
    classification = confidential,
    read_only,
    unique(token_hash),
    index(user_id, r#type),
    index(expires_at)
)]
pub struct UserVerification {
    pub id: Id<Self>,
    /// The person.
    #[entity(subject, on_delete = cascade)]
    pub user_id: Id<User>,
    /// What the token shows.
    pub r#type: VerificationType,
    /// SHA-256 of the token.
    #[entity(restricted)]
    pub token_hash: Vec<u8>,
    /// The token can't be used after this time.
    pub expires_at: Timestamp,
    /// When it was used.
    pub verified_at: Option<Timestamp>,
    pub created_at: Timestamp,
}
