//! By hand on `SQLite`: two threads that read, one that commits what waits.

use super::record::{Event, NewEvent};
use anyhow::{Context, Result, anyhow};
use bytes::Bytes;
use jiff::Timestamp;
use parking_lot::Mutex;
use rusqlite::{Connection, Row, params};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;
use uuid::Uuid;

const READERS: usize = 2;
/// Most rows in one commit, as in the real server.
const BATCH: usize = 512;

const ONE: &str = "SELECT id, organization_id, actor_id, action, resource_type, resource_id, \
    status, ip_address, user_agent, duration_ms, details, created_at FROM public__bench_events \
    WHERE organization_id = ?1 AND id = ?2";
const LIST: &str = "SELECT id, organization_id, actor_id, action, resource_type, resource_id, \
    status, ip_address, user_agent, duration_ms, details, created_at FROM public__bench_events \
    WHERE organization_id = ?1 AND status = ?2 ORDER BY created_at DESC, id DESC LIMIT 50";
/// One row, all columns.
pub(crate) const INSERT: &str = "INSERT INTO public__bench_events (id, organization_id, actor_id, \
    action, resource_type, resource_id, status, ip_address, user_agent, duration_ms, details, \
    created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

enum Ask {
    One { organization: Uuid, id: Uuid },
    List { organization: Uuid, status: String },
}

type Asked = (Ask, oneshot::Sender<Result<Bytes>>);
type Sent = (NewEvent, oneshot::Sender<Result<()>>);

/// The table in a file of its own.
pub(crate) struct Hand {
    reads: Sender<Asked>,
    writes: Sender<Sent>,
}

impl Hand {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let (reads, asked) = channel::<Asked>();
        let asked = Arc::new(Mutex::new(asked));
        for _ in 0..READERS {
            let (connection, asked) = (connect(path)?, asked.clone());
            std::thread::spawn(move || read(&connection, &asked));
        }
        let (writes, sent) = channel();
        let connection = connect(path)?;
        std::thread::spawn(move || write(&connection, &sent));
        Ok(Self { reads, writes })
    }

    pub(super) async fn one(&self, organization: Uuid, id: Uuid) -> Result<Bytes> {
        self.ask(Ask::One { organization, id }).await
    }

    pub(super) async fn list(&self, organization: Uuid, status: String) -> Result<Bytes> {
        self.ask(Ask::List { organization, status }).await
    }

    pub(super) async fn create(&self, event: NewEvent) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.writes.send((event, reply)).map_err(|_| anyhow!("the writer has ended"))?;
        answer.await.context("the writer has ended")?
    }

    async fn ask(&self, ask: Ask) -> Result<Bytes> {
        let (reply, answer) = oneshot::channel();
        self.reads.send((ask, reply)).map_err(|_| anyhow!("the readers have ended"))?;
        answer.await.context("the reader has ended")?
    }
}

/// Opens the file as the real server's engine does.
pub(crate) fn connect(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.set_prepared_statement_cache_capacity(16);
    let _: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         PRAGMA wal_autocheckpoint = 10000;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -32768;",
    )?;
    Ok(connection)
}

fn read(connection: &Connection, asked: &Mutex<Receiver<Asked>>) {
    loop {
        let next = asked.lock().recv();
        let Ok((ask, reply)) = next else { return };
        let _ = reply.send(answer(connection, &ask));
    }
}

fn answer(connection: &Connection, ask: &Ask) -> Result<Bytes> {
    let mut out = Vec::with_capacity(1024);
    out.push(b'[');
    match ask {
        Ask::One { organization, id } => {
            let mut statement = connection.prepare_cached(ONE)?;
            let mut rows = statement.query(params![organization.as_bytes(), id.as_bytes()])?;
            while let Some(row) = rows.next()? {
                push(&mut out, row)?;
            }
        }
        Ask::List { organization, status } => {
            let mut statement = connection.prepare_cached(LIST)?;
            let mut rows = statement.query(params![organization.as_bytes(), status])?;
            while let Some(row) = rows.next()? {
                push(&mut out, row)?;
            }
        }
    }
    out.push(b']');
    Ok(out.into())
}

fn push(out: &mut Vec<u8>, row: &Row<'_>) -> Result<()> {
    if out.len() > 1 {
        out.push(b',');
    }
    let event = Event {
        id: Uuid::from_slice(row.get_ref(0)?.as_blob()?)?,
        organization_id: Uuid::from_slice(row.get_ref(1)?.as_blob()?)?,
        actor_id: row.get_ref(2)?.as_str()?,
        action: row.get_ref(3)?.as_str()?,
        resource_type: row.get_ref(4)?.as_str()?,
        resource_id: row.get_ref(5)?.as_str()?,
        status: row.get_ref(6)?.as_str()?,
        ip_address: row.get_ref(7)?.as_str()?,
        user_agent: row.get_ref(8)?.as_str()?,
        duration_ms: row.get(9)?,
        details: serde_json::from_str(row.get_ref(10)?.as_str()?)?,
        created_at: Timestamp::from_microsecond(row.get(11)?)?,
    };
    serde_json::to_writer(out, &event)?;
    Ok(())
}

/// Commits what waits, again and again; batches form while the previous commit is synced.
fn write(connection: &Connection, sent: &Receiver<Sent>) {
    while let Ok(first) = sent.recv() {
        let mut written = Vec::new();
        let began = connection.execute_batch("BEGIN IMMEDIATE");
        let mut next = Some(first);
        while let Some((event, reply)) = next.take() {
            written.push((reply, insert(connection, &event)));
            if written.len() < BATCH {
                next = sent.try_recv().ok();
            }
        }
        let committed = began.and_then(|()| connection.execute_batch("COMMIT"));
        let failure = committed.err().map(|error| error.to_string());
        for (reply, result) in written {
            let told = failure.clone().map_or(Ok(()), |text| Err(anyhow!(text)));
            let _ = reply.send(result.and(told));
        }
    }
}

fn insert(connection: &Connection, event: &NewEvent) -> Result<()> {
    let sent = &event.sent;
    connection.prepare_cached(INSERT)?.execute(params![
        event.id.as_bytes(),
        sent.organization_id.as_bytes(),
        sent.actor_id,
        sent.action,
        sent.resource_type,
        sent.resource_id,
        sent.status,
        sent.ip_address.to_string(),
        sent.user_agent,
        sent.duration_ms,
        sent.details.get(),
        event.created_at.as_microsecond(),
    ])?;
    Ok(())
}
