//! Rows of `SQLite` as cells.

use crate::error::{Error, Result};
use crate::statement::{Row, value_of_kind};
use mainstay_entity::cell::Cell;
use mainstay_entity::parse::{parse_json, parse_text};
use mainstay_entity::{ItemKind, Kind, Record, Value};
use rusqlite::types::ValueRef;
use std::borrow::Cow;

/// A row that a statement stands on.
pub(super) struct SqliteRow<'a>(pub(super) &'a rusqlite::Row<'a>);

impl Row for SqliteRow<'_> {
    fn cell<'a>(&'a self, index: usize, kind: &Kind) -> Result<Cell<'a>> {
        let value = self.0.get_ref(index).map_err(Error::internal)?;
        cell_of(value, kind).ok_or_else(|| {
            let (name, stored) = (kind.name(), value.data_type());
            Error::internal(format_args!("column {index} should be {name} and is {stored}"))
        })
    }
}

/// A stored value of a kind; none when it is not of that kind.
pub(super) fn cell_of<'a>(value: ValueRef<'a>, kind: &Kind) -> Option<Cell<'a>> {
    match value {
        ValueRef::Null => Some(Cell::Null),
        ValueRef::Integer(v) => integer(v, kind),
        ValueRef::Real(v) => real(v, kind),
        ValueRef::Text(bytes) => text(std::str::from_utf8(bytes).ok()?, kind),
        ValueRef::Blob(bytes) => blob(bytes, kind),
    }
}

fn integer<'a>(value: i64, kind: &Kind) -> Option<Cell<'a>> {
    Some(match kind {
        Kind::SmallInt | Kind::Integer | Kind::BigInt => Cell::Int(value),
        Kind::Timestamp => Cell::Timestamp(value),
        Kind::Time => Cell::Time(value),
        Kind::Boolean => Cell::Bool(value != 0),
        Kind::Decimal { scale, .. } => Cell::Decimal { units: value, scale: *scale },
        Kind::Double => Cell::Double(value as f64),
        Kind::Real => Cell::Real(value as f32),
        _ => return None,
    })
}

fn real<'a>(value: f64, kind: &Kind) -> Option<Cell<'a>> {
    match kind {
        Kind::Double => Some(Cell::Double(value)),
        // Stored from a single, so that nothing is rounded.
        Kind::Real => Some(Cell::Real(value as f32)),
        _ => None,
    }
}

fn text<'a>(value: &'a str, kind: &Kind) -> Option<Cell<'a>> {
    Some(match kind {
        Kind::Text { .. } | Kind::Choice(_) => Cell::Text(value),
        Kind::Json => Cell::Json(value),
        // Instants are written otherwise in JSON than in text.
        Kind::List(ItemKind::Timestamp) => instants(value, kind)?,
        Kind::List(_) => Cell::JsonList(value),
        Kind::Interval => match parse_text(kind, value).ok()? {
            Value::Interval(interval) => Cell::Interval(interval),
            _ => return None,
        },
        Kind::Range(_) => Cell::Range(Cow::Borrowed(value)),
        Kind::Date => Cell::Date(days(value)?),
        Kind::Inet => Cell::Inet(value.parse().ok()?),
        Kind::U256 => Cell::Digits(value),
        // The result of a cast or of an aggregate.
        Kind::Decimal { .. } => Cell::Number(value),
        _ => return None,
    })
}

/// A list of instants, given as JSON.
fn instants<'a>(text: &str, kind: &Kind) -> Option<Cell<'a>> {
    let Value::List(items) = parse_json(kind, text).ok()? else { return None };
    let cell = |item: Value| match item {
        Value::Timestamp(micros) => Cell::Timestamp(micros),
        _ => Cell::Null,
    };
    Some(Cell::List(items.into_iter().map(cell).collect()))
}

fn blob<'a>(value: &'a [u8], kind: &Kind) -> Option<Cell<'a>> {
    Some(match kind {
        Kind::Uuid => Cell::Uuid(value.try_into().ok()?),
        Kind::Bytes | Kind::Secret | Kind::Sealed => Cell::Bytes(value),
        _ => return None,
    })
}

/// Days from 1970-01-01 to `YYYY-MM-DD`.
fn days(text: &str) -> Option<i32> {
    let date: jiff::civil::Date = text.parse().ok()?;
    match Value::Date(date).as_cell() {
        Cell::Date(days) => Some(days),
        _ => None,
    }
}

/// A row as values of the given kinds.
pub(super) fn record(row: &rusqlite::Row<'_>, kinds: &[Kind]) -> Result<Record> {
    let row = SqliteRow(row);
    kinds
        .iter()
        .enumerate()
        .map(|(index, kind)| value_of_kind(&row.cell(index, kind)?, kind))
        .collect::<Result<_>>()
        .map(Record)
}
