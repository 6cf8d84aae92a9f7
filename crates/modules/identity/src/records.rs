//! Rows as typed records, changed and locked in a unit of work.

use jiff::Timestamp;
use mainstay_entity::{Entity, Record, Value};
use mainstay_kernel::lookup::{equal, position, table};
use mainstay_kernel::{Error, Input, Result, Work};
use mainstay_store::{Filter, Select};
use uuid::Uuid;

/// An instant as rows hold it.
pub(crate) fn instant(at: Timestamp) -> Value {
    Value::Timestamp(at.as_microsecond())
}

/// A text as rows hold it.
pub(crate) fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// The key of a row of an organisation.
pub(crate) fn key(organization: Uuid, id: Uuid) -> [(&'static str, Value); 2] {
    [("organization_id", Value::Uuid(organization)), ("id", Value::Uuid(id))]
}

/// Changes the rows of an entity that have some values; gives their number.
pub(crate) async fn change<E: Entity>(
    work: &mut Work,
    set: &[(&str, Value)],
    own: &[(&str, Value)],
) -> Result<usize> {
    let own = equal(&*table::<E>(work.kernel().catalog())?, own)?;
    change_all::<E>(work, set, own).await
}

/// Changes the rows of an entity that meet a condition; gives their number.
pub(crate) async fn change_all<E: Entity>(
    work: &mut Work,
    set: &[(&str, Value)],
    filter: Filter,
) -> Result<usize> {
    let table = table::<E>(work.kernel().catalog())?;
    let column =
        |(name, value): &(&str, Value)| Ok((position(&table, name)?, Input::Value(value.clone())));
    let set = set.iter().map(column).collect::<Result<_>>()?;
    Ok(work.update(&table, set, filter).await?.len())
}

/// The rows of an entity that have some values, as the work sees them: on its own connection, so
/// that as many works as there are connections don't wait for more.
pub(crate) async fn seek<E: Entity>(work: &mut Work, own: &[(&str, Value)]) -> Result<Vec<E>> {
    let table = table::<E>(work.kernel().catalog())?;
    let select = Select::all(table.clone()).filtered(equal(&table, own)?);
    let rows = work.fetch(&select).await?;
    rows.into_iter().map(|row| E::from_record(row).map_err(Error::internal)).collect()
}

/// The row of an entity that has some values, locked until the work ends.
pub(crate) async fn lock<E: Entity>(work: &mut Work, own: &[(&str, Value)]) -> Result<Option<E>> {
    let row = lock_row::<E>(work, own).await?;
    row.map(|row| E::from_record(row).map_err(Error::internal)).transpose()
}

/// The same as a record, of which secrets can be opened.
pub(crate) async fn lock_row<E: Entity>(
    work: &mut Work,
    own: &[(&str, Value)],
) -> Result<Option<Record>> {
    let table = table::<E>(work.kernel().catalog())?;
    let mut select = Select::all(table.clone()).filtered(equal(&table, own)?);
    select.for_update = true;
    Ok(work.fetch(&select).await?.into_iter().next())
}
