//! Texts become words.

use crate::like::fold;
use rust_stemmers::{Algorithm, Stemmer};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How words are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// By their English stems.
    #[default]
    English,
    /// As they are.
    Simple,
}

impl Language {
    /// The names of all, for messages.
    pub const NAMES: &str = "english and simple";

    /// The language of a name.
    pub fn parse(name: &str) -> Option<Self> {
        match name.strip_prefix("pg_catalog.").unwrap_or(name) {
            "english" => Some(Self::English),
            "simple" => Some(Self::Simple),
            _ => None,
        }
    }

    /// The name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "english",
            Self::Simple => "simple",
        }
    }
}

/// Snowball's English stop words, in order.
const STOP_WORDS: [&str; 127] = [
    "a",
    "about",
    "above",
    "after",
    "again",
    "against",
    "all",
    "am",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "because",
    "been",
    "before",
    "being",
    "below",
    "between",
    "both",
    "but",
    "by",
    "can",
    "did",
    "do",
    "does",
    "doing",
    "don",
    "down",
    "during",
    "each",
    "few",
    "for",
    "from",
    "further",
    "had",
    "has",
    "have",
    "having",
    "he",
    "her",
    "here",
    "hers",
    "herself",
    "him",
    "himself",
    "his",
    "how",
    "i",
    "if",
    "in",
    "into",
    "is",
    "it",
    "its",
    "itself",
    "just",
    "me",
    "more",
    "most",
    "my",
    "myself",
    "no",
    "nor",
    "not",
    "now",
    "of",
    "off",
    "on",
    "once",
    "only",
    "or",
    "other",
    "our",
    "ours",
    "ourselves",
    "out",
    "over",
    "own",
    "s",
    "same",
    "she",
    "should",
    "so",
    "some",
    "such",
    "t",
    "than",
    "that",
    "the",
    "their",
    "theirs",
    "them",
    "themselves",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "through",
    "to",
    "too",
    "under",
    "until",
    "up",
    "very",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "whom",
    "why",
    "will",
    "with",
    "you",
    "your",
    "yours",
    "yourself",
    "yourselves",
];

/// Whether a word says nothing.
pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// The stem of a word; one with digits is its own.
pub(super) fn stem(word: &str) -> Cow<'_, str> {
    if word.chars().any(char::is_numeric) {
        return Cow::Borrowed(word);
    }
    let stem = Stemmer::create(Algorithm::English).stem(word);
    if stem.is_empty() { Cow::Borrowed(word) } else { stem }
}

/// The words of a text, folded, in order.
pub(super) fn tokens(text: &str) -> Vec<String> {
    if text.is_ascii() {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
        return words.map(str::to_ascii_lowercase).collect();
    }
    let plain: String = text.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).nfc().collect();
    let folded = fold(&plain);
    let mut tokens = Vec::new();
    let mut token = String::new();
    for character in folded.chars() {
        let is_part = character.is_alphanumeric() || is_combining_mark(character);
        if !is_part || stands_alone(character) {
            tokens.extend((!token.is_empty()).then(|| std::mem::take(&mut token)));
        }
        if stands_alone(character) {
            tokens.push(character.to_string());
        } else if is_part {
            token.push(character);
        }
    }
    tokens.extend((!token.is_empty()).then_some(token));
    tokens
}

/// Whether a character is a word of its own: these scripts put no spaces between words.
const fn stands_alone(character: char) -> bool {
    matches!(
        character,
        '\u{3041}'..='\u{3096}'
            | '\u{30a1}'..='\u{30fa}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    )
}
