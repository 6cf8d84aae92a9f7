//! The pairs of a query string, percent-decoded.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::error::{ParseError, SYNTAX};

/// One `key=value` of a query string or form, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair<'a> {
    /// What stands before the first `=`.
    pub key: Cow<'a, str>,
    /// What stands behind it.
    pub value: Cow<'a, str>,
}

/// The pairs of a query string (without its `?`) or of a form body, in their order.
///
/// `+` is a space and a `%` without two hexadecimal digits is itself, as the URL Standard has it.
/// A key without `=` means nothing to PostgREST and is left out. Bytes that are not UTF-8, and NUL,
/// which no text of the engines can hold, are errors.
pub fn decode(query: &str) -> impl Iterator<Item = Result<Pair<'_>, ParseError>> {
    query.split('&').filter_map(|pair| pair.split_once('=')).map(|(key, value)| {
        let key = decode_part(key).map_err(|fault| fault.in_key(key))?;
        let value = decode_part(value).map_err(|fault| fault.in_value(&key))?;
        Ok(Pair { key, value })
    })
}

fn decode_part(part: &str) -> Result<Cow<'_, str>, Fault> {
    let decoded = if part.bytes().any(|b| b == b'%' || b == b'+') {
        let spaced = part.replace('+', " ");
        let bytes = percent_decode_str(&spaced).decode_utf8().map_err(|_| Fault::NotUtf8)?;
        Cow::Owned(bytes.into_owned())
    } else {
        Cow::Borrowed(part)
    };
    if decoded.bytes().any(|b| b == 0) { Err(Fault::Nul) } else { Ok(decoded) }
}

#[derive(Debug, Clone, Copy)]
enum Fault {
    NotUtf8,
    Nul,
}

impl Fault {
    fn in_key(self, raw: &str) -> ParseError {
        self.error(&format!("The parameter name \"{raw}\""))
    }

    fn in_value(self, key: &str) -> ParseError {
        self.error(&format!("The value of the parameter \"{key}\""))
    }

    fn error(self, place: &str) -> ParseError {
        let what = match self {
            Self::NotUtf8 => "is not valid UTF-8 after percent-decoding.",
            Self::Nul => "contains a NUL character, which text can not hold.",
        };
        ParseError::new(SYNTAX, "The query string can not be decoded", format!("{place} {what}"))
    }
}
