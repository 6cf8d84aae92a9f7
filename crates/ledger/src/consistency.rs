//! Consistency proofs: a tree begins with all leaves of an older one (RFC 6962 §2.1.2).

use crate::error::{Kind, Result, Subject};
use crate::hash::Hash;
use crate::node::MAX_SIZE;
use crate::reader::TileReader;
use crate::span::{Span, read_spans, tiles_of};
use crate::tile::TileId;

/// The tiles that the proof between these sizes is made from.
///
/// # Errors
/// [`Error::is_out_of_bounds`](crate::Error::is_out_of_bounds) unless `old <= new`.
pub fn consistency_tiles(old: u64, new: u64) -> Result<Vec<TileId>> {
    Ok(tiles_of(path(old, new)?, new))
}

/// The proof that the tree of `new` leaves begins with the tree of `old` leaves. Empty when `old`
/// is 0 or `new`.
///
/// # Errors
/// [`Error::is_out_of_bounds`](crate::Error::is_out_of_bounds) unless `old <= new`, and what the
/// reader says.
pub fn prove_consistency(reader: &impl TileReader, old: u64, new: u64) -> Result<Vec<Hash>> {
    read_spans(reader, &path(old, new)?, new)
}

/// Checks that the tree of `new` leaves and `new_root` begins with the tree of `old` leaves and
/// `old_root`.
///
/// # Errors
/// [`Error::is_mismatch`](crate::Error::is_mismatch) when it doesn't, or the proof has another
/// length than such a proof;
/// [`Error::is_out_of_bounds`](crate::Error::is_out_of_bounds) unless `old <= new`.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<()> {
    let path = path(old, new)?;
    if path.len() != proof.len() {
        let what = "proof of consistency";
        return Err(Kind::ProofLength { what, expected: path.len(), found: proof.len() }.into());
    }
    if old == 0 {
        return expect(Subject::OldRoot, 0, *old_root, Hash::empty_root());
    }
    // What both trees have in common at the deepest point: given by the proof, but when the old
    // tree is itself a subtree of the new one, in which case its root is known.
    let old_is_subtree = path.first().is_none_or(|first| first.end != old);
    let (common, rest) = if old_is_subtree { (*old_root, 0) } else { (proof[0], 1) };
    let (mut old_found, mut new_found) = (common, common);
    for (span, sibling) in path.iter().zip(proof).skip(rest) {
        if span.end <= old {
            old_found = Hash::children(sibling, &old_found);
            new_found = Hash::children(sibling, &new_found);
        } else {
            new_found = Hash::children(&new_found, sibling);
        }
    }
    expect(Subject::OldRoot, old, *old_root, old_found)?;
    expect(Subject::Root, new, *new_root, new_found)
}

fn expect(what: Subject, index: u64, expected: Hash, found: Hash) -> Result<()> {
    if expected == found {
        Ok(())
    } else {
        Err(Kind::Mismatch { what, index, expected, found }.into())
    }
}

/// The subtrees whose hashes the proof lists: those of SUBPROOF(old, D\[new\], true).
fn path(old: u64, new: u64) -> Result<Vec<Span>> {
    if old > new || new > MAX_SIZE {
        return Err(Kind::OutOfBounds { what: Subject::OldSize, index: old, size: new }.into());
    }
    let mut spans = Vec::new();
    let mut span = Span { begin: 0, end: new };
    while old > 0 && span.end != old {
        let (left, right) = span.split();
        if old <= left.end {
            spans.push(right);
            span = left;
        } else {
            spans.push(left);
            span = right;
        }
    }
    // Unless it is the whole old tree, whose root the verifier has.
    if span.begin > 0 {
        spans.push(span);
    }
    spans.reverse();
    Ok(spans)
}
