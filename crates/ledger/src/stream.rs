//! Verifying a log by reading it: leaves in, compared with hashes and checkpoints on the way.

use crate::checkpoint::Checkpoint;
use crate::compact::CompactRange;
use crate::error::{Kind, Result, Subject};
use crate::hash::Hash;

/// Consecutive leaves being hashed, from the first of a log or from a frontier that is trusted.
///
/// ```
/// use mainstay_ledger::{Checkpoint, Hash, LeafStream};
///
/// let mut stream = LeafStream::new();
/// stream.push(b"leaf");
/// stream.check(&Checkpoint::new("example.com/log", 1, Hash::leaf(b"leaf"))?)?;
/// # Ok::<(), mainstay_ledger::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct LeafStream {
    leaves: CompactRange,
}

impl LeafStream {
    /// From the first leaf on.
    pub fn new() -> Self {
        Self::default()
    }

    /// From the end of leaves that were hashed before, or from the middle of a log to be
    /// [joined](CompactRange::append_range) or [proved](crate::RangeProof::verify) as a range.
    pub fn resume(leaves: CompactRange) -> Self {
        Self { leaves }
    }

    /// The index of the next leaf.
    pub fn next_index(&self) -> u64 {
        self.leaves.end()
    }

    /// Takes the next leaf and gives its hash.
    pub fn push(&mut self, leaf: &[u8]) -> Hash {
        let hash = Hash::leaf(leaf);
        self.leaves.append(hash);
        hash
    }

    /// Takes the next leaf, of which the hash was recorded elsewhere: in a tile or a row.
    ///
    /// # Errors
    /// [`Error::is_mismatch`](crate::Error::is_mismatch), with index and hashes, when the leaf has
    /// another hash. It is taken with the recorded hash then, so that what follows can be checked.
    pub fn push_recorded(&mut self, leaf: &[u8], recorded: &Hash) -> Result<()> {
        let (index, found) = (self.next_index(), Hash::leaf(leaf));
        self.leaves.append(*recorded);
        expect(Subject::Leaf, index, *recorded, found)
    }

    /// Takes the next leaf by its hash, as when retention removed its contents.
    pub fn push_hash(&mut self, hash: Hash) {
        self.leaves.append(hash);
    }

    /// Takes leaves that were hashed apart.
    ///
    /// # Errors
    /// As [`CompactRange::append_range`].
    pub fn push_range(&mut self, leaves: &CompactRange) -> Result<()> {
        self.leaves.append_range(leaves)
    }

    /// Compares the leaves so far with a checkpoint of their number.
    ///
    /// # Errors
    /// [`Error::is_mismatch`](crate::Error::is_mismatch) when their number or the root is another;
    /// [`Error::is_out_of_bounds`](crate::Error::is_out_of_bounds) when the stream didn't begin at
    /// the first leaf.
    pub fn check(&self, checkpoint: &Checkpoint) -> Result<()> {
        let (expected, found) = (checkpoint.size, self.next_index());
        if expected != found {
            return Err(Kind::Size { expected, found }.into());
        }
        expect(Subject::Root, found, checkpoint.root, self.leaves.root()?)
    }

    /// The leaves so far.
    pub fn into_range(self) -> CompactRange {
        self.leaves
    }
}

fn expect(what: Subject, index: u64, expected: Hash, found: Hash) -> Result<()> {
    if expected == found {
        Ok(())
    } else {
        Err(Kind::Mismatch { what, index, expected, found }.into())
    }
}
