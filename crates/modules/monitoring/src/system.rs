//! What the parts of a system report: events, and errors until they are dealt with.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::Organization;

/// How much a system's event matters.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemEventSeverity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

/// Something that a part of the system did, such as a start or a backup (S3-B62).
#[derive(Entity)]
#[entity(
    table = "system_events",
    scope = tenant,
    classification = confidential,
    append_only,
    audit = none,
    retain = "7 years",
    index(timestamp)
)]
pub struct SystemEvent {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What happened, such as `backup.completed`.
    pub event_type: Text<255>,
    /// What is to be known of it.
    #[entity(default = "{}")]
    pub event_data: Json<()>,
    /// When it happened.
    #[entity(default = now)]
    pub timestamp: Timestamp,
    /// The part of the system.
    pub source: Text<255>,
    /// How much it matters.
    #[entity(default = "info")]
    pub severity: SystemEventSeverity,
}

/// An error of a part of the system.
#[derive(Entity)]
#[entity(
    table = "system_errors",
    scope = tenant,
    classification = confidential,
    retain = "7 years",
    index(occurred_at)
)]
pub struct SystemError {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What kind of error it is, such as `TimeoutError`.
    pub error_type: Text<255>,
    /// What it says.
    pub error_message: Text<4000>,
    /// Where in the program it arose.
    pub stack_trace: Option<Text<65_536>>,
    /// What was going on.
    #[entity(default = "{}")]
    pub context: Json<()>,
    /// When it arose.
    #[entity(default = now)]
    pub occurred_at: Timestamp,
    /// When it was dealt with.
    pub resolved_at: Option<Timestamp>,
}
