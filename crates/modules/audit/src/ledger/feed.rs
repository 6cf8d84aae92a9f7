//! What a log tells of changed rows, in its order.

use super::tables::Tables;
use mainstay_kernel::entities::LedgerTile;
use mainstay_kernel::{Error, Kernel, LoggedChange, Result};
use mainstay_ledger::{Field, Leaf, TILE_WIDTH, Value, entries};
use serde::Deserialize;
use std::ops::Range;
use uuid::Uuid;

/// The facts of an event that name rows and columns.
#[derive(Default, Deserialize)]
struct Details {
    #[serde(default)]
    ids: Vec<String>,
    #[serde(default)]
    columns: Vec<String>,
}

/// What some leaves of a log tell.
#[derive(Debug)]
pub struct Stretch {
    /// The changes of rows, in their order.
    pub changes: Vec<LoggedChange>,
    /// Whether none of the leaves has been removed by retention.
    pub is_whole: bool,
}

/// How many leaves a log has.
///
/// # Errors
/// When the database fails.
pub async fn length(kernel: &Kernel, organization: Uuid) -> Result<u64> {
    let tables = Tables::new(kernel.catalog())?;
    let head = tables.head(kernel.store(), organization).await?;
    Ok(head.map_or(0, |head| head.size.cast_unsigned()))
}

/// What some leaves tell that a log has or had.
///
/// # Errors
/// When the database fails, or the log is damaged.
pub async fn changes(kernel: &Kernel, organization: Uuid, leaves: Range<u64>) -> Result<Stretch> {
    let tables = Tables::new(kernel.catalog())?;
    // Runs may begin before the range.
    let width = u64::from(TILE_WIDTH);
    let runs = leaves.start - leaves.start % width..leaves.end;
    let mut changes = Vec::new();
    let mut found = 0;
    for run in tables.leaves(kernel.store(), organization, runs).await? {
        let LedgerTile { number, bytes, .. } = run;
        for (position, leaf) in (number.cast_unsigned()..).zip(entries(&bytes)) {
            let leaf = leaf.map_err(Error::internal)?;
            if leaves.contains(&position) {
                found += 1;
                changes.extend(change(position, leaf));
            }
        }
    }
    Ok(Stretch { changes, is_whole: found == leaves.end.saturating_sub(leaves.start) })
}

/// The change that a leaf tells; none when it is of another kind.
fn change(position: u64, leaf: &[u8]) -> Option<LoggedChange> {
    let leaf = Leaf::decode(leaf).ok()?;
    let text = |field| match leaf.get(field) {
        Some(Value::Text(text) | Value::Json(text)) => Some(text),
        _ => None,
    };
    let Some(Value::Uuid(event)) = leaf.get(Field::ID) else { return None };
    let resource = text(Field::RESOURCE_TYPE)?;
    let verb = text(Field::ACTION)?.strip_prefix(resource)?.strip_prefix('.')?;
    if !matches!(verb, "create" | "update" | "delete") {
        return None;
    }
    let details: Details =
        text(Field::DETAILS).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    let keys = match text(Field::RESOURCE_ID) {
        Some(key) => vec![key.to_owned()],
        None => details.ids,
    };
    Some(LoggedChange {
        position,
        event: Uuid::from_bytes(event),
        resource: resource.to_owned(),
        verb: verb.to_owned(),
        keys,
        old: text(Field::OLD_VALUE).map(str::to_owned),
        columns: details.columns,
    })
}
