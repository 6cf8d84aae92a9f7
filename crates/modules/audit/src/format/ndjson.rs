//! The fields of a leaf as a JSON object: what the formats of others carry as data.

use super::Result;
use super::record::EventRecord;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use mainstay_ledger::{Field, Value};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

/// Names and values, in their order.
pub(super) struct Object(Vec<(String, Box<RawValue>)>);

/// The leaf's place, hash and kind, then its fields.
pub(super) fn object(record: &EventRecord<'_>) -> Result<Object> {
    let mut members = Vec::with_capacity(3 + record.leaf.fields().len());
    members.push(("index".to_owned(), to_raw_value(&record.index)?));
    members.push(("hash".to_owned(), to_raw_value(&record.hash.to_string())?));
    members.push(("kind".to_owned(), to_raw_value(record.kind())?));
    members.extend(fields(record, |_| true)?.0);
    Ok(Object(members))
}

/// The fields of the leaf that are wanted.
pub(super) fn fields(record: &EventRecord<'_>, wanted: impl Fn(Field) -> bool) -> Result<Object> {
    let fields = record.leaf.fields().iter().filter(|(field, _)| wanted(*field));
    let member = |(field, value): &(Field, Value<'_>)| Ok((field.to_string(), json(value)?));
    fields.map(member).collect::<Result<_>>().map(Object)
}

/// A value as text, when it isn't a document.
pub(super) fn text(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) | Value::Json(text) => (*text).to_owned(),
        Value::Uuid(bytes) => Uuid::from_bytes(*bytes).to_string(),
        Value::Instant(micros) => match Timestamp::from_microsecond(*micros) {
            Ok(time) => time.to_string(),
            Err(_) => micros.to_string(),
        },
        Value::Integer(number) => number.to_string(),
        Value::Boolean(value) => value.to_string(),
        Value::Bytes(bytes) => STANDARD.encode(bytes),
        Value::Sealed(sealed) => {
            format!(r#"{{"commitment":"{}","envelope":"{}"}}"#, sealed.commitment, sealed.envelope)
        }
    }
}

fn json(value: &Value<'_>) -> Result<Box<RawValue>> {
    Ok(match value {
        Value::Json(_) | Value::Integer(_) | Value::Boolean(_) | Value::Sealed(_) => {
            RawValue::from_string(text(value))?
        }
        Value::Text(_) | Value::Uuid(_) | Value::Instant(_) | Value::Bytes(_) => {
            to_raw_value(&text(value))?
        }
    })
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
