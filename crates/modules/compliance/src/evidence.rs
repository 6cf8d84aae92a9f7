//! Evidence: what shows that a control is met.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::ComplianceControl;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// What kind of evidence it is (S2-B19).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceType {
    Document,
    Scan,
    Screenshot,
    Policy,
    Log,
}

/// Something that shows that a control is met.
#[derive(Entity)]
#[entity(
    table = "compliance_evidence",
    scope = tenant,
    classification = confidential,
    soft_delete,
    index(control_id, evidence_date),
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct ComplianceEvidence {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The control.
    #[entity(on_delete = cascade)]
    pub control_id: Id<ComplianceControl>,
    /// What kind it is.
    pub evidence_type: EvidenceType,
    /// What it is called.
    #[entity(search)]
    pub title: Text<255>,
    /// What it shows.
    #[entity(search)]
    pub description: Option<Text<8000>>,
    /// Where its file is.
    pub file_path: Option<Text<500>>,
    /// Bytes of the file.
    #[entity(min = 0)]
    pub file_size: Option<i64>,
    /// Media type of the file.
    pub file_type: Option<Text<100>>,
    /// What was recorded, where it is no file.
    #[entity(default = "[]")]
    pub data: Json<()>,
    /// Who gave it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub uploaded_by: Option<Id<OrganizationMember>>,
    /// What time it is of.
    pub evidence_date: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether it counts.
    #[entity(default = true)]
    pub is_active: bool,
}
