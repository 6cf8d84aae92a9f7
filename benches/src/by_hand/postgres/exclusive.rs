//! Connections that belong to one request at a time, as transactions need.

use anyhow::{Context, Result};
use futures_util::future::try_join_all;
use mainstay_testkit::connect;
use parking_lot::Mutex;
use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::{Client, Statement};

struct Connection<const STATEMENTS: usize> {
    client: Client,
    statements: [Statement; STATEMENTS],
}

/// Connections with the same statements prepared on each.
pub(super) struct Exclusive<const STATEMENTS: usize> {
    permits: Semaphore,
    idle: Mutex<Vec<Arc<Connection<STATEMENTS>>>>,
}

/// A connection for the time of one request. A request given up midway would hand on an open
/// transaction; no client of the benchmark gives up.
pub(super) struct Checkout<'a, const STATEMENTS: usize> {
    from: &'a Exclusive<STATEMENTS>,
    connection: Arc<Connection<STATEMENTS>>,
    _permit: SemaphorePermit<'a>,
}

impl<const STATEMENTS: usize> Exclusive<STATEMENTS> {
    pub(super) async fn open(url: &str, count: usize, texts: &[&str; STATEMENTS]) -> Result<Self> {
        let mut idle = Vec::new();
        for _ in 0..count {
            let client = connect(url).await?;
            let prepared = try_join_all(texts.iter().map(|text| client.prepare(text))).await?;
            let statements = prepared.try_into().ok().context("as many as there are texts")?;
            idle.push(Arc::new(Connection { client, statements }));
        }
        Ok(Self { permits: Semaphore::new(count), idle: Mutex::new(idle) })
    }

    pub(super) async fn checkout(&self) -> Result<Checkout<'_, STATEMENTS>> {
        let permit = self.permits.acquire().await?;
        let connection = self.idle.lock().pop().context("a permit is a connection")?;
        Ok(Checkout { from: self, connection, _permit: permit })
    }
}

impl<const STATEMENTS: usize> Checkout<'_, STATEMENTS> {
    pub(super) fn parts(&self) -> (&Client, &[Statement; STATEMENTS]) {
        (&self.connection.client, &self.connection.statements)
    }
}

impl<const STATEMENTS: usize> Drop for Checkout<'_, STATEMENTS> {
    fn drop(&mut self) {
        self.from.idle.lock().push(self.connection.clone());
    }
}
