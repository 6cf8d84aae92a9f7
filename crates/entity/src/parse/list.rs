//! Lists: `PostgreSQL`'s array literals and JSON arrays.

use super::{is_space, parse_json, parse_text, shown};
use crate::error::{Error, Result};
use crate::kind::ItemKind;
use crate::value::Value;
use serde_json::value::RawValue;
use std::iter::Peekable;
use std::str::Chars;

/// Reads `{a,"b c",NULL}` or a JSON array.
pub(super) fn from_text(item: ItemKind, text: &str) -> Result<Vec<Value>> {
    let kind = item.kind();
    let trimmed = text.trim_matches(is_space);
    if trimmed.starts_with('[') {
        return from_json_with(trimmed, |raw| parse_json(&kind, raw));
    }
    from_literal(text, &|text| parse_text(&kind, text))
}

/// Reads an array literal, its items in a way of their own.
pub(crate) fn from_literal(text: &str, item: &ReadItem<'_>) -> Result<Vec<Value>> {
    Literal { item, text, rest: text.trim_matches(is_space).chars().peekable() }.read()
}

/// Reads a JSON array of scalars.
pub(super) fn from_json(item: ItemKind, raw: &str) -> Result<Vec<Value>> {
    let kind = item.kind();
    from_json_with(raw, |raw| parse_json(&kind, raw))
}

/// Reads a JSON array of scalars in a way of their own.
pub(crate) fn from_json_with(
    raw: &str,
    read: impl Fn(&str) -> Result<Value>,
) -> Result<Vec<Value>> {
    let items: Vec<&RawValue> = serde_json::from_str(raw).map_err(|_| {
        Error::invalid_value(format!("invalid input syntax for type json: \"{}\"", shown(raw)))
    })?;
    let scalar = |item: &RawValue| {
        if item.get().starts_with(['[', '{']) {
            return Err(Error::invalid_value("expected a list of scalars"));
        }
        read(item.get())
    };
    items.into_iter().map(scalar).collect()
}

/// How an item is read from its text.
type ReadItem<'a> = dyn Fn(&str) -> Result<Value> + 'a;

/// An array literal being read.
struct Literal<'a> {
    item: &'a ReadItem<'a>,
    text: &'a str,
    rest: Peekable<Chars<'a>>,
}

impl Literal<'_> {
    fn read(mut self) -> Result<Vec<Value>> {
        let mut items = Vec::new();
        if self.rest.next() != Some('{') {
            return Err(self.malformed());
        }
        self.skip_space();
        if self.rest.next_if_eq(&'}').is_none() {
            loop {
                items.push(self.item()?);
                self.skip_space();
                match self.rest.next() {
                    Some(',') => self.skip_space(),
                    Some('}') => break,
                    _ => return Err(self.malformed()),
                }
            }
        }
        if self.rest.next().is_some() { Err(self.malformed()) } else { Ok(items) }
    }

    fn malformed(&self) -> Error {
        Error::invalid_value(format!("malformed array literal: \"{}\"", shown(self.text)))
    }

    fn skip_space(&mut self) {
        while self.rest.next_if(|&character| is_space(character)).is_some() {}
    }

    fn item(&mut self) -> Result<Value> {
        if self.rest.next_if_eq(&'"').is_some() {
            let text = self.quoted()?;
            return (self.item)(&text);
        }
        let (text, escaped) = self.unquoted()?;
        if !escaped && text.eq_ignore_ascii_case("NULL") {
            return Ok(Value::Null);
        }
        (self.item)(&text)
    }

    fn quoted(&mut self) -> Result<String> {
        let mut text = String::new();
        loop {
            match self.rest.next() {
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.rest.next().ok_or_else(|| self.malformed())?),
                Some(character) => text.push(character),
                None => return Err(self.malformed()),
            }
        }
    }

    /// An item without quotes, and whether it has an escape.
    fn unquoted(&mut self) -> Result<(String, bool)> {
        let mut text = String::new();
        // Where the trailing space that does not belong to the item begins.
        let mut end = 0;
        let mut escaped = false;
        while let Some(character) = self.rest.next_if(|next| !matches!(next, ',' | '}')) {
            match character {
                '{' | '"' => return Err(self.malformed()),
                '\\' => {
                    escaped = true;
                    text.push(self.rest.next().ok_or_else(|| self.malformed())?);
                    end = text.len();
                }
                _ => {
                    text.push(character);
                    if !is_space(character) {
                        end = text.len();
                    }
                }
            }
        }
        text.truncate(end);
        if text.is_empty() { Err(self.malformed()) } else { Ok((text, escaped)) }
    }
}
