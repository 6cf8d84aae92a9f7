//! A JSON text that many references lead into: what they pass is taken apart once.

use super::reference::Members;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::sync::OnceLock;

/// A JSON value, and its parts as far as somebody has asked for them.
pub(super) struct Document {
    raw: Box<RawValue>,
    parts: OnceLock<Parts>,
}

enum Parts {
    List(Vec<Document>),
    Object(HashMap<String, Document>),
    None,
}

impl Document {
    pub(super) fn new(raw: Box<RawValue>) -> Self {
        Self { raw, parts: OnceLock::new() }
    }

    /// The value as it was answered.
    pub(super) fn raw(&self) -> &RawValue {
        &self.raw
    }

    /// The member or the item of a name. A list of one is stepped into by its one item.
    pub(super) fn step(&self, name: &str) -> Option<&Self> {
        match self.parts() {
            Parts::List(items) => match (name.parse::<usize>(), items.as_slice()) {
                (Ok(place), _) => items.get(place),
                (Err(_), [one]) => one.member(name),
                (Err(_), _) => None,
            },
            _ => self.member(name),
        }
    }

    fn member(&self, name: &str) -> Option<&Self> {
        if let Parts::Object(members) = self.parts() { members.get(name) } else { None }
    }

    fn parts(&self) -> &Parts {
        self.parts.get_or_init(|| {
            let text = self.raw.get();
            let own = |raw: &RawValue| Self::new(raw.to_owned());
            // What is there was written by this server: it is JSON.
            match text.as_bytes().first() {
                Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(text)
                    .map_or(Parts::None, |items| Parts::List(items.into_iter().map(own).collect())),
                Some(b'{') => serde_json::from_str(text).map_or(Parts::None, |Members(members)| {
                    let member = |(name, raw): (String, &RawValue)| (name, own(raw));
                    // Of two members of one name the first one counts.
                    Parts::Object(members.into_iter().rev().map(member).collect())
                }),
                _ => Parts::None,
            }
        })
    }
}
