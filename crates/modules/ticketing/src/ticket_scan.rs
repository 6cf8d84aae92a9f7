//! Scans: every code shown at a door, what was decided and why.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::{ScannerDevice, Ticket, Venue, VenueEvent};
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, User};

/// Which way a guest goes.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanDirection {
    Entry,
    Exit,
}

/// What was decided at the door.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanResult {
    Allowed,
    Denied,
}

/// Why a guest was not let in.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DenyReason {
    /// The code is older than its window.
    QrExpired,
    /// The code was used before.
    QrAlreadyUsed,
    /// The code is malformed, not ours, from the future or for an unknown ticket.
    InvalidQr,
    /// The device is unknown or may not scan.
    UnauthorizedDevice,
    /// The device belongs to another venue than the event.
    VenueMismatch,
    /// The ticket is for another venue.
    WrongVenue,
    /// The doors are not open yet.
    EventNotStarted,
    /// The doors are closed.
    EventEnded,
    /// The ticket is valid later.
    TicketNotYetValid,
    /// The ticket's time is over.
    TicketExpired,
    /// The ticket was given back.
    TicketRefunded,
    /// The ticket was withdrawn.
    TicketCancelled,
    /// The ticket belongs to somebody else now.
    TicketTransferred,
    /// The ticket is in another state that lets nobody in.
    InvalidStatus,
    /// The ticket is for another zone.
    WrongZone,
    /// Its holder is inside.
    Duplicate,
    /// Its holder left a moment ago.
    CooldownActive,
    /// Its holder came back as often as allowed.
    MaxReentriesReached,
}

/// A code shown at a door, and what was decided (S0-B91).
#[derive(Entity)]
#[entity(
    table = "ticket_scans",
    scope = venue,
    classification = internal,
    append_only,
    read_only,
    unique(columns(ticket_id, entry_number), where = "result = 'allowed'"),
    unique(columns(ticket_id, nonce), where = "result = 'allowed'"),
    unique(device_id, device_scan_id),
    index(ticket_id, scanned_at desc),
    index(event_id, scanned_at desc),
    index(venue_id, scanned_at desc),
    check(name = "reason_of_denial", "(result = 'denied') = (reason is not null)")
)]
pub struct TicketScan {
    pub id: Id<Self>,
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// Where it was shown.
    #[entity(no_reference)]
    pub venue_id: Id<Venue>,
    /// The event that was on.
    #[entity(no_reference)]
    pub event_id: Option<Id<VenueEvent>>,
    /// The ticket, if it is known.
    #[entity(no_reference)]
    pub ticket_id: Option<Id<Ticket>>,
    /// The device that read it.
    #[entity(no_reference)]
    pub device_id: Option<Id<ScannerDevice>>,
    /// The member at the device.
    #[entity(no_reference)]
    pub scanned_by: Option<Id<User>>,
    /// The zone behind the door.
    pub zone: Option<Text<100>>,
    /// Which way the guest went.
    #[entity(default = "entry")]
    pub direction: ScanDirection,
    /// What was decided.
    pub result: ScanResult,
    /// Why nobody was let in.
    pub reason: Option<DenyReason>,
    /// Which entry of the ticket it is, from 1: of any number of scans at the same moment, one gets
    /// it. An offline entry that turns out to be one too many has none.
    #[entity(min = 1)]
    pub entry_number: Option<i32>,
    /// When the code was made, as it says.
    pub code_issued_at: Option<Timestamp>,
    /// What makes the code unlike all others of the ticket.
    pub nonce: Option<Text<64>>,
    /// Whether the device decided by itself.
    #[entity(default = false)]
    pub is_offline: bool,
    /// The device's own number of the scan, so that one sent twice counts once.
    pub device_scan_id: Option<Text<100>>,
    /// The entry of the same ticket that another device allowed.
    #[entity(no_reference)]
    pub conflicts_with_id: Option<Id<Self>>,
    /// When the code was read.
    #[entity(default = now)]
    pub scanned_at: Timestamp,
    pub created_at: Timestamp,
}

/// What happened around the doors.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanLogEvent {
    ScanAllowed,
    ScanDenied,
    /// A member let somebody in against the answer.
    EntryForced,
    DeviceRegistered,
    DeviceRevoked,
    /// A device took tickets with it.
    OfflineCacheIssued,
    /// A device brought what it decided by itself.
    OfflineScansReceived,
    /// Two devices let the same ticket in.
    ConflictFound,
}

/// What happened around the doors, line by line (S0-B91).
#[derive(Entity)]
#[entity(
    table = "ticket_scan_logs",
    scope = venue,
    classification = internal,
    append_only,
    read_only,
    audit = none,
    index(scan_id),
    index(device_id, created_at desc),
    index(venue_id, created_at desc)
)]
pub struct TicketScanLog {
    pub id: Id<Self>,
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// Where.
    #[entity(no_reference)]
    pub venue_id: Id<Venue>,
    /// The scan that it is about.
    #[entity(no_reference)]
    pub scan_id: Option<Id<TicketScan>>,
    /// The device that it is about.
    #[entity(no_reference)]
    pub device_id: Option<Id<ScannerDevice>>,
    /// The member who did it.
    #[entity(no_reference)]
    pub user_id: Option<Id<User>>,
    /// What happened.
    pub event_type: ScanLogEvent,
    /// In words.
    pub message: Option<Text<4000>>,
    /// Further facts.
    #[entity(default = "{}")]
    pub details: Json<()>,
    pub created_at: Timestamp,
}
