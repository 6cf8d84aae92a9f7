//! The work of a sequencer: one batch after the other.

use crate::ledger::anchor::Anchors;
use crate::ledger::database::{Database, Transaction};
use crate::ledger::growth::{self, Growth, NewLeaf};
use crate::ledger::host::Host;
use crate::ledger::lease::Lease;
use crate::ledger::log::{Log, Logs};
use crate::ledger::search::Grown;
use crate::ledger::tables::{Tables, read, select};
use jiff::Timestamp;
use mainstay_entity::Value;
use mainstay_kernel::entities::LedgerPending;
use mainstay_kernel::lookup::position;
use mainstay_kernel::{Error, Result};
use mainstay_ledger::{Field, Leaf, Value as LeafValue};
use mainstay_store::{Delete, Expression, Filter};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

/// Leaves that get their places together: those of a bulk request at once, as the next batch may
/// have to wait until another one is written.
const BATCH: u64 = 10_240;
/// The least of them, however long leaves are.
const BATCH_MIN: u64 = 256;
/// What leaves that get their places together should not exceed in bytes.
const BATCH_BYTES: u64 = 16 << 20;
/// Logs that grow together. Each costs a signature and a few rows, however few its leaves are.
const LOGS: usize = 128;
/// Shortest time between two batches that are not full.
const PAUSE: Duration = Duration::from_millis(50);
/// What each log that grew adds to it: the more leaves a log grows by at once, the less each of
/// them costs.
const PAUSE_PER_LOG: Duration = Duration::from_millis(5);
/// Longest time between two batches, so that checkpoints are younger than a second.
const PAUSE_MAX: Duration = Duration::from_millis(500);
/// How often events of other servers are looked for; those of this one are seen at once.
const POLL: Duration = Duration::from_millis(250);
/// How long a log that can't grow is left alone.
const DAMAGED: Duration = Duration::from_mins(1);
/// How often a server that does not lead asks for the lease though nothing is pending: the one
/// that led may have ended before it anchored all checkpoints.
const SUCCEED: Duration = Duration::from_mins(1);
/// How long a stop takes at most to give places to what is pending; the rest gets them from
/// another server, or after the next start.
const STOP_DEADLINE: Duration = Duration::from_secs(10);

/// What came of a look at what is pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Nothing is left, or another server sees to it.
    Done,
    /// There may be more.
    More,
}

pub(in crate::ledger) struct Worker<H> {
    host: H,
    tables: Tables,
    lease: Lease,
    logs: Logs,
    anchors: Anchors,
    grown: Arc<Grown>,
    /// Logs that can't grow, and when they are tried again. Others don't wait for them.
    damaged: HashMap<Uuid, Instant>,
    /// Whether this server had the lease at the last look.
    leads: bool,
    /// When it asks for the lease next if nothing is pending.
    succeeds: Instant,
    /// Time from the beginning of one batch to the next.
    pause: Duration,
    /// Leaves of the next batch, as many as fit its bytes when they are like those of the last.
    limit: u64,
}

/// A pending leaf that belongs to this installation.
struct Pending {
    number: i64,
    leaf: NewLeaf,
}

/// How many leaves fit a batch when they are as long as some that were seen.
fn limit_after(leaves: u64, bytes: u64) -> u64 {
    (BATCH_BYTES * leaves).checked_div(bytes).unwrap_or(BATCH).clamp(BATCH_MIN, BATCH)
}

impl<H: Host> Worker<H> {
    /// A worker of a server, whose name is unlike any other's.
    pub(in crate::ledger) fn new(host: H, tables: Tables, server: &str) -> Result<Self> {
        Ok(Self {
            host,
            tables,
            lease: Lease::new(server)?,
            logs: Logs::default(),
            anchors: Anchors::default(),
            grown: Arc::default(),
            damaged: HashMap::new(),
            leads: false,
            succeeds: Instant::now(),
            pause: PAUSE,
            limit: BATCH_MIN,
        })
    }

    /// Where it notes which logs have grown.
    pub(in crate::ledger) fn grown(&self) -> Arc<Grown> {
        self.grown.clone()
    }

    /// Works until it is told to stop.
    pub(in crate::ledger) async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        let mut works = true;
        while !*stopped.borrow() {
            let start = Instant::now();
            let step = self.look().await;
            let earliest = start + self.pause;
            if let Err(error) = &step {
                // A commit whose answer was lost may have made the logs grow.
                self.yield_lead();
                if works {
                    // Told once, not with every try of an outage.
                    tracing::error!(%error, "the ledger does not grow");
                }
            }
            works = step.is_ok();
            if step.is_ok_and(|step| step == Step::More) {
                continue;
            }
            let pause = async {
                sleep_until(earliest).await;
                tokio::select! {
                    biased;
                    () = self.host.written() => {}
                    () = sleep(POLL) => {}
                }
            };
            tokio::select! {
                biased;
                changed = stopped.changed() => {
                    if changed.is_err() {
                        // Nobody will tell it to stop: the server is gone, as after a crash.
                        return;
                    }
                }
                () = pause => {}
            }
        }
        self.finish().await;
    }

    /// One batch, and what follows from time to time.
    async fn look(&mut self) -> Result<Step> {
        let step = self.batch().await?;
        if self.leads {
            self.anchors.tend(&self.host, &self.tables, &mut self.logs, false).await?;
        }
        Ok(step)
    }

    async fn finish(mut self) {
        let work = async {
            while self.batch().await? == Step::More {}
            if self.leads {
                self.anchors.tend(&self.host, &self.tables, &mut self.logs, true).await?;
            }
            self.lease.release(self.host.database(), &self.tables, self.host.now()).await
        };
        match tokio::time::timeout(STOP_DEADLINE, work).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "events wait for their places in the ledger"),
            Err(_) => tracing::warn!("events wait for their places in the ledger"),
        }
    }

    /// Gives places to what is pending, as many as fit one transaction.
    async fn batch(&mut self) -> Result<Step> {
        let now = self.host.now();
        // Without the lease one row tells whether to ask for it.
        let limit = if self.leads { self.limit } else { 1 };
        let rows = self.pending(limit).await?;
        let succeeds = !self.leads && Instant::now() >= self.succeeds;
        if rows.is_empty() && !succeeds {
            return Ok(Step::Done);
        }
        self.succeeds = Instant::now() + SUCCEED;
        let led = self.leads;
        self.leads = self.lease.hold(self.host.database(), &self.tables, now).await?;
        if !self.leads {
            return Ok(Step::Done);
        }
        if !led {
            // Others may have made the logs grow, and left checkpoints that are not anchored.
            self.logs = Logs::default();
            self.anchors = Anchors::default();
            self.grown.note_all();
            return Ok(Step::More);
        }
        let is_full = rows.len() as u64 == limit;
        let bytes: usize = rows.iter().map(|row| row.leaf.len()).sum();
        self.limit = limit_after(rows.len() as u64, bytes as u64);
        let is_all = self.integrate(rows, now).await?;
        Ok(if is_full || !is_all { Step::More } else { Step::Done })
    }

    /// Believes nothing any more of what it knew as the one that leads.
    fn yield_lead(&mut self) {
        self.leads = false;
        self.lease.forget();
        self.logs = Logs::default();
    }

    async fn pending(&mut self, limit: u64) -> Result<Vec<LedgerPending>> {
        let now = Instant::now();
        self.damaged.retain(|_, again| now < *again);
        let filter = if self.damaged.is_empty() {
            Filter::All
        } else {
            let left = Expression::column(position(&self.tables.pending, "organization_id")?);
            let list = self.damaged.keys().copied().map(Value::Uuid).collect();
            Filter::Not(Box::new(Filter::In { left, list }))
        };
        let mut select = select(&self.tables.pending, filter, Some("number"))?;
        select.limit = Some(limit);
        read(self.host.database(), &select).await
    }

    /// Gives places to leaves; false when some of them have to wait for the next batch.
    async fn integrate(&mut self, rows: Vec<LedgerPending>, now: Timestamp) -> Result<bool> {
        let mut by_log: BTreeMap<Uuid, Vec<Pending>> = BTreeMap::new();
        let mut foreign = Vec::new();
        for row in rows {
            let organization = row.organization_id.uuid();
            match self.own(&row) {
                Some(event) => by_log.entry(organization).or_default().push(Pending {
                    number: row.number,
                    leaf: NewLeaf { event: Some(event), bytes: row.leaf },
                }),
                None => foreign.push(row),
            }
        }
        if !foreign.is_empty() {
            self.refuse(foreign).await?;
        }
        let is_all = by_log.len() <= LOGS;
        let (growths, numbers) = self.grow(by_log, now).await?;
        if growths.is_empty() {
            return Ok(is_all);
        }
        let mut transaction = self.host.database().begin().await?;
        let is_written = growth::write(&mut transaction, &self.tables, &growths).await?
            && growth::forget_pending(&mut transaction, &self.tables, &numbers).await?;
        if !is_written {
            transaction.rollback().await;
            tracing::info!("another server makes the logs grow");
            self.yield_lead();
            return Ok(true);
        }
        transaction.commit().await?;
        let logs = u32::try_from(growths.len()).unwrap_or(u32::MAX);
        self.pause = PAUSE_PER_LOG.saturating_mul(logs).clamp(PAUSE, PAUSE_MAX);
        for growth in growths {
            self.anchors.note(growth.log.organization);
            self.grown.note(growth.log.organization);
            self.logs.keep(growth.log);
        }
        self.host.grew();
        Ok(is_all)
    }

    /// How logs grow by some leaves, and the numbers of these. Damaged logs are left out.
    async fn grow(
        &mut self,
        by_log: BTreeMap<Uuid, Vec<Pending>>,
        now: Timestamp,
    ) -> Result<(Vec<Growth>, Vec<i64>)> {
        let mut growths = Vec::with_capacity(by_log.len().min(LOGS));
        let mut numbers = Vec::new();
        for (organization, pending) in by_log.into_iter().take(LOGS) {
            let log = match self.log(organization).await {
                Err(Error::Internal(why)) => {
                    tracing::error!(%organization, why, "a log can't grow");
                    self.damaged.insert(organization, Instant::now() + DAMAGED);
                    continue;
                }
                log => log?,
            };
            numbers.extend(pending.iter().map(|pending| pending.number));
            let leaves: Vec<NewLeaf> = pending.into_iter().map(|pending| pending.leaf).collect();
            let database = self.host.database();
            growths.push(Growth::of(log, &leaves, database, &self.tables, now).await?);
        }
        Ok((growths, numbers))
    }

    async fn log(&mut self, organization: Uuid) -> Result<Log> {
        let signer = self.host.signer()?;
        self.logs.take(self.host.database(), &self.tables, signer, organization).await
    }

    /// The event of a pending leaf, if this installation wrote it for this organisation.
    fn own(&self, row: &LedgerPending) -> Option<Uuid> {
        if !self.host.is_own(&row.leaf, &row.mac) {
            return None;
        }
        let leaf = Leaf::decode(&row.leaf).ok()?;
        let uuid = |field| match leaf.get(field)? {
            LeafValue::Uuid(bytes) => Some(Uuid::from_bytes(bytes)),
            _ => None,
        };
        let organization = uuid(Field::ORGANIZATION_ID)?;
        uuid(Field::ID).filter(|_| organization == row.organization_id.uuid())
    }

    /// Tells of leaves that somebody else has written into the database, and removes them.
    async fn refuse(&self, rows: Vec<LedgerPending>) -> Result<()> {
        for row in rows {
            self.host.tell_forged(&row).await?;
            let left = Expression::column(position(&self.tables.pending, "number")?);
            let filter = Filter::In { left, list: vec![Value::Int(row.number)] };
            let table = self.tables.pending.clone();
            let mut transaction = self.host.database().begin().await?;
            transaction.purge(Delete { table, filter }).await?;
            transaction.commit().await?;
        }
        Ok(())
    }
}
