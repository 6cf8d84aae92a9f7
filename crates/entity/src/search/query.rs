//! What is sought.

use super::phrase;
use super::syntax;
use super::token::{Language, stem};
use super::{MAX_WORD, Words};
use crate::error::Result;

/// How the text of a query is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// As `to_tsquery` does: words, `&`, `|`, `!`, `<->`, `<2>`, parentheses, `'quoted words'`
    /// and `:*` behind the beginning of a word.
    Operators,
    /// As `plainto_tsquery` does: all words.
    Plain,
    /// As `phraseto_tsquery` does: all words, one behind the other.
    Phrase,
    /// As `websearch_to_tsquery` does: all words, `or`, `-` before what may not be, and
    /// `"phrases"`.
    Web,
}

impl Mode {
    /// All of them, by the names that filters of requests have.
    pub const ALL: [(&'static str, Self); 4] = [
        ("fts", Self::Operators),
        ("plfts", Self::Plain),
        ("phfts", Self::Phrase),
        ("wfts", Self::Web),
    ];

    /// A number, for functions of an engine.
    pub const fn number(self) -> i64 {
        match self {
            Self::Operators => 0,
            Self::Plain => 1,
            Self::Phrase => 2,
            Self::Web => 3,
        }
    }

    /// The mode of a number.
    pub const fn from_number(number: i64) -> Option<Self> {
        Some(match number {
            0 => Self::Operators,
            1 => Self::Plain,
            2 => Self::Phrase,
            3 => Self::Web,
            _ => return None,
        })
    }
}

/// A query, read from text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    mode: Mode,
    language: Language,
    text: String,
    /// None when nothing but stop words is sought: that matches nothing.
    root: Option<Node>,
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Word(Sought),
    /// A stop word, until the query is cleaned of them.
    Stop,
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    /// The right part so many positions behind the left one.
    Phrase(Box<Node>, Box<Node>, u16),
}

/// A word that is sought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// The stem, or the word as it is.
    pub(super) text: String,
    pub(super) language: Language,
    /// Whether words count that begin with it.
    pub(super) prefix: bool,
}

/// Which stems a text must have some of, to have what is sought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Range {
    /// This one.
    Stem(String),
    /// Those that begin so.
    Prefix(String),
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// `42601` when operators don't fit together, `0A000` for weights, `54000` when it is too large.
    pub fn parse(mode: Mode, language: Language, text: &str) -> Result<Self> {
        let root = syntax::parse(mode, language, text)?.and_then(|root| clean(root).node);
        Ok(Self { mode, language, text: text.to_owned(), root })
    }

    /// How its text was read.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// How words are compared.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing can match.
    pub fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// Whether a text has what is sought.
    pub fn matches(&self, words: &Words) -> bool {
        self.root.as_ref().is_some_and(|root| phrase::holds(root, words))
    }

    /// What a text must have to match: some of each group. Without groups it tells nothing.
    pub fn groups(&self) -> Vec<Vec<Range>> {
        self.root.as_ref().map(groups).unwrap_or_default()
    }

    /// Whether a text matches that has some of each group.
    pub fn is_exact(&self) -> bool {
        self.root.as_ref().is_none_or(is_exact)
    }

    /// The stems that words of the query, sought or not, are kept by.
    pub fn ranges(&self) -> Vec<Range> {
        let mut found = Vec::new();
        if let Some(root) = &self.root {
            ranges(root, &mut found);
        }
        found
    }

    /// The query as a `tsquery` in `PostgreSQL`'s text form, over what [`Words::lexemes`] gives.
    pub fn tsquery(&self) -> String {
        let mut out = String::new();
        if let Some(root) = &self.root {
            push_tsquery(&mut out, root);
        }
        out
    }
}

impl Sought {
    pub(super) fn node(language: Language, word: String, prefix: bool) -> Node {
        if super::token::is_stop_word(&word) || word.len() > MAX_WORD {
            return Node::Stop;
        }
        let text = match language {
            Language::English => stem(&word).into_owned(),
            Language::Simple => word,
        };
        Node::Word(Self { text, language, prefix })
    }

    fn range(&self) -> Range {
        match (self.language, self.prefix) {
            (Language::English, false) => Range::Stem(self.text.clone()),
            (Language::English, true) => Range::Prefix(self.text.clone()),
            (Language::Simple, false) => Range::Stem(stem(&self.text).into_owned()),
            // Stems of words that begin alike may differ in all but their first letter.
            (Language::Simple, true) => Range::Prefix(self.text.chars().take(1).collect()),
        }
    }
}

fn groups(node: &Node) -> Vec<Vec<Range>> {
    match node {
        Node::Word(sought) => vec![vec![sought.range()]],
        Node::Not(_) | Node::Stop => Vec::new(),
        Node::And(left, right) | Node::Phrase(left, right, _) => {
            let mut all = groups(left);
            all.extend(groups(right));
            all
        }
        Node::Or(left, right) => match (groups(left).pop(), groups(right).pop()) {
            (Some(mut left), Some(right)) => {
                left.extend(right);
                vec![left]
            }
            _ => Vec::new(),
        },
    }
}

fn is_exact(node: &Node) -> bool {
    match node {
        Node::Word(sought) => sought.language == Language::English,
        Node::And(left, right) => is_exact(left) && is_exact(right),
        Node::Or(left, right) => {
            is_exact(left) && is_exact(right) && groups(left).len() == 1 && groups(right).len() == 1
        }
        Node::Not(_) | Node::Stop | Node::Phrase(..) => false,
    }
}

fn ranges(node: &Node, found: &mut Vec<Range>) {
    match node {
        Node::Word(sought) => found.push(sought.range()),
        Node::Stop => {}
        Node::Not(inner) => ranges(inner, found),
        Node::And(left, right) | Node::Or(left, right) | Node::Phrase(left, right, _) => {
            ranges(left, found);
            ranges(right, found);
        }
    }
}

fn push_tsquery(out: &mut String, node: &Node) {
    match node {
        Node::Word(sought) => {
            let mark = if sought.language == Language::Simple { "=" } else { "" };
            let prefix = if sought.prefix { ":*" } else { "" };
            // Words are letters and digits: nothing needs to be escaped.
            for part in ["'", mark, &sought.text, "'", prefix] {
                out.push_str(part);
            }
        }
        Node::Stop => {}
        Node::Not(inner) => {
            out.push_str("!(");
            push_tsquery(out, inner);
            out.push(')');
        }
        Node::And(left, right) => push_pair(out, left, " & ", right),
        Node::Or(left, right) => push_pair(out, left, " | ", right),
        Node::Phrase(left, right, distance) => {
            push_pair(out, left, &format!(" <{distance}> "), right);
        }
    }
}

fn push_pair(out: &mut String, left: &Node, operator: &str, right: &Node) {
    out.push('(');
    push_tsquery(out, left);
    out.push_str(operator);
    push_tsquery(out, right);
    out.push(')');
}

/// What is left of a part without its stop words, and by how much these move what stands before
/// and behind it apart, as `PostgreSQL`'s `clean_stopword_intree` has it.
struct Cleaned {
    node: Option<Node>,
    before: u16,
    behind: u16,
}

impl Cleaned {
    fn new(node: Option<Node>, before: u16, behind: u16) -> Self {
        Self { node, before, behind }
    }
}

fn clean(node: Node) -> Cleaned {
    match node {
        Node::Word(_) => Cleaned::new(Some(node), 0, 0),
        Node::Stop => Cleaned::new(None, 0, 0),
        Node::Not(inner) => {
            let inner = clean(*inner);
            let node = inner.node.map(|node| Node::Not(Box::new(node)));
            Cleaned::new(node, inner.before, inner.behind)
        }
        Node::And(left, right) => {
            clean_pair(*left, *right, None, |left, right, _| Node::And(left, right))
        }
        Node::Or(left, right) => {
            clean_pair(*left, *right, None, |left, right, _| Node::Or(left, right))
        }
        Node::Phrase(left, right, distance) => {
            clean_pair(*left, *right, Some(distance), Node::Phrase)
        }
    }
}

/// Cleans a pair; a phrase has a distance.
fn clean_pair(
    left: Node,
    right: Node,
    phrase: Option<u16>,
    join: impl FnOnce(Box<Node>, Box<Node>, u16) -> Node,
) -> Cleaned {
    let (left, right) = (clean(left), clean(right));
    let sum = |parts: [u16; 3]| parts.into_iter().fold(0_u16, u16::saturating_add);
    let own = phrase.unwrap_or(0);
    match (left.node, right.node) {
        (None, None) => {
            let width = match phrase {
                Some(own) => sum([left.before, own, right.before]),
                None => left.before.max(right.before),
            };
            Cleaned::new(None, width, width)
        }
        (None, Some(node)) => {
            let before = match phrase {
                Some(own) => sum([left.before, own, right.before]),
                None => right.before,
            };
            Cleaned::new(Some(node), before, right.behind)
        }
        (Some(node), None) => {
            let behind = match phrase {
                Some(own) => sum([left.behind, own, right.behind]),
                None => left.behind,
            };
            Cleaned::new(Some(node), left.before, behind)
        }
        (Some(one), Some(other)) => {
            let distance = sum([own, left.behind, right.before]);
            let node = Some(join(Box::new(one), Box::new(other), distance));
            match phrase {
                Some(_) => Cleaned::new(node, left.before, right.behind),
                None => Cleaned::new(node, 0, 0),
            }
        }
    }
}
