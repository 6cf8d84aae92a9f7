//! Where in a log a time is.

use super::tables::{Tables, equal, read, select};
use jiff::Timestamp;
use mainstay_entity::Value;
use mainstay_kernel::Result;
use mainstay_kernel::entities::LedgerEntry;
use mainstay_kernel::lookup::compare;
use mainstay_store::{Compare, Filter, Store};
use uuid::Uuid;

/// The smallest identifier of what is recorded at a time or later.
pub(super) fn least_id(since: Timestamp) -> Uuid {
    // Identifiers begin with the milliseconds of their making.
    let millis = u128::from(since.as_millisecond().max(0).cast_unsigned());
    Uuid::from_u128(millis << 80)
}

/// The first leaf of the first run with an event that was recorded at a time or later.
pub(super) async fn first_since(
    store: &Store,
    tables: &Tables,
    log: Uuid,
    since: Timestamp,
) -> Result<Option<u64>> {
    let filter = Filter::And(vec![
        equal(&tables.entries, "organization_id", Value::Uuid(log))?,
        compare(&tables.entries, "last_id", Compare::Ge, Value::Uuid(least_id(since)))?,
    ]);
    let mut select = select(&tables.entries, filter, Some("first_index"))?;
    select.limit = Some(1);
    let entry: Option<LedgerEntry> = read(store, &select).await?.pop();
    Ok(entry.map(|entry| entry.first_index.cast_unsigned()))
}
