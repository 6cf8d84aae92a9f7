//! Submitters that send one request after the other.

use crate::load::Shot;
use anyhow::{Result, ensure};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Requests are numbered over the whole run: no side ever sends one twice.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Sends requests for some time, from so many submitters.
pub(super) async fn submit<F: Future<Output = Result<()>> + Send>(
    submitters: usize,
    time: Duration,
    send: impl Fn(u64) -> F + Send + Sync + 'static,
) -> Result<Shot> {
    let (send, start) = (Arc::new(send), Instant::now());
    let mut tasks = JoinSet::new();
    for _ in 0..submitters {
        let send = send.clone();
        tasks.spawn(async move {
            let mut latencies = Vec::new();
            while start.elapsed() < time {
                let sent = Instant::now();
                send(NEXT.fetch_add(1, Ordering::Relaxed)).await?;
                latencies.push(sent.elapsed());
            }
            anyhow::Ok(latencies)
        });
    }
    let mut latencies = Vec::new();
    while let Some(done) = tasks.join_next().await {
        latencies.extend(done??);
    }
    let seconds = start.elapsed().as_secs_f64();
    ensure!(!latencies.is_empty(), "nothing was answered");
    latencies.sort_unstable();
    let quantile = |part: f64| {
        let at = (latencies.len() as f64 * part) as usize;
        latencies[at.min(latencies.len() - 1)].as_secs_f64() * 1e3
    };
    let rate = latencies.len() as f64 / seconds;
    Ok(Shot { rate, p50_ms: quantile(0.5), p99_ms: quantile(0.99) })
}
