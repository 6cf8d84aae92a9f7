//! Integers and doubles.

use super::{is_space, syntax_error};
use crate::error::{Error, Result};
use crate::json;
use crate::kind::Kind;
use std::borrow::Cow;

/// Reads `[+-]digits` between white space, within the range of the kind.
pub(super) fn integer(kind: &Kind, text: &str) -> Result<i64> {
    let trimmed = text.trim_matches(is_space);
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(syntax_error(&kind.name(), text));
    }
    let value = trimmed.parse::<i64>().ok().filter(|value| match kind {
        Kind::SmallInt => i16::try_from(*value).is_ok(),
        Kind::Integer => i32::try_from(*value).is_ok(),
        _ => true,
    });
    value.ok_or_else(|| {
        Error::out_of_range(format!(
            "value \"{}\" is out of range for type {}",
            super::shown(text),
            kind.name()
        ))
    })
}

/// A JSON number that is integral as plain digits: `1.0` as `1`, `1e3` as `1000`. Others stay as
/// they are, for the reader of integers to refuse.
pub(super) fn without_fraction(raw: &str) -> Cow<'_, str> {
    if !raw.contains(['.', 'e', 'E']) {
        return Cow::Borrowed(raw);
    }
    let mut plain = String::new();
    if json::write_number(raw, &mut plain).is_err() {
        return Cow::Borrowed(raw);
    }
    match plain.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte == b'0') => {
            Cow::Owned(whole.to_owned())
        }
        Some(_) => Cow::Borrowed(raw),
        None => Cow::Owned(plain),
    }
}

/// Reads a finite decimal number between white space.
pub(super) fn double(text: &str) -> Result<f64> {
    let trimmed = text.trim_matches(is_space);
    let is_decimal = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    let value = match trimmed.parse::<f64>() {
        // What Rust reads besides decimal digits is NaN and infinities.
        Ok(value) if trimmed.bytes().all(is_decimal) => value,
        _ => return Err(syntax_error("double precision", text)),
    };
    let mantissa = trimmed.split(['e', 'E']).next().unwrap_or_default();
    let underflows = value == 0.0 && mantissa.contains(|digit| matches!(digit, '1'..='9'));
    if value.is_infinite() || underflows {
        return Err(Error::out_of_range(format!(
            "\"{}\" is out of range for type double precision",
            super::shown(text)
        )));
    }
    Ok(value)
}
