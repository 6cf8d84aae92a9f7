use std::borrow::Cow;

use super::value::{BOOLEAN, BYTES, INSTANT, INTEGER, JSON, SEALED, TEXT, UUID};
use super::{Field, LEAF_VERSION, LeafKind, MAX_LEAF_LEN, Value};
use crate::SignedNote;
use crate::error::{Kind, Result};

/// The leaf with these fields, in whatever order they are given; ascending is fastest.
///
/// # Errors
/// [`Error::is_too_long`](crate::Error::is_too_long) above [`MAX_LEAF_LEN`];
/// [`Error::is_malformed`](crate::Error::is_malformed) when a field is given twice.
pub fn encode_leaf(kind: LeafKind, fields: &[(Field, Value<'_>)]) -> Result<Vec<u8>> {
    let mut fields = Cow::Borrowed(fields);
    if !fields.is_sorted_by_key(|(field, _)| *field) {
        fields.to_mut().sort_by_key(|(field, _)| *field);
    }
    let len = 2 + fields.iter().map(|(_, value)| 2 + encoded_len(value)).sum::<usize>();
    if len > MAX_LEAF_LEN {
        return Err(Kind::TooLong { len, max: MAX_LEAF_LEN }.into());
    }
    let mut leaf = Vec::with_capacity(len);
    leaf.extend_from_slice(&[LEAF_VERSION, kind as u8]);
    let mut last = None;
    for (field, value) in &*fields {
        if last.replace(*field) == Some(*field) {
            return Err(Kind::Field { field: *field, problem: "it is given twice" }.into());
        }
        leaf.push(field.0);
        append_value(&mut leaf, value);
    }
    Ok(leaf)
}

/// The leaf of a kind that is a signed note: a checkpoint, tombstone or re-anchor. The
/// organisation is the one that the note is about.
///
/// # Errors
/// As [`encode_leaf`].
pub fn encode_note_leaf(
    kind: LeafKind,
    organization: [u8; 16],
    time_micros: i64,
    note: &SignedNote,
) -> Result<Vec<u8>> {
    let note = note.to_string();
    let fields = [
        (Field::ORGANIZATION_ID, Value::Uuid(organization)),
        (Field::CREATED_AT, Value::Instant(time_micros)),
        (Field::NOTE, Value::Text(&note)),
    ];
    encode_leaf(kind, &fields)
}

fn encoded_len(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) | Value::Json(text) => 2 + text.len(),
        Value::Bytes(bytes) => 2 + bytes.len(),
        Value::Uuid(_) => 16,
        Value::Instant(_) | Value::Integer(_) => 8,
        Value::Boolean(_) => 1,
        Value::Sealed(_) => 64,
    }
}

/// The type and the value; the caller has checked that the whole leaf is short enough.
fn append_value(leaf: &mut Vec<u8>, value: &Value<'_>) {
    match value {
        Value::Text(text) => append_sized(leaf, TEXT, text.as_bytes()),
        Value::Json(text) => append_sized(leaf, JSON, text.as_bytes()),
        Value::Bytes(bytes) => append_sized(leaf, BYTES, bytes),
        Value::Uuid(bytes) => append_fixed(leaf, UUID, bytes),
        Value::Instant(micros) => append_fixed(leaf, INSTANT, &micros.to_be_bytes()),
        Value::Integer(number) => append_fixed(leaf, INTEGER, &number.to_be_bytes()),
        Value::Boolean(value) => append_fixed(leaf, BOOLEAN, &[u8::from(*value)]),
        Value::Sealed(sealed) => {
            append_fixed(leaf, SEALED, sealed.commitment.as_bytes());
            leaf.extend_from_slice(sealed.envelope.as_bytes());
        }
    }
}

fn append_fixed(leaf: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    leaf.push(tag);
    leaf.extend_from_slice(bytes);
}

fn append_sized(leaf: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    leaf.push(tag);
    leaf.extend_from_slice(&(bytes.len() as u16).to_be_bytes());
    leaf.extend_from_slice(bytes);
}
