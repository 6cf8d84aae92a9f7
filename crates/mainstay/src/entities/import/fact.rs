//! What a condition on rows says of a single column.

use super::expression::{Comparison, Expression};
use super::kind::Base;

/// A condition in the words of declarations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    /// The column has one of these values.
    Choice(String, Vec<String>),
    /// The column is at least this.
    Min(String, i64),
    /// The column is at most this.
    Max(String, i64),
    /// The column has at most so many characters.
    Length(String, i64),
    /// The column is not null.
    NotNull(String),
}

/// The fact that a condition is, if it is one; `base` tells what a column holds.
pub(super) fn of(
    condition: &Expression,
    base: impl Fn(&str) -> Option<Base> + Copy,
) -> Option<Fact> {
    match condition {
        Expression::In(column, values) => choice(column, values.iter(), base),
        // A check that is null holds, so that nulls need no mention.
        Expression::Any(parts) => {
            let is_null = |part: &&Expression| matches!(part, Expression::IsNull(_));
            let rest: Vec<&Expression> = parts.iter().filter(|part| !is_null(part)).collect();
            let nulls = parts.iter().filter(is_null);
            let fact = match rest.as_slice() {
                [only] => of(only, base)?,
                several => one_of(several, base)?,
            };
            let names = |part: &Expression| match part {
                Expression::IsNull(inner) => name(inner).is_some_and(|name| name == fact.column()),
                _ => false,
            };
            nulls.into_iter().all(names).then_some(fact)
        }
        Expression::Not(inner) => match &**inner {
            Expression::IsNull(column) => Some(Fact::NotNull(name(column)?.to_owned())),
            _ => None,
        },
        Expression::Compare(left, comparison, right) => match &**left {
            Expression::Number(_) | Expression::Text(_) => {
                bound(right, comparison.turned(), left, base)
            }
            _ => bound(left, *comparison, right, base),
        },
        _ => None,
    }
}

impl Fact {
    /// The column that it is of.
    pub(super) fn column(&self) -> &str {
        match self {
            Self::Choice(column, _)
            | Self::Min(column, _)
            | Self::Max(column, _)
            | Self::Length(column, _)
            | Self::NotNull(column) => column,
        }
    }
}

fn name(expression: &Expression) -> Option<&str> {
    match expression {
        Expression::Name(name) => Some(name),
        _ => None,
    }
}

/// `status = 'a' OR status = 'b'`
fn one_of(parts: &[&Expression], base: impl Fn(&str) -> Option<Base> + Copy) -> Option<Fact> {
    let mut column = None;
    let mut values = Vec::new();
    for part in parts {
        let Expression::Compare(left, Comparison::Equal, right) = part else {
            return None;
        };
        if column.is_some_and(|column| column != left) {
            return None;
        }
        column = Some(left);
        values.push(&**right);
    }
    choice(column?, values.into_iter(), base)
}

fn choice<'e>(
    column: &Expression,
    values: impl Iterator<Item = &'e Expression>,
    base: impl Fn(&str) -> Option<Base>,
) -> Option<Fact> {
    let column = name(column)?;
    if !matches!(base(column)?, Base::Text | Base::Choice) {
        return None;
    }
    let texts: Option<Vec<String>> = values
        .map(|value| match value {
            Expression::Text(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        })
        .collect();
    Some(Fact::Choice(column.to_owned(), texts?))
}

fn bound(
    left: &Expression,
    comparison: Comparison,
    right: &Expression,
    base: impl Fn(&str) -> Option<Base>,
) -> Option<Fact> {
    let (Expression::Number(number) | Expression::Text(number)) = right else {
        return None;
    };
    // `0.00` is written for a numeric zero.
    let whole = number.split_once('.').map_or(number.as_str(), |(whole, rest)| {
        if rest.chars().all(|c| c == '0') { whole } else { number }
    });
    let number: i64 = whole.parse().ok()?;
    if let Expression::Call(function, arguments) = left {
        let is_length = matches!(function.as_str(), "length" | "char_length" | "character_length");
        let [argument] = arguments.as_slice() else {
            return None;
        };
        let column =
            name(argument).filter(|column| is_length && base(column) == Some(Base::Text))?;
        let max = match comparison {
            Comparison::AtMost => number,
            Comparison::Less => number - 1,
            _ => return None,
        };
        return (max > 0).then(|| Fact::Length(column.to_owned(), max));
    }
    let column = name(left)?;
    let is_whole = match base(column)? {
        Base::Whole => true,
        Base::Number => false,
        _ => return None,
    };
    Some(match comparison {
        Comparison::AtLeast => Fact::Min(column.to_owned(), number),
        Comparison::AtMost => Fact::Max(column.to_owned(), number),
        Comparison::Greater if is_whole => Fact::Min(column.to_owned(), number.checked_add(1)?),
        Comparison::Less if is_whole => Fact::Max(column.to_owned(), number.checked_sub(1)?),
        _ => return None,
    })
}
