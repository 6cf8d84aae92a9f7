//! Exports: data that somebody asked for as a file.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// What kind of file an export becomes (S0-B23).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    Csv,
    Xlsx,
    Json,
}

/// How far an export is (S0-B23). One that failed is asked for again.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> processing; processing -> completed | failed")]
pub enum ExportStatus {
    /// Waits for its turn.
    Pending,
    /// Is being made.
    Processing,
    /// The file is there.
    Completed,
    /// There will be no file.
    Failed,
}

/// Data that somebody asked for as a file.
#[derive(Entity)]
#[entity(
    table = "data_exports",
    scope = tenant,
    classification = confidential,
    index(status),
    index(requested_by),
    index(export_type),
    index(expires_at)
)]
pub struct DataExport {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What is exported.
    pub export_type: Text<100>,
    /// What kind of file it becomes.
    #[entity(default = "csv")]
    pub format: ExportFormat,
    /// How far it is.
    #[entity(default = "pending", read_only)]
    pub status: ExportStatus,
    /// Which rows and columns.
    #[entity(default = "{}")]
    pub parameters: Json<()>,
    /// Where the file is kept.
    #[entity(read_only)]
    pub file_path: Option<Text<1000>>,
    /// Where it can be fetched until it expires.
    #[entity(read_only)]
    pub file_url: Option<Text<2000>>,
    /// Its size in bytes.
    #[entity(min = 0, read_only)]
    pub file_size: Option<i64>,
    /// The file is removed after this time (S0-B70).
    #[entity(read_only)]
    pub expires_at: Option<Timestamp>,
    /// Who asked for it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub requested_by: Option<Id<OrganizationMember>>,
    /// Why there is no file.
    #[entity(read_only)]
    pub error_message: Option<Text<4000>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
