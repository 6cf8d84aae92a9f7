//! Integers, doubles and singles.

use super::{is_space, syntax_error};
use crate::error::{Error, Result};
use crate::json;
use crate::kind::Kind;
use std::borrow::Cow;
use std::str::FromStr;

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

/// Reads a finite double between white space.
pub(super) fn double(text: &str) -> Result<f64> {
    let value: f64 = float("double precision", text)?;
    within("double precision", text, value.is_infinite(), value == 0.0)?;
    Ok(value)
}

/// Reads a finite single between white space.
pub(super) fn real(text: &str) -> Result<f32> {
    let value: f32 = float("real", text)?;
    within("real", text, value.is_infinite(), value == 0.0)?;
    Ok(value)
}

fn float<T: FromStr>(type_name: &str, text: &str) -> Result<T> {
    let trimmed = text.trim_matches(is_space);
    let is_decimal = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    match trimmed.parse() {
        // What Rust reads besides decimal digits is NaN and infinities.
        Ok(value) if trimmed.bytes().all(is_decimal) => Ok(value),
        _ => Err(syntax_error(type_name, text)),
    }
}

/// Refuses what was rounded to infinity or, other than zero itself, to zero.
fn within(type_name: &str, text: &str, is_infinite: bool, is_zero: bool) -> Result<()> {
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let underflows = is_zero && mantissa.contains(|digit| matches!(digit, '1'..='9'));
    if !is_infinite && !underflows {
        return Ok(());
    }
    let shown = super::shown(text);
    Err(Error::out_of_range(format!("\"{shown}\" is out of range for type {type_name}")))
}
