//! Rows that wait are inserted together, by two writers.

use super::super::record::NewEvent;
use super::values::{Jsonb, timestamp};
use anyhow::{Context, Result, anyhow};
use mainstay_testkit::connect;
use std::sync::Arc;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Mutex, oneshot};
use tokio_postgres::{Client, Statement};

const WRITERS: usize = 2;
/// Most rows in one statement.
const BATCH: usize = 512;

const INSERT: &str = "INSERT INTO by_hand.bench_events (id, organization_id, actor_id, action, \
    resource_type, resource_id, status, ip_address, user_agent, duration_ms, details, created_at) \
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], \
    $7::text[], $8::inet[], $9::text[], $10::bigint[], $11::jsonb[], $12::timestamptz[])";

type Sent = (NewEvent, oneshot::Sender<Result<()>>);

pub(super) struct Batches {
    writes: UnboundedSender<Sent>,
}

impl Batches {
    pub(super) async fn open(url: &str) -> Result<Self> {
        let (writes, sent) = unbounded_channel();
        let sent = Arc::new(Mutex::new(sent));
        for _ in 0..WRITERS {
            let client = connect(url).await?;
            let insert = client.prepare(INSERT).await?;
            let sent = sent.clone();
            tokio::spawn(async move { write(&client, &insert, &sent).await });
        }
        Ok(Self { writes })
    }

    pub(super) async fn insert(&self, event: NewEvent) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.writes.send((event, reply)).map_err(|_| anyhow!("the writers have ended"))?;
        answer.await.context("the writer has ended")?
    }
}

async fn write(client: &Client, insert: &Statement, sent: &Mutex<UnboundedReceiver<Sent>>) {
    loop {
        let mut batch = Vec::new();
        if sent.lock().await.recv_many(&mut batch, BATCH).await == 0 {
            return;
        }
        let (events, replies): (Vec<NewEvent>, Vec<_>) = batch.into_iter().unzip();
        let failure = execute(client, insert, &events).await.err().map(|e| e.to_string());
        for reply in replies {
            let _ = reply.send(failure.clone().map_or(Ok(()), |text| Err(anyhow!(text))));
        }
    }
}

async fn execute(
    client: &Client,
    insert: &Statement,
    events: &[NewEvent],
) -> Result<(), tokio_postgres::Error> {
    let column = |of: fn(&NewEvent) -> &str| events.iter().map(of).collect::<Vec<_>>();
    let ids: Vec<_> = events.iter().map(|e| e.id).collect();
    let organizations: Vec<_> = events.iter().map(|e| e.sent.organization_id).collect();
    let addresses: Vec<_> = events.iter().map(|e| e.sent.ip_address).collect();
    let durations: Vec<_> = events.iter().map(|e| e.sent.duration_ms).collect();
    let details: Vec<_> = events.iter().map(|e| Jsonb(e.sent.details.get())).collect();
    let created: Vec<_> = events.iter().map(|e| timestamp(e.created_at.as_microsecond())).collect();
    client
        .execute(
            insert,
            &[
                &ids,
                &organizations,
                &column(|e| &e.sent.actor_id),
                &column(|e| &e.sent.action),
                &column(|e| &e.sent.resource_type),
                &column(|e| &e.sent.resource_id),
                &column(|e| &e.sent.status),
                &addresses,
                &column(|e| &e.sent.user_agent),
                &durations,
                &details,
                &created,
            ],
        )
        .await?;
    Ok(())
}
