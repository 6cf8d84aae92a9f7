//! Full-text search over events: their words follow when the events have their places.
//!
//! What has its words is told by a size in the log's head, written in the transaction of the words:
//! a crash leaves nothing half done, and of two servers that take the same leaves one gives up. The
//! words come from the leaves, so that the events themselves need not be read. What a sealed column
//! holds is no part of that.

use super::statements::Statements;
use super::tables::{Tables, columns, entity, read, select};
use mainstay_entity::{Entity, Record, Table, Value};
use mainstay_kernel::entities::{LedgerHead, LedgerTile};
use mainstay_kernel::lookup::{compare, position};
use mainstay_kernel::{Error, Kernel, Result};
use mainstay_ledger::{Field, Leaf, LeafKind, TILE_WIDTH, Value as LeafValue, entries};
use mainstay_store::{Access, Compare, Conflict, Insert, Outcome};
use parking_lot::Mutex;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

/// Leaves whose words are written together. On `SQLite` they hold the writer for their time.
const BATCH: u64 = 256;
/// How long events gather before their words are written: a second, of the five that search may
/// lag behind.
const PAUSE: Duration = Duration::from_secs(1);
/// How often all logs are looked at: another server may have ended before it wrote the words of
/// what it gave places to.
const SEARCH: Duration = Duration::from_mins(1);
/// Heads that are looked at together.
const PAGE: u64 = 1_000;
const BUNDLE: u64 = TILE_WIDTH as u64;

/// Which logs have grown.
#[derive(Default)]
pub(super) struct Grown {
    noted: Mutex<Noted>,
    told: Notify,
}

#[derive(Default)]
struct Noted {
    logs: BTreeSet<Uuid>,
    all: bool,
}

impl Grown {
    /// A log has grown.
    pub(super) fn note(&self, log: Uuid) {
        self.noted.lock().logs.insert(log);
        self.told.notify_one();
    }

    /// Any log may have grown.
    pub(super) fn note_all(&self) {
        self.noted.lock().all = true;
        self.told.notify_one();
    }

    fn take(&self) -> Noted {
        std::mem::take(&mut *self.noted.lock())
    }
}

/// Writes the words of events.
pub(super) struct Indexer {
    kernel: Kernel,
    tables: Tables,
    statements: Statements,
    grown: Arc<Grown>,
    events: EventWords,
}

/// What came of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// All leaves have their words.
    Done,
    /// There are more.
    More,
}

impl Indexer {
    pub(super) fn new(kernel: Kernel, grown: Arc<Grown>) -> Result<Self> {
        let tables = Tables::new(kernel.catalog())?;
        let statements = Statements::new(kernel.catalog())?;
        let events = EventWords::new(kernel.ledger().rows().table().clone())?;
        Ok(Self { kernel, tables, statements, grown, events })
    }

    /// Works until it is told to stop.
    pub(super) async fn run(self, mut stopped: watch::Receiver<bool>) {
        let mut search = Instant::now();
        let mut works = true;
        while !*stopped.borrow() {
            let noted = self.grown.take();
            let looks_at_all = noted.all || search <= Instant::now();
            if looks_at_all {
                search = Instant::now() + SEARCH;
            }
            let done = self.write(noted.logs, looks_at_all, &stopped).await;
            if let Err(error) = &done
                && works
            {
                // Told once, not with every try of an outage.
                tracing::error!(%error, "events get no words to be searched by");
            }
            works = done.is_ok();
            tokio::select! {
                biased;
                changed = stopped.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
                () = self.wait(search) => {}
            }
        }
    }

    /// Until some time after a log has grown, or it is time to look at all.
    async fn wait(&self, search: Instant) {
        let left = search.saturating_duration_since(Instant::now());
        if timeout(left, self.grown.told.notified()).await.is_ok() {
            sleep(PAUSE).await;
        }
    }

    async fn write(
        &self,
        mut logs: BTreeSet<Uuid>,
        all: bool,
        stopped: &watch::Receiver<bool>,
    ) -> Result<()> {
        if all {
            logs.extend(self.behind().await.inspect_err(|_| self.grown.note_all())?);
        }
        let mut failed = None;
        // In turns: a log that is far behind keeps no other waiting.
        while !logs.is_empty() {
            for log in logs.clone() {
                if *stopped.borrow() {
                    return Ok(());
                }
                let began = Instant::now();
                match self.batch(log).await {
                    // Who writes events goes first.
                    Ok(Step::More) => sleep(began.elapsed()).await,
                    Ok(Step::Done) => {
                        logs.remove(&log);
                    }
                    Err(error) => {
                        // Tried again the next time; others don't wait for it.
                        logs.remove(&log);
                        self.grown.note(log);
                        failed = Some(error);
                    }
                }
            }
            if !logs.is_empty() && failed.is_none() {
                logs.extend(std::mem::take(&mut self.grown.noted.lock().logs));
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// The logs with leaves that have no words yet.
    async fn behind(&self) -> Result<Vec<Uuid>> {
        let (mut behind, mut after) = (Vec::new(), None);
        loop {
            let value = Value::Uuid(after.unwrap_or_default());
            let op = if after.is_none() { Compare::Ge } else { Compare::Gt };
            let filter = compare(&self.tables.heads, "organization_id", op, value)?;
            let mut select = select(&self.tables.heads, filter, Some("organization_id"))?;
            select.limit = Some(PAGE);
            let heads: Vec<LedgerHead> = read(self.kernel.store(), &select).await?;
            let Some(last) = heads.last() else { return Ok(behind) };
            after = Some(last.organization_id.uuid());
            let missing = heads.iter().filter(|head| head.searched_size < head.size);
            behind.extend(missing.map(|head| head.organization_id.uuid()));
        }
    }

    /// Writes the words of a log's next leaves.
    async fn batch(&self, log: Uuid) -> Result<Step> {
        let store = self.kernel.store();
        let Some(mut head) = self.tables.head(store, log).await? else { return Ok(Step::Done) };
        let (size, first) = (head.size.cast_unsigned(), head.searched_size.cast_unsigned());
        let leaves = first..size.min(first.saturating_add(BATCH));
        if leaves.is_empty() {
            return Ok(Step::Done);
        }
        let rows = self.rows(log, &leaves).await?;
        head.searched_size = leaves.end.cast_signed();
        let mark = Insert {
            table: self.tables.heads.clone(),
            rows: vec![head.into_record()],
            conflict: Conflict::Merge {
                key: self.tables.heads.primary_key.clone(),
                set: columns(&self.tables.heads, &["searched_size"])?,
            },
        };
        let mut transaction = store.begin(&Access::system()).await?;
        transaction.add_words(&self.events.table, rows).await?;
        let old: LedgerHead = match transaction.insert(mark).await?.pop() {
            Some(Outcome::Merged(change)) => entity(change.old)?,
            _ => return Err(Error::internal("the head of a log vanished")),
        };
        // The head is held now. Another server may have written these words, and retention may
        // have removed their events since they were read.
        let is_changed = old.searched_size.cast_unsigned() != first
            || old.size.cast_unsigned() != size
                && self.statements.any_since(&mut transaction, log, size).await?;
        if is_changed {
            transaction.rollback().await;
            return Ok(Step::More);
        }
        transaction.commit().await?;
        // Leaves that came meanwhile gather for the next time.
        Ok(if leaves.end < size { Step::More } else { Step::Done })
    }

    /// The events of some leaves, as far as they are searched.
    async fn rows(&self, log: Uuid, leaves: &Range<u64>) -> Result<Vec<Record>> {
        // Runs may begin before the range.
        let runs = leaves.start - leaves.start % BUNDLE..leaves.end;
        let mut rows = Vec::new();
        for run in self.tables.leaves(self.kernel.store(), log, runs).await? {
            let LedgerTile { number, bytes, .. } = run;
            for (index, leaf) in (number.cast_unsigned()..).zip(entries(&bytes)) {
                let leaf = Leaf::decode(leaf.map_err(Error::internal)?);
                let Some(leaf) = leaf.ok().filter(|_| leaves.contains(&index)) else { continue };
                rows.extend(self.events.row(log, &leaf));
            }
        }
        Ok(rows)
    }
}

/// The columns of events that are searched.
struct EventWords {
    table: Arc<Table>,
    id: usize,
    organization: usize,
    /// Each with its field in a leaf.
    searched: Vec<(usize, Field)>,
}

impl EventWords {
    fn new(table: Arc<Table>) -> Result<Self> {
        let field = |column| Some((column, Field::from_name(table.column_name(column))?));
        Ok(Self {
            id: position(&table, "id")?,
            organization: position(&table, "organization_id")?,
            searched: table.search_columns().filter_map(field).collect(),
            table,
        })
    }

    /// The event of a leaf, with its key and what is searched alone.
    fn row(&self, log: Uuid, leaf: &Leaf<'_>) -> Option<Record> {
        let LeafValue::Uuid(id) = leaf.get(Field::ID)? else { return None };
        if leaf.kind() != LeafKind::Event {
            return None;
        }
        let mut row = Record(vec![Value::Null; self.table.meta.columns.len()]);
        row.0[self.id] = Value::Uuid(Uuid::from_bytes(id));
        row.0[self.organization] = Value::Uuid(log);
        for (column, field) in &self.searched {
            row.0[*column] = match leaf.get(*field) {
                Some(LeafValue::Text(text)) => Value::Text(text.to_owned()),
                Some(LeafValue::Json(document)) => Value::Json(document.to_owned()),
                _ => Value::Null,
            };
        }
        Some(row)
    }
}
