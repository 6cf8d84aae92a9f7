//! Sessions: a person signed in at one device.

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, User};
use std::net::IpAddr;

/// How strongly a person has proved who they are (NIST SP 800-63B-4 §2).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssuranceLevel {
    /// By one factor.
    Aal1,
    /// By two factors.
    Aal2,
}

/// A person signed in at one device (S1-B40, S2-B3). Tokens are kept as hashes alone.
#[derive(Entity)]
#[entity(
    table = "sessions",
    scope = owner(user = user_id),
    classification = confidential,
    read_only,
    unique(token_hash),
    unique(refresh_token_hash),
    index(user_id, is_active),
    index(is_active, expires_at),
    index(expires_at),
    check(name = "kind_of_device", "device_type in ('web', 'mobile', 'api')")
)]
pub struct Session {
    /// Identifies the session; named in access tokens.
    pub id: Id<Self>,
    /// The person.
    #[entity(subject, on_delete = cascade)]
    pub user_id: Id<User>,
    /// The organisation that the person chose; none when there was nothing to choose from.
    #[entity(on_delete = set_null)]
    pub organization_id: Option<Id<Organization>>,
    /// SHA-256 of the access token issued last.
    #[entity(restricted)]
    pub token_hash: Option<Vec<u8>>,
    /// SHA-256 of the refresh token.
    #[entity(restricted)]
    pub refresh_token_hash: Vec<u8>,
    /// How often the refresh token was replaced.
    #[entity(default = 0, min = 0)]
    pub refresh_generation: i32,
    /// When it was replaced last.
    pub refreshed_at: Option<Timestamp>,
    /// How strongly the person has proved who they are.
    #[entity(default = "aal1")]
    pub assurance_level: AssuranceLevel,
    /// By which methods and when, as the claim `amr` of access tokens says it.
    #[entity(default = "[]")]
    pub methods: Json<()>,
    /// Where the person signed in from.
    #[entity(pii)]
    pub ip_address: Option<IpAddr>,
    /// The client's program.
    pub user_agent: Option<Text<1000>>,
    /// The device, as the client names it.
    pub device_id: Option<Text<255>>,
    /// What the person calls the device.
    pub device_name: Option<Text<255>>,
    /// What kind of device: `web`, `mobile` or `api` (S2-B3).
    pub device_type: Option<Text<50>>,
    /// Roughly where the address is.
    #[entity(pii)]
    pub location: Option<Text<255>>,
    /// The session ends then.
    pub expires_at: Timestamp,
    /// The refresh token ends then.
    pub refresh_expires_at: Timestamp,
    /// When it was last used.
    pub last_activity_at: Timestamp,
    /// Whether it may be used.
    #[entity(default = true)]
    pub is_active: bool,
    /// When it was ended.
    pub revoked_at: Option<Timestamp>,
    /// Why it was ended.
    pub revoked_reason: Option<Text<255>>,
    /// When it began.
    pub created_at: Timestamp,
}
