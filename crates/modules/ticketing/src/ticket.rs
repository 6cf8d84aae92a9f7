//! Tickets: the right to be let in once, or again.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::{Customer, Venue, VenueEvent};
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Secret, Text};
use mainstay_kernel::entities::Organization;

/// Where a ticket stands. Only an issued or used one lets its holder in; a transferred one is
/// replaced by the new holder's.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "reserved -> issued | cancelled; \
                  issued -> used | transferred | refunded | cancelled | expired; \
                  used -> refunded")]
pub enum TicketStatus {
    /// Held while somebody pays.
    Reserved,
    /// Paid and valid.
    Issued,
    /// Its holder has been let in.
    Used,
    /// Replaced by a ticket of another holder.
    Transferred,
    /// Given back, the money too.
    Refunded,
    /// Withdrawn.
    Cancelled,
    /// Not used in its time.
    Expired,
}

/// The right of one guest to enter one event.
#[derive(Entity)]
#[entity(
    table = "tickets",
    scope = venue,
    classification = internal,
    unique(ticket_number),
    unique(
        columns(event_id, section, seat_row, seat),
        nulls_not_distinct,
        where = "seat is not null and status in ('reserved', 'issued', 'used')"
    ),
    index(event_id, status),
    index(customer_id, purchased_at),
    index(venue_id, purchased_at),
    check(
        name = "valid_for_some_time",
        "valid_from is null or valid_until is null or valid_until > valid_from"
    )
)]
pub struct Ticket {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Where it lets in.
    pub venue_id: Id<Venue>,
    /// What it is for.
    pub event_id: Id<VenueEvent>,
    /// Who bought it.
    #[entity(subject, on_delete = set_null)]
    pub customer_id: Option<Id<Customer>>,
    /// The number printed on it.
    pub ticket_number: Text<50>,
    /// What kind it is.
    #[entity(default = "general")]
    pub ticket_type: Text<100>,
    /// Who is let in.
    #[entity(pii)]
    pub holder_name: Option<Text<255>>,
    /// Where changes are told.
    #[entity(pii)]
    pub holder_email: Option<Text<320>>,
    /// The part of the venue that it lets into; none means all.
    pub zone: Option<Text<100>>,
    /// Block.
    pub section: Option<Text<50>>,
    /// Row.
    pub seat_row: Option<Text<20>>,
    /// Seat, sold to one guest at a time.
    pub seat: Option<Text<20>>,
    /// What was paid, in cents.
    #[entity(default = 0, min = 0)]
    pub price_cents: i64,
    /// Currency of the price (ISO 4217).
    #[entity(default = "USD")]
    pub currency: Text<3>,
    /// Where it stands.
    #[entity(default = "issued")]
    pub status: TicketStatus,
    /// When it was bought.
    #[entity(default = now)]
    pub purchased_at: Timestamp,
    /// Not valid before.
    pub valid_from: Option<Timestamp>,
    /// Not valid from then on.
    pub valid_until: Option<Timestamp>,
    /// When its holder was first let in.
    #[entity(read_only)]
    pub used_at: Option<Timestamp>,
    /// How often its holder was let in.
    #[entity(default = 0, min = 0, read_only)]
    pub entry_count: i32,
    /// The key of the codes that the holder shows: `ticket:time:nonce:hmac`.
    #[entity(secret, read_only)]
    pub code_key: Option<Secret<String>>,
    /// Whatever the product keeps beside it.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
