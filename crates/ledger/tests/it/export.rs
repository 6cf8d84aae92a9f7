use mainstay_ledger::{
    Checkpoint, CosignerKey, EventFormat, ExportError, ExportReport, ExportVerifier, ExportWriter,
    Field, Hash, InclusionFile, Leaf, LeafKind, LogVerifier, RangeFile, RangeProof, Reanchor,
    SignerKey, TileSet, Tombstone, TreeWriter, Value, VerifierKey, encode_leaf, encode_note_leaf,
    prove_inclusion, range_hashes,
};
use std::ops::Range;

use crate::naive::{ORIGIN, key};

const NOW: i64 = 1_790_000_000_000_000;

/// The action of each event on its line.
struct Lines;

impl EventFormat for Lines {
    fn name(&self) -> &'static str {
        "lines/1"
    }

    fn suffix(&self) -> &'static str {
        "txt"
    }

    fn header(&self) -> &'static str {
        "action\n"
    }

    fn append(
        &self,
        index: u64,
        leaf: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let leaf = Leaf::decode(leaf)?;
        if let Some(Value::Text(action)) = leaf.get(Field::ACTION) {
            out.extend_from_slice(format!("{index} {action}\n").as_bytes());
        }
        Ok(())
    }
}

/// A log with its tiles.
struct Log {
    leaves: Vec<Vec<u8>>,
    tree: TreeWriter,
    tiles: TileSet,
}

impl Log {
    fn new(events: usize) -> Self {
        let mut log = Self { leaves: Vec::new(), tree: TreeWriter::new(), tiles: TileSet::new() };
        for number in 0..events {
            let action = format!("ticket.{number}");
            let fields = [(Field::ID, Value::Uuid([7; 16])), (Field::ACTION, Value::Text(&action))];
            log.push(encode_leaf(LeafKind::Event, &fields).unwrap());
        }
        log
    }

    fn push(&mut self, leaf: Vec<u8>) {
        self.tree.append(Hash::leaf(&leaf));
        for (tile, bytes) in self.tree.take_tiles() {
            self.tiles.insert(tile, bytes).unwrap();
        }
        self.leaves.push(leaf);
    }

    fn size(&self) -> u64 {
        self.leaves.len() as u64
    }

    fn checkpoint(&self) -> Checkpoint {
        Checkpoint::new(ORIGIN, self.size(), self.tree.root()).unwrap()
    }

    fn tombstone(&mut self, range: Range<u64>) {
        let tombstone = Tombstone {
            origin: ORIGIN.to_owned(),
            removed: range_hashes(&self.tiles, range.start, range.end, self.size()).unwrap(),
            policy: "standard".to_owned(),
            reason: "kept for 30 days".to_owned(),
            time_micros: NOW,
        };
        let note = tombstone.sign(&key()).unwrap();
        self.push(encode_note_leaf(LeafKind::Tombstone, [0; 16], NOW, &note).unwrap());
    }

    /// The export of the leaves from one on, without the contents of some.
    fn export(&self, begin: u64, removed: &Range<u64>) -> Vec<u8> {
        self.export_with(begin, removed, None)
    }

    fn export_with(
        &self,
        begin: u64,
        removed: &Range<u64>,
        anchor: Option<&InclusionFile>,
    ) -> Vec<u8> {
        let proof = RangeProof::prove(&self.tiles, begin, self.size(), self.size()).unwrap();
        let checkpoint = self.checkpoint().sign(&key()).unwrap();
        let file = RangeFile { proof, checkpoint };
        let mut writer = ExportWriter::new(Vec::new(), ORIGIN, &file, &Lines, NOW).unwrap();
        if let Some(anchor) = anchor {
            writer.anchor(anchor).unwrap();
        }
        for (index, leaf) in (0..).zip(&self.leaves).skip(begin as usize) {
            if removed.contains(&index) {
                writer.push_removed(&Hash::leaf(leaf)).unwrap();
            } else {
                writer.push(leaf).unwrap();
            }
        }
        writer.finish(&key()).unwrap()
    }
}

fn verifier() -> LogVerifier {
    LogVerifier::new(ORIGIN, [key().verifier().clone()])
}

fn verify(bytes: &[u8]) -> Result<ExportReport, ExportError> {
    ExportVerifier::new(&verifier()).with_format(&Lines).verify(bytes, |_, _| ())
}

#[test]
fn an_export_verifies_with_the_key_alone() {
    let log = Log::new(600);
    let bytes = log.export(100, &(0..0));
    let mut done = Vec::new();
    let report = ExportVerifier::new(&verifier())
        .with_format(&Lines)
        .verify(&*bytes, |leaves, _| done.push(leaves))
        .unwrap();
    assert_eq!((report.leaves, report.removed, report.is_compared), (500, 0, true));
    assert_eq!((report.statement.begin, report.statement.end), (100, 600));
    assert_eq!(report.checkpoint, log.checkpoint());
    assert_eq!(done, [156, 412, 500]);

    // A format that the verifier doesn't know is vouched for by the log's signature.
    let report = ExportVerifier::new(&verifier()).verify(&*bytes, |_, _| ()).unwrap();
    assert!(!report.is_compared);
    assert!(verify(&Log::new(0).export(0, &(0..0))).unwrap().leaves == 0);
}

#[test]
fn no_byte_of_an_export_can_be_changed() {
    let log = Log::new(5);
    let bytes = log.export(1, &(0..0));
    for verifier in
        [ExportVerifier::new(&verifier()), ExportVerifier::new(&verifier()).with_format(&Lines)]
    {
        verifier.verify(&*bytes, |_, _| ()).unwrap();
        for at in 0..bytes.len() {
            for flip in [0x01, 0x20, 0x80] {
                let mut bytes = bytes.clone();
                bytes[at] ^= flip;
                assert!(verifier.verify(&*bytes, |_, _| ()).is_err(), "byte {at} ^ {flip:#x}");
            }
        }
        for len in 0..bytes.len() {
            assert!(verifier.verify(&bytes[..len], |_, _| ()).is_err(), "cut to {len}");
        }
        let longer = [&bytes[..], &[0]].concat();
        assert!(verifier.verify(&*longer, |_, _| ()).is_err());
    }
}

/// The key's holder signs an export whose events are not what the leaves hold.
#[test]
fn events_are_those_of_their_leaves_whoever_signs() {
    struct Forged;
    impl EventFormat for Forged {
        fn name(&self) -> &'static str {
            Lines.name()
        }
        fn suffix(&self) -> &'static str {
            Lines.suffix()
        }
        fn append(
            &self,
            index: u64,
            leaf: &[u8],
            out: &mut Vec<u8>,
        ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
            Lines.append(index + u64::from(index == 2), leaf, out)
        }
        fn header(&self) -> &'static str {
            Lines.header()
        }
    }
    let log = Log::new(4);
    let proof = RangeProof::prove(&log.tiles, 0, 4, 4).unwrap();
    let file = RangeFile { proof, checkpoint: log.checkpoint().sign(&key()).unwrap() };
    let mut writer = ExportWriter::new(Vec::new(), ORIGIN, &file, &Forged, NOW).unwrap();
    log.leaves.iter().for_each(|leaf| writer.push(leaf).unwrap());
    let error = verify(&writer.finish(&key()).unwrap()).unwrap_err();
    assert!(matches!(error, ExportError::Event { first: 0, last: 3, .. }), "{error}");
}

#[test]
fn removed_leaves_are_accounted_for_by_a_tombstone() {
    let mut log = Log::new(700);
    log.tombstone(200..600);
    let report = verify(&log.export(0, &(200..600))).unwrap();
    assert_eq!((report.leaves, report.removed), (301, 400));
    let error = verify(&log.export(0, &(200..601))).unwrap_err();
    assert!(matches!(error, ExportError::Unaccounted { index: 600 }), "{error}");
}

#[test]
fn a_reanchor_is_told() {
    let mut log = Log::new(3);
    let reanchor = Reanchor {
        origin: ORIGIN.to_owned(),
        begin: 0,
        end: 2,
        abandoned: None,
        reason: "a disk failed".to_owned(),
        time_micros: NOW,
    };
    let note = reanchor.sign(&key()).unwrap();
    log.push(encode_note_leaf(LeafKind::Reanchor, [0; 16], NOW, &note).unwrap());
    assert_eq!(verify(&log.export(0, &(0..2))).unwrap().reanchors, [reanchor]);
}

#[test]
fn an_export_is_compared_with_a_checkpoint_that_was_kept() {
    let older = Log::new(300);
    let bytes = Log::new(520).export(256, &(0..0));
    let log = verifier();
    let verify = |known: &Checkpoint, bytes: &[u8]| {
        ExportVerifier::new(&log).with_known(known).verify(bytes, |_, _| ())
    };
    verify(&older.checkpoint(), &bytes).unwrap();
    let forged = Checkpoint { root: Hash::of(b"another tree"), ..older.checkpoint() };
    let refused = |result: Result<ExportReport, ExportError>| match result {
        Err(ExportError::Known { source, .. }) => source,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(verify(&forged, &bytes)).index(), Some(300));
    // The newest leaves are gone.
    assert!(refused(verify(&Log::new(521).checkpoint(), &bytes)).is_mismatch());
    // What lies before the export can't be compared.
    assert!(refused(verify(&Log::new(100).checkpoint(), &bytes)).is_out_of_bounds());
}

#[test]
fn a_known_checkpoint_may_be_one_that_a_re_anchor_abandons() {
    let lost = Log::new(9).checkpoint();
    let mut log = Log::new(5);
    let reanchor = Reanchor {
        origin: ORIGIN.to_owned(),
        begin: 5,
        end: 5,
        abandoned: Some((lost.size, lost.root)),
        reason: "a backup was restored".to_owned(),
        time_micros: NOW,
    };
    let before = log.export(0, &(0..0));
    let note = reanchor.sign(&key()).unwrap();
    log.push(encode_note_leaf(LeafKind::Reanchor, [0; 16], NOW, &note).unwrap());
    let verifier = verifier();
    let verify = |known: &Checkpoint, bytes: &[u8]| {
        ExportVerifier::new(&verifier).with_known(known).verify(bytes, |_, _| ())
    };
    assert_eq!(verify(&lost, &log.export(0, &(0..0))).unwrap().reanchors, [reanchor]);
    // Without the statement, and for another checkpoint, it is a fault.
    let other = Checkpoint { root: Hash::of(b"another"), ..lost.clone() };
    for (known, bytes) in [(&lost, before), (&other, log.export(0, &(0..0)))] {
        let error = verify(known, &bytes).unwrap_err();
        assert!(matches!(error, ExportError::Known { size: 9, .. }), "{error}");
        assert!(error.to_string().contains("no re-anchor"), "{error}");
    }
}

/// A log of all logs with the checkpoint of another as a leaf, and what shows that it is there.
fn anchor(of: &Log, witness: Option<&CosignerKey>) -> InclusionFile {
    let platform = platform();
    let note = of.checkpoint().sign(&key()).unwrap();
    let leaf = encode_note_leaf(LeafKind::Checkpoint, [0; 16], NOW, &note).unwrap();
    let mut log = Log::new(3);
    log.push(leaf.clone());
    log.push(encode_leaf(LeafKind::Event, &[(Field::ID, Value::Uuid([9; 16]))]).unwrap());
    let checkpoint = Checkpoint::new(platform.name(), log.size(), log.tree.root()).unwrap();
    let mut checkpoint = checkpoint.sign(&platform).unwrap();
    if let Some(witness) = witness {
        checkpoint.cosign(witness, 1_790_000_000);
    }
    let proof = prove_inclusion(&log.tiles, 3, log.size()).unwrap();
    InclusionFile { extra: Some(leaf), index: 3, proof, checkpoint }
}

fn platform() -> SignerKey {
    SignerKey::from_seed("example.com/platform", &[5; 32]).unwrap()
}

#[test]
fn witnesses_vouch_for_an_export_through_its_anchor() {
    let witness = CosignerKey::from_seed("witness.example", &[3; 32]).unwrap();
    let other = CosignerKey::from_seed("other.example", &[4; 32]).unwrap();
    let log = Log::new(5);
    let demands = |keys: &[&CosignerKey], quorum| {
        LogVerifier::new("example.com/platform", [platform().verifier().clone()])
            .with_witnesses(keys.iter().map(|key| key.verifier().clone()), quorum)
    };
    let verify = |bytes: &[u8], platform: &LogVerifier| {
        ExportVerifier::new(&verifier()).with_anchors(platform).verify(bytes, |_, _| ())
    };
    let seen = log.export_with(0, &(0..0), Some(&anchor(&log, Some(&witness))));
    let report = verify(&seen, &demands(&[&witness, &other], 1)).unwrap();
    assert_eq!(report.witnesses, [("witness.example".to_owned(), 1_790_000_000)]);

    // Too few witnesses, none, no anchor, the anchor of another checkpoint.
    let unseen = log.export_with(0, &(0..0), Some(&anchor(&log, None)));
    let foreign = log.export_with(0, &(0..0), Some(&anchor(&Log::new(4), Some(&witness))));
    for (bytes, platform) in [
        (&seen, demands(&[&witness, &other], 2)),
        (&unseen, demands(&[&witness], 1)),
        (&log.export(0, &(0..0)), demands(&[&witness], 1)),
        (&foreign, demands(&[&witness], 1)),
    ] {
        verify(bytes, &platform).unwrap_err();
    }
    // Whoever demands no witnesses still sees every change of a byte.
    for at in 0..seen.len() {
        let mut bytes = seen.clone();
        bytes[at] ^= 1;
        ExportVerifier::new(&verifier()).verify(&*bytes, |_, _| ()).unwrap_err();
    }
}

#[test]
fn an_export_belongs_to_its_log() {
    let bytes = Log::new(2).export(0, &(0..0));
    let other: VerifierKey = SignerKey::from_seed(ORIGIN, &[8; 32]).unwrap().verifier().clone();
    let log = LogVerifier::new(ORIGIN, [other]);
    match ExportVerifier::new(&log).verify(&*bytes, |_, _| ()) {
        Err(ExportError::Ledger(error)) => assert!(error.is_untrusted()),
        other => panic!("{other:?}"),
    }
    let mut log = Log::new(2);
    let proof = RangeProof::prove(&log.tiles, 0, 2, 2).unwrap();
    let file = RangeFile { proof, checkpoint: log.checkpoint().sign(&key()).unwrap() };
    let mut writer = ExportWriter::new(Vec::new(), ORIGIN, &file, &Lines, NOW).unwrap();
    writer.push(&log.leaves.remove(0)).unwrap();
    assert!(writer.finish(&key()).is_err(), "a leaf is missing");
}
