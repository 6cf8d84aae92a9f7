//! Growing a tree: leaf hashes in, tiles and roots out.

use crate::compact::CompactRange;
use crate::error::{Kind, Result, Subject};
use crate::hash::{HASH_LEN, Hash};
use crate::node::{fold, nodes_of};
use crate::reader::{TileReader, check_len, read_node};
use crate::tile::{TILE_HEIGHT, TILE_LEVELS, TILE_WIDTH, TileId, edge_tiles, grown_tiles};

const FULL_LEN: usize = TILE_WIDTH as usize * HASH_LEN;

/// A tree that grows, with its right edge in memory: at most 8 tiles of 8 KiB, and the tiles that
/// became full since they were last taken.
///
/// ```
/// use mainstay_ledger::{Hash, TreeWriter};
///
/// let mut tree = TreeWriter::new();
/// tree.append(Hash::leaf(b"one"));
/// let tiles = tree.take_tiles();
/// assert_eq!(tiles[0].0.to_string(), "tile/0/000.p/1");
/// assert_eq!(tree.root(), Hash::leaf(b"one"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct TreeWriter {
    tree: CompactRange,
    /// The bytes of the partial tile of each level.
    edge: [Vec<u8>; TILE_LEVELS as usize],
    full: Vec<(TileId, Vec<u8>)>,
    taken_size: u64,
}

impl TreeWriter {
    /// The tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tree of `size` leaves whose [`edge_tiles`] the reader has.
    ///
    /// # Errors
    /// [`Error::is_mismatch`](crate::Error::is_mismatch) when the tiles don't give `root`, so that
    /// nothing is ever appended to a damaged tree;
    /// [`Error::is_out_of_bounds`](crate::Error::is_out_of_bounds) for a size above `MAX_SIZE`,
    /// and what the reader says.
    pub fn resume(reader: &impl TileReader, size: u64, root: &Hash) -> Result<Self> {
        let hashes: Result<_> =
            nodes_of(0, size).map(|node| read_node(reader, node, size)).collect();
        let tree = CompactRange::from_hashes(0, size, hashes?)?;
        let found = tree.root()?;
        if found != *root {
            let what = Subject::Root;
            return Err(Kind::Mismatch { what, index: size, expected: *root, found }.into());
        }
        let mut edge = <[Vec<u8>; TILE_LEVELS as usize]>::default();
        for tile in edge_tiles(size).filter(|tile| tile.is_partial()) {
            let bytes = reader.read_tile(tile)?;
            check_len(tile, &bytes)?;
            edge[usize::from(tile.level())] = bytes[..tile.byte_len()].to_vec();
        }
        Ok(Self { tree, edge, full: Vec::new(), taken_size: size })
    }

    /// How many leaves the tree has.
    pub const fn size(&self) -> u64 {
        self.tree.end()
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        fold(self.tree.hashes())
    }

    /// The frontier of the tree.
    pub const fn frontier(&self) -> &CompactRange {
        &self.tree
    }

    /// Adds the next leaf and gives its index.
    pub fn append(&mut self, leaf: Hash) -> u64 {
        let index = self.size();
        let (edge, full) = (&mut self.edge, &mut self.full);
        self.tree.append_with(leaf, |node, hash| {
            if !node.level.is_multiple_of(TILE_HEIGHT) {
                return;
            }
            let level = node.level / TILE_HEIGHT;
            let bytes = &mut edge[usize::from(level)];
            if bytes.capacity() == 0 {
                bytes.reserve_exact(FULL_LEN);
            }
            bytes.extend_from_slice(hash.as_bytes());
            if bytes.len() == FULL_LEN {
                let tile = TileId::full(level, node.index >> TILE_HEIGHT);
                full.push((tile, std::mem::take(bytes)));
            }
        });
        index
    }

    /// The tiles to write so that what was appended since the last call, or since the start, can
    /// be served: [`grown_tiles`], with their bytes.
    pub fn take_tiles(&mut self) -> Vec<(TileId, Vec<u8>)> {
        let mut tiles = std::mem::take(&mut self.full);
        let partial = grown_tiles(self.taken_size, self.size()).filter(|tile| tile.is_partial());
        tiles.extend(partial.map(|tile| (tile, self.edge[usize::from(tile.level())].clone())));
        tiles.sort_unstable_by_key(|(tile, _)| *tile);
        self.taken_size = self.size();
        tiles
    }
}
