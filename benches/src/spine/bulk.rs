//! Ten thousand rows in one request, against the fastest way into each engine by hand.

use super::Stage;
use crate::Options;
use crate::by_hand::{self, Jsonb, timestamp};
use crate::process::Server;
use crate::report::{Comparison, Goal, Round};
use crate::row::Row;
use anyhow::{Context, Result, ensure};
use mainstay_kernel::{Clock, Identifiers, SystemClock};
use mainstay_testkit::connect;
use mainstay_vault::SystemEntropy;
use postgres_types::Type;
use reqwest::{Client, StatusCode, header};
use rusqlite::params;
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use uuid::Uuid;

const ROWS: u64 = 10_000;
/// Rows of this benchmark are numbered from here.
const FIRST: u64 = 1 << 41;

pub(super) const NAMES: &[&str] = &["sqlite/bulk", "postgres/bulk"];

const COPY: &str = "COPY by_hand.bench_events (id, organization_id, actor_id, action, \
    resource_type, resource_id, status, ip_address, user_agent, duration_ms, details, created_at) \
    FROM STDIN BINARY";

/// Rows with what the server would make.
struct Made {
    organization: Uuid,
    rows: Vec<(Uuid, Row)>,
}

pub(super) async fn measure(
    options: &Options,
    stage: &Stage,
    server: &Server,
) -> Result<Vec<Comparison>> {
    let engine = stage.place.engine();
    let Some(name) = NAMES.iter().find(|name| name.starts_with(engine) && options.wants(name))
    else {
        return Ok(Vec::new());
    };
    let (about, goal) = match stage.cluster {
        None => ("10,000 rows as NDJSON / prepared inserts in one transaction", 0.5),
        Some(_) => ("10,000 rows as NDJSON / binary COPY", 0.4),
    };
    let mut comparison = Comparison::new(name, about, "rows/s", Goal::AtLeast(goal));
    let body = ndjson(FIRST);
    // The first round warms up.
    for round in 0..=options.rounds {
        let made = Made::new(stage.tenants[0].id);
        let other = match &stage.place.database {
            None => prepared_loop(stage, &made)?,
            Some(database) => copy(&database.superuser, &made).await?,
        };
        let ours = post(server, &stage.tenants[0].key, &body).await?;
        if round > 0 {
            comparison.rounds.push(Round { ours, other });
        }
    }
    comparison.print();
    Ok(vec![comparison])
}

/// Rows as lines of JSON, numbered from `first`.
pub(super) fn ndjson(first: u64) -> String {
    let lines: Vec<String> = (first..first + ROWS).map(|n| Row::nth(n).json("")).collect();
    lines.join("\n")
}

/// Posts lines of JSON; gives rows a second.
pub(super) async fn post(server: &Server, key: &str, body: &str) -> Result<f64> {
    let url = format!("{}/rest/v1/bench_events", server.url);
    let request = Client::new()
        .post(url)
        .bearer_auth(key)
        .header(header::CONTENT_TYPE, "application/x-ndjson")
        .body(body.to_owned());
    let start = Instant::now();
    let response = request.send().await?;
    let status = response.status();
    let text = response.text().await?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(status == StatusCode::CREATED, "{status}: {text}");
    Ok(ROWS as f64 / seconds)
}

impl Made {
    fn new(organization: Uuid) -> Self {
        let identifiers = Identifiers::new(Arc::new(SystemEntropy));
        let now = SystemClock.now();
        let rows = (FIRST..FIRST + ROWS).map(|n| (identifiers.next(now), Row::nth(n)));
        Self { organization, rows: rows.collect() }
    }
}

/// One prepared statement, one transaction, synced as the server's commits are.
fn prepared_loop(stage: &Stage, made: &Made) -> Result<f64> {
    let mut connection = by_hand::sqlite::connect(&by_hand::copy_of(&stage.place))?;
    let start = Instant::now();
    let transaction = connection.transaction()?;
    let mut insert = transaction.prepare(by_hand::sqlite::INSERT)?;
    for (id, row) in &made.rows {
        insert.execute(params![
            id.as_bytes(),
            made.organization.as_bytes(),
            row.actor_id,
            row.action,
            row.resource_type,
            row.resource_id,
            row.status,
            row.ip_address.to_string(),
            row.user_agent,
            row.duration_ms,
            row.details,
            row.created_at,
        ])?;
    }
    drop(insert);
    transaction.commit()?;
    Ok(ROWS as f64 / start.elapsed().as_secs_f64())
}

async fn copy(superuser_url: &str, made: &Made) -> Result<f64> {
    let client = connect(superuser_url).await.context("no connection for COPY")?;
    let types = [
        Type::UUID,
        Type::UUID,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::INET,
        Type::TEXT,
        Type::INT8,
        Type::JSONB,
        Type::TIMESTAMPTZ,
    ];
    let start = Instant::now();
    let sink = client.copy_in(COPY).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
    for (id, row) in &made.rows {
        writer
            .as_mut()
            .write(&[
                id,
                &made.organization,
                &row.actor_id,
                &row.action,
                &row.resource_type,
                &row.resource_id,
                &row.status,
                &row.ip_address,
                &row.user_agent,
                &row.duration_ms,
                &Jsonb(&row.details),
                &timestamp(row.created_at),
            ])
            .await?;
    }
    writer.finish().await?;
    Ok(ROWS as f64 / start.elapsed().as_secs_f64())
}
