//! Walking over canonical JSON text. Text that is not canonical gives meaningless values, never a
//! panic.

use super::escape::plain_len;

/// Where the value that starts at `at` ends.
fn value_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    match bytes.get(at) {
        Some(b'"') => string_end(bytes, at),
        Some(b'{' | b'[') => container_end(bytes, at),
        _ => {
            let rest = bytes.get(at..).unwrap_or_default();
            let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b':');
            at + rest.iter().position(is_end).unwrap_or(rest.len())
        }
    }
}

fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    loop {
        at += plain_len(bytes.get(at..).unwrap_or_default());
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return bytes.len(),
        }
    }
}

fn container_end(bytes: &[u8], open: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = open;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The items of an array, or the keys and values of an object, one after the other.
#[derive(Clone)]
pub(crate) struct Items<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Items<'a> {
    /// Of an array or object; of anything else there are none.
    pub(crate) fn of(container: &'a str) -> Self {
        let at = if container.starts_with(['[', '{']) { 1 } else { container.len() };
        Self { text: container, at }
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b',' | b':') = bytes.get(self.at) {
            self.at += 1;
        }
        if let None | Some(b']' | b'}') = bytes.get(self.at) {
            self.at = bytes.len();
            return None;
        }
        let start = self.at;
        self.at = value_end(self.text, start);
        self.text.get(start..self.at)
    }
}

/// The key tokens and values of an object.
#[derive(Clone)]
pub(super) struct Members<'a>(Items<'a>);

impl<'a> Members<'a> {
    /// Of an object; of anything else there are none.
    pub(super) fn of(object: &'a str) -> Self {
        Self(Items::of(if object.starts_with('{') { object } else { "" }))
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        Some((self.0.next()?, self.0.next()?))
    }
}

/// What a value is, in the order in which `jsonb` sorts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Type {
    Null,
    String,
    Number,
    Boolean,
    Array,
    Object,
}

impl Type {
    /// The type of a canonical value, which its first byte tells.
    pub(super) fn of(value: &str) -> Self {
        match value.as_bytes().first() {
            Some(b'"') => Self::String,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'[') => Self::Array,
            Some(b'{') => Self::Object,
            Some(b'n') | None => Self::Null,
            Some(_) => Self::Number,
        }
    }

    pub(super) fn is_container(self) -> bool {
        matches!(self, Self::Array | Self::Object)
    }
}

/// A canonical number without the zeros that don't change its value.
pub(super) fn trim_number(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}
