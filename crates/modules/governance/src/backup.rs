//! Whether backups are sound, and whether they can be restored in time.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use jiff::civil::Date;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::Organization;

/// What a backup holds (S1-B33).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupType {
    /// Everything.
    Full,
    /// What changed since the one before.
    Incremental,
    /// The write-ahead log.
    Wal,
}

/// How the validation of a backup ended. A verdict is final; who looks again makes a new row.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> passed | failed")]
pub enum ValidationStatus {
    /// Not looked at yet.
    Pending,
    /// The backup is sound.
    Passed,
    /// It is not.
    Failed,
}

/// The validation of a backup that an organisation relies on: evidence for its auditors (S1-B83).
#[derive(Entity)]
#[entity(
    table = "backup_validations",
    scope = tenant,
    classification = internal,
    index(backup_date desc)
)]
pub struct BackupValidation {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The day of the backup.
    pub backup_date: Date,
    /// What the backup holds.
    #[entity(default = "full")]
    pub backup_type: BackupType,
    /// How the validation ended.
    #[entity(default = "pending")]
    pub validation_status: ValidationStatus,
    /// When it ended.
    pub validated_at: Option<Timestamp>,
    /// What was looked at and found.
    pub validation_details: Option<Json<()>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What is restored in a test (S1-B34).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoveryType {
    /// Everything, as it was at the last backup.
    Full,
    /// A point in time.
    Pitr,
}

/// How a test of recovery ended.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoveryResult {
    /// Within the targets.
    Passed,
    /// Restored, but not within the targets.
    Partial,
    /// Not restored.
    Failed,
}

/// A test of recovery: how long it took and how much was lost, beside the targets (S1-B55).
#[derive(Entity)]
#[entity(
    table = "recovery_tests",
    scope = tenant,
    classification = internal,
    index(test_date desc)
)]
pub struct RecoveryTest {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The day of the test.
    pub test_date: Date,
    /// What was restored.
    #[entity(default = "full")]
    pub recovery_type: RecoveryType,
    /// Most time that recovery may take, in minutes.
    #[entity(min = 0)]
    pub rto_target: Option<i32>,
    /// Time that it took, in minutes.
    #[entity(min = 0)]
    pub rto_actual: Option<i32>,
    /// Most time whose changes may be lost, in minutes.
    #[entity(min = 0)]
    pub rpo_target: Option<i32>,
    /// Time whose changes were lost, in minutes.
    #[entity(min = 0)]
    pub rpo_actual: Option<i32>,
    /// How it ended; none until then.
    pub test_result: Option<RecoveryResult>,
    /// What was learned.
    pub notes: Option<Text<4000>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
