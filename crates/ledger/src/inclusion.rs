//! Inclusion proofs: a leaf is in a tree (RFC 6962 §2.1.1).

use crate::error::{Kind, Result, Subject};
use crate::hash::Hash;
use crate::node::MAX_SIZE;
use crate::reader::TileReader;
use crate::span::{Span, read_spans, tiles_of};
use crate::tile::TileId;

/// The tiles that the proof for the leaf at `index` is made from.
///
/// # Errors
/// [`Error::is_out_of_bounds`](crate::Error::is_out_of_bounds) unless `index < size`.
pub fn inclusion_tiles(index: u64, size: u64) -> Result<Vec<TileId>> {
    Ok(tiles_of(path(index, size)?, size))
}

/// The audit path of the leaf at `index` in the tree of `size` leaves, from its sibling up.
///
/// # Errors
/// [`Error::is_out_of_bounds`](crate::Error::is_out_of_bounds) unless `index < size`, and what
/// the reader says.
pub fn prove_inclusion(reader: &impl TileReader, index: u64, size: u64) -> Result<Vec<Hash>> {
    read_spans(reader, &path(index, size)?, size)
}

/// Checks that `leaf` is the hash of the leaf at `index` of the tree with `size` leaves and `root`.
///
/// # Errors
/// [`Error::is_mismatch`](crate::Error::is_mismatch) when it is not, or the proof has another
/// length than such a proof;
/// [`Error::is_out_of_bounds`](crate::Error::is_out_of_bounds) unless `index < size`.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<()> {
    let path = path(index, size)?;
    if path.len() != proof.len() {
        let what = "proof of inclusion";
        return Err(Kind::ProofLength { what, expected: path.len(), found: proof.len() }.into());
    }
    let found = path.iter().zip(proof).fold(*leaf, |hash, (span, sibling)| {
        if span.begin > index {
            Hash::children(&hash, sibling)
        } else {
            Hash::children(sibling, &hash)
        }
    });
    if found == *root {
        Ok(())
    } else {
        Err(Kind::Mismatch { what: Subject::Proof, index, expected: *root, found }.into())
    }
}

/// The siblings on the way from the leaf up to the root.
fn path(index: u64, size: u64) -> Result<Vec<Span>> {
    if index >= size || size > MAX_SIZE {
        return Err(Kind::OutOfBounds { what: Subject::Leaf, index, size }.into());
    }
    let mut spans = Vec::new();
    let mut span = Span { begin: 0, end: size };
    while span.len() > 1 {
        let (left, right) = span.split();
        let (inner, sibling) = if index < right.begin { (left, right) } else { (right, left) };
        spans.push(sibling);
        span = inner;
    }
    spans.reverse();
    Ok(spans)
}
