//! The engine on a `PostgreSQL` server, 15 or newer.
//!
//! Every statement runs in a transaction that names the caller to row-level security, on a
//! connection that belongs to its request alone. Plain inserts of all requests are batched by two
//! writers; everything else has a transaction of its own.

mod batch;
mod bind;
mod connection;
mod error;
mod numeric;
mod pool;
mod quarantine;
mod replica;
mod row;
mod session;
mod startup;
mod statements;
mod stream;
mod target;
mod tls;
mod transaction;
mod unnest;
mod upkeep;
mod upsert;
mod words;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use target::Target;
pub(crate) use transaction::PostgresTransaction;

use crate::access::{Access, Narrow};
use crate::assemble::{Answer, Assembly, Flow, Reading};
use crate::error::{Error, ErrorKind, Result};
use crate::reach;
use crate::statement::Statement;
use crate::stream::{Body, Streams};
use crate::write::Insert;
use batch::{WriteOrder, count_rows, words, writes};
use error::{connect_error, statement_error};
use mainstay_entity::{Catalog, Kind, Record, Scope};
use pool::{Driven, Pool, PoolSettings};
use quarantine::Quarantine;
use replica::Replicas;
use session::Session;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Client;
use transaction::{hand_in, records};
use uuid::Uuid;
use writer::{Verdict, Writers};

/// Requests of more rows than this get nothing from a batch, and others would wait for them.
const MAX_BATCHED_ROWS: usize = 256;

/// How long a batch waits for a row or key that another transaction holds, before it goes on
/// without the request that needs it.
const BATCH_LOCK_TIMEOUT: Duration = Duration::from_millis(100);

/// Longest pause inside a transaction. Should this machine vanish, its locks end with it.
const IDLE_TIMEOUT: Duration = Duration::from_mins(1);

/// How a server is used.
#[derive(Clone)]
#[non_exhaustive]
pub struct PostgresConfig {
    /// `postgresql://user:password@host:port/database`, or `host=/run/postgresql user=…` for a
    /// Unix socket. The role owns nothing. `sslmode` and `sslrootcert` mean what they mean to libpq.
    pub url: String,
    /// Standbys of the database, as URLs, for reads of callers who accept rows of some seconds ago
    /// ([`Access::stale`](crate::Access::stale)).
    pub replicas: Vec<String>,
    /// Most connections for reads and transactions, to each standby as many (S1-B95).
    pub pool_size: usize,
    /// Connections for reads and transactions that are open though nobody needs them (S1-B94).
    pub pool_min: usize,
    /// Writers of batched inserts, each with one more connection.
    pub writers: usize,
    /// Whether `PgBouncer` in transaction mode stands before the server: statements go unnamed
    /// (S1-B87).
    pub pgbouncer: bool,
    /// Longest run of one statement.
    pub statement_timeout: Duration,
    /// How long a request waits for a connection or a place in a full queue.
    pub wait_timeout: Duration,
    /// Longest time to connect.
    pub connect_timeout: Duration,
    /// Age at which a connection is made anew (S1-B98).
    pub max_age: Duration,
    /// Time without use after which a connection is made anew (S1-B97).
    pub max_unused: Duration,
    /// Large answers that are sent at a time, each with one more connection.
    pub streams: usize,
    /// Longest time to read and send a large answer.
    pub stream_timeout: Duration,
    /// The role owns the tables, which no role may that serves: for
    /// [`Access::retention`] alone.
    pub is_owner: bool,
}

impl PostgresConfig {
    /// The defaults: 16 connections, none before it is needed, and 2 writers, prepared statements,
    /// 30 s for a statement, 5 s to wait and to connect (S1-B96), connections of 30 minutes, 5
    /// without use, 4 large answers of 2 minutes.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            replicas: Vec::new(),
            pool_size: 16,
            pool_min: 0,
            writers: 2,
            pgbouncer: false,
            statement_timeout: Duration::from_secs(30),
            wait_timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            max_age: Duration::from_mins(30),
            max_unused: Duration::from_mins(5),
            streams: 4,
            stream_timeout: Duration::from_mins(2),
            is_owner: false,
        }
    }

    fn pool_settings(&self) -> PoolSettings {
        PoolSettings {
            size: self.pool_size.max(1),
            pgbouncer: self.pgbouncer,
            statement_timeout: self.statement_timeout,
            lock_timeout: None,
            wait_timeout: self.wait_timeout,
            connect_timeout: self.connect_timeout,
            max_age: self.max_age,
            max_unused: self.max_unused,
            idle_timeout: IDLE_TIMEOUT,
        }
    }
}

/// Without the URLs, which hold passwords.
impl fmt::Debug for PostgresConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresConfig")
            .field("pool_size", &self.pool_size)
            .field("pool_min", &self.pool_min)
            .field("writers", &self.writers)
            .field("pgbouncer", &self.pgbouncer)
            .field("statement_timeout", &self.statement_timeout)
            .field("wait_timeout", &self.wait_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("max_age", &self.max_age)
            .field("max_unused", &self.max_unused)
            .field("streams", &self.streams)
            .field("stream_timeout", &self.stream_timeout)
            .field("is_owner", &self.is_owner)
            .finish_non_exhaustive()
    }
}

/// A server in use.
pub(crate) struct PostgresEngine {
    pool: Arc<Pool>,
    writer_pool: Arc<Pool>,
    stream_pool: Arc<Pool>,
    replicas: Arc<Replicas>,
    streams: Streams,
    writers: Writers,
    quarantine: Arc<Quarantine>,
    order: Arc<WriteOrder>,
    catalog: Arc<Catalog>,
}

impl PostgresEngine {
    /// Connects, checks the server and the role, and starts the writers.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] when the server can't be reached, [`ErrorKind::Refused`] when
    /// row-level security would not hold; the message says what to do.
    pub(crate) async fn open(config: PostgresConfig, catalog: Arc<Catalog>) -> Result<Self> {
        let target = Target::parse(&config.url)?;
        let settings = config.pool_settings();
        let pool = Arc::new(Pool::new(target.clone(), &settings)?);
        let stream_pool = Arc::new(Pool::new(
            target.clone(),
            &PoolSettings {
                size: config.streams.max(1),
                statement_timeout: config.stream_timeout,
                idle_timeout: config.stream_timeout,
                ..settings.clone()
            },
        )?);
        let writer_pool = Arc::new(Pool::new(
            target,
            &PoolSettings {
                size: config.writers.max(1),
                lock_timeout: Some(BATCH_LOCK_TIMEOUT),
                ..settings
            },
        )?);
        if !config.is_owner {
            startup::check(&mut pool.checkout().await?, &catalog).await?;
        }
        let mut standbys = Vec::with_capacity(config.replicas.len());
        for url in &config.replicas {
            standbys.push(Arc::new(Pool::new(Target::parse(url)?, &config.pool_settings())?));
        }
        let replicas = Replicas::start(&pool, standbys);
        let min = config.pool_min.min(config.pool_size);
        for (pool, min) in [(&pool, min), (&writer_pool, 0), (&stream_pool, 0)] {
            upkeep::start(pool, min, config.max_unused);
        }
        let order = Arc::new(WriteOrder::new(&catalog));
        let quarantine =
            Arc::new(Quarantine::new((config.pool_size / 2).max(1), config.wait_timeout));
        let writers = Writers::start(
            config.writers,
            &writer_pool,
            &catalog,
            &order,
            &quarantine,
            config.wait_timeout,
        );
        let streams = Streams::new(config.streams, config.stream_timeout, config.wait_timeout);
        Ok(Self {
            pool,
            writer_pool,
            stream_pool,
            replicas,
            streams,
            writers,
            quarantine,
            order,
            catalog,
        })
    }

    /// Runs the statements of an assembly in one snapshot that can't write.
    pub(crate) async fn read(&self, access: &Access, mut assembly: Assembly) -> Result<Reading> {
        let Some(first) = assembly.next() else {
            return Ok(assembly.finish());
        };
        let session = Session::of(access);
        let standby = if access.is_stale() { self.replicas.checkout().await } else { None };
        let mut checkout = match standby {
            Some(checkout) => checkout,
            None => self.pool.checkout().await?,
        };
        let bytes_max = assembly.bytes_max();
        if assembly.is_single_statement() {
            let rows = self.known(checkout.read_once_within(&session, &first, bytes_max).await)?;
            // Others can use the connection while the answer is written.
            drop(checkout);
            let Some(rows) = rows else { return Ok(assembly.outgrown()) };
            let written = hand_in(&mut assembly, rows)?;
            return Ok(if written.is_break() { assembly.outgrown() } else { assembly.finish() });
        }
        let mut rows = checkout.begin_snapshot(&session, &first, bytes_max).await;
        loop {
            let Some(rows_within) = self.known(rows)? else { return Ok(assembly.outgrown()) };
            if hand_in(&mut assembly, rows_within)?.is_break() {
                return Ok(assembly.outgrown());
            }
            let Some(statement) = assembly.next() else { break };
            rows = checkout.query_within(&statement, bytes_max).await;
        }
        let ended = checkout.commit().await;
        self.known(ended)?;
        drop(checkout);
        Ok(assembly.finish())
    }

    /// Reads an answer again that outgrew its bounds, piece by piece.
    pub(crate) async fn stream(&self, access: &Access, assembly: Assembly) -> Result<Answer<Body>> {
        let (outlet, inlet) = self.streams.open().await?;
        let checkout = self.stream_pool.checkout().await?;
        let reading = stream::Reading {
            checkout,
            catalog: Arc::clone(&self.catalog),
            session: Session::of(access),
            flow: Flow::new(assembly),
            outlet,
        };
        tokio::spawn(reading.run());
        inlet.answer().await
    }

    /// Rows of one statement as values of the given kinds.
    pub(crate) async fn fetch(
        &self,
        access: &Access,
        statement: Statement,
        kinds: Vec<Kind>,
    ) -> Result<Vec<Record>> {
        let mut checkout = self.pool.checkout().await?;
        let session = Session::of(access);
        let rows = checkout.read_once_within(&session, &statement, usize::MAX).await;
        drop(checkout);
        records(self.known(rows)?.unwrap_or_default(), &kinds)
    }

    /// Inserts the rows of one request, all or none, durably, where possible together with those
    /// of other requests.
    pub(crate) async fn insert(&self, access: &Access, inserts: Vec<Insert>) -> Result<()> {
        for insert in &inserts {
            check_rows(access, insert)?;
        }
        let rows = count_rows(inserts.iter());
        if rows == 0 {
            return Ok(());
        }
        let tenant = batch_tenant(access, &inserts).filter(|_| rows <= MAX_BATCHED_ROWS);
        let inserts = match tenant.filter(|tenant| !self.quarantine.contains(*tenant)) {
            Some(tenant) => match self.writers.insert(tenant, inserts).await? {
                Verdict::Done(result) => return result,
                Verdict::Alone(inserts) => inserts,
            },
            None => inserts,
        };
        self.insert_alone(access, &inserts).await
    }

    /// Inserts in a transaction of its own, which gives a failing request its own error.
    async fn insert_alone(&self, access: &Access, inserts: &[Insert]) -> Result<()> {
        let turn = match access.tenant() {
            Some(tenant) => self.quarantine.turn(tenant).await?,
            None => None,
        };
        let result = self.commit_alone(access, inserts).await;
        if let (Some(turn), Err(_), Some(tenant)) = (turn, &result, access.tenant()) {
            self.quarantine.enter(tenant);
            turn.pause();
        }
        result
    }

    async fn commit_alone(&self, access: &Access, inserts: &[Insert]) -> Result<()> {
        let groups = self.order.group(inserts.iter());
        let words = words(&groups);
        let writes = writes(&groups, &words, "");
        let mut checkout = self.pool.checkout().await?;
        let written = checkout.begin_writes(&Session::of(access), &writes).await;
        if let Err(error) = written {
            // Should this fail, the connection is lost, and its transaction with it.
            let _ = checkout.rollback().await;
            return Err(statement_error(&self.catalog, &error));
        }
        let committed = checkout.commit().await;
        self.known(committed)
    }

    /// Begins a transaction of one request.
    pub(crate) async fn begin(&self, access: &Access) -> Result<PostgresTransaction> {
        let checkout = self.pool.checkout().await?;
        PostgresTransaction::begin(checkout, Arc::clone(&self.catalog), access).await
    }

    /// Whether the server answers.
    pub(crate) async fn ping(&self) -> Result<()> {
        let statement = Statement { sql: "SELECT 1".to_owned(), params: Vec::new() };
        let mut checkout = self.pool.checkout().await?;
        let rows = checkout.read_once(&Session::of(&Access::system()), &statement).await;
        self.known(rows).map(drop)
    }

    /// Inserts that wait for a writer.
    pub(crate) fn waiting_writes(&self) -> usize {
        self.writers.waiting()
    }

    /// Finishes the inserts that were accepted and closes. Transactions that run keep their
    /// connections until they end.
    pub(crate) async fn close(&self) {
        self.streams.close().await;
        self.writers.close().await;
        self.writer_pool.close();
        self.stream_pool.close();
        self.replicas.close();
        self.pool.close();
    }

    fn known<T>(&self, result: Driven<T>) -> Result<T> {
        result.map_err(|error| statement_error(&self.catalog, &error))
    }
}

/// Refuses rows that don't fit their table or that the caller may not write.
fn check_rows(access: &Access, insert: &Insert) -> Result<()> {
    insert.rows.iter().try_for_each(|row| reach::check(access, &insert.table, row))
}

/// The organisation of inserts that can go with those of others: a batch reaches tenants' rows
/// alone, and all teams and venues.
fn batch_tenant(access: &Access, inserts: &[Insert]) -> Option<Uuid> {
    let caller = access.as_caller()?;
    let fits = |insert: &Insert| match insert.table.meta.scope {
        Scope::Tenant => true,
        Scope::Team => caller.teams == Narrow::All,
        Scope::Venue => caller.venues == Narrow::All,
        Scope::Owner(_) | Scope::Platform | Scope::Public => false,
    };
    caller.tenant.filter(|_| inserts.iter().all(fits))
}

/// Connects as the role that owns the tables, for migrations.
///
/// # Errors
/// [`ErrorKind::Unavailable`] or [`ErrorKind::Refused`].
pub(crate) async fn connect_owner(url: &str) -> Result<Client> {
    Target::parse(url)?.connect().await.map_err(|error| connect_error(&error))
}

fn closed() -> Error {
    Error::new(ErrorKind::Unavailable("the server is shutting down".to_owned()))
}
