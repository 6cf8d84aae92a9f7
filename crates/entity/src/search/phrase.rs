//! Whether a text has what is sought: the meaning of `PostgreSQL`'s `@@`, phrases included
//! (`TS_execute` and `TS_phrase_execute`).

use super::Words;
use super::query::Node;
use std::cmp::Ordering;

/// Where the ends of a part of a phrase can be.
struct Places {
    positions: Vec<i32>,
    /// Everywhere but at `positions`.
    negated: bool,
    /// How many positions it has before its end.
    width: i32,
}

/// Which positions of two lists stay.
#[derive(Clone, Copy)]
enum Keep {
    Both,
    LeftOnly,
    RightOnly,
    Any,
}

impl Keep {
    fn both(self) -> bool {
        matches!(self, Self::Both | Self::Any)
    }

    fn left(self) -> bool {
        matches!(self, Self::LeftOnly | Self::Any)
    }

    fn right(self) -> bool {
        matches!(self, Self::RightOnly | Self::Any)
    }
}

/// Whether a text has what a part of a query seeks.
pub(super) fn holds(node: &Node, words: &Words) -> bool {
    match node {
        Node::Word(sought) => !words.positions(sought).is_empty(),
        Node::Stop => false,
        Node::Not(inner) => !holds(inner, words),
        Node::And(left, right) => holds(left, words) && holds(right, words),
        Node::Or(left, right) => holds(left, words) || holds(right, words),
        Node::Phrase(..) => places(node, words).is_some(),
    }
}

/// Where a part of a phrase can end; none when nowhere.
fn places(node: &Node, words: &Words) -> Option<Places> {
    match node {
        Node::Word(sought) => {
            let positions: Vec<i32> = words.positions(sought).into_iter().map(i32::from).collect();
            some(positions, 0)
        }
        Node::Stop => None,
        Node::Not(inner) => match places(inner, words) {
            None => Some(Places { positions: Vec::new(), negated: true, width: 0 }),
            Some(inner) if inner.positions.is_empty() => None,
            Some(inner) => Some(Places { negated: !inner.negated, ..inner }),
        },
        Node::Phrase(left, right, distance) => {
            let (left, right) = (places(left, words)?, places(right, words)?);
            let distance = i32::from(*distance);
            let width = distance + left.width + right.width;
            let offsets = (distance + right.width, 0);
            all(&left, &right, offsets, width)
        }
        Node::And(left, right) => {
            let (left, right) = (places(left, words)?, places(right, words)?);
            let width = left.width.max(right.width);
            all(&left, &right, (width - left.width, width - right.width), width)
        }
        Node::Or(left, right) => {
            let (left, right) = (places(left, words), places(right, words));
            if left.is_none() && right.is_none() {
                return None;
            }
            let nowhere = || Places { positions: Vec::new(), negated: false, width: 0 };
            let (left, right) = (left.unwrap_or_else(nowhere), right.unwrap_or_else(nowhere));
            let width = left.width.max(right.width);
            let offsets = (width - left.width, width - right.width);
            let keep = |keep| merge(&left, &right, offsets, keep);
            match (left.negated, right.negated) {
                (true, true) => not(keep(Keep::Both), width),
                (true, false) => not(keep(Keep::LeftOnly), width),
                (false, true) => not(keep(Keep::RightOnly), width),
                (false, false) => some(keep(Keep::Any), width),
            }
        }
    }
}

/// Where both parts end, moved by their offsets.
fn all(left: &Places, right: &Places, offsets: (i32, i32), width: i32) -> Option<Places> {
    let keep = |keep| merge(left, right, offsets, keep);
    match (left.negated, right.negated) {
        (true, true) => not(keep(Keep::Any), width),
        (true, false) => some(keep(Keep::RightOnly), width),
        (false, true) => some(keep(Keep::LeftOnly), width),
        (false, false) => some(keep(Keep::Both), width),
    }
}

fn some(positions: Vec<i32>, width: i32) -> Option<Places> {
    (!positions.is_empty()).then_some(Places { positions, negated: false, width })
}

#[expect(clippy::unnecessary_wraps, reason = "it stands beside `some`")]
fn not(positions: Vec<i32>, width: i32) -> Option<Places> {
    Some(Places { positions, negated: true, width })
}

fn merge(left: &Places, right: &Places, offsets: (i32, i32), keep: Keep) -> Vec<i32> {
    let mut left = left.positions.iter().map(|at| at + offsets.0).peekable();
    let mut right = right.positions.iter().map(|at| at + offsets.1).peekable();
    let mut kept = Vec::new();
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => return kept,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(left), Some(right)) => left.cmp(right),
        };
        let (taken, stays) = match order {
            Ordering::Less => (left.next(), keep.left()),
            Ordering::Greater => (right.next(), keep.right()),
            Ordering::Equal => {
                left.next();
                (right.next(), keep.both())
            }
        };
        kept.extend(taken.filter(|_| stays));
    }
}
