//! Costs: what resources cost, and who bears it.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use jiff::civil::Date;
use mainstay_entity::{Choice, Entity, Id, Json, Numeric, Text};
use mainstay_kernel::entities::{Organization, Team};
use uuid::Uuid;

/// What was paid for (S1-B26; calls of an integration beside them).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostResourceType {
    Compute,
    Storage,
    Network,
    Service,
    Integration,
}

/// What a resource cost over a period, in units of its currency (S1-B52).
#[derive(Entity)]
#[entity(
    table = "cost_records",
    scope = tenant,
    classification = confidential,
    index(period_start, period_end),
    index(service_id),
    index(team_id),
    index(resource_type),
    check(name = "period_order", "period_start <= period_end"),
    check(name = "currency_form", "length(currency) = 3 and currency = upper(currency)")
)]
pub struct CostRecord {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The first day.
    pub period_start: Date,
    /// The last day.
    pub period_end: Date,
    /// What was paid for.
    pub resource_type: CostResourceType,
    /// The resource, as who bills it names it.
    pub resource_id: Option<Text<255>>,
    /// The connection whose calls it is.
    #[entity(references(table = "connections", on_delete = set_null))]
    pub connection_id: Option<Uuid>,
    /// The service that used it.
    #[entity(references(table = "services", on_delete = set_null))]
    pub service_id: Option<Uuid>,
    /// The team that bears it.
    #[entity(on_delete = set_null)]
    pub team_id: Option<Id<Team>>,
    /// What it cost; negative for what is given back.
    pub cost: Numeric<10, 2>,
    /// The currency, as ISO 4217 abbreviates it.
    #[entity(default = "USD")]
    pub currency: Text<3>,
    /// How much was used.
    pub usage_amount: Option<Numeric<15, 4>>,
    /// What that counts, such as `hour` or `api_call`.
    pub usage_unit: Option<Text<50>>,
    /// Who bears it, as the books name it.
    pub cost_center: Option<Text<100>>,
    /// What it was spent on.
    pub project: Option<Text<100>>,
    /// What it can be grouped by.
    #[entity(default = "{}")]
    pub tags: Json<()>,
    pub created_at: Timestamp,
}
