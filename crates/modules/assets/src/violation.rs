//! Broken rules, and what was done about them.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::asset::Asset;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// What was done about a violation. The document names no values.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViolationResolutionType {
    /// The cause is gone.
    Corrected,
    /// The transfer was undone.
    Reversed,
    /// It was accepted, with a reason.
    Waived,
    /// It was none.
    FalsePositive,
    /// It was handed to an authority.
    Reported,
}

/// A rule that was broken, kept for ten years (S3-B56, S3-B153).
#[derive(Entity)]
#[entity(
    table = "compliance_violations",
    scope = tenant,
    classification = confidential,
    retain = "10 years",
    index(asset_id, detected_at),
    index(user_id, detected_at),
    index(detected_at, asset_id, user_id),
    check(name = "resolution", "resolved_at >= detected_at")
)]
pub struct ComplianceViolation {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The asset; it stays as long as the record does.
    pub asset_id: Id<Asset>,
    /// The member who broke it, where known; the record outlasts the membership.
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = restrict))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// Which kind of rule was broken, such as `country_block_list`.
    pub violation_type: Text<100>,
    /// What happened.
    #[entity(default = "{}")]
    pub details: Json<()>,
    /// When it was noticed.
    #[entity(default = now)]
    pub detected_at: Timestamp,
    /// When it was settled.
    pub resolved_at: Option<Timestamp>,
}

/// What was done about a violation, kept as long as it.
#[derive(Entity)]
#[entity(
    table = "violation_resolutions",
    scope = tenant,
    classification = confidential,
    retain = "10 years"
)]
pub struct ViolationResolution {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The violation; the resolution goes with it.
    #[entity(on_delete = cascade)]
    pub violation_id: Id<ComplianceViolation>,
    /// What was done.
    pub resolution_type: ViolationResolutionType,
    /// What shows it.
    #[entity(default = "{}")]
    pub resolution_data: Json<()>,
    /// Who did it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub resolved_by: Option<Id<OrganizationMember>>,
    /// When it was done.
    #[entity(default = now)]
    pub resolved_at: Timestamp,
    /// What is to be said of it.
    pub notes: Option<Text<65_536>>,
}
