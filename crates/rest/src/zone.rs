//! `Prefer: timezone=`: instants are read and shown as a time zone's clocks show them.

use crate::error::Fault;
use jiff::tz::TimeZone;
use mainstay_entity::parse::{parse_json, parse_text};
use mainstay_entity::{ItemKind, Kind, RangeKind, Result, Table, Value, zone};
use mainstay_store::{Cast, Expression, OutputValue, Select};
use std::borrow::Cow;

/// Reads a value from its text form, instants without an offset by a zone's clocks.
pub(crate) fn read_text(kind: &Kind, text: &str, zone: Option<&TimeZone>) -> Result<Value> {
    match zone {
        Some(zone) if *kind == Kind::Timestamp => zone::parse_instant(text, zone),
        _ => parse_text(kind, text),
    }
}

/// The same for a value in JSON.
pub(crate) fn read_json(kind: &Kind, raw: &str, zone: Option<&TimeZone>) -> Result<Value> {
    match zone {
        Some(zone) if *kind == Kind::Timestamp && raw.starts_with('"') => {
            zone::parse_instant(&mainstay_entity::json::unescape(raw)?, zone)
        }
        _ => parse_json(kind, raw),
    }
}

/// Refuses casts whose results depend on the zone: the engines make them in UTC.
pub(crate) fn check(select: &Select) -> std::result::Result<(), Fault> {
    for output in &select.output {
        match &output.value {
            OutputValue::Expression(expression) => check_cast(&select.table, expression)?,
            OutputValue::Embed(embed) => check(&embed.select)?,
            OutputValue::Aggregate { argument: Some(argument), cast: Some(_), .. }
                if is_of_instants(&kind(&select.table, argument)) =>
            {
                return Err(refusal());
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_cast(table: &Table, expression: &Expression) -> std::result::Result<(), Fault> {
    let Some(cast) = expression.cast else { return Ok(()) };
    let source = kind(table, expression);
    let depends = match cast {
        Cast::Timestamp => *source != Kind::Timestamp,
        Cast::Range(RangeKind::Timestamp) => *source != Kind::Range(RangeKind::Timestamp),
        _ => is_of_instants(&source),
    };
    if depends { Err(refusal()) } else { Ok(()) }
}

fn kind<'t>(table: &'t Table, expression: &Expression) -> Cow<'t, Kind> {
    if expression.path.is_empty() {
        Cow::Borrowed(&table.meta.columns[expression.column].kind)
    } else {
        Cow::Owned(Kind::Json)
    }
}

fn is_of_instants(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Timestamp | Kind::List(ItemKind::Timestamp) | Kind::Range(RangeKind::Timestamp)
    )
}

fn refusal() -> Fault {
    Fault::unsupported("A cast from or to instants with the preference timezone.")
}
