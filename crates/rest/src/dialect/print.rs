//! The tree back to a query string: parsing what is printed yields the same tree.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::ast::{
    Arrow, Column, Condition, Distinct, Embed, Field, Filter, Group, JoinKind, JsonKey, OrderTerm,
    Predicate, SelectItem,
};
use super::name::is_plain;
use super::query::QueryParams;

/// What a query string carries as it is, among what the dialect uses.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'*')
    .remove(b'!')
    .remove(b'(')
    .remove(b')')
    .remove(b',')
    .remove(b':')
    .remove(b'$');

/// Prints a whole query, percent-encoded.
pub fn query(params: &QueryParams) -> String {
    let mut out = String::new();
    pair(&mut out, "select", &select(&params.select));
    if let Some(columns) = &params.columns {
        pair(&mut out, "columns", &names(columns));
    }
    if let Some(columns) = &params.on_conflict {
        pair(&mut out, "on_conflict", &names(columns));
    }
    match &params.distinct {
        None => {}
        Some(Distinct::Shown) => pair(&mut out, "distinct", "true"),
        Some(Distinct::On(on)) => pair(&mut out, "distinct", &format!("on({})", fields(on))),
    }
    if let Some(group) = &params.group {
        pair(&mut out, "group", &fields(group));
    }
    if let Some(cursor) = &params.cursor {
        pair(&mut out, "cursor", cursor);
    }
    for placed in &params.filters {
        match &placed.item {
            Filter::Condition(condition) => {
                let key = filter_key(&placed.path, &condition.field);
                pair(&mut out, &key, &pair_predicate(condition));
            }
            Filter::Group(group) => {
                let not = if group.negated { "not." } else { "" };
                let operator = format!("{not}{}", group.connective.as_str());
                pair(&mut out, &placed_key(&placed.path, &operator), &members(group));
            }
        }
    }
    for placed in &params.order {
        pair(&mut out, &placed_key(&placed.path, "order"), &order(&placed.item));
    }
    for placed in &params.ranges {
        if let Some(limit) = placed.item.limit {
            pair(&mut out, &placed_key(&placed.path, "limit"), &limit.to_string());
        }
        if placed.item.offset > 0 || placed.item.limit.is_none() {
            let offset = placed.item.offset.to_string();
            pair(&mut out, &placed_key(&placed.path, "offset"), &offset);
        }
    }
    for (key, value) in &params.arguments {
        pair(&mut out, key, value);
    }
    out
}

fn pair(out: &mut String, key: &str, value: &str) {
    if !out.is_empty() {
        out.push('&');
    }
    let (key, value) = (utf8_percent_encode(key, KEPT), utf8_percent_encode(value, KEPT));
    let _ = write!(out, "{key}={value}");
}

/// Prints the value of `select=`.
pub fn select(items: &[SelectItem]) -> String {
    joined(items, |out, item| match item {
        SelectItem::Star => out.push('*'),
        SelectItem::Count { alias, cast } => {
            push_alias(out, alias.as_deref());
            out.push_str("count()");
            push_cast(out, cast.as_deref());
        }
        SelectItem::Column(column) => push_column(out, column),
        SelectItem::Embed(embed) => push_embed(out, embed),
    })
}

fn push_column(out: &mut String, column: &Column) {
    push_alias(out, column.alias.as_deref());
    push_field(out, &column.field);
    push_cast(out, column.cast.as_deref());
    if let Some(aggregate) = &column.aggregate {
        let _ = write!(out, ".{}()", aggregate.function.as_str());
        push_cast(out, aggregate.cast.as_deref());
    }
}

fn push_embed(out: &mut String, embed: &Embed) {
    if embed.spread {
        out.push_str("...");
    }
    push_alias(out, embed.alias.as_deref());
    push_name(out, &embed.relation);
    if let Some(hint) = &embed.hint {
        out.push('!');
        // A hint that is a join's name would be read as one.
        push_name_unless(out, hint, |hint| matches!(hint, "left" | "inner"));
    }
    match embed.join {
        Some(JoinKind::Inner) => out.push_str("!inner"),
        Some(JoinKind::Left) => out.push_str("!left"),
        None => {}
    }
    let _ = write!(out, "({})", select(&embed.select));
}

fn push_alias(out: &mut String, alias: Option<&str>) {
    if let Some(alias) = alias {
        push_name(out, alias);
        out.push(':');
    }
}

fn push_cast(out: &mut String, cast: Option<&str>) {
    if let Some(cast) = cast {
        let _ = write!(out, "::{cast}");
    }
}

/// Prints the value of `order=`.
pub fn order(terms: &[OrderTerm]) -> String {
    joined(terms, |out, term| {
        if let Some(relation) = &term.relation {
            push_name(out, relation);
            out.push('(');
            push_field(out, &term.field);
            out.push(')');
        } else {
            push_field(out, &term.field);
        }
        let modifiers =
            [term.direction.map(super::Direction::as_str), term.nulls.map(super::Nulls::as_str)];
        for modifier in modifiers.into_iter().flatten() {
            let _ = write!(out, ".{modifier}");
        }
    })
}

fn fields(fields: &[Field]) -> String {
    joined(fields, push_field)
}

fn names(names: &[String]) -> String {
    joined(names, |out, name| push_name(out, name))
}

fn joined<T>(items: &[T], mut push: impl FnMut(&mut String, &T)) -> String {
    let mut out = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        push(&mut out, item);
    }
    out
}

fn filter_key(path: &[String], field: &Field) -> String {
    let mut key = String::new();
    // As the key's last word these have a meaning of their own.
    push_name_unless(&mut key, &field.name, |name| {
        matches!(
            name,
            "select" | "columns" | "on_conflict" | "order" | "limit" | "offset" | "and" | "or"
        )
    });
    push_path(&mut key, &field.path);
    placed_key(path, &key)
}

fn placed_key(path: &[String], last: &str) -> String {
    let mut key = String::new();
    for name in path {
        push_name(&mut key, name);
        key.push('.');
    }
    key + last
}

/// The members of a group in parentheses.
fn members(group: &Group) -> String {
    let list = joined(&group.filters, |out, filter| match filter {
        Filter::Condition(condition) => {
            push_field(out, &condition.field);
            out.push('.');
            push_predicate(out, condition, push_value);
        }
        Filter::Group(group) => {
            let not = if group.negated { "not." } else { "" };
            let _ = write!(out, "{not}{}{}", group.connective.as_str(), members(group));
        }
    });
    format!("({list})")
}

/// A predicate whose value is the rest of the text, so that it needs no quotes.
fn pair_predicate(condition: &Condition) -> String {
    let mut out = String::new();
    push_predicate(&mut out, condition, String::push_str);
    out
}

fn push_predicate(out: &mut String, condition: &Condition, push_single: fn(&mut String, &str)) {
    if condition.negated {
        out.push_str("not.");
    }
    match &condition.predicate {
        Predicate::Compare { operator, quantifier, value } => {
            out.push_str(operator.as_str());
            if let Some(quantifier) = quantifier {
                let _ = write!(out, "({})", quantifier.as_str());
            }
            out.push('.');
            push_single(out, value);
        }
        Predicate::In(values) => {
            let _ = write!(out, "in.({})", joined(values, |out, value| push_value(out, value)));
        }
        Predicate::Is(value) => {
            let _ = write!(out, "is.{}", value.as_str());
        }
        Predicate::Search { mode, language, query } => {
            out.push_str(mode.as_str());
            if let Some(language) = language {
                let _ = write!(out, "({language})");
            }
            out.push('.');
            push_single(out, query);
        }
    }
}

fn push_field(out: &mut String, field: &Field) {
    push_name(out, &field.name);
    push_path(out, &field.path);
}

fn push_path(out: &mut String, path: &[super::JsonStep]) {
    for step in path {
        out.push_str(match step.arrow {
            Arrow::Json => "->",
            Arrow::Text => "->>",
        });
        match &step.key {
            JsonKey::Index(index) => {
                let _ = write!(out, "{index}");
            }
            // Digits alone would be read as an index.
            JsonKey::Member(key) => {
                push_name_unless(out, key, |key| key.starts_with(|c: char| c.is_ascii_digit()));
            }
        }
    }
}

fn push_name(out: &mut String, name: &str) {
    push_name_unless(out, name, |_| false);
}

/// Quotes a name that would not be read as itself, or that `reserved` says means something else.
fn push_name_unless(out: &mut String, name: &str, reserved: impl Fn(&str) -> bool) {
    if is_plain(name) && !reserved(name) {
        out.push_str(name);
    } else {
        push_quoted(out, name);
    }
}

/// Quotes a value inside parentheses if it would not be read as itself.
fn push_value(out: &mut String, value: &str) {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'*' | b':');
    if !value.is_empty() && value.bytes().all(plain) {
        out.push_str(value);
    } else {
        push_quoted(out, value);
    }
}

fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
}
