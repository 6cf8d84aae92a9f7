//! How fast logs are verified.

use super::{BULK, Site};
use crate::report::{Comparison, Goal, Round};
use anyhow::{Context as _, Result, ensure};
use mainstay_audit::ledger::{Options, verify};
use std::sync::Arc;
use std::time::Instant;

/// Whether rows are compared, and the events a second that are the goal.
const KINDS: [(&str, bool, f64); 2] =
    [("verify-bytes", true, 300_000.0), ("verify-rows", false, 100_000.0)];

/// Verifies a log of at least as many events as `--rows` says.
pub(super) async fn measure(site: &Arc<Site>) -> Result<Vec<Comparison>> {
    let organization = site.callers[0].organization_id.context("the key has an organisation")?;
    for first in (0..site.options.rows).step_by(BULK as usize) {
        site.create(0, first..first + BULK).await?;
    }
    site.settle().await?;
    let mut found = Vec::new();
    for (name, leaves_only, goal) in KINDS {
        let about = format!("verified / {goal} events a second");
        let mut comparison =
            Comparison::new(&site.name(name), &about, "events/s", Goal::AtLeast(1.0));
        for _ in 0..site.options.rounds {
            let options = Options { leaves_only, ..Options::default() };
            let start = Instant::now();
            let report = verify(site.kernel().store(), organization, &options).await?;
            let seconds = start.elapsed().as_secs_f64();
            let report = report.context("there is no log")?;
            ensure!(report.is_sound(), "{:?}", report.finding);
            comparison.rounds.push(Round { ours: report.leaves as f64 / seconds, other: goal });
        }
        comparison.print();
        found.push(comparison);
    }
    Ok(found)
}
