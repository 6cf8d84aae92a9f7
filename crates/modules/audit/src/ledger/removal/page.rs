//! Some leaves of a log as they are kept, and what is left of them after a removal.

use super::super::tables::{LEAVES, Tables, equal, select};
use mainstay_entity::{Entity, Id, Record, Table, Value};
use mainstay_kernel::entities::{LedgerEntry, LedgerTile};
use mainstay_kernel::lookup::position;
use mainstay_kernel::{Error, Kernel, Result};
use mainstay_ledger::{
    Field, HASH_LEN, Hash, Leaf, TILE_WIDTH, Value as LeafValue, append_entry, entries,
};
use mainstay_store::{Access, Conflict, Delete, Expression, Filter, Insert, Select, Transaction};
use std::collections::HashMap;
use std::ops::Range;
use uuid::Uuid;

const BUNDLE: u64 = TILE_WIDTH as u64;

/// The leaves of a page that are there.
pub(super) struct Page {
    range: Range<u64>,
    leaves: Vec<(u64, Vec<u8>)>,
    hashes: Vec<LedgerTile>,
}

/// Consecutive leaves that go.
pub(super) struct Segment {
    pub(super) leaves: Range<u64>,
    /// As the tiles have them.
    pub(super) hashes: Vec<Hash>,
    events: Vec<Uuid>,
}

impl Page {
    /// The leaves of a range that are there.
    pub(super) async fn read(
        kernel: &Kernel,
        tables: &Tables,
        log: Uuid,
        range: Range<u64>,
    ) -> Result<Self> {
        let store = kernel.store();
        let mut leaves = Vec::new();
        for run in tables.leaves(store, log, whole(&range)).await? {
            for (index, leaf) in indexed(&run) {
                if range.contains(&index) {
                    leaves.push((index, leaf.map_err(Error::internal)?.to_vec()));
                }
            }
        }
        let places = (range.start / BUNDLE..range.end.div_ceil(BUNDLE)).map(|index| (0, index));
        let hashes = tables.hashes(store, log, places).await?;
        Ok(Self { range, leaves, hashes })
    }

    /// The runs of consecutive leaves that are wanted.
    pub(super) fn segments(&self, is_wanted: impl Fn(&Leaf<'_>) -> bool) -> Vec<Segment> {
        let mut segments: Vec<Segment> = Vec::new();
        for (index, bytes) in &self.leaves {
            let Ok(leaf) = Leaf::decode(bytes) else { continue };
            let (true, Some(event)) = (is_wanted(&leaf), event_of(&leaf)) else { continue };
            let Some(hash) = self.recorded(*index) else { continue };
            match segments.last_mut() {
                Some(last) if last.leaves.end == *index => {
                    last.leaves.end += 1;
                    last.hashes.push(hash);
                    last.events.push(event);
                }
                _ => segments.push(Segment {
                    leaves: *index..index + 1,
                    hashes: vec![hash],
                    events: vec![event],
                }),
            }
        }
        segments
    }

    /// Compares leaves that go with their hashes, and their rows with them.
    ///
    /// # Errors
    /// When something is not as it was recorded.
    pub(super) async fn check(
        &self,
        kernel: &Kernel,
        log: Uuid,
        segments: &[Segment],
    ) -> Result<()> {
        let events = kernel.ledger().rows();
        let table = events.table();
        let select = Select::all(table.clone()).filtered(rows_of(table, log, segments)?);
        let id = position(table, "id")?;
        let rows = kernel.store().fetch(&Access::system(), &select).await?;
        let rows: HashMap<Uuid, _> =
            rows.into_iter().filter_map(|row| Some((row.0[id].as_uuid()?, row))).collect();
        let damaged = |index: u64, what: &str| {
            Err(Error::internal(format!(
                "leaf {index}: {what} is not as it was recorded; verify the log, nothing is \
                 removed of what can't be proved"
            )))
        };
        let goes = |index: u64| segments.iter().any(|segment| segment.leaves.contains(&index));
        for (index, bytes) in self.leaves.iter().filter(|(index, _)| goes(*index)) {
            let hash = Hash::leaf(bytes);
            if self.recorded(*index) != Some(hash) {
                return damaged(*index, "the leaf");
            }
            let leaf = Leaf::decode(bytes).map_err(Error::internal)?;
            let row = event_of(&leaf).and_then(|event| rows.get(&event));
            let mut address = String::new();
            let is_same = row.is_some_and(|row| {
                events.hash(row) == Some(hash)
                    && leaf.difference(&events.fields(row, &mut address)).is_none()
            });
            if !is_same {
                return damaged(*index, "the event");
            }
        }
        Ok(())
    }

    /// Removes the events and leaves of segments; their hashes stay. The log's head is held.
    pub(super) async fn remove(
        &self,
        kernel: &Kernel,
        transaction: &mut Transaction,
        tables: &Tables,
        log: Uuid,
        segments: &[Segment],
    ) -> Result<()> {
        // The growth may have joined runs: they are read as they are now.
        let filter = tables.leaves_in(log, whole(&self.range))?;
        let mut rest = Rest::default();
        for run in transaction.fetch(&select(&tables.tiles, filter, Some("number"))?).await? {
            let run = LedgerTile::from_record(run).map_err(Error::internal)?;
            rest.take(&run, segments)?;
        }
        let list: Vec<Value> = rest.split.iter().copied().map(Value::Int).collect();
        let of = |table, name| {
            let left = Expression::column(position(table, name)?);
            let own = equal(table, "organization_id", Value::Uuid(log))?;
            Ok::<_, Error>(vec![own, Filter::In { left, list: list.clone() }])
        };
        let mut leaves = of(&tables.tiles, "number")?;
        leaves.push(equal(&tables.tiles, "level", Value::Int(LEAVES.into()))?);
        let runs = of(&tables.entries, "first_index")?;
        for (table, parts) in [(&tables.tiles, leaves), (&tables.entries, runs)] {
            let delete = Delete { table: table.clone(), filter: Filter::And(parts) };
            transaction.purge(delete).await?;
        }
        for (table, rows) in [(&tables.tiles, rest.leaves(log)), (&tables.entries, rest.runs(log))]
        {
            let insert = Insert { table: table.clone(), rows, conflict: Conflict::Fail };
            transaction.insert(insert).await?;
        }
        let table = kernel.ledger().rows().table().clone();
        let filter = rows_of(&table, log, segments)?;
        let removed = transaction.purge(Delete { table, filter }).await?;
        let events: usize = segments.iter().map(|segment| segment.events.len()).sum();
        if removed != events as u64 {
            return Err(Error::internal(format!("{removed} events of {events} could be removed")));
        }
        Ok(())
    }

    /// The hash of a leaf in its tile.
    fn recorded(&self, index: u64) -> Option<Hash> {
        let tile = self.hashes.iter().find(|t| t.number.cast_unsigned() == index / BUNDLE)?;
        let at = (index % BUNDLE) as usize * HASH_LEN;
        Hash::from_slice(tile.bytes.get(at..at + HASH_LEN)?).ok()
    }
}

/// What a removal leaves of runs of leaves, and where leaves were.
#[derive(Default)]
struct Rest {
    /// Where runs began that are split.
    split: Vec<i64>,
    pieces: Vec<Piece>,
}

/// A part of a run: leaves that stay, or the place of some that go.
struct Piece {
    first_index: u64,
    leaves: i16,
    /// The smallest and the largest identifier of an event; between these of none there is none.
    ids: (Uuid, Uuid),
    /// The leaves as an entry bundle; none when they go.
    bytes: Option<Vec<u8>>,
}

impl Rest {
    /// Splits a run if some of its leaves go.
    fn take(&mut self, run: &LedgerTile, segments: &[Segment]) -> Result<()> {
        let goes = |index: u64| segments.iter().any(|segment| segment.leaves.contains(&index));
        if !indexed(run).any(|(index, _)| goes(index)) {
            return Ok(());
        }
        self.split.push(run.number);
        let mut open: Option<Piece> = None;
        for (index, leaf) in indexed(run) {
            let leaf = leaf.map_err(Error::internal)?;
            if open.as_ref().is_some_and(|piece| piece.bytes.is_none() != goes(index)) {
                self.pieces.extend(open.take());
            }
            let piece = open.get_or_insert_with(|| Piece {
                first_index: index,
                leaves: 0,
                ids: (Uuid::max(), Uuid::nil()),
                bytes: (!goes(index)).then(Vec::new),
            });
            piece.leaves += 1;
            if let Some(event) = Leaf::decode(leaf).ok().as_ref().and_then(event_of) {
                piece.ids = (piece.ids.0.min(event), piece.ids.1.max(event));
            }
            if let Some(bytes) = &mut piece.bytes {
                append_entry(bytes, leaf).map_err(Error::internal)?;
            }
        }
        self.pieces.extend(open);
        Ok(())
    }

    /// The rows of leaves that stay.
    fn leaves(&self, log: Uuid) -> Vec<Record> {
        let row = |piece: &Piece| {
            let tile = LedgerTile {
                organization_id: Id::new(log),
                level: LEAVES,
                number: piece.first_index.cast_signed(),
                bytes: piece.bytes.clone()?,
            };
            Some(tile.into_record())
        };
        self.pieces.iter().filter_map(row).collect()
    }

    /// The rows by which places are found, those of removed leaves too: a time when there were
    /// events is told apart from one without.
    fn runs(&self, log: Uuid) -> Vec<Record> {
        let row = |piece: &Piece| LedgerEntry {
            organization_id: Id::new(log),
            first_index: piece.first_index.cast_signed(),
            leaves: piece.leaves,
            first_id: Id::new(piece.ids.0),
            last_id: Id::new(piece.ids.1),
        };
        self.pieces.iter().map(|piece| row(piece).into_record()).collect()
    }
}

/// The range with the whole bundle of its first leaf: runs may begin before the range.
fn whole(range: &Range<u64>) -> Range<u64> {
    range.start - range.start % BUNDLE..range.end
}

/// The leaves of a run with their indexes.
fn indexed(run: &LedgerTile) -> impl Iterator<Item = (u64, mainstay_ledger::Result<&[u8]>)> {
    (run.number.cast_unsigned()..).zip(entries(&run.bytes))
}

/// The events of segments.
fn rows_of(table: &Table, log: Uuid, segments: &[Segment]) -> Result<Filter> {
    let events = segments.iter().flat_map(|segment| &segment.events);
    let list = events.copied().map(Value::Uuid).collect();
    let left = Expression::column(position(table, "id")?);
    let own = equal(table, "organization_id", Value::Uuid(log))?;
    Ok(Filter::And(vec![own, Filter::In { left, list }]))
}

/// The event that a leaf tells of.
fn event_of(leaf: &Leaf<'_>) -> Option<Uuid> {
    match leaf.get(Field::ID)? {
        LeafValue::Uuid(bytes) => Some(Uuid::from_bytes(bytes)),
        _ => None,
    }
}
