use mainstay_ledger::{
    Checkpoint, CompactRange, ExportStatement, Field, Hash, Leaf, LeafKind, LeafStream,
    LogVerifier, MAX_REASON_LEN, RangeFile, RangeProof, Reanchor, Receipt, SignedNote, SignerKey,
    Tombstone, Value, encode_note_leaf, range_hashes,
};

use crate::naive::{self, ORIGIN, key, leaves, tiles};

fn log() -> LogVerifier {
    LogVerifier::new(ORIGIN, [key().verifier().clone()])
}

fn receipt() -> Receipt {
    Receipt {
        origin: ORIGIN.to_owned(),
        leaf: Hash::leaf(b"event"),
        time_micros: 1_763_724_937_000_001,
        deadline_micros: 1_763_724_997_000_001,
    }
}

fn tombstone() -> Tombstone {
    let mut removed = CompactRange::starting_at(3);
    leaves(9)[3..9].iter().for_each(|leaf| removed.append(*leaf));
    Tombstone {
        origin: ORIGIN.to_owned(),
        removed,
        policy: "audit, 7 years".to_owned(),
        reason: "expired".to_owned(),
        time_micros: 1_763_724_937_000_001,
    }
}

fn reanchor() -> Reanchor {
    Reanchor {
        origin: ORIGIN.to_owned(),
        begin: 100,
        end: 120,
        abandoned: Some((120, Hash::leaf(b"root"))),
        reason: "restored the backup of 2026-11-20".to_owned(),
        time_micros: 0,
    }
}

fn export() -> ExportStatement {
    ExportStatement {
        origin: ORIGIN.to_owned(),
        begin: 0,
        end: 120,
        format: "csv/1 csv".to_owned(),
        proof: Hash::of(b"proof"),
        anchor: None,
        events: Hash::of(b"events"),
        time_micros: 7,
    }
}

/// The texts that `docs/ledger.md` shows.
#[test]
fn the_lines_of_statements_are_fixed() {
    let leaf = Hash::leaf(b"event");
    assert_eq!(
        receipt().to_string(),
        format!(
            "mainstay-receipt/v1\norigin {ORIGIN}\nleaf {leaf}\ntime 1763724937000001\n\
             deadline 1763724997000001\n"
        )
    );
    let hashes = tombstone().removed.hashes().to_vec();
    assert_eq!(
        tombstone().to_string(),
        format!(
            "mainstay-tombstone/v1\norigin {ORIGIN}\nrange 3 9\nhash {}\nhash {}\nhash {}\n\
             policy audit, 7 years\nreason expired\ntime 1763724937000001\n",
            hashes[0], hashes[1], hashes[2]
        )
    );
    let root = Hash::leaf(b"root");
    assert_eq!(
        reanchor().to_string(),
        format!(
            "mainstay-reanchor/v1\norigin {ORIGIN}\nrange 100 120\nabandoned 120 {root}\n\
             reason restored the backup of 2026-11-20\ntime 0\n"
        )
    );
    let (proof, events) = (Hash::of(b"proof"), Hash::of(b"events"));
    assert_eq!(
        export().to_string(),
        format!(
            "mainstay-export/v1\norigin {ORIGIN}\nrange 0 120\nformat csv/1 csv\nproof {proof}\n\
             events {events}\ntime 7\n"
        )
    );
}

#[test]
fn statements_read_back_under_the_signature_of_their_log() {
    let read = |note: &SignedNote| SignedNote::parse(&note.to_string()).unwrap();
    assert_eq!(log().receipt(&read(&receipt().sign(&key()).unwrap())).unwrap(), receipt());
    assert_eq!(log().tombstone(&read(&tombstone().sign(&key()).unwrap())).unwrap(), tombstone());
    assert_eq!(log().reanchor(&read(&reanchor().sign(&key()).unwrap())).unwrap(), reanchor());
    let continued = Reanchor { abandoned: None, ..reanchor() };
    assert_eq!(log().reanchor(&read(&continued.sign(&key()).unwrap())).unwrap(), continued);

    let stranger = SignerKey::from_seed(ORIGIN, &[8; 32]).unwrap();
    assert!(log().receipt(&receipt().sign(&stranger).unwrap()).unwrap_err().is_untrusted());
    let other = SignerKey::from_seed("example.com/other", &[7; 32]).unwrap();
    assert!(receipt().sign(&other).unwrap_err().is_untrusted());
    assert!(tombstone().sign(&other).unwrap_err().is_untrusted());
    assert!(reanchor().sign(&other).unwrap_err().is_untrusted());
    assert!(export().sign(&other).unwrap_err().is_untrusted());
}

/// One key signs all of them, so none may pass for another.
#[test]
fn no_statement_is_taken_for_another() {
    let checkpoint = Checkpoint::new(ORIGIN, 9, Hash::leaf(b"root")).unwrap();
    let notes = [
        receipt().sign(&key()).unwrap(),
        tombstone().sign(&key()).unwrap(),
        reanchor().sign(&key()).unwrap(),
        export().sign(&key()).unwrap(),
        checkpoint.sign(&key()).unwrap(),
    ];
    for (at, note) in notes.iter().enumerate() {
        let taken = [
            log().receipt(note).is_ok(),
            log().tombstone(note).is_ok(),
            log().reanchor(note).is_ok(),
            log().export(note).is_ok(),
            log().checkpoint(note).is_ok(),
        ];
        assert_eq!(taken.iter().position(|taken| *taken), Some(at));
        assert_eq!(taken.iter().filter(|taken| **taken).count(), 1);
    }
}

#[test]
fn malformed_statements_are_refused() {
    let line_break = Tombstone { reason: "two\nlines".to_owned(), ..tombstone() };
    assert!(line_break.sign(&key()).unwrap_err().is_malformed());
    let forged = Tombstone { policy: "p\nreason forged".to_owned(), ..tombstone() };
    assert!(forged.sign(&key()).unwrap_err().is_malformed());
    let long = Reanchor { reason: "x".repeat(MAX_REASON_LEN + 1), ..reanchor() };
    assert!(long.sign(&key()).unwrap_err().is_malformed());
    let empty = Reanchor { reason: String::new(), ..reanchor() };
    assert!(empty.sign(&key()).unwrap_err().is_malformed());
    let early = Receipt { time_micros: -1, ..receipt() };
    assert!(early.sign(&key()).unwrap_err().is_malformed());
    let late = Receipt { deadline_micros: 0, ..receipt() };
    assert!(late.sign(&key()).unwrap_err().is_malformed());
    let backwards = Reanchor { begin: 121, ..reanchor() };
    assert!(backwards.sign(&key()).unwrap_err().is_malformed());

    refuses_every_change(&receipt().to_string(), |text| Receipt::from_text(text).is_ok());
    refuses_every_change(&tombstone().to_string(), |text| Tombstone::from_text(text).is_ok());
    refuses_every_change(&reanchor().to_string(), |text| Reanchor::from_text(text).is_ok());
    refuses_every_change(&export().to_string(), |text| ExportStatement::from_text(text).is_ok());
}

fn refuses_every_change(text: &str, is_statement: impl Fn(&str) -> bool) {
    assert!(is_statement(text));
    assert!(!is_statement(&format!("{text}more\n")));
    for len in 0..text.len() {
        assert!(!is_statement(&text[..len]), "{}", &text[..len]);
    }
    for line in text.lines().filter(|line| !line.starts_with("abandoned")) {
        let without = text.replacen(&format!("{line}\n"), "", 1);
        assert!(!is_statement(&without), "{without}");
    }
}

/// Retention takes contents, not hashes: the log still verifies, and whoever kept a copy of a
/// removed leaf can still prove it.
#[test]
fn a_log_verifies_over_what_was_removed() {
    let all = leaves(20);
    let checkpoint = Checkpoint::new(ORIGIN, 20, naive::root(&all)).unwrap();
    let removed = range_hashes(&tiles(&all), 3, 9, 20).unwrap();
    let note = Tombstone { removed, ..tombstone() }.sign(&key()).unwrap();
    let tombstone = log().tombstone(&note).unwrap();

    let mut stream = LeafStream::new();
    all[..3].iter().for_each(|leaf| stream.push_hash(*leaf));
    stream.push_range(&tombstone.removed).unwrap();
    all[9..].iter().for_each(|leaf| stream.push_hash(*leaf));
    stream.check(&checkpoint).unwrap();

    let proof = RangeProof::prove(&tiles(&all), 3, 9, 20).unwrap();
    let file = RangeFile { proof, checkpoint: checkpoint.sign(&key()).unwrap() };
    log().range(&file, &tombstone.removed).unwrap();
    let mut kept = CompactRange::starting_at(3);
    all[3..9].iter().for_each(|leaf| kept.append(*leaf));
    assert_eq!(kept, tombstone.removed);
}

#[test]
fn a_statement_stands_in_the_log_as_a_leaf() {
    let note = tombstone().sign(&key()).unwrap();
    let leaf = encode_note_leaf(LeafKind::Tombstone, [5; 16], 7, &note).unwrap();
    let read = Leaf::decode(&leaf).unwrap();
    assert_eq!(read.kind(), LeafKind::Tombstone);
    assert_eq!(read.get(Field::ORGANIZATION_ID), Some(Value::Uuid([5; 16])));
    assert_eq!(log().tombstone(&read.note().unwrap()).unwrap(), tombstone());
    let event = mainstay_ledger::encode_leaf(LeafKind::Event, &[]).unwrap();
    assert!(Leaf::decode(&event).unwrap().note().unwrap_err().is_malformed());
}
