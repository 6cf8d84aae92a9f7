//! Tiles of hashes, fetched for a proof.

use super::tables::Tables;
use mainstay_kernel::{Error, Result};
use mainstay_ledger::{TileId, TileSet};
use mainstay_store::Store;
use uuid::Uuid;

/// The wanted tiles of a log, as far as they are there.
///
/// # Errors
/// When the store does not answer, and when a tile is shorter than wanted.
pub(super) async fn tile_set(
    store: &Store,
    tables: &Tables,
    log: Uuid,
    wanted: &[TileId],
) -> Result<TileSet> {
    let places = wanted.iter().map(|tile| (tile.level(), tile.index()));
    let mut tiles = TileSet::new();
    for row in tables.hashes(store, log, places).await? {
        let place = (i64::from(row.level), row.number.cast_unsigned());
        let tile = wanted.iter().find(|tile| (i64::from(tile.level()), tile.index()) == place);
        let Some(tile) = tile else { continue };
        // The log may have grown since its head was read; a wider tile begins with the same.
        let bytes = row.bytes.get(..tile.byte_len()).unwrap_or_default().to_vec();
        tiles.insert(*tile, bytes).map_err(Error::internal)?;
    }
    Ok(tiles)
}
