//! How fast one thread hashes, encodes and compares leaves of about 300 bytes:
//! `cargo run --release -p mainstay-ledger --example throughput`.

#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use mainstay_ledger::{
    CompactRange, Field, Hash, Leaf, LeafKind, LeafStream, Result, Salt, SealedValue, TreeWriter,
    Value, encode_leaf,
};
use std::hint::black_box;
use std::time::Instant;

const LEAVES: usize = 1_000_000;

fn main() -> Result<()> {
    let row = row();
    let leaf = encode_leaf(LeafKind::Event, &row)?;
    println!("one leaf has {} bytes; {LEAVES} of them, one thread:", leaf.len());
    // Written one after the other, as they come from a table.
    let leaves = leaf.repeat(LEAVES);
    let leaves = || leaves.chunks_exact(leaf.len());

    measure("leaf hashes", || leaves().for_each(|leaf| _ = black_box(Hash::leaf(leaf))));
    measure("leaf hashes and root", || {
        let mut stream = LeafStream::new();
        leaves().for_each(|leaf| _ = stream.push(leaf));
        black_box(stream.into_range().root())
    });
    let hashes: Vec<_> = leaves().map(Hash::leaf).collect();
    measure("root from leaf hashes", || {
        let mut range = CompactRange::new();
        for hash in &hashes {
            range.append(*hash);
        }
        black_box(range.root())
    });
    measure("tiles and root from leaf hashes", || {
        let mut tree = TreeWriter::new();
        for hash in &hashes {
            tree.append(*hash);
        }
        black_box((tree.take_tiles().len(), tree.root()))
    });
    measure("leaves encoded", || {
        (0..LEAVES).for_each(|_| drop(black_box(encode_leaf(LeafKind::Event, &row))));
    });
    measure("leaves compared with rows", || {
        leaves().for_each(|leaf| {
            black_box(Leaf::decode(leaf).map(|leaf| leaf.difference(&row).is_none()).ok());
        });
    });
    measure("sealed values", || {
        let salt = Salt::new([1; 32]);
        (0..LEAVES).for_each(|_| {
            black_box(SealedValue::new(Field::PERSONAL, &salt, &[b'x'; 60], &[0; 100]));
        });
    });
    Ok(())
}

/// What a usual change leaves behind.
fn row() -> Vec<(Field, Value<'static>)> {
    vec![
        (Field::ID, Value::Uuid([1; 16])),
        (Field::ORGANIZATION_ID, Value::Uuid([2; 16])),
        (Field::ACTOR_ID, Value::Text("user:01936f5e-7a41-7cc2-9d1a-5b0d6a2f3c4e")),
        (Field::ACTION, Value::Text("delivery_destinations.update")),
        (Field::RESOURCE_TYPE, Value::Text("delivery_destinations")),
        (Field::RESOURCE_ID, Value::Text("01936f5e-7a41-7cc2-9d1a-5b0d6a2f3c4e")),
        (Field::STATUS, Value::Text("success")),
        (Field::NEW_VALUE, Value::Json(r#"{"label": "Nightly export", "is_active": true}"#)),
        (Field::IP_ADDRESS, Value::Text("192.0.2.17")),
        (Field::EVENT_VERSION, Value::Text("1")),
        (Field::DETAILS, Value::Json("{}")),
        (Field::OCCURRED_AT, Value::Instant(1_763_724_937_000_001)),
        (Field::CREATED_AT, Value::Instant(1_763_724_937_000_001)),
    ]
}

fn measure<T>(what: &str, work: impl FnOnce() -> T) {
    let start = Instant::now();
    black_box(work());
    let rate = LEAVES as f64 / start.elapsed().as_secs_f64();
    println!("{what:36} {:>8.0} k/s", rate / 1000.0);
}
