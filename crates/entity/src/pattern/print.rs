//! Patterns as text that an engine reads.

use super::set::Set;
use super::{Border, Node};
use std::fmt::Write as _;

/// Whose syntax is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    Postgres,
    Rust,
}

/// The text of a pattern.
pub(super) fn print(root: &Node, syntax: Syntax) -> String {
    let mut out = String::new();
    node(root, syntax, &mut out);
    out
}

fn node(node_: &Node, syntax: Syntax, out: &mut String) {
    match node_ {
        Node::Literal(literal) => character(*literal, out),
        Node::Any => out.push('.'),
        Node::Class(set) => class(set, out),
        Node::Border(border) => out.push_str(match (border, syntax) {
            (Border::Start, _) => "^",
            (Border::End, _) => "$",
            (Border::Word, Syntax::Postgres) => "\\y",
            (Border::WordStart, Syntax::Postgres) => "\\m",
            (Border::WordEnd, Syntax::Postgres) => "\\M",
            (Border::Word, Syntax::Rust) => "(?-u:\\b)",
            (Border::WordStart, Syntax::Rust) => "(?-u:\\b{start})",
            (Border::WordEnd, Syntax::Rust) => "(?-u:\\b{end})",
        }),
        Node::Sequence(nodes) => grouped(nodes, "", syntax, out),
        Node::Choice(nodes) => grouped(nodes, "|", syntax, out),
        Node::Repeat { node: inner, min, max } => {
            out.push_str("(?:");
            node(inner, syntax, out);
            // Writing to a `String` does not fail.
            let _ = match max {
                Some(max) => write!(out, "){{{min},{max}}}"),
                None => write!(out, "){{{min},}}"),
            };
        }
    }
}

fn grouped(nodes: &[Node], between: &str, syntax: Syntax, out: &mut String) {
    out.push_str("(?:");
    for (position, inner) in nodes.iter().enumerate() {
        if position > 0 {
            out.push_str(between);
        }
        node(inner, syntax, out);
    }
    out.push(')');
}

fn class(set: &Set, out: &mut String) {
    out.push_str(if set.negated { "[^" } else { "[" });
    for range in &set.ranges {
        character(*range.start(), out);
        if range.start() != range.end() {
            out.push('-');
            character(*range.end(), out);
        }
    }
    out.push(']');
}

/// Both engines read `\u` and four digits, or `\U` and eight, as a character that means nothing
/// but itself.
fn character(character: char, out: &mut String) {
    let _ = match u32::from(character) {
        _ if character.is_ascii_alphanumeric() => {
            out.push(character);
            Ok(())
        }
        code @ ..=0xffff => write!(out, "\\u{code:04x}"),
        code => write!(out, "\\U{code:08x}"),
    };
}
