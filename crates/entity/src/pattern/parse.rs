//! From text to a pattern, as `PostgreSQL` reads an advanced regular expression.

use super::set::{self, Set};
use super::{Border, Node};
use crate::error::{Error, Result};
use std::iter::Peekable;
use std::str::Chars;

/// Deepest nesting of groups.
const MAX_DEPTH: usize = 50;
/// Most repetitions that a bound may name, `DUPMAX` of `PostgreSQL`.
const MAX_REPEATS: u32 = 255;

/// Reads a pattern.
pub(super) fn parse(text: &str) -> Result<Node> {
    if text.starts_with("***") {
        return Err(unsupported("the director ***"));
    }
    let mut reader = Reader { rest: text.chars().peekable() };
    let root = reader.choice(0)?;
    if reader.rest.next().is_some() {
        return Err(invalid("parentheses () not balanced"));
    }
    Ok(root)
}

/// `PostgreSQL`'s words for a pattern that is none.
fn invalid(what: &str) -> Error {
    Error::invalid_pattern(format!("invalid regular expression: {what}"))
}

fn unsupported(what: impl Into<String>) -> Error {
    Error::unsupported_pattern(what)
}

const BAD_OPERAND: &str = "quantifier operand invalid";
const BAD_ESCAPE: &str = "invalid escape \\ sequence";
const BAD_BRACKETS: &str = "brackets [] not balanced";

/// What a backslash and a character stand for.
enum Escape {
    Literal(char),
    Class(Set),
    Border(Border),
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    /// Branches between `|`, up to the end or a closing parenthesis.
    fn choice(&mut self, depth: usize) -> Result<Node> {
        let mut branches = vec![self.sequence(depth)?];
        while self.rest.next_if_eq(&'|').is_some() {
            branches.push(self.sequence(depth)?);
        }
        Ok(match branches.pop() {
            Some(only) if branches.is_empty() => only,
            last => {
                branches.extend(last);
                Node::Choice(branches)
            }
        })
    }

    fn sequence(&mut self, depth: usize) -> Result<Node> {
        let mut nodes = Vec::new();
        while let Some(next) = self.rest.next_if(|c| !matches!(c, '|' | ')')) {
            let atom = self.atom(next, depth)?;
            nodes.push(self.repeated(atom)?);
        }
        Ok(Node::Sequence(nodes))
    }

    fn atom(&mut self, first: char, depth: usize) -> Result<Node> {
        Ok(match first {
            '^' => Node::Border(Border::Start),
            '$' => Node::Border(Border::End),
            '.' => Node::Any,
            '(' => self.group(depth)?,
            '[' => Node::Class(self.brackets()?),
            '*' | '+' | '?' => return Err(invalid(BAD_OPERAND)),
            '{' if self.rest.peek().is_some_and(char::is_ascii_digit) => {
                return Err(invalid(BAD_OPERAND));
            }
            '\\' => match self.escape()? {
                Escape::Literal(literal) => Node::Literal(literal),
                Escape::Class(set) => Node::Class(set),
                Escape::Border(border) => Node::Border(border),
            },
            literal => Node::Literal(literal),
        })
    }

    fn group(&mut self, depth: usize) -> Result<Node> {
        if depth >= MAX_DEPTH {
            return Err(unsupported(format!("more than {MAX_DEPTH} levels of parentheses")));
        }
        if self.rest.next_if_eq(&'?').is_some() {
            match self.rest.next() {
                Some(':') => {}
                Some('=' | '!' | '<') => return Err(unsupported("a lookahead or lookbehind (?")),
                _ => return Err(unsupported("embedded options (?")),
            }
        }
        let inner = self.choice(depth + 1)?;
        match self.rest.next() {
            // A group may repeat even if all that it has is a border.
            Some(')') => Ok(Node::Sequence(vec![inner])),
            _ => Err(invalid("parentheses () not balanced")),
        }
    }

    /// The atom with the quantifier that follows it.
    fn repeated(&mut self, atom: Node) -> Result<Node> {
        let Some((min, max)) = self.quantifier()? else { return Ok(atom) };
        if matches!(atom, Node::Border(_)) {
            return Err(invalid(BAD_OPERAND));
        }
        // Whether as few or as many as possible does not matter to whether there is a match.
        self.rest.next_if_eq(&'?');
        if self.quantifier()?.is_some() {
            return Err(invalid(BAD_OPERAND));
        }
        Ok(Node::Repeat { node: Box::new(atom), min, max })
    }

    fn quantifier(&mut self) -> Result<Option<(u32, Option<u32>)>> {
        let bounds = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.bound(),
            _ => return Ok(None),
        };
        self.rest.next();
        Ok(Some(bounds))
    }

    /// `{m}`, `{m,}` or `{m,n}`; a brace before anything but a digit is a character.
    fn bound(&mut self) -> Result<Option<(u32, Option<u32>)>> {
        let mut ahead = self.rest.clone();
        ahead.next();
        if !ahead.peek().is_some_and(char::is_ascii_digit) {
            return Ok(None);
        }
        self.rest = ahead;
        let wrong = || invalid("invalid repetition count(s)");
        let min = self.count().ok_or_else(wrong)?;
        let max = if self.rest.next_if_eq(&',').is_none() {
            Some(min)
        } else if self.rest.peek().is_some_and(char::is_ascii_digit) {
            Some(self.count().ok_or_else(wrong)?)
        } else {
            None
        };
        match self.rest.next() {
            Some('}') if max.is_none_or(|max| min <= max) => Ok(Some((min, max))),
            Some(_) => Err(wrong()),
            None => Err(invalid("braces {} not balanced")),
        }
    }

    fn count(&mut self) -> Option<u32> {
        let mut count = 0;
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            count = count * 10 + digit.to_digit(10)?;
            if count > MAX_REPEATS {
                return None;
            }
        }
        Some(count)
    }

    fn escape(&mut self) -> Result<Escape> {
        let Some(character) = self.rest.next() else { return Err(invalid(BAD_ESCAPE)) };
        let class = |name: &str, negated| {
            let ranges = set::named(name).unwrap_or_default().to_vec();
            Ok(Escape::Class(Set { ranges, negated }))
        };
        match character {
            'd' => class("digit", false),
            'w' => class("word", false),
            's' => class("space", false),
            'D' => class("digit", true),
            'W' => class("word", true),
            'S' => class("space", true),
            'A' => Ok(Escape::Border(Border::Start)),
            'Z' => Ok(Escape::Border(Border::End)),
            'y' => Ok(Escape::Border(Border::Word)),
            'm' => Ok(Escape::Border(Border::WordStart)),
            'M' => Ok(Escape::Border(Border::WordEnd)),
            other => self.character_escape(other).map(Escape::Literal),
        }
    }

    /// A character that a backslash and `first` stand for, in or out of brackets.
    fn character_escape(&mut self, first: char) -> Result<char> {
        Ok(match first {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{c}',
            'v' => '\u{b}',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'e' => '\u{1b}',
            'B' => '\\',
            'u' => self.code(4)?,
            'U' => self.code(8)?,
            '1'..='9' => return Err(unsupported(format!("the back reference \\{first}"))),
            other if other.is_alphanumeric() => {
                return Err(unsupported(format!("the escape \\{other}")));
            }
            other => other,
        })
    }

    fn code(&mut self, digits: usize) -> Result<char> {
        let mut code = 0_u32;
        for _ in 0..digits {
            let digit = self.rest.next().and_then(|c| c.to_digit(16));
            let digit = digit.ok_or_else(|| invalid(BAD_ESCAPE))?;
            code = code.checked_mul(16).ok_or_else(|| invalid(BAD_ESCAPE))? + digit;
        }
        // No text has NUL.
        char::from_u32(code).filter(|c| *c != '\0').ok_or_else(|| invalid(BAD_ESCAPE))
    }

    /// What stands between brackets, up to the closing one.
    fn brackets(&mut self) -> Result<Set> {
        let mut set = Set { ranges: Vec::new(), negated: self.rest.next_if_eq(&'^').is_some() };
        let mut is_first = true;
        loop {
            let Some(first) = self.rest.next() else { return Err(invalid(BAD_BRACKETS)) };
            if first == ']' && !is_first {
                return Ok(set);
            }
            let Some(start) = self.member(first, &mut set, is_first)? else {
                is_first = false;
                self.no_range_after_class()?;
                continue;
            };
            is_first = false;
            let end = self.range_end(start, &mut set)?;
            if start > end {
                return Err(invalid("invalid character range"));
            }
            set.ranges.push(start..=end);
        }
    }

    /// The end of a range that begins with `start`; `start` where there is none.
    fn range_end(&mut self, start: char, set: &mut Set) -> Result<char> {
        if !self.is_range_ahead() {
            return Ok(start);
        }
        self.rest.next();
        let Some(first) = self.rest.next() else { return Err(invalid(BAD_BRACKETS)) };
        let end = self.member(first, set, true)?;
        let end = end.ok_or_else(|| invalid("invalid character range"))?;
        if self.is_range_ahead() {
            return Err(invalid("invalid character range"));
        }
        Ok(end)
    }

    /// Whether a `-` follows that does not end the brackets.
    fn is_range_ahead(&self) -> bool {
        let mut ahead = self.rest.clone();
        ahead.next() == Some('-') && ahead.next().is_some_and(|c| c != ']')
    }

    fn no_range_after_class(&self) -> Result<()> {
        if self.is_range_ahead() { Err(invalid("invalid character range")) } else { Ok(()) }
    }

    /// A character of brackets; none when it was a class, which `set` then has.
    fn member(&mut self, first: char, set: &mut Set, may_be_dash: bool) -> Result<Option<char>> {
        match first {
            '[' => match self.rest.peek() {
                Some(':') => {
                    set.ranges.extend_from_slice(self.posix_class()?);
                    Ok(None)
                }
                Some('.' | '=') => Err(unsupported("a collating element [. or [=")),
                _ => Ok(Some('[')),
            },
            '\\' => {
                let Some(next) = self.rest.next() else { return Err(invalid(BAD_ESCAPE)) };
                let name = match next {
                    'd' => "digit",
                    'w' => "word",
                    's' => "space",
                    'D' | 'W' | 'S' => {
                        return Err(unsupported(format!("\\{next} between brackets")));
                    }
                    other => return self.character_escape(other).map(Some),
                };
                set.ranges.extend_from_slice(set::named(name).unwrap_or_default());
                Ok(None)
            }
            // A dash that neither begins nor ends the brackets needs a backslash.
            '-' if !may_be_dash && self.rest.peek() != Some(&']') => {
                Err(invalid("invalid character range"))
            }
            other => Ok(Some(other)),
        }
    }

    /// `[:alpha:]`, behind its first bracket.
    fn posix_class(&mut self) -> Result<&'static [std::ops::RangeInclusive<char>]> {
        self.rest.next();
        let mut name = String::new();
        while let Some(letter) = self.rest.next_if(|c| *c != ':' && *c != ']') {
            name.push(letter);
        }
        if self.rest.next() != Some(':') || self.rest.next() != Some(']') {
            return Err(invalid(BAD_BRACKETS));
        }
        set::named(&name).ok_or_else(|| invalid("invalid character class"))
    }
}
