//! Places in the tree: perfect subtrees, and how ranges of leaves fall into them.

use crate::Hash;

/// The largest number of leaves, as Go's `tlog` counts in `int64`.
pub const MAX_SIZE: u64 = i64::MAX as u64;

/// A perfect subtree: the leaves `index * 2^level .. (index + 1) * 2^level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// Its height; a leaf has level 0.
    pub level: u8,
    /// Its position among the nodes of its level, from the left.
    pub index: u64,
}

impl Node {
    /// The position of its first leaf.
    pub(crate) const fn begin(self) -> u64 {
        self.index << self.level
    }

    /// The position after its last leaf.
    pub(crate) const fn end(self) -> u64 {
        (self.index + 1) << self.level
    }
}

/// The fewest perfect subtrees that make up the leaves `begin..end`, from left to right; at most
/// two per level. Nothing when `begin >= end`.
pub fn nodes_of(begin: u64, end: u64) -> impl Iterator<Item = Node> {
    let mut at = begin;
    std::iter::from_fn(move || {
        let left = end.checked_sub(at).filter(|left| *left > 0)?;
        let level = at.trailing_zeros().min(left.ilog2());
        let node = Node { level: level as u8, index: at >> level };
        at += 1 << level;
        Some(node)
    })
}

/// How many nodes [`nodes_of`] gives.
pub(crate) fn count_nodes(begin: u64, end: u64) -> usize {
    nodes_of(begin, end).count()
}

/// The hash of adjacent subtrees that ascend to the right edge of a tree, RFC 6962's MTH: the
/// last two are joined first. The hash of the empty tree when there is none.
pub(crate) fn fold(hashes: &[Hash]) -> Hash {
    let mut hashes = hashes.iter().rev();
    let Some(last) = hashes.next() else {
        return Hash::empty_root();
    };
    hashes.fold(*last, |right, left| Hash::children(left, &right))
}

/// The largest power of two below `size`, RFC 6962's k; `size` is at least 2.
pub(crate) fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}
