//! From tests to the filter of a statement, for one request.

use super::values::{self, Known};
use super::{Comparison, Condition, Place, Test, Tree};
use crate::context::Context;
use crate::policy::resource_name;
use cel::{IdedExpr, Value};
use mainstay_entity::{self as entity, Kind, Table};
use mainstay_store::{Compare, Expression, Filter, IsState};

/// A test, for one request and table.
enum Outcome {
    /// It holds for every row, or for none.
    Certain(bool),
    /// It holds for the rows that a filter keeps.
    Rows(Filter),
    /// It can't be made, or not with a value.
    Unknown,
}

impl Condition {
    /// The rows of a table for which it holds in a request. [`Filter::All`] when it holds for
    /// all, an empty [`Filter::Or`] when for none.
    pub fn filter(&self, context: &Context, table: &Table, action: &str) -> Filter {
        let known = Known::of(context, &resource_name(table), action);
        self.combine(&self.tree, &known, Some(table))
    }

    /// Whether it holds whatever the row, for a request that is about none.
    pub fn holds(&self, context: &Context, resource: &str, action: &str) -> bool {
        let known = Known::of(context, resource, action);
        matches!(self.combine(&self.tree, &known, None), Filter::All)
    }

    fn combine(&self, tree: &Tree, known: &Known, table: Option<&Table>) -> Filter {
        match tree {
            Tree::All(parts) => all(parts.iter().map(|part| self.combine(part, known, table))),
            Tree::Any(parts) => any(parts.iter().map(|part| self.combine(part, known, table))),
            Tree::Test { test, negated } => match self.outcome(test, *negated, known, table) {
                Outcome::Certain(true) => Filter::All,
                Outcome::Certain(false) | Outcome::Unknown => nothing(),
                Outcome::Rows(filter) => filter,
            },
        }
    }

    /// What a test, or its negation, comes to.
    fn outcome(&self, test: &Test, negated: bool, known: &Known, table: Option<&Table>) -> Outcome {
        let Some(name) = test.column() else {
            return self.known_test(test, negated, known);
        };
        let Some(table) = table else {
            return Outcome::Unknown;
        };
        let Some(column) = table.column_index(name) else {
            self.tell(&format!("{} has no column {name}", table.meta.table));
            return Outcome::Unknown;
        };
        let kind = &table.meta.columns[column].kind;
        if !test.takes(kind) {
            self.tell(&format!("{} of {} can't be tested like this", name, table.meta.table));
            return Outcome::Unknown;
        }
        self.row_test(test, negated, known, (column, kind))
    }

    fn known_test(&self, test: &Test, negated: bool, known: &Known) -> Outcome {
        let Test::Known(expression) = test else {
            return Outcome::Unknown;
        };
        match self.value(known, expression) {
            Some(Value::Bool(value)) => Outcome::Certain(value != negated),
            Some(_) => {
                self.tell("it gives neither true nor false");
                Outcome::Unknown
            }
            None => Outcome::Unknown,
        }
    }

    fn value(&self, known: &Known, expression: &IdedExpr) -> Option<Value> {
        known.value(expression).inspect_err(|error| self.tell(&error.to_string())).ok()
    }

    fn row_test(
        &self,
        test: &Test,
        negated: bool,
        known: &Known,
        (column, kind): (usize, &Kind),
    ) -> Outcome {
        let left = Expression::column(column);
        let is = |state| Filter::Is { left: left.clone(), state };
        let filter = match test {
            Test::Known(_) => return Outcome::Unknown,
            Test::Flag(_) => is(if negated { IsState::False } else { IsState::True }),
            Test::Given(_) => is(if negated { IsState::Null } else { IsState::NotNull }),
            Test::Compare(_, comparison, value) => {
                let Some(value) = self.value(known, value) else {
                    return Outcome::Unknown;
                };
                return compare(column, kind, *comparison, negated, &value);
            }
            Test::Among(_, items) => {
                let Some(Value::List(items)) = self.value(known, items) else {
                    return Outcome::Unknown;
                };
                among(&left, kind, &items, negated)
            }
            Test::Has(_, item) => {
                let (Some(item), Kind::List(items)) = (self.value(known, item), kind) else {
                    return Outcome::Unknown;
                };
                let Some(item) = values::to_column(&items.kind(), &item) else {
                    return Outcome::Unknown;
                };
                let right = entity::Value::List(vec![item]);
                negate(Filter::Compare { left, op: Compare::Contains, right }, negated)
            }
            Test::Part(_, place, part) => {
                let Some(Value::String(part)) = self.value(known, part) else {
                    return Outcome::Unknown;
                };
                let right = entity::Value::Text(pattern(*place, &part));
                negate(Filter::Compare { left, op: Compare::Like, right }, negated)
            }
        };
        Outcome::Rows(filter)
    }
}

fn compare(
    column: usize,
    kind: &Kind,
    comparison: Comparison,
    negated: bool,
    value: &Value,
) -> Outcome {
    let left = Expression::column(column);
    if comparison == Comparison::Equal && matches!(value, Value::Null) {
        let state = if negated { IsState::NotNull } else { IsState::Null };
        return Outcome::Rows(Filter::Is { left, state });
    }
    let Some(right) = values::to_column(kind, value) else {
        return Outcome::Unknown;
    };
    let op = match (comparison, negated) {
        (Comparison::Equal, false) => Compare::Eq,
        // Null is a value like others here.
        (Comparison::Equal, true) => Compare::Distinct,
        (Comparison::Less, false) | (Comparison::GreaterOrEqual, true) => Compare::Lt,
        (Comparison::LessOrEqual, false) | (Comparison::Greater, true) => Compare::Le,
        (Comparison::Greater, false) | (Comparison::LessOrEqual, true) => Compare::Gt,
        (Comparison::GreaterOrEqual, false) | (Comparison::Less, true) => Compare::Ge,
    };
    Outcome::Rows(Filter::Compare { left, op, right })
}

/// Items of other types than the column's equal none of its values; null is in no such list.
fn among(left: &Expression, kind: &Kind, items: &[Value], negated: bool) -> Filter {
    let list: Vec<_> = items.iter().filter_map(|item| values::to_column(kind, item)).collect();
    if list.is_empty() {
        return if negated { Filter::All } else { nothing() };
    }
    let inside = Filter::In { left: left.clone(), list };
    if !negated {
        return inside;
    }
    let null = Filter::Is { left: left.clone(), state: IsState::Null };
    Filter::Or(vec![null, Filter::Not(Box::new(inside))])
}

fn negate(filter: Filter, negated: bool) -> Filter {
    if negated { Filter::Not(Box::new(filter)) } else { filter }
}

/// A pattern of `LIKE` for a text as it is.
fn pattern(place: Place, part: &str) -> String {
    let mut pattern = String::with_capacity(part.len() + 2);
    if place != Place::Start {
        pattern.push('%');
    }
    for character in part.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    if place != Place::End {
        pattern.push('%');
    }
    pattern
}

/// A filter that keeps no row.
pub(crate) fn nothing() -> Filter {
    Filter::Or(Vec::new())
}

/// Whether a filter is known to keep no row.
pub(crate) fn is_nothing(filter: &Filter) -> bool {
    matches!(filter, Filter::Or(parts) if parts.is_empty())
}

/// Filters that must all hold, simplified.
pub(crate) fn all(filters: impl Iterator<Item = Filter>) -> Filter {
    let mut parts = Vec::new();
    for filter in filters {
        match filter {
            Filter::All => {}
            filter if is_nothing(&filter) => return nothing(),
            filter => parts.push(filter),
        }
    }
    match parts.len() {
        0 => Filter::All,
        1 => parts.remove(0),
        _ => Filter::And(parts),
    }
}

/// Filters of which one must hold, simplified.
pub(crate) fn any(filters: impl Iterator<Item = Filter>) -> Filter {
    let mut parts = Vec::new();
    for filter in filters {
        match filter {
            Filter::All => return Filter::All,
            filter if is_nothing(&filter) => {}
            filter => parts.push(filter),
        }
    }
    if parts.len() == 1 { parts.remove(0) } else { Filter::Or(parts) }
}
