//! The upkeep of a pool: connections that have served their time are closed, and some are open
//! before they are needed.

use super::pool::Pool;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tracing::debug;

/// Longest time between two rounds: within it lost connections are replaced.
const PAUSE_MAX: Duration = Duration::from_secs(30);
const PAUSE_MIN: Duration = Duration::from_millis(100);

/// Looks after a pool until it is closed or dropped. `max_unused` is the time without use after
/// which its connections are closed.
pub(super) fn start(pool: &Arc<Pool>, min: usize, max_unused: Duration) {
    let pause = (max_unused / 10).clamp(PAUSE_MIN, PAUSE_MAX);
    tokio::spawn(rounds(Arc::downgrade(pool), min, pause));
}

async fn rounds(pool: Weak<Pool>, min: usize, pause: Duration) {
    loop {
        let Some(pool) = pool.upgrade().filter(|pool| !pool.is_closed()) else { return };
        pool.retire();
        // Requests tell their own callers that the server can't be reached.
        if let Err(error) = pool.fill(min).await {
            debug!(%error, "a connection was not opened in advance");
        }
        drop(pool);
        tokio::time::sleep(pause).await;
    }
}
