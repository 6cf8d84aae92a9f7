//! Rows of a result: columns in PostgreSQL's binary form, read as cells without a detour.

use super::bind::{EPOCH_DAYS, EPOCH_MICROS};
use super::numeric::Numeric;
use crate::error::{Error, Result};
use crate::statement::{Row, value_of};
use mainstay_entity::cell::Cell;
use mainstay_entity::range::{self, End};
use mainstay_entity::{Interval, Kind, RangeKind, Record};
use postgres_protocol::types as wire;
use postgres_types::{FromSql, Kind as TypeKind, Type};
use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;
use tokio_postgres::Row as WireRow;

/// The version byte of `jsonb`'s binary form.
const JSONB_VERSION: u8 = 1;

/// A row as the server sent it.
pub(super) struct PostgresRow {
    row: WireRow,
    /// Texts of what no machine word holds, made when they are asked for: large numbers, networks.
    texts: OnceLock<Box<[OnceLock<String>]>>,
}

impl From<WireRow> for PostgresRow {
    fn from(row: WireRow) -> Self {
        Self { row, texts: OnceLock::new() }
    }
}

impl Row for PostgresRow {
    fn cell<'a>(&'a self, index: usize, kind: &Kind) -> Result<Cell<'a>> {
        let column = self.row.columns().get(index);
        let ty = column.ok_or_else(|| Error::internal("a row has too few columns"))?.type_();
        let raw: Option<Raw<'a>> = self.row.try_get(index).map_err(Error::internal)?;
        let Some(Raw(bytes)) = raw else {
            return Ok(Cell::Null);
        };
        let unreadable = || Error::internal(format!("can't read {ty} as {}", kind.name()));
        match (ty, kind) {
            (&Type::NUMERIC, _) => {
                let number = Numeric::read(bytes).ok_or_else(unreadable)?;
                self.number(index, &number, kind).ok_or_else(unreadable)
            }
            (_, Kind::List(item)) => {
                let TypeKind::Array(item_type) = ty.kind() else {
                    return Err(unreadable());
                };
                list(bytes, ty, item_type, &item.kind()).ok_or_else(unreadable)
            }
            (_, Kind::Range(range)) => {
                let text = range_text(bytes, *range).ok_or_else(unreadable)?;
                Ok(Cell::Range(Cow::Owned(text)))
            }
            (&Type::INET | &Type::CIDR, Kind::Inet) => {
                self.address(index, bytes).ok_or_else(unreadable)
            }
            _ => scalar(bytes, ty, kind).ok_or_else(unreadable),
        }
    }
}

impl PostgresRow {
    /// The row's values, one for each of `kinds`.
    pub(super) fn record(&self, kinds: &[Kind]) -> Result<Record> {
        let value = |(index, kind)| value_of(&self.cell(index, kind)?);
        Ok(Record(kinds.iter().enumerate().map(value).collect::<Result<_>>()?))
    }

    fn number<'a>(&'a self, index: usize, number: &Numeric<'_>, kind: &Kind) -> Option<Cell<'a>> {
        match kind {
            Kind::U256 => Some(Cell::Digits(self.text(index, || number.text())?)),
            Kind::Decimal { .. } | Kind::BigInt | Kind::Integer | Kind::SmallInt => {
                match number.decimal() {
                    Some(decimal) => Some(Cell::from(decimal)),
                    None => Some(Cell::Number(self.text(index, || number.text())?)),
                }
            }
            _ => None,
        }
    }

    /// An address; as text with its netmask when it is one of a network, which no value of ours is
    /// and which must not be taken for one.
    fn address<'a>(&'a self, index: usize, bytes: &[u8]) -> Option<Cell<'a>> {
        let inet = wire::inet_from_sql(bytes).ok()?;
        let (address, mask) = (inet.addr(), inet.netmask());
        if mask == if address.is_ipv4() { 32 } else { 128 } {
            return Some(Cell::Inet(address));
        }
        Some(Cell::Text(self.text(index, || format!("{address}/{mask}"))?))
    }

    fn text(&self, index: usize, text: impl FnOnce() -> String) -> Option<&str> {
        let width = self.row.len();
        let texts = self.texts.get_or_init(|| (0..width).map(|_| OnceLock::new()).collect());
        Some(texts.get(index)?.get_or_init(text))
    }
}

impl fmt::Debug for PostgresRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresRow").finish_non_exhaustive()
    }
}

/// The bytes of a column.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(
        _: &Type,
        raw: &'a [u8],
    ) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A value that is neither a list nor `numeric`; nothing when the bytes are not of this kind.
fn scalar<'a>(bytes: &'a [u8], ty: &Type, kind: &Kind) -> Option<Cell<'a>> {
    Some(match (kind, ty) {
        (Kind::Uuid, &Type::UUID) => Cell::Uuid(bytes.try_into().ok()?),
        (
            Kind::Text { .. } | Kind::Choice(_),
            &Type::TEXT | &Type::VARCHAR | &Type::NAME | &Type::BPCHAR | &Type::UNKNOWN,
        ) => Cell::Text(std::str::from_utf8(bytes).ok()?),
        (Kind::Boolean, &Type::BOOL) => Cell::Bool(wire::bool_from_sql(bytes).ok()?),
        (Kind::Decimal { .. }, &Type::NUMERIC) => Cell::from(Numeric::read(bytes)?.decimal()?),
        (Kind::SmallInt | Kind::Integer | Kind::BigInt | Kind::Decimal { .. }, _) => {
            Cell::Int(integer(bytes, ty)?)
        }
        (Kind::Double, &Type::FLOAT8) => Cell::Double(wire::float8_from_sql(bytes).ok()?),
        (Kind::Real, &Type::FLOAT4) => Cell::Real(wire::float4_from_sql(bytes).ok()?),
        (Kind::Time, &Type::TIME) => Cell::Time(wire::time_from_sql(bytes).ok()?),
        (Kind::Interval, &Type::INTERVAL) => Cell::Interval(interval(bytes)?),
        (Kind::Bytes | Kind::Secret | Kind::Sealed, &Type::BYTEA) => Cell::Bytes(bytes),
        (Kind::Timestamp, &Type::TIMESTAMPTZ) => {
            // The infinities would leave the range.
            let micros = wire::timestamp_from_sql(bytes).ok()?;
            Cell::Timestamp(micros.checked_add(EPOCH_MICROS).filter(|_| micros != i64::MIN)?)
        }
        (Kind::Date, &Type::DATE) => {
            let days = wire::date_from_sql(bytes).ok()?;
            Cell::Date(days.checked_add(EPOCH_DAYS).filter(|_| days != i32::MIN)?)
        }
        // A plan.
        (Kind::Json, &Type::JSON) => Cell::Json(std::str::from_utf8(bytes).ok()?),
        (Kind::Json, &Type::JSONB) => {
            let (version, text) = bytes.split_first()?;
            let text = std::str::from_utf8(text).ok().filter(|_| *version == JSONB_VERSION)?;
            Cell::Json(text)
        }
        (Kind::Inet, &Type::INET | &Type::CIDR) => {
            Cell::Inet(wire::inet_from_sql(bytes).ok()?.addr())
        }
        _ => return None,
    })
}

/// `interval_send` in `src/backend/utils/adt/timestamp.c`; the infinities are none of ours.
fn interval(bytes: &[u8]) -> Option<Interval> {
    let (micros, rest) = bytes.split_first_chunk::<8>()?;
    let (days, months) = rest.split_first_chunk::<4>()?;
    let months = i32::from_be_bytes(months.try_into().ok()?);
    let (micros, days) = (i64::from_be_bytes(*micros), i32::from_be_bytes(*days));
    let is_infinite = [i32::MIN, i32::MAX].contains(&months) && days == months;
    (!is_infinite).then_some(Interval { months, days, micros })
}

/// A range as text.
fn range_text(bytes: &[u8], kind: RangeKind) -> Option<String> {
    use wire::RangeBound::{Exclusive, Inclusive};
    let wire::Range::Nonempty(lower, upper) = wire::range_from_sql(bytes).ok()? else {
        return Some(range::EMPTY.to_owned());
    };
    let numbers = [&lower, &upper].map(|bound| match bound {
        Inclusive(Some(bytes)) | Exclusive(Some(bytes)) if kind == RangeKind::Numeric => {
            Some(Numeric::read(bytes)?.text())
        }
        _ => None,
    });
    let [lower_number, upper_number] = &numbers;
    Some(range::print(
        &end(&lower, kind, lower_number.as_deref())?,
        &end(&upper, kind, upper_number.as_deref())?,
    ))
}

/// An end of a range; of numbers their text is given.
fn end<'a>(
    bound: &wire::RangeBound<Option<&'a [u8]>>,
    kind: RangeKind,
    number: Option<&'a str>,
) -> Option<End<'a>> {
    let (bytes, included) = match bound {
        wire::RangeBound::Unbounded => return Some(End::Unbounded),
        wire::RangeBound::Inclusive(bytes) => ((*bytes)?, true),
        wire::RangeBound::Exclusive(bytes) => ((*bytes)?, false),
    };
    let ty = match kind {
        RangeKind::Numeric => {
            return Some(End::At { element: Cell::Number(number?), included });
        }
        RangeKind::Integer => Type::INT4,
        RangeKind::BigInt => Type::INT8,
        RangeKind::Date => Type::DATE,
        RangeKind::Timestamp => Type::TIMESTAMPTZ,
    };
    Some(End::At { element: scalar(bytes, &ty, &kind.element())?, included })
}

fn integer(bytes: &[u8], ty: &Type) -> Option<i64> {
    match *ty {
        Type::INT2 => wire::int2_from_sql(bytes).ok().map(i64::from),
        Type::INT4 => wire::int4_from_sql(bytes).ok().map(i64::from),
        Type::INT8 => wire::int8_from_sql(bytes).ok(),
        _ => None,
    }
}

/// The items of a one-dimensional array of `item_type`.
fn list<'a>(bytes: &'a [u8], array: &Type, item_type: &Type, item: &Kind) -> Option<Cell<'a>> {
    let values = Vec::<Option<Raw<'a>>>::from_sql(array, bytes).ok()?;
    let cell = |value: Option<Raw<'a>>| match value {
        None => Some(Cell::Null),
        Some(Raw(bytes)) => scalar(bytes, item_type, item),
    };
    values.into_iter().map(cell).collect::<Option<Vec<_>>>().map(Cell::List)
}
