//! What a column gets when a request says nothing.

use crate::error::Faults;
use crate::members::Item;
use crate::yaml::Value;
use mainstay_entity::parse::{parse_json, parse_text};
use mainstay_entity::{DefaultValue, Kind};

/// Reads `default`.
pub(crate) fn read(item: &Item<'_>, kind: &Kind, faults: &mut Faults) -> Option<DefaultValue> {
    if kind.is_confidential() {
        item.refuse("ciphertext has no default", "leave it out", faults);
        return None;
    }
    match (&item.node.value, kind) {
        (Value::Text(word), Kind::Timestamp) if word == "now" => return Some(DefaultValue::Now),
        (Value::Text(word), Kind::Uuid) if word == "new id" => return Some(DefaultValue::NewId),
        _ => {}
    }
    let text = text(&item.node.value, kind);
    let parsed = match kind {
        Kind::List(_) | Kind::Json => parse_json(kind, &text),
        _ => parse_text(kind, &text),
    };
    match parsed {
        Ok(_) => Some(DefaultValue::Literal(text.into())),
        Err(error) => {
            let fix = match kind {
                Kind::Timestamp => "write an instant, or `now`",
                Kind::Uuid => "write an identifier, or `new id`",
                _ => "write a value of the column's type",
            };
            item.refuse(error.to_string(), fix, faults);
            None
        }
    }
}

/// The text form of a default: of lists and documents JSON.
pub(crate) fn text(value: &Value, kind: &Kind) -> String {
    match (value, kind) {
        (_, Kind::Json) => serde_json::Value::from(value).to_string(),
        (Value::Text(text), _) => text.clone(),
        _ => serde_json::Value::from(value).to_string(),
    }
}
