//! Requests that share a commit.
//!
//! Those that wait are written one after another into one transaction of the file and are
//! answered after its commit has been synced. Batches form while the previous one is synced;
//! nobody waits for more company. A request that fails undoes itself alone.
//!
//! A savepoint around every request would cost a tenth of the rate. So a small request has none:
//! should it fail after some of its rows were written, then the batch is undone and its other
//! requests are written again. For a while after that, every request has a savepoint, so that
//! failing requests can't slow others down.

use super::insert;
use super::recent::Settled;
use super::session::{Reply, Session};
use super::writer::{Exclusive, Job, Writer};
use crate::error::{Error, ErrorKind, Result};
use crate::write::Insert;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Most requests in one commit.
const REQUESTS: usize = 512;
/// A batch takes no more requests after this time, so that those in it don't wait long.
const TIME: Duration = Duration::from_millis(10);
/// Requests of more rows have a savepoint: it costs them little, and writing them again much.
const SMALL: usize = 8;
/// Requests that have a savepoint after a batch had to be written again.
const CAREFUL: u32 = 4_096;

/// A request that waits for the commit or that failed.
pub(super) struct Written {
    reply: Reply<()>,
    result: Result<()>,
    again: Again,
}

/// How to write a request again.
enum Again {
    Inserts(Vec<Insert>),
    /// Of an organisation or of all.
    Settle(Option<Uuid>, Option<Settled>),
    /// The steps of a transaction are gone.
    Impossible,
}

impl Written {
    pub(super) fn transaction(reply: Reply<()>, result: Result<()>) -> Self {
        Self { reply, result, again: Again::Impossible }
    }
}

impl Writer {
    /// Writes what waits, commits and answers. Gives back work that needs the connection alone.
    pub(super) fn batch(&self, first: Job) -> Option<Exclusive> {
        if let Err(error) = self.command("BEGIN IMMEDIATE") {
            refuse(first, error);
            return None;
        }
        let began = Instant::now();
        let mut written = Vec::new();
        let mut exclusive = None;
        let mut next = Some(first);
        while let Some(job) = next.take() {
            match job {
                Job::Insert { inserts, reply } => self.request(&mut written, inserts, reply),
                Job::Transaction(session) => self.transaction(&mut written, &session),
                Job::Settle { tenant, reply } => {
                    self.settle(&mut written, tenant, reply);
                }
                Job::Exclusive(work) => {
                    exclusive = Some(work);
                    break;
                }
            }
            if self.connection.is_autocommit() {
                break;
            }
            if written.len() < REQUESTS && began.elapsed() < TIME {
                next = self.queue.try_pop();
            }
        }
        let outcome = self.commit();
        for Written { reply, result, again } in written {
            if let (Ok(()), Ok(()), Again::Settle(_, Some(settled))) = (&outcome, &result, again) {
                self.recent.confirm(settled);
            }
            // A caller that has gone away needs no answer.
            let _ = reply.send(result.and_then(|()| outcome.clone()));
        }
        exclusive
    }

    fn commit(&self) -> Result<()> {
        if self.connection.is_autocommit() {
            return Err(ErrorKind::Conflict.into());
        }
        let result = self.command("COMMIT");
        match result {
            Ok(()) => {
                self.progress.committed();
            }
            Err(_) => self.undo_batch()?,
        }
        result
    }

    /// Undoes everything since the last commit.
    pub(super) fn undo_batch(&self) -> Result<()> {
        self.deadline.clear();
        if self.connection.is_autocommit() { Ok(()) } else { self.command("ROLLBACK") }
    }

    /// Adds a request of plain inserts to the batch.
    fn request(&self, written: &mut Vec<Written>, inserts: Vec<Insert>, reply: Reply<()>) {
        let rows: usize = inserts.iter().map(|i| i.rows.len()).sum();
        let careful = self.careful.get();
        self.careful.set(careful.saturating_sub(1));
        // A transaction can't be written again.
        let has_transaction =
            written.iter().any(|w| w.result.is_ok() && matches!(w.again, Again::Impossible));
        let result = if rows > 1 && (rows > SMALL || careful > 0 || has_transaction) {
            self.insert_within_savepoint(&inserts)
        } else {
            let before = self.connection.total_changes();
            let result = self.insert(&inserts);
            if result.is_err() && self.connection.total_changes() > before {
                self.careful.set(CAREFUL);
                self.write_again(written);
            }
            result
        };
        written.push(Written { reply, result, again: Again::Inserts(inserts) });
        self.survive(written);
    }

    /// Adds a transaction to the batch.
    fn transaction(&self, written: &mut Vec<Written>, session: &Session) {
        written.extend(self.serve(session));
        self.survive(written);
    }

    /// Settles recent rows with the batch.
    fn settle(&self, written: &mut Vec<Written>, tenant: Option<Uuid>, reply: Reply<()>) {
        let (result, settled) = told(self.settle_within_savepoint(tenant));
        written.push(Written { reply, result, again: Again::Settle(tenant, settled) });
        self.survive(written);
    }

    fn settle_within_savepoint(&self, tenant: Option<Uuid>) -> Result<Settled> {
        self.command("SAVEPOINT request")?;
        let settled = self.recent.settle(&self.connection, &self.tables, tenant);
        self.end_savepoint(settled.is_ok())?;
        settled
    }

    /// Writes the batch again if `SQLite` gave it up, as it does when it is out of space or a
    /// change is stopped.
    fn survive(&self, written: &mut [Written]) {
        if self.connection.is_autocommit() {
            self.write_again(written);
        }
    }

    fn write_again(&self, written: &mut [Written]) {
        let begun = self.undo_batch().and_then(|()| self.command("BEGIN IMMEDIATE"));
        for Written { result, again, .. } in written.iter_mut().filter(|w| w.result.is_ok()) {
            *result = match (&begun, again) {
                (Err(error), _) => Err(error.clone()),
                (Ok(()), _) if self.connection.is_autocommit() => Err(ErrorKind::Conflict.into()),
                (Ok(()), Again::Inserts(inserts)) => self.insert_within_savepoint(inserts),
                (Ok(()), Again::Settle(tenant, settled)) => {
                    let result;
                    (result, *settled) = told(self.settle_within_savepoint(*tenant));
                    result
                }
                (Ok(()), Again::Impossible) => Err(ErrorKind::Conflict.into()),
            };
        }
        if self.connection.is_autocommit() {
            // Given up once more, with what was written again.
            for one in written.iter_mut().filter(|w| w.result.is_ok()) {
                one.result = Err(ErrorKind::Conflict.into());
            }
        }
    }

    fn insert_within_savepoint(&self, inserts: &[Insert]) -> Result<()> {
        self.command("SAVEPOINT request")?;
        let result = self.insert(inserts);
        self.end_savepoint(result.is_ok())?;
        result
    }

    fn insert(&self, inserts: &[Insert]) -> Result<()> {
        let (connection, tables, recent) = (&self.connection, &*self.tables, &*self.recent);
        inserts.iter().try_for_each(|insert| {
            let tenant = insert::tenant_of(insert);
            if insert::needs_settled(recent, insert, tenant) {
                recent.settle(connection, tables, tenant)?;
            }
            insert::plain(connection, tables, recent, insert)
        })
    }
}

fn told(settled: Result<Settled>) -> (Result<()>, Option<Settled>) {
    match settled {
        Ok(settled) => (Ok(()), Some(settled)),
        Err(error) => (Err(error), None),
    }
}

fn refuse(job: Job, error: Error) {
    match job {
        Job::Insert { reply, .. } | Job::Settle { reply, .. } => {
            drop(reply.send(Err(error)));
        }
        // The first reason stays.
        Job::Transaction(session) => drop(session.ended.set(error)),
        Job::Exclusive(_) => {}
    }
}
