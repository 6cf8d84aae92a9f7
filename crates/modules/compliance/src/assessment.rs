//! Assessments: how far an organisation is with a framework.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// A set of rules to be met (S1-B28, S2-B15).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(rename_all = "UPPERCASE")]
pub enum ComplianceFramework {
    Soc2,
    Iso27001,
    Gdpr,
    Nis2,
    Pipeda,
    Hipaa,
}

/// How far an assessment is. The documents name the first value only (S2-B16); a completed one is
/// reopened when controls change, and an expired one is followed by another.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "in_progress -> completed | cancelled; completed -> in_progress | expired")]
pub enum AssessmentStatus {
    /// Controls are being looked at.
    InProgress,
    /// All controls have been looked at.
    Completed,
    /// Given up.
    Cancelled,
    /// Its result no longer counts.
    Expired,
}

/// One look at how far an organisation meets a framework.
#[derive(Entity)]
#[entity(
    table = "compliance_assessments",
    scope = tenant,
    classification = confidential,
    soft_delete,
    index(framework),
    index(status),
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct ComplianceAssessment {
    pub id: Id<Self>,
    #[entity(on_delete = cascade)]
    pub organization_id: Id<Organization>,
    /// The framework.
    pub framework: ComplianceFramework,
    /// Its edition.
    pub framework_version: Option<Text<20>>,
    /// How far it is.
    #[entity(default = "in_progress")]
    pub status: AssessmentStatus,
    /// How much is met, 0 to 100.
    #[entity(min = 0, max = 100)]
    pub overall_compliance_score: Option<i16>,
    /// When it began.
    #[entity(default = now)]
    pub assessment_date: Timestamp,
    /// When it was completed.
    pub completion_date: Option<Timestamp>,
    /// Its result counts until then.
    pub expiry_date: Option<Timestamp>,
    /// Who began it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub created_by: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether it is looked at.
    #[entity(default = true)]
    pub is_active: bool,
}
