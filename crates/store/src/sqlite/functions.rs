//! The functions that give `SQLite` the answers of `PostgreSQL`'s operators.

use super::{aggregate, cast, exact, words};
use crate::render::expression::collation;
use mainstay_entity::json::{self, Step};
use mainstay_entity::like::{Like, fold};
use mainstay_entity::pattern::{Matcher, Pattern};
use mainstay_entity::range::Relation;
use mainstay_entity::{ItemKind, Kind, RangeKind, order};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Type, ValueRef};
use rusqlite::{Connection, Error, Result};
use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Equal arguments give equal results, and schema objects may use them.
pub(super) const PURE: FunctionFlags = FunctionFlags::SQLITE_UTF8
    .union(FunctionFlags::SQLITE_DETERMINISTIC)
    .union(FunctionFlags::SQLITE_INNOCUOUS);

/// Any number of arguments.
const VARIADIC: i32 = -1;

/// Registers the functions on a connection.
pub(super) fn register(connection: &Connection) -> Result<()> {
    connection.create_scalar_function("ms_json_get", VARIADIC, PURE, |c| {
        path(c, |doc, steps| json::get(doc, steps).map(str::to_owned))
    })?;
    connection.create_scalar_function("ms_json_text", VARIADIC, PURE, |c| {
        path(c, |doc, steps| json::get_text(doc, steps).map(Cow::into_owned))
    })?;
    connection.create_scalar_function("ms_json_compare", 2, PURE, |c| {
        texts(c, |a, b| Ok(json::compare(a, b) as i64))
    })?;
    connection.create_scalar_function("ms_json_contains", 2, PURE, |c| {
        texts(c, |a, b| Ok(json::contains(a, b)))
    })?;
    connection.create_scalar_function("ms_list_contains", 2, PURE, |c| {
        texts(c, |a, b| Ok(order::list_contains(a, b)))
    })?;
    connection.create_scalar_function("ms_list_overlaps", 2, PURE, |c| {
        texts(c, |a, b| Ok(order::lists_overlap(a, b)))
    })?;
    connection
        .create_scalar_function("ms_like", 2, PURE, |c| matches(c, Like::new, Like::matches))?;
    connection.create_scalar_function("ms_ilike", 2, PURE, |c| {
        let folded = |pattern: &str| Like::new(&fold(pattern));
        matches(c, folded, |pattern, text| pattern.matches(&fold(text)))
    })?;
    connection.create_scalar_function("ms_match", 2, PURE, |c| regex(c, false))?;
    connection.create_scalar_function("ms_imatch", 2, PURE, |c| regex(c, true))?;
    connection.create_scalar_function("ms_range", 4, PURE, ranges)?;
    collations(connection)?;
    connection.create_scalar_function("ms_cast", 3, PURE, |c| {
        let (source, target) = (text(c, 1)?, text(c, 2)?);
        cast::cast(c.get_raw(0), source.unwrap_or_default(), target.unwrap_or_default())
            .map_err(|e| data(&e.sqlstate, &e.message))
    })?;
    aggregate::register(connection, PURE)?;
    exact::register(connection, PURE)?;
    words::register(connection)?;
    // Whether the connection is one of this program, where REPLACE asks triggers too.
    connection.create_scalar_function("ms_governed", 0, PURE, |_| Ok(true))?;
    // Whether rows of append-only tables may go: on the writer's connection alone, for retention.
    connection
        .create_scalar_function("ms_write_guard", 0, FunctionFlags::SQLITE_INNOCUOUS, |_| Ok(false))
}

/// Lets rows of append-only tables go while the guard is open.
pub(super) fn register_guard(connection: &Connection, is_open: Arc<AtomicBool>) -> Result<()> {
    let flags = FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("ms_write_guard", 0, flags, move |_| {
        Ok(is_open.load(Ordering::Relaxed))
    })
}

/// An error that reaches the caller as [`crate::ErrorKind::Data`].
pub(super) fn data(sqlstate: &str, message: &str) -> Error {
    Error::UserFunctionError(format!("mainstay:data:{sqlstate}:{message}").into())
}

fn from_entity(error: &mainstay_entity::Error) -> Error {
    data(error.sqlstate(), &error.to_string())
}

/// An argument that is text, or null.
pub(super) fn text<'a>(context: &'a Context<'_>, index: usize) -> Result<Option<&'a str>> {
    match context.get_raw(index) {
        ValueRef::Null => Ok(None),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes);
            text.map(Some).map_err(|e| Error::UserFunctionError(e.into()))
        }
        other => Err(Error::InvalidFunctionParameterType(index, other.data_type())),
    }
}

/// A function of two texts; null if either is.
fn texts<T>(
    context: &Context<'_>,
    function: impl FnOnce(&str, &str) -> Result<T>,
) -> Result<Option<T>> {
    match (text(context, 0)?, text(context, 1)?) {
        (Some(a), Some(b)) => function(a, b).map(Some),
        _ => Ok(None),
    }
}

/// A function of a document and the steps that follow it.
fn path(
    context: &Context<'_>,
    function: impl FnOnce(&str, &[Step<'_>]) -> Option<String>,
) -> Result<Option<String>> {
    if context.is_empty() {
        return Err(Error::InvalidFunctionParameterType(0, Type::Null));
    }
    let Some(doc) = text(context, 0)? else {
        return Ok(None);
    };
    let mut steps = Vec::with_capacity(context.len() - 1);
    for index in 1..context.len() {
        steps.push(match context.get_raw(index) {
            // No array has so many items.
            ValueRef::Integer(i) => Step::Index(i32::try_from(i).unwrap_or(i32::MAX)),
            ValueRef::Null => return Ok(None),
            _ => Step::Key(Cow::Borrowed(text(context, index)?.unwrap_or_default())),
        });
    }
    Ok(function(doc, &steps))
}

/// The orders of kinds that are kept as text.
fn collations(connection: &Connection) -> Result<()> {
    let kinds = [Kind::Json, Kind::List(ItemKind::Text), Kind::Inet, Kind::Interval];
    for kind in kinds.into_iter().chain(RangeKind::ALL.map(Kind::Range)) {
        if let (Some(name), Some(order)) = (collation(&kind), order::of_kind(&kind)) {
            connection.create_collation(name, move |a, b| order(a, b))?;
        }
    }
    Ok(())
}

/// Whether the first argument matches the regular expression in the second, which is compiled once
/// per statement.
fn regex(context: &Context<'_>, folded: bool) -> Result<Option<bool>> {
    let (Some(value), Some(_)) = (text(context, 0)?, text(context, 1)?) else {
        return Ok(None);
    };
    let matcher = context.get_or_create_aux(1, |pattern| -> Result<Matcher> {
        let pattern = Pattern::parse(pattern.as_str()?, folded).and_then(|p| p.compile());
        pattern.map_err(|e| from_entity(&e))
    })?;
    Ok(Some(matcher.matches(value)))
}

/// `ms_range(operator, kind, range, range)`
fn ranges(context: &Context<'_>) -> Result<Option<bool>> {
    let unknown = |index| Error::InvalidFunctionParameterType(index, Type::Text);
    let operator = text(context, 0)?;
    let relation = Relation::ALL.into_iter().find(|(_, symbol)| Some(*symbol) == operator);
    let (relation, _) = relation.ok_or_else(|| unknown(0))?;
    let kind = text(context, 1)?.and_then(RangeKind::named).ok_or_else(|| unknown(1))?;
    match (text(context, 2)?, text(context, 3)?) {
        (Some(a), Some(b)) => relation.holds(kind, a, b).map(Some).map_err(|e| from_entity(&e)),
        _ => Ok(None),
    }
}

/// Whether the first argument matches the pattern in the second, which is read once per
/// statement.
fn matches(
    context: &Context<'_>,
    read: impl FnOnce(&str) -> mainstay_entity::Result<Like>,
    matches: impl FnOnce(&Like, &str) -> bool,
) -> Result<Option<bool>> {
    let (Some(value), Some(_)) = (text(context, 0)?, text(context, 1)?) else {
        return Ok(None);
    };
    let pattern = context.get_or_create_aux(1, |pattern| -> Result<Like> {
        read(pattern.as_str()?).map_err(|e| from_entity(&e))
    })?;
    Ok(Some(matches(&pattern, value)))
}
