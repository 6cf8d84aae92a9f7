//! A company's way to better security: where it stands, what it reached, how it went.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// How large a company is (S2-B21).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanySize {
    Small,
    Medium,
    Large,
    Enterprise,
}

/// Why the state of a roadmap was noted down (S2-B26).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotReason {
    /// Once a day.
    Daily,
    TaskCompleted,
    ScanRun,
    /// Someone asked for it.
    Manual,
}

/// What a company said of itself, and where its security stands and should stand.
#[derive(Entity)]
#[entity(
    table = "roadmap_profiles",
    scope = tenant,
    classification = internal,
    soft_delete,
    index(industry),
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct RoadmapProfile {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The member who answers for it (S2-B67).
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// The company's name.
    pub company_name: Text<255>,
    /// How large it is.
    pub company_size: Option<CompanySize>,
    /// What it does.
    pub industry: Option<Text<100>>,
    /// How many people work there.
    #[entity(min = 0)]
    pub employee_count: Option<i32>,
    /// Where its security stands, 0 to 100 (S2-B37).
    #[entity(default = 0, min = 0, max = 100)]
    pub current_security_score: i32,
    /// Where it should stand, 0 to 100.
    #[entity(default = 75, min = 0, max = 100)]
    pub target_security_score: i32,
    /// Whether it handles personal data.
    #[entity(default = false)]
    pub handles_pii: bool,
    /// Whether it handles payment data.
    #[entity(default = false)]
    pub handles_payment_data: bool,
    /// Whether it handles health data.
    #[entity(default = false)]
    pub handles_health_data: bool,
    /// Whether it handles financial data.
    #[entity(default = false)]
    pub handles_financial_data: bool,
    /// What it does for security already.
    #[entity(default = "[]")]
    pub current_measures: Json<()>,
    /// The frameworks that it must comply with.
    #[entity(default = "[]")]
    pub compliance_requirements: Json<()>,
    /// What it answered when it was asked.
    #[entity(default = "{}")]
    pub assessment_responses: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// When its score was last worked out.
    pub last_recalculated: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}

/// Something that a company reached on its way, with what it earns (S2-B56).
#[derive(Entity)]
#[entity(
    table = "roadmap_achievements",
    scope = tenant,
    classification = internal,
    unique(profile_id, achievement_id),
    index(achievement_id)
)]
pub struct RoadmapAchievement {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The roadmap; each achievement is reached once on it.
    #[entity(on_delete = cascade)]
    pub profile_id: Id<RoadmapProfile>,
    /// The member who reached it (S2-B67).
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// The code of the achievement.
    pub achievement_id: Text<100>,
    /// Its name.
    pub achievement_name: Text<255>,
    /// What it is for.
    pub achievement_description: Option<Text<4000>>,
    /// Its picture.
    pub achievement_icon: Option<Text<50>>,
    /// What it takes, such as tasks completed.
    pub requirement_type: Option<Text<50>>,
    /// How much of it.
    #[entity(min = 0)]
    pub requirement_value: Option<i32>,
    /// When it was reached.
    #[entity(default = now)]
    pub unlocked_at: Timestamp,
    /// Whether what it earns was taken.
    #[entity(default = false)]
    pub is_claimed: bool,
    /// When it was taken.
    pub claimed_at: Option<Timestamp>,
    /// What it earns.
    #[entity(default = "{}")]
    pub rewards: Json<()>,
    pub created_at: Timestamp,
}

/// The state of a roadmap at a moment.
#[derive(Entity)]
#[entity(
    table = "roadmap_progress_history",
    scope = tenant,
    classification = internal,
    read_only,
    index(profile_id, snapshot_date),
    index(snapshot_date)
)]
pub struct RoadmapProgress {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The roadmap.
    #[entity(on_delete = cascade)]
    pub profile_id: Id<RoadmapProfile>,
    /// Where security stood, 0 to 100.
    #[entity(min = 0, max = 100)]
    pub security_score: Option<i32>,
    /// How many tasks were completed.
    #[entity(min = 0)]
    pub tasks_completed: Option<i32>,
    /// How many tasks there were.
    #[entity(min = 0)]
    pub tasks_total: Option<i32>,
    /// How many of phase 1 were completed (S2-B40).
    #[entity(default = 0, min = 0)]
    pub phase1_completed: i32,
    /// How many of phase 2 were completed.
    #[entity(default = 0, min = 0)]
    pub phase2_completed: i32,
    /// How many of phase 3 were completed.
    #[entity(default = 0, min = 0)]
    pub phase3_completed: i32,
    /// How many of phase 4 were completed.
    #[entity(default = 0, min = 0)]
    pub phase4_completed: i32,
    /// The moment.
    #[entity(default = now)]
    pub snapshot_date: Timestamp,
    /// Why it was noted down.
    pub snapshot_reason: Option<SnapshotReason>,
}
