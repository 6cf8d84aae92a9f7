use mainstay_ledger::{Checkpoint, CompactRange, Hash, LeafStream};

use crate::naive::{self, ORIGIN, leaf, leaves};

fn checkpoint(size: usize) -> Checkpoint {
    Checkpoint::new(ORIGIN, size as u64, naive::root(&leaves(size))).unwrap()
}

#[test]
fn a_log_that_is_read_whole_meets_each_of_its_checkpoints() {
    let mut stream = LeafStream::new();
    stream.check(&checkpoint(0)).unwrap();
    for index in 0..700 {
        stream.push_recorded(&leaf(index), &Hash::leaf(&leaf(index))).unwrap();
        if index % 97 == 0 {
            stream.check(&checkpoint(index + 1)).unwrap();
        }
    }
    assert_eq!(stream.next_index(), 700);
}

#[test]
fn an_altered_leaf_is_named_with_its_hashes() {
    let mut stream = LeafStream::new();
    for index in 0..10 {
        let recorded = Hash::leaf(&leaf(index));
        let bytes = if index == 6 { b"forged".to_vec() } else { leaf(index) };
        let taken = stream.push_recorded(&bytes, &recorded);
        if index == 6 {
            let error = taken.unwrap_err();
            assert_eq!(error.index(), Some(6));
            assert_eq!(error.expected(), Some(recorded));
            assert_eq!(error.found(), Some(Hash::leaf(b"forged")));
            assert_eq!(
                error.to_string(),
                format!("leaf 6: expected hash {recorded}, found {}", Hash::leaf(b"forged"))
            );
        } else {
            taken.unwrap();
        }
    }
    // What was recorded is still the log.
    stream.check(&checkpoint(10)).unwrap();
}

#[test]
fn leaves_removed_or_added_change_size_or_root() {
    let mut stream = LeafStream::new();
    for index in 0..9 {
        stream.push(&leaf(index));
    }
    let error = stream.check(&checkpoint(10)).unwrap_err();
    assert!(error.is_mismatch());
    assert_eq!(error.index(), Some(9));
    stream.push(b"another");
    let error = stream.check(&checkpoint(10)).unwrap_err();
    assert_eq!((error.index(), error.expected()), (Some(10), Some(checkpoint(10).root)));
}

#[test]
fn leaves_are_verified_in_parts_and_without_their_contents() {
    let mut tail = LeafStream::resume(CompactRange::starting_at(300));
    for index in 300..500 {
        tail.push(&leaf(index));
    }
    assert!(tail.check(&checkpoint(500)).unwrap_err().is_out_of_bounds());
    let mut stream = LeafStream::new();
    for hash in leaves(300) {
        stream.push_hash(hash);
    }
    stream.push_range(&tail.into_range()).unwrap();
    stream.check(&checkpoint(500)).unwrap();
    let frontier = CompactRange::from_bytes(&stream.into_range().to_bytes()).unwrap();
    let mut resumed = LeafStream::resume(frontier);
    resumed.push(&leaf(500));
    resumed.check(&checkpoint(501)).unwrap();
}
