//! One attempt at a claimed row, from its start to its written outcome.

use super::failure::{Failure, Then, after};
use super::handler::{Finished, Handle};
use super::lease::Lease;
use super::stats::Outcome;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};
use tracing::{debug, error, warn};

/// How often an outcome is written until it is left to the end of the lease.
const OUTCOME_TRIES: u32 = 3;

/// Pause between tries to write an outcome.
const OUTCOME_PAUSE: Duration = Duration::from_millis(250);

/// Runs the handler, keeps the lease, writes a failure. Dropped, it stops the handler too.
pub(super) async fn attempt(lease: Arc<Lease>, handler: Arc<dyn Handle>) -> Outcome {
    let result = if lease.attempt > lease.queue.max_attempts_of(&lease.row) {
        // Attempts are counted when they begin: all of them ended with their server.
        Err(Failure::dead("every attempt ended without an outcome"))
    } else {
        run(&lease, &*handler).await
    };
    match result {
        Ok(Finished(())) => {
            debug!("job done");
            Outcome::Done
        }
        Err(failure) if failure.then == Then::Lost => {
            warn!("job lost: it outlived its lease");
            Outcome::Lost
        }
        Err(failure) => record_failure(&lease, &failure).await,
    }
}

async fn run(lease: &Arc<Lease>, handler: &dyn Handle) -> Result<Finished, Failure> {
    let meta = &lease.queue.meta;
    // A task of its own: its panic is a failure, and dropping the set stops it.
    let mut task = JoinSet::new();
    task.spawn(handler.handle(lease.clone()));
    let period = meta.lease / 3;
    let mut renewals = interval_at(Instant::now() + period, period);
    renewals.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut held_until = after(lease.now(), meta.lease);
    let limit = sleep(meta.timeout);
    tokio::pin!(limit);
    loop {
        tokio::select! {
            ended = task.join_next() => return ended.map_or_else(|| Err(Failure::lost()), of_task),
            () = &mut limit => {
                let message = format!("it took longer than {} s", meta.timeout.as_secs());
                return Err(Failure::retry(message));
            }
            _ = renewals.tick(), if !lease.is_settling.load(Ordering::Acquire) => {
                let renewed_at = lease.now();
                match timeout(period, lease.renew()).await {
                    Ok(Ok(true)) => held_until = after(renewed_at, meta.lease),
                    // The handler may have written its outcome meanwhile.
                    Ok(Ok(false)) if lease.is_settling.load(Ordering::Acquire) => {}
                    Ok(Ok(false)) => return Err(Failure::lost()),
                    Ok(Err(error)) => warn!(%error, "a lease was not renewed"),
                    Err(_) => warn!("a lease was not renewed in time"),
                }
                if lease.now() >= held_until && !lease.is_settling.load(Ordering::Acquire) {
                    return Err(Failure::lost());
                }
            }
        }
    }
}

fn of_task(ended: Result<Result<Finished, Failure>, JoinError>) -> Result<Finished, Failure> {
    ended.unwrap_or_else(|error| {
        if error.is_panic() {
            Err(Failure::retry("the handler panicked"))
        } else {
            Err(Failure::lost())
        }
    })
}

/// Writes a failure; what can't be written is left to the end of the lease.
async fn record_failure(lease: &Lease, failure: &Failure) -> Outcome {
    for _ in 0..OUTCOME_TRIES {
        match lease.fail(failure).await {
            Ok(outcome) => {
                match outcome {
                    Outcome::Dead => error!(reason = %failure, "job failed for good"),
                    Outcome::Failed => warn!(reason = %failure, "job failed"),
                    _ => warn!(reason = %failure, "job failed and was lost"),
                }
                return outcome;
            }
            Err(error) => warn!(%error, reason = %failure, "the failure of a job was not written"),
        }
        sleep(OUTCOME_PAUSE).await;
    }
    Outcome::Lost
}
