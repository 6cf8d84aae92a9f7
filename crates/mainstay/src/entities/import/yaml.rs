//! Writing YAML: flow maps on one line each, with quotes where a reader would need them.

use std::fmt::Write;

/// The keys of a map in their order, with values that are written already.
#[derive(Clone, Debug, Default)]
pub(super) struct Map(Vec<(String, String)>);

impl Map {
    /// Adds a key, unless it is there.
    pub(super) fn put(&mut self, key: &str, value: impl Into<String>) {
        if !self.has(key) {
            self.0.push((key.to_owned(), value.into()));
        }
    }

    /// Puts a value in the place of another.
    pub(super) fn replace(&mut self, key: &str, value: impl Into<String>) {
        match self.0.iter_mut().find(|(known, _)| known == key) {
            Some((_, old)) => *old = value.into(),
            None => self.put(key, value),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    pub(super) fn remove(&mut self, key: &str) {
        self.0.retain(|(known, _)| known != key);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(known, _)| known == key)
    }

    /// `{a: 1, b: 2}`
    pub(super) fn flow(&self) -> String {
        let members: Vec<String> =
            self.0.iter().map(|(key, value)| format!("{}: {value}", scalar(key))).collect();
        format!("{{{}}}", members.join(", "))
    }
}

/// `[a, b]`
pub(super) fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| scalar(item.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

/// A text, in quotes where it would be read as something else.
pub(super) fn scalar(text: &str) -> String {
    const WORDS: [&str; 11] =
        ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"];
    let mut chars = text.chars();
    let is_plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                // The code points of control characters have at most four digits.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A comment of one line.
pub(super) fn comment(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    format!("# {}", words.join(" "))
}
