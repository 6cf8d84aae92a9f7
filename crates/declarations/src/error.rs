//! What is wrong in a declaration, where, and how to mend it.

use std::fmt;

/// A fault in a file, at a place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Error {
    /// Name of the file.
    pub file: String,
    /// Line from 1; 0 when the fault is of the file as a whole.
    pub line: u64,
    /// Column from 1, in characters; 0 as for `line`.
    pub column: u64,
    /// The way to the key, such as `columns.price.scale`; empty for the file as a whole.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub fix: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        f.write_str(": ")?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)?;
        if self.fix.is_empty() { Ok(()) } else { write!(f, "; {}", self.fix) }
    }
}

/// Where a value stands in its file: line and column from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: u64,
    pub(crate) column: u64,
}

/// Collects the faults of one file, so that all are told at once.
#[derive(Debug)]
pub(crate) struct Faults {
    file: String,
    errors: Vec<Error>,
}

impl Faults {
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), errors: Vec::new() }
    }

    /// Notes a fault: what is wrong, and what to write instead.
    pub(crate) fn add(
        &mut self,
        place: Place,
        key: &str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.errors.push(Error {
            file: self.file.clone(),
            line: place.line,
            column: place.column,
            key: key.to_owned(),
            message: message.into(),
            fix: fix.into(),
        });
    }

    pub(crate) fn count(&self) -> usize {
        self.errors.len()
    }

    pub(crate) fn into_errors(self) -> Vec<Error> {
        self.errors
    }
}

/// `write x` with the nearest of some names, or all of them where none is near.
pub(crate) fn suggest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let near = names
        .iter()
        .map(|name| (strsim::damerau_levenshtein(wrong, name), *name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4)
        .min();
    match near {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None if names.is_empty() => String::new(),
        None => format!("write one of {}", names.join(", ")),
    }
}
