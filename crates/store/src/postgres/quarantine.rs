//! Tenants whose requests failed a batch write alone for a while, so that a batch of others is
//! not tried again and again for their sake.

use crate::error::{Error, ErrorKind, Result};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use uuid::Uuid;

/// How long a tenant writes alone after its last failure.
const TERM: Duration = Duration::from_mins(1);
/// Most tenants that write alone; beyond it, batches are merely bisected.
const MAX_TENANTS: usize = 1_024;
/// Most requests of one tenant that wait for their turn.
const MAX_WAITING: usize = 1_024;
/// Requests of one tenant that run at the same time.
const TURNS: usize = 4;
/// How long a tenant's turn pauses after a failure, in multiples of the time that it took. A tenant
/// that does nothing but fail keeps an eighth of one connection busy, and others have the rest.
const PAUSE: u32 = 32;
/// Longest pause; a failure that took long has waited more than worked.
const MAX_PAUSE: Duration = Duration::from_millis(100);

/// Who writes alone, and until when.
pub(super) struct Quarantine {
    tenants: Mutex<HashMap<Uuid, Entry>>,
    lanes: Arc<Semaphore>,
    wait_timeout: Duration,
}

struct Entry {
    until: Instant,
    /// [`TURNS`] permits.
    turns: Arc<Semaphore>,
    /// [`MAX_WAITING`] permits.
    waiting: Arc<Semaphore>,
}

impl Quarantine {
    /// All such tenants together run `lanes` requests at the same time.
    pub(super) fn new(lanes: usize, wait_timeout: Duration) -> Self {
        let lanes = Arc::new(Semaphore::new(lanes));
        Self { tenants: Mutex::default(), lanes, wait_timeout }
    }

    /// Begins a tenant's term, or begins it again.
    pub(super) fn enter(&self, tenant: Uuid) {
        let now = Instant::now();
        let mut tenants = self.tenants.lock();
        if let Some(entry) = tenants.get_mut(&tenant) {
            entry.until = now + TERM;
            return;
        }
        if tenants.len() >= MAX_TENANTS {
            tenants.retain(|_, entry| entry.until > now);
        }
        if tenants.len() < MAX_TENANTS {
            let turns = Arc::new(Semaphore::new(TURNS));
            let waiting = Arc::new(Semaphore::new(MAX_WAITING));
            tenants.insert(tenant, Entry { until: now + TERM, turns, waiting });
        }
    }

    /// Whether a tenant writes alone now.
    pub(super) fn contains(&self, tenant: Uuid) -> bool {
        let mut tenants = self.tenants.lock();
        match tenants.get(&tenant) {
            Some(entry) if entry.until > Instant::now() => true,
            Some(_) => {
                tenants.remove(&tenant);
                false
            }
            None => false,
        }
    }

    /// Waits for a tenant's turn; nothing when it may write with others.
    ///
    /// # Errors
    /// [`ErrorKind::Overloaded`] when too many of its requests wait already, or too long.
    pub(super) async fn turn(&self, tenant: Uuid) -> Result<Option<Turn>> {
        if !self.contains(tenant) {
            return Ok(None);
        }
        let semaphores = |entry: &Entry| (Arc::clone(&entry.turns), Arc::clone(&entry.waiting));
        let Some((turns, waiting)) = self.tenants.lock().get(&tenant).map(semaphores) else {
            return Ok(None);
        };
        let overloaded = || Error::new(ErrorKind::Overloaded);
        let _waiting = waiting.try_acquire_owned().map_err(|_| overloaded())?;
        let waited = tokio::time::timeout(self.wait_timeout, async {
            let own = turns.acquire_owned().await;
            let lane = Arc::clone(&self.lanes).acquire_owned().await;
            own.ok().zip(lane.ok())
        });
        let (own, lane) = waited.await.ok().flatten().ok_or_else(overloaded)?;
        Ok(Some(Turn { own, lane, began: Instant::now() }))
    }
}

/// A tenant's turn to write alone.
pub(super) struct Turn {
    own: OwnedSemaphorePermit,
    lane: OwnedSemaphorePermit,
    began: Instant,
}

impl Turn {
    /// The request failed: the tenant waits before it has this turn again, other tenants don't.
    pub(super) fn pause(self) {
        drop(self.lane);
        let (own, pause) = (self.own, (self.began.elapsed() * PAUSE).min(MAX_PAUSE));
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            drop(own);
        });
    }
}
