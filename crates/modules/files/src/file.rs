//! Files: what is stored, in which versions, and who read it.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Sealed, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};
use std::net::IpAddr;
use uuid::Uuid;

/// Where content is kept (S0-B14).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageProvider {
    /// The server's own data folder.
    Local,
    /// Amazon S3, or what speaks its protocol.
    S3,
    /// Google Cloud Storage.
    Gcs,
}

/// Where a file stands (S0-B13). What can't be received fails too.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "uploading -> processing | failed; processing -> completed | failed")]
pub enum FileStatus {
    /// Its content arrives.
    Uploading,
    /// Its content is looked at and stored; it can't be read yet.
    Processing,
    /// It can be read.
    Completed,
    /// It could not be received, or was refused.
    Failed,
}

/// Who may read a file. S0 names the column without values.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileAccessLevel {
    /// Who uploaded it, and administrators.
    Private,
    /// The members of the organisation.
    Internal,
    /// Whoever has its address.
    Public,
}

/// A stored file: what it is, where its content is and what it belongs to.
#[derive(Entity)]
#[entity(
    table = "files",
    scope = tenant,
    classification = internal,
    soft_delete,
    index(uploaded_by),
    index(entity_type, entity_id),
    index(status),
    index(hash_sha256),
    index(created_at),
    index(venue_id),
    check(name = "hash_form", "length(hash_sha256) = 64 and hash_sha256 = lower(hash_sha256)"),
    check(name = "entity_whole", "(entity_type is null) = (entity_id is null)")
)]
pub struct File {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The venue that it belongs to.
    #[entity(references(table = "venues", on_delete = set_null))]
    pub venue_id: Option<Uuid>,
    /// The name that it is stored under.
    pub filename: Text<255>,
    /// The name that it came with.
    pub original_filename: Text<255>,
    /// What kind of content it is, such as `image/png`.
    pub mime_type: Text<255>,
    /// The end of its name, without the dot.
    pub extension: Option<Text<32>>,
    /// Where the content is kept.
    #[entity(default = "local")]
    pub storage_provider: StorageProvider,
    /// The bucket that holds the content; none in the data folder.
    pub bucket_name: Option<Text<255>>,
    /// Where in the folder or bucket the content is.
    pub storage_path: Text<1024>,
    /// The address at which a content delivery network serves it.
    pub cdn_url: Option<Text<2048>>,
    /// The length of the content in bytes.
    #[entity(min = 0)]
    pub size_bytes: i64,
    /// SHA-256 of the content in lower-case hexadecimal; equal content has equal hashes (S0-B53).
    pub hash_sha256: Option<Text<64>>,
    /// Who uploaded it.
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub uploaded_by: Option<Id<OrganizationMember>>,
    /// What kind of record it belongs to, such as `event`; any kind (S0-B62).
    pub entity_type: Option<Text<100>>,
    /// The record that it belongs to, as its own table names it.
    pub entity_id: Option<Text<255>>,
    /// Whether it is shown to people who have not signed in.
    #[entity(default = false)]
    pub is_public: bool,
    /// Who may read it.
    #[entity(default = "internal")]
    pub access_level: FileAccessLevel,
    /// Where it stands.
    #[entity(default = "uploading")]
    pub status: FileStatus,
    /// Whatever else is known of it.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    /// Words that people find it by.
    #[entity(default = "[]")]
    pub tags: Vec<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// A former or present content of a file.
#[derive(Entity)]
#[entity(
    table = "file_versions",
    scope = tenant,
    classification = internal,
    unique(file_id, version_number),
    check(name = "hash_form", "length(hash_sha256) = 64 and hash_sha256 = lower(hash_sha256)")
)]
pub struct FileVersion {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The file.
    #[entity(on_delete = cascade)]
    pub file_id: Id<File>,
    /// Counts from 1, for each file (S0-B63).
    #[entity(min = 1)]
    pub version_number: i32,
    /// Where the content is.
    pub storage_path: Text<1024>,
    /// The length of the content in bytes.
    #[entity(min = 0)]
    pub size_bytes: i64,
    /// SHA-256 of the content in lower-case hexadecimal.
    pub hash_sha256: Option<Text<64>>,
    /// What is new in it.
    pub change_description: Option<Text<2000>>,
    /// Who made it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub created_by: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
}

/// How a file was reached (S0-B15).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileAccessType {
    /// Shown in the product.
    View,
    /// Saved by the reader.
    Download,
    /// A link to it was given to somebody.
    Share,
    /// Played while it arrived.
    Stream,
}

/// An access to a file (S0-B59).
#[derive(Entity)]
#[entity(
    table = "file_access_logs",
    scope = tenant,
    classification = confidential,
    append_only,
    read_only,
    partitioned,
    audit = none,
    index(file_id),
    index(accessed_by),
    index(accessed_at)
)]
pub struct FileAccessLog {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The file, which may be gone.
    #[entity(no_reference)]
    pub file_id: Id<File>,
    /// Who reached it; none for somebody who had not signed in.
    #[entity(subject, no_reference)]
    pub accessed_by: Option<Id<OrganizationMember>>,
    /// How it was reached.
    pub access_type: FileAccessType,
    /// Where the request came from.
    #[entity(sealed)]
    pub ip_address: Option<Sealed<IpAddr>>,
    /// The client's program.
    pub user_agent: Option<Text<1000>>,
    /// The status of the HTTP answer.
    #[entity(min = 100, max = 599)]
    pub response_code: Option<i16>,
    /// Bytes of content that were sent.
    #[entity(min = 0)]
    pub bytes_sent: Option<i64>,
    /// When it was reached.
    #[entity(default = now)]
    pub accessed_at: Timestamp,
}
