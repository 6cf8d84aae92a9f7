//! The bare durable insert: rows that wait share a commit, and nothing else happens.

use crate::by_hand::{self, Jsonb, timestamp};
use crate::installation::Place;
use anyhow::{Context as _, Result, anyhow};
use mainstay_entity::{Catalog, Entity, Kind, Record, Table, Value};
use mainstay_kernel::entities::AuditEvent;
use mainstay_testkit::{APP_ROLE, connect};
use postgres_types::ToSql;
use rusqlite::types::Value as Cell;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio_postgres::{Client, Statement};

/// Most requests in one commit, as in the real server.
const BATCH: usize = 512;
/// Most rows of one statement on `PostgreSQL`, as in the real server.
const CHUNK: usize = 1_000;
/// Writers on `PostgreSQL`, as in the real server.
const WRITERS: usize = 2;

type Sent = (Vec<Record>, oneshot::Sender<Result<(), String>>);

/// Writes rows of a copy of `audit_events`.
pub(super) struct Bare {
    writes: UnboundedSender<Sent>,
}

impl Bare {
    /// Makes the copy, with the same constraints and indexes, and opens it.
    pub(super) async fn open(place: &Place) -> Result<Self> {
        let catalog = Catalog::new([("kernel".into(), AuditEvent::meta().clone())])?;
        let table = catalog.find(AuditEvent::SCHEMA, AuditEvent::TABLE);
        let table = table.context("the catalog lacks audit_events")?.clone();
        by_hand::copy(place).await?;
        let (writes, sent) = unbounded_channel();
        match &place.database {
            None => {
                let connection = by_hand::sqlite::connect(&by_hand::copy_of(place))?;
                // The guard against other programs is the server's own.
                connection.execute_batch("DROP INDEX audit_events_append_only_guard")?;
                std::thread::spawn(move || write_sqlite(&connection, &table, sent));
            }
            Some(database) => {
                let owner = connect(&database.superuser).await?;
                owner
                    .batch_execute(&format!(
                        "CREATE TABLE by_hand.audit_events \
                             (LIKE mainstay.audit_events INCLUDING ALL) PARTITION BY RANGE (id);
                         CREATE TABLE by_hand.audit_events_rest \
                             PARTITION OF by_hand.audit_events DEFAULT;
                         GRANT INSERT ON by_hand.audit_events TO {APP_ROLE};"
                    ))
                    .await?;
                let sent = Arc::new(Mutex::new(sent));
                for _ in 0..WRITERS {
                    let (table, sent) = (table.clone(), sent.clone());
                    let mut client = connect(&database.app).await?;
                    let insert = client.prepare(&unnest(&table)).await?;
                    tokio::spawn(async move {
                        write_postgres(&mut client, &insert, &table, &sent).await;
                    });
                }
            }
        }
        Ok(Self { writes })
    }

    /// Inserts rows; returns when they are durable.
    pub(super) async fn insert(&self, rows: Vec<Record>) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.writes.send((rows, reply)).map_err(|_| anyhow!("the writer has ended"))?;
        answer.await.context("the writer has ended")?.map_err(|why| anyhow!(why))
    }
}

fn write_sqlite(
    connection: &rusqlite::Connection,
    table: &Table,
    mut sent: UnboundedReceiver<Sent>,
) {
    let marks: Vec<String> = (1..=table.meta.columns.len()).map(|n| format!("?{n}")).collect();
    let insert =
        format!("INSERT INTO audit_events ({}) VALUES ({})", names(table), marks.join(", "));
    while let Some(first) = sent.blocking_recv() {
        let mut replies = Vec::new();
        let mut next = Some(first);
        let mut write = || {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            let mut statement = connection.prepare_cached(&insert)?;
            while let Some((rows, reply)) = next.take() {
                replies.push(reply);
                for row in &rows {
                    statement.execute(rusqlite::params_from_iter(row.0.iter().map(cell)))?;
                }
                if replies.len() < BATCH {
                    next = sent.try_recv().ok();
                }
            }
            connection.execute_batch("COMMIT")
        };
        let outcome = write().map_err(|error: rusqlite::Error| error.to_string());
        for reply in replies {
            let _ = reply.send(outcome.clone());
        }
    }
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Int(number) | Value::Timestamp(number) => Cell::Integer(*number),
        Value::Text(text) | Value::Json(text) => Cell::Text(text.clone()),
        Value::Bytes(bytes) => Cell::Blob(bytes.clone()),
        Value::Uuid(id) => Cell::Blob(id.as_bytes().to_vec()),
        Value::Inet(address) => Cell::Text(address.to_string()),
        _ => Cell::Null,
    }
}

async fn write_postgres(
    client: &mut Client,
    insert: &Statement,
    table: &Table,
    sent: &Mutex<UnboundedReceiver<Sent>>,
) {
    loop {
        let mut batch = Vec::new();
        if sent.lock().await.recv_many(&mut batch, BATCH).await == 0 {
            return;
        }
        let (rows, replies): (Vec<Vec<Record>>, Vec<_>) = batch.into_iter().unzip();
        let outcome = commit(client, insert, table, &rows.concat()).await;
        let outcome = outcome.map_err(|error| error.to_string());
        for reply in replies {
            let _ = reply.send(outcome.clone());
        }
    }
}

async fn commit(
    client: &mut Client,
    insert: &Statement,
    table: &Table,
    rows: &[Record],
) -> Result<(), tokio_postgres::Error> {
    if rows.len() <= CHUNK {
        return execute(client, insert, table, rows).await;
    }
    client.batch_execute("BEGIN").await?;
    for rows in rows.chunks(CHUNK) {
        execute(client, insert, table, rows).await?;
    }
    client.batch_execute("COMMIT").await
}

async fn execute(
    client: &Client,
    insert: &Statement,
    table: &Table,
    rows: &[Record],
) -> Result<(), tokio_postgres::Error> {
    let columns: Vec<Box<dyn ToSql + Sync + Send + '_>> =
        (0..table.meta.columns.len()).map(|column| array(table, rows, column)).collect();
    let parameters: Vec<&(dyn ToSql + Sync)> =
        columns.iter().map(|column| &**column as &(dyn ToSql + Sync)).collect();
    client.execute(insert, &parameters).await.map(drop)
}

/// A column of some rows as one parameter.
fn array<'a>(
    table: &Table,
    rows: &'a [Record],
    column: usize,
) -> Box<dyn ToSql + Sync + Send + 'a> {
    fn all<'a, T>(
        rows: &'a [Record],
        column: usize,
        of: impl Fn(&'a Value) -> Option<T>,
    ) -> Vec<Option<T>> {
        rows.iter().map(|row| of(&row.0[column])).collect()
    }
    match &table.meta.columns[column].kind {
        Kind::Uuid => Box::new(all(rows, column, Value::as_uuid)),
        Kind::BigInt => Box::new(all(rows, column, |value| match value {
            Value::Int(number) => Some(*number),
            _ => None,
        })),
        Kind::Timestamp => Box::new(all(rows, column, |value| match value {
            Value::Timestamp(micros) => Some(timestamp(*micros)),
            _ => None,
        })),
        Kind::Json => Box::new(all(rows, column, |value| match value {
            Value::Json(text) => Some(Jsonb(text)),
            _ => None,
        })),
        Kind::Inet => Box::new(all(rows, column, |value| match value {
            Value::Inet(address) => Some(*address),
            _ => None,
        })),
        Kind::Bytes | Kind::Sealed => Box::new(all(rows, column, |value| match value {
            Value::Bytes(bytes) => Some(&bytes[..]),
            _ => None,
        })),
        _ => Box::new(all(rows, column, Value::as_text)),
    }
}

fn unnest(table: &Table) -> String {
    let kind = |kind: &Kind| match kind {
        Kind::Uuid => "uuid",
        Kind::BigInt => "int8",
        Kind::Timestamp => "timestamptz",
        Kind::Json => "jsonb",
        Kind::Inet => "inet",
        Kind::Bytes | Kind::Sealed => "bytea",
        _ => "text",
    };
    let columns = table.meta.columns.iter().zip(1..);
    let arrays: Vec<String> =
        columns.map(|(column, n)| format!("${n}::{}[]", kind(&column.kind))).collect();
    format!(
        "INSERT INTO by_hand.audit_events ({}) SELECT * FROM unnest({})",
        names(table),
        arrays.join(", ")
    )
}

fn names(table: &Table) -> String {
    let columns = 0..table.meta.columns.len();
    let names: Vec<&str> = columns.map(|column| table.column_name(column)).collect();
    names.join(", ")
}
