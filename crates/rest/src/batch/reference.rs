//! References to what earlier operations have answered: `{"$ref": "order.id"}` in bodies and
//! `${order.id}` in query strings. `{"$literal": …}` in a body is a value that holds none, whatever
//! it looks like.

use super::operation::malformed;
use crate::error::{Fault, Result};
use mainstay_entity::json::unescape;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Deepest nesting of a body that has references.
const DEPTH: usize = 64;
/// Most bytes that the references of a path or body stand for: each may stand for a whole answer,
/// in which others stand.
const FILLED_BYTES: usize = 10 << 20;

/// The name of an operation and the steps into its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) operation: String,
    pub(super) steps: Vec<String>,
}

impl Reference {
    fn parse(text: &str) -> Result<Self, Fault> {
        let mut parts = text.split('.').map(str::to_owned);
        let operation = parts.next().unwrap_or_default();
        let steps: Vec<String> = parts.collect();
        if operation.is_empty() || steps.iter().any(String::is_empty) {
            let message = format!("'{text}' is no reference");
            let details =
                "A reference is the id of an operation and a path into its answer: order.id";
            return Err(malformed(&message).details(details));
        }
        Ok(Self { operation, steps })
    }

    /// As it was sent.
    pub(super) fn text(&self) -> String {
        let mut text = self.operation.clone();
        for step in &self.steps {
            text.push('.');
            text.push_str(step);
        }
        text
    }
}

/// A text with references in it.
pub(super) struct Template {
    parts: Vec<Part>,
}

enum Part {
    Text(String),
    /// A JSON value stands here.
    Json(Reference),
    /// A value of a query string stands here; in parentheses it is quoted where it must be.
    Query {
        reference: Reference,
        in_parentheses: bool,
    },
}

impl Template {
    /// A query string.
    pub(super) fn of_query(query: &str) -> Result<Self, Fault> {
        let mut parts = Vec::new();
        let mut rest = query;
        // Since the last pair began.
        let mut depth = 0_i32;
        while let Some((start, begin, end)) = find_opening(rest) {
            let (before, after) = (&rest[..start], &rest[start + begin..]);
            let Some(close) = after.find(end) else {
                return Err(malformed("A reference in a path has no end"));
            };
            depth = nesting(before, depth);
            let reference = Reference::parse(&after[..close])?;
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::Query { reference, in_parentheses: depth > 0 });
            rest = &after[close + end.len()..];
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self { parts })
    }

    /// A body.
    pub(super) fn of_body(body: &str) -> Result<Self, Fault> {
        let mut parts = Vec::new();
        if body.contains("\"$ref\"") || body.contains("\"$literal\"") {
            scan(&mut parts, body, 0)?;
        } else {
            parts.push(Part::Text(body.to_owned()));
        }
        Ok(Self { parts })
    }

    pub(super) fn references(&self) -> impl Iterator<Item = &Reference> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Json(reference) | Part::Query { reference, .. } => Some(reference),
        })
    }

    /// The text, when nothing in it refers to anything.
    pub(super) fn plain(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The text with the JSON values that `find` gives in the places of its references.
    pub(super) fn fill<'v>(
        &self,
        find: impl Fn(&Reference) -> Result<&'v RawValue>,
    ) -> Result<String> {
        let mut out = String::new();
        let mut filled = 0;
        for part in &self.parts {
            let before = out.len();
            match part {
                Part::Text(text) => {
                    out.push_str(text);
                    continue;
                }
                Part::Json(reference) => out.push_str(find(reference)?.get()),
                Part::Query { reference, in_parentheses } => {
                    let raw = find(reference)?.get();
                    let value = match raw.as_bytes().first() {
                        Some(b'{' | b'[') => {
                            let why = "is no single value, which a path could hold";
                            return Err(super::operation::dangling(reference, why).into());
                        }
                        Some(b'"') => unescape(raw).map_err(mainstay_kernel::Error::internal)?,
                        _ => Cow::Borrowed(raw),
                    };
                    let value = if *in_parentheses { quoted(&value) } else { value };
                    out.extend(utf8_percent_encode(&value, NON_ALPHANUMERIC));
                }
            }
            filled += out.len() - before;
            if filled > FILLED_BYTES {
                let message = format!(
                    "The references of an operation stand for at most {FILLED_BYTES} bytes"
                );
                return Err(Fault::new("54000", message).into());
            }
        }
        Ok(out)
    }
}

/// Where a reference begins, the length of what opens it, and what closes it.
fn find_opening(text: &str) -> Option<(usize, usize, &'static str)> {
    let forms = [("${", "}"), ("%24%7B", "%7D"), ("%24%7b", "%7d"), ("$%7B", "%7D"), ("%24{", "}")];
    let found =
        forms.iter().filter_map(|(begin, end)| Some((text.find(begin)?, begin.len(), *end)));
    found.min_by_key(|(start, ..)| *start)
}

/// How many parentheses are open behind a part of a query string.
fn nesting(text: &str, before: i32) -> i32 {
    let (pair, before) = match text.rfind('&') {
        Some(place) => (&text[place..], 0),
        None => (text, before),
    };
    let count = |forms: [&str; 2]| {
        forms
            .iter()
            .map(|form| i32::try_from(pair.matches(form).count()).unwrap_or(i32::MAX))
            .sum::<i32>()
    };
    before + count(["(", "%28"]) - count([")", "%29"])
}

/// A value inside parentheses, in quotes unless it is read as itself.
fn quoted(value: &str) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    if !value.is_empty() && value.bytes().all(plain) {
        return Cow::Borrowed(value);
    }
    Cow::Owned(format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// Takes a JSON text apart at its references; what is between them stays as it is.
fn scan(parts: &mut Vec<Part>, raw: &str, depth: usize) -> Result<(), Fault> {
    if depth > DEPTH {
        return Err(malformed("The body of an operation is nested too deeply"));
    }
    let refused =
        |error: serde_json::Error| malformed("Empty or invalid json").details(error.to_string());
    match raw.as_bytes().first() {
        Some(b'{') => {
            let Members(members) = serde_json::from_str(raw).map_err(refused)?;
            if let [(name, value)] = members.as_slice() {
                if name == "$ref" {
                    let text: String = serde_json::from_str(value.get()).map_err(refused)?;
                    parts.push(Part::Json(Reference::parse(&text)?));
                    return Ok(());
                }
                if name == "$literal" {
                    push(parts, value.get());
                    return Ok(());
                }
            }
            for (position, (name, value)) in members.iter().enumerate() {
                push(parts, if position == 0 { "{" } else { "," });
                push(parts, &serde_json::Value::from(name.as_str()).to_string());
                push(parts, ":");
                scan(parts, value.get(), depth + 1)?;
            }
            push(parts, if members.is_empty() { "{}" } else { "}" });
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(raw).map_err(refused)?;
            for (position, item) in items.iter().enumerate() {
                push(parts, if position == 0 { "[" } else { "," });
                scan(parts, item.get(), depth + 1)?;
            }
            push(parts, if items.is_empty() { "[]" } else { "]" });
        }
        _ => push(parts, raw),
    }
    Ok(())
}

fn push(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        Some(Part::Text(last)) => last.push_str(text),
        _ => parts.push(Part::Text(text.to_owned())),
    }
}

/// The members of an object, in their order.
pub(crate) struct Members<'a>(pub(crate) Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor).map(Members)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
            members.push((name, value));
        }
        Ok(members)
    }
}
