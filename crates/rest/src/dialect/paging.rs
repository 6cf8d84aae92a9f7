//! `distinct=`, `group=` and `cursor=`: which rows are one, and where a page begins.

use super::ast::{Distinct, Field};
use super::cursor::{Cursor, Parsed, parse_if_fits};
use super::filter::{Place, predicate};
use super::name::field;
use super::select::comma;

/// Whether a value is one of a filter: it begins with an operator.
pub(super) fn is_filter(value: &str, depth: usize) -> bool {
    parse_if_fits(value, depth, |c| predicate(c, Place::Pair)).is_some()
}

/// `true`, or `on(a,b)`.
pub(super) fn distinct(c: &mut Cursor<'_>) -> Parsed<Distinct> {
    c.labelled("true or on(columns)", |c| {
        c.either(
            |c| {
                c.word("true")?;
                Ok(Distinct::Shown)
            },
            |c| {
                c.word("on(")?;
                let fields = fields(c)?;
                c.char(')')?;
                Ok(Distinct::On(fields))
            },
        )
    })
}

/// Columns and places in documents, separated by commas.
pub(super) fn fields(c: &mut Cursor<'_>) -> Parsed<Vec<Field>> {
    c.separated(field, comma)
}
