//! RFC 6962 §2.1 word by word, slow and plain, and a log small enough to be held in memory.

use mainstay_ledger::{Hash, SignerKey, TileSet, TreeWriter};

pub(crate) const ORIGIN: &str = "example.com/ledger/0193";

pub(crate) fn key() -> SignerKey {
    SignerKey::from_seed(ORIGIN, &[7; 32]).unwrap()
}

pub(crate) fn leaf(index: usize) -> Vec<u8> {
    format!("leaf {index}").into_bytes()
}

pub(crate) fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|index| Hash::leaf(&leaf(index))).collect()
}

fn k(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// MTH(D[n])
pub(crate) fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(k(leaves.len()));
            Hash::children(&root(left), &root(right))
        }
    }
}

/// PATH(m, D[n])
pub(crate) fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = k(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, sibling) = if index < k {
        (path(index, left), root(right))
    } else {
        (path(index - k, right), root(left))
    };
    path.push(sibling);
    path
}

/// PROOF(m, D[n])
pub(crate) fn consistency(old: usize, leaves: &[Hash]) -> Vec<Hash> {
    if old == 0 { Vec::new() } else { subproof(old, leaves, true) }
}

fn subproof(old: usize, leaves: &[Hash], is_complete: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if is_complete { Vec::new() } else { vec![root(leaves)] };
    }
    let k = k(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, sibling) = if old <= k {
        (subproof(old, left, is_complete), root(right))
    } else {
        (subproof(old - k, right, false), root(left))
    };
    proof.push(sibling);
    proof
}

/// All tiles of a tree, written in one go.
pub(crate) fn tiles(leaves: &[Hash]) -> TileSet {
    let mut writer = TreeWriter::new();
    for leaf in leaves {
        writer.append(*leaf);
    }
    let mut tiles = TileSet::new();
    for (tile, bytes) in writer.take_tiles() {
        tiles.insert(tile, bytes).unwrap();
    }
    tiles
}
