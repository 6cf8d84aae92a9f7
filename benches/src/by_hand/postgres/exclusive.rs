//! Connections that belong to one request at a time, as transactions need.

use anyhow::{Context, Result};
use mainstay_testkit::connect;
use parking_lot::Mutex;
use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::{Client, Statement};

/// Statements prepared on each connection.
const STATEMENTS: usize = 4;

struct Connection {
    client: Client,
    statements: [Statement; STATEMENTS],
}

pub(super) struct Exclusive {
    permits: Semaphore,
    idle: Mutex<Vec<Arc<Connection>>>,
}

/// A connection for the time of one request. A request given up midway would hand on an open
/// transaction; no client of the benchmark gives up.
pub(super) struct Checkout<'a> {
    from: &'a Exclusive,
    connection: Arc<Connection>,
    _permit: SemaphorePermit<'a>,
}

impl Exclusive {
    pub(super) async fn open(
        url: &str,
        count: usize,
        statements: &[&str; STATEMENTS],
    ) -> Result<Self> {
        let mut idle = Vec::new();
        for _ in 0..count {
            let client = connect(url).await?;
            let [a, b, c, d] = statements;
            let statements = [
                client.prepare(a).await?,
                client.prepare(b).await?,
                client.prepare(c).await?,
                client.prepare(d).await?,
            ];
            idle.push(Arc::new(Connection { client, statements }));
        }
        Ok(Self { permits: Semaphore::new(count), idle: Mutex::new(idle) })
    }

    pub(super) async fn checkout(&self) -> Result<Checkout<'_>> {
        let permit = self.permits.acquire().await?;
        let connection = self.idle.lock().pop().context("a permit is a connection")?;
        Ok(Checkout { from: self, connection, _permit: permit })
    }
}

impl Checkout<'_> {
    pub(super) fn parts(&self) -> (&Client, &[Statement; STATEMENTS]) {
        (&self.connection.client, &self.connection.statements)
    }
}

impl Drop for Checkout<'_> {
    fn drop(&mut self) {
        self.from.idle.lock().push(self.connection.clone());
    }
}
