//! A rendered statement and the rows that it gives: where the model meets an engine.

use crate::error::{Error, Result};
use jiff::tz::TimeZone;
use mainstay_entity::cell::Cell;
use mainstay_entity::parse::parse_json;
use mainstay_entity::{Decimal, Kind, Value};
use uuid::Uuid;

/// SQL text of one engine with its parameters. Equal texts share a prepared statement.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// SQL with `$1`, `$2`, … (`PostgreSQL`) or `?1`, `?2`, … (`SQLite`).
    pub(crate) sql: String,
    /// The parameters in order.
    pub(crate) params: Vec<Param>,
}

/// One parameter.
#[derive(Clone, Debug)]
pub(crate) enum Param {
    /// A single value; the engine infers its type from where it stands.
    Value(Value),
    /// A list: an array on `PostgreSQL` (`= ANY($1)`), `rarray(?1)` on `SQLite`.
    List(Vec<Value>),
}

/// One row of a result, still in the engine's hands.
pub(crate) trait Row {
    /// The value at `index`, which the statement promises to be of `kind`.
    ///
    /// # Errors
    /// When the engine gives something else: a fault of ours.
    fn cell<'a>(&'a self, index: usize, kind: &Kind) -> Result<Cell<'a>>;
}

/// A row whose instants are shown in a time zone.
pub(crate) struct ZonedRow<'r, R> {
    pub(crate) row: &'r R,
    pub(crate) zone: &'r TimeZone,
}

impl<R: Row> Row for ZonedRow<'_, R> {
    fn cell<'a>(&'a self, index: usize, kind: &Kind) -> Result<Cell<'a>> {
        Ok(self.row.cell(index, kind)?.in_zone(self.zone))
    }
}

/// A cell as a value of the model, detached from its row.
pub(crate) fn value_of(cell: &Cell<'_>) -> Result<Value> {
    Ok(match cell {
        Cell::Null => Value::Null,
        Cell::Bool(v) => Value::Bool(*v),
        Cell::Int(v) => Value::Int(*v),
        Cell::Double(v) => Value::Double(*v),
        Cell::Decimal { units, scale } => Value::Decimal(Decimal::new(*units, *scale)),
        Cell::Number(text) => Value::Decimal(text.parse().map_err(Error::internal)?),
        Cell::Digits(text) => {
            let digits = text.trim_start_matches('0');
            Value::Text(if digits.is_empty() { "0" } else { digits }.to_owned())
        }
        Cell::Text(text) => Value::Text((*text).to_owned()),
        Cell::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
        Cell::Uuid(bytes) => Value::Uuid(Uuid::from_bytes(*bytes)),
        Cell::Timestamp(micros) | Cell::Zoned { micros, .. } => Value::Timestamp(*micros),
        Cell::Date(days) => Value::Date(date(*days)?),
        Cell::Json(text) => Value::Json((*text).to_owned()),
        Cell::List(items) => Value::List(items.iter().map(value_of).collect::<Result<_>>()?),
        Cell::JsonList(_) => return Err(Error::internal("a list needs its kind to be read")),
        Cell::Inet(address) => Value::Inet(*address),
        Cell::Real(v) => Value::Real(*v),
        Cell::Time(micros) => Value::Time(*micros),
        Cell::Interval(interval) => Value::Interval(*interval),
        Cell::Range(text) => Value::Range(text.clone().into_owned()),
    })
}

/// The same for a cell that is known to be of a kind.
pub(crate) fn value_of_kind(cell: &Cell<'_>, kind: &Kind) -> Result<Value> {
    match cell {
        Cell::JsonList(text) => parse_json(kind, text).map_err(Error::internal),
        other => value_of(other),
    }
}

fn date(days: i32) -> Result<jiff::civil::Date> {
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).map_err(Error::internal)
}
