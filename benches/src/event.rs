//! The table that all sides work on: a product's own, declared as a product would.

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::Module;
use mainstay_kernel::entities::Organization;
use std::net::IpAddr;

/// How what was recorded ended.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BenchStatus {
    /// As intended.
    Success,
    /// Refused or failed.
    Failure,
}

/// Something that happened in a product.
#[derive(Entity)]
#[entity(
    table = "bench_events",
    schema = "public",
    scope = tenant,
    classification = internal,
    index(created_at),
    index(actor_id),
    index(resource_type, resource_id)
)]
pub(crate) struct BenchEvent {
    pub(crate) id: Id<Self>,
    pub(crate) organization_id: Id<Organization>,
    /// Who did it.
    pub(crate) actor_id: Text<255>,
    /// What was done.
    pub(crate) action: Text<255>,
    /// The kind of thing it was done to.
    pub(crate) resource_type: Text<255>,
    /// The thing it was done to.
    pub(crate) resource_id: Text<255>,
    /// How it ended.
    pub(crate) status: BenchStatus,
    /// Where the request came from.
    pub(crate) ip_address: IpAddr,
    /// The client.
    pub(crate) user_agent: Text<1000>,
    /// How long it took.
    pub(crate) duration_ms: i64,
    /// Further facts.
    pub(crate) details: Json<()>,
    pub(crate) created_at: Timestamp,
}

/// What the benchmarks declare.
pub(crate) fn module() -> Module {
    Module::new("benches").entities([BenchEvent::meta()])
}
