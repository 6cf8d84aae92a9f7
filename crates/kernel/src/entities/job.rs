use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};

/// Where a job stands.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> running | dead; \
                  running -> pending | done | retrying | dead; \
                  retrying -> running | dead; \
                  dead -> pending")]
pub enum JobStatus {
    /// Waits for its time.
    Pending,
    /// A server works on it, under a lease.
    Running,
    /// It ended as intended.
    Done,
    /// It failed and waits for the next attempt.
    Retrying,
    /// It failed for good: the dead letter that someone looks at.
    Dead,
}

/// Where a queue or schedule stands, for all servers.
#[derive(Entity)]
#[entity(
    table = "job_states",
    scope = platform,
    classification = internal,
    read_only,
    audit = none,
    queue,
    unique(name)
)]
pub struct JobState {
    /// Identifier.
    pub id: Id<Self>,
    /// The queue's table with its schema, or module and function of a schedule.
    pub name: Text<255>,
    /// Nothing is started while this holds.
    #[entity(default = false)]
    pub paused: bool,
    /// Where the schedule stands; a queue's own rows have theirs.
    #[entity(default = "pending")]
    pub status: JobStatus,
    /// Runs since the last one that succeeded.
    #[entity(default = 0)]
    pub attempts: i32,
    /// When the schedule is due.
    pub run_at: Timestamp,
    /// When it last succeeded.
    pub last_run_at: Option<Timestamp>,
    /// Who works on it.
    #[entity(read_only)]
    pub leased_by: Option<Text<255>>,
    /// Until when nobody else may.
    #[entity(read_only)]
    pub leased_until: Option<Timestamp>,
    /// Why the last run failed.
    pub last_error: Option<Text<4000>>,
    /// When it was first seen.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
