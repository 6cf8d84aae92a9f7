//! Scanners: the devices at the doors.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::Venue;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// Whether a device may scan.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> active | revoked; \
                  active -> suspended | revoked; \
                  suspended -> active | revoked")]
pub enum DeviceStatus {
    /// Registered, not approved yet.
    Pending,
    /// May scan.
    Active,
    /// May not scan for now.
    Suspended,
    /// Never scans again: lost, stolen or sold.
    Revoked,
}

/// A device that scans tickets at a venue (S0-B91).
#[derive(Entity)]
#[entity(
    table = "scanner_devices",
    scope = venue,
    classification = internal,
    unique(device_identifier),
    unique(token_hash),
    index(venue_id, status)
)]
pub struct ScannerDevice {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Where it scans.
    pub venue_id: Id<Venue>,
    /// The name that staff know.
    pub name: Text<255>,
    /// What the device calls itself: serial number or installation.
    pub device_identifier: Text<255>,
    /// Maker, model and operating system.
    pub model: Option<Text<255>>,
    /// Version of the program on it.
    pub app_version: Option<Text<50>>,
    /// The part of the venue whose doors it guards; none means any.
    pub zone: Option<Text<100>>,
    /// Whether it may scan.
    #[entity(default = "pending")]
    pub status: DeviceStatus,
    /// Whether it may let guests in while it reaches no server.
    #[entity(default = false)]
    pub can_scan_offline: bool,
    /// SHA-256 of the token that it shows.
    #[entity(restricted, read_only)]
    pub token_hash: Option<Vec<u8>>,
    /// Who registered it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub registered_by: Option<Id<OrganizationMember>>,
    /// When it last spoke to a server.
    #[entity(read_only)]
    pub last_seen_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
