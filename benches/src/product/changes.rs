//! How long it takes until a thousand listeners know of a change.

use super::shop::Shop;
use crate::Options;
use crate::process::Server;
use crate::report::{Comparison, Goal, Round};
use anyhow::{Context as _, Result, ensure};
use futures_util::StreamExt;
use reqwest::Client;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

pub(super) const NAME: &str = "changes";

const LISTENERS: usize = 1_000;
/// Changes of a round, one after the other.
const CHANGES: usize = 20;
/// Between two of them.
const PAUSE: Duration = Duration::from_millis(250);
/// Until a listener knows of a change, 99 of 100 times.
const P99_MAX_MS: f64 = 200.0;
/// Something is wrong if nobody hears anything for so long.
const SILENCE: Duration = Duration::from_secs(30);

/// The row of a change, and when a listener knew of it.
type Heard = (String, Instant);

pub(super) async fn measure(
    options: &Options,
    name: &str,
    shop: &Shop,
    server: &Server,
) -> Result<Comparison> {
    let client = Client::new();
    let (tell, mut heard) = unbounded_channel();
    for _ in 0..LISTENERS {
        let url = format!("{}/rest/v1/own_customers/changes", server.url);
        let request = client.get(url).bearer_auth(&shop.tenant.key);
        let response = request.send().await?.error_for_status()?;
        tokio::spawn(listen(response, tell.clone()));
    }
    let about = format!("p99 from commit to {LISTENERS} listeners / 200 ms");
    let mut comparison = Comparison::new(name, &about, "ms", Goal::AtMost(1.0));
    for _ in 0..options.rounds {
        let ours = round(&client, shop, server, &mut heard).await?;
        comparison.rounds.push(Round { ours, other: P99_MAX_MS });
    }
    Ok(comparison)
}

/// The 99th percentile of a round, in milliseconds.
async fn round(
    client: &Client,
    shop: &Shop,
    server: &Server,
    heard: &mut UnboundedReceiver<Heard>,
) -> Result<f64> {
    let mut times = Vec::with_capacity(LISTENERS * CHANGES);
    for _ in 0..CHANGES {
        let (row, committed) = change(client, shop, server).await?;
        for _ in 0..LISTENERS {
            let next = tokio::time::timeout(SILENCE, heard.recv()).await;
            let (of, at) = next.context("listeners are silent")?.context("all have left")?;
            ensure!(of == row, "a listener heard of another row");
            times.push(at.saturating_duration_since(committed).as_secs_f64() * 1e3);
        }
        tokio::time::sleep(PAUSE).await;
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() * 99 / 100])
}

/// A new row, and when it was known to be committed.
async fn change(client: &Client, shop: &Shop, server: &Server) -> Result<Heard> {
    let request = client.post(format!("{}/rest/v1/own_customers", server.url));
    let request = request.bearer_auth(&shop.tenant.key).header("prefer", "return=representation");
    let request = request.header("content-type", "application/json");
    let response = request.body(json!({ "name": "New" }).to_string()).send().await?;
    let body = response.error_for_status()?.bytes().await?;
    let committed = Instant::now();
    let rows: Value = serde_json::from_slice(&body)?;
    let id = rows[0]["id"].as_str().context("a row without a key")?;
    Ok((id.to_owned(), committed))
}

/// Tells of each change.
async fn listen(response: reqwest::Response, tell: UnboundedSender<Heard>) {
    let mut pieces = response.bytes_stream();
    let mut text = String::new();
    while let Some(Ok(piece)) = pieces.next().await {
        text.push_str(&String::from_utf8_lossy(&piece));
        while let Some((line, rest)) = text.split_once('\n') {
            let data = line.strip_prefix("data:").map(str::trim);
            let change: Option<Value> = data.and_then(|data| serde_json::from_str(data).ok());
            if let Some(id) = change.as_ref().and_then(|change| change["row"]["id"].as_str()) {
                // Who measures has gone when nobody takes it.
                let _ = tell.send((id.to_owned(), Instant::now()));
            }
            text = rest.to_owned();
        }
    }
}
