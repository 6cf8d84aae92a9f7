//! The ledger's tables, and what is asked of them.

use super::database::Database;
use mainstay_entity::{Catalog, Direction, Entity, Record, Table, Value};
use mainstay_kernel::entities::{LedgerEntry, LedgerHead, LedgerLease, LedgerPending, LedgerTile};
use mainstay_kernel::lookup::{compare, position, table};
use mainstay_kernel::{Error, Result};
use mainstay_store::{Compare, Expression, Filter, Order, OrderBy, Select};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use uuid::Uuid;

/// The level of tiles that hold leaves.
pub(super) const LEAVES: i16 = -1;

/// The tables that the ledger is kept in.
#[derive(Clone)]
pub(super) struct Tables {
    pub(super) pending: Arc<Table>,
    pub(super) heads: Arc<Table>,
    pub(super) tiles: Arc<Table>,
    pub(super) entries: Arc<Table>,
    pub(super) leases: Arc<Table>,
}

impl Tables {
    pub(super) fn new(catalog: &Catalog) -> Result<Self> {
        Ok(Self {
            pending: table::<LedgerPending>(catalog)?,
            heads: table::<LedgerHead>(catalog)?,
            tiles: table::<LedgerTile>(catalog)?,
            entries: table::<LedgerEntry>(catalog)?,
            leases: table::<LedgerLease>(catalog)?,
        })
    }

    /// The head of an organisation's log, if it has begun.
    pub(super) async fn head(
        &self,
        database: &impl Database,
        log: Uuid,
    ) -> Result<Option<LedgerHead>> {
        let filter = equal(&self.heads, "organization_id", Value::Uuid(log))?;
        Ok(fetch(database, &self.heads, filter, None).await?.pop())
    }

    /// The heads of some logs.
    pub(super) async fn heads(
        &self,
        database: &impl Database,
        logs: &[Uuid],
    ) -> Result<Vec<LedgerHead>> {
        let list = logs.iter().copied().map(Value::Uuid).collect();
        let left = Expression::column(position(&self.heads, "organization_id")?);
        fetch(database, &self.heads, Filter::In { left, list }, None).await
    }

    /// The tiles of hashes at some places, each a level and a number.
    pub(super) async fn hashes(
        &self,
        database: &impl Database,
        log: Uuid,
        places: impl IntoIterator<Item = (u8, u64)>,
    ) -> Result<Vec<LedgerTile>> {
        let table = &self.tiles;
        let mut levels: BTreeMap<u8, Vec<Value>> = BTreeMap::new();
        for (level, number) in places {
            levels.entry(level).or_default().push(Value::Int(number.cast_signed()));
        }
        let mut tiles = Vec::new();
        // A statement for each level: alternatives of two columns would look at the whole log.
        for (level, list) in levels {
            let left = Expression::column(position(table, "number")?);
            let filter = Filter::And(vec![
                equal(table, "organization_id", Value::Uuid(log))?,
                equal(table, "level", Value::Int(i64::from(level)))?,
                Filter::In { left, list },
            ]);
            tiles.extend(fetch(database, table, filter, None).await?);
        }
        Ok(tiles)
    }

    /// The leaves whose runs begin in a range of indexes, in order.
    pub(super) async fn leaves(
        &self,
        database: &impl Database,
        log: Uuid,
        range: Range<u64>,
    ) -> Result<Vec<LedgerTile>> {
        let filter = self.leaves_in(log, range)?;
        fetch(database, &self.tiles, filter, Some("number")).await
    }

    /// What the leaves are found by whose runs begin in a range.
    pub(super) fn leaves_in(&self, log: Uuid, range: Range<u64>) -> Result<Filter> {
        let level = equal(&self.tiles, "level", Value::Int(LEAVES.into()))?;
        let mut parts = between(&self.tiles, log, "number", range)?;
        parts.push(level);
        Ok(Filter::And(parts))
    }

    /// What the entries are found by whose runs begin in a range.
    pub(super) fn entries_in(&self, log: Uuid, range: Range<u64>) -> Result<Filter> {
        Ok(Filter::And(between(&self.entries, log, "first_index", range)?))
    }
}

fn between(table: &Table, log: Uuid, name: &str, range: Range<u64>) -> Result<Vec<Filter>> {
    let index = |op, index: u64| compare(table, name, op, Value::Int(index.cast_signed()));
    Ok(vec![
        equal(table, "organization_id", Value::Uuid(log))?,
        index(Compare::Ge, range.start)?,
        index(Compare::Lt, range.end)?,
    ])
}

/// The positions of some columns.
pub(super) fn columns(table: &Table, names: &[&str]) -> Result<Vec<usize>> {
    names.iter().map(|name| position(table, name)).collect()
}

pub(super) fn equal(table: &Table, name: &str, right: Value) -> Result<Filter> {
    compare(table, name, Compare::Eq, right)
}

/// All rows that match, in the order of a column or of the key.
pub(super) fn select(table: &Arc<Table>, filter: Filter, order: Option<&str>) -> Result<Select> {
    let mut select = Select::all(table.clone()).filtered(filter);
    if let Some(name) = order {
        let by = OrderBy::Expression(Expression::column(position(table, name)?));
        select.order = vec![Order { by, direction: Direction::Ascending, nulls_first: false }];
    }
    Ok(select)
}

async fn fetch<E: Entity>(
    database: &impl Database,
    table: &Arc<Table>,
    filter: Filter,
    order: Option<&str>,
) -> Result<Vec<E>> {
    read(database, &select(table, filter, order)?).await
}

/// Rows as entities.
pub(super) async fn read<E: Entity>(database: &impl Database, select: &Select) -> Result<Vec<E>> {
    let rows = database.fetch(select).await?;
    rows.into_iter().map(entity).collect()
}

/// A row as an entity.
pub(super) fn entity<E: Entity>(record: Record) -> Result<E> {
    E::from_record(record).map_err(Error::internal)
}
