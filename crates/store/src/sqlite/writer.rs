//! The one thread that writes.
//!
//! Requests that wait are written one after another into one transaction of the file and are
//! answered after its commit has been synced. Batches form while the previous one is synced;
//! nobody waits for more company. A request that fails undoes itself alone.

use super::connection::Deadline;
use super::error::resolve;
use super::queue::Queue;
use super::session::{Command, Reply, Session};
use super::tables::Tables;
use super::{insert, run};
use crate::error::{Error, ErrorKind, Result};
use crate::write::Insert;
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

/// Most requests in one commit.
const BATCH: usize = 512;
/// A batch takes no more requests after this time, so that those in it don't wait long.
const BATCH_TIME: Duration = Duration::from_millis(10);

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
    /// Counts commits, so that readers know when their snapshot is old.
    pub(super) commits: Arc<AtomicU64>,
    pub(super) deadline: Deadline,
    /// Longest pause between two steps of a transaction.
    pub(super) idle_timeout: Duration,
    /// Longest run of one statement of a transaction.
    pub(super) statement_timeout: Duration,
}

/// A request that was written and waits for the commit, or that failed.
struct Written {
    reply: Reply<()>,
    result: Result<()>,
}

impl Writer {
    /// Works until the queue is closed and empty.
    pub(super) fn run(mut self) {
        let queue = self.queue.clone();
        let _abandon = Abandon(&queue);
        while let Some(job) = queue.pop() {
            let done = catch_unwind(AssertUnwindSafe(|| self.work(job)));
            // Whoever waited for what panicked is told by the drop of his reply.
            if done.is_err() && self.undo_batch().is_err() {
                tracing::error!("the writer can't go on after a panic");
                return;
            }
        }
        let checkpoint =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        if let Err(error) = checkpoint {
            tracing::warn!(%error, "the write-ahead log stays behind");
        }
    }

    fn work(&mut self, job: Job) {
        let exclusive = match job {
            Job::Exclusive(work) => Some(work),
            job => self.batch(job),
        };
        if let Some(work) = exclusive {
            work(&mut self.connection);
            self.commits.fetch_add(1, Ordering::Release);
        }
    }

    /// Writes what waits, commits and answers. Gives back work that needs the connection alone.
    fn batch(&self, first: Job) -> Option<Exclusive> {
        let mut written = Vec::new();
        let mut exclusive = None;
        let result = self.command("BEGIN IMMEDIATE");
        if let Err(error) = result {
            refuse(first, error);
            return None;
        }
        let began = Instant::now();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            match job {
                Job::Insert { inserts, reply } => {
                    written.push(Written { reply, result: self.insert(&inserts) });
                }
                Job::Transaction(session) => written.extend(self.serve(&session)),
                Job::Exclusive(work) => {
                    exclusive = Some(work);
                    break;
                }
            }
            if self.connection.is_autocommit() {
                break;
            }
            if written.len() < BATCH && began.elapsed() < BATCH_TIME {
                next = self.queue.try_pop();
            }
        }
        let outcome = self.commit();
        for Written { reply, result } in written {
            let _ = reply.send(result.and_then(|()| outcome.clone()));
        }
        exclusive
    }

    fn commit(&self) -> Result<()> {
        if self.connection.is_autocommit() {
            // `SQLite` gave the whole transaction up: out of space, or a statement was stopped.
            return Err(ErrorKind::Conflict.into());
        }
        let result = self.command("COMMIT");
        match result {
            Ok(()) => {
                self.commits.fetch_add(1, Ordering::Release);
            }
            Err(_) => self.undo_batch()?,
        }
        result
    }

    fn undo_batch(&self) -> Result<()> {
        self.deadline.clear();
        if self.connection.is_autocommit() { Ok(()) } else { self.command("ROLLBACK") }
    }

    /// Writes the inserts of one request.
    fn insert(&self, inserts: &[Insert]) -> Result<()> {
        let rows: usize = inserts.iter().map(|i| i.rows.len()).sum();
        // A single row that fails has undone itself.
        let savepoint = rows > 1;
        if savepoint {
            self.command("SAVEPOINT request")?;
        }
        let result =
            inserts.iter().try_for_each(|i| insert::plain(&self.connection, &self.tables, i));
        if savepoint {
            self.end_savepoint(result.is_ok())?;
        }
        result
    }

    /// Runs the steps of a transaction. Gives what waits for the commit.
    fn serve(&self, session: &Session) -> Option<Written> {
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
        committed.map(|reply| Written { reply, result })
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

    fn end_savepoint(&self, keep: bool) -> Result<()> {
        if self.connection.is_autocommit() {
            return Ok(());
        }
        if !keep {
            self.command("ROLLBACK TO request")?;
        }
        self.command("RELEASE request")
    }

    fn command(&self, sql: &str) -> Result<()> {
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

fn refuse(job: Job, error: Error) {
    match job {
        Job::Insert { reply, .. } => drop(reply.send(Err(error))),
        // The first reason stays.
        Job::Transaction(session) => drop(session.ended.set(error)),
        Job::Exclusive(_) => {}
    }
}

/// However the thread ends, nobody waits for it any longer.
struct Abandon<'a>(&'a Queue<Job>);

impl Drop for Abandon<'_> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}
