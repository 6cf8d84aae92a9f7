//! Values of columns as values of CEL, and back.

use cel::Value as Cel;
use cel::objects::{Key, Map};
use mainstay_entity::parse::{parse_json, parse_text};
use mainstay_entity::{Error, Kind, Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// A text.
pub(super) fn text(text: impl Into<String>) -> Cel {
    Cel::String(Arc::new(text.into()))
}

/// A list.
pub(super) fn list(items: impl IntoIterator<Item = Cel>) -> Cel {
    Cel::List(Arc::new(items.into_iter().collect()))
}

/// A map.
pub(super) fn map(members: impl IntoIterator<Item = (String, Cel)>) -> Cel {
    let members = members.into_iter().map(|(name, value)| (Key::from(name), value));
    Cel::Map(Map { map: Arc::new(members.collect::<HashMap<_, _>>()) })
}

/// A column's value as expressions see it. Numbers of a scale are doubles where that is exact, and
/// texts where it is not; instants are texts of one length in UTC, so that they compare by time;
/// whatever CEL has no type for is the text that the API prints.
pub(super) fn to_cel(value: &Value) -> Cel {
    match value {
        Value::Null => Cel::Null,
        Value::Bool(value) => Cel::Bool(*value),
        Value::Int(value) => Cel::Int(*value),
        Value::Double(value) => Cel::Float(*value),
        Value::Text(value) => text(value.as_str()),
        Value::Decimal(number) => {
            let printed = number.to_string();
            let digits = number.units().unsigned_abs().checked_ilog10().unwrap_or(0) + 1;
            // A double tells 15 digits apart.
            match printed.parse() {
                Ok(value) if digits <= 15 => Cel::Float(value),
                _ => text(printed),
            }
        }
        Value::Timestamp(micros) => instant(*micros),
        Value::Json(document) => match serde_json::from_str(document) {
            Ok(document) => of_json(&document),
            Err(_) => Cel::Null,
        },
        Value::List(items) => list(items.iter().map(to_cel)),
        other => text(printed(other)),
    }
}

/// An instant, to the microsecond.
pub(super) fn instant(micros: i64) -> Cel {
    let instant = jiff::Timestamp::from_microsecond(micros).unwrap_or_default();
    text(format!("{instant:.6}"))
}

/// A value as its type prints it.
pub(super) fn printed(value: &Value) -> String {
    let mut out = Vec::new();
    value.as_cell().write_text(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn of_json(value: &serde_json::Value) -> Cel {
    match value {
        serde_json::Value::Null => Cel::Null,
        serde_json::Value::Bool(value) => Cel::Bool(*value),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) => Cel::Int(value),
            (None, Some(value)) => Cel::Float(value),
            (None, None) => text(number.to_string()),
        },
        serde_json::Value::String(value) => text(value.as_str()),
        serde_json::Value::Array(items) => list(items.iter().map(of_json)),
        serde_json::Value::Object(members) => {
            map(members.iter().map(|(name, value)| (name.clone(), of_json(value))))
        }
    }
}

/// What an expression gives as a value of a kind, as the kind reads it from text and JSON.
///
/// # Errors
/// What the kind refuses.
pub(super) fn from_cel(kind: &Kind, value: &Cel) -> Result<Value, Error> {
    if matches!(value, Cel::Null) {
        return Ok(Value::Null);
    }
    if matches!(kind, Kind::Json) {
        return json::canonical(&to_json(value)).map(Value::Json);
    }
    match value {
        Cel::String(value) => parse_text(kind, value),
        Cel::Bool(value) if matches!(kind, Kind::Text { .. } | Kind::Boolean) => {
            parse_text(kind, &value.to_string())
        }
        Cel::Float(value) if kind.is_textual() => {
            parse_text(kind, &printed(&Value::Double(*value)))
        }
        // A number of a kind without a fraction may be written with one that is zero.
        Cel::Float(value) if value.is_finite() => parse_json(kind, &value.to_string()),
        _ => parse_json(kind, &to_json(value)),
    }
}

/// A value as JSON.
pub(super) fn to_json(value: &Cel) -> String {
    let mut out = Vec::new();
    write_json(value, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn write_json(value: &Cel, out: &mut Vec<u8>) {
    match value {
        Cel::Bool(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Cel::Int(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Cel::UInt(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Cel::Float(value) => Value::Double(*value).as_cell().write_json(out),
        Cel::String(value) => json::escape_into(out, value),
        Cel::Bytes(value) => Value::Bytes(value.to_vec()).as_cell().write_json(out),
        Cel::List(items) => {
            out.push(b'[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                write_json(item, out);
            }
            out.push(b']');
        }
        Cel::Map(map) => {
            out.push(b'{');
            for (position, (name, value)) in map.map.iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                json::escape_into(out, &name.to_string());
                out.push(b':');
                write_json(value, out);
            }
            out.push(b'}');
        }
        // Functions and the like are no data.
        _ => out.extend_from_slice(b"null"),
    }
}
