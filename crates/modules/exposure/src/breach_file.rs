//! Files of leaked credentials, and the records in them.
//!
//! Leaked passwords are kept sealed and are never read back: they are there to be compared.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Secret, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// Where a breach file lies (S2-B10).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreachFileStorage {
    Local,
    S3,
}

/// How far the reading of a breach file is (S2-B11).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> processing; processing -> completed | failed")]
pub enum BreachFileStatus {
    /// Waits to be read.
    Pending,
    /// Is being read.
    Processing,
    /// Its records are there.
    Completed,
    /// It could not be read; `processing_error` says why.
    Failed,
}

/// A file of leaked credentials that a member uploaded for analysis.
///
/// It is kept apart from other files: access, retention and scanning differ.
#[derive(Entity)]
#[entity(
    table = "breach_files",
    scope = tenant,
    classification = confidential,
    soft_delete,
    unique(upload_id),
    index(columns(expires_at), global, where = "expires_at is not null"),
    index(columns(deleted_at), where = "deleted_at is not null"),
    check(
        name = "content_hash_form",
        "length(content_hash) = 64 and ltrim(content_hash, '0123456789abcdef') = ''"
    )
)]
pub struct BreachFile {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The member who uploaded it; leaked credentials don't outlive their owner (S2-B66).
    #[entity(references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// The name of the upload, given by whoever uploads.
    pub upload_id: Option<Text<255>>,
    /// The file's name.
    pub filename: Text<255>,
    /// Where it is in its storage.
    pub file_path: Text<500>,
    /// Which storage it is in.
    #[entity(default = "local")]
    pub storage_location: BreachFileStorage,
    /// Its size in bytes.
    #[entity(default = 0, min = 0)]
    pub file_size_bytes: i64,
    /// Its media type.
    pub mime_type: Option<Text<100>>,
    /// SHA-256 of its content, 64 lower-case hexadecimal digits (S2-B61).
    pub content_hash: Option<Text<64>>,
    /// How many lines it has.
    #[entity(default = 0, min = 0)]
    pub line_count: i32,
    /// How many records were found in it.
    #[entity(min = 0)]
    pub records_count: Option<i32>,
    /// How many of them are credentials.
    #[entity(default = 0, min = 0)]
    pub parsed_credential_count: i32,
    /// Whether its records can be searched.
    #[entity(default = false)]
    pub is_indexed: bool,
    /// How far the reading is.
    #[entity(default = "pending")]
    pub processing_status: BreachFileStatus,
    /// Why it could not be read.
    pub processing_error: Option<Text<4000>>,
    /// Whether it was scanned for viruses.
    #[entity(default = false)]
    pub virus_scanned: bool,
    /// What the scan found.
    pub virus_scan_result: Option<Text<100>>,
    /// What else was noticed about it.
    #[entity(default = "{}")]
    pub security_flags: Json<()>,
    /// When it was uploaded.
    #[entity(default = now)]
    pub uploaded_at: Timestamp,
    /// When it is removed: 24 hours after the upload where it is for analysis alone (S2-B41).
    pub expires_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}

/// A credential that was found in a breach file.
#[derive(Entity)]
#[entity(
    table = "breach_file_records",
    scope = tenant,
    classification = confidential,
    soft_delete,
    index(email),
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct BreachFileRecord {
    /// The record's own identifier names the person whose credential leaked: the person need not
    /// have an account.
    #[entity(subject)]
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The file that it was found in; it goes with the file (S2-B69, S2-B71).
    #[entity(on_delete = cascade)]
    pub breach_file_id: Id<BreachFile>,
    /// The member who uploaded it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// The address that the credential belongs to.
    #[entity(pii)]
    pub email: Text<255>,
    /// The leaked hash of the password.
    #[entity(restricted)]
    pub password_hash: Option<Text<255>>,
    /// The leaked password.
    #[entity(secret)]
    pub password_encrypted: Option<Secret<String>>,
    /// What else the line says.
    #[entity(pii, default = "{}")]
    pub additional_data: Json<()>,
    /// The line of the file, from 1.
    #[entity(min = 1)]
    pub line_number: Option<i32>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}
