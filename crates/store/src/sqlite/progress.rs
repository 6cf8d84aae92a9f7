//! What the readers need to know of the writer.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How far the writer is.
#[derive(Default)]
pub(super) struct Progress {
    commits: AtomicU64,
    log_ends: AtomicBool,
}

impl Progress {
    /// Something was committed. Called before anybody is told.
    pub(super) fn committed(&self) {
        self.commits.fetch_add(1, Ordering::Release);
    }

    /// How many commits there were.
    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }

    /// Asks the readers to leave the write-ahead log, or no longer.
    pub(super) fn set_log_ends(&self, ends: bool) {
        self.log_ends.store(ends, Ordering::Release);
    }

    /// Whether a snapshot should not outlast its read.
    pub(super) fn log_ends(&self) -> bool {
        self.log_ends.load(Ordering::Acquire)
    }
}
