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
    /// An exact number with `scale` digits after the point; at most 18 digits in all.
    Decimal {
        /// Digits in all, 1 to 18.
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
        }
    }
}

impl Kind {
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

    /// Whether the values are text to the engines (text, choice).
    pub const fn is_textual(&self) -> bool {
        matches!(self, Self::Text { .. } | Self::Choice(_))
    }
}
