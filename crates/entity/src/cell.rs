//! Cells: values as they are read from an engine's row, written as JSON or text without a detour.
//!
//! Both engines' rows become bytes here and nowhere else, so that both give the same ones:
//! `PostgreSQL`'s, in a session with `TimeZone` UTC and `extra_float_digits` 1.

mod double;
mod list;
mod number;
mod time;

pub(crate) use number::write_decimal;

use crate::json::escape_into;
use crate::types::interval::write_clock;
use crate::types::{Decimal, Interval};
use crate::value::Value;
use crate::{range, zone};
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::io::Write;
use std::net::IpAddr;
use uuid::Uuid;

/// One value of a row, borrowed from the row where it can be.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// Small, plain and big integers.
    Int(i64),
    /// A double.
    Double(f64),
    /// The exact number `units` / 10^`scale`.
    Decimal {
        /// The scaled integer.
        units: i64,
        /// Digits after the point.
        scale: u8,
    },
    /// An exact number of any size as `PostgreSQL` prints it, such as a sum; a number in JSON.
    Number(&'a str),
    /// An integer in decimal digits that JavaScript would round, such as a `U256`; a string in
    /// JSON. Leading zeros are left out.
    Digits(&'a str),
    /// Text and choices.
    Text(&'a str),
    /// Bytes, and the ciphertext of secret and sealed columns.
    Bytes(&'a [u8]),
    /// An identifier.
    Uuid([u8; 16]),
    /// An instant in microseconds since 1970-01-01T00:00:00Z.
    Timestamp(i64),
    /// A date in days since 1970-01-01.
    Date(i32),
    /// A document in canonical form.
    Json(&'a str),
    /// A list of cells.
    List(Vec<Cell<'a>>),
    /// A list of scalars in the form in which [`Cell::write_json`] writes a list, as `SQLite`
    /// keeps it.
    JsonList(&'a str),
    /// An address.
    Inet(IpAddr),
    /// A single.
    Real(f32),
    /// A time of the day in microseconds since midnight.
    Time(i64),
    /// A span of time.
    Interval(Interval),
    /// A range in canonical text form.
    Range(Cow<'a, str>),
    /// An instant as clocks show it that are `offset` seconds ahead of UTC; made by
    /// [`Cell::in_zone`].
    Zoned {
        /// Microseconds since 1970-01-01T00:00:00Z.
        micros: i64,
        /// Seconds.
        offset: i32,
    },
}

impl Cell<'_> {
    /// The same value with its instants as a time zone's clocks show them, those of lists and
    /// ranges too.
    #[must_use]
    pub fn in_zone(self, zone: &TimeZone) -> Self {
        match self {
            Self::Timestamp(micros) => {
                Self::Zoned { micros, offset: zone::offset_at(micros, zone) }
            }
            Self::List(items) => {
                Self::List(items.into_iter().map(|item| item.in_zone(zone)).collect())
            }
            // Of all ranges, those of instants alone have quotes.
            Self::Range(text) if text.contains('"') => {
                Self::Range(Cow::Owned(range::in_zone(&text, zone)))
            }
            other => other,
        }
    }
}

impl Cell<'_> {
    /// Appends the value as `PostgreSQL`'s `to_json` prints it; null is `null`.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Bool(true) => out.extend_from_slice(b"true"),
            Self::Bool(false) => out.extend_from_slice(b"false"),
            Self::Int(_) | Self::Decimal { .. } | Self::Number(_) => self.write_text(out),
            // JSON has no other numbers.
            Self::Double(value) if !value.is_finite() => quoted(out, |out| self.write_text(out)),
            Self::Double(value) => double::write(*value, out),
            Self::Real(value) if !value.is_finite() => quoted(out, |out| self.write_text(out)),
            Self::Real(value) => double::write_single(*value, out),
            Self::Text(text) => escape_into(out, text),
            Self::Range(text) => escape_into(out, text),
            Self::Json(text) | Self::JsonList(text) => out.extend_from_slice(text.as_bytes()),
            Self::Timestamp(micros) => quoted(out, |out| time::write_iso(*micros, out)),
            Self::Zoned { micros, offset } => {
                quoted(out, |out| time::write_iso_at(*micros, *offset, out));
            }
            Self::Bytes(_) => {
                // The backslash that begins the text form, escaped.
                out.extend_from_slice(b"\"\\");
                self.write_text(out);
                out.push(b'"');
            }
            Self::Digits(_)
            | Self::Uuid(_)
            | Self::Date(_)
            | Self::Inet(_)
            | Self::Time(_)
            | Self::Interval(_) => quoted(out, |out| self.write_text(out)),
            Self::List(items) => list::write_json(items, out),
        }
    }

    /// Appends the value as its type's output function prints it, and so as it stands in CSV;
    /// null is nothing.
    pub fn write_text(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => {}
            Self::Bool(value) => out.push(if *value { b't' } else { b'f' }),
            Self::Int(value) => {
                out.extend_from_slice(itoa::Buffer::new().format(*value).as_bytes());
            }
            Self::Double(value) => double::write(*value, out),
            Self::Decimal { units, scale } => write_decimal(*units, *scale, out),
            Self::Number(text) | Self::Text(text) | Self::Json(text) => {
                out.extend_from_slice(text.as_bytes());
            }
            Self::Range(text) => out.extend_from_slice(text.as_bytes()),
            Self::Digits(digits) => number::write_digits(digits, out),
            Self::Bytes(bytes) => number::write_hex(bytes, out),
            Self::Uuid(bytes) => {
                let mut buffer = Uuid::encode_buffer();
                let text = Uuid::from_bytes(*bytes).hyphenated().encode_lower(&mut buffer);
                out.extend_from_slice(text.as_bytes());
            }
            Self::Timestamp(micros) => time::write_text(*micros, out),
            Self::Zoned { micros, offset } => time::write_text_at(*micros, *offset, out),
            Self::Date(days) => time::write_date(i64::from(*days), out),
            Self::List(items) => list::write_literal(items, out),
            Self::JsonList(text) => list::write_literal_of_json(text, out),
            Self::Inet(address) => write_inet(*address, out),
            Self::Real(value) => double::write_single(*value, out),
            Self::Time(micros) => {
                let mut text = String::with_capacity(15);
                // Writing to a `String` does not fail.
                let _ = write_clock(&mut text, micros.unsigned_abs());
                out.extend_from_slice(text.as_bytes());
            }
            Self::Interval(interval) => {
                // Writing to a `Vec` does not fail.
                let _ = write!(out, "{interval}");
            }
        }
    }

    /// Appends the value as a field of a CSV line: quoted where `PostgreSQL` quotes a field of a
    /// row, quotes doubled (RFC 4180 §2). Null is nothing, empty text is `""`.
    pub fn write_csv(&self, out: &mut Vec<u8>) {
        if self == &Cell::Null {
            return;
        }
        let start = out.len();
        self.write_text(out);
        let needs_quotes =
            |byte: &u8| matches!(byte, b'"' | b'\\' | b'(' | b')' | b',' | b' ' | b'\t'..=b'\r');
        if out.len() > start && !out[start..].iter().any(needs_quotes) {
            return;
        }
        let plain = out.split_off(start);
        out.push(b'"');
        for byte in plain {
            if byte == b'"' {
                out.push(b'"');
            }
            out.push(byte);
        }
        out.push(b'"');
    }
}

fn quoted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'"');
    write(out);
    out.push(b'"');
}

fn write_inet(address: IpAddr, out: &mut Vec<u8>) {
    if let IpAddr::V4(v4) = address {
        for (index, octet) in v4.octets().into_iter().enumerate() {
            if index > 0 {
                out.push(b'.');
            }
            out.extend_from_slice(itoa::Buffer::new().format(octet).as_bytes());
        }
        return;
    }
    // Writing to a `Vec` does not fail.
    let _ = match address {
        // `PostgreSQL` prints `::1.2.3.4` where Rust prints `::102:304`.
        IpAddr::V6(v6) if v6.to_bits() >= 0x1_0000 && v6.to_bits() <= u128::from(u32::MAX) => {
            let [.., a, b, c, d] = v6.octets();
            write!(out, "::{a}.{b}.{c}.{d}")
        }
        _ => write!(out, "{address}"),
    };
}

impl Value {
    /// The value as a cell, to write it.
    pub fn as_cell(&self) -> Cell<'_> {
        match self {
            Self::Null => Cell::Null,
            Self::Bool(value) => Cell::Bool(*value),
            Self::Int(value) => Cell::Int(*value),
            Self::Double(value) => Cell::Double(*value),
            Self::Decimal(value) => Cell::from(*value),
            Self::Text(text) => Cell::Text(text),
            Self::Bytes(bytes) => Cell::Bytes(bytes),
            Self::Uuid(id) => Cell::Uuid(id.into_bytes()),
            Self::Timestamp(micros) => Cell::Timestamp(*micros),
            Self::Date(date) => Cell::Date(time::days_of(*date)),
            Self::Json(text) => Cell::Json(text),
            Self::List(items) => Cell::List(items.iter().map(Self::as_cell).collect()),
            Self::Inet(address) => Cell::Inet(*address),
            Self::Real(value) => Cell::Real(*value),
            Self::Time(micros) => Cell::Time(*micros),
            Self::Interval(interval) => Cell::Interval(*interval),
            Self::Range(text) => Cell::Range(Cow::Borrowed(text)),
        }
    }
}

impl From<Decimal> for Cell<'_> {
    fn from(value: Decimal) -> Self {
        Self::Decimal { units: value.units(), scale: value.scale() }
    }
}
