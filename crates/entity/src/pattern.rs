//! Regular expressions with one meaning on both engines.
//!
//! [`Pattern::parse`] takes of `PostgreSQL`'s advanced regular expressions (§9.7.3 of its manual)
//! what automata can decide and what no setting of a database changes, and names what it refuses.
//! Both engines get the same text, written anew: character classes as the ASCII characters that
//! `PostgreSQL` has in them under the collation `C`, without case by [`fold`] on both sides.

mod parse;
mod print;
mod set;

use crate::error::{Error, Result};
use crate::like::fold;
use set::Set;
use std::borrow::Cow;

/// Longest pattern, in characters.
pub const MAX_LENGTH: usize = 1_000;
/// Most states of a pattern, with what its bounds repeat counted as often as it may come.
const MAX_STATES: usize = 2_000;
/// Bytes of a compiled pattern.
const MAX_COMPILED: usize = 8 << 20;

/// A regular expression.
#[derive(Clone, Debug)]
pub struct Pattern {
    root: Node,
    folded: bool,
}

/// A part of a pattern.
#[derive(Clone, Debug)]
enum Node {
    /// One character.
    Literal(char),
    /// Any character.
    Any,
    /// One of some characters.
    Class(Set),
    /// Where nothing stands but a border.
    Border(Border),
    /// One after the other; nothing is the empty text.
    Sequence(Vec<Node>),
    /// One of several.
    Choice(Vec<Node>),
    /// A number of times; without `max` any number from `min` on.
    Repeat { node: Box<Node>, min: u32, max: Option<u32> },
}

/// A place between characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Border {
    /// `^`, `\A`
    Start,
    /// `$`, `\Z`
    End,
    /// `\y`: the beginning or end of a word of ASCII letters, digits and `_`.
    Word,
    /// `\m`
    WordStart,
    /// `\M`
    WordEnd,
}

impl Pattern {
    /// Reads a pattern; `folded` is one that is matched without case.
    ///
    /// # Errors
    /// With the SQLSTATE 2201B: what `PostgreSQL` refuses too, in its words, and what the engines
    /// would not read alike ([`Error::is_unsupported_pattern`]).
    pub fn parse(text: &str, folded: bool) -> Result<Self> {
        if text.chars().count() > MAX_LENGTH {
            return Err(Error::unsupported_pattern(format!("more than {MAX_LENGTH} characters")));
        }
        let mut root = parse::parse(text)?;
        if folded {
            root.fold();
        }
        if root.states() > MAX_STATES {
            return Err(Error::unsupported_pattern("so many repetitions"));
        }
        Ok(Self { root, folded })
    }

    /// The pattern for `PostgreSQL`'s `~`, whose left side is folded where the pattern is.
    pub fn postgres(&self) -> String {
        print::print(&self.root, print::Syntax::Postgres)
    }

    /// The pattern ready to be matched here.
    ///
    /// # Errors
    /// [`Error::is_unsupported_pattern`] when it is too large.
    pub fn compile(&self) -> Result<Matcher> {
        let text = print::print(&self.root, print::Syntax::Rust);
        let regex = regex::RegexBuilder::new(&text)
            .dot_matches_new_line(true)
            .size_limit(MAX_COMPILED)
            .build()
            .map_err(|_| Error::unsupported_pattern("so many repetitions"))?;
        Ok(Matcher { regex, folded: self.folded })
    }
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Matcher {
    regex: regex::Regex,
    folded: bool,
}

impl Matcher {
    /// Whether some part of the text matches.
    pub fn matches(&self, text: &str) -> bool {
        let text = if self.folded { fold(text) } else { Cow::Borrowed(text) };
        self.regex.is_match(&text)
    }
}

impl Node {
    /// Replaces characters by what text that is folded has in their place.
    fn fold(&mut self) {
        match self {
            Self::Literal(character) => {
                let mut buffer = [0; 4];
                let folded = fold(character.encode_utf8(&mut buffer)).into_owned();
                let mut characters = folded.chars();
                if let (Some(only), None) = (characters.next(), characters.next()) {
                    *character = only;
                } else {
                    *self = Self::Sequence(folded.chars().map(Self::Literal).collect());
                }
            }
            Self::Class(set) => set.fold(),
            Self::Any | Self::Border(_) => {}
            Self::Sequence(nodes) | Self::Choice(nodes) => nodes.iter_mut().for_each(Self::fold),
            Self::Repeat { node, .. } => node.fold(),
        }
    }

    fn states(&self) -> usize {
        match self {
            Self::Literal(_) | Self::Any | Self::Class(_) | Self::Border(_) => 1,
            Self::Sequence(nodes) | Self::Choice(nodes) => {
                nodes.iter().fold(1, |sum, node| sum.saturating_add(node.states()))
            }
            Self::Repeat { node, min, max } => {
                let times = max.unwrap_or(*min).max(1) as usize;
                node.states().saturating_add(1).saturating_mul(times)
            }
        }
    }
}
