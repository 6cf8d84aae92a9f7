//! `LIKE` and the folding of case that `ilike` and search use, the same on both engines.

use crate::error::{Error, Result};
use std::borrow::Cow;

/// Text folded for comparison without case: every character in its full lower case, and the
/// final sigma as the plain one, so that the result does not depend on a character's neighbours.
///
/// `PostgreSQL` computes the same as `replace(lower(text COLLATE "und-x-icu"), 'ς', 'σ')` where its
/// ICU knows Unicode 15 (ICU 72 and 73).
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    let mut folded = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            folded.push(character.to_ascii_lowercase());
        } else if character == 'ς' {
            folded.push('σ');
        } else if has_newer_case(character) {
            folded.push(character);
        } else {
            folded.extend(character.to_lowercase());
        }
    }
    Cow::Owned(folded)
}

/// Whether a character got its lower case after Unicode 15, so that Rust and ICU may disagree.
const fn has_newer_case(character: char) -> bool {
    matches!(
        character,
        '\u{1c89}'
            | '\u{a7cb}'
            | '\u{a7cc}'
            | '\u{a7ce}'
            | '\u{a7d2}'
            | '\u{a7d4}'
            | '\u{a7da}'
            | '\u{a7dc}'
            | '\u{10d50}'..='\u{10d65}'
            | '\u{16ea0}'..='\u{16eb8}'
    )
}

/// Whether a text matches a pattern; for many texts, keep a [`Like`].
///
/// # Errors
/// As [`Like::new`].
pub fn like(pattern: &str, text: &str) -> Result<bool> {
    Ok(Like::new(pattern)?.matches(text))
}

/// A `LIKE` pattern: `%` matches any text, `_` any one code point, and `\` takes the character
/// after it as it is.
#[derive(Clone, Debug)]
pub struct Like {
    /// What stands between the `%`; the first is bound to the start, the last to the end.
    segments: Vec<Segment>,
}

/// A part of a pattern without `%`.
#[derive(Clone, Debug, Default)]
struct Segment {
    /// Texts with one `_` between each two.
    literals: Vec<String>,
}

impl Like {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`Error::is_invalid_value`] when it ends with a lone `\`.
    pub fn new(pattern: &str) -> Result<Self> {
        let mut segments = Vec::new();
        let mut segment = Segment::default();
        let mut literal = String::new();
        let mut characters = pattern.chars();
        while let Some(character) = characters.next() {
            match character {
                '%' => {
                    segment.literals.push(std::mem::take(&mut literal));
                    segments.push(std::mem::take(&mut segment));
                }
                '_' => segment.literals.push(std::mem::take(&mut literal)),
                '\\' => literal.push(characters.next().ok_or_else(|| {
                    Error::invalid_escape("LIKE pattern must not end with escape character")
                })?),
                _ => literal.push(character),
            }
        }
        segment.literals.push(literal);
        segments.push(segment);
        Ok(Self { segments })
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        let Some((first, others)) = self.segments.split_first() else {
            return text.is_empty();
        };
        let Some(mut rest) = first.strip_from(text) else {
            return false;
        };
        let Some((last, between)) = others.split_last() else {
            return rest.is_empty();
        };
        // The leftmost place is best for every segment between, since it leaves most to the others.
        for segment in between {
            match segment.find_in(rest) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        last.ends(rest)
    }
}

impl Segment {
    /// What follows this segment at the start of `text`.
    fn strip_from<'a>(&self, text: &'a str) -> Option<&'a str> {
        let (first, others) = self.literals.split_first()?;
        others.iter().try_fold(text.strip_prefix(first.as_str())?, |rest, literal| {
            let mut characters = rest.chars();
            characters.next()?;
            characters.as_str().strip_prefix(literal.as_str())
        })
    }

    /// What follows the first place of this segment in `text`.
    fn find_in<'a>(&self, text: &'a str) -> Option<&'a str> {
        let (first, others) = self.literals.split_first()?;
        if others.is_empty() {
            let at = text.find(first.as_str())?;
            return Some(&text[at + first.len()..]);
        }
        let mut starts = text.char_indices().map(|(at, _)| at);
        starts.find_map(|at| self.strip_from(&text[at..]))
    }

    /// Whether `text` ends with this segment.
    fn ends(&self, text: &str) -> bool {
        let Some((last, others)) = self.literals.split_last() else {
            return true;
        };
        let Some(mut rest) = text.strip_suffix(last.as_str()) else {
            return false;
        };
        for literal in others.iter().rev() {
            let mut characters = rest.chars();
            if characters.next_back().is_none() {
                return false;
            }
            match characters.as_str().strip_suffix(literal.as_str()) {
                Some(before) => rest = before,
                None => return false,
            }
        }
        true
    }
}
