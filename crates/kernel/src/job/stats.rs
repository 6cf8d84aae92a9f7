//! What the jobs of one server have done.

use jiff::Timestamp;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What this server did with one queue since its start, and how the queue stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobStats {
    /// The queue's table with its schema, or `schedules`.
    pub queue: String,
    /// Attempts begun.
    pub claimed: u64,
    /// Attempts that succeeded.
    pub done: u64,
    /// Attempts that failed and will be repeated.
    pub failed: u64,
    /// Attempts that failed for good.
    pub dead: u64,
    /// Attempts that outlived their lease; another server has the row.
    pub lost: u64,
    /// Attempts that run now.
    pub running: u64,
    /// How long the oldest row has been due at the last look; none when nothing is due.
    pub oldest_due: Option<Duration>,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    Failed,
    Dead,
    Lost,
}

/// The counters behind [`JobStats`].
#[derive(Default)]
pub(super) struct Counters {
    claimed: AtomicU64,
    done: AtomicU64,
    failed: AtomicU64,
    dead: AtomicU64,
    lost: AtomicU64,
    oldest_due_at: Mutex<Option<Timestamp>>,
}

impl Counters {
    pub(super) fn claimed(&self, rows: usize) {
        self.claimed.fetch_add(rows as u64, Ordering::Relaxed);
    }

    pub(super) fn ended(&self, outcome: Outcome) {
        let counter = match outcome {
            Outcome::Done => &self.done,
            Outcome::Failed => &self.failed,
            Outcome::Dead => &self.dead,
            Outcome::Lost => &self.lost,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn set_oldest_due(&self, run_at: Option<Timestamp>) {
        *self.oldest_due_at.lock() = run_at;
    }

    pub(super) fn snapshot(&self, queue: &str, now: Timestamp) -> JobStats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (done, failed) = (read(&self.done), read(&self.failed));
        let (dead, lost) = (read(&self.dead), read(&self.lost));
        let claimed = read(&self.claimed);
        let age = |at: Timestamp| Duration::try_from(now.duration_since(at)).unwrap_or_default();
        JobStats {
            queue: queue.to_owned(),
            claimed,
            done,
            failed,
            dead,
            lost,
            running: claimed.saturating_sub(done + failed + dead + lost),
            oldest_due: self.oldest_due_at.lock().map(age),
        }
    }
}
