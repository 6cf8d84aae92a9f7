use std::fmt;

use super::SealedValue;

/// The value of a field of a leaf, borrowed from the leaf or from a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text, a choice or an address.
    Text(&'a str),
    /// A document, in the text that `PostgreSQL` prints for its `jsonb`.
    Json(&'a str),
    /// An identifier.
    Uuid([u8; 16]),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Instant(i64),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Boolean(bool),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Personal data: what commits to it instead of the value itself.
    Sealed(SealedValue),
}

pub(super) const TEXT: u8 = 1;
pub(super) const JSON: u8 = 2;
pub(super) const UUID: u8 = 3;
pub(super) const INSTANT: u8 = 4;
pub(super) const INTEGER: u8 = 5;
pub(super) const BOOLEAN: u8 = 6;
pub(super) const BYTES: u8 = 7;
pub(super) const SEALED: u8 = 8;

/// The name of the type and, for types without content that may be confidential, the value.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Json(text) => write!(f, "Json({} bytes)", text.len()),
            Self::Uuid(bytes) => write!(f, "Uuid({:032x})", u128::from_be_bytes(*bytes)),
            Self::Instant(micros) => write!(f, "Instant({micros})"),
            Self::Integer(number) => write!(f, "Integer({number})"),
            Self::Boolean(value) => write!(f, "Boolean({value})"),
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Sealed(sealed) => sealed.fmt(f),
        }
    }
}
