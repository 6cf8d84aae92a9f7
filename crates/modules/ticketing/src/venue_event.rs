//! What happens at a venue and tickets are sold for.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::Venue;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// How far an event is. The documents list no values; these follow an event from plan to end.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "draft -> published | cancelled; \
                  published -> on_sale | postponed | cancelled; \
                  on_sale -> sold_out | postponed | cancelled | completed; \
                  sold_out -> on_sale | postponed | cancelled | completed; \
                  postponed -> published | on_sale | cancelled")]
pub enum EventStatus {
    /// Being planned; guests don't see it.
    Draft,
    /// Announced.
    Published,
    /// Tickets can be bought.
    OnSale,
    /// No tickets are left; returns reopen the sale.
    SoldOut,
    /// Will happen at a time that is not known yet.
    Postponed,
    /// Will not happen.
    Cancelled,
    /// Has happened.
    Completed,
}

/// A concert, match or show at a venue. The table is not called `events`, the word for what
/// analytics records.
#[derive(Entity)]
#[entity(
    table = "venue_events",
    scope = venue,
    classification = internal,
    soft_delete,
    index(venue_id, starts_at),
    index(status, starts_at),
    index(starts_at),
    check(name = "ends_after_start", "ends_at is null or ends_at > starts_at"),
    check(name = "doors_before_start", "doors_open_at is null or doors_open_at <= starts_at")
)]
pub struct VenueEvent {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Where it happens.
    pub venue_id: Id<Venue>,
    /// The name that guests know.
    #[entity(public, search)]
    pub name: Text<255>,
    /// What guests should know.
    #[entity(public, search)]
    pub description: Option<Text<8000>>,
    /// What kind it is: concert, match, theatre.
    #[entity(public)]
    pub category: Option<Text<100>>,
    /// How far it is.
    #[entity(default = "draft")]
    pub status: EventStatus,
    /// When guests are let in.
    pub doors_open_at: Option<Timestamp>,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// Tickets that can be sold.
    #[entity(min = 0)]
    pub capacity: Option<i32>,
    /// Price from which dynamic prices start, in cents.
    #[entity(min = 0)]
    pub base_price_cents: Option<i64>,
    /// Price of a ticket now, in cents.
    #[entity(min = 0)]
    pub price_cents: Option<i64>,
    /// Currency of its prices (ISO 4217).
    #[entity(default = "USD")]
    pub currency: Text<3>,
    /// Whatever the product keeps beside it.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    /// Who planned it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub created_by: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}
