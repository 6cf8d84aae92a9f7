//! `order=`: what rows are sorted by.

use super::ast::{Direction, Nulls, OrderTerm};
use super::cursor::{Cursor, Parsed};
use super::filter::delimiter;
use super::name::{field, field_name};

/// A list of terms.
pub(super) fn terms(c: &mut Cursor<'_>) -> Parsed<Vec<OrderTerm>> {
    c.separated(|c| c.lexeme(|c| c.either(|c| c.attempt(relation_term), term)), |c| c.char(','))
}

/// `field.desc.nullslast`
fn term(c: &mut Cursor<'_>) -> Parsed<OrderTerm> {
    let field = field(c)?;
    let (direction, nulls) = modifiers(c)?;
    Ok(OrderTerm { relation: None, field, direction, nulls })
}

/// `relation(field).desc.nullslast`
fn relation_term(c: &mut Cursor<'_>) -> Parsed<OrderTerm> {
    let relation = field_name(c)?.into_owned();
    c.char('(')?;
    let field = field(c)?;
    c.char(')')?;
    let (direction, nulls) = modifiers(c)?;
    Ok(OrderTerm { relation: Some(relation), field, direction, nulls })
}

fn modifiers(c: &mut Cursor<'_>) -> Parsed<(Option<Direction>, Option<Nulls>)> {
    let direction = c.optional(|c| {
        c.either(
            |c| c.attempt(|c| modifier(c, "asc", Direction::Asc)),
            |c| c.attempt(|c| modifier(c, "desc", Direction::Desc)),
        )
    })?;
    let nulls = c.optional(|c| {
        c.either(
            |c| c.attempt(|c| modifier(c, "nullsfirst", Nulls::First)),
            |c| c.attempt(|c| modifier(c, "nullslast", Nulls::Last)),
        )
    })?;
    c.before_any(&[","])?;
    Ok((direction, nulls))
}

fn modifier<T>(c: &mut Cursor<'_>, word: &'static str, value: T) -> Parsed<T> {
    delimiter(c)?;
    c.word(word)?;
    Ok(value)
}
