//! Keyset pagination: the place of a record in an order that is total, and what stands behind it.
//!
//! A page is asked for by the values of the record before it, so that an index finds its first
//! record however many stand before.

use super::select::is_grouped;
use super::{Sql, expression};
use crate::query::{Expression, Order, OrderBy, Select};
use mainstay_entity::{Direction, Kind, Table, Value};

impl Select {
    /// What tells the place of a record: the values ordered by, then the key. None where a record
    /// has no place: among groups, without a key, and in an order by related records.
    pub fn place(&self) -> Option<Vec<Expression>> {
        if is_grouped(self) || self.table.row_key().next().is_none() {
            return None;
        }
        let own = |order: Order| match order.by {
            OrderBy::Expression(expression) => Some(expression),
            OrderBy::Related { .. } => None,
        };
        total_order(self).map(own).collect()
    }
}

impl Expression {
    /// The kind of its values.
    pub fn kind(&self, table: &Table) -> Kind {
        expression::kind_of(table, self)
    }
}

/// The order of a list with the key at its end, so that it is total and equal on both engines. The
/// key runs in the direction of the last term, so that one index can serve both.
pub(super) fn total_order(select: &Select) -> impl Iterator<Item = Order> + '_ {
    select.order.iter().cloned().chain(key_order(select))
}

/// The part of the order that the key makes.
pub(super) fn key_order(select: &Select) -> impl Iterator<Item = Order> + '_ {
    let direction = select.order.last().map_or(Direction::Ascending, |o| o.direction);
    let is_ordered = |index: &usize| select.order.iter().any(|order| is_column(order, *index));
    select.table.row_key().filter(move |index| !is_ordered(index)).map(move |index| Order {
        by: OrderBy::Expression(Expression::column(index)),
        direction,
        nulls_first: direction == Direction::Descending,
    })
}

fn is_column(term: &Order, index: usize) -> bool {
    matches!(&term.by, OrderBy::Expression(e) if *e == Expression::column(index))
}

/// One term of the order with the value of the record that the page begins behind.
struct Term {
    by: Expression,
    direction: Direction,
    nulls_first: bool,
    nullable: bool,
    value: Value,
}

/// Where the condition is written.
struct Place<'s> {
    alias: &'s str,
    table: &'s Table,
}

/// Writes which records stand behind a place.
pub(super) fn after(sql: &mut Sql<'_>, alias: &str, select: &Select, values: &[Value]) {
    let table = &*select.table;
    let term = |(order, value): (Order, &Value)| match order.by {
        OrderBy::Expression(by) => Some(Term {
            nullable: is_nullable(table, &by),
            by,
            direction: order.direction,
            nulls_first: order.nulls_first,
            value: value.clone(),
        }),
        OrderBy::Related { .. } => None,
    };
    let terms: Vec<Term> = total_order(select).zip(values).filter_map(term).collect();
    behind(sql, &Place { alias, table }, &terms);
}

/// Whether an expression may be null.
pub(super) fn is_nullable(table: &Table, expression: &Expression) -> bool {
    table.readable(expression.column).nullable || !expression.path.is_empty()
}

fn behind(sql: &mut Sql<'_>, place: &Place<'_>, terms: &[Term]) {
    let Some(first) = terms.first() else {
        sql.push("FALSE");
        return;
    };
    if first.nullable {
        return behind_nullable(sql, place, first, &terms[1..]);
    }
    // Terms without nulls that run in one direction compare as one row.
    let alike = |term: &&Term| !term.nullable && term.direction == first.direction;
    let (run, rest) = terms.split_at(terms.iter().take_while(alike).count());
    if rest.is_empty() {
        return compare(sql, place, run, strict(first));
    }
    // The first comparison says nothing new; an index takes it as the beginning of its range.
    sql.push("(");
    compare(sql, place, run, inclusive(first));
    sql.push(" AND (");
    compare(sql, place, run, strict(first));
    sql.push(" OR ");
    behind(sql, place, rest);
    sql.push("))");
}

fn behind_nullable(sql: &mut Sql<'_>, place: &Place<'_>, first: &Term, rest: &[Term]) {
    let run = std::slice::from_ref(first);
    match (first.value.is_null(), first.nulls_first) {
        // Behind the nulls is everything else.
        (true, true) => {
            sql.push("(");
            null(sql, place, first, " IS NOT NULL");
            if !rest.is_empty() {
                sql.push(" OR ");
                behind(sql, place, rest);
            }
            sql.push(")");
        }
        // Nulls are the last.
        (true, false) => {
            sql.push("(");
            null(sql, place, first, " IS NULL AND ");
            behind(sql, place, rest);
            sql.push(")");
        }
        (false, nulls_first) => {
            sql.push("((");
            compare(sql, place, run, inclusive(first));
            sql.push(" AND (");
            compare(sql, place, run, strict(first));
            sql.push(" OR ");
            behind(sql, place, rest);
            sql.push("))");
            if !nulls_first {
                sql.push(" OR ");
                null(sql, place, first, " IS NULL");
            }
            sql.push(")");
        }
    }
}

fn null(sql: &mut Sql<'_>, place: &Place<'_>, term: &Term, state: &str) {
    expression::write(sql, place.alias, place.table, &term.by);
    sql.push(state);
}

fn compare(sql: &mut Sql<'_>, place: &Place<'_>, terms: &[Term], operator: &str) {
    let row = terms.len() > 1;
    sql.push(if row { "(" } else { "" });
    for (position, term) in terms.iter().enumerate() {
        sql.push(if position > 0 { ", " } else { "" });
        expression::write_collated(sql, place.alias, place.table, &term.by);
    }
    sql.push(if row { ")" } else { "" }).push(operator).push(if row { "(" } else { "" });
    for (position, term) in terms.iter().enumerate() {
        sql.push(if position > 0 { ", " } else { "" });
        sql.bind(&expression::kind_of(place.table, &term.by), term.value.clone());
    }
    sql.push(if row { ")" } else { "" });
}

fn strict(term: &Term) -> &'static str {
    match term.direction {
        Direction::Ascending => " > ",
        Direction::Descending => " < ",
    }
}

fn inclusive(term: &Term) -> &'static str {
    match term.direction {
        Direction::Ascending => " >= ",
        Direction::Descending => " <= ",
    }
}
