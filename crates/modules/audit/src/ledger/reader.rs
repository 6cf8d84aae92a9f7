//! What a log serves: its checkpoint, its tiles and its key (C2SP tlog-tiles).

use super::tables::Tables;
use super::witness::{Cosignatures, cosigned};
use bytes::Bytes;
use mainstay_entity::Value;
use mainstay_kernel::entities::Organization;
use mainstay_kernel::lookup::{position, table};
use mainstay_kernel::{Error, Kernel, PLATFORM_ORGANIZATION, Result};
use mainstay_ledger::{TILE_WIDTH, TileId, TilePath, entries};
use mainstay_store::{Access, Compare, Expression, Filter, JsonStep, Select};
use uuid::Uuid;

/// The signed checkpoint of an organisation's log, none before its first event; that of the
/// platform's has the cosignatures that witnesses have made of it so far.
pub async fn checkpoint(kernel: &Kernel, organization: Uuid) -> Result<Option<Bytes>> {
    let (store, tables) = (kernel.store(), Tables::new(kernel.catalog())?);
    let Some(head) = tables.head(store, organization).await? else { return Ok(None) };
    if organization != PLATFORM_ORGANIZATION {
        return Ok(Some(Bytes::from(head.checkpoint.to_string())));
    }
    let rows = Cosignatures::new(kernel.catalog())?.of_log(store, organization).await?;
    Ok(Some(Bytes::from(cosigned(&head, &rows)?.to_string())))
}

/// The key that a log's checkpoints are verified with, as one line.
pub async fn verifier_key(kernel: &Kernel, organization: Uuid) -> Result<Option<Bytes>> {
    let tables = Tables::new(kernel.catalog())?;
    let head = tables.head(kernel.store(), organization).await?;
    Ok(head.map(|head| Bytes::from(format!("{}\n", head.verifier_key))))
}

/// The bytes of a tile or entry bundle; none when the log has not grown so far.
pub async fn tile(kernel: &Kernel, organization: Uuid, path: TilePath) -> Result<Option<Bytes>> {
    let tables = Tables::new(kernel.catalog())?;
    match path {
        TilePath::Hashes(tile) => hashes(kernel, &tables, organization, tile).await,
        TilePath::Entries(tile) => bundle(kernel, &tables, organization, tile).await,
    }
}

async fn hashes(
    kernel: &Kernel,
    tables: &Tables,
    organization: Uuid,
    tile: TileId,
) -> Result<Option<Bytes>> {
    let place = [(tile.level(), tile.index())];
    let row = tables.hashes(kernel.store(), organization, place).await?.pop();
    // A wider tile begins with the same.
    let bytes = row.map(|row| Bytes::from(row.bytes)).filter(|b| b.len() >= tile.byte_len());
    Ok(bytes.map(|bytes| bytes.slice(..tile.byte_len())))
}

async fn bundle(
    kernel: &Kernel,
    tables: &Tables,
    organization: Uuid,
    tile: TileId,
) -> Result<Option<Bytes>> {
    let width = u64::from(TILE_WIDTH);
    let Some(first) = tile.index().checked_mul(width) else {
        return Ok(None);
    };
    let range = first..first + u64::from(tile.width());
    let mut bytes = Vec::new();
    let mut next = first;
    for row in tables.leaves(kernel.store(), organization, range).await? {
        // What retention removed can't be served, nor what would take its place.
        if row.number.cast_unsigned() != next {
            break;
        }
        next += entries(&row.bytes).count() as u64;
        bytes.extend_from_slice(&row.bytes);
    }
    let (mut count, mut len) = (0, 0);
    for leaf in entries(&bytes).take(tile.width().into()) {
        len += 2 + leaf.map_err(Error::internal)?.len();
        count += 1;
    }
    if count < tile.width() {
        return Ok(None);
    }
    bytes.truncate(len);
    Ok(Some(Bytes::from(bytes)))
}

/// Whether everybody may read an organisation's log, as its settings say:
/// `{"ledger": {"public": true}}`. The platform's log has no such setting.
pub async fn is_public(kernel: &Kernel, organization: Uuid) -> Result<bool> {
    if organization == PLATFORM_ORGANIZATION {
        return Ok(false);
    }
    let table = table::<Organization>(kernel.catalog())?;
    let column = |name: &str| position(&table, name);
    let setting = Expression {
        column: column("settings")?,
        path: ["ledger", "public"].map(|key| JsonStep::Key(key.to_owned())).to_vec(),
        as_text: true,
        cast: None,
    };
    let equal = |left, right| Filter::Compare { left, op: Compare::Eq, right };
    let filter = Filter::And(vec![
        equal(Expression::column(column("id")?), Value::Uuid(organization)),
        equal(setting, Value::Text("true".to_owned())),
    ]);
    let select = Select::all(table.clone()).filtered(filter);
    Ok(!kernel.store().fetch(&Access::system(), &select).await?.is_empty())
}
