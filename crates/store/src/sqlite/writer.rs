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
use super::recent::{Recent, Round};
use super::session::{Command, Reply, Session};
use super::tables::Tables;
use super::{insert, run, words};
use crate::error::{ErrorKind, Result};
use crate::write::Insert;
use rusqlite::Connection;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;
use uuid::Uuid;

/// Recent rows that a round settles, together with those of the organisations they belong to.
const RECENT_ROWS: usize = 4_096;
/// Recent rows that settle in one transaction, or somewhat more: some milliseconds' worth.
const SETTLED_ROWS: usize = 512;
/// How long there is nothing to do before recent rows settle.
const IDLE: Duration = Duration::from_millis(100);

/// What the writer is asked to do.
pub(super) enum Job {
    /// Plain inserts of one request, all or nothing.
    Insert { inserts: Vec<Insert>, reply: Reply<()> },
    /// A transaction that a caller steers.
    Transaction(Session),
    /// Recent rows of an organisation, or of all, are to settle.
    Settle { tenant: Option<Uuid>, reply: Reply<()> },
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
    pub(super) recent: Arc<Recent>,
    /// Recent rows on their way.
    pub(super) round: Option<Round>,
    pub(super) checkpoints: Checkpoints,
    pub(super) deadline: Deadline,
    /// Longest pause between two steps of a transaction.
    pub(super) idle_timeout: Duration,
    /// Longest run of one statement of a transaction.
    pub(super) statement_timeout: Duration,
    /// Requests that still take a savepoint each; see [`super::batch`].
    pub(super) careful: Cell<u32>,
    /// Open while retention removes rows.
    pub(super) guard: Arc<AtomicBool>,
}

impl Writer {
    /// Works until the queue is closed and empty; gives the connection back to be closed last.
    pub(super) fn run(mut self) -> Option<Connection> {
        let queue = self.queue.clone();
        let _abandon = Abandon(&queue);
        loop {
            let done = if self.has_recent() && !queue.wait(IDLE) {
                catch_unwind(AssertUnwindSafe(|| _ = self.settle_some()))
            } else {
                let Some(job) = queue.pop() else { break };
                catch_unwind(AssertUnwindSafe(|| self.work(job)))
            };
            // Whoever waited for what panicked is told by the drop of his reply.
            if done.is_err() && self.undo_batch().is_err() {
                tracing::error!("the writer can't go on after a panic");
                return None;
            }
        }
        while self.has_recent() && self.settle_some() {}
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
        if self.round.is_some() || self.recent.rows() >= RECENT_ROWS {
            self.settle_some();
        }
        self.checkpoints.tend(&self.connection, &self.progress, &self.quick);
    }

    fn has_recent(&self) -> bool {
        self.round.is_some() || self.recent.rows() > 0
    }

    /// Settles some recent rows in a transaction of their own; false if that failed.
    fn settle_some(&mut self) -> bool {
        let mut round = self.round.take();
        match self.settle_round(&mut round) {
            Ok(()) => {
                self.round = round;
                true
            }
            Err(error) => {
                // They wait for the next round.
                tracing::error!(%error, "recent rows did not settle");
                // A transaction that can't be undone is found by the next one.
                let _ = self.undo_batch();
                false
            }
        }
    }

    fn settle_round(&self, round: &mut Option<Round>) -> Result<()> {
        let (connection, tables) = (&self.connection, &*self.tables);
        self.command("BEGIN IMMEDIATE")?;
        let current = match round {
            Some(current) => current,
            None => round.insert(self.recent.round(connection, tables)?),
        };
        let finished = self.recent.step(connection, tables, current, SETTLED_ROWS)?;
        self.command("COMMIT")?;
        self.progress.committed();
        if finished {
            self.recent.confirm(Recent::finished(current));
            *round = None;
        }
        Ok(())
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
                    let _open = session.access.is_retention().then(|| Open::guard(&self.guard));
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
        let (connection, tables, recent) = (&self.connection, &*self.tables, &*self.recent);
        let tenant = session.access.tenant();
        // Not confirmed: the transaction may yet be undone.
        let settle = |is_concerned: bool| {
            if is_concerned {
                recent.settle(connection, tables, tenant)?;
            }
            Ok(())
        };
        match command {
            Command::Read { assembly, reply } => {
                let settled = settle(recent.concerns_read(&assembly, tenant));
                answer(reply, settled.and_then(|()| run::read(connection, tables, *assembly)))
            }
            Command::Fetch { statement, kinds, reply } => {
                let settled = settle(recent.concerns_text(&statement.sql, tenant));
                let fetch = || run::fetch(connection, tables, &statement, &kinds);
                answer(reply, settled.and_then(|()| fetch()))
            }
            Command::Execute { statement, reply } => {
                let settled = settle(recent.concerns_text(&statement.sql, tenant));
                let execute = || run::execute(connection, tables, &statement);
                answer(reply, settled.and_then(|()| execute()))
            }
            Command::Insert { insert, reply } => {
                let settled = settle(insert::needs_settled(recent, &insert, tenant));
                let access = &session.access;
                let apply = || insert::apply(connection, tables, recent, access, &insert);
                answer(reply, settled.and_then(|()| apply()))
            }
            Command::AddWords { table, rows, reply } => {
                answer(reply, words::add_later(connection, tables, &table, &rows))
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

/// Lets rows of append-only tables go as long as it lives.
struct Open<'a>(&'a AtomicBool);

impl<'a> Open<'a> {
    fn guard(guard: &'a AtomicBool) -> Self {
        guard.store(true, Ordering::Relaxed);
        Self(guard)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// However the thread ends, nobody waits for it any longer.
struct Abandon<'a>(&'a Queue<Job>);

impl Drop for Abandon<'_> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}
