//! Why a parse stopped, told as PostgREST tells it.
//!
//! PostgREST's error texts are made by the Haskell library Parsec: of all the alternatives tried,
//! those that got furthest are named. A [`Trace`] collects what was tried by Parsec's rules of
//! merging, so that the texts come out the same.

use std::fmt::Write as _;

/// What would have been accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// One character.
    Char(char),
    /// A word.
    Literal(&'static str),
    /// A rule, by its description.
    Label(&'static str),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Note {
    /// The next character, or the end, was of no use.
    Stopped(Option<char>),
    /// A character that must not stand here.
    Forbidden(char),
    /// What would have been accepted.
    Expected(Expected),
}

/// The alternatives that got furthest.
#[derive(Debug, Clone, Default)]
pub(super) struct Trace {
    /// Byte offset that they got to.
    at: usize,
    notes: Vec<Note>,
}

impl Trace {
    pub(super) fn is_empty(&self) -> bool {
        self.notes.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.notes.clear();
    }

    /// Adds what was learned at a byte offset; the furthest wins, equals add up.
    pub(super) fn add(&mut self, at: usize, notes: &[Note]) {
        if self.is_empty() || at > self.at {
            self.at = at;
            self.notes.clear();
        }
        if at == self.at {
            self.notes.extend_from_slice(notes);
        }
    }

    pub(super) fn merge(&mut self, later: &Self) {
        if !later.is_empty() {
            self.add(later.at, &later.notes);
        }
    }

    /// Names the rule that failed instead of its parts.
    pub(super) fn relabel(&mut self, at: usize, label: &'static str) {
        if self.is_empty() {
            self.at = at;
        }
        self.notes.retain(|note| !matches!(note, Note::Expected(_)));
        self.notes.insert(0, Note::Expected(Expected::Label(label)));
    }

    /// The position as `(line 1, column 7)`, `shift` columns to the right.
    pub(super) fn position(&self, text: &str, shift: usize) -> String {
        let (mut line, mut column) = (1, 1 + shift);
        for c in text.get(..self.at).unwrap_or(text).chars() {
            match c {
                '\n' => (line, column) = (line + 1, 1),
                '\t' => column += 8 - (column - 1) % 8,
                _ => column += 1,
            }
        }
        format!("(line {line}, column {column})")
    }

    /// The explanation: `unexpected "x" expecting "(" or end of input`.
    pub(super) fn explain(&self) -> String {
        let mut parts = Vec::with_capacity(2);
        parts.extend(self.unexpected().map(|what| format!("unexpected {what}")));
        let mut expected: Vec<String> = Vec::new();
        for note in &self.notes {
            if let Note::Expected(what) = note {
                let shown = show_expected(*what);
                if !expected.contains(&shown) {
                    expected.push(shown);
                }
            }
        }
        if let Some((last, rest)) = expected.split_last() {
            let or = if rest.is_empty() { "" } else { " or " };
            parts.push(format!("expecting {}{or}{last}", rest.join(", ")));
        }
        if parts.is_empty() { "unknown parse error".to_owned() } else { parts.join(" ") }
    }

    fn unexpected(&self) -> Option<String> {
        let forbidden = self.notes.iter().find_map(|note| match note {
            Note::Forbidden(c) => Some(show_char(*c)),
            _ => None,
        });
        forbidden.or_else(|| {
            self.notes.iter().find_map(|note| match note {
                Note::Stopped(Some(c)) => Some(show_string(&[*c])),
                Note::Stopped(None) => Some("end of input".to_owned()),
                _ => None,
            })
        })
    }
}

fn show_expected(expected: Expected) -> String {
    match expected {
        Expected::Char(c) => show_string(&[c]),
        Expected::Literal(word) => show_string(&word.chars().collect::<Vec<_>>()),
        Expected::Label(label) => label.to_owned(),
    }
}

/// A string literal as Haskell's `show` writes it.
fn show_string(chars: &[char]) -> String {
    let mut out = String::from("\"");
    for &c in chars {
        if c == '"' {
            out.push_str("\\\"");
        } else {
            escape_into(&mut out, c);
        }
    }
    out.push('"');
    out
}

/// A character literal as Haskell's `show` writes it.
fn show_char(c: char) -> String {
    let mut out = String::from("'");
    if c == '\'' {
        out.push_str("\\'");
    } else {
        escape_into(&mut out, c);
    }
    out.push('\'');
    out
}

fn escape_into(out: &mut String, c: char) {
    match c {
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        ' '..='~' => out.push(c),
        _ => {
            let _ = write!(out, "\\{}", u32::from(c));
        }
    }
}
