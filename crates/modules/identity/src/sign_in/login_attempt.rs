//! Sign-ins, those that failed too.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Text};
use mainstay_kernel::entities::User;
use std::net::IpAddr;

/// An attempt to sign in, of a known person or an unknown one (S2-B48).
#[derive(Entity)]
#[entity(
    table = "login_attempts",
    scope = owner(user = user_id),
    classification = confidential,
    read_only,
    audit = none,
    index(user_id, attempted_at),
    index(email, attempted_at),
    index(ip_address, attempted_at),
    index(network, attempted_at),
    index(attempted_at)
)]
pub struct LoginAttempt {
    pub id: Id<Self>,
    /// The person; none when the address is nobody's.
    #[entity(subject, on_delete = set_null)]
    pub user_id: Option<Id<User>>,
    /// The address that was given.
    #[entity(pii)]
    pub email: Option<Text<320>>,
    /// How it was tried: `password`, `passkey`, a provider's name.
    pub login_method: Option<Text<50>>,
    /// Where the request came from.
    #[entity(pii)]
    pub ip_address: Option<IpAddr>,
    /// The place that its limits count by: the address, or of IPv6 its network of 64 bits.
    #[entity(pii)]
    pub network: Option<IpAddr>,
    /// The client's program.
    pub user_agent: Option<Text<1000>>,
    /// Whether the person was let in.
    pub success: bool,
    /// Why not.
    pub failure_reason: Option<Text<100>>,
    /// When.
    #[entity(default = now)]
    pub attempted_at: Timestamp,
}
