//! What a log that grows writes.

use super::database::{Database, Transaction};
use super::log::Log;
use super::tables::{LEAVES, Tables, columns, entity, read, select};
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Record, Text, Value};
use mainstay_kernel::entities::{LedgerEntry, LedgerHead, LedgerTile};
use mainstay_kernel::lookup::position;
use mainstay_kernel::{Error, Result};
use mainstay_ledger::{Checkpoint, Hash, append_entry, entries};
use mainstay_store::{Conflict, Delete, Filter, Insert, Outcome};
use std::ops::Range;
use uuid::Uuid;

/// Leaves of an entry bundle.
const BUNDLE: u64 = 256;

/// A leaf to be added to a log.
pub(super) struct NewLeaf {
    /// The event; none for leaves of other kinds.
    pub(super) event: Option<Uuid>,
    /// The exact bytes.
    pub(super) bytes: Vec<u8>,
}

/// Consecutive leaves that are written as one row.
struct Run {
    first_index: u64,
    leaves: u64,
    first_id: Uuid,
    last_id: Uuid,
    bytes: Vec<u8>,
}

/// The rows by which a log grows.
pub(super) struct Growth {
    pub(super) log: Log,
    old_size: u64,
    head: Record,
    tiles: Vec<Record>,
    leaves: Vec<Record>,
    entries: Vec<Record>,
    /// Where runs begin that a longer one replaces.
    replaced: Option<Range<u64>>,
}

impl Growth {
    /// Adds leaves to a log, in memory.
    pub(super) async fn of(
        mut log: Log,
        leaves: &[NewLeaf],
        database: &impl Database,
        tables: &Tables,
        now: Timestamp,
    ) -> Result<Self> {
        let old_size = log.tree.size();
        let open = open_bundle(old_size, leaves.len() as u64);
        let opened = match &open {
            Some(range) => Run::load(database, tables, log.organization, range.clone()).await?,
            None => None,
        };
        let opened = opened.filter(|run| run.first_index + run.leaves == old_size);
        let replaced = open.filter(|_| opened.is_some());
        let mut runs = Vec::from_iter(opened);
        for leaf in leaves {
            let index = log.tree.append(Hash::leaf(&leaf.bytes));
            if index.is_multiple_of(BUNDLE) || runs.is_empty() {
                runs.push(Run::starting_at(index));
            }
            if let Some(run) = runs.last_mut() {
                run.push(leaf)?;
            }
        }
        let organization_id = Id::new(log.organization);
        let tile = |level, number: u64, bytes| {
            let number = number.cast_signed();
            LedgerTile { organization_id, level, number, bytes }.into_record()
        };
        let tiles = log.tree.take_tiles().into_iter();
        let tiles = tiles.map(|(id, bytes)| tile(i16::from(id.level()), id.index(), bytes));
        let entry = |run: &Run| LedgerEntry {
            organization_id,
            first_index: run.first_index.cast_signed(),
            leaves: run.leaves as i16,
            first_id: Id::new(run.first_id),
            last_id: Id::new(run.last_id),
        };
        Ok(Self {
            old_size,
            head: head(&log, now)?,
            tiles: tiles.collect(),
            entries: runs.iter().map(|run| entry(run).into_record()).collect(),
            leaves: runs.into_iter().map(|run| tile(LEAVES, run.first_index, run.bytes)).collect(),
            replaced,
            log,
        })
    }

    /// Whether the head was still the one that the log grew from.
    fn is_next(&self, outcome: &Outcome) -> Result<bool> {
        Ok(match outcome {
            Outcome::Inserted => self.log.is_new,
            Outcome::Merged(change) => {
                let old: LedgerHead = entity(change.old.clone())?;
                !self.log.is_new && old.size.cast_unsigned() == self.old_size
            }
            Outcome::Ignored => false,
        })
    }
}

/// Writes growths of several logs; false when one of them has grown elsewhere meanwhile, and then
/// the transaction must be undone.
pub(super) async fn write(
    transaction: &mut impl Transaction,
    tables: &Tables,
    growths: &[Growth],
) -> Result<bool> {
    let rows = |of: fn(&Growth) -> &[Record]| -> Vec<Record> {
        growths.iter().flat_map(of).cloned().collect()
    };
    let set = columns(&tables.heads, &["size", "root", "checkpoint", "updated_at"])?;
    let heads = Insert {
        table: tables.heads.clone(),
        rows: growths.iter().map(|growth| growth.head.clone()).collect(),
        conflict: Conflict::Merge { key: tables.heads.primary_key.clone(), set },
    };
    for (growth, outcome) in growths.iter().zip(transaction.insert(heads).await?) {
        if !growth.is_next(&outcome)? {
            return Ok(false);
        }
    }
    let replaced = |of: fn(&Tables, Uuid, Range<u64>) -> Result<Filter>| {
        let ranges = growths.iter().filter_map(|g| Some((g.log.organization, g.replaced.clone()?)));
        let filters = ranges.map(|(log, range)| of(tables, log, range));
        filters.collect::<Result<Vec<_>>>().map(Filter::Or)
    };
    if growths.iter().any(|growth| growth.replaced.is_some()) {
        let filter = replaced(Tables::leaves_in)?;
        transaction.purge(Delete { table: tables.tiles.clone(), filter }).await?;
        let filter = replaced(Tables::entries_in)?;
        transaction.purge(Delete { table: tables.entries.clone(), filter }).await?;
    }
    let merge = Conflict::Merge {
        key: tables.tiles.primary_key.clone(),
        set: columns(&tables.tiles, &["bytes"])?,
    };
    for (table, rows, conflict) in [
        (&tables.tiles, rows(|growth| &growth.tiles), merge),
        (&tables.tiles, rows(|growth| &growth.leaves), Conflict::Fail),
        (&tables.entries, rows(|growth| &growth.entries), Conflict::Fail),
    ] {
        transaction.insert(Insert { table: table.clone(), rows, conflict }).await?;
    }
    Ok(true)
}

/// The head of a log as it is in memory.
pub(super) fn head(log: &Log, now: Timestamp) -> Result<Record> {
    let checkpoint = Checkpoint::new(log.key.name(), log.tree.size(), log.tree.root())
        .and_then(|checkpoint| checkpoint.sign(&log.key))
        .map_err(Error::internal)?;
    let head = LedgerHead {
        id: Id::new(log.organization),
        organization_id: Id::new(log.organization),
        origin: Text::new(log.key.name()).map_err(Error::internal)?,
        verifier_key: Text::new(log.key.verifier().to_string()).map_err(Error::internal)?,
        size: log.tree.size().cast_signed(),
        root: log.tree.root().as_bytes().to_vec(),
        checkpoint: Text::new(checkpoint.to_string()).map_err(Error::internal)?,
        anchored_size: 0,
        searched_size: 0,
        updated_at: now,
    };
    Ok(head.into_record())
}

/// The bundle that a log has begun and that new leaves complete, as its range of indexes. Its
/// leaves are in several rows, which become one.
fn open_bundle(size: u64, leaves: u64) -> Option<Range<u64>> {
    let first = size - size % BUNDLE;
    let is_completed = size > first && size + leaves >= first + BUNDLE;
    is_completed.then_some(first..first + BUNDLE)
}

impl Run {
    fn starting_at(first_index: u64) -> Self {
        // Between these there is no identifier.
        let (first_id, last_id) = (Uuid::max(), Uuid::nil());
        Self { first_index, leaves: 0, first_id, last_id, bytes: Vec::new() }
    }

    fn push(&mut self, leaf: &NewLeaf) -> Result<()> {
        append_entry(&mut self.bytes, &leaf.bytes).map_err(Error::internal)?;
        self.leaves += 1;
        if let Some(event) = leaf.event {
            self.first_id = self.first_id.min(event);
            self.last_id = self.last_id.max(event);
        }
        Ok(())
    }

    /// What a log has of a bundle, as one run; none when rows are missing, and then those that are
    /// there stay as they are.
    async fn load(
        database: &impl Database,
        tables: &Tables,
        log: Uuid,
        range: Range<u64>,
    ) -> Result<Option<Self>> {
        let mut run = Self::starting_at(range.start);
        for tile in tables.leaves(database, log, range.clone()).await? {
            if tile.number.cast_unsigned() != run.first_index + run.leaves {
                return Ok(None);
            }
            run.leaves += entries(&tile.bytes).count() as u64;
            run.bytes.extend_from_slice(&tile.bytes);
        }
        let select = select(&tables.entries, tables.entries_in(log, range)?, None)?;
        for entry in read::<LedgerEntry>(database, &select).await? {
            run.first_id = run.first_id.min(entry.first_id.uuid());
            run.last_id = run.last_id.max(entry.last_id.uuid());
        }
        Ok(Some(run))
    }
}

/// The numbers of pending rows that have got their place, to be removed with the growth.
pub(super) async fn forget_pending(
    transaction: &mut impl Transaction,
    tables: &Tables,
    numbers: &[i64],
) -> Result<bool> {
    let left = position(&tables.pending, "number")?;
    let list = numbers.iter().copied().map(Value::Int).collect();
    let filter = Filter::In { left: mainstay_store::Expression::column(left), list };
    let removed = transaction.purge(Delete { table: tables.pending.clone(), filter }).await?;
    Ok(removed == numbers.len() as u64)
}
