//! Controls: the single demands of a framework, and whether they are met.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::ComplianceAssessment;
use jiff::Timestamp;
use jiff::civil::Date;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// Whether a control is met (S1-B29, S2-B17). Each look may find anything; only `not_tested` is
/// never found again.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(
    moves = "not_tested -> pending_assessment | compliant | partially_compliant | non_compliant | not_applicable; \
             pending_assessment -> compliant | partially_compliant | non_compliant | not_applicable; \
             compliant -> pending_assessment | partially_compliant | non_compliant | not_applicable; \
             partially_compliant -> pending_assessment | compliant | non_compliant | not_applicable; \
             non_compliant -> pending_assessment | compliant | partially_compliant | not_applicable; \
             not_applicable -> pending_assessment | compliant | partially_compliant | non_compliant"
)]
pub enum ControlStatus {
    /// Nobody has looked.
    NotTested,
    /// Somebody is to look, for the first time or again.
    PendingAssessment,
    Compliant,
    /// Some of it is met; `partial` in one of the documents.
    PartiallyCompliant,
    NonCompliant,
    /// Does not concern the organisation.
    NotApplicable,
}

/// What flagged a control (S2-B18).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanSource {
    /// A scan of what can be reached from outside.
    Xasm,
    /// A scan of an application.
    Lightbox,
    /// A person.
    Manual,
}

/// One demand of a framework, as one assessment finds it.
#[derive(Entity)]
#[entity(
    table = "compliance_controls",
    scope = tenant,
    classification = confidential,
    soft_delete,
    unique(columns(assessment_id, control_code), where = "deleted_at is null"),
    index(status),
    index(due_date),
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct ComplianceControl {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The assessment.
    #[entity(on_delete = cascade)]
    pub assessment_id: Id<ComplianceAssessment>,
    /// The framework's name for it, such as `SOC2-CC6.1`.
    pub control_code: Text<100>,
    /// What it is called.
    #[entity(search)]
    pub control_name: Text<255>,
    /// What it demands.
    #[entity(search)]
    pub control_description: Option<Text<8000>>,
    /// Part of the framework.
    pub control_category: Option<Text<100>>,
    /// Whether it is met.
    #[entity(default = "not_tested")]
    pub status: ControlStatus,
    /// How much of it is met, 0 to 100.
    #[entity(min = 0, max = 100)]
    pub compliance_score: Option<i16>,
    /// What was found.
    pub findings: Option<Text<16_000>>,
    /// What shows it.
    pub evidence_summary: Option<Text<16_000>>,
    /// What was done.
    pub remediation_notes: Option<Text<16_000>>,
    /// What is to be done.
    pub remediation_plan: Option<Text<16_000>>,
    /// Who looks at it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub assessor_id: Option<Id<OrganizationMember>>,
    /// Who answers for it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub owner_id: Option<Id<OrganizationMember>>,
    /// Who works on it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub assigned_to: Option<Id<OrganizationMember>>,
    /// When it was looked at.
    pub assessment_date: Option<Date>,
    /// When it is to be met.
    pub due_date: Option<Date>,
    /// When it was met.
    pub completed_date: Option<Date>,
    /// When somebody last read it.
    pub last_reviewed_at: Option<Timestamp>,
    /// When somebody is to look again.
    pub next_review_date: Option<Timestamp>,
    /// What flagged it (S2-B54).
    pub scan_source: Option<ScanSource>,
    /// What kind of finding that was.
    pub scan_finding_type: Option<Text<100>>,
    /// The finding, as the scan names it.
    pub scan_finding_id: Option<Text<100>>,
    /// When it was flagged.
    pub scan_flagged_at: Option<Timestamp>,
    /// When a later scan found it met.
    pub scan_verified_at: Option<Timestamp>,
    /// The domain that was scanned.
    pub scan_domain: Option<Text<255>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether it counts.
    #[entity(default = true)]
    pub is_active: bool,
}
