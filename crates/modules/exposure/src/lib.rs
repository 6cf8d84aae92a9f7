//! Exposure: what outsiders can learn of or do to an organisation, and the road to a better state.
//!
//! Searches, watched addresses and breach files tell what leaked; scans tell what can be reached;
//! bait tells who tries; reports and roadmaps say what to do about it. Leaked credentials are
//! sealed and never read back.

mod bait;
mod breach_file;
mod ghost_search;
mod monitored_email;
mod osint_profile;
mod public_finding;
mod roadmap_profile;
mod roadmap_task;
mod severity;
mod surface_scan;
mod vulnerability_report;

pub use bait::{
    BaitAccess, BaitAttribution, BaitRequestType, BaitStatus, BaitToken, BaitType, EvidenceStrength,
};
pub use breach_file::{BreachFile, BreachFileRecord, BreachFileStatus, BreachFileStorage};
pub use ghost_search::{GhostQueryType, GhostSearchQuery};
pub use monitored_email::{EmailFindingType, MonitorScope, MonitoredEmail, MonitoredEmailFinding};
pub use osint_profile::{OsintBreach, OsintDevice, OsintProfile, OsintSocialAccount};
pub use public_finding::{
    GithubFinding, GithubQueryType, OpsychSearchResult, PastebinFinding, PastebinQueryType,
};
pub use roadmap_profile::{
    CompanySize, RoadmapAchievement, RoadmapProfile, RoadmapProgress, SnapshotReason,
};
pub use roadmap_task::{
    RoadmapLibraryVersion, RoadmapTask, RoadmapTaskSource, RoadmapTaskStatus, RoadmapUserTask,
    TaskDifficulty,
};
pub use severity::ExposureSeverity;
pub use surface_scan::{
    SurfaceFinding, SurfaceRecordKind, SurfaceScan, SurfaceScanStatus, SurfaceScanner,
};
pub use vulnerability_report::{ReportRiskLevel, ScanReportInput, VulnerabilityReport};

use mainstay_entity::Entity;
use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("exposure").entities([
        GhostSearchQuery::meta(),
        MonitoredEmail::meta(),
        MonitoredEmailFinding::meta(),
        BreachFile::meta(),
        BreachFileRecord::meta(),
        OsintProfile::meta(),
        OsintSocialAccount::meta(),
        OsintBreach::meta(),
        OsintDevice::meta(),
        GithubFinding::meta(),
        PastebinFinding::meta(),
        OpsychSearchResult::meta(),
        SurfaceScan::meta(),
        SurfaceFinding::meta(),
        ScanReportInput::meta(),
        VulnerabilityReport::meta(),
        RoadmapProfile::meta(),
        RoadmapAchievement::meta(),
        RoadmapProgress::meta(),
        RoadmapTask::meta(),
        RoadmapLibraryVersion::meta(),
        RoadmapUserTask::meta(),
        BaitToken::meta(),
        BaitAccess::meta(),
    ])
}
