//! The filters that conditions make, asked of a row in hand: rows are checked before they are
//! written as the engines check those that they read.

use mainstay_entity::{Record, Value, like};
use mainstay_store::{Compare, Expression, Filter, IsState};
use std::cmp::Ordering;

/// Whether a filter keeps a row.
pub(crate) fn holds(filter: &Filter, row: &Record) -> bool {
    truth(filter, row) == Some(true)
}

/// SQL's three values; none is unknown. What conditions never make is unknown too.
fn truth(filter: &Filter, row: &Record) -> Option<bool> {
    match filter {
        Filter::All => Some(true),
        Filter::And(parts) => fold(parts, row, false),
        Filter::Or(parts) => fold(parts, row, true),
        Filter::Not(inner) => truth(inner, row).map(|value| !value),
        Filter::Compare { left, op, right } => compare(value(left, row)?, *op, right),
        Filter::In { left, list } => {
            let value = value(left, row)?;
            (!value.is_null()).then(|| list.contains(value))
        }
        Filter::Is { left, state } => {
            let value = value(left, row)?;
            Some(match state {
                IsState::Null | IsState::Unknown => value.is_null(),
                IsState::NotNull => !value.is_null(),
                IsState::True => *value == Value::Bool(true),
                IsState::False => *value == Value::Bool(false),
            })
        }
        _ => None,
    }
}

/// `AND` and `OR`: one part of the value `decides` decides, else an unknown one leaves it open.
fn fold(parts: &[Filter], row: &Record, decides: bool) -> Option<bool> {
    let mut outcome = Some(!decides);
    for part in parts {
        match truth(part, row) {
            Some(value) if value == decides => return Some(decides),
            Some(_) => {}
            None => outcome = None,
        }
    }
    outcome
}

fn value<'a>(left: &Expression, row: &'a Record) -> Option<&'a Value> {
    if left.path.is_empty() && left.cast.is_none() { row.0.get(left.column) } else { None }
}

fn compare(left: &Value, op: Compare, right: &Value) -> Option<bool> {
    if op == Compare::Distinct {
        return Some(left != right);
    }
    if left.is_null() {
        return None;
    }
    let by = |fits: fn(Ordering) -> bool| order(left, right).map(fits);
    match op {
        Compare::Eq => Some(left == right),
        Compare::Lt => by(Ordering::is_lt),
        Compare::Le => by(Ordering::is_le),
        Compare::Gt => by(Ordering::is_gt),
        Compare::Ge => by(Ordering::is_ge),
        Compare::Like => like::like(right.as_text()?, left.as_text()?).ok(),
        Compare::Contains => match (left, right) {
            (Value::List(items), Value::List(wanted)) => {
                Some(wanted.iter().all(|item| items.contains(item)))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The order of two values of one kind; text by code point.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right))
        | (Value::Timestamp(left), Value::Timestamp(right)) => Some(left.cmp(right)),
        (Value::Double(left), Value::Double(right)) => left.partial_cmp(right),
        // Of one column, so of one scale.
        (Value::Decimal(left), Value::Decimal(right)) => Some(left.units().cmp(&right.units())),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        _ => None,
    }
}
