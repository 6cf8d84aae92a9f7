//! Reading the keys of a map, each once, with words for what is wrong.

use crate::error::{Faults, Place, suggest};
use crate::yaml::{Key, Node, Value};

/// The keys of a map. Each that may stand there is asked for; [`Members::finish`] refuses the rest.
pub(crate) struct Members<'a> {
    path: String,
    place: Place,
    entries: &'a [(Key, Node)],
    asked: Vec<&'static str>,
}

/// A value with the way to it.
#[derive(Clone, Debug)]
pub(crate) struct Item<'a> {
    pub(crate) node: &'a Node,
    pub(crate) path: String,
}

impl<'a> Members<'a> {
    /// The keys of a value that must be a map.
    pub(crate) fn of(item: &Item<'a>, faults: &mut Faults) -> Option<Self> {
        match &item.node.value {
            Value::Map(entries) => Some(Self {
                path: item.path.clone(),
                place: item.node.place,
                entries,
                asked: Vec::new(),
            }),
            other => {
                let message = format!("expected keys with values, got {}", other.describe());
                item.refuse(message, "write `{key: value, ...}`", faults);
                None
            }
        }
    }

    /// The place of the map.
    pub(crate) fn place(&self) -> Place {
        self.place
    }

    /// The way to the map.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// All entries with their ways, for maps whose keys are names.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a Key, Item<'a>)> + '_ {
        self.entries.iter().map(|(key, node)| (key, Item { node, path: self.way(&key.name) }))
    }

    /// The value of a key; nothing when the key is not there or has none.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<Item<'a>> {
        self.asked.push(key);
        let (_, node) = self.entries.iter().find(|(entry, _)| entry.name == key)?;
        (node.value != Value::Null).then(|| Item { node, path: self.way(key) })
    }

    /// A key that must be there.
    pub(crate) fn need(
        &mut self,
        key: &'static str,
        fix: &str,
        faults: &mut Faults,
    ) -> Option<Item<'a>> {
        let item = self.take(key);
        if item.is_none() {
            faults.add(self.place, &self.path, format!("`{key}` is missing"), fix);
        }
        item
    }

    /// A text.
    pub(crate) fn text(&mut self, key: &'static str, faults: &mut Faults) -> Option<&'a str> {
        self.take(key)?.text(faults)
    }

    /// A flag; false when it is not there.
    pub(crate) fn flag(&mut self, key: &'static str, faults: &mut Faults) -> bool {
        self.take(key).is_some_and(|item| item.flag(faults))
    }

    /// A list of names.
    pub(crate) fn names(
        &mut self,
        key: &'static str,
        faults: &mut Faults,
    ) -> Option<Vec<(String, Place)>> {
        self.take(key)?.names(faults)
    }

    /// Refuses keys that nobody asked for.
    pub(crate) fn finish(self, faults: &mut Faults) {
        for (key, _) in self.entries {
            if !self.asked.contains(&key.name.as_str()) {
                let fix = suggest(&key.name, self.asked.iter().copied());
                faults.add(key.place, &self.way(&key.name), "unknown key", fix);
            }
        }
    }

    fn way(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

impl<'a> Item<'a> {
    /// The whole of a file.
    pub(crate) fn root(node: &'a Node) -> Self {
        Self { node, path: String::new() }
    }

    pub(crate) fn refuse(
        &self,
        message: impl Into<String>,
        fix: impl Into<String>,
        faults: &mut Faults,
    ) {
        faults.add(self.node.place, &self.path, message, fix);
    }

    fn expect(&self, what: &str, fix: &str, faults: &mut Faults) {
        let message = format!("expected {what}, got {}", self.node.value.describe());
        self.refuse(message, fix, faults);
    }

    pub(crate) fn text(&self, faults: &mut Faults) -> Option<&'a str> {
        match &self.node.value {
            Value::Text(text) => Some(text),
            _ => {
                self.expect("a text", "write it in quotes", faults);
                None
            }
        }
    }

    pub(crate) fn flag(&self, faults: &mut Faults) -> bool {
        match &self.node.value {
            Value::Boolean(value) => *value,
            _ => {
                self.expect("true or false", "write `true`, or leave it out", faults);
                false
            }
        }
    }

    pub(crate) fn integer(&self, faults: &mut Faults) -> Option<i64> {
        match &self.node.value {
            Value::Integer(value) => Some(*value),
            _ => {
                self.expect("a whole number", "write digits alone", faults);
                None
            }
        }
    }

    /// One of some words.
    pub(crate) fn word<T: Copy>(&self, words: &[(&str, T)], faults: &mut Faults) -> Option<T> {
        let text = self.text(faults)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let fix = suggest(text, words.iter().map(|(word, _)| *word));
            self.refuse(format!("unknown word `{text}`"), fix, faults);
        }
        found.map(|(_, value)| *value)
    }

    /// The items of a list, with their ways.
    pub(crate) fn items(&self, faults: &mut Faults) -> Vec<Item<'a>> {
        match &self.node.value {
            Value::List(items) => {
                let item = |(index, node)| Item { node, path: format!("{}[{index}]", self.path) };
                items.iter().enumerate().map(item).collect()
            }
            _ => {
                self.expect("a list", "write `[a, b]`", faults);
                Vec::new()
            }
        }
    }

    /// A list of names, each once; a single name stands for a list of it.
    pub(crate) fn names(&self, faults: &mut Faults) -> Option<Vec<(String, Place)>> {
        if let Value::Text(name) = &self.node.value {
            return Some(vec![(name.clone(), self.node.place)]);
        }
        let before = faults.count();
        let mut names: Vec<(String, Place)> = Vec::new();
        for item in self.items(faults) {
            let Some(name) = item.text(faults) else { continue };
            if names.iter().any(|(known, _)| known == name) {
                item.refuse(format!("`{name}` is listed twice"), "keep one", faults);
            }
            names.push((name.to_owned(), item.node.place));
        }
        (faults.count() == before).then_some(names)
    }
}
