//! Risk: how risky it is to deal with somebody, and what speaks for it.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Numeric, Text};
use mainstay_kernel::entities::Organization;

/// How much it matters.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RiskLevel {
    Low,
    Medium,
    High,
    Critical,
}

/// How risky it was to deal with somebody at a time.
#[derive(Entity)]
#[entity(
    table = "risk_assessments",
    scope = tenant,
    classification = confidential,
    index(entity_type, entity_id, assessed_at),
    index(risk_level)
)]
pub struct RiskAssessment {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What it is about: `venue`, `customer`, `user`.
    pub entity_type: Text<100>,
    /// Its identifier.
    pub entity_id: Text<255>,
    /// 0, no risk, to 100.
    #[entity(min = 0, max = 100)]
    pub risk_score: Numeric<5, 2>,
    /// The score in words.
    pub risk_level: RiskLevel,
    /// What the score consists of.
    #[entity(default = "{}")]
    pub factors: Json<()>,
    /// When it was made.
    #[entity(default = now)]
    pub assessed_at: Timestamp,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Something that speaks for a risk, until somebody has dealt with it.
#[derive(Entity)]
#[entity(
    table = "risk_flags",
    scope = tenant,
    classification = confidential,
    index(entity_type, entity_id),
    index(columns(severity, flagged_at), where = "resolved_at is null")
)]
pub struct RiskFlag {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What it is about: `venue`, `customer`, `user`.
    pub entity_type: Text<100>,
    /// Its identifier.
    pub entity_id: Text<255>,
    /// What was seen: `velocity`, `sanctions_match`, `chargebacks`; the list is open.
    pub flag_type: Text<100>,
    /// How much it matters.
    pub severity: RiskLevel,
    /// When it was seen.
    #[entity(default = now)]
    pub flagged_at: Timestamp,
    /// When somebody had dealt with it.
    pub resolved_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
