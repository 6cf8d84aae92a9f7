//! Values as parameters of a statement, in the type that the server infers where they stand.
//!
//! Usual pairs of value and type go in the type's binary form. Any other pair goes as text, which
//! the server reads as if it stood in the statement as a literal, with its own errors. Unnamed
//! statements ([`Type::UNKNOWN`]) get text throughout.

use super::numeric;
use bytes::{BufMut, BytesMut};
use mainstay_entity::cell::Cell;
use mainstay_entity::{Record, Value};
use postgres_protocol::types::{self as wire, ArrayDimension};
use postgres_types::{Format, IsNull, Kind, ToSql, Type, to_sql_checked};
use std::error::Error;
use std::fmt;

/// Microseconds from 1970 to 2000, PostgreSQL's epoch.
pub(super) const EPOCH_MICROS: i64 = 946_684_800_000_000;
/// Days from 1970 to 2000, PostgreSQL's epoch.
pub(super) const EPOCH_DAYS: i32 = 10_957;

/// One parameter of a statement.
pub(super) enum Parameter<'a> {
    /// A value.
    Value(&'a Value),
    /// Values as an array.
    List(&'a [Value]),
    /// The values of one column of several rows as an array.
    Column {
        /// The rows; each is as long as its table.
        rows: &'a [&'a Record],
        /// Which column.
        index: usize,
    },
    /// Text.
    Text(&'a str),
}

/// Parameters hold what people confide, and the driver logs them.
impl fmt::Debug for Parameter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}

type Encoded<T> = Result<T, Box<dyn Error + Sync + Send>>;

impl ToSql for Parameter<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Encoded<IsNull> {
        match (self, self.encode_format(ty)) {
            (Self::Value(Value::Null), _) => return Ok(IsNull::Yes),
            (Self::Text(text), _) => out.extend_from_slice(text.as_bytes()),
            (Self::Value(value), Format::Binary) => write_binary(value, ty, out)?,
            (Self::Value(value), Format::Text) => write_text(&value.as_cell(), out),
            (Self::List(items), Format::Binary) => write_array(items.iter(), ty, out)?,
            (Self::List(items), Format::Text) => write_list(items.iter(), out),
            (Self::Column { rows, index }, Format::Binary) => {
                write_array(column(rows, *index), ty, out)?;
            }
            (Self::Column { rows, index }, Format::Text) => write_list(column(rows, *index), out),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, ty: &Type) -> Format {
        let binary = match (self, ty.kind()) {
            (Self::Value(value), _) => is_binary(value, ty),
            (Self::List(items), Kind::Array(item)) => items.iter().all(|v| is_binary(v, item)),
            (Self::Column { rows, index }, Kind::Array(item)) => {
                column(rows, *index).all(|value| is_binary(value, item))
            }
            _ => false,
        };
        if binary { Format::Binary } else { Format::Text }
    }

    to_sql_checked!();
}

fn column<'a>(rows: &'a [&'a Record], index: usize) -> impl ExactSizeIterator<Item = &'a Value> {
    rows.iter().map(move |row| &row.0[index])
}

/// Whether [`write_binary`] can write the value as this type.
fn is_binary(value: &Value, ty: &Type) -> bool {
    match (value, ty) {
        (_, &Type::UNKNOWN) => false,
        (Value::Null, _)
        // The binary form of text is the text.
        | (_, &Type::TEXT | &Type::VARCHAR)
        | (Value::Bool(_), &Type::BOOL)
        | (Value::Int(_), &Type::INT8)
        | (Value::Double(_), &Type::FLOAT8)
        | (Value::Real(_), &Type::FLOAT4)
        | (Value::Time(_), &Type::TIME)
        | (Value::Interval(_), &Type::INTERVAL)
        | (Value::Decimal(_), &Type::NUMERIC)
        | (Value::Bytes(_), &Type::BYTEA)
        | (Value::Uuid(_), &Type::UUID)
        | (Value::Date(_), &Type::DATE)
        | (Value::Json(_), &Type::JSONB)
        | (Value::Inet(_), &Type::INET) => true,
        (Value::Int(value), &Type::INT4) => i32::try_from(*value).is_ok(),
        (Value::Int(value), &Type::INT2) => i16::try_from(*value).is_ok(),
        (Value::Timestamp(micros), &Type::TIMESTAMPTZ) => {
            micros.checked_sub(EPOCH_MICROS).is_some()
        }
        (Value::Text(digits), &Type::NUMERIC) => {
            (1..=78).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        }
        (Value::List(items), ty) => match ty.kind() {
            Kind::Array(item) => items.iter().all(|value| is_binary(value, item)),
            _ => false,
        },
        _ => false,
    }
}

/// Appends a value, not null, for which [`is_binary`] holds.
fn write_binary(value: &Value, ty: &Type, out: &mut BytesMut) -> Encoded<()> {
    match (value, ty) {
        (Value::Text(text), &Type::TEXT | &Type::VARCHAR) => wire::text_to_sql(text, out),
        (value, &Type::TEXT | &Type::VARCHAR) => write_text(&value.as_cell(), out),
        (Value::Bool(value), _) => wire::bool_to_sql(*value, out),
        (Value::Int(value), &Type::INT2) => wire::int2_to_sql(*value as i16, out),
        (Value::Int(value), &Type::INT4) => wire::int4_to_sql(*value as i32, out),
        (Value::Int(value), _) => wire::int8_to_sql(*value, out),
        (Value::Double(value), _) => wire::float8_to_sql(*value, out),
        (Value::Real(value), _) => wire::float4_to_sql(*value, out),
        (Value::Time(micros), _) => wire::time_to_sql(*micros, out),
        (Value::Interval(interval), _) => {
            out.put_i64(interval.micros);
            out.put_i32(interval.days);
            out.put_i32(interval.months);
        }
        (Value::Range(_), _) => return Err("a range goes as text".into()),
        (Value::Decimal(value), _) => numeric::write_decimal(*value, out),
        (Value::Text(digits), _) => numeric::write_digits(digits, out),
        (Value::Bytes(bytes), _) => wire::bytea_to_sql(bytes, out),
        (Value::Uuid(id), _) => wire::uuid_to_sql(id.into_bytes(), out),
        (Value::Timestamp(micros), _) => wire::timestamp_to_sql(micros - EPOCH_MICROS, out),
        (Value::Date(_), _) => {
            let Cell::Date(days) = value.as_cell() else {
                return Err("a date".into());
            };
            wire::date_to_sql(days - EPOCH_DAYS, out);
        }
        (Value::Json(text), _) => {
            // The only version of the form.
            out.extend_from_slice(&[1]);
            out.extend_from_slice(text.as_bytes());
        }
        (Value::Inet(address), _) => {
            let mask = if address.is_ipv4() { 32 } else { 128 };
            wire::inet_to_sql(*address, mask, out);
        }
        (Value::List(items), _) => write_array(items.iter(), ty, out)?,
        (Value::Null, _) => return Err("null has no binary form".into()),
    }
    Ok(())
}

fn write_array<'a>(
    items: impl ExactSizeIterator<Item = &'a Value>,
    ty: &Type,
    out: &mut BytesMut,
) -> Encoded<()> {
    let Kind::Array(item) = ty.kind() else {
        return Err("an array".into());
    };
    let dimension = ArrayDimension { len: i32::try_from(items.len())?, lower_bound: 1 };
    let dimensions = (dimension.len > 0).then_some(dimension);
    let write = |value: &Value, out: &mut BytesMut| {
        if value.is_null() {
            return Ok(postgres_protocol::IsNull::Yes);
        }
        write_binary(value, item, out).map(|()| postgres_protocol::IsNull::No)
    };
    wire::array_to_sql(dimensions, item.oid(), items, write, out)
}

/// Appends an array literal. A list inside of it is the literal of that list as text.
fn write_list<'a>(items: impl Iterator<Item = &'a Value>, out: &mut BytesMut) {
    write_text(&Cell::List(items.map(Value::as_cell).collect()), out);
}

fn write_text(cell: &Cell<'_>, out: &mut BytesMut) {
    let mut text = Vec::new();
    cell.write_text(&mut text);
    out.extend_from_slice(&text);
}
