//! Typed reads of the server's own: credentials and roles, before there is a caller.

use mainstay_entity::{Entity, Table, Value};
use mainstay_kernel::{Error, Kernel, Result};
use mainstay_store::{Access, Compare, Expression, Filter, Select};
use std::sync::Arc;

/// The table of an entity.
pub(crate) fn table<E: Entity>(kernel: &Kernel) -> Result<Arc<Table>> {
    kernel
        .catalog()
        .find(E::SCHEMA, E::TABLE)
        .cloned()
        .ok_or_else(|| Error::internal(format!("the catalog lacks {}", E::TABLE)))
}

/// A condition that columns have values.
pub(crate) fn equal(table: &Table, pairs: &[(&str, Value)]) -> Result<Filter> {
    let condition = |(name, value): &(&str, Value)| {
        Ok(Filter::Compare {
            left: Expression::column(position(table, name)?),
            op: Compare::Eq,
            right: value.clone(),
        })
    };
    Ok(Filter::And(pairs.iter().map(condition).collect::<Result<_>>()?))
}

/// A condition that a column has one of some values.
pub(crate) fn one_of(table: &Table, column: &str, list: Vec<Value>) -> Result<Filter> {
    Ok(Filter::In { left: Expression::column(position(table, column)?), list })
}

/// Rows of an entity that meet a condition, over all organisations.
pub(crate) async fn find<E: Entity>(
    kernel: &Kernel,
    filter: impl FnOnce(&Table) -> Result<Filter>,
) -> Result<Vec<E>> {
    let table = table::<E>(kernel)?;
    let filter = filter(&table)?;
    let select = Select::all(table).filtered(filter);
    let rows = kernel.store().fetch(&Access::system(), &select).await?;
    rows.into_iter().map(|row| E::from_record(row).map_err(Error::internal)).collect()
}

/// The position of a column.
pub(crate) fn position(table: &Table, name: &str) -> Result<usize> {
    table
        .column_index(name)
        .ok_or_else(|| Error::internal(format!("no column {name} in {}", table.meta.table)))
}
