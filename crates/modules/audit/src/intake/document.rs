//! JSON objects whose values stay the text that they are: numbers keep their digits.

use mainstay_entity::json;
use serde_json::value::{RawValue, to_raw_value};
use std::collections::BTreeMap;

/// An object, split into its members and no further.
#[derive(Default)]
pub(super) struct Document(BTreeMap<String, Box<RawValue>>);

impl Document {
    /// The object of a JSON text; none for any other value.
    pub(super) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// The names of its members.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// The value at a path of names.
    pub(super) fn get(&self, path: &[String]) -> Option<Box<RawValue>> {
        match path {
            [] => None,
            [name] => self.0.get(name).cloned(),
            [name, rest @ ..] => Self::parse(self.0.get(name)?.get())?.get(rest),
        }
    }

    /// Takes the value at a path out.
    pub(super) fn take(&mut self, path: &[String]) -> Option<Box<RawValue>> {
        match path {
            [] => None,
            [name] => self.0.remove(name),
            [name, rest @ ..] => {
                let mut inner = Self::parse(self.0.get(name)?.get())?;
                let taken = inner.take(rest)?;
                self.0.insert(name.clone(), inner.raw()?);
                Some(taken)
            }
        }
    }

    /// Puts a value at a path, with the objects on the way; none when something stands there.
    pub(super) fn put(&mut self, path: &[String], value: Box<RawValue>) -> Option<()> {
        match path {
            [] => None,
            [name] if self.0.contains_key(name) => None,
            [name] => {
                self.0.insert(name.clone(), value);
                Some(())
            }
            [name, rest @ ..] => {
                let mut inner = match self.0.get(name) {
                    Some(raw) => Self::parse(raw.get())?,
                    None => Self::default(),
                };
                inner.put(rest, value)?;
                self.0.insert(name.clone(), inner.raw()?);
                Some(())
            }
        }
    }

    /// The object in canonical form.
    pub(super) fn text(&self) -> mainstay_entity::Result<String> {
        json::canonical(&serde_json::to_string(&self.0).unwrap_or_default())
    }

    fn raw(&self) -> Option<Box<RawValue>> {
        to_raw_value(&self.0).ok()
    }
}
