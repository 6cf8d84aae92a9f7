//! Standbys that answer reads of callers who accept rows of some seconds ago (S2-B78, S3-B21).
//!
//! A standby is used while it is known to have everything that the primary had at the last look but
//! one, [`LOOK`] apart. Another database, one that is behind and one that does not answer are passed
//! over, and the primary is read instead.

use super::pool::{Checkout, Pool};
use super::session::Session;
use crate::access::Access;
use crate::error::{Error, Result};
use crate::statement::Statement;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tracing::{debug, warn};

/// Between two looks at how far standbys are.
const LOOK: Duration = Duration::from_secs(1);

/// Which database the primary has, the role that reads it, and how far its log is.
const PRIMARY: &str = "SELECT concat_ws(' ', system_identifier, current_database(), current_user), \
                       pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint \
                       FROM pg_control_system()";

/// The same of a standby, which is told apart by being one. Its role is the primary's, whom
/// row-level security binds.
const STANDBY: &str = "SELECT concat_ws(' ', system_identifier, current_database(), current_user), \
                       pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint \
                       FROM pg_control_system() WHERE pg_is_in_recovery()";

/// The standbys of a server.
pub(super) struct Replicas {
    all: Vec<Replica>,
    /// Whose turn it is.
    turn: AtomicUsize,
}

struct Replica {
    pool: Arc<Pool>,
    is_current: AtomicBool,
}

impl Replicas {
    /// Looks after standbys until the value is dropped.
    pub(super) fn start(primary: &Arc<Pool>, pools: Vec<Arc<Pool>>) -> Arc<Self> {
        let replica = |pool| Replica { pool, is_current: AtomicBool::new(false) };
        let all: Vec<Replica> = pools.into_iter().map(replica).collect();
        let replicas = Arc::new(Self { all, turn: AtomicUsize::new(0) });
        if !replicas.all.is_empty() {
            tokio::spawn(watch(Arc::downgrade(&replicas), Arc::downgrade(primary)));
        }
        replicas
    }

    /// A connection to a standby that is current; none when no one answers.
    pub(super) async fn checkout(&self) -> Option<Checkout> {
        let first = self.turn.fetch_add(1, Ordering::Relaxed);
        for offset in 0..self.all.len() {
            let replica = &self.all[first.wrapping_add(offset) % self.all.len()];
            if !replica.is_current.load(Ordering::Acquire) {
                continue;
            }
            match replica.pool.checkout().await {
                Ok(checkout) => return Some(checkout),
                Err(error) => debug!(%error, "a replica is passed over"),
            }
        }
        None
    }

    pub(super) fn close(&self) {
        for replica in &self.all {
            replica.pool.close();
        }
    }

    /// Compares the standbys with what the primary had at the look before; gives what it has now.
    async fn look(&self, primary: &Pool, before: Option<&Place>) -> Option<Place> {
        // Before the standbys, so that nothing newer is asked of them.
        let now = place(primary, PRIMARY).await.ok().flatten();
        for replica in &self.all {
            let is_current = match (before, &now, place(&replica.pool, STANDBY).await) {
                (Some(before), Some(_), Ok(Some(own))) => {
                    own.database == before.database && own.position >= before.position
                }
                _ => false,
            };
            let was_current = replica.is_current.swap(is_current, Ordering::Release);
            if was_current && !is_current {
                warn!("a replica is behind or does not answer: the primary is read instead");
            }
        }
        now
    }
}

/// A database and a place in its log, in bytes.
struct Place {
    database: String,
    position: i64,
}

async fn watch(replicas: Weak<Replicas>, primary: Weak<Pool>) {
    let mut before = None;
    loop {
        let (Some(replicas), Some(primary)) = (replicas.upgrade(), primary.upgrade()) else {
            return;
        };
        if primary.is_closed() {
            return;
        }
        before = replicas.look(&primary, before.as_ref()).await;
        drop((replicas, primary));
        tokio::time::sleep(LOOK).await;
    }
}

async fn place(pool: &Pool, sql: &str) -> Result<Option<Place>> {
    let statement = Statement { sql: sql.to_owned(), params: Vec::new() };
    let mut checkout = pool.checkout().await?;
    let session = Session::of(&Access::system());
    let rows = checkout.read_once(&session, &statement).await.map_err(Error::internal)?;
    let Some(row) = rows.first() else { return Ok(None) };
    let database = row.try_get(0).map_err(Error::internal)?;
    let position = row.try_get(1).map_err(Error::internal)?;
    Ok(Some(Place { database, position }))
}
