//! The order of `jsonb`.

use super::escape::unescape;
use super::scan::{Items, Members, Type, trim_number};
use std::borrow::Cow;
use std::cmp::Ordering;

/// How `PostgreSQL`'s btree orders two canonical documents (in a database that collates by code
/// point): null, strings, numbers, booleans, arrays, objects; arrays and objects by length, then
/// by their items. An empty array that is the whole document comes before everything.
///
/// Numbers that differ in trailing zeros only are equal.
pub fn compare(a: &str, b: &str) -> Ordering {
    match (a == "[]", b == "[]") {
        (true, true) => Ordering::Equal,
        // Of a scalar at the top `PostgreSQL` makes an array of one item, and so compares lengths.
        (true, false) if Type::of(b) != Type::Object => Ordering::Less,
        (false, true) if Type::of(a) != Type::Object => Ordering::Greater,
        _ => compare_values(a, b),
    }
}

/// The depth is bounded, since canonical text is.
fn compare_values(a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let kind = Type::of(a);
    kind.cmp(&Type::of(b)).then_with(|| match kind {
        Type::Null => Ordering::Equal,
        Type::String => compare_strings(a, b),
        Type::Number => compare_numbers(a, b),
        Type::Boolean => (a == "true").cmp(&(b == "true")),
        Type::Array => compare_arrays(a, b),
        Type::Object => compare_objects(a, b),
    })
}

fn compare_strings(a: &str, b: &str) -> Ordering {
    let text = |token| unescape(token).unwrap_or(Cow::Borrowed(""));
    text(a).cmp(&text(b))
}

fn compare_arrays(a: &str, b: &str) -> Ordering {
    let (a, b) = (Items::of(a), Items::of(b));
    let by_length = a.clone().count().cmp(&b.clone().count());
    by_length.then_with(|| first_difference(a.zip(b).map(|(a, b)| compare_values(a, b))))
}

fn compare_objects(a: &str, b: &str) -> Ordering {
    let (a, b) = (Members::of(a), Members::of(b));
    let by_length = a.clone().count().cmp(&b.clone().count());
    by_length.then_with(|| {
        first_difference(a.zip(b).map(|((a_key, a_value), (b_key, b_value))| {
            compare_strings(a_key, b_key).then_with(|| compare_values(a_value, b_value))
        }))
    })
}

fn first_difference(mut orders: impl Iterator<Item = Ordering>) -> Ordering {
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// Exact for numbers of any length.
fn compare_numbers(a: &str, b: &str) -> Ordering {
    let (a, b) = (trim_number(a), trim_number(b));
    match (a.strip_prefix('-'), b.strip_prefix('-')) {
        (None, None) => compare_magnitudes(a, b),
        (Some(a), Some(b)) => compare_magnitudes(b, a),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
    }
}

fn compare_magnitudes(a: &str, b: &str) -> Ordering {
    let (a_whole, a_fraction) = a.split_once('.').unwrap_or((a, ""));
    let (b_whole, b_fraction) = b.split_once('.').unwrap_or((b, ""));
    let by_length = a_whole.len().cmp(&b_whole.len());
    by_length.then_with(|| a_whole.cmp(b_whole)).then_with(|| a_fraction.cmp(b_fraction))
}
