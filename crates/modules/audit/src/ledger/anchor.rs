//! The log of all logs: checkpoints of the organisations' logs are leaves of the platform's.
//!
//! Who publishes the platform's checkpoint, or has it witnessed, so holds every organisation's log
//! fast.

use super::growth::{self, Growth, NewLeaf};
use super::log::Logs;
use super::tables::{Tables, columns, compare, read, select};
use mainstay_entity::{Entity, Record, Value};
use mainstay_kernel::entities::LedgerHead;
use mainstay_kernel::{Error, Kernel, PLATFORM_ORGANIZATION, Result};
use mainstay_ledger::{LeafKind, SignedNote, encode_note_leaf};
use mainstay_store::{Access, Compare, Conflict, Insert};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// An organisation's checkpoints are anchored so often at most.
const PERIOD: Duration = Duration::from_secs(10);
/// Checkpoints that are anchored in one transaction.
const BATCH: usize = 256;
/// Heads that are looked at together when a server begins to lead.
const PAGE: u64 = 1_000;

/// The logs that have grown since their last checkpoint was anchored.
#[derive(Default)]
pub(super) struct Anchors {
    grown: BTreeSet<Uuid>,
    /// When it is time again; none before the first look, which finds what others left.
    due: Option<Instant>,
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
        kernel: &Kernel,
        tables: &Tables,
        logs: &mut Logs,
        is_end: bool,
    ) -> Result<()> {
        let now = Instant::now();
        match self.due {
            Some(due) if now < due && !is_end => return Ok(()),
            Some(_) => {}
            None => self.find(kernel, tables).await?,
        }
        self.due = Some(now + PERIOD);
        while !self.grown.is_empty() {
            let batch: Vec<Uuid> = self.grown.iter().take(BATCH).copied().collect();
            if !anchor(kernel, tables, logs, &batch).await? {
                return Ok(());
            }
            for log in batch {
                self.grown.remove(&log);
            }
        }
        Ok(())
    }

    /// Finds the logs that grew while nobody anchored them.
    async fn find(&mut self, kernel: &Kernel, tables: &Tables) -> Result<()> {
        let mut after = Uuid::nil();
        loop {
            let value = Value::Uuid(after);
            let greater = compare(&tables.heads, "organization_id", Compare::Gt, value)?;
            let mut select = select(&tables.heads, greater, Some("organization_id"))?;
            select.limit = Some(PAGE);
            let heads: Vec<LedgerHead> = read(kernel.store(), &select).await?;
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
    kernel: &Kernel,
    tables: &Tables,
    logs: &mut Logs,
    organizations: &[Uuid],
) -> Result<bool> {
    let (store, now) = (kernel.store(), kernel.clock().now());
    let heads = tables.heads(store, organizations).await?;
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
    let signer = kernel.ledger().signer();
    let signer = signer.ok_or_else(|| Error::internal("nobody signs for the logs"))?;
    let log = logs.take(store, tables, signer, PLATFORM_ORGANIZATION).await?;
    let growths = [Growth::of(log, &leaves, store, tables, now).await?];
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
    let mut transaction = store.begin(&Access::system()).await?;
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
    kernel.ledger().grew();
    Ok(true)
}
