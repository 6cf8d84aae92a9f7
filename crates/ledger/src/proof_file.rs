//! Proofs as texts that are verified offline: C2SP tlog-proof for one leaf, and its like for a
//! range of leaves.

use std::fmt;
use std::str::FromStr;

use crate::compact::CompactRange;
use crate::error::{Error, Result};
use crate::hash::Hash;
use crate::node::count_nodes;
use crate::note::{MAX_NOTE_LEN, SignedNote};
use crate::range::RangeProof;
use crate::text::{Lines, from_base64, to_base64};

const INCLUSION_HEADER: &str = "c2sp.org/tlog-proof@v1";
const RANGE_HEADER: &str = "mainstay-range-proof/v1";

/// The most hashes of an inclusion or consistency proof: one per level of the tree.
pub(crate) const MAX_PROOF_LEN: usize = 63;

/// That a leaf is in a log: `c2sp.org/tlog-proof@v1`, in files `.tlog-proof`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionFile {
    /// Whatever the application adds; nothing vouches for it.
    pub extra: Option<Vec<u8>>,
    /// The index of the leaf.
    pub index: u64,
    /// The proof, from the leaf's sibling up.
    pub proof: Vec<Hash>,
    /// The signed checkpoint that it leads to.
    pub checkpoint: SignedNote,
}

impl fmt::Display for InclusionFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{INCLUSION_HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", to_base64(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        write_hashes(f, "", &self.proof)?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for InclusionFile {
    type Err = Error;

    /// # Errors
    /// [`Error::is_malformed`] for any other text, and above the length of two notes.
    fn from_str(text: &str) -> Result<Self> {
        let mut lines = open("tlog-proof", INCLUSION_HEADER, text)?;
        let extra = match lines.next_labelled("extra") {
            Some(extra) => {
                Some(from_base64(extra).ok_or_else(|| lines.error("extra is not base64"))?)
            }
            None => None,
        };
        let index = lines.labelled("index")?;
        let index = lines.decimal(index)?;
        let proof = read_hashes(&mut lines)?;
        let checkpoint = SignedNote::parse(lines.rest())?;
        Ok(Self { extra, index, proof, checkpoint })
    }
}

/// That leaves are all that stands in a range of a log: `mainstay-range-proof/v1`.
///
/// ```text
/// mainstay-range-proof/v1
/// range <index of the first leaf> <index after the last leaf>
/// size <size of the tree>
/// left <base64 hash>                 the subtrees before the range, from left to right
/// right <base64 hash>                the subtrees after it, from left to right
///
/// <signed checkpoint>
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeFile {
    /// The proof.
    pub proof: RangeProof,
    /// The signed checkpoint that it leads to.
    pub checkpoint: SignedNote,
}

impl fmt::Display for RangeFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proof = &self.proof;
        writeln!(f, "{RANGE_HEADER}")?;
        writeln!(f, "range {} {}", proof.begin(), proof.end())?;
        writeln!(f, "size {}", proof.size())?;
        write_hashes(f, "left ", proof.left.hashes())?;
        write_hashes(f, "right ", proof.right.hashes())?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for RangeFile {
    type Err = Error;

    /// # Errors
    /// [`Error::is_malformed`] for any other text, and above the length of two notes.
    fn from_str(text: &str) -> Result<Self> {
        let mut lines = open("range proof", RANGE_HEADER, text)?;
        let (begin, end) = read_range(&mut lines)?;
        let size = lines.labelled("size")?;
        let size = lines.decimal(size)?;
        if end > size {
            return Err(lines.error("the range is not inside the tree"));
        }
        let left = read_labelled_hashes(&mut lines, "left", count_nodes(0, begin))?;
        let right = read_labelled_hashes(&mut lines, "right", count_nodes(end, size))?;
        if !lines.next()?.is_empty() {
            return Err(lines.error("it has more hashes than subtrees"));
        }
        let proof = RangeProof {
            left: CompactRange::from_hashes(0, begin, left)?,
            right: CompactRange::from_hashes(end, size, right)?,
        };
        Ok(Self { proof, checkpoint: SignedNote::parse(lines.rest())? })
    }
}

fn open<'a>(what: &'static str, header: &str, text: &'a str) -> Result<Lines<'a>> {
    let mut lines = Lines::new(what, text);
    if text.len() > 2 * MAX_NOTE_LEN {
        return Err(lines.error("it is too long"));
    }
    if lines.next()? != header {
        return Err(lines.error("its first line is another"));
    }
    Ok(lines)
}

pub(crate) fn write_hashes(f: &mut impl fmt::Write, label: &str, hashes: &[Hash]) -> fmt::Result {
    hashes.iter().try_for_each(|hash| writeln!(f, "{label}{hash}"))
}

/// Hashes, one per line, up to an empty line.
pub(crate) fn read_hashes(lines: &mut Lines<'_>) -> Result<Vec<Hash>> {
    let mut hashes = Vec::new();
    loop {
        match lines.next()? {
            "" => return Ok(hashes),
            _ if hashes.len() == MAX_PROOF_LEN => {
                return Err(lines.error("it has more hashes than a tree has levels"));
            }
            line => hashes.push(Hash::from_base64(line)?),
        }
    }
}

pub(crate) fn read_labelled_hashes(
    lines: &mut Lines<'_>,
    label: &'static str,
    count: usize,
) -> Result<Vec<Hash>> {
    (0..count).map(|_| Hash::from_base64(lines.labelled(label)?)).collect()
}

/// A line `range <begin> <end>`.
pub(crate) fn read_range(lines: &mut Lines<'_>) -> Result<(u64, u64)> {
    let range = lines.labelled("range")?;
    let (begin, end) =
        range.split_once(' ').ok_or_else(|| lines.error("a range is not two numbers"))?;
    let (begin, end) = (lines.decimal(begin)?, lines.decimal(end)?);
    if begin > end {
        return Err(lines.error("a range ends before it begins"));
    }
    Ok((begin, end))
}
