//! One connection: its prepared statements, and messages sent without waiting for answers.

use super::bind::Parameter;
use super::statements::StatementCache;
use super::target::Target;
use futures_util::TryStreamExt;
use postgres_types::Type;
use std::future::{Future, poll_fn};
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use tokio_postgres::{Client, Error, Row, RowStream, Statement};

/// A connection. Whoever has it, has it alone (see [`super::pool::Checkout`]).
pub(super) struct Connection {
    client: Client,
    target: Arc<Target>,
    /// None behind a pooler, where the next statement may meet another server process.
    statements: Option<StatementCache>,
    settings_sql: Arc<str>,
}

/// A statement that can be sent at once, without a question to the server first.
pub(super) enum Prepared {
    /// It has a name on the server, which inferred its parameters' types.
    Named(Statement),
    /// Its text goes along, and the server infers the types of parameters sent as text.
    Unnamed(String),
}

/// A statement that writes, with its parameters.
pub(super) struct Write<'a> {
    pub(super) sql: String,
    pub(super) params: Vec<Parameter<'a>>,
}

impl Connection {
    pub(super) fn new(
        client: Client,
        target: Arc<Target>,
        named_statements: bool,
        settings_sql: Arc<str>,
    ) -> Self {
        let statements = named_statements.then(StatementCache::default);
        Self { client, target, statements, settings_sql }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Asks the server to stop what runs on this connection.
    pub(super) async fn cancel(&self) -> Result<(), Error> {
        self.target.cancel(&self.client.cancel_token()).await
    }

    /// The statement from the cache, or prepared now.
    pub(super) async fn prepare(&mut self, sql: &str) -> Result<Prepared, Error> {
        let Some(cache) = &mut self.statements else {
            return Ok(Prepared::Unnamed(sql.to_owned()));
        };
        if let Some(statement) = cache.get(sql) {
            return Ok(Prepared::Named(statement));
        }
        let statement = self.client.prepare(sql).await?;
        cache.insert(sql, statement.clone());
        Ok(Prepared::Named(statement))
    }

    /// The statement that sets what policies read.
    pub(super) async fn prepare_settings(&mut self) -> Result<Prepared, Error> {
        let sql = Arc::clone(&self.settings_sql);
        self.prepare(&sql).await
    }

    pub(super) fn forget_statements(&mut self) {
        if let Some(cache) = &mut self.statements {
            cache.clear();
        }
    }

    /// Runs statements without parameters or rows.
    pub(super) async fn command(&self, sql: &str) -> Result<(), Error> {
        self.client.batch_execute(sql).await
    }

    /// Sends the statement when first polled; gives its rows.
    pub(super) async fn query(
        &self,
        statement: &Prepared,
        params: &[Parameter<'_>],
    ) -> Result<Vec<Row>, Error> {
        self.send(statement, params).await?.try_collect().await
    }

    /// The same, but none when the rows take more than so many bytes.
    pub(super) async fn query_within(
        &self,
        statement: &Prepared,
        params: &[Parameter<'_>],
        bytes_max: usize,
    ) -> Result<Option<Vec<Row>>, Error> {
        let mut stream = pin!(self.send(statement, params).await?);
        let (mut rows, mut bytes) = (Vec::new(), 0);
        while let Some(row) = stream.try_next().await? {
            bytes += row.raw_size_bytes();
            if bytes > bytes_max {
                return Ok(None);
            }
            rows.push(row);
        }
        Ok(Some(rows))
    }

    /// Gives the rows one by one, until one breaks.
    pub(super) async fn query_each(
        &self,
        statement: &Prepared,
        params: &[Parameter<'_>],
        mut each: impl FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let mut rows = pin!(self.send(statement, params).await?);
        while let Some(row) = rows.try_next().await? {
            if each(row).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Sends the statement when first polled; gives how many rows it touched.
    pub(super) async fn execute(
        &self,
        statement: &Prepared,
        params: &[Parameter<'_>],
    ) -> Result<u64, Error> {
        let mut rows = pin!(self.send(statement, params).await?);
        while let Some(_row) = rows.try_next().await? {}
        Ok(rows.rows_affected().unwrap_or(0))
    }

    async fn send(
        &self,
        statement: &Prepared,
        params: &[Parameter<'_>],
    ) -> Result<RowStream, Error> {
        match statement {
            Prepared::Named(statement) => self.client.query_raw(statement, params).await,
            Prepared::Unnamed(sql) => {
                let params = params.iter().map(|param| (param, Type::UNKNOWN));
                self.client.query_typed_raw(sql, params).await
            }
        }
    }
}

/// Drives all futures to their end. Each is polled for the first time in its turn, so statements
/// are sent in this order, without waiting for each other's answers.
pub(super) async fn in_order<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    poll_fn(|context| {
        let mut pending = false;
        for (future, output) in running.iter_mut().filter(|(_, output)| output.is_none()) {
            match future.as_mut().poll(context) {
                Poll::Ready(value) => *output = Some(value),
                Poll::Pending => pending = true,
            }
        }
        if pending { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    running.into_iter().filter_map(|(_, output)| output).collect()
}
