//! `Prefer: timezone=`: instants are read and shown as a time zone's clocks show them.

use crate::dialect::Preferences;
use crate::error::Fault;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use mainstay_entity::parse::{parse_json, parse_text};
use mainstay_entity::{ItemKind, Kind, RangeKind, Result, Table, Value, zone};
use mainstay_store::{Cast, Expression, OutputValue, Select};
use std::borrow::Cow;

/// The time zone that a request prefers; none is UTC.
pub(crate) fn preferred(preferences: &Preferences) -> Option<TimeZone> {
    let name = preferences.timezone.as_deref().filter(|name| *name != "UTC");
    name.and_then(zone::named)
}

/// Reads a value from its text form, instants without an offset by a zone's clocks.
pub(crate) fn read_text(kind: &Kind, text: &str, zone: Option<&TimeZone>) -> Result<Value> {
    match zone {
        Some(zone) => zone::parse_text_in(kind, text, zone),
        None => parse_text(kind, text),
    }
}

/// The same for a value in JSON.
pub(crate) fn read_json(kind: &Kind, raw: &str, zone: Option<&TimeZone>) -> Result<Value> {
    match zone {
        Some(zone) => zone::parse_json_in(kind, raw, zone),
        None => parse_json(kind, raw),
    }
}

/// What one of the words `now`, `today`, `tomorrow`, `yesterday` and `epoch` means by a zone's
/// clocks (PostgreSQL 15 §8.5.1.4).
pub(crate) fn word(
    kind: &Kind,
    text: &str,
    now: Timestamp,
    zone: Option<&TimeZone>,
) -> Option<Value> {
    if !matches!(kind, Kind::Date | Kind::Timestamp) {
        return None;
    }
    let zone = zone.cloned().unwrap_or(TimeZone::UTC);
    let today = zone.to_datetime(now).date();
    let day = match text.trim().to_ascii_lowercase().as_str() {
        "now" if *kind == Kind::Timestamp => return Some(Value::Timestamp(now.as_microsecond())),
        "now" | "today" => today,
        "tomorrow" => today.tomorrow().ok()?,
        "yesterday" => today.yesterday().ok()?,
        "epoch" if *kind == Kind::Timestamp => return Some(Value::Timestamp(0)),
        "epoch" => Date::constant(1970, 1, 1),
        _ => return None,
    };
    match kind {
        Kind::Date => Some(Value::Date(day)),
        Kind::Timestamp => {
            let midnight = zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible().ok()?;
            Some(Value::Timestamp(midnight.as_microsecond()))
        }
        _ => None,
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
        Cow::Borrowed(&table.readable(expression.column).kind)
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
