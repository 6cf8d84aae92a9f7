//! Transactions of one request: what they ask of the writer thread, and how they ask.

use super::queue::{Queue, closed};
use super::writer::Job;
use crate::access::Access;
use crate::assemble::{Answer, Assembly, Reading};
use crate::error::{Error, Result};
use crate::reach;
use crate::statement::Statement;
use crate::write::{Insert, Outcome};
use mainstay_entity::{Kind, Record, Table};
use std::sync::{Arc, OnceLock, mpsc};
use tokio::sync::oneshot;

/// Where the answer to a request goes.
pub(super) type Reply<T> = oneshot::Sender<Result<T>>;

/// One step of a transaction.
pub(super) enum Command {
    Read { assembly: Box<Assembly>, reply: Reply<Reading> },
    Fetch { statement: Statement, kinds: Vec<Kind>, reply: Reply<Vec<Record>> },
    Execute { statement: Statement, reply: Reply<u64> },
    Insert { insert: Insert, reply: Reply<Vec<Outcome>> },
    AddWords { table: Arc<Table>, rows: Vec<Record>, reply: Reply<()> },
    Commit { reply: Reply<()> },
}

impl Command {
    /// Answers with an error without doing anything.
    pub(super) fn refuse(self, error: Error) {
        // A caller that has gone away needs no answer; so with all answers below.
        match self {
            Self::Read { reply, .. } => drop(reply.send(Err(error))),
            Self::Fetch { reply, .. } => drop(reply.send(Err(error))),
            Self::Execute { reply, .. } => drop(reply.send(Err(error))),
            Self::Insert { reply, .. } => drop(reply.send(Err(error))),
            Self::AddWords { reply, .. } | Self::Commit { reply } => {
                drop(reply.send(Err(error)));
            }
        }
    }
}

/// The writer's end of a transaction.
pub(super) struct Session {
    /// Steps in order; disconnected when the transaction is dropped.
    pub(super) commands: mpsc::Receiver<Command>,
    /// Whose transaction it is.
    pub(super) access: Access,
    /// Why the writer gave the transaction up.
    pub(super) ended: Arc<OnceLock<Error>>,
}

/// A transaction of one request. Dropped without a commit it leaves nothing behind.
///
/// It takes the writer with its first step, so preparing a request holds nobody up. After an
/// error every further step fails with that error, as in `PostgreSQL`.
pub(crate) struct SqliteTransaction {
    queue: Arc<Queue<Job>>,
    access: Access,
    /// Which rows may be written now.
    reach: Access,
    commands: Option<mpsc::Sender<Command>>,
    ended: Arc<OnceLock<Error>>,
}

impl SqliteTransaction {
    pub(super) fn new(queue: Arc<Queue<Job>>, access: Access) -> Self {
        Self { queue, reach: access.clone(), access, commands: None, ended: Arc::default() }
    }

    /// Runs the statements of an assembly; sees the transaction's own changes.
    pub(crate) async fn read(&mut self, assembly: Assembly) -> Result<Answer> {
        let assembly = Box::new(assembly);
        self.ask(|reply| Command::Read { assembly, reply }).await?.whole()
    }

    /// Rows of one statement as values of the given kinds.
    pub(crate) async fn fetch(
        &mut self,
        statement: Statement,
        kinds: Vec<Kind>,
    ) -> Result<Vec<Record>> {
        self.ask(|reply| Command::Fetch { statement, kinds, reply }).await
    }

    /// Runs a change; tells how many rows it touched.
    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64> {
        self.ask(|reply| Command::Execute { statement, reply }).await
    }

    /// Goes on with another reach, of which new rows must be.
    pub(crate) fn switch(&mut self, access: &Access) {
        self.reach = access.clone();
    }

    /// Inserts or upserts rows; tells what became of each.
    pub(crate) async fn insert(&mut self, insert: Insert) -> Result<Vec<Outcome>> {
        for row in &insert.rows {
            reach::check(&self.reach, &insert.table, row)?;
        }
        self.ask(|reply| Command::Insert { insert, reply }).await
    }

    /// Writes the words of rows of a table that is searched later.
    pub(crate) async fn add_words_later(
        &mut self,
        table: &Arc<Table>,
        rows: Vec<Record>,
    ) -> Result<()> {
        let table = table.clone();
        self.ask(|reply| Command::AddWords { table, rows, reply }).await
    }

    /// Makes the changes durable; returns when they are.
    pub(crate) async fn commit(mut self) -> Result<()> {
        if self.commands.is_none() {
            return Ok(());
        }
        self.ask(|reply| Command::Commit { reply }).await
    }

    /// Undoes the changes.
    #[expect(clippy::unused_async, reason = "the same on both engines")]
    pub(crate) async fn rollback(self) {
        drop(self);
    }

    async fn ask<T>(&mut self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let command = command(reply);
        if let Some(commands) = &self.commands {
            commands.send(command).map_err(|_| self.why_ended())?;
        } else {
            let (commands, receiver) = mpsc::channel();
            commands.send(command).map_err(|_| closed())?;
            let (access, ended) = (self.access.clone(), self.ended.clone());
            let session = Session { commands: receiver, access, ended };
            self.queue.push(Job::Transaction(session)).await?;
            self.commands = Some(commands);
        }
        answer.await.unwrap_or_else(|_| Err(self.why_ended()))
    }

    fn why_ended(&self) -> Error {
        self.ended.get().cloned().unwrap_or_else(closed)
    }
}
