//! From text and JSON to values, as `PostgreSQL` reads them.
//!
//! Errors say what was wrong in `PostgreSQL`'s words where it has some; they don't know the
//! column, which the caller adds.

mod interval;
pub(crate) mod list;
mod number;
mod time;

use crate::error::{Error, Result};
use crate::json;
use crate::kind::Kind;
use crate::range;
use crate::types::text::check_text;
use crate::types::{Decimal, U256};
use crate::value::Value;
use std::borrow::Cow;
use std::net::IpAddr;
use std::str::FromStr;
use uuid::Uuid;

/// Longest input that an error repeats, in characters.
const SHOWN: usize = 100;

/// Reads a value from its text form, as it stands in filters, CSV and defaults. The text of a
/// document is JSON; a list is an array literal, `{a,"b c",NULL}`, or a JSON array.
///
/// # Errors
/// [`Error::is_invalid_value`], [`Error::is_out_of_range`], [`Error::is_too_long`] or
/// [`Error::is_unsupported_text`]. Secret and sealed kinds are refused, since their values are
/// sealed before they are stored.
pub fn parse_text(kind: &Kind, text: &str) -> Result<Value> {
    match kind {
        Kind::Text { .. } | Kind::Choice(_) => own_text(kind, Cow::Borrowed(text)),
        Kind::Uuid => uuid(text).map(Value::Uuid),
        Kind::Boolean => boolean(text).map(Value::Bool),
        Kind::SmallInt | Kind::Integer | Kind::BigInt => {
            number::integer(kind, text).map(Value::Int)
        }
        Kind::Double => number::double(text).map(Value::Double),
        Kind::Real => number::real(text).map(Value::Real),
        Kind::Decimal { precision: 0, .. } => text.parse().map(Value::Decimal),
        Kind::Decimal { precision, scale } => {
            Decimal::parse(text, *precision, *scale).map(Value::Decimal)
        }
        Kind::U256 => Ok(Value::Text(U256::from_str(text.trim_ascii())?.to_string())),
        Kind::Bytes => bytes(text).map(Value::Bytes),
        Kind::Timestamp => time::timestamp(text).map(Value::Timestamp),
        Kind::Date => time::date(text).map(Value::Date),
        Kind::Json => json::canonical(text).map(Value::Json),
        Kind::List(item) => list::from_text(*item, text).map(Value::List),
        Kind::Inet => inet(text).map(Value::Inet),
        Kind::Time => time::time_of_day(text).map(Value::Time),
        Kind::Interval => interval::interval(text).map(Value::Interval),
        Kind::Range(kind) => range::canonical(*kind, text).map(Value::Range),
        Kind::Secret | Kind::Sealed => Err(Error::invalid_value(format!(
            "a {} value can't be given here: it is sealed before it is stored",
            kind.name()
        ))),
    }
}

/// Reads a value from JSON, given as the text of one valid JSON value: null, for a document the
/// document, for a list an array of scalars, and otherwise what [`parse_text`] reads from a
/// string's text or from a number or boolean as it is written. A text column also takes arrays
/// and objects as they are written.
///
/// # Errors
/// As [`parse_text`].
pub fn parse_json(kind: &Kind, raw: &str) -> Result<Value> {
    let raw = raw.trim_ascii();
    match (kind, raw.as_bytes().first()) {
        (_, Some(b'n')) if raw == "null" => Ok(Value::Null),
        (Kind::Json, _) => json::canonical(raw).map(Value::Json),
        (Kind::List(item), Some(b'[')) => list::from_json(*item, raw).map(Value::List),
        (Kind::Text { .. } | Kind::Choice(_), Some(b'"')) => own_text(kind, json::unescape(raw)?),
        (_, Some(b'"')) => parse_text(kind, &json::unescape(raw)?),
        (Kind::Text { .. }, _) => parse_text(kind, raw),
        (_, Some(b'[' | b'{')) => Err(syntax_error(&kind.name(), raw)),
        (Kind::SmallInt | Kind::Integer | Kind::BigInt | Kind::U256, _) => {
            parse_text(kind, &number::without_fraction(raw))
        }
        _ => parse_text(kind, raw),
    }
}

fn own_text(kind: &Kind, text: Cow<'_, str>) -> Result<Value> {
    match kind {
        Kind::Choice(choice) if !choice.accepts(&text) => Err(choice.refuse(&shown(&text))),
        Kind::Text { max } => {
            check_text(&text, *max)?;
            Ok(Value::Text(text.into_owned()))
        }
        _ => Ok(Value::Text(text.into_owned())),
    }
}

pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}...", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

fn syntax_error(type_name: &str, text: &str) -> Error {
    let text = shown(text);
    Error::invalid_value(format!("invalid input syntax for type {type_name}: \"{text}\""))
}

/// Takes what `PostgreSQL` takes: any case, braces, and hyphens left out or after any four digits.
fn uuid(text: &str) -> Result<Uuid> {
    let invalid = || syntax_error("uuid", text);
    if let (36, Ok(id)) = (text.len(), Uuid::try_parse(text)) {
        return Ok(id);
    }
    let inner = match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}').ok_or_else(invalid)?,
        None => text,
    };
    let mut rest = inner.as_bytes();
    let mut id = [0; 16];
    for (index, byte) in id.iter_mut().enumerate() {
        let (pair, after) = rest.split_at_checked(2).ok_or_else(invalid)?;
        *byte = hex_byte(pair).ok_or_else(invalid)?;
        rest = match after.strip_prefix(b"-") {
            Some(after_hyphen) if index % 2 == 1 && index < 15 => after_hyphen,
            _ => after,
        };
    }
    if rest.is_empty() { Ok(Uuid::from_bytes(id)) } else { Err(invalid()) }
}

fn hex_byte(pair: &[u8]) -> Option<u8> {
    let &[high, low] = pair else { return None };
    let digit = |byte| char::from(byte).to_digit(16);
    Some((digit(high)? * 16 + digit(low)?) as u8)
}

/// Whether the text of an instant says how far from UTC it is.
pub fn has_offset(text: &str) -> bool {
    time::has_offset(text)
}

/// Takes `true`, `false`, `yes`, `no` or the beginning of one, `on`, `off`, `of`, `1` and `0`.
fn boolean(text: &str) -> Result<bool> {
    let word = text.trim_matches(is_space).to_ascii_lowercase();
    match word.as_str() {
        "" | "o" => Err(syntax_error("boolean", text)),
        "1" | "on" => Ok(true),
        "0" | "of" | "off" => Ok(false),
        word if "true".starts_with(word) || "yes".starts_with(word) => Ok(true),
        word if "false".starts_with(word) || "no".starts_with(word) => Ok(false),
        _ => Err(syntax_error("boolean", text)),
    }
}

/// White space as `PostgreSQL` skips it around values.
pub(crate) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t'..='\r')
}

/// Reads `\x` and hexadecimal digits, or text with `\\` and `\nnn` in octal digits.
fn bytes(text: &str) -> Result<Vec<u8>> {
    let Some(digits) = text.strip_prefix("\\x") else {
        return escaped_bytes(text);
    };
    let digits: String = digits.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    if let Some(wrong) = digits.chars().find(|character| !character.is_ascii_hexdigit()) {
        return Err(Error::invalid_bytes(format!("invalid hexadecimal digit: \"{wrong}\"")));
    }
    let pairs = digits.as_bytes().chunks(2).map(hex_byte);
    pairs
        .collect::<Option<_>>()
        .ok_or_else(|| Error::invalid_bytes("invalid hexadecimal data: odd number of digits"))
}

fn escaped_bytes(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = match (first, after) {
            (b'\\', [b'\\', after @ ..]) => {
                bytes.push(b'\\');
                after
            }
            (b'\\', [high @ b'0'..=b'3', middle @ b'0'..=b'7', low @ b'0'..=b'7', after @ ..]) => {
                bytes.push((high - b'0') << 6 | (middle - b'0') << 3 | (low - b'0'));
                after
            }
            (b'\\', _) => {
                return Err(Error::invalid_value("invalid input syntax for type bytea"));
            }
            _ => {
                bytes.push(first);
                after
            }
        };
    }
    Ok(bytes)
}

fn inet(text: &str) -> Result<IpAddr> {
    let (address, mask) = match text.split_once('/') {
        Some((address, mask)) => (address, Some(mask)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().map_err(|_| syntax_error("inet", text))?;
    let whole = if address.is_ipv4() { "32" } else { "128" };
    match mask {
        Some(mask) if mask != whole => Err(Error::invalid_value(format!(
            "expected an address without a mask, got \"{}\"",
            shown(text)
        ))),
        _ => Ok(address),
    }
}
