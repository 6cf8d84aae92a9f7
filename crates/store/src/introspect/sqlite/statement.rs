//! What `CREATE TABLE` and `CREATE INDEX` say that no pragma tells.

use crate::introspect::{Check, Table};

/// Adds conditions, expressions, collations and names of references to a table.
pub(super) fn add(table: &mut Table, sql: &str) -> Vec<Named> {
    let tokens = scan(sql);
    let mut references = Vec::new();
    for definition in definitions(&tokens) {
        let is_column = !matches!(
            definition.first().map(|token| token.word().to_ascii_uppercase()).as_deref(),
            Some("CONSTRAINT" | "PRIMARY" | "UNIQUE" | "CHECK" | "FOREIGN") | None
        ) || definition.first().is_some_and(|token| token.is_quoted);
        let name = definition.first().map(Token::name).unwrap_or_default();
        let column = table.columns.iter_mut().find(|column| is_column && column.name == name);
        let (mut checks, mut expression, mut collation) = (Vec::new(), None, None);
        let mut constraint = String::new();
        let mut at = usize::from(is_column);
        while at < definition.len() {
            let next = definition.get(at + 1);
            match definition[at].word().to_ascii_uppercase().as_str() {
                "CONSTRAINT" => constraint = next.map(Token::name).unwrap_or_default(),
                "CHECK" => {
                    let name = std::mem::take(&mut constraint);
                    let expression = enclosed(sql, &definition[at + 1..]);
                    checks.push(Check { name, expression: expression.to_owned() });
                }
                "AS" => expression = Some(enclosed(sql, &definition[at + 1..]).to_owned()),
                "COLLATE" => collation = next.map(Token::name),
                "REFERENCES" => references
                    .push(Named { name: std::mem::take(&mut constraint), deferrable: false }),
                "DEFERRABLE" => {
                    let denied = at > 0 && definition[at - 1].word().eq_ignore_ascii_case("NOT");
                    if let Some(reference) = references.last_mut() {
                        reference.deferrable = !denied;
                    }
                }
                _ => {}
            }
            at = after(definition, at);
        }
        table.checks.append(&mut checks);
        if let Some(column) = column {
            column.collation = collation.filter(|name| !name.eq_ignore_ascii_case("BINARY"));
            column.generated = column.generated.take().map(|_| expression.unwrap_or_default());
        }
    }
    references
}

/// What a statement says of a reference.
pub(super) struct Named {
    /// The constraint's name; empty without one.
    pub(super) name: String,
    /// Whether it may be looked at when the transaction ends.
    pub(super) deferrable: bool,
}

/// The texts that `CREATE INDEX` lists, without their directions.
pub(super) fn index_parts(sql: &str) -> Vec<String> {
    let tokens = scan(sql);
    let parts = definitions(&tokens).into_iter().map(|part| {
        let is_direction = |token: &Token<'_>| {
            !token.is_quoted
                && ["ASC", "DESC"].contains(&token.word().to_ascii_uppercase().as_str())
        };
        let kept = match part.split_last() {
            Some((last, rest)) if is_direction(last) => rest,
            _ => part,
        };
        between(sql, kept).to_owned()
    });
    parts.collect()
}

/// The condition of a partial index.
pub(super) fn index_filter(sql: &str) -> Option<String> {
    let tokens = scan(sql);
    let mut at = 0;
    while at < tokens.len() {
        if !tokens[at].is_quoted && tokens[at].word().eq_ignore_ascii_case("WHERE") {
            return Some(between(sql, &tokens[at + 1..]).to_owned());
        }
        at = after(&tokens, at);
    }
    None
}

/// A word, name, string or sign of a statement.
struct Token<'s> {
    text: &'s str,
    start: usize,
    is_quoted: bool,
}

impl<'s> Token<'s> {
    /// The token where it is a key word; nothing for quoted names and strings.
    fn word(&self) -> &'s str {
        if self.is_quoted { "" } else { self.text }
    }

    /// The name that the token is.
    fn name(&self) -> String {
        if !self.is_quoted {
            return self.text.to_owned();
        }
        let inner = &self.text[1..self.text.len().max(2) - 1];
        match self.text.as_bytes()[0] {
            b'[' => inner.to_owned(),
            quote => {
                let quote = char::from(quote).to_string();
                inner.replace(&quote.repeat(2), &quote)
            }
        }
    }
}

/// The tokens of a statement, without comments.
fn scan(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = sql[start..].chars().next() {
        let rest = &sql[start..];
        let length = match first {
            _ if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            _ if first.is_whitespace() => first.len_utf8(),
            '\'' | '"' | '`' | '[' => quoted(rest, if first == '[' { ']' } else { first }),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let is_quoted = matches!(first, '\'' | '"' | '`' | '[');
        let is_empty = first.is_whitespace() || rest.starts_with("--") || rest.starts_with("/*");
        if !is_empty {
            tokens.push(Token { text: &rest[..length], start, is_quoted });
        }
        start += length;
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '.')
}

/// The length of a quoted text; a doubled closing sign stands for itself.
fn quoted(text: &str, close: char) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != close {
            continue;
        }
        if close != ']' && chars.peek().is_some_and(|(_, next)| *next == close) {
            chars.next();
            continue;
        }
        return at + 1;
    }
    text.len()
}

/// What stands between the first parentheses of a statement, cut at its commas.
fn definitions<'t, 's>(tokens: &'t [Token<'s>]) -> Vec<&'t [Token<'s>]> {
    let Some(open) = tokens.iter().position(|token| token.word() == "(") else {
        return Vec::new();
    };
    let close = after(tokens, open) - 1;
    let mut found = Vec::new();
    let (mut start, mut at) = (open + 1, open + 1);
    while at < close {
        if tokens[at].word() == "," {
            found.push(&tokens[start..at]);
            start = at + 1;
        }
        at = after(tokens, at);
    }
    found.push(&tokens[start..close.max(start)]);
    found
}

/// The position behind a token, or behind the parentheses that it opens.
fn after(tokens: &[Token<'_>], at: usize) -> usize {
    if tokens[at].word() != "(" {
        return at + 1;
    }
    let mut depth = 0_usize;
    for (position, token) in tokens.iter().enumerate().skip(at) {
        match token.word() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return position + 1;
        }
    }
    tokens.len()
}

/// The text within the parentheses that tokens begin with.
fn enclosed<'s>(sql: &'s str, tokens: &[Token<'_>]) -> &'s str {
    if tokens.first().is_none_or(|token| token.word() != "(") {
        return "";
    }
    let end = after(tokens, 0) - 1;
    between(sql, tokens.get(1..end).unwrap_or_default())
}

/// The text from the first token to the last.
fn between<'s>(sql: &'s str, tokens: &[Token<'_>]) -> &'s str {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
        return "";
    };
    &sql[first.start..last.start + last.text.len()]
}
