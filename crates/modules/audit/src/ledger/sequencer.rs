//! The sequencer: gives events their places in the logs.

use super::anchor::Anchors;
use super::growth::{self, Growth, NewLeaf};
use super::key::SigningSeed;
use super::lease::Lease;
use super::log::{self, Log, Logs};
use super::tables::{Tables, column, select};
use jiff::Timestamp;
use mainstay_entity::Value;
use mainstay_kernel::entities::{LedgerHead, LedgerPending};
use mainstay_kernel::ledger::LogSigner;
use mainstay_kernel::{Context, Error, Event, Kernel, PLATFORM_ORGANIZATION, Result};
use mainstay_ledger::{Field, Hash, Leaf, TreeWriter, Value as LeafValue};
use mainstay_store::{Access, Conflict, Delete, Expression, Filter, Insert, Select, Store};
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

/// Leaves that get their places together. More would hold other writers up on `SQLite`.
const BATCH: u64 = 4_096;
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
/// How long a stop takes at most to give places to what is pending; the rest gets them from
/// another server, or after the next start.
const STOP_DEADLINE: Duration = Duration::from_secs(10);

/// The running sequencer of one server. Dropped without [`Sequencer::stop`] it ends as in a crash,
/// which loses nothing.
pub struct Sequencer {
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Sequencer {
    /// Begins the platform's log at the first start, and makes the logs grow from now on. `host`
    /// is what origins begin with, at the first start; later ones keep what there is. `server`
    /// names this one, unlike any other.
    ///
    /// # Errors
    /// When the logs were signed with another key, and when the store does not answer.
    pub async fn start(
        kernel: Kernel,
        seed: SigningSeed,
        host: &str,
        server: &str,
    ) -> Result<Self> {
        let tables = Tables::new(kernel.catalog())?;
        let signer = begin(&kernel, &tables, seed, host).await?;
        kernel.ledger().set_signer(signer);
        let (stop, stopped) = watch::channel(false);
        let worker = Worker {
            lease: Lease::new(server)?,
            tables,
            logs: Logs::default(),
            anchors: Anchors::default(),
            damaged: HashMap::new(),
            leads: false,
            pause: PAUSE,
            kernel,
        };
        let task = tokio::spawn(worker.run(stopped));
        Ok(Self { stop, task: Mutex::new(Some(task)) })
    }

    /// Gives places to what is pending and ends.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        let task = self.task.lock().take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the sequencer ended early");
        }
    }
}

/// The signer of all logs; makes the platform's head, which fixes key and origins.
async fn begin(
    kernel: &Kernel,
    tables: &Tables,
    seed: SigningSeed,
    host: &str,
) -> Result<LogSigner> {
    let platform = PLATFORM_ORGANIZATION;
    let store = kernel.store();
    if tables.head(store, platform).await?.is_none() {
        let signer = LogSigner::new(seed.0.clone(), format!("{host}/ledger/v1"));
        let (tree, key) = (TreeWriter::new(), signer.key(platform)?);
        let log = Log { organization: platform, tree, key, is_new: true };
        let rows = vec![growth::head(&log, kernel.clock().now())?];
        let key = tables.heads.primary_key.clone();
        let conflict = Conflict::Ignore { key };
        let mut transaction = store.begin(&Access::system()).await?;
        transaction.insert(Insert { table: tables.heads.clone(), rows, conflict }).await?;
        transaction.commit().await?;
    }
    let head: LedgerHead = tables
        .head(store, platform)
        .await?
        .ok_or_else(|| Error::internal("the head of the platform's log vanished"))?;
    let prefix = head.origin.strip_suffix(&format!("/{platform}"));
    let prefix = prefix.ok_or_else(|| Error::internal("the platform's log has a wrong origin"))?;
    let signer = LogSigner::new(seed.0, prefix.to_owned());
    log::check_key(&head, &signer.key(platform)?)?;
    Ok(signer)
}

/// What came of a look at what is pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Nothing is left, or another server sees to it.
    Done,
    /// There may be more.
    More,
}

struct Worker {
    kernel: Kernel,
    tables: Tables,
    lease: Lease,
    logs: Logs,
    anchors: Anchors,
    /// Logs that can't grow, and when they are tried again. Others don't wait for them.
    damaged: HashMap<Uuid, Instant>,
    /// Whether this server had the lease at the last look.
    leads: bool,
    /// Time from the beginning of one batch to the next.
    pause: Duration,
}

/// A pending leaf that belongs to this installation.
struct Pending {
    number: i64,
    leaf: NewLeaf,
}

impl Worker {
    async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        let mut works = true;
        while !*stopped.borrow() {
            let start = Instant::now();
            let step = self.look().await;
            let earliest = start + self.pause;
            if let (Err(error), true) = (&step, works) {
                // Told once, not with every try of an outage.
                tracing::error!(%error, "the ledger does not grow");
            }
            works = step.is_ok();
            if step.is_ok_and(|step| step == Step::More) {
                continue;
            }
            let pause = async {
                sleep_until(earliest).await;
                tokio::select! {
                    () = self.kernel.ledger().written() => {}
                    () = sleep(POLL) => {}
                }
            };
            tokio::select! {
                _ = stopped.changed() => {}
                () = pause => {}
            }
        }
        self.finish().await;
    }

    /// One batch, and what follows from time to time.
    async fn look(&mut self) -> Result<Step> {
        let step = self.batch().await?;
        if self.leads {
            let (kernel, tables) = (&self.kernel, &self.tables);
            self.anchors.tend(kernel, tables, &mut self.logs, false).await?;
        }
        Ok(step)
    }

    async fn finish(mut self) {
        let work = async {
            while self.batch().await? == Step::More {}
            if self.leads {
                let (kernel, tables) = (&self.kernel, &self.tables);
                self.anchors.tend(kernel, tables, &mut self.logs, true).await?;
            }
            self.lease.release(self.kernel.store(), &self.tables, self.kernel.clock().now()).await
        };
        match tokio::time::timeout(STOP_DEADLINE, work).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "events wait for their places in the ledger"),
            Err(_) => tracing::warn!("events wait for their places in the ledger"),
        }
    }

    /// Gives places to what is pending, as many as fit one transaction.
    async fn batch(&mut self) -> Result<Step> {
        let now = self.kernel.clock().now();
        // Without the lease one row tells whether to ask for it.
        let limit = if self.leads { BATCH } else { 1 };
        let rows = self.pending(limit).await?;
        if rows.is_empty() {
            return Ok(Step::Done);
        }
        let led = self.leads;
        self.leads = self.lease.hold(self.kernel.store(), &self.tables, now).await?;
        if !self.leads {
            return Ok(Step::Done);
        }
        if !led {
            // Others may have made the logs grow.
            self.logs = Logs::default();
            return Ok(Step::More);
        }
        let is_full = rows.len() as u64 == limit;
        let is_all = self.integrate(rows, now).await?;
        Ok(if is_full || !is_all { Step::More } else { Step::Done })
    }

    async fn pending(&mut self, limit: u64) -> Result<Vec<LedgerPending>> {
        let now = Instant::now();
        self.damaged.retain(|_, again| now < *again);
        let filter = if self.damaged.is_empty() {
            Filter::All
        } else {
            let left = Expression::column(column(&self.tables.pending, "organization_id")?);
            let list = self.damaged.keys().copied().map(Value::Uuid).collect();
            Filter::Not(Box::new(Filter::In { left, list }))
        };
        let mut select: Select = select(&self.tables.pending, filter, Some("number"))?;
        select.limit = Some(limit);
        super::tables::read(self.kernel.store(), &select).await
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
        let mut growths = Vec::with_capacity(by_log.len().min(LOGS));
        let mut numbers = Vec::new();
        let store = self.kernel.store().clone();
        for (organization, pending) in by_log.into_iter().take(LOGS) {
            let log = match self.log(&store, organization).await {
                Err(Error::Internal(why)) => {
                    tracing::error!(%organization, why, "a log can't grow");
                    self.damaged.insert(organization, Instant::now() + DAMAGED);
                    continue;
                }
                log => log?,
            };
            numbers.extend(pending.iter().map(|pending| pending.number));
            let leaves: Vec<NewLeaf> = pending.into_iter().map(|pending| pending.leaf).collect();
            growths.push(Growth::of(log, &leaves, &store, &self.tables, now).await?);
        }
        if growths.is_empty() {
            return Ok(is_all);
        }
        let mut transaction = store.begin(&Access::system()).await?;
        let is_written = growth::write(&mut transaction, &self.tables, &growths).await?
            && growth::forget_pending(&mut transaction, &self.tables, &numbers).await?;
        if !is_written {
            transaction.rollback().await;
            tracing::info!("another server makes the logs grow");
            self.logs = Logs::default();
            self.leads = false;
            return Ok(true);
        }
        transaction.commit().await?;
        let logs = u32::try_from(growths.len()).unwrap_or(u32::MAX);
        self.pause = PAUSE_PER_LOG.saturating_mul(logs).clamp(PAUSE, PAUSE_MAX);
        for growth in growths {
            self.anchors.note(growth.log.organization);
            self.logs.keep(growth.log);
        }
        self.kernel.ledger().grew();
        Ok(is_all)
    }

    async fn log(&mut self, store: &Store, organization: Uuid) -> Result<Log> {
        let signer = self.kernel.ledger().signer();
        let signer = signer.ok_or_else(|| Error::internal("nobody signs for the logs"))?;
        self.logs.take(store, &self.tables, signer, organization).await
    }

    /// The event of a pending leaf, if this installation wrote it for this organisation.
    fn own(&self, row: &LedgerPending) -> Option<Uuid> {
        if !self.kernel.ledger().is_own(&row.leaf, &row.mac) {
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
        let store = self.kernel.store();
        for row in rows {
            let hash = Hash::leaf(&row.leaf).to_string();
            tracing::error!(organization = %row.organization_id.uuid(), hash, "a forged event");
            let now = self.kernel.clock().now();
            let context = Context::system("ledger", Some(row.organization_id.uuid()), now);
            let mut event = Event::new("ledger_pending", "refuse");
            event.failure = Some("no server of this installation wrote this leaf".to_owned());
            let details = serde_json::json!({ "leaf_hash": hash, "bytes": row.leaf.len() });
            event.details = mainstay_entity::json::canonical(&details.to_string()).ok();
            let mut work = self.kernel.begin(&context).await?;
            work.record(event);
            work.commit().await?;
            let left = Expression::column(column(&self.tables.pending, "number")?);
            let filter = Filter::In { left, list: vec![Value::Int(row.number)] };
            let mut transaction = store.begin(&Access::system()).await?;
            let table = self.tables.pending.clone();
            transaction.purge(Delete { table, filter }).await?;
            transaction.commit().await?;
        }
        Ok(())
    }
}
