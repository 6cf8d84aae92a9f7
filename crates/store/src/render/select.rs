//! Lists: one statement for the records of one table, whole or related to given parents.

use super::expression::{self, cast_kind, kind_of};
use super::filter::{self, join_condition};
use super::joined::{self, Joins};
use super::{Dialect, Sql, aggregate, column, keyset, scope, take, view};
use crate::access::Access;
use crate::query::{
    Aggregate, Cast, Expression, Order, OrderBy, Output, OutputValue, Relation, Select,
};
use crate::statement::Statement;
use mainstay_entity::{Direction, Kind, Table, Value};
use std::sync::Arc;

/// One column of a result.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// A column or something computed from one.
    Expression(Expression),
    /// A value over a group.
    Aggregate(Aggregate, Option<Expression>, Option<Cast>),
    /// An item over a table that is joined to groups, counted from 0.
    Joined { join: usize, table: Arc<Table>, item: Box<Self> },
    /// Whether there is a row of the joined table: the column that joins it is not null.
    Present(usize),
}

impl Item {
    /// The kind of its values.
    pub(crate) fn kind(&self, table: &Table) -> Kind {
        match self {
            Self::Expression(expression) => kind_of(table, expression),
            Self::Aggregate(_, _, Some(cast)) => cast_kind(*cast),
            Self::Aggregate(function, argument, None) => {
                let argument = argument.as_ref().map_or(Kind::BigInt, |a| kind_of(table, a));
                function.result(&argument)
            }
            Self::Joined { table, item, .. } => item.kind(table),
            Self::Present(_) => Kind::Boolean,
        }
    }

    /// Whether its cast is made around the list. Groups are made of values that are cast.
    fn has_late_cast(&self, grouped: bool) -> bool {
        match self {
            Self::Expression(expression) => !grouped && expression::can_fail(expression),
            Self::Aggregate(_, _, cast) => cast.is_some(),
            Self::Joined { item, .. } => item.has_late_cast(grouped),
            Self::Present(_) => false,
        }
    }

    /// Takes away a cast that is made around the list, and gives it with the kind that it casts.
    fn take_late_cast(&mut self, table: &Table, grouped: bool) -> Option<(Kind, Cast)> {
        if !self.has_late_cast(grouped) {
            return None;
        }
        let cast = match self {
            Self::Expression(expression) => expression.cast.take(),
            Self::Aggregate(_, _, cast) => cast.take(),
            Self::Joined { table, item, .. } => return item.take_late_cast(table, grouped),
            Self::Present(_) => None,
        };
        Some((self.kind(table), cast?))
    }
}

/// The values by which related records are found: one list per column of the relation.
pub(crate) struct Parents<'a> {
    /// How the records are related to their parents.
    pub(crate) relation: &'a Relation,
    /// Positions in `relation` that must be matched; the others follow from the caller's reach.
    pub(crate) matched: &'a [usize],
    /// For each matched column, the parents' values.
    pub(crate) values: Vec<Vec<Value>>,
}

/// Renders a list. The result's columns are the matched columns of `parents`, then `items`.
///
/// Casts that can fail are made last, for the rows of the page alone and in their order: engines
/// differ in when they compute what a sorted or skipped row shows.
pub(crate) fn list(
    dialect: Dialect,
    access: &Access,
    select: &Select,
    items: &[Item],
    parents: Option<&Parents<'_>>,
) -> Statement {
    let mut sql = Sql::new(dialect, access);
    let grouped = is_grouped(select);
    if !items.iter().any(|item| item.has_late_cast(grouped)) {
        rows(&mut sql, select, items, parents, false);
        return sql.finish();
    }
    let mut early = items.to_vec();
    let late: Vec<_> =
        early.iter_mut().map(|item| item.take_late_cast(&select.table, grouped)).collect();
    sql.push("SELECT ");
    let keys = parents.map_or(0, |p| p.matched.len());
    for position in 1..=keys + items.len() {
        if position > 1 {
            sql.push(", ");
        }
        let value = |sql: &mut Sql<'_>| {
            sql.push(&format!("c{position}"));
        };
        match position.checked_sub(keys + 1).and_then(|item| late[item].as_ref()) {
            Some((kind, cast)) => expression::write_cast_of(&mut sql, kind, *cast, value),
            None => value(&mut sql),
        }
    }
    sql.push(" FROM (");
    rows(&mut sql, select, &early, parents, true);
    sql.push(") AS page");
    keep_apart(&mut sql);
    sql.finish()
}

/// Keeps SQLite from merging a query with the one around it.
fn keep_apart(sql: &mut Sql<'_>) {
    if sql.dialect == Dialect::Sqlite {
        sql.push(" LIMIT -1");
    }
}

/// Writes a list; `inner` when another query stands around it.
fn rows(
    sql: &mut Sql<'_>,
    select: &Select,
    items: &[Item],
    parents: Option<&Parents<'_>>,
    inner: bool,
) {
    let alias = sql.alias();
    let limited = parents.is_some() && (select.limit.is_some() || select.offset > 0);
    let keys = parents.map_or(0, |p| p.matched.len());
    let names = |count| (1..=count).map(|n| format!("c{n}")).collect::<Vec<_>>().join(", ");
    if limited {
        sql.push("SELECT ").push(&names(keys + items.len())).push(" FROM (");
    }
    let joins = Joins::new(sql, select);
    let list = List { alias: &alias, select, joins: &joins, parents };
    let between = columns(sql, &list, items, (limited || inner, limited));
    from_where(sql, &list, between.as_deref());
    group_by(sql, &list, between);
    match parents {
        Some(_) if limited => {
            window_bounds(sql, select);
            if inner && keys > 0 {
                sql.push(", ").push(&names(keys));
            }
        }
        _ => order_by(sql, &list),
    }
    if parents.is_none() {
        bounds(sql, select);
    }
    if inner && (parents.is_some() || select.limit.is_none() && select.offset == 0) {
        keep_apart(sql);
    }
}

/// Renders the number of records that match, up to `cap` + 1 when there is a cap.
pub(crate) fn count(
    dialect: Dialect,
    access: &Access,
    select: &Select,
    cap: Option<u64>,
) -> Statement {
    let mut sql = Sql::new(dialect, access);
    let alias = sql.alias();
    let grouped = is_grouped(select);
    if cap.is_some() || grouped {
        sql.push("SELECT count(*) FROM (SELECT 1 AS one");
    } else {
        sql.push("SELECT count(*)");
    }
    let joins = Joins::new(&mut sql, select);
    let list = List { alias: &alias, select, joins: &joins, parents: None };
    from_where(&mut sql, &list, None);
    if grouped {
        group_by(&mut sql, &list, None);
    }
    if let Some(cap) = cap {
        sql.push(" LIMIT ");
        sql.bind(&Kind::BigInt, Value::Int((cap + 1).cast_signed()));
    }
    if cap.is_some() || grouped {
        sql.push(") AS matches");
    }
    sql.finish()
}

/// A list being written.
#[derive(Clone, Copy)]
struct List<'a> {
    alias: &'a str,
    select: &'a Select,
    joins: &'a Joins<'a>,
    parents: Option<&'a Parents<'a>>,
}

/// Writes `SELECT …`, with names of the columns and positions among their parents where asked, and
/// gives the junction's alias, when there is one.
fn columns(
    sql: &mut Sql<'_>,
    list: &List<'_>,
    items: &[Item],
    (named, limited): (bool, bool),
) -> Option<String> {
    let List { alias, select, joins, parents } = *list;
    sql.push("SELECT ");
    let mut between = None;
    let mut written = 0;
    if let Some(parents) = parents {
        let keys = key_columns(sql, alias, select, parents, &mut between);
        for key in &keys {
            separate(sql, &mut written);
            sql.push(key);
            name_column(sql, written, named);
        }
    }
    for item in items {
        separate(sql, &mut written);
        self::item(sql, (alias, &select.table), joins, item);
        name_column(sql, written, named);
    }
    if written == 0 {
        sql.push("1");
    }
    if limited && let Some(parents) = parents {
        let keys = key_columns(sql, alias, select, parents, &mut between);
        sql.push(", row_number() OVER (PARTITION BY ").push(&keys.join(", "));
        order_by(sql, list);
        sql.push(") AS position");
    }
    between
}

fn separate(sql: &mut Sql<'_>, written: &mut usize) {
    if *written > 0 {
        sql.push(", ");
    }
    *written += 1;
}

fn name_column(sql: &mut Sql<'_>, position: usize, named: bool) {
    if named {
        sql.push(&format!(" AS c{position}"));
    }
}

/// The columns that tell which parent a record belongs to.
fn key_columns(
    sql: &mut Sql<'_>,
    alias: &str,
    select: &Select,
    parents: &Parents<'_>,
    between: &mut Option<String>,
) -> Vec<String> {
    let relation = parents.relation;
    match &relation.junction {
        None => {
            parents.matched.iter().map(|k| column(alias, &select.table, relation.to[*k])).collect()
        }
        Some(junction) => {
            let name = between.get_or_insert_with(|| sql.alias());
            parents
                .matched
                .iter()
                .map(|k| column(name, &junction.table, junction.from[*k]))
                .collect()
        }
    }
}

fn item(sql: &mut Sql<'_>, (alias, table): (&str, &Table), joins: &Joins<'_>, item: &Item) {
    match item {
        Item::Expression(expression) => expression::write(sql, alias, table, expression),
        Item::Aggregate(function, argument, _) => {
            aggregate::write(sql, (alias, table), *function, argument.as_ref());
        }
        Item::Joined { join, table, item } => {
            self::item(sql, (joins.alias(*join), table), joins, item);
        }
        Item::Present(column) => joined::present(sql, alias, table, *column),
    }
}

fn from_where(sql: &mut Sql<'_>, list: &List<'_>, between: Option<&str>) {
    let List { alias, select, joins, parents } = *list;
    let table = &*select.table;
    sql.push(" FROM ");
    if select.first_of.is_empty() {
        take::of_parents(sql, table, parents);
    } else {
        first_rows(sql, select);
    }
    sql.push(" ").push(alias);
    let junction = parents.and_then(|p| p.relation.junction.as_ref().map(|j| (p, j)));
    if let (Some((parents, junction)), Some(between)) = (junction, between) {
        sql.push(" JOIN ");
        view::rows(sql, &junction.table);
        sql.push(" ").push(between).push(" ON ");
        join_condition(
            sql,
            (between, &junction.table, &junction.to),
            (alias, table, &parents.relation.to),
        );
        sql.push(" AND ");
        scope::reach(sql, between, &junction.table, false);
        filter::and(sql, between, &junction.table, &junction.filter);
    }
    joins.write(sql, alias, table);
    sql.push(" WHERE ");
    scope::reach(sql, alias, table, select.with_deleted);
    if select.first_of.is_empty() {
        filter::and(sql, alias, table, &select.filter);
    }
    if let Some(parents) = parents {
        match_parents(sql, alias, table, parents, between);
    }
    if let Some(values) = select.page.as_ref().and_then(|page| page.after.as_ref()) {
        sql.push(" AND ");
        keyset::after(sql, alias, select, values);
    }
}

/// Writes a query for the first row of each group of equal values, in the list's order.
fn first_rows(sql: &mut Sql<'_>, select: &Select) {
    let (alias, table) = (sql.alias(), &*select.table);
    sql.push("(SELECT * FROM (SELECT ").push(&alias).push(".*, row_number() OVER (");
    for (position, expression) in select.first_of.iter().enumerate() {
        sql.push(if position == 0 { "PARTITION BY " } else { ", " });
        expression::write(sql, &alias, table, expression);
    }
    row_order(sql, &alias, select);
    // No column has such a name.
    sql.push(") AS \"(place)\" FROM ");
    view::rows(sql, table);
    sql.push(" ").push(&alias).push(" WHERE ");
    scope::reach(sql, &alias, table, select.with_deleted);
    filter::and(sql, &alias, table, &select.filter);
    sql.push(") AS placed WHERE \"(place)\" = 1)");
}

/// Keeps records of the given parents. With more than one column each is matched alone: the
/// superset is cut when records are dealt out to their parents.
pub(super) fn match_parents(
    sql: &mut Sql<'_>,
    alias: &str,
    table: &Table,
    parents: &Parents<'_>,
    between: Option<&str>,
) {
    let relation = parents.relation;
    for (position, values) in parents.matched.iter().zip(&parents.values) {
        sql.push(" AND ");
        let kind = match (&relation.junction, between) {
            (Some(junction), Some(between)) => {
                let index = junction.from[*position];
                sql.push_column(between, &junction.table, index);
                junction.table.meta.columns[index].kind.clone()
            }
            _ => {
                let index = relation.to[*position];
                sql.push_column(alias, table, index);
                table.meta.columns[index].kind.clone()
            }
        };
        sql.bind_in(&kind, values.clone());
    }
}

/// Whether the list shows groups instead of records. Aggregates of a spread to-one relation make
/// groups of the table that it is spread into.
pub(crate) fn is_grouped(select: &Select) -> bool {
    let aggregates = |o: &Output| match &o.value {
        OutputValue::Aggregate { .. } => true,
        OutputValue::Embed(embed) => {
            embed.spread && embed.relation.to_one && is_grouped(&embed.select)
        }
        _ => false,
    };
    select.group.is_some() || select.output.iter().any(aggregates)
}

/// What makes the groups: what the list says, else every value that it shows.
fn group_makers(select: &Select) -> Vec<&Expression> {
    if let Some(group) = &select.group {
        return group.iter().collect();
    }
    let mut makers = Vec::with_capacity(select.output.len());
    for output in &select.output {
        if let OutputValue::Expression(expression) = &output.value {
            makers.push(expression);
        }
    }
    makers
}

fn group_by(sql: &mut Sql<'_>, list: &List<'_>, mut between: Option<String>) {
    let List { alias, select, joins, parents } = *list;
    if !is_grouped(select) {
        return;
    }
    let mut written = 0;
    let mut separator = |sql: &mut Sql<'_>| {
        sql.push(if written == 0 { " GROUP BY " } else { ", " });
        written += 1;
    };
    if let Some(parents) = parents {
        for key in key_columns(sql, alias, select, parents, &mut between) {
            separator(sql);
            sql.push(&key);
        }
    }
    for expression in group_makers(select) {
        separator(sql);
        expression::write(sql, alias, &select.table, expression);
    }
    joins.group_by(sql, separator);
}

fn order_by(sql: &mut Sql<'_>, list: &List<'_>) {
    let List { alias, select, joins, .. } = *list;
    if !is_grouped(select) {
        return row_order(sql, alias, select);
    }
    // Groups are ordered by what makes them.
    let mut written = 0;
    let mut separator = |sql: &mut Sql<'_>| {
        sql.push(if written == 0 { " ORDER BY " } else { ", " });
        written += 1;
    };
    for term in &select.order {
        separator(sql);
        order_term(sql, alias, &select.table, term);
    }
    for expression in group_makers(select) {
        separator(sql);
        expression::write_collated(sql, alias, &select.table, expression);
        sql.push(" ASC NULLS LAST");
    }
    joins.order_by(sql, separator);
}

fn row_order(sql: &mut Sql<'_>, alias: &str, select: &Select) {
    let table = &*select.table;
    let mut written = 0;
    for term in &select.order {
        sql.push(if written == 0 { " ORDER BY " } else { ", " });
        written += 1;
        order_term(sql, alias, table, term);
    }
    for term in keyset::key_order(select) {
        sql.push(if written == 0 { " ORDER BY " } else { ", " });
        written += 1;
        order_term(sql, alias, table, &term);
    }
}

fn direction_sql(direction: Direction) -> &'static str {
    match direction {
        Direction::Ascending => " ASC",
        Direction::Descending => " DESC",
    }
}

fn order_term(sql: &mut Sql<'_>, alias: &str, table: &Table, term: &Order) {
    let nullable = match &term.by {
        OrderBy::Expression(expression) => {
            expression::write_collated(sql, alias, table, expression);
            keyset::is_nullable(table, expression)
        }
        OrderBy::Related { relation, table: other, expression, filter } => {
            let related = sql.alias();
            sql.push("(SELECT ");
            expression::write_collated(sql, &related, other, expression);
            sql.push(" FROM ");
            take::of_row(sql, relation, other, (alias, table));
            sql.push(" ").push(&related).push(" WHERE ");
            join_condition(sql, (&related, other, &relation.to), (alias, table, &relation.from));
            sql.push(" AND ");
            scope::reach(sql, &related, other, false);
            filter::and(sql, &related, other, filter);
            sql.push(")");
            expression::push_collation(sql, other, expression);
            true
        }
    };
    sql.push(direction_sql(term.direction));
    if nullable {
        sql.push(if term.nulls_first { " NULLS FIRST" } else { " NULLS LAST" });
    }
}

fn bounds(sql: &mut Sql<'_>, select: &Select) {
    if let Some(limit) = select.limit {
        sql.push(" LIMIT ");
        sql.bind(&Kind::BigInt, Value::Int(limit.cast_signed()));
    } else if select.offset > 0 && sql.dialect == Dialect::Sqlite {
        sql.push(" LIMIT -1");
    }
    if select.offset > 0 {
        sql.push(" OFFSET ");
        sql.bind(&Kind::BigInt, Value::Int(select.offset.cast_signed()));
    }
    if select.for_update && sql.dialect == Dialect::Postgres {
        sql.push(if select.skip_locked { " FOR UPDATE SKIP LOCKED" } else { " FOR UPDATE" });
    }
}

fn window_bounds(sql: &mut Sql<'_>, select: &Select) {
    sql.push(") AS ranked WHERE position > ");
    sql.bind(&Kind::BigInt, Value::Int(select.offset.cast_signed()));
    if let Some(limit) = select.limit {
        sql.push(" AND position <= ");
        let last = select.offset.saturating_add(limit);
        sql.bind(&Kind::BigInt, Value::Int(last.cast_signed()));
    }
    sql.push(" ORDER BY position");
}
