//! Range proofs: these leaves, and no others, stand between two positions of a tree.
//!
//! The proof lists the hashes of everything to the left and to the right of the range. Together
//! with the leaves they give the root, so nothing can be left out or slipped in.

use crate::compact::CompactRange;
use crate::error::{Kind, Result, Subject};
use crate::hash::Hash;
use crate::node::{MAX_SIZE, nodes_of};
use crate::reader::{TileReader, read_node};
use crate::span::{Span, tiles_of};
use crate::tile::TileId;

/// The proof for consecutive leaves of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeProof {
    /// The leaves before the range, from 0.
    pub left: CompactRange,
    /// The leaves after the range, to the end of the tree.
    pub right: CompactRange,
}

impl RangeProof {
    /// The proof for the leaves `begin..end` in the tree of `size` leaves.
    ///
    /// # Errors
    /// [`Error::is_out_of_bounds`](crate::Error::is_out_of_bounds) unless
    /// `begin <= end <= size`, and what the reader says.
    pub fn prove(reader: &impl TileReader, begin: u64, end: u64, size: u64) -> Result<Self> {
        check(begin, end, size)?;
        Ok(Self { left: read(reader, 0, begin, size)?, right: read(reader, end, size, size)? })
    }

    /// The index of the first leaf of the range.
    pub fn begin(&self) -> u64 {
        self.left.end()
    }

    /// The index after the last leaf of the range.
    pub fn end(&self) -> u64 {
        self.right.begin()
    }

    /// The size of the tree.
    pub fn size(&self) -> u64 {
        self.right.end()
    }

    /// Checks that `leaves`, hashed with
    /// [`starting_at(self.begin())`](CompactRange::starting_at), are all leaves of the range in
    /// the tree with `root`.
    ///
    /// # Errors
    /// [`Error::is_mismatch`](crate::Error::is_mismatch) when they are not;
    /// [`Error::is_out_of_bounds`](crate::Error::is_out_of_bounds) when they are another range.
    pub fn verify(&self, leaves: &CompactRange, root: &Hash) -> Result<()> {
        let mut tree = self.left.clone();
        tree.append_range(leaves)?;
        tree.append_range(&self.right)?;
        let (found, index) = (tree.root()?, tree.end());
        if found == *root {
            Ok(())
        } else {
            Err(Kind::Mismatch { what: Subject::Root, index, expected: *root, found }.into())
        }
    }
}

/// The tiles that the proof for the leaves `begin..end` is made from.
///
/// # Errors
/// [`Error::is_out_of_bounds`](crate::Error::is_out_of_bounds) unless `begin <= end <= size`.
pub fn range_tiles(begin: u64, end: u64, size: u64) -> Result<Vec<TileId>> {
    check(begin, end, size)?;
    Ok(tiles_of([Span { begin: 0, end: begin }, Span { begin: end, end: size }], size))
}

/// The hashes of the leaves `begin..end` as they stand in the tiles: what a
/// [tombstone](crate::Tombstone) keeps of them.
///
/// # Errors
/// [`Error::is_out_of_bounds`](crate::Error::is_out_of_bounds) unless `begin <= end <= size`, and
/// what the reader says.
pub fn range_hashes(
    reader: &impl TileReader,
    begin: u64,
    end: u64,
    size: u64,
) -> Result<CompactRange> {
    check(begin, end, size)?;
    read(reader, begin, end, size)
}

fn read(reader: &impl TileReader, begin: u64, end: u64, size: u64) -> Result<CompactRange> {
    let hashes: Result<_> =
        nodes_of(begin, end).map(|node| read_node(reader, node, size)).collect();
    CompactRange::from_hashes(begin, end, hashes?)
}

fn check(begin: u64, end: u64, size: u64) -> Result<()> {
    if end > size || size > MAX_SIZE {
        Err(Kind::OutOfBounds { what: Subject::End, index: end, size }.into())
    } else if begin > end {
        Err(Kind::OutOfBounds { what: Subject::Leaf, index: begin, size: end }.into())
    } else {
        Ok(())
    }
}
