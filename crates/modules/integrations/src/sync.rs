//! Synchronisation: data that are fetched from other systems, and how that went.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::Connection;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::Organization;

/// How much is fetched (S0-B31).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncType {
    /// Everything; the only way to learn what was deleted there.
    Full,
    /// What changed since the last time.
    Incremental,
}

/// How far a synchronisation is (S0-B35). A failed one may be tried again.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> processing | cancelled; \
                  processing -> completed | failed; \
                  failed -> pending")]
pub enum SyncStatus {
    Pending,
    Processing,
    Completed,
    Failed,
    /// Not needed any more.
    Cancelled,
}

/// Data to be fetched over a connection.
#[derive(Entity)]
#[entity(
    table = "sync_jobs",
    scope = tenant,
    classification = internal,
    index(status, scheduled_for),
    index(connection_id, scheduled_for)
)]
pub struct SyncJob {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The connection.
    #[entity(on_delete = cascade)]
    pub connection_id: Id<Connection>,
    /// How much is fetched.
    pub sync_type: SyncType,
    /// How far it is.
    #[entity(default = "pending")]
    pub status: SyncStatus,
    /// 1 is first, 10 is last.
    #[entity(default = 5, min = 1, max = 10)]
    pub priority: i16,
    /// Not before.
    #[entity(default = now)]
    pub scheduled_for: Timestamp,
    /// When it was begun.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How a synchronisation went. The documents list no values.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncOutcome {
    Completed,
    /// Some records could not be taken.
    Partial,
    Failed,
}

/// One synchronisation, as it went.
#[derive(Entity)]
#[entity(
    table = "sync_logs",
    scope = tenant,
    classification = internal,
    append_only,
    read_only,
    audit = none,
    index(connection_id, synced_at desc),
    index(status, synced_at)
)]
pub struct SyncLog {
    pub id: Id<Self>,
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// The connection.
    #[entity(no_reference)]
    pub connection_id: Id<Connection>,
    /// How much was fetched.
    pub sync_type: SyncType,
    /// Records that were taken.
    #[entity(default = 0, min = 0)]
    pub records_synced: i64,
    /// Records that could not be taken.
    #[entity(default = 0, min = 0)]
    pub records_failed: i64,
    /// How long it took, in milliseconds.
    #[entity(min = 0)]
    pub duration_ms: Option<i64>,
    /// How it went.
    pub status: SyncOutcome,
    /// Why it failed.
    pub error_message: Option<Text<4000>>,
    /// When it ended.
    #[entity(default = now)]
    pub synced_at: Timestamp,
}
