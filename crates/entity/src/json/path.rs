//! `->` and `->>`.

use super::escape::unescape;
use super::scan::{Items, Members, Type};
use std::borrow::Cow;

/// One step of a path into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// The value of an object's key; of anything else nothing.
    Key(Cow<'a, str>),
    /// An array's item, counted from 0, or from the end when negative. A scalar counts as the
    /// only item of an array, as in `PostgreSQL`.
    Index(i32),
}

/// What `doc -> step -> ...` gives: a part of the canonical `doc`, itself canonical.
pub fn get<'a>(doc: &'a str, steps: &[Step<'_>]) -> Option<&'a str> {
    steps.iter().try_fold(doc, |value, step| match step {
        Step::Key(key) => member(value, key),
        Step::Index(index) => item(value, *index),
    })
}

/// What `doc -> ... ->> step` gives: strings as their text, other values as canonical text, and
/// nothing for null.
pub fn get_text<'a>(doc: &'a str, steps: &[Step<'_>]) -> Option<Cow<'a, str>> {
    let value = get(doc, steps)?;
    match Type::of(value) {
        Type::Null => None,
        Type::String => unescape(value).ok(),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// The value of a key, read up to where the order of keys says that it can't come any more.
pub(super) fn member<'a>(object: &'a str, key: &str) -> Option<&'a str> {
    for (token, value) in Members::of(object) {
        let Some(inner) = token.get(1..token.len().saturating_sub(1)) else {
            continue;
        };
        if inner == key && !inner.contains('\\') {
            return Some(value);
        }
        if inner.contains('\\') {
            if unescape(token).is_ok_and(|text| text == key) {
                return Some(value);
            }
        } else if inner.len() > key.len() {
            return None;
        }
    }
    None
}

fn item(value: &str, index: i32) -> Option<&str> {
    let items = Items::of(value);
    match Type::of(value) {
        Type::Object => None,
        Type::Array => {
            let from_start = usize::try_from(index).ok();
            let from_end = || items.clone().count().checked_sub(index.unsigned_abs() as usize);
            items.clone().nth(from_start.or_else(from_end)?)
        }
        _ => matches!(index, 0 | -1).then_some(value),
    }
}
