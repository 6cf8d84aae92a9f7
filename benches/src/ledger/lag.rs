//! How long events wait for a checkpoint at full load.

use super::{BULK, Site};
use crate::report::{Comparison, Goal, Round};
use anyhow::{Context as _, Result, ensure};
use jiff::SignedDuration;
use mainstay_kernel::{Clock, SystemClock};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Time between two events whose places are waited for.
const PAUSE: Duration = Duration::from_millis(50);
/// After so long an event counts as lost.
const PATIENCE: SignedDuration = SignedDuration::from_secs(60);

/// The longest wait of each round, under many submitters and under bulk requests.
pub(super) async fn measure(site: &Arc<Site>) -> Result<Vec<Comparison>> {
    let mut found = Vec::new();
    for (name, load) in [("lag-256", (256, 1, 1)), ("lag-bulk", (1, BULK, 1))] {
        let about = "longest time from an event's commit to its checkpoint / 1 s";
        let mut comparison = Comparison::new(&site.name(name), about, "s", Goal::AtMost(1.0));
        let time = Duration::from_secs(site.options.seconds);
        for _ in 0..site.options.rounds {
            let (sent, longest) = tokio::join!(site.send(load, time), longest_wait(site, time));
            sent?;
            comparison.rounds.push(Round { ours: longest?.as_secs_f64(), other: 1.0 });
            site.settle().await?;
        }
        comparison.print();
        found.push(comparison);
    }
    Ok(found)
}

/// Sends events and waits for each one's place, one after the other.
async fn longest_wait(site: &Site, time: Duration) -> Result<Duration> {
    let organization = site.callers[0].organization_id.context("the key has an organisation")?;
    let start = Instant::now();
    let mut longest = Duration::ZERO;
    while start.elapsed() < time {
        let events = site.create(0, 0..1).await?;
        let committed = Instant::now();
        let deadline = SystemClock.now() + PATIENCE;
        let places = site.kernel().await_places(organization, &events, deadline).await?;
        ensure!(places.len() == 1, "an event has no place after {PATIENCE:#}");
        longest = longest.max(committed.elapsed());
        tokio::time::sleep(PAUSE).await;
    }
    Ok(longest)
}
