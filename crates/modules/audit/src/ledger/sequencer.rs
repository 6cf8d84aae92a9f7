//! The sequencer: gives events their places in the logs.

mod worker;

pub(super) use worker::Worker;

use super::database::{Database, Transaction};
use super::growth;
use super::key::SigningSeed;
use super::log::{self, Log};
use super::search::Indexer;
use super::tables::Tables;
use jiff::Timestamp;
use mainstay_kernel::entities::LedgerHead;
use mainstay_kernel::ledger::LogSigner;
use mainstay_kernel::{Error, Kernel, PLATFORM_ORGANIZATION, Result};
use mainstay_ledger::TreeWriter;
use mainstay_store::{Conflict, Insert};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The running sequencer of one server. Dropped without [`Sequencer::stop`] it ends as in a crash,
/// which loses nothing.
pub struct Sequencer {
    stop: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
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
        let now = kernel.clock().now();
        let signer = begin(kernel.store(), &tables, seed, host, now).await?;
        kernel.ledger().set_signer(signer);
        let (stop, stopped) = watch::channel(false);
        let worker = Worker::new(kernel.clone(), tables, server)?;
        let indexer = Indexer::new(kernel, worker.grown())?;
        let tasks =
            vec![tokio::spawn(worker.run(stopped.clone())), tokio::spawn(indexer.run(stopped))];
        Ok(Self { stop, tasks: Mutex::new(tasks) })
    }

    /// Gives places to what is pending and ends.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        let tasks = std::mem::take(&mut *self.tasks.lock());
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "the sequencer ended early");
            }
        }
    }
}

/// The signer of all logs; makes the platform's head, which fixes key and origins.
pub(super) async fn begin(
    database: &impl Database,
    tables: &Tables,
    seed: SigningSeed,
    host: &str,
    now: Timestamp,
) -> Result<LogSigner> {
    let platform = PLATFORM_ORGANIZATION;
    if tables.head(database, platform).await?.is_none() {
        let signer = LogSigner::new(seed.0.clone(), format!("{host}/ledger/v1"));
        let (tree, key) = (TreeWriter::new(), signer.key(platform)?);
        let log = Log { organization: platform, tree, key, is_new: true };
        let rows = vec![growth::head(&log, now)?];
        let key = tables.heads.primary_key.clone();
        let conflict = Conflict::Ignore { key };
        let mut transaction = database.begin().await?;
        transaction.insert(Insert { table: tables.heads.clone(), rows, conflict }).await?;
        transaction.commit().await?;
    }
    let head: LedgerHead = tables
        .head(database, platform)
        .await?
        .ok_or_else(|| Error::internal("the head of the platform's log vanished"))?;
    let prefix = head.origin.strip_suffix(&format!("/{platform}"));
    let prefix = prefix.ok_or_else(|| Error::internal("the platform's log has a wrong origin"))?;
    let signer = LogSigner::new(seed.0, prefix.to_owned());
    log::check_key(&head, &signer.key(platform)?)?;
    Ok(signer)
}
