//! The arguments of a call of an own action: from a query string, a form, or a body.

use crate::dialect::error::INVALID_BODY;
use crate::dialect::{BodyType, pairs};
use crate::error::{Fault, Result};
use crate::zone::{read_json, read_text};
use jiff::tz::TimeZone;
use mainstay_entity::{Kind, Table, Value};
use mainstay_kernel::{Argument, Error, OwnAction, Parameter};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// What a call gives.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// Arguments by name; of one name the last holds.
    pub(super) named: BTreeMap<String, Item>,
    /// The body as a whole, for an action with one argument that has no name.
    pub(super) whole: Option<Item>,
}

/// A value as it was sent.
#[derive(Debug)]
pub(super) enum Item {
    /// JSON.
    Json(String),
    /// A text in the form of its type.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Given {
    /// Of a query string or a form.
    pub(super) fn of_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let named = pairs.into_iter().map(|(name, value)| (name, Item::Text(value))).collect();
        Self { named, whole: None }
    }

    /// Of a body.
    pub(super) fn of_body(body_type: BodyType, body: &[u8]) -> Result<Self> {
        if body_type == BodyType::Bytes {
            return Ok(Self { whole: Some(Item::Bytes(body.to_vec())), ..Self::default() });
        }
        let text = std::str::from_utf8(body)
            .map_err(|_| Fault::new(INVALID_BODY, "The body is not valid UTF-8"))?;
        match body_type {
            BodyType::Json => Self::of_json(text),
            BodyType::Form => {
                let pairs = pairs::decode(text)
                    .map(|pair| pair.map(|p| (p.key.into_owned(), p.value.into_owned())))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Self::of_pairs(pairs))
            }
            BodyType::Text | BodyType::Xml => {
                Ok(Self { whole: Some(Item::Text(text.to_owned())), ..Self::default() })
            }
            BodyType::NdJson | BodyType::Csv | BodyType::Bytes => {
                Err(Fault::new(INVALID_BODY, "The arguments of an action must be JSON").into())
            }
        }
    }

    fn of_json(text: &str) -> Result<Self> {
        let text = if text.trim_ascii().is_empty() { "{}" } else { text };
        let invalid = |error: serde_json::Error| {
            Fault::new(INVALID_BODY, "Empty or invalid json").details(error.to_string())
        };
        let raw: &RawValue = serde_json::from_str(text).map_err(invalid)?;
        let mut given = Self::default();
        if raw.get().starts_with('{') {
            let members: Members = serde_json::from_str(raw.get()).map_err(invalid)?;
            let items = members.0.into_iter().map(|(name, value)| (name, Item::Json(value)));
            given.named = items.collect();
        }
        given.whole = Some(Item::Json(raw.get().to_owned()));
        Ok(given)
    }

    /// The names, in the order of the alphabet, as messages have them.
    pub(super) fn names(&self) -> Vec<&str> {
        self.named.keys().map(String::as_str).collect()
    }

    /// Takes these arguments alone, as `columns` says.
    pub(super) fn keep(&mut self, names: &[String]) {
        self.named.retain(|name, _| names.contains(name));
    }

    /// The values for the parameters of an action; instants without an offset are read by a zone's
    /// clocks.
    pub(super) fn for_action(
        self,
        action: &OwnAction,
        zone: Option<&TimeZone>,
    ) -> Result<Vec<Option<Argument>>> {
        let mut values: Vec<Option<Argument>> = Vec::new();
        let mut named = self.named;
        for (meta, parameter) in action.meta().arguments.iter().zip(action.parameters()) {
            let value = named.remove(&meta.name);
            values
                .push(value.map(|item| argument(&meta.name, parameter, &item, zone)).transpose()?);
        }
        Ok(values)
    }

    /// The whole body for the one parameter of an action.
    pub(super) fn for_unnamed(
        self,
        action: &OwnAction,
        zone: Option<&TimeZone>,
    ) -> Result<Vec<Option<Argument>>> {
        let parameter = action.parameters().next();
        match (parameter, self.whole) {
            (Some(parameter), Some(item)) => Ok(vec![Some(argument("", parameter, &item, zone)?)]),
            _ => Ok(vec![None]),
        }
    }
}

/// A value for a parameter.
fn argument(
    name: &str,
    parameter: &Parameter,
    item: &Item,
    zone: Option<&TimeZone>,
) -> Result<Argument> {
    match parameter {
        Parameter::Value(kind) => value(name, kind, item, zone).map(Argument::Value),
        Parameter::Row(table) => row(name, table, item, zone).map(Argument::Row),
    }
}

fn value(name: &str, kind: &Kind, item: &Item, zone: Option<&TimeZone>) -> Result<Value> {
    let value = match item {
        Item::Json(raw) => read_json(kind, raw, zone),
        Item::Text(text) => read_text(kind, text, zone),
        Item::Bytes(bytes) => return Ok(Value::Bytes(bytes.clone())),
    };
    value.map_err(|error| Error::invalid(name, &error).into())
}

/// A row as an object of its columns; others are passed over, as PostgreSQL does.
fn row(
    name: &str,
    table: &Table,
    item: &Item,
    zone: Option<&TimeZone>,
) -> Result<Option<Vec<Value>>> {
    let (Item::Json(text) | Item::Text(text)) = item else {
        return Err(Fault::new(INVALID_BODY, format!("'{name}' must be an object")).into());
    };
    if text.trim_ascii() == "null" {
        return Ok(None);
    }
    let members: Members = serde_json::from_str(text).map_err(|error| {
        Fault::new(INVALID_BODY, format!("'{name}' must be an object")).details(error.to_string())
    })?;
    let mut values = vec![Value::Null; table.meta.columns.len()];
    for (key, raw) in members.0 {
        let Some(column) = table.column_index(&key) else {
            continue;
        };
        let kind = &table.meta.columns[column].kind;
        if kind.is_confidential() {
            continue;
        }
        let value = read_json(kind, &raw, zone);
        values[column] = value.map_err(|error| Error::invalid(format!("{name}.{key}"), &error))?;
    }
    Ok(Some(values))
}

/// The members of an object in their order, each as JSON text.
struct Members(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            members.push((name, value.get().to_owned()));
        }
        Ok(Members(members))
    }
}
