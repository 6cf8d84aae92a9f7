//! The log of all logs: checkpoints of the organisations' logs are leaves of the platform's.
//!
//! Who publishes the platform's checkpoint, or has it witnessed, so holds every organisation's log
//! fast.

use super::database::{Database, Transaction};
use super::growth::{self, Growth, NewLeaf};
use super::host::Host;
use super::log::Logs;
use super::tables::{Tables, columns, read, select};
use mainstay_entity::{Entity, Record, Value};
use mainstay_kernel::entities::LedgerHead;
use mainstay_kernel::lookup::compare;
use mainstay_kernel::{Error, PLATFORM_ORGANIZATION, Result};
use mainstay_ledger::{LeafKind, SignedNote, encode_note_leaf};
use mainstay_store::{Compare, Conflict, Insert};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// An organisation's checkpoints are anchored so often at most.
const PERIOD: Duration = Duration::from_secs(10);
/// How often logs are looked for that grew elsewhere: one that led may have ended, or finished late,
/// before it anchored them.
const SEARCH: Duration = Duration::from_mins(1);
/// Checkpoints that are anchored in one transaction.
const BATCH: usize = 256;
/// Heads that are looked at together when a server begins to lead.
const PAGE: u64 = 1_000;

/// The logs that have grown since their last checkpoint was anchored.
#[derive(Default)]
pub(super) struct Anchors {
    grown: BTreeSet<Uuid>,
    /// When it is time again; none before the first look.
    due: Option<Instant>,
    /// When to look for what others left.
    search: Option<Instant>,
}

impl Anchors {
    /// A log has grown.
    pub(super) fn note(&mut self, log: Uuid) {
        if log != PLATFORM_ORGANIZATION {
            self.grown.insert(log);
        }
    }

    /// Anchors what has grown, if it is time or at the end.
    pub(super) async fn tend(
        &mut self,
        host: &impl Host,
        tables: &Tables,
        logs: &mut Logs,
        is_end: bool,
    ) -> Result<()> {
        let now = Instant::now();
        if self.due.is_some_and(|due| now < due) && !is_end {
            return Ok(());
        }
        if self.search.is_none_or(|search| search <= now) {
            self.find(host, tables).await?;
            self.search = Some(now + SEARCH);
        }
        self.due = Some(now + PERIOD);
        while !self.grown.is_empty() {
            let batch: Vec<Uuid> = self.grown.iter().take(BATCH).copied().collect();
            if !anchor(host, tables, logs, &batch).await? {
                return Ok(());
            }
            for log in batch {
                self.grown.remove(&log);
            }
        }
        Ok(())
    }

    /// Finds the logs that grew while nobody anchored them.
    async fn find(&mut self, host: &impl Host, tables: &Tables) -> Result<()> {
        let mut after = Uuid::nil();
        loop {
            let value = Value::Uuid(after);
            let greater = compare(&tables.heads, "organization_id", Compare::Gt, value)?;
            let mut select = select(&tables.heads, greater, Some("organization_id"))?;
            select.limit = Some(PAGE);
            let heads: Vec<LedgerHead> = read(host.database(), &select).await?;
            let Some(last) = heads.last() else {
                return Ok(());
            };
            after = last.organization_id.uuid();
            let grown = heads.iter().filter(|head| head.size > head.anchored_size);
            self.grown.extend(grown.map(|head| head.organization_id.uuid()));
        }
    }
}

/// Makes the current checkpoints of some logs leaves of the platform's; false when that has grown
/// elsewhere meanwhile.
async fn anchor(
    host: &impl Host,
    tables: &Tables,
    logs: &mut Logs,
    organizations: &[Uuid],
) -> Result<bool> {
    let (database, now) = (host.database(), host.now());
    let heads = tables.heads(database, organizations).await?;
    let leaf = |head: &LedgerHead| {
        let note = SignedNote::parse(&head.checkpoint)?;
        let organization = *head.organization_id.uuid().as_bytes();
        let micros = now.as_microsecond();
        encode_note_leaf(LeafKind::Checkpoint, organization, micros, &note)
    };
    let mut leaves = Vec::with_capacity(heads.len());
    for head in &heads {
        leaves.push(NewLeaf { event: None, bytes: leaf(head).map_err(Error::internal)? });
    }
    if leaves.is_empty() {
        return Ok(true);
    }
    let log = logs.take(database, tables, host.signer()?, PLATFORM_ORGANIZATION).await?;
    let growths = [Growth::of(log, &leaves, database, tables, now).await?];
    let anchored = |mut head: LedgerHead| -> Record {
        head.anchored_size = head.size;
        head.into_record()
    };
    let marks = Insert {
        table: tables.heads.clone(),
        rows: heads.into_iter().map(anchored).collect(),
        conflict: Conflict::Merge {
            key: tables.heads.primary_key.clone(),
            set: columns(&tables.heads, &["anchored_size"])?,
        },
    };
    let mut transaction = database.begin().await?;
    if !growth::write(&mut transaction, tables, &growths).await? {
        transaction.rollback().await;
        *logs = Logs::default();
        return Ok(false);
    }
    transaction.insert(marks).await?;
    transaction.commit().await?;
    for growth in growths {
        logs.keep(growth.log);
    }
    host.grew();
    Ok(true)
}
