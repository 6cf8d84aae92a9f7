//! The server's own reads: tables and columns by the names that their declarations have, and rows
//! as typed records, over all organisations.

use crate::error::{Error, Result};
use crate::kernel::Kernel;
use mainstay_entity::{Catalog, Entity, Table, Value};
use mainstay_store::{Access, Compare, Expression, Filter, Select};
use std::sync::Arc;

/// The table of an entity.
///
/// # Errors
/// When no module of this server lists it.
pub fn table<E: Entity>(catalog: &Catalog) -> Result<Arc<Table>> {
    catalog
        .find(E::SCHEMA, E::TABLE)
        .cloned()
        .ok_or_else(|| Error::internal(format!("the catalog lacks {}", E::TABLE)))
}

/// The position of a column.
///
/// # Errors
/// When there is none of this name.
pub fn position(table: &Table, name: &str) -> Result<usize> {
    table
        .column_index(name)
        .ok_or_else(|| Error::internal(format!("no column {name} in {}", table.meta.table)))
}

/// A condition that compares a column with a value.
///
/// # Errors
/// When there is no column of this name.
pub fn compare(table: &Table, name: &str, op: Compare, right: Value) -> Result<Filter> {
    Ok(Filter::Compare { left: Expression::column(position(table, name)?), op, right })
}

/// A condition that columns have values.
///
/// # Errors
/// When there is no column of a name.
pub fn equal(table: &Table, pairs: &[(&str, Value)]) -> Result<Filter> {
    let condition =
        |(name, value): &(&str, Value)| compare(table, name, Compare::Eq, value.clone());
    Ok(Filter::And(pairs.iter().map(condition).collect::<Result<_>>()?))
}

/// A condition that a column has one of some values.
///
/// # Errors
/// When there is no column of this name.
pub fn one_of(table: &Table, column: &str, list: Vec<Value>) -> Result<Filter> {
    Ok(Filter::In { left: Expression::column(position(table, column)?), list })
}

/// Rows of an entity that meet a condition, over all organisations.
///
/// # Errors
/// When the store does not answer, or a row is not what its declaration says.
pub async fn find<E: Entity>(
    kernel: &Kernel,
    filter: impl FnOnce(&Table) -> Result<Filter>,
) -> Result<Vec<E>> {
    let table = table::<E>(kernel.catalog())?;
    let filter = filter(&table)?;
    let select = Select::all(table).filtered(filter);
    let rows = kernel.store().fetch(&Access::system(), &select).await?;
    rows.into_iter().map(|row| E::from_record(row).map_err(Error::internal)).collect()
}
