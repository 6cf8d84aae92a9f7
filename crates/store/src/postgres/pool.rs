//! The pool. A connection belongs to one request from checkout until its COMMIT was answered.
//!
//! Statements of one request are sent without waiting for each other's answers. On a connection
//! shared by two requests they would interleave, and one request's rows would be read under the
//! other's tenant; therefore nothing here hands out a shared reference to a connection.

use super::bind::Parameter;
use super::connection::{Connection, Prepared, Write, in_order};
use super::session::{Session, settings_sql};
use super::target::Target;
use crate::error::{Error, ErrorKind, Result};
use crate::statement::{Param, Statement};
use deadpool::Runtime;
use deadpool::managed::{
    self, Metrics, Object, PoolError, QueueMode, RecycleError, RecycleResult, Timeouts,
};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio_postgres::Row;
use tracing::{debug, warn};

/// What a driver call gives.
pub(super) type Driven<T> = std::result::Result<T, tokio_postgres::Error>;

/// The cursor of a large answer; there is one in a transaction.
const CURSOR: &str = "large_answer";

/// How the connections of one pool behave.
#[derive(Clone)]
pub(super) struct PoolSettings {
    /// Most connections.
    pub(super) size: usize,
    /// Whether a pooler in transaction mode stands before the server.
    pub(super) pgbouncer: bool,
    /// Longest run of one statement.
    pub(super) statement_timeout: Duration,
    /// Longest wait for a row or key that another transaction holds; none is the statement's.
    pub(super) lock_timeout: Option<Duration>,
    /// Longest wait for a free connection.
    pub(super) wait_timeout: Duration,
    /// Longest time to connect.
    pub(super) connect_timeout: Duration,
    /// A connection that is older is closed when it comes back: servers move, and memory of a
    /// session grows.
    pub(super) max_age: Duration,
    /// A connection that nobody has used for longer is closed.
    pub(super) max_unused: Duration,
    /// Longest pause inside a transaction. Should this machine vanish, its locks end with it.
    pub(super) idle_timeout: Duration,
}

/// Connections to one database.
pub(super) struct Pool {
    inner: managed::Pool<Manager>,
}

impl Pool {
    pub(super) fn new(mut target: Target, settings: &PoolSettings) -> Result<Self> {
        let session = connection_settings(settings);
        let sql = if settings.pgbouncer {
            // A pooler refuses unknown start options, and other clients change its connections.
            settings_sql(&session)
        } else {
            let own = session.iter().map(|(name, value)| format!(" -c {name}={value}"));
            target.add_options(&own.collect::<String>());
            settings_sql(&[])
        };
        let manager = Manager {
            target: Arc::new(target),
            named_statements: !settings.pgbouncer,
            settings_sql: sql.into(),
            max_age: settings.max_age,
            max_unused: settings.max_unused,
        };
        let inner = managed::Pool::builder(manager)
            .max_size(settings.size)
            .wait_timeout(Some(settings.wait_timeout))
            .create_timeout(Some(settings.connect_timeout))
            // Few busy connections keep their statements and the server's caches warm.
            .queue_mode(QueueMode::Lifo)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(Error::internal)?;
        Ok(Self { inner })
    }

    /// A connection for one request.
    ///
    /// # Errors
    /// [`ErrorKind::Overloaded`] when none gets free in time.
    pub(super) async fn checkout(&self) -> Result<Checkout> {
        let connection = self.inner.get().await.map_err(checkout_error)?;
        Ok(Checkout { connection: Some(connection), state: State::Idle })
    }

    /// Opens connections until there are `min` or all are in use; requests don't wait for it.
    ///
    /// # Errors
    /// When the server can't be reached.
    pub(super) async fn fill(&self, min: usize) -> Result<()> {
        let timeouts = Timeouts { wait: Some(Duration::ZERO), ..self.inner.timeouts() };
        // Those that wait for use are taken first, and come back with the new ones.
        let mut taken = Vec::new();
        while self.size() < min {
            match self.inner.timeout_get(&timeouts).await {
                Ok(connection) => taken.push(connection),
                Err(PoolError::Timeout(managed::TimeoutType::Wait)) => break,
                Err(error) => return Err(checkout_error(error)),
            }
        }
        Ok(())
    }

    /// Closes connections that have served their time or were lost.
    pub(super) fn retire(&self) {
        let manager = self.inner.manager();
        self.inner.retain(|connection, metrics| manager.is_fit(connection, &metrics));
    }

    pub(super) fn close(&self) {
        self.inner.close();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.inner.is_closed()
    }

    /// Connections in the pool, in use or not.
    pub(super) fn size(&self) -> usize {
        self.inner.status().size
    }
}

fn checkout_error(error: PoolError<tokio_postgres::Error>) -> Error {
    match error {
        PoolError::Timeout(managed::TimeoutType::Wait) => Error::new(ErrorKind::Overloaded),
        PoolError::Timeout(_) => {
            Error::new(ErrorKind::Unavailable("connecting took too long".to_owned()))
        }
        PoolError::Backend(error) => super::error::connect_error(&error),
        PoolError::Closed => super::closed(),
        other => Error::internal(other),
    }
}

/// Settings that decide how values are printed and how long statements run.
fn connection_settings(settings: &PoolSettings) -> Vec<(&'static str, String)> {
    let mut session = vec![
        ("TimeZone", "UTC".to_owned()),
        ("DateStyle", "ISO,MDY".to_owned()),
        ("IntervalStyle", "postgres".to_owned()),
        ("bytea_output", "hex".to_owned()),
        ("extra_float_digits", "1".to_owned()),
        ("statement_timeout", settings.statement_timeout.as_millis().to_string()),
        ("idle_in_transaction_session_timeout", settings.idle_timeout.as_millis().to_string()),
    ];
    if let Some(timeout) = settings.lock_timeout {
        session.push(("lock_timeout", timeout.as_millis().to_string()));
    }
    session
}

struct Manager {
    target: Arc<Target>,
    named_statements: bool,
    settings_sql: Arc<str>,
    max_age: Duration,
    max_unused: Duration,
}

impl Manager {
    /// Whether a connection can serve another request.
    fn is_fit(&self, connection: &Connection, metrics: &Metrics) -> bool {
        !connection.is_closed()
            && metrics.age() <= self.max_age
            && metrics.last_used() <= self.max_unused
    }
}

impl managed::Manager for Manager {
    // Connections move from hand to hand.
    type Type = Box<Connection>;
    type Error = tokio_postgres::Error;

    async fn create(&self) -> Driven<Box<Connection>> {
        let client = self.target.connect().await?;
        let settings_sql = Arc::clone(&self.settings_sql);
        let target = Arc::clone(&self.target);
        Ok(Box::new(Connection::new(client, target, self.named_statements, settings_sql)))
    }

    async fn recycle(
        &self,
        connection: &mut Box<Connection>,
        metrics: &Metrics,
    ) -> RecycleResult<tokio_postgres::Error> {
        if self.is_fit(connection, metrics) {
            return Ok(());
        }
        Err(RecycleError::message("the connection is closed or has served its time"))
    }
}

// A transaction's first and last words. Servers can have other defaults.
const BEGIN_READ_ONE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY";
const BEGIN_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";

/// A connection that belongs to one request.
///
/// Dropped in the middle of a statement it leaves the pool, and the statement is cancelled;
/// dropped inside a transaction it comes back once that is rolled back.
pub(super) struct Checkout {
    /// None only while being dropped.
    connection: Option<Object<Manager>>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Outside of a transaction, everything answered.
    Idle,
    /// Inside of a transaction, everything answered.
    Open,
    /// Inside of a transaction that can only be rolled back.
    Failed,
    /// Something was sent that is not answered yet.
    Busy,
}

impl Checkout {
    /// Runs one statement that reads in a transaction of its own, sent in one go.
    pub(super) async fn read_once(
        &mut self,
        session: &Session,
        statement: &Statement,
    ) -> Driven<Vec<Row>> {
        let rows = self.read_once_within(session, statement, usize::MAX).await?;
        Ok(rows.unwrap_or_default())
    }

    /// The same, but none when the rows take more than so many bytes.
    pub(super) async fn read_once_within(
        &mut self,
        session: &Session,
        statement: &Statement,
        bytes_max: usize,
    ) -> Driven<Option<Vec<Row>>> {
        let connection = self.busy();
        let (settings, query) = match prepare_read(connection, statement).await {
            Ok(prepared) => prepared,
            Err(error) => return self.settle(State::Idle, Err(error)),
        };
        let (values, params) = (settings_values(session), parameters(statement));
        let (begun, set, rows, committed) = tokio::join!(biased;
            connection.command(BEGIN_READ_ONE),
            connection.query(&settings, &values),
            connection.query_within(&query, &params, bytes_max),
            // After a failure this rolls back.
            connection.command(COMMIT),
        );
        let rows = begun.and(set).and(rows);
        self.settle(State::Idle, rows.and_then(|rows| committed.map(|()| rows)))
    }

    /// Begins a transaction whose statements all read the same snapshot, with its first one.
    /// None when its rows take more than so many bytes.
    pub(super) async fn begin_snapshot(
        &mut self,
        session: &Session,
        statement: &Statement,
        bytes_max: usize,
    ) -> Driven<Option<Vec<Row>>> {
        let connection = self.busy();
        let (settings, query) = match prepare_read(connection, statement).await {
            Ok(prepared) => prepared,
            Err(error) => return self.settle(State::Idle, Err(error)),
        };
        let (values, params) = (settings_values(session), parameters(statement));
        let (begun, set, rows) = tokio::join!(biased;
            connection.command(BEGIN_SNAPSHOT),
            connection.query(&settings, &values),
            connection.query_within(&query, &params, bytes_max),
        );
        self.begun(begun.and(set).and(rows))
    }

    /// Begins a transaction whose statements all read the same snapshot, with a cursor over the
    /// rows of its first one.
    ///
    /// The statement goes unnamed: what a name knows of its result fits one cursor alone.
    pub(super) async fn begin_cursor(
        &mut self,
        session: &Session,
        statement: &Statement,
    ) -> Driven<()> {
        let connection = self.busy();
        let settings = match connection.prepare_settings().await {
            Ok(prepared) => prepared,
            Err(error) => return self.settle(State::Idle, Err(error)),
        };
        let declare = format!("DECLARE {CURSOR} NO SCROLL CURSOR FOR {}", statement.sql);
        let declare = Prepared::Unnamed(declare);
        let (values, params) = (settings_values(session), parameters(statement));
        let (begun, set, declared) = tokio::join!(biased;
            connection.command(BEGIN_SNAPSHOT),
            connection.query(&settings, &values),
            connection.execute(&declare, &params),
        );
        self.begun(begun.and(set).and(declared).map(drop))
    }

    /// The next rows of the cursor; fewer than asked for are the last.
    pub(super) async fn fetch(&mut self, rows: usize) -> Driven<Vec<Row>> {
        let fetch = Prepared::Unnamed(format!("FETCH FORWARD {rows} FROM {CURSOR}"));
        let rows = self.busy().query(&fetch, &[]).await;
        self.settle(if rows.is_ok() { State::Open } else { State::Failed }, rows)
    }

    /// Begins a transaction that writes, with statements that need nothing of each other's
    /// results; gives how many rows each touched.
    pub(super) async fn begin_writes(
        &mut self,
        session: &Session,
        writes: &[Write<'_>],
    ) -> Driven<Vec<u64>> {
        let connection = self.busy();
        let (settings, prepared) = match prepare_writes(connection, writes).await {
            Ok(prepared) => prepared,
            Err(error) => return self.settle(State::Idle, Err(error)),
        };
        let values = settings_values(session);
        let connection = &*connection;
        let (begun, set, counts) = tokio::join!(biased;
            connection.command(BEGIN_WRITE),
            connection.query(&settings, &values),
            in_order(prepared.iter().zip(writes).map(|(s, w)| connection.execute(s, &w.params))),
        );
        let counts = begun.and(set).and_then(|_| counts.into_iter().collect());
        self.begun(counts)
    }

    /// Runs a statement inside the transaction; gives its rows.
    pub(super) async fn query(&mut self, statement: &Statement) -> Driven<Vec<Row>> {
        self.query_with(&statement.sql, &parameters(statement)).await
    }

    /// The same, but none when the rows take more than so many bytes. The transaction is of no
    /// use then: dropping the checkout cancels the statement.
    pub(super) async fn query_within(
        &mut self,
        statement: &Statement,
        bytes_max: usize,
    ) -> Driven<Option<Vec<Row>>> {
        let connection = self.busy();
        let rows = match connection.prepare(&statement.sql).await {
            Ok(query) => connection.query_within(&query, &parameters(statement), bytes_max).await,
            Err(error) => Err(error),
        };
        let state = match &rows {
            Ok(Some(_)) => State::Open,
            Ok(None) => State::Busy,
            Err(_) => State::Failed,
        };
        self.settle(state, rows)
    }

    /// Runs a statement inside the transaction and gives its rows one by one, until one breaks.
    pub(super) async fn query_each(
        &mut self,
        statement: &Statement,
        each: impl FnMut(Row) -> ControlFlow<()>,
    ) -> Driven<()> {
        let connection = self.busy();
        let done = match connection.prepare(&statement.sql).await {
            Ok(query) => connection.query_each(&query, &parameters(statement), each).await,
            Err(error) => Err(error),
        };
        self.settle(if done.is_ok() { State::Open } else { State::Failed }, done)
    }

    /// The same with parameters that are borrowed.
    pub(super) async fn query_with(
        &mut self,
        sql: &str,
        params: &[Parameter<'_>],
    ) -> Driven<Vec<Row>> {
        let state = self.state;
        let connection = self.busy();
        let rows = match connection.prepare(sql).await {
            Ok(query) => connection.query(&query, params).await,
            Err(error) => Err(error),
        };
        self.settle(if rows.is_ok() { state } else { State::Failed }, rows)
    }

    /// Runs a statement inside the transaction; gives how many rows it touched.
    pub(super) async fn execute(&mut self, statement: &Statement) -> Driven<u64> {
        self.execute_with(&statement.sql, &parameters(statement)).await
    }

    /// The same with parameters that are borrowed.
    pub(super) async fn execute_with(
        &mut self,
        sql: &str,
        params: &[Parameter<'_>],
    ) -> Driven<u64> {
        let state = self.state;
        let connection = self.busy();
        let count = match connection.prepare(sql).await {
            Ok(statement) => connection.execute(&statement, params).await,
            Err(error) => Err(error),
        };
        self.settle(if count.is_ok() { state } else { State::Failed }, count)
    }

    /// Whether a statement of the transaction failed. The server would answer its COMMIT with
    /// success, having rolled back.
    pub(super) fn has_failed(&self) -> bool {
        self.state == State::Failed
    }

    /// Ends the transaction; when it gives success, its changes are durable.
    pub(super) async fn commit(&mut self) -> Driven<()> {
        self.end(COMMIT).await
    }

    pub(super) async fn rollback(&mut self) -> Driven<()> {
        self.end(ROLLBACK).await
    }

    async fn end(&mut self, sql: &str) -> Driven<()> {
        let ended = self.busy().command(sql).await;
        self.settle(State::Idle, ended)
    }

    /// A transaction began, or failed at once.
    fn begun<T>(&mut self, result: Driven<T>) -> Driven<T> {
        self.settle(if result.is_ok() { State::Open } else { State::Failed }, result)
    }

    fn busy(&mut self) -> &mut Connection {
        self.state = State::Busy;
        #[expect(clippy::expect_used, reason = "only drop takes it")]
        self.connection.as_mut().expect("a checkout has its connection")
    }

    /// Everything was answered: the connection is in this state now.
    fn settle<T>(&mut self, state: State, result: Driven<T>) -> Driven<T> {
        self.state = state;
        if let Err(error) = &result
            && super::error::is_stale_plan(error)
            && let Some(connection) = &mut self.connection
        {
            connection.forget_statements();
        }
        result
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        match (self.state, Handle::try_current()) {
            (State::Idle, _) => drop(connection),
            (State::Busy, Ok(runtime)) => {
                let connection = Object::take(connection);
                debug!("cancelling the statement of an abandoned request");
                runtime.spawn(async move {
                    if let Err(error) = connection.cancel().await {
                        warn!(%error, "an abandoned statement was not cancelled");
                    }
                });
            }
            (State::Open | State::Failed, Ok(runtime)) => {
                runtime.spawn(async move {
                    if connection.command(ROLLBACK).await.is_err() {
                        drop(Object::take(connection));
                    }
                });
            }
            (_, Err(_)) => drop(Object::take(connection)),
        }
    }
}

async fn prepare_read(
    connection: &mut Connection,
    statement: &Statement,
) -> Driven<(Prepared, Prepared)> {
    Ok((connection.prepare_settings().await?, connection.prepare(&statement.sql).await?))
}

async fn prepare_writes(
    connection: &mut Connection,
    writes: &[Write<'_>],
) -> Driven<(Prepared, Vec<Prepared>)> {
    let settings = connection.prepare_settings().await?;
    let mut prepared = Vec::with_capacity(writes.len());
    for write in writes {
        prepared.push(connection.prepare(&write.sql).await?);
    }
    Ok((settings, prepared))
}

fn settings_values(session: &Session) -> Vec<Parameter<'_>> {
    session.values().map(Parameter::Text).collect()
}

fn parameters(statement: &Statement) -> Vec<Parameter<'_>> {
    statement
        .params
        .iter()
        .map(|param| match param {
            Param::Value(value) => Parameter::Value(value),
            Param::List(values) => Parameter::List(values),
        })
        .collect()
}
