//! Whatever comes in, nothing panics, and whatever is accepted prints as it was read.

use mainstay_ledger::{
    AddCheckpoint, Checkpoint, CompactRange, CosignerKey, InclusionFile, Leaf, RangeFile, Reanchor,
    Receipt, SignedNote, SignerKey, TilePath, Tombstone, VerifierKey, encode_leaf, entries,
};
use proptest::prelude::*;
use std::fmt::Display;
use std::str::FromStr;

/// Pieces that bring random text deep into the parsers.
const PIECES: [&str; 40] = [
    "c2sp.org/tlog-proof@v1\n",
    "mainstay-range-proof/v1\n",
    "mainstay-receipt/v1\n",
    "mainstay-tombstone/v1\n",
    "mainstay-reanchor/v1\n",
    "PRIVATE+KEY+",
    "example.com/log\n",
    "origin example.com/log\n",
    "index ",
    "extra ",
    "range ",
    "size ",
    "left ",
    "right ",
    "hash ",
    "leaf ",
    "time ",
    "deadline ",
    "policy ",
    "reason ",
    "abandoned ",
    "old ",
    "tile/",
    "entries/",
    "x000/",
    "001",
    ".p/",
    "— example.com/log ",
    "e3b0c44298fc1c149afbf4c8996fb924",
    "AAAAAAAAAAA=",
    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
    "0",
    "1",
    "9223372036854775807",
    "18446744073709551615",
    " ",
    "\n",
    "\n\n",
    "+",
    "é",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => ".{0,8}",
        1 => "[0-9]{1,20}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn reads_back<T: FromStr + Display>(text: &str) -> Result<(), TestCaseError> {
    if let Ok(value) = text.parse::<T>() {
        prop_assert_eq!(value.to_string(), text);
    }
    Ok(())
}

fn prints<T: Display>(text: &str, read: mainstay_ledger::Result<T>) -> Result<(), TestCaseError> {
    if let Ok(value) = read {
        prop_assert_eq!(value.to_string(), text);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn texts(text in text()) {
        reads_back::<InclusionFile>(&text)?;
        reads_back::<RangeFile>(&text)?;
        reads_back::<AddCheckpoint>(&text)?;
        reads_back::<TilePath>(&text)?;
        reads_back::<VerifierKey>(&text)?;
        prints(&text, SignedNote::parse(&text))?;
        prints(&text, Checkpoint::from_text(&text))?;
        prints(&text, Receipt::from_text(&text))?;
        prints(&text, Tombstone::from_text(&text))?;
        prints(&text, Reanchor::from_text(&text))?;
        prop_assert!(SignerKey::from_text(&text).is_err());
        prop_assert!(CosignerKey::from_text(&text).is_err());
    }

    #[test]
    fn bytes(bytes in prop::collection::vec(prop_oneof![0_u8..12, any::<u8>()], 0..200)) {
        if let Ok(leaf) = Leaf::decode(&bytes) {
            prop_assert_eq!(&encode_leaf(leaf.kind(), leaf.fields()).unwrap(), &bytes);
            let _ = leaf.note();
        }
        if let Ok(range) = CompactRange::from_bytes(&bytes) {
            prop_assert_eq!(range.to_bytes(), bytes.clone());
        }
        let read: usize = entries(&bytes).map_while(Result::ok).map(|entry| entry.len() + 2).sum();
        prop_assert!(read <= bytes.len());
    }
}
