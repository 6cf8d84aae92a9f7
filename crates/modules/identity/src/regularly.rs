//! Work that a server does again and again beside its requests.

use crate::authenticate::Identity;
use mainstay_kernel::Result;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// Does something in each period, as long as the identities are in use. What fails is said in the
/// log and tried again in the next period.
pub(crate) async fn regularly<F>(
    identity: Weak<Identity>,
    period: Duration,
    failure: &'static str,
    act: impl Fn(Arc<Identity>) -> F,
) where
    F: Future<Output = Result<()>>,
{
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(identity) = identity.upgrade() else {
            return;
        };
        if let Err(error) = act(identity).await {
            tracing::warn!(%error, "{failure}");
        }
    }
}
