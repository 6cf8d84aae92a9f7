//! Batches: screenings and forms for many at once.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json};
use mainstay_kernel::entities::Organization;

/// What a batch does. The documents list no values.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchJobType {
    /// Looks for everybody on the sanctions list.
    OfacScreening,
    /// Assesses everybody's risk.
    RiskAssessment,
    /// Makes the forms of a tax year.
    TaxForms,
}

/// How far a batch is (S0-B35). A failed one may be tried again.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> processing | failed; \
                  processing -> completed | failed; \
                  failed -> pending")]
pub enum BatchJobStatus {
    Pending,
    Processing,
    Completed,
    Failed,
}

/// Work for many records at once.
#[derive(Entity)]
#[entity(
    table = "compliance_batch_jobs",
    scope = tenant,
    classification = internal,
    index(job_type, created_at),
    index(status, created_at)
)]
pub struct ComplianceBatchJob {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What it does.
    pub job_type: BatchJobType,
    /// How far it is.
    #[entity(default = "pending")]
    pub status: BatchJobStatus,
    /// When it was begun.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// What came of it.
    #[entity(default = "{}")]
    pub results: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
