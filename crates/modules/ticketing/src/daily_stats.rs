//! Sales by day.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::{Venue, VenueEvent};
use jiff::Timestamp;
use jiff::civil::Date;
use mainstay_entity::{Entity, Id, Numeric};
use mainstay_kernel::entities::Organization;

/// What a venue sold on a day (S0-B80); reached by those who work there (S0-B41).
#[derive(Entity)]
#[entity(
    table = "venue_daily_stats",
    scope = venue,
    classification = confidential,
    read_only,
    audit = none,
    unique(venue_id, date),
    index(date)
)]
pub struct VenueDailyStats {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The venue.
    #[entity(on_delete = cascade)]
    pub venue_id: Id<Venue>,
    /// The day, in the venue's time zone.
    pub date: Date,
    /// What was paid, in the venue's currency.
    #[entity(default = 0)]
    pub revenue: Numeric<12, 2>,
    /// Tickets sold.
    #[entity(default = 0, min = 0)]
    pub ticket_sales: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What an event sold on a day (S0-B80); reached by those who work at its venue (S0-B42).
#[derive(Entity)]
#[entity(
    table = "event_daily_stats",
    scope = venue,
    classification = confidential,
    read_only,
    audit = none,
    unique(event_id, date),
    index(date)
)]
pub struct EventDailyStats {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Where the event is.
    #[entity(on_delete = cascade)]
    pub venue_id: Id<Venue>,
    /// The event.
    #[entity(on_delete = cascade)]
    pub event_id: Id<VenueEvent>,
    /// The day, in the venue's time zone.
    pub date: Date,
    /// What was paid, in the event's currency.
    #[entity(default = 0)]
    pub revenue: Numeric<12, 2>,
    /// Tickets sold.
    #[entity(default = 0, min = 0)]
    pub tickets_sold: i32,
    /// Tickets that could be sold.
    #[entity(min = 0)]
    pub capacity: Option<i32>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
