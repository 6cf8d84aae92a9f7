//! Scans of what an organisation shows to the outside, and what they found.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::severity::ExposureSeverity;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// What scans.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurfaceScanner {
    /// The attack surface scanner of old.
    Asm,
    /// The attack surface scanner.
    Xasm,
    /// The web tester.
    Lightbox,
}

/// What a row of `surface_scans` is.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurfaceRecordKind {
    /// The one result of a target, as the scanner of old keeps it.
    Legacy,
    /// A result kept at hand.
    Cache,
    /// The sums of a scan.
    Summary,
    /// A scan as it was run.
    History,
}

/// How far a scan is. The documents name `completed` alone (S2-B14); the others are what a scan
/// goes through before, or ends in.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> running | failed; running -> completed | failed")]
pub enum SurfaceScanStatus {
    /// Asked for.
    Pending,
    /// Under way.
    Running,
    /// The results are there.
    Completed,
    /// There are none.
    Failed,
}

/// A scan of a domain or host: what ran, when, and what it found in sum.
#[derive(Entity)]
#[entity(
    table = "surface_scans",
    scope = tenant,
    classification = confidential,
    soft_delete,
    unique(scan_id),
    unique(columns(scanner, target), where = "record_kind = 'legacy' and deleted_at is null"),
    index(target, scanned_at desc),
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct SurfaceScan {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What scanned.
    pub scanner: SurfaceScanner,
    /// What the row is.
    #[entity(default = "history")]
    pub record_kind: SurfaceRecordKind,
    /// The name of the run, used once (S2-B62).
    pub scan_id: Option<Text<100>>,
    /// The domain or host that was scanned; one legacy row for each that is not deleted.
    pub target: Text<255>,
    /// How far the scan is.
    #[entity(default = "completed")]
    pub status: SurfaceScanStatus,
    /// When it was scanned.
    #[entity(default = now)]
    pub scanned_at: Timestamp,
    /// How exposed the target is, 0 to 100.
    #[entity(default = 0, min = 0, max = 100)]
    pub risk_score: Option<i32>,
    /// The same as a word.
    pub risk_level: Option<ExposureSeverity>,
    /// How many weaknesses were found.
    #[entity(default = 0, min = 0)]
    pub vulnerabilities_found: Option<i32>,
    /// How many of them have a CVE number.
    #[entity(default = 0, min = 0)]
    pub total_cves: Option<i32>,
    /// How many of those are critical.
    #[entity(default = 0, min = 0)]
    pub critical_cves: Option<i32>,
    /// How many ports answer.
    #[entity(default = 0, min = 0)]
    pub open_ports_count: Option<i32>,
    /// How many findings there are.
    #[entity(default = 0, min = 0)]
    pub total_findings: Option<i32>,
    /// How many of them are critical.
    #[entity(default = 0, min = 0)]
    pub critical_count: Option<i32>,
    /// How many are high.
    #[entity(default = 0, min = 0)]
    pub high_count: Option<i32>,
    /// How many are medium.
    #[entity(default = 0, min = 0)]
    pub medium_count: Option<i32>,
    /// How many are low.
    #[entity(default = 0, min = 0)]
    pub low_count: Option<i32>,
    /// How many tests were run.
    #[entity(default = 0, min = 0)]
    pub total_tests: Option<i32>,
    /// How many of them passed.
    #[entity(default = 0, min = 0)]
    pub passed_tests: Option<i32>,
    /// How many failed.
    #[entity(default = 0, min = 0)]
    pub failed_tests: Option<i32>,
    /// The results in full.
    pub results: Option<Json<()>>,
    /// The findings in full.
    pub findings: Option<Json<()>>,
    /// Sums that the scanner made.
    pub summary_stats: Option<Json<()>>,
    /// How the scan was run.
    pub scan_metadata: Option<Json<()>>,
    /// The member who asked for it (S2-B67).
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}

/// One thing that a scan found.
#[derive(Entity)]
#[entity(
    table = "surface_findings",
    scope = tenant,
    classification = confidential,
    soft_delete,
    index(asset),
    index(finding_type),
    index(severity),
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct SurfaceFinding {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The host or application that was tested.
    pub asset: Text<255>,
    /// What was found.
    pub finding_type: Text<100>,
    /// Where it was found.
    pub url: Text<2000>,
    /// What it means, in words.
    pub description: Option<Text<65_536>>,
    /// How bad it is.
    pub severity: Option<ExposureSeverity>,
    /// What the server answered.
    #[entity(min = 100, max = 599)]
    pub status_code: Option<i32>,
    /// When it was found.
    #[entity(default = now)]
    pub discovered_at: Option<Timestamp>,
    /// The run that found it, by its name.
    #[entity(references(SurfaceScan, to = "scan_id", on_delete = set_null))]
    pub scan_id: Option<Text<100>>,
    /// The member who asked for the scan (S2-B67).
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}
