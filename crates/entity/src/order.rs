//! The order and equality of values in the text form in which an engine without their types keeps them, as
//! `PostgreSQL`'s btrees have it.

use crate::json::{self, Items, unescape};
use crate::kind::Kind;
use crate::parse::parse_text;
use crate::range;
use crate::types::Interval;
use crate::value::Value;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::net::IpAddr;

/// Addresses: version 4 first, then by their bytes. Texts that are none order as text.
pub fn addresses(a: &str, b: &str) -> Ordering {
    match (a.parse::<IpAddr>(), b.parse::<IpAddr>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => a.cmp(b),
    }
}

/// Spans of time, by their length.
pub fn intervals(a: &str, b: &str) -> Ordering {
    match (interval(a), interval(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.cmp(b),
    }
}

fn interval(text: &str) -> Option<Interval> {
    match parse_text(&Kind::Interval, text) {
        Ok(Value::Interval(interval)) => Some(interval),
        _ => None,
    }
}

/// Lists of one kind as JSON arrays: by the first item that differs, null last; of a list and its
/// beginning the beginning comes first.
pub fn lists(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (Items::of(a), Items::of(b));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => items(a, b),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// What `whole @> part` gives for lists of one kind as JSON arrays: null is in no list.
pub fn list_contains(whole: &str, part: &str) -> bool {
    Items::of(part).all(|item| has_item(whole, item))
}

/// What `a && b` gives for lists of one kind as JSON arrays.
pub fn lists_overlap(a: &str, b: &str) -> bool {
    Items::of(a).any(|item| has_item(b, item))
}

fn has_item(list: &str, wanted: &str) -> bool {
    wanted != "null" && Items::of(list).any(|item| items(item, wanted).is_eq())
}

fn items(a: &str, b: &str) -> Ordering {
    let text = |item| unescape(item).unwrap_or(Cow::Borrowed(""));
    match (a.as_bytes().first(), b.as_bytes().first()) {
        (Some(b'n'), _) | (_, Some(b'n')) => (a == "null").cmp(&(b == "null")),
        (Some(b'"'), Some(b'"')) => text(a).cmp(&text(b)),
        (Some(b't' | b'f'), _) => (a == "true").cmp(&(b == "true")),
        _ => numbers(a, b),
    }
}

/// Exact where both are plain digits; doubles with exponents as doubles. Zero has no sign.
fn numbers(a: &str, b: &str) -> Ordering {
    let unsigned = |text| if text == "-0" { "0" } else { text };
    let (a, b) = (unsigned(a), unsigned(b));
    if !a.contains('e') && !b.contains('e') {
        return json::compare(a, b);
    }
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        _ => a.cmp(b),
    }
}

/// An order of texts.
pub type Order = Box<dyn Fn(&str, &str) -> Ordering + Send + Sync>;

/// How texts of a kind are ordered where that differs from the order of text.
pub fn of_kind(kind: &Kind) -> Option<Order> {
    Some(match kind {
        Kind::Json => Box::new(json::compare),
        Kind::List(_) => Box::new(lists),
        Kind::Inet => Box::new(addresses),
        Kind::Interval => Box::new(intervals),
        Kind::Range(kind) => {
            let kind = *kind;
            Box::new(move |a, b| range::compare(kind, a, b))
        }
        _ => return None,
    })
}
