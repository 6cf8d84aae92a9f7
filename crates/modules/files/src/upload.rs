//! Uploads: what is announced, and what has arrived of it.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// Where an upload in parts stands (S0-B16).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "active -> completed | cancelled")]
pub enum UploadSessionStatus {
    /// Parts arrive.
    Active,
    /// All parts are there.
    Completed,
    /// It was given up, or its time ran out.
    Cancelled,
}

/// An upload that comes in parts and can be resumed.
#[derive(Entity)]
#[entity(
    table = "upload_sessions",
    scope = tenant,
    classification = internal,
    unique(session_token_hash),
    index(uploaded_by),
    index(status, expires_at),
    check(name = "bytes_within_total", "uploaded_bytes <= total_size"),
    check(name = "chunks_within_total", "uploaded_chunks <= total_chunks")
)]
pub struct UploadSession {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// SHA-256 of the token by which a client resumes it.
    #[entity(restricted)]
    pub session_token_hash: Vec<u8>,
    /// Who uploads.
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub uploaded_by: Option<Id<OrganizationMember>>,
    /// The name of the file.
    pub filename: Text<255>,
    /// What kind of content it is, such as `video/mp4`.
    pub mime_type: Option<Text<255>>,
    /// The length of the whole content in bytes.
    #[entity(min = 0)]
    pub total_size: i64,
    /// How many parts it comes in.
    #[entity(default = 1, min = 1)]
    pub total_chunks: i32,
    /// How many parts have arrived.
    #[entity(default = 0, min = 0, read_only)]
    pub uploaded_chunks: i32,
    /// How many bytes have arrived.
    #[entity(default = 0, min = 0, read_only)]
    pub uploaded_bytes: i64,
    /// Where it stands.
    #[entity(default = "active")]
    pub status: UploadSessionStatus,
    /// It must be complete by then (S0-B70).
    pub expires_at: Timestamp,
    /// When the last part arrived.
    pub completed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Where an upload in one piece stands (S0-B17). One whose time runs out fails.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> processing | failed; processing -> completed | failed")]
pub enum FileUploadStatus {
    /// The address is given out; nothing has arrived.
    Pending,
    /// The content is looked at.
    Processing,
    /// The file is there.
    Completed,
    /// There will be no file.
    Failed,
}

/// An upload that a client makes straight to the storage, before there is a file.
#[derive(Entity)]
#[entity(
    table = "file_uploads",
    scope = tenant,
    classification = internal,
    soft_delete,
    index(user_id),
    index(status),
    index(expires_at),
    index(file_key),
    index(created_at)
)]
pub struct FileUpload {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Who uploads.
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// Where the content is stored.
    pub file_key: Text<1024>,
    /// The name of the file.
    pub file_name: Text<255>,
    /// What kind of content it is, such as `image/png`.
    pub content_type: Text<255>,
    /// The length of the content in bytes; none until it is known.
    #[entity(min = 0)]
    pub size_bytes: Option<i64>,
    /// Where it stands.
    #[entity(default = "pending")]
    pub status: FileUploadStatus,
    /// Why there will be no file.
    pub processing_error: Option<Text<4000>>,
    /// It must have arrived by then (S0-B70).
    pub expires_at: Timestamp,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}
