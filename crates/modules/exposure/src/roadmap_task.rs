//! The library of security tasks, and those that a company works on.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::roadmap_profile::RoadmapProfile;
use crate::severity::ExposureSeverity;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Numeric, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};
use uuid::Uuid;

/// How hard a task is (S2-B22).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskDifficulty {
    Easy,
    Medium,
    Hard,
}

/// Where a company stands with a task (S2-B23). What was skipped or held to be not applicable can
/// be taken up again; what is completed stays so, and a relapse is a new task.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "not_started -> in_progress | skipped | not_applicable; \
                  in_progress -> completed | skipped | not_applicable; \
                  skipped -> not_started; \
                  not_applicable -> not_started")]
pub enum RoadmapTaskStatus {
    NotStarted,
    InProgress,
    Completed,
    /// The company chose not to.
    Skipped,
    /// It has no meaning for the company.
    NotApplicable,
}

/// What put a task on the roadmap (S2-B25).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoadmapTaskSource {
    /// What the company said of itself.
    Profile,
    XasmScan,
    LightboxScan,
    Compliance,
    GhostSearch,
    /// A threat actor who uses such weaknesses.
    Adversary,
}

/// A task of the library, the same for all organisations.
#[derive(Entity)]
#[entity(
    table = "roadmap_tasks",
    scope = public,
    classification = public,
    unique(task_id),
    index(task_category),
    index(risk_level),
    check(name = "cost_range", "estimated_cost_min <= estimated_cost_max")
)]
pub struct RoadmapTask {
    pub id: Id<Self>,
    /// The code that roadmaps refer to.
    pub task_id: Text<100>,
    /// The task in a line.
    pub task_name: Text<255>,
    /// What it belongs to.
    pub task_category: Option<Text<50>>,
    /// What is to be done.
    pub description: Option<Text<65_536>>,
    /// Why it matters.
    pub why_it_matters: Option<Text<65_536>>,
    /// How it is done.
    pub how_to_fix: Option<Text<65_536>>,
    /// How long it takes, in minutes (S2-B38).
    #[entity(min = 0)]
    pub estimated_time_minutes: Option<i32>,
    /// What it costs at least, in US dollars.
    #[entity(min = 0)]
    pub estimated_cost_min: Option<Numeric<12, 2>>,
    /// What it costs at most, in US dollars.
    #[entity(min = 0)]
    pub estimated_cost_max: Option<Numeric<12, 2>>,
    /// How hard it is.
    pub difficulty_level: Option<TaskDifficulty>,
    /// By how many points it lifts the security score.
    pub security_score_impact: Option<i32>,
    /// How great the risk is that it removes.
    pub risk_level: Option<ExposureSeverity>,
    /// The industries that it is for; none means all.
    #[entity(default = "[]")]
    pub applies_to_industries: Vec<String>,
    /// The sizes of company that it is for; none means all.
    #[entity(default = "[]")]
    pub applies_to_sizes: Vec<String>,
    /// The frameworks that ask for it.
    #[entity(default = "[]")]
    pub requires_compliance: Vec<String>,
    /// Where more can be read.
    pub documentation_url: Option<Text<2000>>,
    /// Where it can be watched.
    pub video_tutorial_url: Option<Text<2000>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Whether new roadmaps use it.
    #[entity(default = true)]
    pub is_active: bool,
}

/// A version of the task library, with what changed (S2-B57).
#[derive(Entity)]
#[entity(
    table = "roadmap_library_versions",
    scope = public,
    classification = public,
    unique(library_version)
)]
pub struct RoadmapLibraryVersion {
    pub id: Id<Self>,
    /// The version, such as `1.0.0`.
    pub library_version: Text<20>,
    /// How many tasks it has.
    #[entity(min = 0)]
    pub total_tasks: Option<i32>,
    /// What changed.
    pub changelog: Option<Text<65_536>>,
    /// When the library last changed.
    #[entity(default = now)]
    pub last_updated: Timestamp,
    pub created_at: Timestamp,
}

/// A task on a company's roadmap.
#[derive(Entity)]
#[entity(
    table = "roadmap_user_tasks",
    scope = tenant,
    classification = internal,
    soft_delete,
    index(profile_id, phase, priority_order),
    index(status),
    index(phase),
    index(source),
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct RoadmapUserTask {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The roadmap.
    #[entity(on_delete = cascade)]
    pub profile_id: Id<RoadmapProfile>,
    /// The task of the library, by its code.
    #[entity(references(RoadmapTask, to = "task_id", on_delete = restrict))]
    pub task_id: Text<100>,
    /// Where the company stands with it.
    #[entity(default = "not_started")]
    pub status: RoadmapTaskStatus,
    /// The phase of the roadmap, 1 to 4 (S2-B24).
    #[entity(default = 1, min = 1, max = 4)]
    pub phase: i32,
    /// Its place in the phase.
    pub priority_order: Option<i32>,
    /// What put it on the roadmap.
    pub source: Option<RoadmapTaskSource>,
    /// The record that did.
    pub source_reference_id: Option<Uuid>,
    /// What that record says.
    #[entity(default = "{}")]
    pub source_details: Json<()>,
    /// What was found.
    pub finding_type: Option<Text<100>>,
    /// How bad that is.
    pub finding_severity: Option<ExposureSeverity>,
    /// The domain in which it was found.
    pub scan_domain: Option<Text<255>>,
    /// When it was found.
    pub scan_date: Option<Timestamp>,
    /// A threat actor who uses such weaknesses (S2-B58).
    pub matched_threat_actor: Option<Text<255>>,
    /// That actor's tactics, techniques and procedures.
    pub threat_actor_ttp: Option<Json<()>>,
    /// The member who works on it (S2-B67).
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub assigned_to_user_id: Option<Id<OrganizationMember>>,
    /// When work began.
    pub started_at: Option<Timestamp>,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// When someone saw that it holds.
    pub verified_at: Option<Timestamp>,
    /// When the member was last reminded.
    pub last_reminded: Option<Timestamp>,
    /// What the member notes.
    pub user_notes: Option<Text<65_536>>,
    /// What an administrator notes.
    pub admin_notes: Option<Text<65_536>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}
