//! Full-text search: one definition of words and of queries, whichever engine keeps the rows.
//!
//! [`Words`] are what a text consists of, and a [`Query`] asks for them as `PostgreSQL`'s
//! `to_tsquery`, `plainto_tsquery`, `phraseto_tsquery` and `websearch_to_tsquery` do. No engine's
//! own parser or dictionary is used: both store the words that are made here.
//!
//! A word is a run of letters and digits without accents, in lower case (NFKD without the marks of
//! U+0300 to U+036F, and [`fold`](crate::like::fold)). Each ideograph and each Kana is a word of
//! its own. English stop words are counted and not kept. Words of letters alone are kept by their
//! stem (Snowball's `english`), with the forms that occur.

mod phrase;
mod query;
mod syntax;
mod token;

pub use query::{Mode, Query, Range, Sought};
pub use token::Language;

use crate::kind::Kind;
use crate::meta::Personal;
use crate::{Column, Table, Value};
use std::collections::BTreeMap;
use token::{stem, tokens};

/// Positions behind this are not kept: `PostgreSQL` has no more in a `tsvector`.
const MAX_POSITION: u16 = 16_382;
/// Positions of one word, as `PostgreSQL` keeps them.
const MAX_POSITIONS: usize = 255;
/// Longer words are counted and not kept.
const MAX_WORD: usize = 255;
/// Words are kept until they are so many bytes together.
const MAX_BYTES: usize = 256 << 10;

/// Whether a column can be part of a full-text search: text that tells nothing of a person.
pub fn is_searchable(column: &Column) -> bool {
    let is_text = matches!(column.kind, Kind::Text { .. } | Kind::Json | Kind::List(_));
    is_text && column.personal == Personal::None
}

impl Table {
    /// The columns that full-text search looks at, in declared order. A word is stored with the
    /// position of its column among them.
    pub fn search_columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.meta.columns.iter().enumerate().filter(|(_, c)| c.search).map(|(index, _)| index)
    }

    /// Whether rows are found by their words.
    pub fn is_searched(&self) -> bool {
        self.search_columns().next().is_some()
    }
}

/// The words of one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// By stem, each form with its positions in order.
    stems: BTreeMap<String, Vec<Form>>,
}

/// A word as it stands in the text, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Form {
    text: String,
    positions: Vec<u16>,
}

impl Words {
    /// The words of a text.
    pub fn of_text(text: &str) -> Self {
        let mut reader = Reader::default();
        reader.read(text);
        reader.words
    }

    /// The words of the strings in a JSON document, members of objects in the order of their names.
    /// No phrase goes from one string to the next. Names of members are no words of the document.
    pub fn of_json(document: &str) -> Self {
        let mut reader = Reader::default();
        if let Ok(value) = serde_json::from_str(document) {
            reader.read_json(&value);
        }
        reader.words
    }

    /// The words of a value; numbers and times have none.
    pub fn of_value(value: &Value) -> Self {
        match value {
            Value::Text(text) => Self::of_text(text),
            Value::Json(document) => Self::of_json(document),
            Value::List(items) => {
                let mut reader = Reader::default();
                for text in items.iter().filter_map(Value::as_text) {
                    reader.read_part(text);
                }
                reader.words
            }
            _ => Self::default(),
        }
    }

    /// The stems, in order.
    pub fn stems(&self) -> impl Iterator<Item = &str> {
        self.stems.keys().map(String::as_str)
    }

    /// Each stem with its part of a `tsvector` in `PostgreSQL`'s text form: the stem as a lexeme,
    /// and the forms as lexemes that begin with `=`, each with its positions.
    pub fn lexemes(&self) -> impl Iterator<Item = (&str, String)> {
        self.stems.iter().map(|(stem, forms)| {
            let mut out = String::new();
            push_lexeme(&mut out, "", stem, &merged(forms));
            for form in forms {
                out.push(' ');
                push_lexeme(&mut out, "=", &form.text, &form.positions);
            }
            (stem.as_str(), out)
        })
    }

    /// Where what is sought stands, in order.
    fn positions(&self, sought: &Sought) -> Vec<u16> {
        let matches = |text: &str| {
            if sought.prefix { text.starts_with(&sought.text) } else { text == sought.text }
        };
        let found: Vec<&Form> = match sought.language {
            Language::English if !sought.prefix => {
                self.stems.get(&sought.text).into_iter().flatten().collect()
            }
            Language::English => {
                let from = self.stems.range(sought.text.clone()..);
                from.take_while(|(stem, _)| matches(stem)).flat_map(|(_, forms)| forms).collect()
            }
            Language::Simple => {
                self.stems.values().flatten().filter(|form| matches(&form.text)).collect()
            }
        };
        merged(found)
    }
}

/// The positions of some forms together, as many as one word has.
fn merged<'a>(forms: impl IntoIterator<Item = &'a Form>) -> Vec<u16> {
    let mut all: Vec<u16> = forms.into_iter().flat_map(|form| &form.positions).copied().collect();
    all.sort_unstable();
    all
}

/// Appends `'text':1,2`. Words are letters and digits: nothing needs to be escaped.
fn push_lexeme(out: &mut String, mark: &str, text: &str, positions: &[u16]) {
    out.push('\'');
    out.push_str(mark);
    out.push_str(text);
    out.push_str("':");
    let mut buffer = itoa::Buffer::new();
    for (index, position) in positions.iter().take(MAX_POSITIONS).enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(buffer.format(*position));
    }
}

/// Reads texts one after the other.
#[derive(Default)]
struct Reader {
    words: Words,
    position: u16,
    bytes: usize,
}

impl Reader {
    fn read(&mut self, text: &str) {
        for token in tokens(text) {
            if self.position >= MAX_POSITION || self.bytes > MAX_BYTES {
                return;
            }
            self.position += 1;
            if token::is_stop_word(&token) || token.len() > MAX_WORD {
                continue;
            }
            self.add(token);
        }
    }

    /// A part of a document, away from the part before it.
    fn read_part(&mut self, text: &str) {
        let before = self.position;
        self.read(text);
        if self.position > before {
            self.position = self.position.saturating_add(1);
        }
    }

    fn read_json(&mut self, value: &serde_json::Value) {
        match value {
            serde_json::Value::String(text) => self.read_part(text),
            serde_json::Value::Array(items) => {
                for item in items {
                    self.read_json(item);
                }
            }
            serde_json::Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_unstable_by_key(|(name, _)| *name);
                for (_, value) in members {
                    self.read_json(value);
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, token: String) {
        let forms = match self.words.stems.get_mut(&*stem(&token)) {
            Some(forms) => forms,
            None => {
                self.bytes += token.len();
                self.words.stems.entry(stem(&token).into_owned()).or_default()
            }
        };
        match forms.iter_mut().find(|form| form.text == token) {
            Some(form) if form.positions.len() < MAX_POSITIONS => {
                form.positions.push(self.position);
            }
            Some(_) => {}
            None => {
                self.bytes += token.len();
                forms.push(Form { text: token, positions: vec![self.position] });
            }
        }
    }
}

#[cfg(test)]
mod tests;
