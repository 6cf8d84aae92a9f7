//! The most memory that the server ever held while a million rows go in and out.

use super::{Stage, bulk};
use crate::Options;
use crate::process::{Beside, Server, peak_memory_mib};
use crate::report::{Comparison, Goal, Round};
use anyhow::{Result, ensure};
use reqwest::Client;
use serde::Deserialize;

const PEAK_MAX_MIB: f64 = 200.0;
/// Rows of a page: the most that one answer holds.
const PAGE_ROWS: usize = 1_000;
/// Rows of a body of [`bulk::ndjson`].
const BODY_ROWS: u64 = 10_000;
/// Rows of this benchmark are numbered from here.
const FIRST: u64 = 1 << 42;

pub(super) const NAMES: &[&str] =
    &["sqlite/memory/list", "sqlite/memory/load", "postgres/memory/list", "postgres/memory/load"];

pub(super) async fn measure(options: &Options, stage: &Stage) -> Result<Vec<Comparison>> {
    let mut found = Vec::new();
    for name in NAMES.iter().filter(|name| options.wants(name)) {
        let Some(kind) = name.strip_prefix(stage.place.engine()) else { continue };
        let server = Server::start(&stage.place, Beside::Nothing)?;
        let about = if kind == "/memory/list" {
            list_all(stage, &server, options.many_rows).await?;
            "peak memory while all rows are listed, page by page / 200 MiB"
        } else {
            load_all(stage, &server, options.many_rows).await?;
            "peak memory while as many rows are posted as NDJSON / 200 MiB"
        };
        let mut comparison = Comparison::new(name, about, "MiB", Goal::AtMost(1.0));
        let ours = peak_memory_mib(server.id())?;
        comparison.rounds.push(Round { ours, other: PEAK_MAX_MIB });
        comparison.print();
        found.push(comparison);
    }
    Ok(found)
}

#[derive(Deserialize)]
struct Key {
    id: String,
}

/// Lists all rows of all tenants, in pages that continue after the last key.
async fn list_all(stage: &Stage, server: &Server, least: u64) -> Result<()> {
    let client = Client::new();
    let mut listed = 0;
    for tenant in &stage.tenants {
        let mut after = String::new();
        loop {
            let query = format!("order=id&limit={PAGE_ROWS}{after}");
            let url = format!("{}/rest/v1/bench_events?{query}", server.url);
            let page = client.get(url).bearer_auth(&tenant.key).send().await?.error_for_status()?;
            let keys: Vec<Key> = serde_json::from_slice(&page.bytes().await?)?;
            listed += keys.len() as u64;
            match keys.last() {
                Some(last) if keys.len() == PAGE_ROWS => after = format!("&id=gt.{}", last.id),
                _ => break,
            }
        }
    }
    ensure!(listed >= least, "only {listed} rows were listed");
    Ok(())
}

/// Posts as many rows again.
async fn load_all(stage: &Stage, server: &Server, rows: u64) -> Result<()> {
    for (position, first) in (0..rows).step_by(BODY_ROWS as usize).enumerate() {
        let tenant = &stage.tenants[position % stage.tenants.len()];
        bulk::post(server, &tenant.key, &bulk::ndjson(FIRST + first)).await?;
    }
    Ok(())
}
