use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use std::net::IpAddr;

/// Where an account stands (S2-B2, S3).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(
    moves = "pending_verification -> active | suspended; active -> locked | suspended; locked -> active | suspended; suspended -> active"
)]
pub enum UserStatus {
    /// The address is not verified yet.
    PendingVerification,
    /// May sign in.
    Active,
    /// Too many failed sign-ins; may sign in again later.
    Locked,
    /// Barred by an administrator.
    Suspended,
}

/// A person's account, one per person on the whole platform.
#[derive(Entity)]
#[entity(
    table = "users",
    scope = owner(user = id),
    classification = confidential,
    soft_delete,
    unique(columns(email), where = "deleted_at is null"),
    unique(columns(username), where = "deleted_at is null"),
    index(status),
    index(is_active, deleted_at),
    index(deleted_at),
    check(name = "email_form", "email = lower(email)")
)]
pub struct User {
    /// Identifier.
    #[entity(subject)]
    pub id: Id<Self>,
    /// The address that names the account; lower case, unique over the platform. Of somebody who
    /// gave none it is one below `anonymous.invalid`, at which nobody can be reached (RFC 2606 §2).
    #[entity(pii)]
    pub email: Text<320>,
    /// Another name to sign in with.
    #[entity(pii)]
    pub username: Option<Text<100>>,
    /// Where the account stands.
    #[entity(default = "active", read_only)]
    pub status: UserStatus,
    /// Whether the account may be used at all.
    #[entity(default = true, read_only)]
    pub is_active: bool,
    /// Administers the installation itself, not one organisation.
    #[entity(default = false, read_only)]
    pub is_platform_admin: bool,
    /// Whether somebody uses the account without having said who they are.
    #[entity(default = false, read_only)]
    pub is_anonymous: bool,
    /// Whether the address is the person's own.
    #[entity(default = false, read_only)]
    pub email_verified: bool,
    /// When that was shown.
    #[entity(read_only)]
    pub email_verified_at: Option<Timestamp>,
    /// The address that is to name the account once the person has shown that it is theirs.
    #[entity(pii, read_only)]
    pub new_email: Option<Text<320>>,
    /// When an organisation asked the person to come.
    #[entity(read_only)]
    pub invited_at: Option<Timestamp>,
    /// Barred by an administrator until this time.
    #[entity(read_only)]
    pub banned_until: Option<Timestamp>,
    /// Failed sign-ins since the last good one.
    #[entity(default = 0, min = 0, read_only)]
    pub failed_login_attempts: i32,
    /// No sign-in before this time.
    #[entity(read_only)]
    pub locked_until: Option<Timestamp>,
    /// The next sign-in asks for a new password.
    #[entity(default = false, read_only)]
    pub must_change_password: bool,
    /// When the password was last changed.
    #[entity(read_only)]
    pub last_password_change_at: Option<Timestamp>,
    /// When the person last signed in.
    #[entity(read_only)]
    pub last_login_at: Option<Timestamp>,
    /// From where.
    #[entity(pii, read_only)]
    pub last_login_ip: Option<IpAddr>,
    /// The account ends then (demonstration accounts, S2-B44).
    #[entity(read_only)]
    pub expires_at: Option<Timestamp>,
    /// Whatever the product keeps beside the account.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}
