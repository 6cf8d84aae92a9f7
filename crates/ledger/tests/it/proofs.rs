use mainstay_ledger::{
    Checkpoint, CompactRange, Hash, InclusionFile, LogVerifier, RangeFile, RangeProof,
    prove_consistency, prove_inclusion,
};
use proptest::prelude::*;

use crate::naive::{self, ORIGIN, key, leaf, leaves, tiles};

fn log() -> LogVerifier {
    LogVerifier::new(ORIGIN, [key().verifier().clone()])
}

fn inclusion(index: u64, size: usize) -> InclusionFile {
    let all = leaves(size);
    let checkpoint = Checkpoint::new(ORIGIN, size as u64, naive::root(&all)).unwrap();
    InclusionFile {
        extra: None,
        index,
        proof: prove_inclusion(&tiles(&all), index, size as u64).unwrap(),
        checkpoint: checkpoint.sign(&key()).unwrap(),
    }
}

fn range(begin: usize, end: usize, size: usize) -> (RangeFile, CompactRange) {
    let all = leaves(size);
    let checkpoint = Checkpoint::new(ORIGIN, size as u64, naive::root(&all)).unwrap();
    let mut hashed = CompactRange::starting_at(begin as u64);
    all[begin..end].iter().for_each(|leaf| hashed.append(*leaf));
    let proof = RangeProof::prove(&tiles(&all), begin as u64, end as u64, size as u64).unwrap();
    (RangeFile { proof, checkpoint: checkpoint.sign(&key()).unwrap() }, hashed)
}

#[test]
fn a_tlog_proof_has_the_lines_of_the_specification() {
    let mut file = inclusion(2, 3);
    file.extra = Some(b"extra".to_vec());
    let sibling = naive::root(&leaves(2));
    let expected = format!(
        "c2sp.org/tlog-proof@v1\nextra ZXh0cmE=\nindex 2\n{sibling}\n\n{}",
        file.checkpoint
    );
    assert_eq!(file.to_string(), expected);
    assert_eq!(expected.parse::<InclusionFile>().unwrap(), file);
    let verified = log().inclusion(&file, &Hash::leaf(&leaf(2))).unwrap();
    assert_eq!(verified.checkpoint.size, 3);
    assert!(log().inclusion(&file, &Hash::leaf(&leaf(1))).unwrap_err().is_mismatch());
}

/// The tree of one leaf has proofs without hashes.
#[test]
fn the_only_leaf_is_its_own_root() {
    let text = inclusion(0, 1).to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nindex 0\n\nexample.com"));
    log().inclusion(&text.parse().unwrap(), &Hash::leaf(&leaf(0))).unwrap();
}

#[test]
fn a_proof_for_another_tree_is_refused() {
    let mut file = inclusion(2, 9);
    file.checkpoint = inclusion(2, 8).checkpoint;
    assert!(log().inclusion(&file, &Hash::leaf(&leaf(2))).unwrap_err().is_mismatch());
    let (mut file, leaves) = range(2, 5, 9);
    file.checkpoint = inclusion(2, 8).checkpoint;
    let error = log().range(&file, &leaves).unwrap_err();
    assert!(error.is_mismatch());
    assert_eq!(error.to_string(), "the tree has 9 leaves, expected 8");
}

#[test]
fn an_empty_answer_can_be_proved() {
    let (file, leaves) = range(4, 4, 9);
    let read: RangeFile = file.to_string().parse().unwrap();
    log().range(&read, &leaves).unwrap();
    // But not where leaves are.
    let (file, _) = range(4, 5, 9);
    assert!(log().range(&file, &CompactRange::starting_at(4)).is_err());
}

#[test]
fn checkpoints_of_one_log_are_consistent() {
    let all = leaves(20);
    let verified = |size: usize| log().checkpoint(&inclusion(0, size).checkpoint).unwrap();
    let proof = prove_consistency(&tiles(&all), 7, 20).unwrap();
    log().consistency(&verified(7), &verified(20), &proof).unwrap();
    assert!(log().consistency(&verified(8), &verified(20), &proof).is_err());
    assert!(log().consistency(&verified(20), &verified(7), &proof).unwrap_err().is_out_of_bounds());
}

/// Flipping any bit of any byte of a proof is detected.
#[test]
fn no_bit_of_a_proof_can_be_flipped() {
    let inclusion = inclusion(5, 21).to_string();
    let (range, leaves) = range(5, 9, 21);
    let range = range.to_string();
    let flipped = |text: &str, at: usize, bit: u32| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] ^= 1 << bit;
        String::from_utf8(bytes).ok()
    };
    let leaf = Hash::leaf(&leaf(5));
    for bit in 0..8 {
        for at in 0..inclusion.len() {
            let verified = flipped(&inclusion, at, bit)
                .and_then(|text| text.parse().ok())
                .and_then(|file| log().inclusion(&file, &leaf).ok());
            assert_eq!(verified, None, "bit {bit} of byte {at} of {inclusion}");
        }
        for at in 0..range.len() {
            let verified = flipped(&range, at, bit)
                .and_then(|text| text.parse().ok())
                .and_then(|file| log().range(&file, &leaves).ok());
            assert_eq!(verified, None, "bit {bit} of byte {at} of {range}");
        }
    }
}

#[test]
fn malformed_proofs_are_refused() {
    let text = inclusion(5, 21).to_string();
    let (range, _) = range(5, 9, 21);
    let range = range.to_string();
    for len in 0..text.len() {
        if text.is_char_boundary(len) {
            assert!(text[..len].parse::<InclusionFile>().unwrap_err().is_malformed());
        }
    }
    let hash = Hash::empty_root();
    for malformed in [
        text.replace("@v1", "@v2"),
        text.replace("index 5", "index 05"),
        text.replace("index 5", "index"),
        text.replace("index 5", "extra !\nindex 5"),
        text.replace("index 5", &format!("index 5{}", format!("\n{hash}").repeat(59))),
    ] {
        assert!(malformed.parse::<InclusionFile>().unwrap_err().is_malformed(), "{malformed}");
    }
    for malformed in [
        range.replace("range 5 9", "range 9 5"),
        range.replace("range 5 9", "range 5"),
        range.replace("range 5 9", "range 5 22"),
        range.replace("size 21", "size 20"),
        range.replace("size 21", "size 9223372036854775808"),
        range.replacen("left", "right", 1),
        range.replacen("right", "left", 1),
        range.replacen("\n\n", &format!("\nright {hash}\n\n"), 1),
    ] {
        assert!(malformed.parse::<RangeFile>().unwrap_err().is_malformed(), "{malformed}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn proofs_read_back(size in 1_usize..600, a: prop::sample::Index, b: prop::sample::Index) {
        let (a, b) = (a.index(size), b.index(size));
        let file = inclusion(a as u64, size);
        prop_assert_eq!(&file.to_string().parse::<InclusionFile>().unwrap(), &file);
        prop_assert!(log().inclusion(&file, &Hash::leaf(&leaf(a))).is_ok());
        let (file, leaves) = range(a.min(b), a.max(b), size);
        prop_assert_eq!(&file.to_string().parse::<RangeFile>().unwrap(), &file);
        prop_assert!(log().range(&file, &leaves).is_ok());
    }
}
