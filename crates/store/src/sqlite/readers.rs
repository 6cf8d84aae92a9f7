//! The threads that read.

use super::connection::Deadline;
use super::progress::Progress;
use super::queue::Queue;
use super::run;
use super::session::Reply;
use super::snapshot::Snapshot;
use super::tables::Tables;
use crate::assemble::{Assembly, Reading};
use crate::statement::Statement;
use mainstay_entity::{Kind, Record};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

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
    pub(super) snapshot: Snapshot,
}

impl Reader {
    /// Works until the queue is closed and empty.
    pub(super) fn run(mut self) {
        let queue = self.queue.clone();
        loop {
            let waiting = queue.try_pop().or_else(|| {
                // An idle snapshot would keep the write-ahead log from being reused.
                self.snapshot.end(&self.connection);
                queue.pop()
            });
            let Some(job) = waiting else { return };
            if job.is_moot() {
                continue;
            }
            // Whoever waited for what panicked is told by the drop of his reply.
            if catch_unwind(AssertUnwindSafe(|| self.work(job))).is_err() {
                self.snapshot.end(&self.connection);
            }
        }
    }

    fn work(&mut self, job: Job) {
        let fresh = self.snapshot.renew(&self.connection, &self.progress);
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
}
