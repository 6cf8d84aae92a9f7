//! Lists: `PostgreSQL`'s array literals and JSON arrays.

use super::{is_space, parse_json, parse_text, shown};
use crate::error::{Error, Result};
use crate::kind::{ItemKind, Kind};
use crate::value::Value;
use serde_json::value::RawValue;
use std::iter::Peekable;
use std::str::Chars;

/// Reads `{a,"b c",NULL}` or a JSON array.
pub(super) fn from_text(item: ItemKind, text: &str) -> Result<Vec<Value>> {
    let trimmed = text.trim_matches(is_space);
    if trimmed.starts_with('[') {
        return from_json(item, trimmed);
    }
    let literal = Literal { kind: item.kind(), text, rest: trimmed.chars().peekable() };
    literal.read()
}

/// Reads a JSON array of scalars.
pub(super) fn from_json(item: ItemKind, raw: &str) -> Result<Vec<Value>> {
    let kind = item.kind();
    let items: Vec<&RawValue> = serde_json::from_str(raw).map_err(|_| {
        Error::invalid_value(format!("invalid input syntax for type json: \"{}\"", shown(raw)))
    })?;
    let scalar = |item: &RawValue| {
        if item.get().starts_with(['[', '{']) {
            return Err(Error::invalid_value("expected a list of scalars"));
        }
        parse_json(&kind, item.get())
    };
    items.into_iter().map(scalar).collect()
}

/// An array literal being read.
struct Literal<'a> {
    kind: Kind,
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
            return parse_text(&self.kind, &text);
        }
        let (text, escaped) = self.unquoted()?;
        if !escaped && text.eq_ignore_ascii_case("NULL") {
            return Ok(Value::Null);
        }
        parse_text(&self.kind, &text)
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
