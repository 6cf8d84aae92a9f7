//! Notifications to many people, or again and again.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::notification::Notification;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::Organization;

/// Where a batch stands. S0 lists no values (S0-B36): these are its usual ones (S0-B35), and a
/// batch that has not ended can be cancelled.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> processing | cancelled; processing -> completed | failed | cancelled")]
pub enum BatchStatus {
    /// Waits for its time.
    Pending,
    /// Its notifications are made and sent.
    Processing,
    /// All were tried.
    Completed,
    /// It could not be carried out.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

/// A notification that goes to many.
#[derive(Entity)]
#[entity(
    table = "notification_batches",
    scope = tenant,
    classification = internal,
    index(status, scheduled_for),
    check(name = "counts", "sent_count + failed_count <= total_count")
)]
pub struct NotificationBatch {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The name that people know it by.
    pub name: Text<255>,
    /// What it is for.
    pub description: Option<Text<2000>>,
    /// How many notifications it is.
    #[entity(default = 0, min = 0)]
    pub total_count: i32,
    /// How many were sent.
    #[entity(default = 0, min = 0, read_only)]
    pub sent_count: i32,
    /// How many could not be sent.
    #[entity(default = 0, min = 0, read_only)]
    pub failed_count: i32,
    /// Where it stands.
    #[entity(default = "pending")]
    pub status: BatchStatus,
    /// Not before this time; none means at once.
    pub scheduled_for: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Where a schedule stands. S0 lists no values (S0-B36). A recurring one waits again after each
/// time (S0-B73), and only what waits can be cancelled.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> processing | cancelled; processing -> pending | completed | failed")]
pub enum NotificationScheduleStatus {
    /// Waits for its next time.
    Pending,
    /// Its notification is being sent.
    Processing,
    /// There is no next time.
    Completed,
    /// It could not be carried out.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

/// When a notification is sent, once or repeatedly.
#[derive(Entity)]
#[entity(
    table = "notification_schedules",
    scope = tenant,
    classification = internal,
    index(notification_id),
    index(status, scheduled_for)
)]
pub struct NotificationSchedule {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What is sent; repeated times send copies of it.
    #[entity(on_delete = cascade)]
    pub notification_id: Id<Notification>,
    /// The next time.
    pub scheduled_for: Timestamp,
    /// How it repeats, such as `{"every": "1 week"}`; none means once.
    pub recurring_rule: Option<Json<()>>,
    /// Where it stands.
    #[entity(default = "pending")]
    pub status: NotificationScheduleStatus,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A group of people that batches go to, by what they have in common.
#[derive(Entity)]
#[entity(
    table = "notification_segments",
    scope = tenant,
    classification = internal,
    unique(name)
)]
pub struct NotificationSegment {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The name that people choose it by.
    pub name: Text<255>,
    /// Who is in it.
    pub description: Option<Text<2000>>,
    /// The conditions that its people meet.
    #[entity(default = "{}")]
    pub filters: Json<()>,
    /// How many people met them when they were last counted.
    #[entity(default = 0, min = 0, read_only)]
    pub user_count: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
