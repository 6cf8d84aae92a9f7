//! Sign-ins by a provider that are on their way.

use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, User};
use std::net::IpAddr;

/// A browser that was sent to a provider, until it has come back or its time has passed. It can be
/// continued once, by the browser that began it.
#[derive(Entity)]
#[entity(
    table = "sign_in_flows",
    scope = owner(user = user_id),
    classification = confidential,
    read_only,
    audit = none,
    unique(state_hash),
    unique(code_hash),
    index(network, created_at),
    index(expires_at)
)]
pub struct SignInFlow {
    /// Identifier.
    pub id: Id<Self>,
    /// Who adds the provider to their account; none when somebody signs in.
    #[entity(subject, on_delete = cascade)]
    pub user_id: Option<Id<User>>,
    /// The organisation that the person enters.
    #[entity(on_delete = cascade)]
    pub organization_id: Option<Id<Organization>>,
    /// The provider's name.
    pub provider: Text<50>,
    /// SHA-256 of the state that the provider gives back.
    #[entity(restricted)]
    pub state_hash: Vec<u8>,
    /// Where the browser goes on, checked when the flow began.
    pub redirect_to: Text<2000>,
    /// What whoever began it will prove to know (RFC 7636 §4.2), as `method:challenge`.
    #[entity(restricted)]
    pub code_challenge: Option<Text<200>>,
    /// What the provider said of the person, until that is used.
    #[entity(pii)]
    pub arrival: Option<Json<()>>,
    /// SHA-256 of the code by which whoever began it goes on.
    #[entity(restricted)]
    pub code_hash: Option<Vec<u8>>,
    /// The place that it began at, which its limit counts by: the address, or of IPv6 its network
    /// of 64 bits.
    #[entity(pii)]
    pub network: Option<IpAddr>,
    /// When the browser came back.
    pub returned_at: Option<Timestamp>,
    /// When it was done with.
    pub used_at: Option<Timestamp>,
    /// It can't be continued after this time.
    pub expires_at: Timestamp,
    /// When it began.
    pub created_at: Timestamp,
}
