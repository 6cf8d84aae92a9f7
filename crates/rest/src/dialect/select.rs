//! `select=`: columns, aggregates and embedded tables.

use std::borrow::Cow;

use super::ast::{Aggregate, AggregateFunction, Column, Embed, JoinKind, SelectItem};
use super::cursor::{Cursor, Parsed, Stop};
use super::error::{ParseError, SYNTAX};
use super::name::{field, field_name, identifier, is_identifier_char};

/// A list of items, maybe empty.
pub(super) fn items(c: &mut Cursor<'_>) -> Parsed<Vec<SelectItem>> {
    c.nested(|c| c.either(|c| c.separated(item, comma), |_| Ok(Vec::new())))
}

/// A comma with spaces around it.
pub(super) fn comma(c: &mut Cursor<'_>) -> Parsed<()> {
    c.lexeme(|c| c.char(','))
}

fn item(c: &mut Cursor<'_>) -> Parsed<SelectItem> {
    if is_plain_column(c) {
        return c.lexeme(|c| c.either(|c| c.attempt(star), column));
    }
    c.choice(&[&|c| embed(c, spread_head), &|c| embed(c, relation_head), &|c| {
        c.lexeme(column_item)
    }])
}

/// Whether the item has no parentheses, so that most rules need not be tried. An error is to
/// name all of them.
fn is_plain_column(c: &Cursor<'_>) -> bool {
    let decisive = |b: &u8| matches!(b, b'(' | b')' | b',' | b'"');
    let first = c.rest().bytes().find(decisive);
    !c.is_explaining() && matches!(first, None | Some(b',' | b')'))
}

/// An embed's head, which decides whether the item is one, and its list of items.
fn embed(c: &mut Cursor<'_>, head: fn(&mut Cursor<'_>) -> Parsed<Embed>) -> Parsed<SelectItem> {
    let head = c.attempt(|c| c.lexeme(head))?;
    c.char('(')?;
    let select = items(c)?;
    c.char(')')?;
    Ok(SelectItem::Embed(Embed { select, ..head }))
}

/// `...relation!hint!inner`, before a parenthesis.
fn spread_head(c: &mut Cursor<'_>) -> Parsed<Embed> {
    c.word("...")?;
    let relation = field_name(c)?;
    embed_parameters(c, None, relation, true)
}

/// `alias:relation!hint!inner`, before a parenthesis.
fn relation_head(c: &mut Cursor<'_>) -> Parsed<Embed> {
    let alias = alias(c)?;
    let relation = field_name(c)?;
    if relation == "count" {
        return Err(Stop::Mismatch);
    }
    embed_parameters(c, alias, relation, false)
}

fn embed_parameters<'a>(
    c: &mut Cursor<'a>,
    alias: Option<Cow<'a, str>>,
    relation: Cow<'a, str>,
    spread: bool,
) -> Parsed<Embed> {
    let mut hint = None;
    let mut join = None;
    for _ in 0..2 {
        match c.optional(embed_parameter)? {
            Some(EmbedParameter::Hint(name)) => hint = hint.or(Some(name)),
            Some(EmbedParameter::Join(kind)) => join = join.or(Some(kind)),
            None => {}
        }
    }
    c.attempt(|c| c.look_ahead(|c| c.word("(")))?;
    Ok(Embed {
        alias: alias.map(Cow::into_owned),
        relation: relation.into_owned(),
        hint: hint.map(Cow::into_owned),
        join,
        spread,
        select: Vec::new(),
    })
}

enum EmbedParameter<'a> {
    Hint(Cow<'a, str>),
    Join(JoinKind),
}

fn embed_parameter<'a>(c: &mut Cursor<'a>) -> Parsed<EmbedParameter<'a>> {
    c.char('!')?;
    let is_hint_char = |ch| ch == '-' || (ch != ' ' && is_identifier_char(ch));
    let hint_begins_alike = ["left", "inner"]
        .iter()
        .any(|word| c.rest().strip_prefix(word).is_some_and(|rest| rest.starts_with(is_hint_char)));
    if !hint_begins_alike {
        let joins = [("left", JoinKind::Left), ("inner", JoinKind::Inner)];
        if let Some(kind) = c.optional(|c| c.one_of_words(&joins))? {
            return Ok(EmbedParameter::Join(kind));
        }
    }
    Ok(EmbedParameter::Hint(c.attempt(field_name)?))
}

/// `alias:`, if the item begins with one; `::` begins a cast.
fn alias<'a>(c: &mut Cursor<'a>) -> Parsed<Option<Cow<'a, str>>> {
    c.optional(|c| {
        c.attempt(|c| {
            let alias = field_name(c)?;
            c.char(':')?;
            c.not_before(':')?;
            Ok(alias)
        })
    })
}

fn column_item(c: &mut Cursor<'_>) -> Parsed<SelectItem> {
    c.choice(&[&|c| c.attempt(star), &|c| c.attempt(count), &column])
}

fn star(c: &mut Cursor<'_>) -> Parsed<SelectItem> {
    c.word("*")?;
    item_end(c)?;
    Ok(SelectItem::Star)
}

fn count(c: &mut Cursor<'_>) -> Parsed<SelectItem> {
    let alias = alias(c)?;
    c.word("count()")?;
    let cast = cast(c)?;
    item_end(c)?;
    Ok(SelectItem::Count { alias: alias.map(Cow::into_owned), cast })
}

fn column(c: &mut Cursor<'_>) -> Parsed<SelectItem> {
    let alias = alias(c)?;
    let field = field(c)?;
    let field_cast = cast(c)?;
    let function = c.optional(|c| c.attempt(aggregate_call))?;
    let last_cast = cast(c)?;
    item_end(c)?;
    let aggregate = match (function, last_cast) {
        (Some(function), cast) => Some(Aggregate { function, cast }),
        (None, None) => None,
        (None, Some(cast)) => return Err(c.refuse(second_cast(&field.name, &cast))),
    };
    let alias = alias.map(Cow::into_owned);
    Ok(SelectItem::Column(Column { alias, field, cast: field_cast, aggregate }))
}

/// `a::int::text`, of which PostgREST would forget the second cast.
fn second_cast(name: &str, cast: &str) -> ParseError {
    let message = format!("The column '{name}' can not be cast twice");
    let details = format!("A second cast, to '{cast}', is for the result of an aggregate.");
    ParseError::new(SYNTAX, message, details)
}

fn cast(c: &mut Cursor<'_>) -> Parsed<Option<String>> {
    c.optional(|c| {
        c.word("::")?;
        Ok(identifier(c)?.to_owned())
    })
}

fn aggregate_call(c: &mut Cursor<'_>) -> Parsed<AggregateFunction> {
    use AggregateFunction::{Avg, Count, Max, Min, Sum};
    c.char('.')?;
    let function = c.choice(&[
        &|c| c.word("sum").map(|()| Sum),
        &|c| c.word("avg").map(|()| Avg),
        &|c| c.word("count").map(|()| Count),
        &|c| c.one_of_words(&[("max", Max), ("min", Min)]),
    ])?;
    c.word("()")?;
    Ok(function)
}

/// The place where an item ends.
fn item_end(c: &mut Cursor<'_>) -> Parsed<()> {
    c.before_any(&[")", ","])
}
