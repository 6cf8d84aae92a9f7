//! `@>`.

use super::path::member;
use super::scan::{Items, Members, Type, trim_number};
use std::collections::HashSet;

/// From this many items on, an array's scalars are looked up in a set.
const MANY_ITEMS: usize = 8;

/// What `a @> b` gives for canonical documents: every member and item of `b` is, at the same
/// depth, in `a`. An array that is the whole document contains a scalar that is one of its items.
pub fn contains(a: &str, b: &str) -> bool {
    match (Type::of(a), Type::of(b)) {
        (Type::Array, kind) if !kind.is_container() => Items::of(a).any(|item| equals(item, b)),
        _ => contains_value(a, b),
    }
}

/// The depth is bounded, since canonical text is.
fn contains_value(a: &str, b: &str) -> bool {
    match (Type::of(a), Type::of(b)) {
        (Type::Object, Type::Object) => Members::of(b).all(|(token, wanted)| {
            let key = super::unescape(token).unwrap_or_default();
            member(a, &key).is_some_and(|value| contains_value(value, wanted))
        }),
        (Type::Array, Type::Array) => contains_items(a, b),
        (a_type, b_type) if a_type.is_container() || b_type.is_container() => false,
        _ => equals(a, b),
    }
}

fn contains_items(a: &str, b: &str) -> bool {
    let is_many = Items::of(b).nth(MANY_ITEMS).is_some();
    let scalars: Option<HashSet<&str>> = is_many.then(|| {
        Items::of(a).filter(|item| !Type::of(item).is_container()).map(trim_scalar).collect()
    });
    Items::of(b).all(|wanted| {
        if Type::of(wanted).is_container() {
            Items::of(a).any(|item| contains_value(item, wanted))
        } else if let Some(scalars) = &scalars {
            scalars.contains(trim_scalar(wanted))
        } else {
            Items::of(a).any(|item| equals(item, wanted))
        }
    })
}

/// Equal scalars have equal trimmed text.
fn trim_scalar(scalar: &str) -> &str {
    if Type::of(scalar) == Type::Number { trim_number(scalar) } else { scalar }
}

fn equals(a: &str, b: &str) -> bool {
    a == b || (Type::of(a) == Type::Number && trim_scalar(a) == trim_scalar(b))
}
