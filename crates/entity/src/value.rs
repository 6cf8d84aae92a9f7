//! Values: what a column of one row holds, independent of engine and surface.

use crate::types::{Decimal, Interval};
use std::net::IpAddr;
use uuid::Uuid;

/// One value. Which variant a column takes follows from its [`Kind`](crate::Kind).
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// Boolean.
    Bool(bool),
    /// Small, plain and big integers.
    Int(i64),
    /// A finite double.
    Double(f64),
    /// An exact number.
    Decimal(Decimal),
    /// Text, choices and 256-bit integers (in decimal digits).
    Text(String),
    /// Bytes, and the ciphertext of secret and sealed columns.
    Bytes(Vec<u8>),
    /// An identifier.
    Uuid(Uuid),
    /// An instant in microseconds since 1970-01-01T00:00:00Z.
    Timestamp(i64),
    /// A calendar date.
    Date(jiff::civil::Date),
    /// A document in `jsonb`'s canonical text form; made by [`crate::json::canonical`].
    Json(String),
    /// A list of values of one kind; items may be null.
    List(Vec<Value>),
    /// An address.
    Inet(IpAddr),
    /// A finite single.
    Real(f32),
    /// A time of the day in microseconds since midnight, up to a whole day.
    Time(i64),
    /// A span of time.
    Interval(Interval),
    /// A range in canonical text form; made by [`crate::range::canonical`].
    Range(String),
}

impl Value {
    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The identifier, if it is one.
    pub fn as_uuid(&self) -> Option<Uuid> {
        if let Self::Uuid(id) = self { Some(*id) } else { None }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}
