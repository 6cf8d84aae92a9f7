//! Lists: one statement for the records of one table, whole or related to given parents.

use super::expression::{self, cast_kind, kind_of};
use super::filter::{self, join_condition};
use super::{Dialect, Sql, column, scope, view};
use crate::access::Access;
use crate::query::{Aggregate, Cast, Expression, Order, OrderBy, OutputValue, Relation, Select};
use crate::statement::Statement;
use mainstay_entity::{Direction, Kind, Table, Value};

/// One column of a result.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// A column or something computed from one.
    Expression(Expression),
    /// A value over a group.
    Aggregate(Aggregate, Option<Expression>, Option<Cast>),
}

impl Item {
    /// The kind of its values.
    pub(crate) fn kind(&self, table: &Table) -> Kind {
        match self {
            Self::Expression(expression) => kind_of(table, expression),
            Self::Aggregate(_, _, Some(cast)) => cast_kind(*cast),
            Self::Aggregate(Aggregate::Count, _, None) => Kind::BigInt,
            Self::Aggregate(function, argument, None) => {
                let kind = argument.as_ref().map_or(Kind::BigInt, |a| kind_of(table, a));
                match (function, kind) {
                    (Aggregate::Sum, Kind::SmallInt | Kind::Integer) => Kind::BigInt,
                    (Aggregate::Avg, kind) if kind != Kind::Double => {
                        Kind::Decimal { precision: 0, scale: 0 }
                    }
                    (_, kind) => kind,
                }
            }
        }
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
    let is_late = |item: &Item| matches!(item, Item::Expression(e) if expression::can_fail(e));
    if is_grouped(select) || !items.iter().any(is_late) {
        rows(&mut sql, select, items, parents, false);
        return sql.finish();
    }
    sql.push("SELECT ");
    let keys = parents.map_or(0, |p| p.matched.len());
    let mut early = items.to_vec();
    for position in 1..=keys + items.len() {
        if position > 1 {
            sql.push(", ");
        }
        let value = |sql: &mut Sql<'_>| {
            sql.push(&format!("c{position}"));
        };
        match position.checked_sub(keys + 1).map(|item| &mut early[item]) {
            Some(Item::Expression(expression)) if expression::can_fail(expression) => {
                expression::write_cast(&mut sql, &select.table, expression, value);
                expression.cast = None;
            }
            _ => value(&mut sql),
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
    let between = columns(sql, &alias, select, items, parents, (limited || inner, limited));
    from_where(sql, &alias, select, parents, between.as_deref());
    group_by(sql, &alias, select, items);
    match parents {
        Some(_) if limited => {
            window_bounds(sql, select);
            if inner && keys > 0 {
                sql.push(", ").push(&names(keys));
            }
        }
        _ => order_by(sql, &alias, select),
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
    items: &[Item],
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
    from_where(&mut sql, &alias, select, None, None);
    if grouped {
        group_by(&mut sql, &alias, select, items);
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

/// Writes `SELECT …`, with names of the columns and positions among their parents where asked, and
/// gives the junction's alias, when there is one.
fn columns(
    sql: &mut Sql<'_>,
    alias: &str,
    select: &Select,
    items: &[Item],
    parents: Option<&Parents<'_>>,
    (named, limited): (bool, bool),
) -> Option<String> {
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
        self::item(sql, alias, &select.table, item);
        name_column(sql, written, named);
    }
    if written == 0 {
        sql.push("1");
    }
    if limited && let Some(parents) = parents {
        let keys = key_columns(sql, alias, select, parents, &mut between);
        sql.push(", row_number() OVER (PARTITION BY ").push(&keys.join(", "));
        order_by(sql, alias, select);
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

fn item(sql: &mut Sql<'_>, alias: &str, table: &Table, item: &Item) {
    match item {
        Item::Expression(expression) => expression::write(sql, alias, table, expression),
        Item::Aggregate(function, argument, cast) => {
            // A cast of the result is the same name on both engines for the kinds that are
            // accepted here.
            if cast.is_some() {
                sql.push("CAST(");
            }
            sql.push(match function {
                Aggregate::Count => "count(",
                Aggregate::Sum => "sum(",
                Aggregate::Avg => "avg(",
                Aggregate::Max => "max(",
                Aggregate::Min => "min(",
            });
            match argument {
                Some(argument) => expression::write_collated(sql, alias, table, argument),
                None => {
                    sql.push("*");
                }
            }
            sql.push(")");
            if let Some(cast) = cast {
                sql.push(" AS ").push(aggregate_cast(*cast)).push(")");
            } else if sql.dialect == Dialect::Postgres && *function == Aggregate::Sum {
                // PostgreSQL widens the sum of bigints to numeric; the model's kind is bigint.
                let kind = argument.as_ref().map(|a| kind_of(table, a));
                if kind == Some(Kind::BigInt) {
                    sql.push("::bigint");
                }
            }
        }
    }
}

fn aggregate_cast(cast: Cast) -> &'static str {
    match cast {
        Cast::SmallInt => "smallint",
        Cast::Integer => "integer",
        Cast::BigInt => "bigint",
        Cast::Double => "double precision",
        _ => "text",
    }
}

fn from_where(
    sql: &mut Sql<'_>,
    alias: &str,
    select: &Select,
    parents: Option<&Parents<'_>>,
    between: Option<&str>,
) {
    let table = &*select.table;
    sql.push(" FROM ");
    view::rows(sql, table);
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
    sql.push(" WHERE ");
    scope::reach(sql, alias, table, select.with_deleted);
    filter::and(sql, alias, table, &select.filter);
    if let Some(parents) = parents {
        match_parents(sql, alias, table, parents, between);
    }
}

/// Keeps records of the given parents. With more than one column each is matched alone: the
/// superset is cut when records are dealt out to their parents.
fn match_parents(
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

/// Whether the list shows groups instead of records.
pub(crate) fn is_grouped(select: &Select) -> bool {
    select.output.iter().any(|o| matches!(o.value, OutputValue::Aggregate { .. }))
}

fn group_by(sql: &mut Sql<'_>, alias: &str, select: &Select, items: &[Item]) {
    if !is_grouped(select) {
        return;
    }
    let mut written = 0;
    for item in items {
        let Item::Expression(expression) = item else {
            continue;
        };
        sql.push(if written == 0 { " GROUP BY " } else { ", " });
        written += 1;
        expression::write(sql, alias, &select.table, expression);
    }
}

fn order_by(sql: &mut Sql<'_>, alias: &str, select: &Select) {
    let table = &*select.table;
    let mut written = 0;
    for term in &select.order {
        sql.push(if written == 0 { " ORDER BY " } else { ", " });
        written += 1;
        order_term(sql, alias, table, term);
    }
    // The key ends every order, so that it is total and equal on both engines. It runs in the
    // direction of the last term, so that one index can serve both.
    let direction = select.order.last().map_or(Direction::Ascending, |o| o.direction);
    if is_grouped(select) {
        group_order(sql, alias, select, &mut written);
        return;
    }
    for index in table.row_key() {
        if select.order.iter().any(|o| is_column(o, index)) {
            continue;
        }
        sql.push(if written == 0 { " ORDER BY " } else { ", " });
        written += 1;
        sql.push_column(alias, table, index).push(direction_sql(direction));
        // The key of a view may hold nulls.
        if table.meta.columns[index].nullable {
            sql.push(match direction {
                Direction::Ascending => " NULLS LAST",
                Direction::Descending => " NULLS FIRST",
            });
        }
    }
}

/// Groups are ordered by what makes them.
fn group_order(sql: &mut Sql<'_>, alias: &str, select: &Select, written: &mut usize) {
    for output in &select.output {
        let OutputValue::Expression(expression) = &output.value else {
            continue;
        };
        sql.push(if *written == 0 { " ORDER BY " } else { ", " });
        *written += 1;
        expression::write_collated(sql, alias, &select.table, expression);
        sql.push(" ASC NULLS LAST");
    }
}

fn is_column(term: &Order, index: usize) -> bool {
    matches!(&term.by, OrderBy::Expression(e) if *e == Expression::column(index))
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
            table.meta.columns[expression.column].nullable || !expression.path.is_empty()
        }
        OrderBy::Related { relation, table: other, expression, filter } => {
            let related = sql.alias();
            sql.push("(SELECT ");
            expression::write_collated(sql, &related, other, expression);
            sql.push(" FROM ");
            view::rows(sql, other);
            sql.push(" ").push(&related).push(" WHERE ");
            join_condition(sql, (&related, other, &relation.to), (alias, table, &relation.from));
            sql.push(" AND ");
            scope::reach(sql, &related, other, false);
            filter::and(sql, &related, other, filter);
            sql.push(")");
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
