//! Names, quoted values and JSON paths.

use std::borrow::Cow;

use super::ast::{Arrow, Field, JsonKey, JsonStep};
use super::cursor::{Cursor, Parsed};
use super::error::{ParseError, SYNTAX};

/// A name: letters, digits, `_`, `$`, inner spaces and dashes; anything else in double quotes.
pub(super) fn field_name<'a>(c: &mut Cursor<'a>) -> Parsed<Cow<'a, str>> {
    if let Some(name) = plain_name(c) {
        return Ok(Cow::Borrowed(name));
    }
    c.labelled("field name (* or [a..z0..9_$])", |c| {
        c.either(quoted_value, |c| dashed(c, identifier))
    })
}

/// The shortcut for the names that nearly all are.
fn plain_name<'a>(c: &mut Cursor<'a>) -> Option<&'a str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let rest = c.rest();
    let length = rest.bytes().position(|b| !plain(b)).unwrap_or(rest.len());
    let ends = !rest[length..].starts_with(|ch| ch == '-' || is_identifier_char(ch));
    if c.is_explaining() || length == 0 || !ends {
        return None;
    }
    c.advance(length);
    Some(&rest[..length])
}

/// A bare name without dashes, such as a type or a language.
pub(super) fn identifier<'a>(c: &mut Cursor<'a>) -> Parsed<&'a str> {
    Ok(c.take_while1(&["letter", "digit"], is_identifier_char)?.trim_matches(' '))
}

/// Whether a text is certainly a name as it stands.
pub(super) fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether a character may stand in a name without quotes, dashes apart.
pub(super) fn is_identifier_char(ch: char) -> bool {
    ch.is_ascii_alphanumeric()
        || matches!(ch, '_' | ' ' | '$')
        || (!ch.is_ascii() && ch.is_alphabetic())
}

/// `"…"`, in which a backslash makes the next character ordinary.
pub(super) fn quoted_value<'a>(c: &mut Cursor<'a>) -> Parsed<Cow<'a, str>> {
    c.char('"')?;
    let first = c.take_while(&[], |ch| ch != '"' && ch != '\\');
    let mut value = Cow::Borrowed(first);
    while c.optional(|c| c.char('\\'))?.is_some() {
        let escaped = c.satisfy(|_| true)?;
        let value = value.to_mut();
        value.push(escaped);
        value.push_str(c.take_while(&[], |ch| ch != '"' && ch != '\\'));
    }
    c.char('"')?;
    Ok(value)
}

/// Parts joined by dashes, none of which begins an arrow.
fn dashed<'a>(
    c: &mut Cursor<'a>,
    part: impl Fn(&mut Cursor<'a>) -> Parsed<&'a str>,
) -> Parsed<Cow<'a, str>> {
    let mut name = Cow::Borrowed(part(c)?);
    c.repeat(true, |c| {
        c.attempt(|c| {
            c.char('-')?;
            c.not_before('>')
        })?;
        let name = name.to_mut();
        name.push('-');
        name.push_str(part(c)?);
        Ok(())
    })?;
    Ok(name)
}

/// A name and the JSON path that follows it, with spaces around.
pub(super) fn field(c: &mut Cursor<'_>) -> Parsed<Field> {
    c.lexeme(|c| {
        let name = field_name(c)?.into_owned();
        Ok(Field { name, path: json_path(c)? })
    })
}

/// `->key->0->>key`, maybe empty.
pub(super) fn json_path(c: &mut Cursor<'_>) -> Parsed<Vec<JsonStep>> {
    c.many(|c| {
        let arrow = c.one_of_words(&[("->>", Arrow::Text), ("->", Arrow::Json)])?;
        let key = c.either(|c| c.attempt(json_index), |c| c.attempt(json_key))?;
        Ok(JsonStep { arrow, key })
    })
}

fn json_key(c: &mut Cursor<'_>) -> Parsed<JsonKey> {
    let key = c.labelled("any non reserved character different from: .,>()", |c| {
        c.either(quoted_value, |c| dashed(c, json_key_part))
    })?;
    Ok(JsonKey::Member(key.into_owned()))
}

fn json_key_part<'a>(c: &mut Cursor<'a>) -> Parsed<&'a str> {
    let allowed = |ch| !matches!(ch, '(' | '-' | ':' | '.' | ',' | '>' | ')');
    Ok(c.take_while1(&[], allowed)?.trim())
}

fn json_index(c: &mut Cursor<'_>) -> Parsed<JsonKey> {
    let negative = c.optional(|c| c.char('-'))?.is_some();
    let digits = c.take_while1(&["digit"], |ch| ch.is_ascii_digit())?;
    json_index_end(c)?;
    let Ok(number) = digits.parse::<i32>() else {
        let message = format!("The JSON array index {digits} is out of range");
        let details = format!("Indexes go up to {}.", i32::MAX);
        return Err(c.refuse(ParseError::new(SYNTAX, message, details)));
    };
    Ok(JsonKey::Index(if negative { -number } else { number }))
}

/// Digits are an index only if nothing else follows; `->0x` is a key.
fn json_index_end(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.peek() == Some(')') {
        return Ok(());
    }
    c.before_any(&["->", "::", ".", ","])
}
