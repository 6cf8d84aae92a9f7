//! The threads that read.

use super::connection::Deadline;
use super::error::fault;
use super::progress::Progress;
use super::queue::Queue;
use super::run;
use super::session::Reply;
use super::tables::Tables;
use crate::assemble::{Assembly, Reading};
use crate::error::Result;
use crate::statement::Statement;
use mainstay_entity::{Kind, Record};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// Reads after which a snapshot is renewed in any case: another process may have written.
const SNAPSHOT_READS: u32 = 64;

/// What a reader is asked to do.
pub(super) enum Job {
    /// Records as bytes.
    Read { assembly: Box<Assembly>, reply: Reply<Reading> },
    /// Rows as values.
    Fetch { statement: Statement, kinds: Vec<Kind>, reply: Reply<Vec<Record>> },
}

impl Job {
    /// Whether nobody waits for the answer any longer.
    fn is_moot(&self) -> bool {
        match self {
            Self::Read { reply, .. } => reply.is_closed(),
            Self::Fetch { reply, .. } => reply.is_closed(),
        }
    }
}

/// What a reader thread owns.
pub(super) struct Reader {
    pub(super) connection: Connection,
    pub(super) queue: Arc<Queue<Job>>,
    pub(super) tables: Arc<Tables>,
    pub(super) progress: Arc<Progress>,
    pub(super) deadline: Deadline,
    /// Longest run of one read.
    pub(super) timeout: Duration,
    pub(super) snapshot: Option<Snapshot>,
}

/// An open read transaction. Opening one costs as much as a small read, so it serves all reads
/// that wait, until the writer commits something.
#[derive(Clone, Copy)]
pub(super) struct Snapshot {
    commits: u64,
    reads: u32,
}

impl Reader {
    /// Works until the queue is closed and empty.
    pub(super) fn run(mut self) {
        let queue = self.queue.clone();
        loop {
            let waiting = queue.try_pop().or_else(|| {
                // An idle snapshot would keep the write-ahead log from being reused.
                self.end_snapshot();
                queue.pop()
            });
            let Some(job) = waiting else { return };
            if job.is_moot() {
                continue;
            }
            // Whoever waited for what panicked is told by the drop of his reply.
            if catch_unwind(AssertUnwindSafe(|| self.work(job))).is_err() {
                self.end_snapshot();
            }
        }
    }

    fn work(&mut self, job: Job) {
        let fresh = self.renew_snapshot();
        self.deadline.start(self.timeout);
        let (connection, tables) = (&self.connection, &*self.tables);
        // A caller that has gone away needs no answer.
        match job {
            Job::Read { assembly, reply } => {
                let _ = reply.send(fresh.and_then(|()| run::read(connection, tables, *assembly)));
            }
            Job::Fetch { statement, kinds, reply } => {
                let fetch = || run::fetch(connection, tables, &statement, &kinds);
                let _ = reply.send(fresh.and_then(|()| fetch()));
            }
        }
        self.deadline.clear();
    }

    fn renew_snapshot(&mut self) -> Result<()> {
        // Read before the snapshot is taken, so that it is never younger than it says.
        let commits = self.progress.commits();
        if let Some(snapshot) = &mut self.snapshot {
            if snapshot.commits == commits
                && snapshot.reads < SNAPSHOT_READS
                && !self.progress.log_ends()
            {
                snapshot.reads += 1;
                return Ok(());
            }
            self.end_snapshot();
        }
        self.connection.prepare_cached("BEGIN").and_then(|mut s| s.raw_execute()).map_err(fault)?;
        self.snapshot = Some(Snapshot { commits, reads: 1 });
        Ok(())
    }

    fn end_snapshot(&mut self) {
        if self.snapshot.take().is_none() {
            return;
        }
        let ended = self.connection.prepare_cached("COMMIT").and_then(|mut s| s.raw_execute());
        if let Err(error) = ended {
            tracing::warn!(%error, "a read transaction did not end");
        }
    }
}
