//! Expressions as they stand in a file: a text is CEL, any other value stands for itself.

use super::place;
use crate::error::Faults;
use crate::members::Item;
use crate::yaml::Value;
use mainstay_entity::action::Source;
use std::fmt::Write as _;

/// An expression.
pub(super) fn source(item: &Item<'_>) -> Source {
    let mut text = String::new();
    write(&item.node.value, &mut text);
    Source { text, place: place(item) }
}

/// A text that is no expression: a name or a code.
pub(super) fn text_source(item: &Item<'_>, faults: &mut Faults) -> Option<Source> {
    // A code of digits alone is a number to YAML.
    if let Value::Integer(number) = &item.node.value {
        return Some(Source { text: number.to_string(), place: place(item) });
    }
    let text = item.text(faults)?.to_owned();
    Some(Source { text, place: place(item) })
}

/// Writes a value as CEL.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Integer(value) => {
            // Writing to a `String` does not fail.
            let _ = write!(out, "{value}");
        }
        Value::Number(value) => {
            let _ = write!(out, "{value:?}");
        }
        Value::Text(text) => out.push_str(text),
        Value::List(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push_str(", ");
                }
                write(&item.value, out);
            }
            out.push(']');
        }
        Value::Map(members) => {
            out.push('{');
            for (position, (key, item)) in members.iter().enumerate() {
                if position > 0 {
                    out.push_str(", ");
                }
                // A JSON string is one of CEL, too.
                out.push_str(&serde_json::Value::from(key.name.as_str()).to_string());
                out.push_str(": ");
                write(&item.value, out);
            }
            out.push('}');
        }
    }
}
