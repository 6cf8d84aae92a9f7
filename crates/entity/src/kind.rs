//! The kinds of column, the same on both engines.

use crate::choice::ChoiceMeta;
use crate::meta::Str;
use std::borrow::Cow;

/// What a column holds. Each kind has one representation per engine and one in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A 128-bit identifier; those that the server makes are UUIDv7.
    Uuid,
    /// Unicode text without NUL; `max` counts code points.
    Text {
        /// Longest accepted length in code points; `None` is bounded by the body limit alone.
        max: Option<u32>,
    },
    /// True or false.
    Boolean,
    /// A 16-bit signed integer.
    SmallInt,
    /// A 32-bit signed integer.
    Integer,
    /// A 64-bit signed integer.
    BigInt,
    /// An IEEE 754 double; NaN and infinities are refused.
    Double,
    /// Raw bytes, written as `\x` and hexadecimal digits.
    Bytes,
    /// An instant in microseconds, printed in UTC with `+00:00`.
    Timestamp,
    /// A calendar date, `2026-01-31`.
    Date,
    /// An IEEE 754 single; NaN and infinities are refused.
    Real,
    /// A time of the day in microseconds, `00:00:00` to `24:00:00`, without a zone.
    Time,
    /// A span of months, days and microseconds.
    Interval,
    /// A range of numbers, dates or instants.
    Range(RangeKind),
    /// An exact number with `scale` digits after the point; at most 18 digits in all.
    Decimal {
        /// Digits in all, 1 to 18; 0 for a value that is no column's, with its own scale.
        precision: u8,
        /// Digits after the point, 0 to `precision`.
        scale: u8,
    },
    /// An unsigned 256-bit integer, a string in JSON.
    U256,
    /// One value of a closed list, stored as text with a CHECK.
    Choice(Cow<'static, ChoiceMeta>),
    /// A JSON document in `jsonb`'s canonical text form.
    Json,
    /// A list of scalars.
    List(ItemKind),
    /// An IPv4 or IPv6 address without a mask.
    Inet,
    /// Ciphertext under the tenant's key; written, never read back.
    Secret,
    /// Ciphertext under the data subject's key; readable with permission.
    Sealed,
}

/// What a list's items are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemKind {
    /// See [`Kind::Text`], without a limit.
    Text,
    /// See [`Kind::Uuid`].
    Uuid,
    /// See [`Kind::Boolean`].
    Boolean,
    /// See [`Kind::Integer`].
    Integer,
    /// See [`Kind::BigInt`].
    BigInt,
    /// See [`Kind::Double`].
    Double,
    /// See [`Kind::SmallInt`].
    SmallInt,
    /// See [`Kind::Real`].
    Real,
    /// Exact numbers of at most 18 digits, each with its own scale.
    Numeric,
    /// See [`Kind::Date`].
    Date,
    /// See [`Kind::Timestamp`].
    Timestamp,
}

/// What a range's elements are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RangeKind {
    /// See [`Kind::Integer`].
    Integer,
    /// See [`Kind::BigInt`].
    BigInt,
    /// Exact numbers of at most 18 digits, each with its own scale.
    Numeric,
    /// See [`Kind::Date`].
    Date,
    /// See [`Kind::Timestamp`].
    Timestamp,
}

impl RangeKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Integer, Self::BigInt, Self::Numeric, Self::Date, Self::Timestamp];

    /// `PostgreSQL`'s name of the type.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Integer => "int4range",
            Self::BigInt => "int8range",
            Self::Numeric => "numrange",
            Self::Date => "daterange",
            Self::Timestamp => "tstzrange",
        }
    }

    /// The kind that [`RangeKind::name`] calls so.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind of an element.
    pub const fn element(self) -> Kind {
        match self {
            Self::Integer => Kind::Integer,
            Self::BigInt => Kind::BigInt,
            Self::Numeric => Kind::NUMERIC,
            Self::Date => Kind::Date,
            Self::Timestamp => Kind::Timestamp,
        }
    }

    /// Whether every element has a next one, so that ranges have a canonical form.
    pub const fn is_discrete(self) -> bool {
        matches!(self, Self::Integer | Self::BigInt | Self::Date)
    }
}

impl ItemKind {
    /// The column kind of one item.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Text => Kind::Text { max: None },
            Self::Uuid => Kind::Uuid,
            Self::Boolean => Kind::Boolean,
            Self::Integer => Kind::Integer,
            Self::BigInt => Kind::BigInt,
            Self::Double => Kind::Double,
            Self::SmallInt => Kind::SmallInt,
            Self::Real => Kind::Real,
            Self::Numeric => Kind::NUMERIC,
            Self::Date => Kind::Date,
            Self::Timestamp => Kind::Timestamp,
        }
    }
}

impl Kind {
    /// Exact numbers, each with its own scale: items of lists, bounds of ranges, results of casts
    /// and aggregates.
    pub const NUMERIC: Self = Self::Decimal { precision: 0, scale: 0 };

    /// The name shown in errors and schemas; `PostgreSQL`'s where it has the type.
    pub fn name(&self) -> Str {
        Cow::Borrowed(match self {
            Self::Uuid => "uuid",
            Self::Text { .. } => "text",
            Self::Boolean => "boolean",
            Self::SmallInt => "smallint",
            Self::Integer => "integer",
            Self::BigInt => "bigint",
            Self::Double => "double precision",
            Self::Bytes => "bytea",
            Self::Timestamp => "timestamptz",
            Self::Date => "date",
            Self::Real => "real",
            Self::Time => "time",
            Self::Interval => "interval",
            Self::Range(kind) => kind.name(),
            Self::Decimal { precision: 0, .. } => "numeric",
            Self::Decimal { precision, scale } => {
                return Cow::Owned(format!("numeric({precision},{scale})"));
            }
            Self::U256 => "numeric(78,0)",
            Self::Choice(_) => "choice",
            Self::Json => "jsonb",
            Self::List(item) => match item {
                ItemKind::Text => "text[]",
                ItemKind::Uuid => "uuid[]",
                ItemKind::Boolean => "boolean[]",
                ItemKind::Integer => "integer[]",
                ItemKind::BigInt => "bigint[]",
                ItemKind::Double => "double precision[]",
                ItemKind::SmallInt => "smallint[]",
                ItemKind::Real => "real[]",
                ItemKind::Numeric => "numeric[]",
                ItemKind::Date => "date[]",
                ItemKind::Timestamp => "timestamptz[]",
            },
            Self::Inet => "inet",
            Self::Secret => "secret",
            Self::Sealed => "sealed",
        })
    }

    /// Whether values are ciphertext: no filter but equality through a blind index, no order.
    pub const fn is_confidential(&self) -> bool {
        matches!(self, Self::Secret | Self::Sealed)
    }

    /// Whether equal values are always written alike, so that text tells whether they are equal.
    pub const fn has_one_spelling(&self) -> bool {
        !matches!(
            self,
            Self::Json
                | Self::Interval
                | Self::Range(RangeKind::Numeric)
                | Self::List(ItemKind::Numeric | ItemKind::Double | ItemKind::Real)
                | Self::Decimal { precision: 0, .. }
        )
    }

    /// Whether the values are text to the engines (text, choice).
    pub const fn is_textual(&self) -> bool {
        matches!(self, Self::Text { .. } | Self::Choice(_))
    }
}
