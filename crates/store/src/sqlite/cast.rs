//! Casts as `PostgreSQL` makes them.

use super::bind;
use super::row::cell_of;
use mainstay_entity::cell::Cell;
use mainstay_entity::parse::parse_text;
use mainstay_entity::{Decimal, Interval, ItemKind, Kind, RangeKind};
use rusqlite::types::{Value as Engine, ValueRef};
use std::net::IpAddr;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// A value that can't be cast.
#[derive(Debug, PartialEq)]
pub(super) struct CastError {
    pub(super) sqlstate: String,
    pub(super) message: String,
}

impl CastError {
    fn new(sqlstate: &str, message: impl Into<String>) -> Self {
        Self { sqlstate: sqlstate.to_owned(), message: message.into() }
    }
}

impl From<mainstay_entity::Error> for CastError {
    fn from(error: mainstay_entity::Error) -> Self {
        Self::new(error.sqlstate(), error.to_string())
    }
}

type Result<T> = std::result::Result<T, CastError>;

/// Casts a stored value of the kind named `source` to the type named `target`.
///
/// # Errors
/// `42846` for types that don't cast, else what reading the value as the target gives.
pub(super) fn cast(value: ValueRef<'_>, source: &str, target: &str) -> Result<Engine> {
    let unknown = |name: &str| CastError::new("42704", format!("type \"{name}\" does not exist"));
    let kind = kind_named(source).ok_or_else(|| unknown(source))?;
    let target = Target::named(target).ok_or_else(|| unknown(target))?;
    let cell = cell_of(value, &kind).ok_or_else(|| {
        CastError::new("XX000", format!("a {source} is stored as {}", value.data_type()))
    })?;
    if !target.takes(&kind) {
        let (from, to) = (type_name(&kind), target.type_name());
        return Err(CastError::new("42846", format!("cannot cast type {from} to {to}")));
    }
    match (&cell, target) {
        (Cell::Null, _) => Ok(Engine::Null),
        (_, Target::Text) => Ok(Engine::Text(text_of(&cell))),
        // Casts to `name` go by the output function.
        (_, Target::Name) => Ok(Engine::Text(name_of(written(&cell)))),
        (_, Target::Char) => {
            let first = text_of(&cell).chars().next().unwrap_or(' ');
            Ok(Engine::Text(first.to_string()))
        }
        (Cell::Text(text), Target::Numeric) => {
            Ok(Engine::Text(text.trim().parse::<Decimal>()?.to_string()))
        }
        // PostgreSQL says where a text is no JSON in a part of its answer that is not passed on.
        (Cell::Text(text), Target::Json) => match parse_text(&Kind::Json, text) {
            Ok(json) => Ok(bind::owned(&json)),
            Err(error) if error.is_invalid_value() => {
                Err(CastError::new(error.sqlstate(), "invalid input syntax for type json"))
            }
            Err(error) => Err(error.into()),
        },
        (Cell::Text(text), _) => Ok(bind::owned(&parse_text(&target.kind(), text)?)),
        (Cell::Json(text), Target::Json) => Ok(Engine::Text((*text).to_owned())),
        (Cell::Json(text), _) => from_json(text, target),
        (Cell::Timestamp(micros), Target::Date) => {
            Ok(Engine::Text(text_of(&Cell::Date(micros.div_euclid(DAY) as i32))))
        }
        (Cell::Timestamp(micros), Target::Time) => Ok(Engine::Integer(micros.rem_euclid(DAY))),
        (Cell::Interval(interval), Target::Time) => {
            Ok(Engine::Integer(interval.micros.rem_euclid(DAY)))
        }
        (Cell::Time(micros), Target::Interval) => {
            let interval = Interval { micros: *micros, ..Interval::default() };
            Ok(Engine::Text(interval.to_string()))
        }
        (Cell::Date(days), Target::Timestamp) => Ok(Engine::Integer(i64::from(*days) * DAY)),
        (Cell::Bool(value), Target::Int(_)) => Ok(Engine::Integer(i64::from(*value))),
        (Cell::Int(value), Target::Bool) => Ok(Engine::Integer(i64::from(*value != 0))),
        (Cell::Double(value), _) => from_double(*value, target, fifteen_digits),
        (Cell::Real(value), _) => from_double(f64::from(*value), target, six_digits),
        (Cell::Int(value), Target::Real) => Ok(Engine::Real(f64::from(*value as f32))),
        (Cell::Int(_) | Cell::Decimal { .. } | Cell::Number(_) | Cell::Digits(_), _) => {
            from_digits(&text_of(&cell), target)
        }
        // A value of the same type.
        _ => Ok(value.into()),
    }
}

/// The types that a cast can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Text,
    /// With this many bytes.
    Int(u8),
    Double,
    Numeric,
    Bool,
    Timestamp,
    Date,
    Uuid,
    Json,
    Real,
    Time,
    Interval,
    Bytes,
    Inet,
    Range(RangeKind),
    Name,
    Char,
}

impl Target {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "int2" => Self::Int(2),
            "int4" => Self::Int(4),
            "int8" => Self::Int(8),
            "float8" => Self::Double,
            "numeric" => Self::Numeric,
            "bool" => Self::Bool,
            "timestamptz" => Self::Timestamp,
            "date" => Self::Date,
            "uuid" => Self::Uuid,
            "json" => Self::Json,
            "float4" => Self::Real,
            "time" => Self::Time,
            "interval" => Self::Interval,
            "bytea" => Self::Bytes,
            "inet" => Self::Inet,
            "name" => Self::Name,
            "bpchar(1)" => Self::Char,
            _ => Self::Range(RangeKind::named(name)?),
        })
    }

    fn kind(self) -> Kind {
        match self {
            Self::Text | Self::Name | Self::Char => Kind::Text { max: None },
            Self::Int(2) => Kind::SmallInt,
            Self::Int(4) => Kind::Integer,
            Self::Int(_) => Kind::BigInt,
            Self::Double => Kind::Double,
            Self::Numeric => Kind::NUMERIC,
            Self::Real => Kind::Real,
            Self::Time => Kind::Time,
            Self::Interval => Kind::Interval,
            Self::Bytes => Kind::Bytes,
            Self::Inet => Kind::Inet,
            Self::Range(kind) => Kind::Range(kind),
            Self::Bool => Kind::Boolean,
            Self::Timestamp => Kind::Timestamp,
            Self::Date => Kind::Date,
            Self::Uuid => Kind::Uuid,
            Self::Json => Kind::Json,
        }
    }

    fn type_name(self) -> String {
        match self {
            Self::Name => "name".to_owned(),
            Self::Char => "character".to_owned(),
            _ => type_name(&self.kind()),
        }
    }

    /// Whether `PostgreSQL` casts this kind to the target at all.
    fn takes(self, source: &Kind) -> bool {
        let is_text = matches!(self, Self::Text | Self::Name | Self::Char);
        if is_text || source.is_textual() {
            return true;
        }
        let is_number = matches!(
            source,
            Kind::SmallInt
                | Kind::Integer
                | Kind::BigInt
                | Kind::Double
                | Kind::Real
                | Kind::Decimal { .. }
                | Kind::U256
        );
        match self {
            Self::Text | Self::Name | Self::Char => true,
            Self::Int(4) => is_number || matches!(source, Kind::Json | Kind::Boolean),
            Self::Int(_) | Self::Double | Self::Real | Self::Numeric => {
                is_number || *source == Kind::Json
            }
            Self::Time => matches!(source, Kind::Time | Kind::Timestamp | Kind::Interval),
            Self::Interval => matches!(source, Kind::Interval | Kind::Time),
            Self::Bytes | Self::Inet | Self::Range(_) => *source == self.kind(),
            Self::Bool => matches!(source, Kind::Boolean | Kind::Integer | Kind::Json),
            Self::Timestamp | Self::Date => matches!(source, Kind::Timestamp | Kind::Date),
            Self::Uuid => *source == Kind::Uuid,
            Self::Json => *source == Kind::Json,
        }
    }
}

/// The kind that [`Kind::name`] calls so; choices are text.
fn kind_named(name: &str) -> Option<Kind> {
    Some(match name {
        "uuid" => Kind::Uuid,
        "text" | "choice" => Kind::Text { max: None },
        "boolean" => Kind::Boolean,
        "smallint" => Kind::SmallInt,
        "integer" => Kind::Integer,
        "bigint" => Kind::BigInt,
        "double precision" => Kind::Double,
        "bytea" => Kind::Bytes,
        "timestamptz" => Kind::Timestamp,
        "date" => Kind::Date,
        "numeric(78,0)" => Kind::U256,
        "numeric" => Kind::NUMERIC,
        "jsonb" => Kind::Json,
        "inet" => Kind::Inet,
        "real" => Kind::Real,
        "time" => Kind::Time,
        "interval" => Kind::Interval,
        "timestamptz[]" => Kind::List(ItemKind::Timestamp),
        _ if RangeKind::named(name).is_some() => Kind::Range(RangeKind::named(name)?),
        _ if name.ends_with("[]") => Kind::List(ItemKind::Text),
        _ => {
            let digits = name.strip_prefix("numeric(")?.strip_suffix(')')?;
            let (precision, scale) = digits.split_once(',')?;
            Kind::Decimal { precision: precision.parse().ok()?, scale: scale.parse().ok()? }
        }
    })
}

/// The name in `PostgreSQL`'s messages.
fn type_name(kind: &Kind) -> String {
    match kind {
        Kind::Timestamp => "timestamp with time zone".to_owned(),
        Kind::Time => "time without time zone".to_owned(),
        Kind::Decimal { .. } | Kind::U256 => "numeric".to_owned(),
        _ => kind.name().into_owned(),
    }
}

fn text_of(cell: &Cell<'_>) -> String {
    match cell {
        // Output functions and casts differ in these.
        Cell::Bool(value) => value.to_string(),
        Cell::Inet(address) => {
            let bits = if matches!(address, IpAddr::V4(_)) { 32 } else { 128 };
            format!("{}/{bits}", written(cell))
        }
        _ => written(cell),
    }
}

/// The first 63 bytes, as the type `name` keeps of a text.
fn name_of(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(63));
    text
}

fn written(cell: &Cell<'_>) -> String {
    let mut text = Vec::new();
    cell.write_text(&mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// A scalar in a document. Strings don't cast to numbers, as in `PostgreSQL`.
fn from_json(text: &str, target: Target) -> Result<Engine> {
    let kind = match text.as_bytes().first() {
        Some(b'"') => "string",
        Some(b'[') => "array",
        Some(b'{') => "object",
        Some(b'n') => "null",
        Some(b't' | b'f') => "boolean",
        _ => "numeric",
    };
    match (kind, target) {
        ("boolean", Target::Bool) => Ok(Engine::Integer(i64::from(text == "true"))),
        ("numeric", Target::Int(_) | Target::Double | Target::Real | Target::Numeric) => {
            from_digits(text, target)
        }
        _ => {
            let message = format!("cannot cast jsonb {kind} to type {}", target.type_name());
            Err(CastError::new("22023", message))
        }
    }
}

/// Rounds half to even, as `PostgreSQL` does for doubles and singles.
fn from_double(value: f64, target: Target, numeric: fn(f64) -> String) -> Result<Engine> {
    match target {
        Target::Numeric => Ok(Engine::Text(numeric(value))),
        Target::Real => {
            let single = value as f32;
            let fault = if single.is_infinite() {
                "value out of range: overflow"
            } else if single == 0.0 && value != 0.0 {
                "value out of range: underflow"
            } else {
                return Ok(Engine::Real(f64::from(single)));
            };
            Err(CastError::new("22003", fault))
        }
        Target::Int(bytes) => {
            let rounded = value.round_ties_even();
            let limit = 2_f64.powi(i32::from(bytes) * 8 - 1);
            if rounded >= -limit && rounded < limit {
                Ok(Engine::Integer(rounded as i64))
            } else {
                Err(out_of_range(target))
            }
        }
        _ => Ok(Engine::Real(value)),
    }
}

/// An exact number, given in plain digits with an optional point; rounds half away from zero.
fn from_digits(text: &str, target: Target) -> Result<Engine> {
    let Target::Int(bytes) = target else {
        return Ok(if matches!(target, Target::Double | Target::Real) {
            bind::owned(&parse_text(&target.kind(), text)?)
        } else {
            Engine::Text(text.to_owned())
        });
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let away = i128::from(fraction.as_bytes().first().is_some_and(|digit| *digit >= b'5'));
    let away = if whole.starts_with('-') { -away } else { away };
    let limit = 1_i128 << (u32::from(bytes) * 8 - 1);
    match whole.parse::<i128>() {
        Ok(value) if (-limit..limit).contains(&(value + away)) => {
            Ok(Engine::Integer((value + away) as i64))
        }
        _ => Err(out_of_range(target)),
    }
}

fn out_of_range(target: Target) -> CastError {
    CastError::new("22003", format!("{} out of range", target.type_name()))
}

/// A double in 15 significant digits without an exponent.
fn fifteen_digits(value: f64) -> String {
    plain(value, &format!("{value:.14e}"))
}

/// A single in 6 significant digits without an exponent.
fn six_digits(value: f64) -> String {
    plain(value, &format!("{value:.5e}"))
}

/// The number of a scientific text without its exponent.
fn plain(value: f64, text: &str) -> String {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let sign = if mantissa.starts_with('-') && value != 0.0 { "-" } else { "" };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    // The point stands behind so many digits.
    let point = exponent + 1;
    match usize::try_from(point) {
        _ if digits.is_empty() => "0".to_owned(),
        Ok(0) => format!("{sign}0.{digits}"),
        Ok(point) if point >= digits.len() => format!("{sign}{digits:0<point$}"),
        Ok(point) => format!("{sign}{}.{}", &digits[..point], &digits[point..]),
        Err(_) => format!("{sign}0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
    }
}

#[cfg(test)]
mod tests {
    use super::{CastError, cast, fifteen_digits};
    use rusqlite::types::{Value, ValueRef};

    fn text(value: &str) -> Value {
        Value::Text(value.to_owned())
    }

    #[test]
    fn casts_are_those_of_postgres() {
        let int = Value::Integer;
        let cases = [
            (int(5), "integer", "text", text("5")),
            (int(1), "boolean", "text", text("true")),
            (int(1), "boolean", "int4", int(1)),
            (int(2), "integer", "bool", int(1)),
            (int(-150), "numeric(10,2)", "int4", int(-2)),
            (int(249), "numeric(10,2)", "int8", int(2)),
            (int(250), "numeric(10,2)", "numeric", text("2.50")),
            (Value::Real(2.5), "double precision", "int4", int(2)),
            (Value::Real(0.1), "double precision", "numeric", text("0.1")),
            (text(" 7 "), "text", "int4", int(7)),
            (text("2026-01-31"), "date", "timestamptz", int(1_769_817_600_000_000)),
            (int(1_769_817_600_000_000), "timestamptz", "date", text("2026-01-31")),
            (text("10.0.0.1"), "inet", "text", text("10.0.0.1/32")),
            (text("true"), "jsonb", "bool", int(1)),
            (text("1.5"), "jsonb", "int4", int(2)),
            (text("{\"a\": 1}"), "jsonb", "text", text("{\"a\": 1}")),
            (text("[\"a\"]"), "text[]", "text", text("{a}")),
            (Value::Null, "integer", "text", Value::Null),
        ];
        for (value, source, target, expected) in cases {
            let made = cast(ValueRef::from(&value), source, target);
            assert_eq!(made, Ok(expected), "{value:?}: {source} as {target}");
        }
    }

    #[test]
    fn refused_casts_carry_the_sqlstate_of_postgres() {
        let cases = [
            (Value::Integer(70_000), "integer", "int2", "22003", "smallint out of range"),
            (text("x"), "text", "int4", "22P02", "invalid input syntax for type integer: \"x\""),
            (Value::Integer(1), "bigint", "bool", "42846", "cannot cast type bigint to boolean"),
            (text("\"1\""), "jsonb", "int4", "22023", "cannot cast jsonb string to type integer"),
        ];
        for (value, source, target, sqlstate, message) in cases {
            let made = cast(ValueRef::from(&value), source, target);
            assert_eq!(made, Err(CastError::new(sqlstate, message)));
        }
    }

    #[test]
    fn doubles_become_numbers_of_fifteen_digits() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (0.001_25, "0.00125"),
            (-1234.5, "-1234.5"),
            (1e20, "100000000000000000000"),
            (1.0 / 3.0, "0.333333333333333"),
        ];
        for (value, expected) in cases {
            assert_eq!(fifteen_digits(value), expected);
        }
    }
}
