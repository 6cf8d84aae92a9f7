use mainstay_ledger::{
    Field, Hash, Leaf, LeafKind, MAX_LEAF_LEN, Salt, SealedValue, Value, encode_leaf,
};
use proptest::prelude::*;

fn sealed() -> SealedValue {
    SealedValue::new(Field::PERSONAL, &Salt::new([9; 32]), b"ada@example.com", b"envelope")
}

fn event<'a>() -> Vec<(Field, Value<'a>)> {
    vec![
        (Field::ID, Value::Uuid([0x11; 16])),
        (Field::ORGANIZATION_ID, Value::Uuid([0x22; 16])),
        (Field::ACTION, Value::Text("webhook.create")),
        (Field::PROCESSING_LATENCY_MS, Value::Integer(-2)),
        (Field::DETAILS, Value::Json(r#"{"a": 1}"#)),
        (Field::PERSONAL, Value::Sealed(sealed())),
        (Field::OCCURRED_AT, Value::Instant(1_763_724_937_000_001)),
    ]
}

/// What `docs/ledger.md` says, byte by byte. A change here breaks every log ever written.
#[test]
fn the_bytes_of_a_leaf_are_fixed() {
    let mut expected = vec![1, 1];
    expected.extend([1, 3]);
    expected.extend([0x11; 16]);
    expected.extend([2, 3]);
    expected.extend([0x22; 16]);
    expected.extend([4, 1, 0, 14]);
    expected.extend(b"webhook.create");
    expected.extend([24, 5, 255, 255, 255, 255, 255, 255, 255, 254]);
    expected.extend([25, 2, 0, 8]);
    expected.extend(br#"{"a": 1}"#);
    expected.extend([27, 8]);
    let mut commitment = b"mainstay-commitment/v1\n".to_vec();
    commitment.extend([9; 32]);
    commitment.push(27);
    commitment.extend(b"ada@example.com");
    expected.extend(Hash::of(&commitment).as_bytes());
    expected.extend(Hash::of(b"envelope").as_bytes());
    expected.extend([28, 4]);
    expected.extend(1_763_724_937_000_001_i64.to_be_bytes());
    assert_eq!(encode_leaf(LeafKind::Event, &event()).unwrap(), expected);
}

#[test]
fn a_leaf_reads_back_whatever_order_its_fields_are_given_in() {
    let mut shuffled = event();
    shuffled.reverse();
    let leaf = encode_leaf(LeafKind::Event, &shuffled).unwrap();
    assert_eq!(leaf, encode_leaf(LeafKind::Event, &event()).unwrap());
    let read = Leaf::decode(&leaf).unwrap();
    assert_eq!((read.kind(), read.fields()), (LeafKind::Event, &event()[..]));
    assert_eq!(read.get(Field::ACTION), Some(Value::Text("webhook.create")));
    assert_eq!(read.get(Field::ACTOR_ID), None);
}

#[test]
fn a_field_has_one_value() {
    let twice = [(Field::ACTION, Value::Text("a")), (Field::ACTION, Value::Text("b"))];
    let error = encode_leaf(LeafKind::Event, &twice).unwrap_err();
    assert!(error.is_malformed());
    assert!(error.to_string().contains("action"), "{error}");
}

#[test]
fn the_longest_leaf_has_65535_bytes() {
    let longest = "x".repeat(MAX_LEAF_LEN - 6);
    let leaf = encode_leaf(LeafKind::Event, &[(Field::DETAILS, Value::Json(&longest))]).unwrap();
    assert_eq!(leaf.len(), MAX_LEAF_LEN);
    assert!(Leaf::decode(&leaf).is_ok());
    let longer = "x".repeat(MAX_LEAF_LEN - 5);
    let fields = [(Field::DETAILS, Value::Json(&longer))];
    assert!(encode_leaf(LeafKind::Event, &fields).unwrap_err().is_too_long());
    // The sum counts, not each field.
    let half = "x".repeat(40_000);
    let fields = [(Field::DETAILS, Value::Json(&half)), (Field::METADATA, Value::Json(&half))];
    assert!(encode_leaf(LeafKind::Event, &fields).unwrap_err().is_too_long());
    assert!(Leaf::decode(&vec![1; MAX_LEAF_LEN + 1]).unwrap_err().is_too_long());
}

#[test]
fn only_canonical_bytes_are_a_leaf() {
    let refused: [&[u8]; 11] = [
        &[],
        &[1],
        &[2, 1],
        &[1, 0],
        &[1, 1, 4],
        &[1, 1, 4, 1, 0, 2, b'a'],
        &[1, 1, 4, 1, 0, 1, 0xff],
        &[1, 1, 4, 0],
        &[1, 1, 4, 6, 2],
        &[1, 1, 4, 6, 0, 4, 6, 0],
        &[1, 1, 4, 6, 0, 3, 6, 0],
    ];
    for bytes in refused {
        assert!(Leaf::decode(bytes).unwrap_err().is_malformed(), "{bytes:?}");
    }
}

#[test]
fn the_first_field_that_differs_is_named() {
    let leaf = encode_leaf(LeafKind::Event, &event()).unwrap();
    let leaf = Leaf::decode(&leaf).unwrap();
    // As a row has it: the envelope instead of what commits to it.
    let mut row = event();
    row[5].1 = Value::Bytes(b"envelope");
    assert_eq!(leaf.difference(&row), None);

    for at in 0..row.len() {
        let mut missing = row.clone();
        let (field, _) = missing.remove(at);
        let difference = leaf.difference(&missing).unwrap();
        assert_eq!((difference.field, difference.found), (field, None));
    }
    let changed = [
        (0, Value::Uuid([0x12; 16])),
        (2, Value::Text("webhook.creatE")),
        (2, Value::Json("webhook.create")),
        (3, Value::Integer(2)),
        (4, Value::Json(r#"{"a": 2}"#)),
        (5, Value::Bytes(b"envelopE")),
        (6, Value::Instant(1_763_724_937_000_002)),
    ];
    for (at, value) in changed {
        let mut row = row.clone();
        row[at].1 = value;
        let difference = leaf.difference(&row).unwrap();
        assert_eq!((difference.field, difference.found), (row[at].0, Some(value)));
        assert_eq!(difference.recorded, leaf.get(row[at].0));
    }
    row.insert(2, (Field::ACTOR_ID, Value::Text("mallory")));
    let difference = leaf.difference(&row).unwrap();
    assert_eq!((difference.field, difference.recorded), (Field::ACTOR_ID, None));
}

#[test]
fn a_commitment_opens_to_one_value_of_one_field() {
    let (sealed, salt) = (sealed(), Salt::new([9; 32]));
    assert!(sealed.opens_to(Field::PERSONAL, &salt, b"ada@example.com"));
    assert!(!sealed.opens_to(Field::PERSONAL, &salt, b"bob@example.com"));
    assert!(!sealed.opens_to(Field::DESCRIPTION, &salt, b"ada@example.com"));
    assert!(!sealed.opens_to(Field::PERSONAL, &Salt::new([8; 32]), b"ada@example.com"));
    assert!(sealed.has_envelope(b"envelope"));
    assert!(!sealed.has_envelope(b"another"));
    assert_eq!(format!("{salt:?}"), "Salt(..)");
}

/// Nothing of the value or salt is in the leaf, so forgetting both leaves its hash as it was.
#[test]
fn a_leaf_holds_nothing_of_personal_data() {
    let leaf = encode_leaf(LeafKind::Event, &event()).unwrap();
    let contains = |bytes: &[u8]| leaf.windows(bytes.len()).any(|window| window == bytes);
    assert!(!contains(b"ada"));
    assert!(!contains(b"envelope"));
    assert!(!contains(&[9; 8]));
}

#[test]
fn fields_have_one_name_and_one_number() {
    let mut last = 0;
    for field in Field::ALL {
        assert!(field.0 > last, "numbers ascend");
        last = field.0;
        assert_eq!(Field::from_name(field.name().unwrap()), Some(*field));
    }
    assert_eq!(Field::from_name("hash"), None);
    assert_eq!(Field::from_name("hash_algorithm"), None);
    assert_eq!(Field(200).to_string(), "number 200");
}

/// Outsiders read leaves by the table of the documentation.
#[test]
fn the_documentation_lists_every_field() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ledger.md");
    let page = std::fs::read_to_string(path).unwrap();
    for field in Field::ALL {
        let cells = format!("| {} | `{field}` |", field.0);
        assert!(page.contains(&cells), "{cells}");
    }
}

#[derive(Clone, Debug)]
enum Owned {
    Text(String),
    Json(String),
    Uuid([u8; 16]),
    Instant(i64),
    Integer(i64),
    Boolean(bool),
    Bytes(Vec<u8>),
    Sealed([u8; 32], [u8; 32]),
}

impl Owned {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Json(text) => Value::Json(text),
            Self::Uuid(bytes) => Value::Uuid(*bytes),
            Self::Instant(micros) => Value::Instant(*micros),
            Self::Integer(number) => Value::Integer(*number),
            Self::Boolean(value) => Value::Boolean(*value),
            Self::Bytes(bytes) => Value::Bytes(bytes),
            Self::Sealed(commitment, envelope) => Value::Sealed(SealedValue {
                commitment: Hash::new(*commitment),
                envelope: Hash::new(*envelope),
            }),
        }
    }
}

fn owned() -> impl Strategy<Value = Owned> {
    prop_oneof![
        ".{0,40}".prop_map(Owned::Text),
        ".{0,40}".prop_map(Owned::Json),
        any::<[u8; 16]>().prop_map(Owned::Uuid),
        any::<i64>().prop_map(Owned::Instant),
        any::<i64>().prop_map(Owned::Integer),
        any::<bool>().prop_map(Owned::Boolean),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Owned::Bytes),
        any::<([u8; 32], [u8; 32])>().prop_map(|(a, b)| Owned::Sealed(a, b)),
    ]
}

proptest! {
    #[test]
    fn leaves_read_back(fields in prop::collection::btree_map(any::<u8>(), owned(), 0..30)) {
        let fields: Vec<_> =
            fields.iter().map(|(number, value)| (Field(*number), value.value())).collect();
        let leaf = encode_leaf(LeafKind::Event, &fields).unwrap();
        let read = Leaf::decode(&leaf).unwrap();
        prop_assert_eq!(read.fields(), &fields[..]);
        for len in 0..leaf.len() {
            // A part of a leaf is no leaf, or one with fewer fields.
            if let Ok(part) = Leaf::decode(&leaf[..len]) {
                prop_assert!(part.fields().len() < fields.len());
            }
        }
    }

    /// Whatever decodes encodes to the same bytes: there is one encoding.
    #[test]
    fn what_decodes_is_canonical(
        fields in prop::collection::btree_map(any::<u8>(), owned(), 0..8),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let fields: Vec<_> =
            fields.iter().map(|(number, value)| (Field(*number), value.value())).collect();
        let mut leaf = encode_leaf(LeafKind::Event, &fields).unwrap();
        let at = at.index(leaf.len());
        leaf[at] = byte;
        if let Ok(read) = Leaf::decode(&leaf) {
            prop_assert_eq!(encode_leaf(read.kind(), read.fields()).unwrap(), leaf);
        }
    }
}
