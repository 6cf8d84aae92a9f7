//! Credentials of authenticators, and the challenges that they answer.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::factor::entity::UserMfaFactor;
use crate::session::entity::Session;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Secret, Text};
use mainstay_kernel::entities::User;
use std::net::IpAddr;

/// A credential of an authenticator: a passkey, or the security key of a second factor.
#[derive(Entity)]
#[entity(
    table = "webauthn_credentials",
    scope = owner(user = user_id),
    classification = confidential,
    read_only,
    unique(credential_id),
    index(user_id),
    index(factor_id)
)]
pub struct WebAuthnCredential {
    pub id: Id<Self>,
    /// The person.
    #[entity(subject, on_delete = cascade)]
    pub user_id: Id<User>,
    /// The second factor that it is; none for a passkey.
    #[entity(on_delete = cascade)]
    pub factor_id: Option<Id<UserMfaFactor>>,
    /// What the person calls it.
    pub friendly_name: Option<Text<120>>,
    /// The site that it was made for (WebAuthn §5.4.2).
    pub rp_id: Text<253>,
    /// What the authenticator calls it.
    #[entity(restricted)]
    pub credential_id: Vec<u8>,
    /// What the authenticator calls the person: random, so that it tells nobody who that is.
    #[entity(restricted)]
    pub user_handle: Vec<u8>,
    /// The public key, and what it is bound to.
    #[entity(restricted)]
    pub public_key: Vec<u8>,
    /// Signatures that the authenticator has counted; 0 from one that does not count.
    #[entity(default = 0, min = 0)]
    pub sign_count: i64,
    /// Whether the authenticator has made sure who uses it.
    #[entity(default = false)]
    pub user_verified: bool,
    /// Whether the key may be copied to other devices.
    #[entity(default = false)]
    pub backup_eligible: bool,
    /// Whether it has been.
    #[entity(default = false)]
    pub backed_up: bool,
    /// How the authenticator is reached (WebAuthn §5.8.4).
    pub transports: Vec<String>,
    /// When it last showed who its person is.
    pub last_used_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What an authenticator is asked for.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    /// A new credential (WebAuthn §7.1).
    Registration,
    /// A signature with one that it has (WebAuthn §7.2).
    Authentication,
}

/// A challenge that waits for its answer, for a few minutes and one attempt.
#[derive(Entity)]
#[entity(
    table = "webauthn_challenges",
    scope = owner(user = user_id),
    classification = confidential,
    read_only,
    audit = none,
    index(user_id),
    index(session_id),
    index(factor_id),
    index(ip_address),
    index(expires_at)
)]
pub struct WebAuthnChallenge {
    pub id: Id<Self>,
    /// The person; none for a sign-in, in which the authenticator says who it is.
    #[entity(subject, on_delete = cascade)]
    pub user_id: Option<Id<User>>,
    /// The session that alone may answer.
    #[entity(on_delete = cascade)]
    pub session_id: Option<Id<Session>>,
    /// The second factor that it is about.
    #[entity(on_delete = cascade)]
    pub factor_id: Option<Id<UserMfaFactor>>,
    /// What is asked for.
    pub ceremony: Ceremony,
    /// The challenge, and what the answer must hold.
    #[entity(secret)]
    pub state: Secret<String>,
    /// Where the request came from.
    #[entity(pii)]
    pub ip_address: Option<IpAddr>,
    /// It can't be answered after this time.
    pub expires_at: Timestamp,
    pub created_at: Timestamp,
}
