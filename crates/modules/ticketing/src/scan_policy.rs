//! Scan policies: what the doors of a venue let in.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::{Venue, VenueEvent};
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Text};
use mainstay_kernel::entities::Organization;

/// What the doors let in: of a venue, or of one event or zone, which go before the venue's (S0-B91).
#[derive(Entity)]
#[entity(
    table = "scan_policies",
    scope = venue,
    classification = internal,
    unique(columns(venue_id, event_id, zone), nulls_not_distinct),
    check(name = "codes_used_once", "nonce_seconds >= code_seconds")
)]
pub struct ScanPolicy {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The venue whose doors follow it.
    #[entity(on_delete = cascade)]
    pub venue_id: Id<Venue>,
    /// The event that it is for; none means all.
    #[entity(on_delete = cascade)]
    pub event_id: Option<Id<VenueEvent>>,
    /// The zone that it is for; none means all.
    pub zone: Option<Text<100>>,
    /// The name that staff know.
    pub name: Text<255>,
    /// Seconds that a shown code is good for; older ones are `QR_EXPIRED`.
    #[entity(default = 30, min = 1, max = 600)]
    pub code_seconds: i32,
    /// Seconds that a code is remembered, so that it is used once.
    #[entity(default = 60, min = 1, max = 3600)]
    pub nonce_seconds: i32,
    /// Seconds that a code may be ahead of the server's clock; further ones are `INVALID_QR`.
    #[entity(default = 5, min = 0, max = 60)]
    pub clock_tolerance_seconds: i32,
    /// Minutes before its start that an event lets in; `EVENT_NOT_STARTED` before.
    #[entity(default = 120, min = 0)]
    pub opens_minutes_before: i32,
    /// Minutes after its end that an event lets in; `EVENT_ENDED` afterwards.
    #[entity(default = 0, min = 0)]
    pub closes_minutes_after: i32,
    /// Whether tickets let into their zone alone.
    #[entity(default = true)]
    pub enforces_zones: bool,
    /// How often a guest who left is let in again; beyond it `MAX_REENTRIES_REACHED`.
    #[entity(default = 0, min = 0)]
    pub max_reentries: i32,
    /// Seconds between two entries of a guest; `COOLDOWN_ACTIVE` within them.
    #[entity(default = 0, min = 0)]
    pub reentry_cooldown_seconds: i32,
    /// Minutes that a device may scan without a server.
    #[entity(default = 30, min = 0, max = 1440)]
    pub offline_minutes: i32,
    /// Whether it holds.
    #[entity(default = true)]
    pub is_active: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
