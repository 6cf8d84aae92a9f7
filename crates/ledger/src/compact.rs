//! The hashes that stand for a range of leaves: what must be kept to append, to get the root, and
//! to join ranges that were hashed apart.

use crate::error::{Error, Kind, Result, Subject};
use crate::hash::{HASH_LEN, Hash};
use crate::node::{MAX_SIZE, Node, count_nodes, fold};

/// The leaves `begin..end` as the hashes of the fewest perfect subtrees that make them up
/// ([`nodes_of`](crate::nodes_of)). With `begin` 0 it is the frontier of a tree.
///
/// Ranges can be hashed in parallel and then joined with [`append_range`](Self::append_range).
///
/// ```
/// use mainstay_ledger::{CompactRange, Hash};
///
/// let mut tree = CompactRange::new();
/// tree.append(Hash::leaf(b"one"));
/// let mut rest = CompactRange::starting_at(1);
/// rest.append(Hash::leaf(b"two"));
/// tree.append_range(&rest)?;
/// assert_eq!(tree.root()?, Hash::children(&Hash::leaf(b"one"), &Hash::leaf(b"two")));
/// # Ok::<(), mainstay_ledger::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompactRange {
    begin: u64,
    end: u64,
    hashes: Vec<Hash>,
}

impl Default for CompactRange {
    fn default() -> Self {
        Self::new()
    }
}

impl CompactRange {
    /// The tree without leaves.
    pub const fn new() -> Self {
        Self::starting_at(0)
    }

    /// The empty range before the leaf at `begin`.
    pub const fn starting_at(begin: u64) -> Self {
        Self { begin, end: begin, hashes: Vec::new() }
    }

    /// The range `begin..end` with the hashes of its subtrees from left to right.
    ///
    /// # Errors
    /// [`Error::is_malformed`] when the bounds are not a range or the hashes not as many as it has
    /// subtrees.
    pub fn from_hashes(begin: u64, end: u64, hashes: Vec<Hash>) -> Result<Self> {
        if begin > end || end > MAX_SIZE {
            return Err(Error::malformed("range of leaves", "its bounds are no range"));
        }
        if hashes.len() != count_nodes(begin, end) {
            return Err(Error::malformed("range of leaves", "it has another number of hashes"));
        }
        Ok(Self { begin, end, hashes })
    }

    /// The index of its first leaf.
    pub const fn begin(&self) -> u64 {
        self.begin
    }

    /// The index after its last leaf; the size of the tree when it begins at 0.
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// How many leaves it has.
    pub const fn len(&self) -> u64 {
        self.end - self.begin
    }

    /// Whether it has no leaves.
    pub const fn is_empty(&self) -> bool {
        self.begin == self.end
    }

    /// The hashes of its subtrees, from left to right.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Adds the next leaf.
    pub fn append(&mut self, leaf: Hash) {
        self.append_with(leaf, |_, _| ());
    }

    /// Adds the next leaf and shows `on_node` the leaf and each node that it completes, from the
    /// leaf up.
    pub fn append_with(&mut self, leaf: Hash, on_node: impl FnMut(Node, &Hash)) {
        self.push(Node { level: 0, index: self.end }, leaf, on_node);
    }

    /// Adds the leaves of `next`, which begins where this range ends.
    ///
    /// # Errors
    /// [`Error::is_out_of_bounds`] when it begins elsewhere.
    pub fn append_range(&mut self, next: &Self) -> Result<()> {
        if next.begin != self.end {
            let (index, size) = (next.begin, self.end);
            return Err(Kind::OutOfBounds { what: Subject::Leaf, index, size }.into());
        }
        for (node, hash) in crate::nodes_of(next.begin, next.end).zip(&next.hashes) {
            self.push(node, *hash, |_, _| ());
        }
        Ok(())
    }

    /// The root of the tree.
    ///
    /// # Errors
    /// [`Error::is_out_of_bounds`] when the range doesn't begin at 0.
    pub fn root(&self) -> Result<Hash> {
        if self.begin == 0 {
            Ok(fold(&self.hashes))
        } else {
            let (index, size) = (self.begin, self.end);
            Err(Kind::OutOfBounds { what: Subject::Leaf, index, size }.into())
        }
    }

    /// Its bytes, for keeping: begin and end as big-endian u64, then the hashes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(16 + self.hashes.len() * HASH_LEN);
        bytes.extend_from_slice(&self.begin.to_be_bytes());
        bytes.extend_from_slice(&self.end.to_be_bytes());
        for hash in &self.hashes {
            bytes.extend_from_slice(hash.as_bytes());
        }
        bytes
    }

    /// The range that [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// [`Error::is_malformed`] for any other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let cut_short = || Error::malformed("range of leaves", "it is cut short");
        let (begin, rest) = bytes.split_first_chunk().ok_or_else(cut_short)?;
        let (end, rest) = rest.split_first_chunk().ok_or_else(cut_short)?;
        let hashes: Result<_> = rest.chunks(HASH_LEN).map(Hash::from_slice).collect();
        Self::from_hashes(u64::from_be_bytes(*begin), u64::from_be_bytes(*end), hashes?)
    }

    /// Adds the node at the right edge and joins it with the siblings to its left that lie in the
    /// range.
    fn push(&mut self, mut node: Node, mut hash: Hash, mut on_node: impl FnMut(Node, &Hash)) {
        self.end = node.end();
        on_node(node, &hash);
        while let Some(left) = self.pop_left_sibling(node) {
            hash = Hash::children(&left, &hash);
            node = Node { level: node.level + 1, index: node.index >> 1 };
            on_node(node, &hash);
        }
        self.hashes.push(hash);
    }

    fn pop_left_sibling(&mut self, node: Node) -> Option<Hash> {
        let left = Node { index: node.index.checked_sub(1)?, ..node };
        (left.index.is_multiple_of(2) && left.begin() >= self.begin)
            .then(|| self.hashes.pop())
            .flatten()
    }
}
