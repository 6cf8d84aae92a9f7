//! JSON strings: escaping as `PostgreSQL`'s `escape_json` does, and reading escapes.

use crate::error::{Error, Result};
use std::borrow::Cow;

const LOW_BITS: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// Marks, in the high bit of its byte, the first byte of a word that a JSON string can't hold
/// as it is. Bytes above the first hit may be marked wrongly.
const fn special_bytes(word: u64) -> u64 {
    let control = word.wrapping_sub(LOW_BITS * 0x20) & !word;
    let quote = word ^ (LOW_BITS * b'"' as u64);
    let backslash = word ^ (LOW_BITS * b'\\' as u64);
    let zero_quote = quote.wrapping_sub(LOW_BITS) & !quote;
    let zero_backslash = backslash.wrapping_sub(LOW_BITS) & !backslash;
    (control | zero_quote | zero_backslash) & HIGH_BITS
}

const fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// How many bytes from the start need no escape: none of `"`, `\` and the control characters.
pub(super) fn plain_len(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let hits = special_bytes(u64::from_le_bytes(*word));
        if hits != 0 {
            return index * 8 + (hits.trailing_zeros() / 8) as usize;
        }
    }
    let tail = rest.iter().position(|&byte| is_special(byte)).unwrap_or(rest.len());
    words.len() * 8 + tail
}

const CONTROLS: [&str; 32] = [
    "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007", "\\b",
    "\\t", "\\n", "\\u000b", "\\f", "\\r", "\\u000e", "\\u000f", "\\u0010", "\\u0011", "\\u0012",
    "\\u0013", "\\u0014", "\\u0015", "\\u0016", "\\u0017", "\\u0018", "\\u0019", "\\u001a",
    "\\u001b", "\\u001c", "\\u001d", "\\u001e", "\\u001f",
];

/// The escape of a byte that [`plain_len`] stops at.
pub(super) fn escape_sequence(byte: u8) -> &'static str {
    match byte {
        b'"' => "\\\"",
        b'\\' => "\\\\",
        _ => CONTROLS.get(usize::from(byte)).copied().unwrap_or_default(),
    }
}

/// Appends `text` as a JSON string, escaped as `PostgreSQL`'s `to_json` escapes it: only `"`,
/// `\` and the characters below U+0020.
pub fn escape_into(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    out.reserve(rest.len() + 2);
    out.push(b'"');
    loop {
        let (plain, special) = rest.split_at(plain_len(rest));
        out.extend_from_slice(plain);
        let Some((&byte, after)) = special.split_first() else {
            break;
        };
        out.extend_from_slice(escape_sequence(byte).as_bytes());
        rest = after;
    }
    out.push(b'"');
}

/// The text that a JSON string stands for, given with its quotes; borrowed when it has no
/// escapes.
///
/// # Errors
/// [`Error::is_unsupported_text`] for U+0000, [`Error::is_invalid_value`] when it is not a JSON
/// string.
pub fn unescape(token: &str) -> Result<Cow<'_, str>> {
    let inner = token
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .ok_or_else(|| Error::invalid_value("expected a JSON string"))?;
    let bytes = inner.as_bytes();
    let mut at = plain_len(bytes);
    if at == bytes.len() {
        return Ok(Cow::Borrowed(inner));
    }
    let mut text = String::with_capacity(inner.len());
    text.push_str(&inner[..at]);
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            return Err(Error::invalid_value("expected a JSON string"));
        }
        let (character, after) = read_escape(bytes, at)?;
        text.push(character);
        let plain = plain_len(&bytes[after..]);
        text.push_str(&inner[after..after + plain]);
        at = after + plain;
    }
    Ok(Cow::Owned(text))
}

/// Reads the escape whose backslash is at `at`: its character, and where the text goes on.
pub(super) fn read_escape(bytes: &[u8], at: usize) -> Result<(char, usize)> {
    let character = match bytes.get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return read_unicode_escape(bytes, at),
        _ => {
            return Err(Error::invalid_value(
                "invalid input syntax for type json: unknown escape in a string",
            ));
        }
    };
    Ok((character, at + 2))
}

fn read_unicode_escape(bytes: &[u8], at: usize) -> Result<(char, usize)> {
    let first = read_hex(bytes, at + 2)?;
    if first == 0 {
        return Err(Error::unsupported_text("\\u0000 cannot be converted to text"));
    }
    if let Some(character) = char::from_u32(first) {
        return Ok((character, at + 6));
    }
    // What is no character is half a surrogate pair: a high half, which a low half must follow.
    let unpaired = || {
        Error::invalid_value(
            "invalid input syntax for type json: a Unicode surrogate needs its other half",
        )
    };
    if first >= 0xDC00 || bytes.get(at + 6..at + 8) != Some(b"\\u") {
        return Err(unpaired());
    }
    let second = read_hex(bytes, at + 8)?;
    if !(0xDC00..0xE000).contains(&second) {
        return Err(unpaired());
    }
    let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
    Ok((char::from_u32(code).ok_or_else(unpaired)?, at + 12))
}

fn read_hex(bytes: &[u8], at: usize) -> Result<u32> {
    let invalid = || {
        Error::invalid_value(
            "invalid input syntax for type json: \"\\u\" must be followed by four hexadecimal \
             digits",
        )
    };
    let digits = bytes.get(at..at + 4).ok_or_else(invalid)?;
    digits.iter().try_fold(0, |code, &digit| {
        let value = char::from(digit).to_digit(16).ok_or_else(invalid)?;
        Ok(code * 16 + value)
    })
}
