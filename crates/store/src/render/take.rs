//! Relationships that take the first rows: at most so many related rows, in an order of their own,
//! are all that there are; filters and other orders come after that.

use super::filter::{self, join_condition};
use super::select::{Parents, match_parents};
use super::{Sql, column, scope, view};
use crate::query::{Relation, Take};
use mainstay_entity::{Direction, Kind, Table, Value};

/// Writes the rows of a table that are related to one row, a name or a query; an alias follows.
pub(super) fn of_row(sql: &mut Sql<'_>, relation: &Relation, other: &Table, from: (&str, &Table)) {
    let Some(take) = &relation.take else {
        return view::rows(sql, other);
    };
    let alias = sql.alias();
    sql.push("(SELECT * FROM ");
    view::rows(sql, other);
    sql.push(" ").push(&alias).push(" WHERE ");
    join_condition(sql, (&alias, other, &relation.to), (from.0, from.1, &relation.from));
    sql.push(" AND ");
    scope::reach(sql, &alias, other, false);
    filter::and(sql, &alias, other, &take.filter);
    order_by(sql, &alias, other, take);
    sql.push(" LIMIT ");
    sql.bind(&Kind::BigInt, Value::Int(take.limit.cast_signed()));
    sql.push(")");
}

/// Writes the rows of a table that are related to some parents, a name or a query; an alias
/// follows.
pub(super) fn of_parents(sql: &mut Sql<'_>, table: &Table, parents: Option<&Parents<'_>>) {
    let taken = parents.and_then(|parents| Some((parents, parents.relation.take.as_ref()?)));
    let Some((parents, take)) = taken else {
        return view::rows(sql, table);
    };
    let alias = sql.alias();
    let keys = parents.matched.iter().map(|k| column(&alias, table, parents.relation.to[*k]));
    let keys: Vec<String> = keys.collect();
    sql.push("(SELECT * FROM (SELECT ").push(&alias);
    sql.push(".*, row_number() OVER (PARTITION BY ").push(&keys.join(", "));
    order_by(sql, &alias, table, take);
    // No column has such a name.
    sql.push(") AS \"(taken)\" FROM ");
    view::rows(sql, table);
    sql.push(" ").push(&alias).push(" WHERE ");
    scope::reach(sql, &alias, table, false);
    filter::and(sql, &alias, table, &take.filter);
    match_parents(sql, &alias, table, parents, None);
    sql.push(") AS taken WHERE \"(taken)\" <= ");
    sql.bind(&Kind::BigInt, Value::Int(take.limit.cast_signed()));
    sql.push(")");
}

fn order_by(sql: &mut Sql<'_>, alias: &str, table: &Table, take: &Take) {
    let last = take.order.last().map_or(Direction::Ascending, |(_, direction)| *direction);
    let named = |column: &usize| take.order.iter().any(|(other, _)| other == column);
    let key = table.row_key().filter(|column| !named(column)).map(|column| (column, last));
    for (position, (column, direction)) in take.order.iter().copied().chain(key).enumerate() {
        sql.push(if position == 0 { " ORDER BY " } else { ", " });
        sql.push_column(alias, table, column);
        sql.push(match direction {
            Direction::Ascending => " ASC NULLS LAST",
            Direction::Descending => " DESC NULLS FIRST",
        });
    }
}
