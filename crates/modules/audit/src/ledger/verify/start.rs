//! Verifying from somewhere on: what is before is taken by the hashes of its subtrees, which must
//! make up the signed tree.

use super::super::since::{first_since, least_id};
use super::super::tables::{Tables, equal, read};
use super::super::tiles::tile_set;
use super::finding::Stop;
use super::{Finding, Since, Verification};
use mainstay_entity::{Direction, Value};
use mainstay_kernel::Result;
use mainstay_kernel::entities::LedgerEntry;
use mainstay_kernel::lookup::{compare, position};
use mainstay_ledger::{
    Checkpoint, CompactRange, LeafStream, LogVerifier, RangeProof, consistency_tiles,
    prove_consistency, range_tiles, verify_consistency,
};
use mainstay_store::{Compare, Expression, Filter, Order, OrderBy, Select, Store};
use uuid::Uuid;

/// Where a verification begins.
pub(super) struct Start {
    /// The leaves before.
    pub(super) frontier: CompactRange,
    /// The smallest identifier of rows that must be in a leaf from there on.
    pub(super) from: Uuid,
}

impl Verification<'_> {
    pub(super) async fn start(
        &mut self,
        log: &LogVerifier,
        present: &Checkpoint,
    ) -> Result<Start, Stop> {
        let first = Start { frontier: CompactRange::new(), from: Uuid::nil() };
        match &self.options.since {
            None => Ok(first),
            Some(Since::Time(time)) => {
                let found = first_since(self.store, self.tables, self.organization, *time).await?;
                let begin = found.unwrap_or(present.size).min(present.size);
                let frontier = self.frontier(begin, present.size).await?;
                Ok(Start { frontier, from: least_id(*time) })
            }
            Some(Since::Checkpoint(note)) => {
                let why =
                    |error: mainstay_ledger::Error| Finding::Checkpoint { why: error.to_string() };
                let known = log.checkpoint(note).map_err(why)?.checkpoint;
                if known.size > present.size {
                    self.know(known, present)?;
                    return Ok(first);
                }
                let frontier = self.frontier(known.size, present.size).await?;
                if LeafStream::resume(frontier.clone()).check(&known).is_err() {
                    self.forked(&known)?;
                }
                let last = last_id(self.store, self.tables, self.organization, known.size).await?;
                let next = |last: Uuid| Uuid::from_u128(last.as_u128().saturating_add(1));
                Ok(Start { frontier, from: last.map_or(Uuid::nil(), next) })
            }
        }
    }

    /// Compares with the known checkpoints of fewer leaves than those before the beginning.
    pub(super) async fn before(&mut self, begin: u64, present: &Checkpoint) -> Result<(), Stop> {
        while let Some(known) = self.known.pop_if(|known| known.size < begin) {
            let (old, new) = (known.size, present.size);
            let wanted = consistency_tiles(old, new).map_err(|error| damaged(&error))?;
            let tiles = tile_set(self.store, self.tables, self.organization, &wanted).await?;
            let proof = prove_consistency(&tiles, old, new).map_err(|error| damaged(&error))?;
            if verify_consistency(old, &known.root, new, &present.root, &proof).is_err() {
                self.forked(&known)?;
            }
        }
        Ok(())
    }

    /// The hashes of the first leaves, as tiles have them.
    async fn frontier(&self, begin: u64, size: u64) -> Result<CompactRange, Stop> {
        let wanted = range_tiles(begin, size, size).map_err(|error| damaged(&error))?;
        let tiles = tile_set(self.store, self.tables, self.organization, &wanted).await?;
        Ok(RangeProof::prove(&tiles, begin, size, size).map_err(|error| damaged(&error))?.left)
    }
}

fn damaged(error: &mainstay_ledger::Error) -> Finding {
    Finding::Tree { why: error.to_string() }
}

/// The largest identifier in the runs of the first leaves.
async fn last_id(store: &Store, tables: &Tables, log: Uuid, size: u64) -> Result<Option<Uuid>> {
    let table = &tables.entries;
    let filter = Filter::And(vec![
        equal(table, "organization_id", Value::Uuid(log))?,
        compare(table, "first_index", Compare::Lt, Value::Int(size.cast_signed()))?,
    ]);
    let mut select = Select::all(table.clone()).filtered(filter);
    let by = OrderBy::Expression(Expression::column(position(table, "last_id")?));
    select.order = vec![Order { by, direction: Direction::Descending, nulls_first: false }];
    select.limit = Some(1);
    let entry: Option<LedgerEntry> = read(store, &select).await?.pop();
    Ok(entry.map(|entry| entry.last_id.uuid()))
}
