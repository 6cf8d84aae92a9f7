//! Scans for malware, and what is locked away because of them.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::Organization;

/// What looked at the content (S0-B18).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanEngine {
    /// `ClamAV`.
    #[choice(rename = "ClamAV")]
    ClamAv,
    /// A stand-in for tests, which knows the EICAR file alone.
    #[choice(rename = "MockScanner")]
    MockScanner,
}

/// What a scan found in some content; equal content is scanned once (S0-B53).
#[derive(Entity)]
#[entity(
    table = "av_scans",
    scope = tenant,
    classification = internal,
    read_only,
    unique(file_hash),
    index(scanned_at),
    index(clean),
    check(name = "hash_form", "length(file_hash) = 64 and file_hash = lower(file_hash)")
)]
pub struct AvScan {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// SHA-256 of the content in lower-case hexadecimal.
    pub file_hash: Text<64>,
    /// Whether nothing was found.
    pub clean: bool,
    /// What was found, by name.
    #[entity(default = "[]")]
    pub threats: Json<()>,
    /// When the content was looked at.
    #[entity(default = now)]
    pub scanned_at: Timestamp,
    /// What looked at it.
    pub scan_engine: ScanEngine,
}

/// A file that a scan found something in, moved to where nobody reads it.
#[derive(Entity)]
#[entity(
    table = "quarantined_files",
    scope = tenant,
    classification = confidential,
    soft_delete,
    index(file_hash),
    index(quarantined_at),
    index(deleted_at),
    check(name = "hash_form", "length(file_hash) = 64 and file_hash = lower(file_hash)")
)]
pub struct QuarantinedFile {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Where the content was.
    pub original_path: Text<1024>,
    /// Where it is now.
    pub quarantine_path: Text<1024>,
    /// SHA-256 of the content in lower-case hexadecimal.
    pub file_hash: Text<64>,
    /// What was found, by name.
    #[entity(default = "[]")]
    pub threats: Json<()>,
    /// When it was moved.
    #[entity(default = now)]
    pub quarantined_at: Timestamp,
    /// When it was moved back, as there was nothing in it after all (S0-B69).
    pub restored_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
}
