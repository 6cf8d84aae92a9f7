//! What devices take with them to scan where there is no network.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::{ScannerDevice, Ticket, Venue, VenueEvent};
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Text};
use mainstay_kernel::entities::Organization;

/// A ticket that a device may let in without asking, for a while (S0-B91).
#[derive(Entity)]
#[entity(
    table = "offline_scan_cache",
    scope = venue,
    classification = internal,
    read_only,
    audit = none,
    unique(device_id, ticket_id),
    index(valid_until),
    index(event_id),
    index(ticket_id),
    check(name = "valid_for_some_time", "valid_until > valid_from")
)]
pub struct OfflineScanCache {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Where the device scans.
    #[entity(on_delete = cascade)]
    pub venue_id: Id<Venue>,
    /// What it scans for.
    #[entity(on_delete = cascade)]
    pub event_id: Id<VenueEvent>,
    /// The device that took it.
    #[entity(on_delete = cascade)]
    pub device_id: Id<ScannerDevice>,
    /// The ticket.
    #[entity(on_delete = cascade)]
    pub ticket_id: Id<Ticket>,
    /// The part of the venue that the ticket lets into; none means all.
    pub zone: Option<Text<100>>,
    /// SHA-256 of the key that the ticket's codes are made with.
    #[entity(restricted)]
    pub code_key_hash: Vec<u8>,
    /// The device may use it from then on.
    #[entity(default = now)]
    pub valid_from: Timestamp,
    /// Until then: the policy's offline minutes later.
    pub valid_until: Timestamp,
    /// When the device let it in.
    pub used_at: Option<Timestamp>,
    /// When the device told so.
    pub reported_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
