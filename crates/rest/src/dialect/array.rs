//! PostgreSQL's array literals, `{a,"b,c",NULL}`, the operands of `cs`, `cd`, `ov`, `(any)`, `(all)`.

use super::error::{INVALID_TEXT, ParseError};

/// An element of an array literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    /// An unquoted `NULL`, in either case.
    Null,
    /// A value as text.
    Value(String),
    /// An inner array.
    Array(Vec<Element>),
}

/// PostgreSQL's `MAXDIM`: arrays nest no deeper.
const DIMENSIONS_MAX: usize = 6;

/// Parses an array literal by the rules of PostgreSQL's `array_in`, without explicit bounds.
///
/// # Errors
/// SQLSTATE 22P02 with PostgreSQL's own texts.
pub fn parse_array_literal(literal: &str) -> Result<Vec<Element>, ParseError> {
    let mut reader = Reader { rest: literal.trim_start() };
    let parsed = match reader.next() {
        Some('{') => reader.elements(1),
        _ => Err("Array value must start with \"{\" or dimension information."),
    };
    let checked = parsed.and_then(|elements| {
        if !reader.rest.trim().is_empty() {
            return Err("Junk after closing right brace.");
        }
        if is_rectangular(&elements) { Ok(elements) } else { Err(RAGGED) }
    });
    checked.map_err(|details| {
        ParseError::new(INVALID_TEXT, format!("malformed array literal: \"{literal}\""), details)
    })
}

const RAGGED: &str = "Multidimensional arrays must have sub-arrays with matching dimensions.";
const CUT_SHORT: &str = "Unexpected end of input.";
const MISPLACED_COMMA: &str = "Unexpected \",\" character.";
const MISPLACED_CLOSE: &str = "Unexpected \"}\" character.";

/// The array's sizes by dimension, or `None` if inner arrays differ in shape.
fn shape(elements: &[Element]) -> Option<Vec<usize>> {
    let mut inner = elements.iter().map(|element| match element {
        Element::Array(elements) => shape(elements),
        Element::Null | Element::Value(_) => Some(Vec::new()),
    });
    let first = inner.next().unwrap_or_else(|| Some(Vec::new()))?;
    if inner.any(|other| other.as_ref() != Some(&first)) {
        return None;
    }
    Some([vec![elements.len()], first].concat())
}

fn is_rectangular(elements: &[Element]) -> bool {
    shape(elements).is_some()
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    fn peek_past_spaces(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    /// What follows an opening brace, up to and with the closing one. Depth is bounded.
    fn elements(&mut self, depth: usize) -> Result<Vec<Element>, &'static str> {
        if depth > DIMENSIONS_MAX {
            return Err("The number of array dimensions exceeds the maximum allowed (6).");
        }
        let mut elements = Vec::new();
        if self.peek_past_spaces() == Some('}') {
            self.next();
            return Ok(elements);
        }
        loop {
            elements.push(self.element(depth)?);
            match self.peek_past_spaces() {
                Some(',') => {
                    self.next();
                }
                Some('}') => {
                    self.next();
                    return Ok(elements);
                }
                Some(_) => return Err("Unexpected array element."),
                None => return Err(CUT_SHORT),
            }
        }
    }

    fn element(&mut self, depth: usize) -> Result<Element, &'static str> {
        match self.peek_past_spaces() {
            None => Err(CUT_SHORT),
            Some(',') => Err(MISPLACED_COMMA),
            Some('}') => Err(MISPLACED_CLOSE),
            Some('{') => {
                self.next();
                self.elements(depth + 1).map(Element::Array)
            }
            Some('"') => {
                self.next();
                self.quoted().map(Element::Value)
            }
            Some(_) => self.bare(),
        }
    }

    fn quoted(&mut self) -> Result<String, &'static str> {
        let mut value = String::new();
        loop {
            match self.next().ok_or(CUT_SHORT)? {
                '"' => return Ok(value),
                '\\' => value.push(self.next().ok_or(CUT_SHORT)?),
                c => value.push(c),
            }
        }
    }

    fn bare(&mut self) -> Result<Element, &'static str> {
        let mut value = String::new();
        let mut escaped = false;
        // Trailing spaces are dropped, unless one was escaped.
        let mut kept = 0;
        while let Some(c) = self.rest.chars().next() {
            match c {
                ',' | '}' => break,
                '{' | '"' => return Err("Unexpected array element."),
                '\\' => {
                    self.next();
                    value.push(self.next().ok_or(CUT_SHORT)?);
                    escaped = true;
                    kept = value.len();
                }
                _ => {
                    self.next();
                    value.push(c);
                    if !c.is_whitespace() {
                        kept = value.len();
                    }
                }
            }
        }
        value.truncate(kept);
        if !escaped && value.eq_ignore_ascii_case("null") {
            return Ok(Element::Null);
        }
        Ok(Element::Value(value))
    }
}
