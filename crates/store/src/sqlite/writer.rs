//! The one thread that writes.
//!
//! It serves one request at a time: plain inserts in batches that share a commit
//! ([`super::batch`]), transactions that a caller steers as a part of such a batch, and work that
//! needs the connection for itself.

use super::batch::Written;
use super::checkpoint::Checkpoints;
use super::connection::Deadline;
use super::error::resolve;
use super::progress::Progress;
use super::queue::Queue;
use super::quick::Quick;
use super::session::{Command, Reply, Session};
use super::tables::Tables;
use super::{insert, run};
use crate::error::{ErrorKind, Result};
use crate::write::Insert;
use rusqlite::Connection;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

/// What the writer is asked to do.
pub(super) enum Job {
    /// Plain inserts of one request, all or nothing.
    Insert { inserts: Vec<Insert>, reply: Reply<()> },
    /// A transaction that a caller steers.
    Transaction(Session),
    /// Something that needs the connection for itself, outside a transaction.
    Exclusive(Exclusive),
}

/// Work on the bare connection.
pub(super) type Exclusive = Box<dyn FnOnce(&mut Connection) + Send>;

/// What the writer thread owns.
pub(super) struct Writer {
    pub(super) connection: Connection,
    pub(super) queue: Arc<Queue<Job>>,
    pub(super) tables: Arc<Tables>,
    pub(super) progress: Arc<Progress>,
    pub(super) quick: Arc<Quick>,
    pub(super) checkpoints: Checkpoints,
    pub(super) deadline: Deadline,
    /// Longest pause between two steps of a transaction.
    pub(super) idle_timeout: Duration,
    /// Longest run of one statement of a transaction.
    pub(super) statement_timeout: Duration,
    /// Requests that still take a savepoint each; see [`super::batch`].
    pub(super) careful: Cell<u32>,
}

impl Writer {
    /// Works until the queue is closed and empty; gives the connection back to be closed last.
    pub(super) fn run(mut self) -> Option<Connection> {
        let queue = self.queue.clone();
        let _abandon = Abandon(&queue);
        while let Some(job) = queue.pop() {
            let done = catch_unwind(AssertUnwindSafe(|| self.work(job)));
            // Whoever waited for what panicked is told by the drop of his reply.
            if done.is_err() && self.undo_batch().is_err() {
                tracing::error!("the writer can't go on after a panic");
                return None;
            }
        }
        Some(self.connection)
    }

    fn work(&mut self, job: Job) {
        let exclusive = match job {
            Job::Exclusive(work) => Some(work),
            job => self.batch(job),
        };
        if let Some(work) = exclusive {
            work(&mut self.connection);
            self.progress.committed();
        }
        self.checkpoints.tend(&self.connection, &self.progress, &self.quick);
    }

    /// Runs the steps of a transaction. Gives what waits for the commit.
    pub(super) fn serve(&self, session: &Session) -> Option<Written> {
        let mut failed = self.command("SAVEPOINT request").err();
        let committed = loop {
            let command = match session.commands.recv_timeout(self.idle_timeout) {
                Ok(command) => command,
                Err(RecvTimeoutError::Disconnected) => break None,
                Err(RecvTimeoutError::Timeout) => {
                    // The first reason stays.
                    let _ = session.ended.set(ErrorKind::Timeout.into());
                    break None;
                }
            };
            match (command, &failed) {
                (command @ Command::Commit { .. }, Some(error)) => {
                    command.refuse(error.clone());
                    break None;
                }
                (command, Some(error)) => command.refuse(error.clone()),
                (Command::Commit { reply }, None) => break Some(reply),
                (command, None) => {
                    self.deadline.start(self.statement_timeout);
                    failed = self.step(session, command).err();
                    self.deadline.clear();
                }
            }
            if self.connection.is_autocommit() {
                // The savepoint is gone with the whole batch.
                let _ = session.ended.set(failed.unwrap_or_else(|| ErrorKind::Conflict.into()));
                return None;
            }
        };
        let result = self.end_savepoint(committed.is_some());
        committed.map(|reply| Written::transaction(reply, result))
    }

    fn step(&self, session: &Session, command: Command) -> Result<()> {
        let (connection, tables) = (&self.connection, &*self.tables);
        match command {
            Command::Read { assembly, reply } => {
                answer(reply, run::read(connection, tables, *assembly))
            }
            Command::Fetch { statement, kinds, reply } => {
                answer(reply, run::fetch(connection, tables, &statement, &kinds))
            }
            Command::Execute { statement, reply } => {
                answer(reply, run::execute(connection, tables, &statement))
            }
            Command::Insert { insert, reply } => {
                answer(reply, insert::apply(connection, tables, &session.access, &insert))
            }
            Command::Commit { reply } => answer(reply, Ok(())),
        }
    }

    pub(super) fn end_savepoint(&self, keep: bool) -> Result<()> {
        if self.connection.is_autocommit() {
            return Ok(());
        }
        if !keep {
            self.command("ROLLBACK TO request")?;
        }
        self.command("RELEASE request")
    }

    /// Runs SQL that takes and gives nothing.
    pub(super) fn command(&self, sql: &str) -> Result<()> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.raw_execute())
            .map(drop)
            .map_err(|error| resolve(error, &self.tables))
    }
}

/// Sends the answer to a step; gives its error too.
fn answer<T>(reply: Reply<T>, result: Result<T>) -> Result<()> {
    let failed = result.as_ref().err().cloned();
    let _ = reply.send(result);
    failed.map_or(Ok(()), Err)
}

/// However the thread ends, nobody waits for it any longer.
struct Abandon<'a>(&'a Queue<Job>);

impl Drop for Abandon<'_> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}
