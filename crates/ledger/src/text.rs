//! The primitives of C2SP texts: decimals, base64, lines.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Error, Result};

/// A number in ASCII decimal without leading zeroes or sign; none for anything else.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let is_canonical = text == "0" || !text.starts_with('0');
    (is_canonical && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Bytes in standard base64 with padding; none for anything else.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Whether text can be one line of a note: not empty, no control characters.
pub(crate) fn is_line(text: &str) -> bool {
    !text.is_empty() && !text.bytes().any(|byte| byte < b' ')
}

/// The lines of a text, each of which ends in a newline.
pub(crate) struct Lines<'a> {
    what: &'static str,
    rest: &'a str,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(what: &'static str, text: &'a str) -> Self {
        Self { what, rest: text }
    }

    /// The next line without its newline.
    pub(crate) fn next(&mut self) -> Result<&'a str> {
        match self.rest.split_once('\n') {
            Some((line, rest)) => {
                self.rest = rest;
                Ok(line)
            }
            None => Err(self.error("it is cut short")),
        }
    }

    /// What follows `label` and a space on the next line, when that line begins so.
    pub(crate) fn next_labelled(&mut self, label: &str) -> Option<&'a str> {
        let (line, rest) = self.rest.split_once('\n')?;
        let value = line.strip_prefix(label)?.strip_prefix(' ')?;
        self.rest = rest;
        Some(value)
    }

    /// As [`next_labelled`](Self::next_labelled), of a line that must be there.
    pub(crate) fn labelled(&mut self, label: &'static str) -> Result<&'a str> {
        self.next_labelled(label).ok_or_else(|| self.error("a line is missing or out of place"))
    }

    /// Everything after the lines read so far.
    pub(crate) fn rest(&self) -> &'a str {
        self.rest
    }

    pub(crate) fn expect_end(&self) -> Result<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.error("something follows its end")) }
    }

    pub(crate) fn decimal(&self, text: &str) -> Result<u64> {
        decimal(text).ok_or_else(|| self.error("a number is not decimal"))
    }

    pub(crate) fn error(&self, problem: &'static str) -> Error {
        Error::malformed(self.what, problem)
    }
}
