//! Time zones: instants as local clocks show them, and clock times without an offset as instants.

use crate::calendar::{DAY, SECOND, days_from_date};
use crate::error::Result;
use crate::json::unescape;
use crate::kind::{ItemKind, Kind, RangeKind};
use crate::parse::{has_offset, list, parse_json, parse_text};
use crate::range;
use crate::value::Value;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The time zone of a name of the IANA database, `Europe/Berlin`.
pub fn named(name: &str) -> Option<TimeZone> {
    let zone = TimeZone::get(name).ok()?;
    // Names are compared as they are written.
    (zone.iana_name() == Some(name)).then_some(zone)
}

/// Seconds that a zone is ahead of UTC at an instant; none where its clocks show a year that no
/// engine keeps.
pub(crate) fn offset_at(micros: i64, zone: &TimeZone) -> i32 {
    let Ok(instant) = Timestamp::from_microsecond(micros) else { return 0 };
    let offset = zone.to_offset(instant).seconds();
    let local = micros + i64::from(offset) * SECOND;
    let range = days_from_date(1, 1, 1) * DAY..days_from_date(10_000, 1, 1) * DAY;
    if range.contains(&local) { offset } else { 0 }
}

/// Reads an instant; one without an offset is a time of the zone's clocks. Of a time that they show
/// twice it is the second, and one that they leave out is read as if they had not been put forward
/// yet, as `PostgreSQL` has it.
///
/// # Errors
/// As [`parse_text`].
pub fn parse_instant(text: &str, zone: &TimeZone) -> Result<Value> {
    let value = parse_text(&Kind::Timestamp, text)?;
    match value {
        Value::Timestamp(micros) if !has_offset(text) => {
            let instant = Timestamp::from_microsecond(micros).ok();
            let local = instant.map(|instant| TimeZone::UTC.to_datetime(instant));
            let read = local.and_then(|local| zone.to_ambiguous_timestamp(local).later().ok());
            Ok(read.map_or(value, |instant| Value::Timestamp(instant.as_microsecond())))
        }
        other => Ok(other),
    }
}

/// Reads a value as [`parse_text`] does; its instants without an offset are times of a zone's
/// clocks, those of lists and ranges too.
///
/// # Errors
/// As [`parse_text`].
pub fn parse_text_in(kind: &Kind, text: &str, zone: &TimeZone) -> Result<Value> {
    match kind {
        Kind::Timestamp => parse_instant(text, zone),
        Kind::Range(RangeKind::Timestamp) => range::canonical_in_zone(text, zone).map(Value::Range),
        Kind::List(ItemKind::Timestamp) if text.trim_start().starts_with('[') => {
            parse_json_in(kind, text, zone)
        }
        Kind::List(ItemKind::Timestamp) => {
            list::from_literal(text, &|text| parse_instant(text, zone)).map(Value::List)
        }
        _ => parse_text(kind, text),
    }
}

/// The same for a value in JSON, as [`parse_json`] reads it.
///
/// # Errors
/// As [`parse_json`].
pub fn parse_json_in(kind: &Kind, raw: &str, zone: &TimeZone) -> Result<Value> {
    let raw = raw.trim_ascii();
    let instants = matches!(
        kind,
        Kind::Timestamp | Kind::Range(RangeKind::Timestamp) | Kind::List(ItemKind::Timestamp)
    );
    match raw.as_bytes().first() {
        Some(b'"') if instants => parse_text_in(kind, &unescape(raw)?, zone),
        Some(b'[') if *kind == Kind::List(ItemKind::Timestamp) => {
            let item = |raw: &str| parse_json_in(&Kind::Timestamp, raw, zone);
            list::from_json_with(raw, item).map(Value::List)
        }
        _ => parse_json(kind, raw),
    }
}
