//! The bytes of each format are fixed: a verifier makes an export's events again and compares. A
//! change of these snapshots is a new version of its format.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use mainstay_audit::Format;
use mainstay_ledger::{
    CompactRange, EventFormat, Field, Hash, LeafKind, Salt, SealedValue, SignerKey, Tombstone,
    Value, encode_leaf, encode_note_leaf,
};

const ORIGIN: &str = "ledger.example/ledger/v1/01930000-0000-7000-8000-000000000001";
const NOW: i64 = 1_790_000_000_123_456;

fn event(fields: &[(Field, Value<'_>)]) -> Vec<u8> {
    let mut all = vec![
        (Field::ID, Value::Uuid([0x11; 16])),
        (Field::ORGANIZATION_ID, Value::Uuid([0x22; 16])),
        (Field::EVENT_VERSION, Value::Text("1")),
        (Field::OCCURRED_AT, Value::Instant(NOW - 1_000_000)),
        (Field::CREATED_AT, Value::Instant(NOW)),
    ];
    all.extend_from_slice(fields);
    encode_leaf(LeafKind::Event, &all).unwrap()
}

/// One leaf of each sort that formats tell apart.
fn leaves() -> Vec<Vec<u8>> {
    let text = |field, text| (field, Value::Text(text));
    let sealed = SealedValue::new(Field::PERSONAL, &Salt::new([3; 32]), b"{}", b"envelope");
    let key = SignerKey::from_seed(ORIGIN, &[7; 32]).unwrap();
    let mut removed = CompactRange::starting_at(1);
    removed.append(Hash::leaf(b"removed"));
    let tombstone = Tombstone {
        origin: ORIGIN.to_owned(),
        removed,
        policy: "standard".to_owned(),
        reason: "kept for 30 days".to_owned(),
        time_micros: NOW,
    };
    let note = tombstone.sign(&key).unwrap();
    vec![
        event(&[
            text(Field::ACTION, "tickets.update"),
            text(Field::ACTOR_ID, "01930000-0000-7000-8000-00000000000a"),
            text(Field::RESOURCE_TYPE, "tickets"),
            text(Field::RESOURCE_ID, "01930000-0000-7000-8000-00000000000b"),
            text(Field::RESOURCE_NAME, "Row 1, \"Seat\" 2"),
            text(Field::STATUS, "success"),
            text(Field::IP_ADDRESS, "2001:db8::1"),
            text(Field::USER_AGENT, "curl/8"),
            text(Field::REQUEST_ID, "request-1"),
            text(Field::CORRELATION_ID, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            text(Field::DATA_CLASSIFICATION, "internal"),
            (Field::OLD_VALUE, Value::Json(r#"{"price": 12.50}"#)),
            (
                Field::NEW_VALUE,
                Value::Json(r#"{"price": 340282366920938463463374607431768211455}"#),
            ),
            (Field::PROCESSING_LATENCY_MS, Value::Integer(12)),
        ]),
        event(&[
            text(Field::ACTION, "fhir.patient.read"),
            text(Field::ACTOR_ID, "key:01930000-0000-7000-8000-00000000000c"),
            text(Field::RESOURCE_TYPE, "Observation"),
            text(Field::RESOURCE_ID, "bp-7"),
            text(Field::STATUS, "success"),
            text(Field::IP_ADDRESS, "192.0.2.14"),
            text(Field::DATA_CLASSIFICATION, "PHI"),
            (Field::DETAILS, Value::Json(r#"{"patient_id": "p-1", "purpose_of_use": "TREAT"}"#)),
            (Field::PERSONAL, Value::Sealed(sealed)),
        ]),
        event(&[
            text(Field::ACTION, "session.sign_in"),
            text(Field::ACTOR_ID, "anonymous"),
            text(Field::STATUS, "failure"),
            text(Field::ERROR_MESSAGE, "wrong password"),
            text(Field::SESSION_ID, "s-1"),
        ]),
        event(&[
            text(Field::ACTION, "users.create"),
            text(Field::ACTOR_ID, "system:setup"),
            text(Field::RESOURCE_TYPE, "users"),
            text(Field::RESOURCE_ID, "01930000-0000-7000-8000-00000000000d"),
            text(Field::STATUS, "success"),
        ]),
        event(&[text(Field::ACTION, "\u{1}odd\naction"), text(Field::STATUS, "error")]),
        encode_note_leaf(LeafKind::Tombstone, [0x22; 16], NOW, &note).unwrap(),
    ]
}

fn written(format: Format) -> String {
    let format = format.of_log(ORIGIN);
    let mut out = format.header().as_bytes().to_vec();
    for (index, leaf) in (40..).zip(leaves()) {
        format.append(index, &leaf, &mut out).unwrap();
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn the_bytes_of_each_format_are_fixed() {
    for format in Format::ALL {
        insta::assert_snapshot!(format.as_str(), written(format));
    }
}

#[test]
fn every_line_of_the_json_formats_is_an_object() {
    for format in [Format::Ndjson, Format::Ocsf, Format::Fhir, Format::CloudEvents] {
        let text = written(format);
        assert_eq!(text.lines().count(), leaves().len());
        for line in text.lines() {
            serde_json::from_str::<serde_json::Map<_, _>>(line).unwrap();
        }
    }
}

/// Numbers that no float holds stay what they are.
#[test]
fn documents_keep_their_digits() {
    for format in Format::ALL {
        let text = written(format);
        assert!(text.contains("340282366920938463463374607431768211455"), "{format:?}: {text}");
    }
}

#[test]
fn a_leaf_that_is_none_is_refused() {
    for format in Format::ALL {
        let format = format.of_log(ORIGIN);
        assert!(format.append(0, b"no leaf", &mut Vec::new()).is_err());
    }
}

#[test]
fn formats_have_names() {
    for format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(format));
    }
    let error = "xml".parse::<Format>().unwrap_err();
    assert!(error.contains("ndjson, csv, ocsf, fhir, cloudevents"), "{error}");
}
