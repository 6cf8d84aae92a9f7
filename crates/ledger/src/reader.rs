//! Reading node hashes from tiles.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::error::{Error, Kind, Result, Subject};
use crate::hash::{HASH_LEN, Hash};
use crate::node::{Node, fold};
use crate::tile::{TILE_HEIGHT, TILE_WIDTH, TileId};

/// Where tiles are kept.
///
/// What is read is not trusted: a proof made from wrong tiles doesn't verify.
pub trait TileReader {
    /// The bytes of the tile; a wider tile of the same place will do, as it begins with the same.
    ///
    /// # Errors
    /// [`Error::unavailable`] when it can't be had.
    fn read_tile(&self, tile: TileId) -> Result<Cow<'_, [u8]>>;
}

/// Tiles in memory: those that a caller has fetched for one purpose, such as the
/// [tiles of a proof](crate::inclusion_tiles).
#[derive(Clone, Debug, Default)]
pub struct TileSet(BTreeMap<(u8, u64), Vec<u8>>);

impl TileSet {
    /// No tiles.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tile, or replaces it by a wider one.
    ///
    /// # Errors
    /// [`Error::is_malformed`] when the bytes are not as many as the tile has.
    pub fn insert(&mut self, tile: TileId, bytes: Vec<u8>) -> Result<()> {
        check_len(tile, &bytes)?;
        let kept = self.0.entry((tile.level(), tile.index())).or_default();
        if kept.len() < bytes.len() {
            *kept = bytes;
        }
        Ok(())
    }
}

impl TileReader for TileSet {
    fn read_tile(&self, tile: TileId) -> Result<Cow<'_, [u8]>> {
        match self.0.get(&(tile.level(), tile.index())) {
            Some(bytes) => Ok(Cow::Borrowed(bytes)),
            None => Err(Error::unavailable(tile, "it is not among those given")),
        }
    }
}

impl<R: TileReader + ?Sized> TileReader for &R {
    fn read_tile(&self, tile: TileId) -> Result<Cow<'_, [u8]>> {
        (**self).read_tile(tile)
    }
}

/// The hashes in the bytes of a tile; a wider tile of the same place will do.
///
/// # Errors
/// [`Error::is_malformed`] when the bytes are fewer than the tile has, more than a full tile, or
/// not whole hashes.
pub fn tile_hashes(tile: TileId, bytes: &[u8]) -> Result<impl ExactSizeIterator<Item = Hash>> {
    check_len(tile, bytes)?;
    let (hashes, _) = bytes[..tile.byte_len()].as_chunks();
    Ok(hashes.iter().map(|hash| Hash::new(*hash)))
}

/// The hash of a node of the tree with `size` leaves.
pub(crate) fn read_node(reader: &impl TileReader, node: Node, size: u64) -> Result<Hash> {
    let tile = TileId::of_node(node, size).ok_or(Kind::OutOfBounds {
        what: Subject::Leaf,
        index: node.index,
        size,
    })?;
    let bytes = reader.read_tile(tile)?;
    check_len(tile, &bytes)?;
    // The node is the root of 2^height consecutive hashes of the tile.
    let height = node.level % TILE_HEIGHT;
    let first = (node.index << height) as usize % TILE_WIDTH as usize;
    let leaves = &bytes[first * HASH_LEN..][..HASH_LEN << height];
    let mut hashes: Vec<_> = leaves.as_chunks().0.iter().copied().map(Hash::new).collect();
    while hashes.len() > 1 {
        hashes = hashes.chunks(2).map(fold).collect();
    }
    Ok(fold(&hashes))
}

pub(crate) fn check_len(tile: TileId, bytes: &[u8]) -> Result<()> {
    let len = bytes.len();
    if len < tile.byte_len() || len > tile.to_full().byte_len() || !len.is_multiple_of(HASH_LEN) {
        return Err(Error::malformed("tile", "it has another number of hashes"));
    }
    Ok(())
}
