//! The embedded engine: one file, one thread that writes, some that read.

mod aggregate;
mod batch;
mod bind;
mod cast;
mod checkpoint;
pub(crate) mod connection;
mod error;
mod exact;
mod foreign_key;
mod functions;
mod insert;
mod lookup;
mod progress;
mod queue;
mod quick;
mod readers;
mod recent;
mod row;
mod run;
mod session;
mod snapshot;
mod stream;
mod tables;
mod upsert;
mod words;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use session::SqliteTransaction;

use crate::access::Access;
use crate::assemble::{Answer, Assembly, Flow, Reading};
use crate::error::{Error, Result};
use crate::statement::Statement;
use crate::stream::{Body, Streams};
use crate::write::Insert;
use connection::Deadline;
use mainstay_entity::{Catalog, Kind, Record};
use parking_lot::Mutex;
use progress::Progress;
use queue::{Queue, closed};
use quick::Quick;
use readers::Reader;
use recent::Recent;
use rusqlite::Connection;
use snapshot::Snapshot;
use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;
use std::time::Duration;
use tables::Tables;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use uuid::Uuid;
use writer::Writer;

/// How long a large answer waits for a place.
const STREAM_PATIENCE: Duration = Duration::from_secs(5);

/// How an embedded file is used.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SqliteConfig {
    /// The file. Its folder exists; the log and its index stand beside it.
    pub path: PathBuf,
    /// Threads that read, and as many connections for reads of one row.
    pub readers: usize,
    /// Requests that may wait for the writer, and as many for the readers.
    pub queue: usize,
    /// How long a request waits for a place in a full queue.
    pub patience: Duration,
    /// Longest run of one read.
    pub read_timeout: Duration,
    /// Longest run of one statement of a transaction.
    pub write_timeout: Duration,
    /// Longest pause between two steps of a transaction, which nobody else can write in.
    pub idle_timeout: Duration,
    /// Large answers that are sent at a time, each with one more connection.
    pub streams: usize,
    /// Longest time to read and send a large answer. Until its end the log can't be reused.
    pub stream_timeout: Duration,
}

impl SqliteConfig {
    /// The defaults: a reader per core and at least two, 4,096 waiting requests that wait half a
    /// second for a place, 10 s for a read, 30 s for a change, 5 s between two steps, 4 large
    /// answers of 2 minutes.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            path: path.into(),
            readers: cores.max(2),
            queue: 4_096,
            patience: Duration::from_millis(500),
            read_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(5),
            streams: 4,
            stream_timeout: Duration::from_mins(2),
        }
    }
}

/// An open file.
pub(crate) struct SqliteEngine {
    writes: Arc<Queue<writer::Job>>,
    reads: Arc<Queue<readers::Job>>,
    quick: Arc<Quick>,
    recent: Arc<Recent>,
    streams: Streams,
    path: PathBuf,
    tables: Arc<Tables>,
    #[cfg(test)]
    progress: Arc<Progress>,
    threads: Mutex<Option<Threads>>,
}

struct Threads {
    /// Gives its connection back, to be closed when no other is open.
    writer: JoinHandle<Option<Connection>>,
    others: Vec<JoinHandle<()>>,
}

impl SqliteEngine {
    /// Opens a file, making an empty one if there is none.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`](crate::ErrorKind::Unavailable) when it can't be opened.
    pub(crate) async fn open(config: SqliteConfig, catalog: Arc<Catalog>) -> Result<Self> {
        blocking(move || Self::start(&config, &catalog)).await?
    }

    fn start(config: &SqliteConfig, catalog: &Arc<Catalog>) -> Result<Self> {
        let tables = Arc::new(Tables::new(catalog.clone()));
        let progress = Arc::new(Progress::default());
        let connection = connection::open_writer(&config.path)?;
        let readers = config.readers.max(1);
        let quick = Quick::open(
            &config.path,
            readers,
            tables.clone(),
            progress.clone(),
            config.read_timeout,
        )?;
        let recent = Arc::new(Recent::new(catalog)?);
        recent.open(&connection)?;
        let guard = Arc::new(AtomicBool::new(false));
        functions::register_guard(&connection, guard.clone()).map_err(error::fault)?;
        let engine = Self {
            quick: Arc::new(quick),
            recent: recent.clone(),
            streams: Streams::new(config.streams, config.stream_timeout, STREAM_PATIENCE),
            path: config.path.clone(),
            tables: tables.clone(),
            #[cfg(test)]
            progress: progress.clone(),
            writes: Arc::new(Queue::new(config.queue, config.patience)),
            reads: Arc::new(Queue::new(config.queue, config.patience)),
            threads: Mutex::default(),
        };
        let (checkpoints, copier) = checkpoint::take_over(&connection, &config.path);
        let mut others = vec![spawn("sqlite-checkpoint", move || copier.run())?];
        let writer = Writer {
            checkpoints,
            deadline: Deadline::watch(&connection),
            connection,
            queue: engine.writes.clone(),
            tables: tables.clone(),
            progress: progress.clone(),
            quick: engine.quick.clone(),
            recent,
            round: None,
            idle_timeout: config.idle_timeout,
            statement_timeout: config.write_timeout,
            careful: Cell::new(0),
            guard,
        };
        let writer = spawn("sqlite-writer", move || writer.run())?;
        for number in 0..readers {
            let connection = connection::open_reader(&config.path)?;
            let reader = Reader {
                deadline: Deadline::watch(&connection),
                connection,
                queue: engine.reads.clone(),
                tables: tables.clone(),
                progress: progress.clone(),
                timeout: config.read_timeout,
                snapshot: Snapshot::default(),
            };
            others.push(spawn(&format!("sqlite-reader-{number}"), move || reader.run())?);
        }
        *engine.threads.lock() = Some(Threads { writer, others });
        Ok(engine)
    }

    /// Runs the statements of an assembly in one snapshot. It holds every commit that was
    /// answered before.
    pub(crate) async fn read(&self, access: &Access, assembly: Assembly) -> Result<Reading> {
        if self.recent.concerns_read(&assembly, access.tenant()) {
            self.settle(access.tenant()).await?;
        }
        let assembly = match self.quick.read(Box::new(assembly)) {
            Ok(reading) => return reading,
            Err(assembly) => assembly,
        };
        self.ask(|reply| readers::Job::Read { assembly, reply }).await
    }

    /// Reads an answer again that outgrew its bounds, piece by piece.
    pub(crate) async fn stream(&self, assembly: Assembly) -> Result<Answer<Body>> {
        let (outlet, inlet) = self.streams.open().await?;
        let (path, tables, io) = (self.path.clone(), self.tables.clone(), Handle::current());
        let flow = Flow::new(assembly);
        spawn("sqlite-stream", move || stream::run(&path, &tables, flow, outlet, &io))?;
        inlet.answer().await
    }

    /// Rows of one statement as values of the given kinds.
    pub(crate) async fn fetch(
        &self,
        access: &Access,
        statement: Statement,
        kinds: Vec<Kind>,
    ) -> Result<Vec<Record>> {
        if self.recent.concerns_text(&statement.sql, access.tenant()) {
            self.settle(access.tenant()).await?;
        }
        self.ask(|reply| readers::Job::Fetch { statement, kinds, reply }).await
    }

    /// Inserts rows that conflict with nothing, all or none, and returns when they are durable.
    /// Requests that wait at the same time share a commit.
    pub(crate) async fn insert(&self, access: &Access, inserts: Vec<Insert>) -> Result<()> {
        for insert in &inserts {
            for row in &insert.rows {
                crate::reach::check(access, &insert.table, row)?;
            }
        }
        let (reply, answer) = oneshot::channel();
        self.writes.push(writer::Job::Insert { inserts, reply }).await?;
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Begins a transaction of one request.
    #[expect(clippy::unused_async, reason = "the same on both engines")]
    pub(crate) async fn begin(&self, access: &Access) -> Result<SqliteTransaction> {
        Ok(SqliteTransaction::new(self.writes.clone(), access.clone()))
    }

    /// Whether the file can be read and the writer runs.
    pub(crate) async fn ping(&self) -> Result<()> {
        let statement = Statement { sql: "SELECT 1".to_owned(), params: Vec::new() };
        self.fetch(&Access::system(), statement, vec![Kind::Integer]).await?;
        if self.writes.is_closed() { Err(closed()) } else { Ok(()) }
    }

    /// Requests that wait for the writer.
    pub(crate) fn waiting_writes(&self) -> usize {
        self.writes.len()
    }

    /// Runs a closure on the writer's own connection, outside a transaction, with nobody else
    /// writing. For migrations and maintenance.
    #[cfg_attr(not(test), expect(dead_code, reason = "migrations run before there is an engine"))]
    pub(crate) async fn with_connection<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let job = writer::Job::Exclusive(Box::new(move |connection| {
            // A caller that has gone away needs no answer.
            let _ = reply.send(work(connection));
        }));
        self.writes.push(job).await?;
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Finishes what was accepted, moves the log into the file and closes it.
    pub(crate) async fn close(&self) {
        self.writes.close();
        self.reads.close();
        let Some(Threads { writer, others }) = self.threads.lock().take() else { return };
        self.streams.close().await;
        self.quick.close();
        let closed = blocking(move || {
            let connection = writer.join();
            let all_ended = others.into_iter().all(|thread| thread.join().is_ok());
            if let Ok(Some(connection)) = connection {
                checkpoint::finish(&connection);
                return all_ended;
            }
            false
        });
        if !matches!(closed.await, Ok(true)) {
            tracing::error!("a database thread did not end well");
        }
    }

    /// How many commits there were.
    #[cfg(test)]
    fn commits(&self) -> u64 {
        self.progress.commits()
    }

    /// Has recent rows settled that a read would miss.
    async fn settle(&self, tenant: Option<Uuid>) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.writes.push(writer::Job::Settle { tenant, reply }).await?;
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    async fn ask<T>(&self, job: impl FnOnce(session::Reply<T>) -> readers::Job) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.reads.push(job(reply)).await?;
        answer.await.unwrap_or_else(|_| Err(closed()))
    }
}

impl Drop for SqliteEngine {
    fn drop(&mut self) {
        self.writes.close();
        self.reads.close();
    }
}

fn spawn<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map_err(Error::internal)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}
