//! Witnesses of the platform's log: servers of others that cosign its checkpoints (C2SP
//! tlog-witness), so that even who holds the key can't show two logs to two people.
//!
//! The log waits for nobody. Each witness is asked in a task of its own when the log has grown;
//! what it says is a row of `ledger_cosignatures`. A witness that refuses the log has seen another
//! one: that raises a security event, and every verification tells of it.

mod ask;
mod kept;

pub(super) use kept::{Cosignatures, cosigned, most_cosigned};

use super::tables::Tables;
use crate::security_event::{self, SecurityEventType, Severity};
use ask::{Asker, Present, Said};
use mainstay_entity::{Id, Text, json};
use mainstay_kernel::entities::LedgerCosignature;
use mainstay_kernel::{Context, Error, Event, Kernel, PLATFORM_ORGANIZATION, Result};
use mainstay_ledger::{SignedNote, VerifierKey};
use parking_lot::Mutex;
use reqwest::Url;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// Witnesses that can be named, at most.
pub const WITNESSES_MAX: usize = 16;

/// How often the log's growth is looked for.
const POLL: Duration = Duration::from_secs(1);
/// The pause after the first failure or refusal, doubled by each that follows.
const BACKOFF_MIN: Duration = Duration::from_secs(1);
const BACKOFF_MAX: Duration = Duration::from_mins(5);
/// How long a stop waits for the cosignatures of what was last written.
const STOP_DEADLINE: Duration = Duration::from_secs(5);

/// A witness that the operator has named. Its address may be in a private network, as it comes
/// from the configuration alone.
#[derive(Clone, Debug)]
pub struct Witness {
    url: Url,
    key: VerifierKey,
}

impl Witness {
    /// Who it is: the name of its key.
    pub fn name(&self) -> &str {
        self.key.name()
    }

    /// Its public key.
    pub fn key(&self) -> &VerifierKey {
        &self.key
    }
}

impl FromStr for Witness {
    type Err = Error;

    /// Reads `URL KEY`: the prefix that requests are sent below, and the verifier key.
    ///
    /// # Errors
    /// For any other text.
    fn from_str(text: &str) -> Result<Self> {
        let error = |problem: &str| Error::internal(format!("{text:?} is no witness: {problem}"));
        let (url, key) =
            text.split_once(' ').ok_or_else(|| error("expected its URL, a space and its key"))?;
        let key: VerifierKey = key.trim().parse().map_err(|_| error("the key is none"))?;
        if !key.is_cosigner() {
            return Err(error("the key signs logs, not as a witness"));
        }
        let url = Url::parse(url).map_err(|_| error("the URL is none"))?;
        let is_plain = matches!(url.scheme(), "http" | "https")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty();
        if is_plain { Ok(Self { url, key }) } else { Err(error("expected an http or https URL")) }
    }
}

/// What a witness said of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// It cosigned the checkpoint of so many leaves.
    Cosigned(u64),
    /// It refuses the log; why.
    Refused(String),
    /// It gave no answer that says anything of the log; why.
    Silent(String),
}

/// The tasks that ask the witnesses of one server.
pub struct Cosigning {
    stop: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Cosigning {
    /// Asks from now on whenever the platform's log has grown.
    ///
    /// # Errors
    /// When the catalog lacks a table or requests can't be made.
    pub fn start(kernel: &Kernel, witnesses: Vec<Witness>) -> Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = Vec::with_capacity(witnesses.len());
        for witness in witnesses {
            let worker = Worker::new(kernel.clone(), witness)?;
            tasks.push(tokio::spawn(worker.run(stopped.clone())));
        }
        Ok(Self { stop, tasks: Mutex::new(tasks) })
    }

    /// Asks once more if the log has grown, for a few seconds at most, and ends.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        let tasks = std::mem::take(&mut *self.tasks.lock());
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "asking a witness ended early");
            }
        }
    }
}

impl fmt::Debug for Cosigning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cosigning").finish_non_exhaustive()
    }
}

/// Asks each witness once, even if it has cosigned the present checkpoint: one that has seen more
/// says so. Gives their names and what they said.
///
/// # Errors
/// When the store does not answer.
pub async fn ask_witnesses(
    kernel: &Kernel,
    witnesses: &[Witness],
) -> Result<Vec<(String, Opinion)>> {
    let mut opinions = Vec::with_capacity(witnesses.len());
    for witness in witnesses {
        let worker = Worker::new(kernel.clone(), witness.clone())?;
        if let Some(opinion) = worker.ask(true).await? {
            opinions.push((witness.name().to_owned(), opinion));
        }
    }
    Ok(opinions)
}

struct Worker {
    kernel: Kernel,
    tables: Tables,
    cosignatures: Cosignatures,
    asker: Asker,
}

impl Worker {
    fn new(kernel: Kernel, witness: Witness) -> Result<Self> {
        let tables = Tables::new(kernel.catalog())?;
        let cosignatures = Cosignatures::new(kernel.catalog())?;
        Ok(Self { kernel, tables, cosignatures, asker: Asker::new(witness)? })
    }

    fn name(&self) -> &str {
        self.asker.witness().name()
    }

    async fn run(self, mut stopped: watch::Receiver<bool>) {
        // An error says that nobody can stop it any more: then the server has ended.
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => {}
            () = self.ask_regularly() => {}
        }
        match timeout(STOP_DEADLINE, self.ask(false)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(witness = self.name(), %error, "not asked"),
            Err(_) => tracing::warn!(witness = self.name(), "no cosignature in time"),
        }
    }

    /// Asks whenever there is something new; never ends.
    async fn ask_regularly(&self) {
        let (mut backoff, mut last) = (BACKOFF_MIN, None);
        // At first it is asked in any case: the database may be one of yesterday.
        let mut again = true;
        loop {
            let opinion = self.ask(again).await;
            let opinion = opinion.unwrap_or_else(|e| Some(Opinion::Silent(e.to_string())));
            again = matches!(opinion, Some(Opinion::Refused(_) | Opinion::Silent(_)));
            let pause = if again { backoff } else { POLL };
            backoff = if again { BACKOFF_MAX.min(backoff * 2) } else { BACKOFF_MIN };
            if opinion.is_some() && opinion != last {
                self.log(opinion.as_ref());
                last = opinion;
            }
            sleep(pause).await;
        }
    }

    /// Once for each change of mind, not with every try of an outage.
    fn log(&self, opinion: Option<&Opinion>) {
        let witness = self.name();
        match opinion {
            Some(Opinion::Refused(why)) => {
                tracing::error!(witness, why, "a witness refuses the log");
            }
            Some(Opinion::Silent(why)) => tracing::warn!(witness, why, "a witness is silent"),
            Some(Opinion::Cosigned(size)) => tracing::debug!(witness, size, "cosigned"),
            None => {}
        }
    }

    /// Asks, unless there is nothing that it has not cosigned and it need not be asked again; keeps
    /// what it says.
    async fn ask(&self, again: bool) -> Result<Option<Opinion>> {
        let (store, key) = (self.kernel.store(), self.asker.witness().key().to_string());
        let Some(head) = self.tables.head(store, PLATFORM_ORGANIZATION).await? else {
            return Ok(None);
        };
        let row = self.cosignatures.of_witness(store, PLATFORM_ORGANIZATION, &key).await?;
        let size = head.size.cast_unsigned();
        let known = row.as_ref().map_or(0, |row| row.size.cast_unsigned()).min(size);
        if size == 0 || (known == size && !again) {
            return Ok(None);
        }
        let mut row = match row {
            Some(row) => row,
            None => empty(&key)?,
        };
        let note = SignedNote::parse(&head.checkpoint).map_err(Error::internal)?;
        let present = Present { store, tables: &self.tables, size, note };
        let said = self.asker.ask(present, known).await?;
        let now = self.kernel.clock().now();
        let opinion = match said {
            Said::Cosigned(note) => {
                row.size = head.size;
                row.checkpoint = Some(Text::new(note.to_string()).map_err(Error::internal)?);
                row.cosigned_at = Some(now);
                (row.refusal, row.refused_size, row.refused_at) = (None, None, None);
                Opinion::Cosigned(size)
            }
            Said::Refused { why, size } => {
                if row.refusal.as_deref() != Some(why.as_str()) {
                    self.tell(&why).await?;
                    row.refused_at = Some(now);
                }
                row.refusal = Some(Text::new(why.as_str()).map_err(Error::internal)?);
                row.refused_size = size.map(u64::cast_signed);
                Opinion::Refused(why)
            }
            Said::Nothing(why) => return Ok(Some(Opinion::Silent(why))),
        };
        self.cosignatures.keep(store, row).await?;
        Ok(Some(opinion))
    }

    /// Makes a refusal known to those who watch over the installation.
    async fn tell(&self, why: &str) -> Result<()> {
        let now = self.kernel.clock().now();
        let context = Context::system("ledger", Some(PLATFORM_ORGANIZATION), now);
        let mut work = self.kernel.begin(&context).await?;
        let description = format!("the witness {} refuses the log: {why}", self.name());
        let kind = SecurityEventType::AuditIntegrityFailed;
        security_event::raise(&mut work, kind, Severity::Critical, &description).await?;
        let mut event = Event::new("ledger", "refused_by_witness");
        let details = serde_json::json!({ "witness": self.asker.witness().key().to_string() });
        event.details = json::canonical(&details.to_string()).ok();
        event.failure = Some(description);
        work.record(event);
        work.commit().await
    }
}

/// What is known of a witness that was never asked.
fn empty(key: &str) -> Result<LedgerCosignature> {
    Ok(LedgerCosignature {
        organization_id: Id::new(PLATFORM_ORGANIZATION),
        witness: Text::new(key).map_err(Error::internal)?,
        size: 0,
        checkpoint: None,
        cosigned_at: None,
        refusal: None,
        refused_size: None,
        refused_at: None,
    })
}
