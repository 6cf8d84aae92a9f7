//! One page of a log: its leaves against their recorded hashes, its rows against its leaves. Pages
//! are read by tasks of their own, several at a time, and know nothing of each other.

use super::super::tables::{Tables, equal, select};
use super::finding::Finding;
use mainstay_entity::{Record, Value};
use mainstay_kernel::entities::LedgerTile;
use mainstay_kernel::ledger::EventRows;
use mainstay_kernel::lookup::position;
use mainstay_kernel::{Error, Result};
use mainstay_ledger::{
    CompactRange, Field, HASH_LEN, Hash, Leaf, LeafKind, Value as LeafValue, entries,
};
use mainstay_store::{Access, Expression, Filter, Store};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use tokio::task::spawn_blocking;
use uuid::Uuid;

/// Leaves of an entry bundle.
pub(super) const BUNDLE: u64 = 256;

/// What reads the pages of one log.
pub(super) struct PageReader {
    pub(super) store: Store,
    pub(super) tables: Tables,
    pub(super) organization: Uuid,
    pub(super) rows: EventRows,
    pub(super) leaves_only: bool,
}

/// What was found on a page.
#[derive(Default)]
pub(super) struct Page {
    /// The recorded hashes of its leaves, in as many parts as it was to be cut into.
    pub(super) parts: Vec<CompactRange>,
    /// Faults in the order of leaves.
    pub(super) faults: Vec<(u64, Finding)>,
    /// Leaves without contents.
    pub(super) missing: Vec<Range<u64>>,
    /// Leaves of the log's own statements, and checkpoints of other logs.
    pub(super) statements: Vec<(u64, Vec<u8>)>,
    /// The events of its leaves, and whether their rows were found.
    pub(super) events: Vec<(u64, Uuid, Hash, bool)>,
    /// How many leaves have contents.
    pub(super) leaves: u64,
    /// How many rows are as they were recorded.
    pub(super) rows: u64,
    /// What it could not be read beyond.
    pub(super) stop: Option<Box<Finding>>,
}

/// A page's leaves, of which rows are still to be compared.
struct Reading {
    page: Page,
    range: Range<u64>,
    /// Sizes at which the recorded hashes are cut, the next one last.
    cuts: Vec<u64>,
    part: CompactRange,
    /// The next leaf; before the range at first when that begins within a bundle.
    next: u64,
    hashes: Vec<LedgerTile>,
    events: Vec<EventLeaf>,
}

/// A leaf that records an event, by its place in the runs that were read.
struct EventLeaf {
    index: u64,
    event: Uuid,
    hash: Hash,
    run: usize,
    bytes: Range<usize>,
}

impl PageReader {
    /// Reads the leaves of a range and compares them. `cuts` are sizes in it at which the hashes
    /// are wanted in parts, in ascending order.
    pub(super) async fn read(self: Arc<Self>, range: Range<u64>, cuts: Vec<u64>) -> Result<Page> {
        // A run that the range begins within is found by its bundle.
        let bundles = range.start / BUNDLE..range.end.div_ceil(BUNDLE);
        let runs = bundles.start * BUNDLE..range.end;
        let runs = self.tables.leaves(&self.store, self.organization, runs).await?;
        let places = bundles.map(|index| (0, index));
        let hashes = self.tables.hashes(&self.store, self.organization, places).await?;
        let leaves_only = self.leaves_only;
        let read = move || {
            let mut reading = Reading::new(range, cuts, hashes);
            reading.runs(&runs, leaves_only);
            (reading, runs)
        };
        let (mut reading, runs) = spawn_blocking(read).await.map_err(Error::internal)?;
        if reading.events.is_empty() {
            return Ok(reading.page);
        }
        let mut rows = self.events(&reading.events).await?;
        let compare = move || {
            reading.compare(&self.rows, &runs, &mut rows);
            reading.page
        };
        spawn_blocking(compare).await.map_err(Error::internal)
    }

    /// The rows of the events that leaves record.
    async fn events(&self, leaves: &[EventLeaf]) -> Result<HashMap<Uuid, Record>> {
        let table = self.rows.table();
        let id = position(table, "id")?;
        let list = leaves.iter().map(|leaf| Value::Uuid(leaf.event)).collect();
        let filter = Filter::And(vec![
            equal(table, "organization_id", Value::Uuid(self.organization))?,
            Filter::In { left: Expression::column(id), list },
        ]);
        let rows = self.store.fetch(&Access::system(), &select(table, filter, None)?).await?;
        let keyed = rows.into_iter().filter_map(|row| Some((row.0[id].as_uuid()?, row)));
        Ok(keyed.collect())
    }
}

impl Reading {
    fn new(range: Range<u64>, mut cuts: Vec<u64>, hashes: Vec<LedgerTile>) -> Self {
        cuts.reverse();
        Self {
            page: Page::default(),
            part: CompactRange::starting_at(range.start),
            next: range.start - range.start % BUNDLE,
            range,
            cuts,
            hashes,
            events: Vec::new(),
        }
    }

    /// Takes all leaves of the range; those that are not there by their recorded hashes.
    fn runs(&mut self, runs: &[LedgerTile], leaves_only: bool) {
        let read = runs
            .iter()
            .enumerate()
            .try_for_each(|(number, run)| self.run(number, run, leaves_only));
        let read = read.and_then(|()| self.without_contents(self.range.end));
        self.page.stop = read.err();
        if !self.part.is_empty() {
            let end = self.part.end();
            let part = std::mem::replace(&mut self.part, CompactRange::starting_at(end));
            self.page.parts.push(part);
        }
    }

    fn run(
        &mut self,
        number: usize,
        run: &LedgerTile,
        leaves_only: bool,
    ) -> Result<(), Box<Finding>> {
        let start = run.number.cast_unsigned();
        if start < self.next {
            return Err(Finding::LeafMissing { index: self.next }.into());
        }
        self.without_contents(start.min(self.range.end))?;
        let mut at = 0;
        for leaf in entries(&run.bytes) {
            // The log may have grown since its head was read; what is cut short is missing.
            let (Ok(leaf), true) = (leaf, self.next < self.range.end) else { break };
            at += 2;
            let bytes = at..at + leaf.len();
            at = bytes.end;
            if self.next < self.range.start {
                self.next += 1;
                continue;
            }
            self.leaf(leaf, (number, bytes), leaves_only)?;
        }
        Ok(())
    }

    fn leaf(
        &mut self,
        leaf: &[u8],
        (run, bytes): (usize, Range<usize>),
        leaves_only: bool,
    ) -> Result<(), Box<Finding>> {
        let (index, found) = (self.next, Hash::leaf(leaf));
        let recorded = self.recorded(index);
        let Some(expected) = recorded else {
            return Err(Finding::Leaf { index, recorded, found }.into());
        };
        self.push(expected);
        self.page.leaves += 1;
        if expected != found {
            self.page.faults.push((index, Finding::Leaf { index, recorded, found }));
            return Ok(());
        }
        let malformed = |why: String| (index, Finding::LeafMalformed { index, why });
        let decoded = match Leaf::decode(leaf) {
            Ok(decoded) => decoded,
            Err(error) => {
                self.page.faults.push(malformed(error.to_string()));
                return Ok(());
            }
        };
        if decoded.kind() != LeafKind::Event {
            self.page.statements.push((index, leaf.to_vec()));
        } else if !leaves_only {
            match event_of(&decoded) {
                Some(event) => {
                    self.events.push(EventLeaf { index, event, hash: found, run, bytes });
                }
                None => self.page.faults.push(malformed("it names no event".to_owned())),
            }
        }
        Ok(())
    }

    /// Takes leaves that are not there by their hashes; statements in the log must account for
    /// them.
    fn without_contents(&mut self, end: u64) -> Result<(), Box<Finding>> {
        while self.next < end {
            let index = self.next;
            if index < self.range.start {
                self.next += 1;
                continue;
            }
            self.push(self.recorded(index).ok_or(Finding::LeafMissing { index })?);
            match self.page.missing.last_mut() {
                Some(run) if run.end == index => run.end += 1,
                _ => self.page.missing.push(index..index + 1),
            }
        }
        Ok(())
    }

    fn push(&mut self, hash: Hash) {
        self.part.append(hash);
        self.next += 1;
        if self.cuts.pop_if(|cut| *cut == self.next).is_some() {
            let next = CompactRange::starting_at(self.next);
            self.page.parts.push(std::mem::replace(&mut self.part, next));
        }
    }

    /// The hash of a leaf in its tile.
    fn recorded(&self, index: u64) -> Option<Hash> {
        let place = index / BUNDLE;
        let tile = self.hashes.iter().find(|tile| tile.number.cast_unsigned() == place)?;
        let at = (index % BUNDLE) as usize * HASH_LEN;
        Hash::from_slice(tile.bytes.get(at..at + HASH_LEN)?).ok()
    }

    /// Compares the leaves of events with the rows that they were made from.
    fn compare(
        &mut self,
        columns: &EventRows,
        runs: &[LedgerTile],
        rows: &mut HashMap<Uuid, Record>,
    ) {
        let mut faults = Vec::new();
        for EventLeaf { index, event, hash, run, bytes } in std::mem::take(&mut self.events) {
            let row = rows.remove(&event);
            self.page.events.push((index, event, hash, row.is_some()));
            let fault = match row {
                None => Some(Finding::RowMissing { index, event, hash }),
                Some(row) => {
                    let bytes = runs.get(run).and_then(|run| run.bytes.get(bytes));
                    difference(columns, index, (event, hash), bytes.unwrap_or_default(), &row)
                }
            };
            match fault {
                Some(fault) => faults.push((index, fault)),
                None => self.page.rows += 1,
            }
        }
        self.page.faults.append(&mut faults);
        self.page.faults.sort_by_key(|(index, _)| *index);
    }
}

/// How a row differs from its leaf.
fn difference(
    columns: &EventRows,
    index: u64,
    (event, hash): (Uuid, Hash),
    bytes: &[u8],
    row: &Record,
) -> Option<Finding> {
    let leaf = match Leaf::decode(bytes) {
        Ok(leaf) => leaf,
        Err(error) => return Some(Finding::LeafMalformed { index, why: error.to_string() }),
    };
    let mut address = String::new();
    if let Some(difference) = leaf.difference(&columns.fields(row, &mut address)) {
        return Some(Finding::field(index, event, hash, &difference));
    }
    let found = columns.hash(row);
    let is_same = found == Some(hash) && columns.has_hash_algorithm(row);
    (!is_same).then_some(Finding::RowHash { index, event, expected: hash, found })
}

/// The event that a leaf tells of.
pub(super) fn event_of(leaf: &Leaf<'_>) -> Option<Uuid> {
    match leaf.get(Field::ID)? {
        LeafValue::Uuid(bytes) => Some(Uuid::from_bytes(bytes)),
        _ => None,
    }
}
