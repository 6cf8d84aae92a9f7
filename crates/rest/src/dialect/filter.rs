//! Filters: conditions, and the trees of `and` and `or` over them.

use std::borrow::Cow;

use super::ast::{
    Condition, Connective, Filter, Group, IsValue, Operator, Predicate, Quantifier, SearchMode,
};
use super::cursor::{Cursor, Parsed, Stop};
use super::name::{field, identifier, quoted_value};
use super::select::comma;

/// Where a condition stands, which decides how far its value reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The value of a pair of the query string: the value is all of it.
    Pair,
    /// Inside a logic tree: the value ends before a comma or parenthesis, unless quoted.
    Tree,
}

/// The operators that take `(any)` and `(all)`, longer names before their prefixes.
const QUANTIFIABLE: [(&str, Operator); 9] = [
    ("eq", Operator::Eq),
    ("gte", Operator::Gte),
    ("gt", Operator::Gt),
    ("lte", Operator::Lte),
    ("lt", Operator::Lt),
    ("like", Operator::Like),
    ("ilike", Operator::Ilike),
    ("match", Operator::Match),
    ("imatch", Operator::Imatch),
];

const SIMPLE: [(&str, Operator); 9] = [
    ("neq", Operator::Neq),
    ("cs", Operator::Contains),
    ("cd", Operator::Contained),
    ("ov", Operator::Overlaps),
    ("sl", Operator::StrictlyLeft),
    ("sr", Operator::StrictlyRight),
    ("nxr", Operator::NotExtendsRight),
    ("nxl", Operator::NotExtendsLeft),
    ("adj", Operator::Adjacent),
];

const SEARCH: [(&str, SearchMode); 4] = [
    ("fts", SearchMode::Query),
    ("plfts", SearchMode::Plain),
    ("phfts", SearchMode::Phrase),
    ("wfts", SearchMode::Web),
];

const IS: [(&str, IsValue); 5] = [
    ("null", IsValue::Null),
    ("not_null", IsValue::NotNull),
    ("true", IsValue::True),
    ("false", IsValue::False),
    ("unknown", IsValue::Unknown),
];

/// `not.eq.5`: whether the predicate is negated, and the predicate.
pub(super) fn predicate(c: &mut Cursor<'_>, place: Place) -> Parsed<(bool, Predicate)> {
    let negated = c.optional(|c| c.attempt(not))?.is_some();
    let predicate = c.labelled("operator (eq, gt, ...)", |c| {
        c.choice(&[
            &in_list,
            &is,
            &|c| is_distinct(c, place),
            &|c| c.attempt(|c| search(c, place)),
            &|c| c.attempt(|c| simple(c, place)),
            &|c| c.attempt(|c| quantifiable(c, place)),
        ])
    })?;
    Ok((negated, predicate))
}

/// The members of `and=(…)` or `or=(…)`.
pub(super) fn members(c: &mut Cursor<'_>) -> Parsed<Vec<Filter>> {
    c.lexeme(|c| c.char('('))?;
    let members = c.nested(|c| c.separated(tree, comma))?;
    c.lexeme(|c| c.char(')'))?;
    Ok(members)
}

fn tree(c: &mut Cursor<'_>) -> Parsed<Filter> {
    c.either(|c| c.attempt(condition), group)
}

fn condition(c: &mut Cursor<'_>) -> Parsed<Filter> {
    let field = field(c)?;
    delimiter(c)?;
    let (negated, predicate) = predicate(c, Place::Tree)?;
    Ok(Filter::Condition(Condition { field, negated, predicate }))
}

fn group(c: &mut Cursor<'_>) -> Parsed<Filter> {
    let negated =
        c.labelled("negation operator (not)", |c| c.optional(|c| c.attempt(not)))?.is_some();
    let connective = c.labelled("logic operator (and, or)", |c| {
        c.either(
            |c| c.attempt(|c| c.word("and")).map(|()| Connective::And),
            |c| c.word("or").map(|()| Connective::Or),
        )
    })?;
    Ok(Filter::Group(Group { negated, connective, filters: members(c)? }))
}

fn not(c: &mut Cursor<'_>) -> Parsed<()> {
    c.word("not")?;
    delimiter(c)
}

/// The dot between the parts of a parameter.
pub(super) fn delimiter(c: &mut Cursor<'_>) -> Parsed<()> {
    c.labelled("delimiter (.)", |c| c.char('.'))
}

/// The name of an operator without variants, and its dot.
fn operator(c: &mut Cursor<'_>, word: &'static str) -> Parsed<()> {
    c.attempt(|c| {
        c.word(word)?;
        delimiter(c)
    })
}

fn in_list(c: &mut Cursor<'_>) -> Parsed<Predicate> {
    operator(c, "in")?;
    c.lexeme(|c| c.char('('))?;
    let elements = c.separated(list_element, |c| c.char(','))?;
    c.lexeme(|c| c.char(')'))?;
    Ok(Predicate::In(match elements.as_slice() {
        // `in.()` is the empty list, `in.("")` a list of one empty string.
        [(value, false)] if value.is_empty() => Vec::new(),
        _ => elements.into_iter().map(|(value, _)| value.into_owned()).collect(),
    }))
}

/// An element, and whether it was quoted.
fn list_element<'a>(c: &mut Cursor<'a>) -> Parsed<(Cow<'a, str>, bool)> {
    let quoted = |c: &mut Cursor<'a>| Ok((whole_quoted_value(c)?, true));
    c.either(|c| c.attempt(quoted), |c| Ok((Cow::Borrowed(bare_value(c)), false)))
}

/// A quoted value with nothing behind the closing quote.
fn whole_quoted_value<'a>(c: &mut Cursor<'a>) -> Parsed<Cow<'a, str>> {
    let value = quoted_value(c)?;
    c.not_before_any(|ch| ch != ',' && ch != ')')?;
    Ok(value)
}

fn bare_value<'a>(c: &mut Cursor<'a>) -> &'a str {
    c.take_while(&[], |ch| ch != ',' && ch != ')')
}

fn is(c: &mut Cursor<'_>) -> Parsed<Predicate> {
    operator(c, "is")?;
    c.labelled("isVal: (null, not_null, true, false, unknown)", |c| {
        for (word, value) in IS {
            match c.attempt(|c| c.word_ignoring_case(word)) {
                Ok(()) => return Ok(Predicate::Is(value)),
                Err(Stop::Mismatch) => {}
                Err(stop) => return Err(stop),
            }
        }
        Err(Stop::Mismatch)
    })
}

fn is_distinct(c: &mut Cursor<'_>, place: Place) -> Parsed<Predicate> {
    operator(c, "isdistinct")?;
    let value = single_value(c, place)?;
    Ok(Predicate::Compare { operator: Operator::IsDistinct, quantifier: None, value })
}

fn search(c: &mut Cursor<'_>, place: Place) -> Parsed<Predicate> {
    let mode = c.one_of_words(&SEARCH)?;
    let language = c.optional(|c| {
        c.attempt(|c| {
            c.char('(')?;
            let language = identifier(c)?.to_owned();
            c.char(')')?;
            Ok(language)
        })
    })?;
    delimiter(c)?;
    Ok(Predicate::Search { mode, language, query: single_value(c, place)? })
}

fn simple(c: &mut Cursor<'_>, place: Place) -> Parsed<Predicate> {
    let operator = c.labelled("unknown single value operator", |c| c.one_of_words(&SIMPLE))?;
    delimiter(c)?;
    Ok(Predicate::Compare { operator, quantifier: None, value: single_value(c, place)? })
}

fn quantifiable(c: &mut Cursor<'_>, place: Place) -> Parsed<Predicate> {
    let operator =
        c.labelled("unknown single value operator", |c| c.one_of_words(&QUANTIFIABLE))?;
    let quantifier = c.optional(|c| c.attempt(quantifier))?;
    delimiter(c)?;
    Ok(Predicate::Compare { operator, quantifier, value: single_value(c, place)? })
}

fn quantifier(c: &mut Cursor<'_>) -> Parsed<Quantifier> {
    c.char('(')?;
    let quantifier = c.either(
        |c| c.attempt(|c| c.word("any")).map(|()| Quantifier::Any),
        |c| c.word("all").map(|()| Quantifier::All),
    )?;
    c.char(')')?;
    Ok(quantifier)
}

fn single_value(c: &mut Cursor<'_>, place: Place) -> Parsed<String> {
    if place == Place::Pair {
        return Ok(c.take_while(&[], |_| true).to_owned());
    }
    let value =
        c.choice(&[&|c| c.attempt(whole_quoted_value), &|c| c.attempt(array_literal), &|c| {
            Ok(Cow::Borrowed(bare_value(c)))
        }])?;
    Ok(value.into_owned())
}

/// `{a,b}`, whose commas and parentheses do not end the value.
fn array_literal<'a>(c: &mut Cursor<'a>) -> Parsed<Cow<'a, str>> {
    let literal = c.rest();
    c.word("{")?;
    let inner = c.take_while(&[], |ch| ch != '{' && ch != '}');
    c.word("}")?;
    Ok(Cow::Borrowed(&literal[..inner.len() + 2]))
}
