//! Verifications: a person shows that an address or number is theirs.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::{Organization, User};

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

/// What a token is for.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationPurpose {
    /// Finishing a sign-up.
    Signup,
    /// Coming because an organisation asked.
    Invite,
    /// Signing in without a password.
    MagicLink,
    /// Signing in to choose a new password.
    Recovery,
    /// Agreeing, at the new address, that it names the account.
    EmailChange,
    /// Agreeing to that at the present address.
    EmailChangeCurrent,
    /// Showing again who asks, before a change that matters.
    Reauthentication,
    /// Going on where a link was opened, by whoever asked for it (RFC 7636).
    AuthorizationCode,
    /// Signing in again after too many failures.
    Unlock,
    /// Showing a second factor; the factor keeps the code itself.
    SecondFactor,
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
    index(user_id, purpose),
    index(expires_at)
)]
pub struct UserVerification {
    pub id: Id<Self>,
    /// The person.
    #[entity(subject, on_delete = cascade)]
    pub user_id: Id<User>,
    /// What the token shows.
    pub r#type: VerificationType,
    /// What the token is for.
    #[entity(default = "signup")]
    pub purpose: VerificationPurpose,
    /// The organisation that the person enters with it.
    #[entity(on_delete = cascade)]
    pub organization_id: Option<Id<Organization>>,
    /// The address that it was sent to.
    #[entity(pii)]
    pub email: Option<Text<320>>,
    /// SHA-256 of the token.
    #[entity(restricted)]
    pub token_hash: Vec<u8>,
    /// The short code beside it, under a key that the database does not hold.
    #[entity(restricted)]
    pub code_hash: Option<Vec<u8>>,
    /// How often a wrong code was given.
    #[entity(default = 0, min = 0)]
    pub attempts: i32,
    /// Where a browser goes on after the link.
    pub redirect_to: Option<Text<2000>>,
    /// What whoever asked for it will prove to know (RFC 7636 §4.2), as `method:challenge`.
    #[entity(restricted)]
    pub code_challenge: Option<Text<200>>,
    /// The token can't be used after this time.
    pub expires_at: Timestamp,
    /// When it was used.
    pub verified_at: Option<Timestamp>,
    pub created_at: Timestamp,
}
