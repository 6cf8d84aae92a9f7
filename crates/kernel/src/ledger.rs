//! Events on their way into the ledger.
//!
//! Whoever writes an event writes its leaf beside it, in the same transaction, as a row of
//! `ledger_pending`. Nobody waits for the tree: the audit module's sequencer takes what is pending
//! and makes the logs grow.

mod position;
mod row;
mod signer;

pub use position::Place;
pub use row::EventRows;
pub use signer::LogSigner;

use crate::context::Context;
use crate::entities::{AuditEvent, LedgerEntry, LedgerPending, LedgerTile};
use crate::error::{Error, Invalid, Result};
use crate::event::Event;
use crate::kernel::Kernel;
use crate::lookup;
use crate::principal::PrincipalKind;
use jiff::SignedDuration;
use mainstay_entity::{Catalog, Entity, Id, Record, Table, Value};
use mainstay_ledger::{Hash, Receipt, SealedValue, SignedNote};
use mainstay_store::{Conflict, Insert};
use mainstay_vault::{Entropy, MacKey, MasterKey};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// How an event's hash was made: SHA-256 of a zero byte and the leaf, RFC 6962 §2.1.
pub const HASH_ALGORITHM: &str = "rfc6962-sha256";
/// Events that happen later than so long from now are refused: some clock is wrong.
const AHEAD_MAX: SignedDuration = SignedDuration::from_mins(5);
/// A receipt promises the leaf's place within this time. Outages are part of it.
const RECEIPT_PROMISE: SignedDuration = SignedDuration::from_hours(1);

/// What writing events to the ledger takes, and what is known of its growth.
pub struct Ledger {
    rows: EventRows,
    pending: Arc<Table>,
    entries: Arc<Table>,
    tiles: Arc<Table>,
    mac: MacKey,
    /// The next number of a pending row. Servers begin at random, so far apart that they never
    /// meet.
    next: AtomicI64,
    signer: OnceLock<LogSigner>,
    written: Notify,
    grown: watch::Sender<u64>,
}

impl Ledger {
    pub(crate) fn new(
        catalog: &Catalog,
        master: &MasterKey,
        entropy: &dyn Entropy,
    ) -> Result<Self> {
        let mut random = [0; 8];
        entropy.fill(&mut random);
        Ok(Self {
            rows: EventRows::of(catalog)?,
            pending: lookup::table::<LedgerPending>(catalog)?,
            entries: lookup::table::<LedgerEntry>(catalog)?,
            tiles: lookup::table::<LedgerTile>(catalog)?,
            mac: master.mac_key("ledger_pending"),
            next: AtomicI64::new(i64::from_le_bytes(random) & (i64::MAX >> 1)),
            signer: OnceLock::new(),
            written: Notify::new(),
            grown: watch::Sender::new(0),
        })
    }

    /// How rows of events and leaves belong together.
    pub fn rows(&self) -> &EventRows {
        &self.rows
    }

    /// Whether this installation wrote a pending leaf.
    pub fn is_own(&self, leaf: &[u8], mac: &[u8]) -> bool {
        self.mac.verify(leaf, mac)
    }

    /// Who signs for the logs, once the server has started.
    pub fn signer(&self) -> Option<&LogSigner> {
        self.signer.get()
    }

    /// Sets who signs for the logs; the first one stays.
    pub fn set_signer(&self, signer: LogSigner) {
        // A server starts once.
        let _ = self.signer.set(signer);
    }

    /// Completes when this server has written events since the last call.
    pub async fn written(&self) {
        self.written.notified().await;
    }

    /// Tells those who wait for a place that logs have grown.
    pub fn grew(&self) {
        self.grown.send_modify(|count| *count += 1);
    }

    /// Changes when this server has made logs grow.
    pub fn growth(&self) -> watch::Receiver<u64> {
        self.grown.subscribe()
    }

    /// Events were committed.
    pub(crate) fn wake(&self) {
        self.written.notify_one();
    }

    pub(crate) fn is_events(&self, table: &Table) -> bool {
        table.id == self.rows.table().id
    }

    /// Gives events their hashes, and the rows that bring their leaves into the ledger; both go
    /// into one transaction.
    ///
    /// # Errors
    /// An event whose leaf would be too long, told by its position.
    pub(crate) fn enter(
        &self,
        records: &mut [Record],
        sealed: &[Option<SealedValue>],
    ) -> Result<Insert> {
        let mut rows = Vec::with_capacity(records.len());
        for (position, record) in records.iter_mut().enumerate() {
            let personal = sealed.get(position).copied().flatten();
            let leaf = self.rows.leaf(record, personal);
            let leaf = leaf.map_err(|error| refused(&error).at_row(position + 1))?;
            rows.push(self.enter_leaf(record, leaf)?);
        }
        Ok(self.insert(rows))
    }

    fn enter_leaf(&self, record: &mut Record, leaf: Vec<u8>) -> Result<Record> {
        self.rows.set_hash(record, &Hash::leaf(&leaf));
        let row = LedgerPending {
            number: self.next.fetch_add(1, Ordering::Relaxed),
            organization_id: Id::new(self.rows.organization(record)?),
            mac: self.mac.tag(&leaf).to_vec(),
            leaf,
        };
        Ok(row.into_record())
    }

    fn insert(&self, rows: Vec<Record>) -> Insert {
        Insert { table: self.pending.clone(), rows, conflict: Conflict::Fail }
    }
}

/// What a caller is told of an event that makes no leaf.
fn refused(error: &mainstay_ledger::Error) -> Error {
    if !error.is_too_long() {
        return Error::internal(error);
    }
    Error::Invalid(Invalid {
        sqlstate: "54000",
        message: format!("the event is too large for the ledger: {error}"),
        column: AuditEvent::TABLE.to_owned(),
        row: None,
    })
}

impl Kernel {
    /// The rows of some events, with those that bring them into the ledger. What is too large for
    /// a leaf is told by its hash instead, so that no change fails for its event.
    pub(crate) fn event_rows(&self, context: &Context, events: Vec<Event>) -> Result<Vec<Insert>> {
        let row = |event: Event| event.into_record(context, self.new_id(context));
        self.enter_events(events.into_iter().map(row).collect())
    }

    /// The same for rows of events that are made already.
    pub(crate) fn enter_events(&self, mut records: Vec<Record>) -> Result<Vec<Insert>> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let ledger = self.ledger();
        let mut pending = Vec::with_capacity(records.len());
        for record in &mut records {
            let leaf = match ledger.rows.leaf(record, None) {
                Err(error) if error.is_too_long() => {
                    ledger.rows.shorten(record);
                    ledger.rows.leaf(record, None)
                }
                leaf => leaf,
            };
            pending.push(ledger.enter_leaf(record, leaf.map_err(Error::internal)?)?);
        }
        let table = ledger.rows.table().clone();
        let events = Insert { table, rows: records, conflict: Conflict::Never };
        Ok(vec![events, ledger.insert(pending)])
    }

    /// The promise that a leaf will be in its organisation's log, signed by the log.
    ///
    /// # Errors
    /// When the server has not started to sign.
    pub fn receipt(&self, context: &Context, organization: Uuid, leaf: Hash) -> Result<SignedNote> {
        let signer = self.ledger().signer();
        let signer = signer.ok_or_else(|| Error::internal("no log is signed yet"))?;
        let receipt = Receipt {
            origin: signer.origin(organization),
            leaf,
            time_micros: context.now.as_microsecond(),
            deadline_micros: (context.now + RECEIPT_PROMISE).as_microsecond(),
        };
        receipt.sign(&signer.key(organization)?).map_err(Error::internal)
    }
}

/// Refuses events of callers that would happen later than clocks can differ.
pub(crate) fn check_times(context: &Context, rows: &EventRows, records: &[Record]) -> Result<()> {
    if matches!(context.principal.kind, PrincipalKind::System(_)) {
        return Ok(());
    }
    let latest = (context.now + AHEAD_MAX).as_microsecond();
    for (position, record) in records.iter().enumerate() {
        if matches!(rows.occurred_at(record), Value::Timestamp(micros) if *micros > latest) {
            return Err(Error::Invalid(Invalid {
                sqlstate: "23514",
                message: "expected a time at most 5 minutes ahead of the server's".to_owned(),
                column: "audit_events.occurred_at".to_owned(),
                row: Some(position + 1),
            }));
        }
    }
    Ok(())
}
