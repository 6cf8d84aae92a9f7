use mainstay_ledger::{
    CompactRange, Hash, RangeProof, TileId, TileReader as _, TileSet, TreeWriter,
    consistency_tiles, edge_tiles, grown_tiles, inclusion_tiles, prove_consistency,
    prove_inclusion, range_hashes, range_tiles, tile_hashes, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;

use crate::naive::{self, leaves, tiles};

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

fn hash(text: &str) -> Hash {
    Hash::from_slice(&hex(text)).unwrap()
}

/// The inputs and roots of Certificate Transparency's own tests.
#[test]
fn roots_are_those_of_certificate_transparency() {
    let inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut tree = CompactRange::new();
    assert_eq!(tree.root().unwrap(), hash(roots[0]));
    for (input, root) in inputs.iter().zip(&roots[1..]) {
        tree.append(Hash::leaf(&hex(input)));
        assert_eq!(tree.root().unwrap(), hash(root));
    }
}

/// Paths and proofs of the same tree, as Certificate Transparency publishes them.
#[test]
fn proofs_are_those_of_certificate_transparency() {
    let inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    let leaves: Vec<_> = inputs.iter().map(|input| Hash::leaf(&hex(input))).collect();
    let path = [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    let path: Vec<_> = path.into_iter().map(hash).collect();
    assert_eq!(prove_inclusion(&tiles(&leaves), 5, 8).unwrap(), path);
    let proof = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    let proof: Vec<_> = proof.into_iter().map(hash).collect();
    assert_eq!(prove_consistency(&tiles(&leaves), 6, 8).unwrap(), proof);
}

/// Every index and every pair of sizes of all small trees.
#[test]
fn small_trees_agree_with_the_definition() {
    let all = leaves(34);
    for size in 0..=all.len() {
        let tree = &all[..size];
        let (root, tiles) = (naive::root(tree), tiles(tree));
        for index in 0..size {
            let proof = prove_inclusion(&tiles, index as u64, size as u64).unwrap();
            assert_eq!(proof, naive::path(index, tree), "leaf {index} of {size}");
            verify_inclusion(&tree[index], index as u64, size as u64, &proof, &root).unwrap();
        }
        for old in 0..=size {
            let proof = prove_consistency(&tiles, old as u64, size as u64).unwrap();
            assert_eq!(proof, naive::consistency(old, tree), "{old} to {size}");
            let old_root = naive::root(&tree[..old]);
            verify_consistency(old as u64, &old_root, size as u64, &root, &proof).unwrap();
        }
    }
}

/// A tree and two positions in it, first <= second <= size.
fn tree_with_range() -> impl Strategy<Value = (usize, usize, usize)> {
    (1_usize..1500).prop_flat_map(|size| {
        (0..=size, 0..=size).prop_map(move |(a, b)| (size, a.min(b), a.max(b)))
    })
}

fn flip(hash: &Hash, bit: usize) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    Hash::new(bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_tree_that_grew_in_steps_is_the_tree(
        steps in prop::collection::vec(0_usize..700, 1..5),
    ) {
        let all = leaves(steps.iter().sum());
        let (mut stored, mut size, mut root) = (TileSet::new(), 0, Hash::empty_root());
        for step in steps {
            // Each step starts anew from what was stored, as after a restart.
            let mut writer = TreeWriter::resume(&stored, size as u64, &root).unwrap();
            for leaf in &all[size..size + step] {
                writer.append(*leaf);
            }
            let grown: Vec<_> = grown_tiles(size as u64, (size + step) as u64).collect();
            size += step;
            root = writer.root();
            prop_assert_eq!(root, naive::root(&all[..size]));
            prop_assert_eq!(writer.frontier().root().unwrap(), root);
            let written = writer.take_tiles();
            let mut ids: Vec<_> = written.iter().map(|(tile, _)| *tile).collect();
            let mut grown = grown;
            ids.sort_unstable();
            grown.sort_unstable();
            prop_assert_eq!(ids, grown);
            for (tile, bytes) in written {
                stored.insert(tile, bytes).unwrap();
            }
            prop_assert!(writer.take_tiles().is_empty());
        }
        for tile in (0..2).flat_map(|level| (0..).map_while(move |index| {
            TileId::in_tree(level, index, size as u64)
        })) {
            let span = 1 << (8 * u32::from(tile.level()));
            let expected = all[tile.index() as usize * 256 * span..].chunks_exact(span)
                .take(tile.width().into()).map(naive::root);
            let found = stored.read_tile(tile).unwrap();
            prop_assert!(tile_hashes(tile, &found).unwrap().eq(expected), "{}", tile);
        }
    }

    #[test]
    fn proofs_need_only_the_tiles_they_name((size, first, second) in tree_with_range()) {
        let all = leaves(size);
        let stored = tiles(&all);
        let only = |wanted: Vec<TileId>| {
            let mut set = TileSet::new();
            for tile in wanted {
                set.insert(tile, stored.read_tile(tile).unwrap().into_owned()).unwrap();
            }
            set
        };
        let (size, first, second) = (size as u64, first as u64, second as u64);
        let set = only(consistency_tiles(second, size).unwrap());
        let proof = prove_consistency(&set, second, size).unwrap();
        prop_assert_eq!(proof, naive::consistency(second as usize, &all));
        let index = first.min(size - 1);
        let set = only(inclusion_tiles(index, size).unwrap());
        let proof = prove_inclusion(&set, index, size).unwrap();
        prop_assert_eq!(proof, naive::path(index as usize, &all));
        let set = only(range_tiles(first, second, size).unwrap());
        RangeProof::prove(&set, first, second, size).unwrap();
        let set = only(edge_tiles(size).collect());
        TreeWriter::resume(&set, size, &naive::root(&all)).unwrap();
    }

    #[test]
    fn a_proof_holds_for_one_leaf_at_one_index_of_one_tree(
        (size, index, other) in tree_with_range(),
        bit in 0_usize..256,
        which in any::<prop::sample::Index>(),
    ) {
        let all = leaves(size);
        let (index, other) = (index.min(size - 1), other.min(size - 1));
        let root = naive::root(&all);
        let mut proof = naive::path(index, &all);
        let verify = |leaf: &Hash, at: usize, size: usize, proof: &[Hash], root: &Hash| {
            verify_inclusion(leaf, at as u64, size as u64, proof, root)
        };
        prop_assert!(verify(&all[index], index, size, &proof, &root).is_ok());
        if other != index {
            prop_assert!(verify(&all[index], other, size, &proof, &root).unwrap_err().is_mismatch());
            prop_assert!(verify(&all[other], index, size, &proof, &root).unwrap_err().is_mismatch());
        }
        let error = verify(&all[index], index, size, &proof, &flip(&root, bit)).unwrap_err();
        prop_assert_eq!((error.index(), error.found()), (Some(index as u64), Some(root)));
        prop_assert!(verify(&all[index], size, size, &proof, &root).unwrap_err().is_out_of_bounds());
        proof.push(root);
        prop_assert!(verify(&all[index], index, size, &proof, &root).unwrap_err().is_mismatch());
        proof.pop();
        if !proof.is_empty() {
            let at = which.index(proof.len());
            proof[at] = flip(&proof[at], bit);
            prop_assert!(verify(&all[index], index, size, &proof, &root).unwrap_err().is_mismatch());
            proof.pop();
            prop_assert!(verify(&all[index], index, size, &proof, &root).unwrap_err().is_mismatch());
        }
    }

    #[test]
    fn a_log_that_changed_its_past_is_not_consistent(
        (size, old, _) in tree_with_range(),
        bit in 0_usize..256,
        which in any::<prop::sample::Index>(),
    ) {
        prop_assume!(old > 0);
        let all = leaves(size);
        let (old_root, root) = (naive::root(&all[..old]), naive::root(&all));
        let mut proof = naive::consistency(old, &all);
        let verify = |old_root: &Hash, root: &Hash, proof: &[Hash]| {
            verify_consistency(old as u64, old_root, size as u64, root, proof)
        };
        prop_assert!(verify(&old_root, &root, &proof).is_ok());
        prop_assert!(verify(&flip(&old_root, bit), &root, &proof).unwrap_err().is_mismatch());
        prop_assert!(verify(&old_root, &flip(&root, bit), &proof).unwrap_err().is_mismatch());
        // The same log with one old leaf altered, honest about the altered tree.
        let mut forged = all.clone();
        let at = which.index(old);
        forged[at] = flip(&forged[at], bit);
        let forged_proof = naive::consistency(old, &forged);
        let forged_root = naive::root(&forged);
        prop_assert!(verify(&old_root, &forged_root, &forged_proof).unwrap_err().is_mismatch());
        if !proof.is_empty() {
            let at = which.index(proof.len());
            proof[at] = flip(&proof[at], bit);
            prop_assert!(verify(&old_root, &root, &proof).unwrap_err().is_mismatch());
        }
        let beyond = verify_consistency(size as u64 + 1, &old_root, size as u64, &root, &proof);
        prop_assert!(beyond.unwrap_err().is_out_of_bounds());
    }

    #[test]
    fn nothing_is_left_out_of_a_proved_range(
        (size, begin, end) in tree_with_range(),
        which in any::<prop::sample::Index>(),
    ) {
        let all = leaves(size);
        let (root, stored) = (naive::root(&all), tiles(&all));
        let proof = RangeProof::prove(&stored, begin as u64, end as u64, size as u64).unwrap();
        let hashed = |leaves: &[Hash]| {
            let mut range = CompactRange::starting_at(begin as u64);
            for leaf in leaves {
                range.append(*leaf);
            }
            range
        };
        let honest = hashed(&all[begin..end]);
        prop_assert!(proof.verify(&honest, &root).is_ok());
        prop_assert_eq!(
            range_hashes(&stored, begin as u64, end as u64, size as u64).unwrap(),
            honest
        );
        if begin < end {
            let mut fewer = all[begin..end].to_vec();
            let left_out = fewer.remove(which.index(end - begin));
            prop_assert!(proof.verify(&hashed(&fewer), &root).is_err());
            // Another leaf in its place.
            fewer.insert(which.index(end - begin), flip(&left_out, 0));
            prop_assert!(proof.verify(&hashed(&fewer), &root).unwrap_err().is_mismatch());
        }
        if end < size {
            prop_assert!(proof.verify(&hashed(&all[begin..=end]), &root).is_err());
        }
    }

    #[test]
    fn ranges_hashed_apart_join_to_the_tree((size, first, second) in tree_with_range()) {
        let all = leaves(size);
        let hashed = |begin: usize, end: usize| {
            let mut range = CompactRange::starting_at(begin as u64);
            all[begin..end].iter().for_each(|leaf| range.append(*leaf));
            range
        };
        let (left, middle, right) = (hashed(0, first), hashed(first, second), hashed(second, size));
        let mut early = left.clone();
        early.append_range(&middle).unwrap();
        early.append_range(&right).unwrap();
        let mut late = middle;
        late.append_range(&right).unwrap();
        let mut late_joined = left;
        late_joined.append_range(&late).unwrap();
        prop_assert_eq!(&early, &late_joined);
        prop_assert_eq!(&early, &hashed(0, size));
        prop_assert_eq!(early.root().unwrap(), naive::root(&all));
        prop_assert_eq!(&CompactRange::from_bytes(&late.to_bytes()).unwrap(), &late);
        prop_assert!(CompactRange::from_bytes(&late.to_bytes()[1..]).is_err());
        if first > 0 {
            prop_assert!(late.root().unwrap_err().is_out_of_bounds());
            // Nothing, where the tree ends, joins it.
            prop_assert_eq!(early.append_range(&late).is_ok(), first == size);
        }
    }
}

#[test]
fn a_damaged_tree_does_not_grow() {
    let all = leaves(300);
    let root = naive::root(&all);
    let stored = tiles(&all);
    let edge: Vec<_> = edge_tiles(300).collect();
    for (damaged, at) in edge.iter().flat_map(|tile| (0..tile.byte_len()).map(move |at| (tile, at)))
    {
        let mut tiles = TileSet::new();
        for tile in &edge {
            let mut bytes = stored.read_tile(*tile).unwrap().into_owned();
            bytes[if tile == damaged { at } else { 0 }] ^= u8::from(tile == damaged);
            tiles.insert(*tile, bytes).unwrap();
        }
        let error = TreeWriter::resume(&tiles, 300, &root).unwrap_err();
        assert!(error.is_mismatch(), "byte {at} of {damaged}: {error}");
    }
    assert!(TreeWriter::resume(&TileSet::new(), 300, &root).unwrap_err().is_unavailable());
    assert!(TreeWriter::resume(&TileSet::new(), u64::MAX, &root).unwrap_err().is_out_of_bounds());
}

#[test]
fn sizes_beyond_any_tree_are_refused() {
    let hash = Hash::empty_root();
    for size in [1 << 63, u64::MAX] {
        assert!(inclusion_tiles(0, size).unwrap_err().is_out_of_bounds());
        assert!(consistency_tiles(0, size).unwrap_err().is_out_of_bounds());
        assert!(range_tiles(0, 1, size).unwrap_err().is_out_of_bounds());
        assert!(verify_inclusion(&hash, 0, size, &[hash], &hash).unwrap_err().is_out_of_bounds());
        assert_eq!(TileId::in_tree(0, 0, size), None);
    }
    let largest = (1 << 63) - 1;
    let proof = vec![hash; 63];
    assert!(verify_inclusion(&hash, 0, largest, &proof, &hash).unwrap_err().is_mismatch());
    assert_eq!(edge_tiles(largest).count(), 8);
}
