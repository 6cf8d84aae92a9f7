//! The text of a query becomes a tree.

use super::query::{Mode, Node, Sought};
use super::token::{Language, tokens};
use crate::error::{Error, Result};

/// Words of one query.
const MAX_OPERANDS: usize = 256;
/// Parentheses inside of each other.
const MAX_DEPTH: usize = 64;
/// The furthest that words of a phrase are apart, as `PostgreSQL` has it.
const MAX_DISTANCE: u16 = 16_384;

/// Reads a query; none when it has no words at all.
pub(super) fn parse(mode: Mode, language: Language, text: &str) -> Result<Option<Node>> {
    let mut parser = Parser { language, source: text, rest: text, operands: 0, depth: 0 };
    match mode {
        Mode::Plain => parser.words(text, false, Node::And),
        Mode::Phrase => parser.words(text, false, phrase),
        Mode::Web => parser.web(),
        Mode::Operators => {
            parser.skip_space();
            if parser.rest.is_empty() {
                return Ok(None);
            }
            let root = parser.alternatives()?;
            if parser.rest.is_empty() { Ok(Some(root)) } else { Err(parser.syntax()) }
        }
    }
}

fn phrase(left: Box<Node>, right: Box<Node>) -> Node {
    Node::Phrase(left, right, 1)
}

struct Parser<'a> {
    language: Language,
    source: &'a str,
    rest: &'a str,
    operands: usize,
    depth: usize,
}

impl Parser<'_> {
    fn syntax(&self) -> Error {
        Error::invalid_query(format!("syntax error in tsquery: \"{}\"", self.source))
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Takes a text if it comes next, and the space behind it.
    fn take(&mut self, text: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(text) else { return false };
        self.rest = rest;
        self.skip_space();
        true
    }

    /// The words of a text, joined; none when it has none.
    fn words(
        &mut self,
        text: &str,
        prefix: bool,
        join: impl Fn(Box<Node>, Box<Node>) -> Node,
    ) -> Result<Option<Node>> {
        let mut joined = None;
        for word in tokens(text) {
            self.operands += 1;
            if self.operands > MAX_OPERANDS {
                let most = format!("a search has at most {MAX_OPERANDS} words");
                return Err(Error::invalid_query(most));
            }
            let node = Sought::node(self.language, word, prefix);
            joined = Some(match joined {
                None => node,
                Some(left) => join(Box::new(left), Box::new(node)),
            });
        }
        Ok(joined)
    }

    fn alternatives(&mut self) -> Result<Node> {
        let mut left = self.all()?;
        while self.take("|") {
            left = Node::Or(Box::new(left), Box::new(self.all()?));
        }
        Ok(left)
    }

    fn all(&mut self) -> Result<Node> {
        let mut left = self.followed()?;
        while self.take("&") {
            left = Node::And(Box::new(left), Box::new(self.followed()?));
        }
        Ok(left)
    }

    fn followed(&mut self) -> Result<Node> {
        let mut left = self.operand()?;
        while let Some(distance) = self.distance()? {
            left = Node::Phrase(Box::new(left), Box::new(self.operand()?), distance);
        }
        Ok(left)
    }

    /// `<->` or `<2>`
    fn distance(&mut self) -> Result<Option<u16>> {
        let Some(inner) = self.rest.strip_prefix('<') else { return Ok(None) };
        let Some((text, rest)) = inner.split_once('>') else { return Err(self.syntax()) };
        let distance = match text {
            "-" => 1,
            text => text.parse().map_err(|_| self.syntax())?,
        };
        if distance > MAX_DISTANCE {
            let range = "distance in phrase operator must be an integer value between zero and";
            return Err(Error::invalid_query(format!("{range} {MAX_DISTANCE} inclusive")));
        }
        self.rest = rest;
        self.skip_space();
        Ok(Some(distance))
    }

    fn operand(&mut self) -> Result<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let most = format!("a search has at most {MAX_DEPTH} operators inside of each other");
            return Err(Error::invalid_query(most));
        }
        let node = if self.take("!") {
            Node::Not(Box::new(self.operand()?))
        } else if self.take("(") {
            let inner = self.alternatives()?;
            if !self.take(")") {
                return Err(self.syntax());
            }
            inner
        } else {
            self.word()?
        };
        self.depth -= 1;
        Ok(node)
    }

    /// A word or `'quoted words'`, and `:*` behind it.
    fn word(&mut self) -> Result<Node> {
        let text = self.text()?;
        let prefix = self.label()?;
        self.skip_space();
        Ok(self.words(&text, prefix, phrase)?.unwrap_or(Node::Stop))
    }

    fn text(&mut self) -> Result<String> {
        let quoted = self.rest.starts_with('\'');
        let source = if quoted { &self.rest[1..] } else { self.rest };
        let mut text = String::new();
        let mut characters = source.char_indices().peekable();
        let mut end = source.len();
        let mut closed = !quoted;
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => text.push(characters.next().ok_or_else(|| self.syntax())?.1),
                '\'' if quoted => match characters.next_if(|(_, next)| *next == '\'') {
                    Some(_) => text.push('\''),
                    None => {
                        (end, closed) = (at + 1, true);
                        break;
                    }
                },
                _ if !quoted && ends_word(character, &source[at..]) => {
                    end = at;
                    break;
                }
                _ => text.push(character),
            }
        }
        if !closed || (!quoted && end == 0) {
            return Err(self.syntax());
        }
        self.rest = &source[end..];
        Ok(text)
    }

    /// Whether `:*` follows.
    fn label(&mut self) -> Result<bool> {
        let Some(rest) = self.rest.strip_prefix(':') else { return Ok(false) };
        let labels = rest.len() - rest.trim_start_matches(|c: char| "*ABCDabcd".contains(c)).len();
        let (labels, rest) = rest.split_at(labels);
        if labels.is_empty() {
            return Err(self.syntax());
        }
        if labels != "*" {
            return Err(Error::invalid_query("words have no weights: leave A, B, C and D out"));
        }
        self.rest = rest;
        Ok(true)
    }

    /// `fat "white rat" -cat or dog`
    fn web(&mut self) -> Result<Option<Node>> {
        let mut alternatives = None;
        loop {
            let (all, is_last) = self.web_all()?;
            alternatives = match (alternatives, all) {
                (None, all) => all,
                (Some(left), None) => Some(Node::Or(Box::new(left), Box::new(Node::Stop))),
                (Some(left), Some(all)) => Some(Node::Or(Box::new(left), Box::new(all))),
            };
            if is_last {
                return Ok(alternatives);
            }
        }
    }

    /// What stands before the next `or`, and whether none comes.
    fn web_all(&mut self) -> Result<(Option<Node>, bool)> {
        let mut all: Option<Node> = None;
        loop {
            // Punctuation between words is passed over, as are operators of other modes.
            self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || is_sign(c));
            if self.rest.is_empty() {
                return Ok((all, true));
            }
            if all.is_some() && self.web_or() {
                return Ok((all, false));
            }
            let operand = self.web_operand()?;
            all = match (all, operand) {
                (all, None) => all,
                (None, operand) => operand,
                (Some(left), Some(right)) => Some(Node::And(Box::new(left), Box::new(right))),
            };
        }
    }

    fn web_operand(&mut self) -> Result<Option<Node>> {
        let mut negated = false;
        while let Some(rest) = self.rest.strip_prefix('-') {
            negated = !negated;
            self.rest = rest.trim_start();
        }
        let (text, rest) = match self.rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => {
                let ends = |c: char| c.is_whitespace() || c == '"';
                self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()))
            }
        };
        self.rest = rest;
        let words = self.words(text, false, phrase)?;
        Ok(words.map(|words| if negated { Node::Not(Box::new(words)) } else { words }))
    }

    /// Takes the word `or` where something follows that it could join.
    fn web_or(&mut self) -> bool {
        let Some(head) = self.rest.get(..2).filter(|head| head.eq_ignore_ascii_case("or")) else {
            return false;
        };
        let rest = &self.rest[head.len()..];
        let joins = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        if rest.starts_with(joins) || rest.trim().is_empty() {
            return false;
        }
        self.rest = rest;
        true
    }
}

/// Whether an unquoted word ends before a character.
fn ends_word(character: char, rest: &str) -> bool {
    let is_operator = "!&|():".contains(character) || character.is_whitespace();
    is_operator || (character == '<' && is_distance(rest))
}

fn is_distance(rest: &str) -> bool {
    let inner = rest[1..].split_once('>').map(|(inner, _)| inner);
    inner.is_some_and(|i| i == "-" || !i.is_empty() && i.bytes().all(|b| b.is_ascii_digit()))
}

/// What has a meaning in another mode, and none here.
fn is_sign(character: char) -> bool {
    "!&|():<>".contains(character)
}
