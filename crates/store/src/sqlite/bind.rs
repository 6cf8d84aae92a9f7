//! Values as parameters of `SQLite` statements.

use super::error::{fault, from_entity};
use crate::error::{Error, Result};
use crate::statement::Param;
use mainstay_entity::{Kind, Value};
use rusqlite::types::{ToSql, ToSqlOutput, Value as Engine, ValueRef};
use std::rc::Rc;

/// Digits of a 256-bit integer as it is stored: zero padded, so that text compares as numbers.
const U256_DIGITS: usize = 78;

/// A value as a parameter, borrowed where `SQLite` can read it in place.
struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Bool(v) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*v))),
            Value::Int(v) | Value::Timestamp(v) | Value::Time(v) => {
                ToSqlOutput::Borrowed(ValueRef::Integer(*v))
            }
            Value::Double(v) => ToSqlOutput::Borrowed(ValueRef::Real(*v)),
            Value::Real(v) => ToSqlOutput::Borrowed(ValueRef::Real(f64::from(*v))),
            Value::Decimal(v) => ToSqlOutput::Borrowed(ValueRef::Integer(v.units())),
            Value::Text(text) | Value::Json(text) | Value::Range(text) => {
                ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()))
            }
            Value::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Value::Uuid(id) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
            Value::Date(_) | Value::List(_) | Value::Inet(_) | Value::Interval(_) => {
                ToSqlOutput::Owned(owned(self.0))
            }
        })
    }
}

/// A value as `SQLite` stores it, but for what [`column`] knows of its kind.
pub(super) fn owned(value: &Value) -> Engine {
    match value {
        Value::Null => Engine::Null,
        Value::Bool(v) => Engine::Integer(i64::from(*v)),
        Value::Int(v) | Value::Timestamp(v) | Value::Time(v) => Engine::Integer(*v),
        Value::Double(v) => Engine::Real(*v),
        Value::Real(v) => Engine::Real(f64::from(*v)),
        Value::Decimal(v) => Engine::Integer(v.units()),
        Value::Text(text) | Value::Json(text) | Value::Range(text) => Engine::Text(text.clone()),
        Value::Bytes(bytes) => Engine::Blob(bytes.clone()),
        Value::Uuid(id) => Engine::Blob(id.as_bytes().to_vec()),
        Value::Date(_) | Value::Inet(_) | Value::Interval(_) => {
            let mut text = Vec::with_capacity(40);
            value.as_cell().write_text(&mut text);
            Engine::Text(String::from_utf8(text).unwrap_or_default())
        }
        Value::List(_) => {
            let mut text = Vec::new();
            value.as_cell().write_json(&mut text);
            Engine::Text(String::from_utf8(text).unwrap_or_default())
        }
    }
}

/// Binds the parameters of a rendered statement. Parameters that the text does not mention are
/// left out.
pub(super) fn params(statement: &mut rusqlite::Statement<'_>, params: &[Param]) -> Result<()> {
    let count = statement.parameter_count();
    for (index, param) in params.iter().take(count).enumerate() {
        let bound = match param {
            Param::Value(value) => statement.raw_bind_parameter(index + 1, Bound(value)),
            Param::List(values) => {
                let list: Rc<Vec<Engine>> = Rc::new(values.iter().map(owned).collect());
                statement.raw_bind_parameter(index + 1, list)
            }
        };
        bound.map_err(fault)?;
    }
    if params.len() < count {
        return Err(Error::internal("a statement lacks parameters"));
    }
    Ok(())
}

/// Binds the value of a column, in the form in which `SQLite` stores its kind.
pub(super) fn column(
    statement: &mut rusqlite::Statement<'_>,
    position: usize,
    kind: &Kind,
    value: &Value,
) -> Result<()> {
    let bound = match (kind, value) {
        (Kind::U256, Value::Text(digits)) => {
            let digits = format!("{digits:0>U256_DIGITS$}");
            statement.raw_bind_parameter(position, digits)
        }
        (Kind::Decimal { precision, scale }, Value::Decimal(number)) => {
            let number = number.fit(*precision, *scale).map_err(|e| from_entity(&e))?;
            statement.raw_bind_parameter(position, number.units())
        }
        _ => statement.raw_bind_parameter(position, Bound(value)),
    };
    bound.map_err(fault)
}
