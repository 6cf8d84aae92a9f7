//! Prices that follow demand: what was asked, and what is proposed. All are in cents of the event's
//! currency.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::{Venue, VenueEvent};
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json, Numeric, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// A price that was asked for an event from a moment on.
#[derive(Entity)]
#[entity(
    table = "price_history",
    scope = venue,
    classification = internal,
    append_only,
    index(event_id, changed_at),
    index(venue_id, changed_at)
)]
pub struct PriceHistory {
    pub id: Id<Self>,
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// Where the event is.
    #[entity(no_reference)]
    pub venue_id: Id<Venue>,
    /// The event.
    #[entity(no_reference)]
    pub event_id: Id<VenueEvent>,
    /// The price, in cents.
    #[entity(min = 0)]
    pub price_cents: i64,
    /// Why it changed.
    pub reason: Option<Text<1000>>,
    /// Since when it was asked.
    #[entity(default = now)]
    pub changed_at: Timestamp,
    /// Who changed it; none means the system.
    #[entity(no_reference)]
    pub changed_by: Option<Id<OrganizationMember>>,
}

/// A price that the system proposes until somebody decides. What it is follows from the times: an
/// event has one undecided proposal at most, and any number of decided ones (S0-B34, S0-B79).
#[derive(Entity)]
#[entity(
    table = "pending_price_changes",
    scope = venue,
    classification = internal,
    unique(columns(event_id), where = "approved_at is null and rejected_at is null"),
    index(event_id),
    index(approved_at),
    check(name = "one_decision", "approved_at is null or rejected_at is null")
)]
pub struct PendingPriceChange {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Where the event is.
    #[entity(on_delete = cascade)]
    pub venue_id: Id<Venue>,
    /// The event.
    #[entity(on_delete = cascade)]
    pub event_id: Id<VenueEvent>,
    /// The price now, in cents.
    #[entity(min = 0)]
    pub current_price: i64,
    /// The proposed price, in cents.
    #[entity(min = 0)]
    pub recommended_price: i64,
    /// How sure the system is, 0 to 1.
    #[entity(min = 0, max = 1)]
    pub confidence: Numeric<3, 2>,
    /// What the proposal rests on.
    #[entity(default = "{}")]
    pub reasoning: Json<()>,
    /// How much the event is wanted, 0 to 100.
    #[entity(min = 0, max = 100)]
    pub demand_score: Option<Numeric<5, 2>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// When somebody agreed.
    pub approved_at: Option<Timestamp>,
    /// Who agreed.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub approved_by: Option<Id<OrganizationMember>>,
    /// Why.
    pub approval_reason: Option<Text<1000>>,
    /// When somebody declined.
    pub rejected_at: Option<Timestamp>,
    /// Who declined.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub rejected_by: Option<Id<OrganizationMember>>,
    /// Why.
    pub rejection_reason: Option<Text<1000>>,
}
