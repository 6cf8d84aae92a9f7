//! Views: what makes their rows, written where a table's name stands.
//!
//! Every table of a view has the caller's reach in its own condition, so that a view shows nothing
//! of a row that its table would not. The database has the same query under the view's name, for
//! other programs.

use super::{Dialect, Sql, quote, scope, table_name};
use crate::schema::value_literal;
use mainstay_entity::view::{
    Comparison, FirstRows, Function, JoinKind, Period, Place, Role, ViewCondition, ViewOperand,
    ViewPlan, ViewSource, ViewValue,
};
use mainstay_entity::{Direction, Kind, Table, Value};

/// Writes a table's name, or the query that makes a view's rows; an alias follows.
pub(crate) fn rows(sql: &mut Sql<'_>, table: &Table) {
    if let Some(plan) = &table.view {
        sql.push("(");
        query(sql, table, plan);
        sql.push(")");
    } else {
        let name = table_name(sql.dialect, table);
        sql.push(&name);
    }
}

/// Writes the query that makes a view's rows.
pub(crate) fn query(sql: &mut Sql<'_>, view: &Table, plan: &ViewPlan) {
    sql.push("SELECT ");
    for (position, shown) in plan.values.iter().enumerate() {
        sql.push(if position > 0 { ", " } else { "" });
        match *shown {
            ViewValue::Constant(index) => {
                constant(sql, &view.meta.columns[position].kind, &plan.constants[index]);
            }
            shown => value(sql, plan, shown),
        }
        sql.push(" AS ").push(&quote(view.column_name(position)));
    }
    for (position, source) in plan.sources.iter().enumerate() {
        let before = match source.role {
            Role::From => " FROM ",
            Role::Join(JoinKind::Left) => " LEFT JOIN ",
            Role::Join(JoinKind::Inner) => " JOIN ",
            Role::Join(JoinKind::Related) => continue,
        };
        sql.push(before);
        name(sql, source);
        if position > 0 {
            sql.push(" ON ");
            belongs(sql, plan, source);
        }
    }
    sql.push(" WHERE ");
    reached(sql, &plan.sources[0]);
    conditions(sql, plan, &plan.conditions);
    if plan.grouped {
        let makers = plan.values.iter().filter(|value| value.makes_groups());
        for (position, maker) in makers.enumerate() {
            sql.push(if position > 0 { ", " } else { " GROUP BY " });
            value(sql, plan, *maker);
        }
    }
    if let Some(first) = &plan.first {
        keep(sql, first);
    }
}

/// A value that is the same in every row, with its type: a bare text would have none.
pub(super) fn constant(sql: &mut Sql<'_>, kind: &Kind, value: &Value) {
    let literal = value_literal(sql.dialect, kind, value);
    match sql.dialect {
        Dialect::Sqlite => sql.push(&literal),
        Dialect::Postgres => {
            let name = if kind.is_textual() { "text".into() } else { kind.name() };
            sql.push("CAST(").push(&literal).push(" AS ").push(&name).push(")")
        }
    };
}

/// Keeps the first rows, nulls being larger than all values on both engines.
fn keep(sql: &mut Sql<'_>, first: &FirstRows) {
    for (place, (column, direction)) in first.order.iter().enumerate() {
        sql.push(if place > 0 { ", " } else { " ORDER BY " });
        sql.push(&(column + 1).to_string()).push(match direction {
            Direction::Ascending => " ASC NULLS LAST",
            Direction::Descending => " DESC NULLS FIRST",
        });
    }
    sql.push(" LIMIT ").push(&first.limit.to_string());
}

/// A table under its name in the view.
fn name(sql: &mut Sql<'_>, source: &ViewSource) {
    let table = table_name(sql.dialect, &source.table);
    sql.push(&table).push(" AS ").push(&quote(&source.name));
}

fn reached(sql: &mut Sql<'_>, source: &ViewSource) {
    scope::reach(sql, &quote(&source.name), &source.table, false);
}

/// Writes which rows of a joined table belong to a row.
fn belongs(sql: &mut Sql<'_>, plan: &ViewPlan, source: &ViewSource) {
    reached(sql, source);
    let from = &plan.sources[0];
    if let (Some(own), Some(theirs)) = (source.table.tenant_column(), from.table.tenant_column()) {
        sql.push(" AND ").push_column(&quote(&source.name), &source.table, own);
        sql.push(" = ").push_column(&quote(&from.name), &from.table, theirs);
    }
    conditions(sql, plan, &source.on);
}

fn conditions(sql: &mut Sql<'_>, plan: &ViewPlan, conditions: &[ViewCondition]) {
    for condition in conditions {
        sql.push(" AND ");
        column(sql, plan, condition.left);
        let operator = match (condition.comparison, &condition.right) {
            (Comparison::Equal, ViewOperand::Null) => " IS NULL",
            (_, ViewOperand::Null) => " IS NOT NULL",
            (Comparison::Equal, _) => " = ",
            (Comparison::NotEqual, _) => " <> ",
            (Comparison::Less, _) => " < ",
            (Comparison::AtMost, _) => " <= ",
            (Comparison::Greater, _) => " > ",
            (Comparison::AtLeast, _) => " >= ",
        };
        sql.push(operator);
        match &condition.right {
            ViewOperand::Null => {}
            ViewOperand::Column(place) => column(sql, plan, *place),
            ViewOperand::Ago(seconds) => ago(sql, *seconds),
            ViewOperand::Value(value) => {
                let kind = &plan.column(condition.left).kind;
                let literal = value_literal(sql.dialect, kind, value);
                sql.push(&literal);
            }
        }
    }
}

fn column(sql: &mut Sql<'_>, plan: &ViewPlan, place: Place) {
    let source = &plan.sources[place.source];
    sql.push_column(&quote(&source.name), &source.table, place.column);
}

/// An instant before the time of the request, or of the query where there is none.
fn ago(sql: &mut Sql<'_>, seconds: u32) {
    match (sql.access.now(), sql.dialect) {
        (Some(now), _) => {
            let instant = now.as_microsecond() - i64::from(seconds) * 1_000_000;
            sql.bind(&Kind::Timestamp, Value::Timestamp(instant));
        }
        (None, Dialect::Postgres) => {
            sql.push(&format!("(now() - interval '{seconds} seconds')"));
        }
        (None, Dialect::Sqlite) => {
            sql.push(&format!("CAST((unixepoch('subsec') - {seconds}) * 1000000 AS INTEGER)"));
        }
    }
}

fn value(sql: &mut Sql<'_>, plan: &ViewPlan, value: ViewValue) {
    match value {
        ViewValue::Column(place) => column(sql, plan, place),
        ViewValue::Begin(period, place) => begin(sql, plan, period, place),
        ViewValue::Rows => {
            sql.push("count(*)");
        }
        // Written with its column's kind, where that is known.
        ViewValue::Constant(_) => {}
        ViewValue::Aggregate(function, place) => aggregate(sql, plan, function, place),
        ViewValue::Related(function, place) => {
            let source = &plan.sources[place.source];
            sql.push("(SELECT ");
            aggregate(sql, plan, function, place);
            sql.push(" FROM ");
            name(sql, source);
            sql.push(" WHERE ");
            belongs(sql, plan, source);
            sql.push(")");
        }
    }
}

fn begin(sql: &mut Sql<'_>, plan: &ViewPlan, period: Period, place: Place) {
    match sql.dialect {
        Dialect::Postgres => {
            sql.push("date_trunc('").push(period.as_str()).push("', ");
            column(sql, plan, place);
            sql.push(", 'UTC')");
        }
        Dialect::Sqlite => {
            // The remainder of an instant before 1970 is negative.
            let micros = period.micros();
            sql.push("(");
            column(sql, plan, place);
            sql.push(" - ((");
            column(sql, plan, place);
            sql.push(&format!(" % {micros}) + {micros}) % {micros})"));
        }
    }
}

fn aggregate(sql: &mut Sql<'_>, plan: &ViewPlan, function: Function, place: Place) {
    let mut call = |before: &str, after: &str| {
        sql.push(before);
        column(sql, plan, place);
        sql.push(after);
    };
    match function {
        Function::Count => call("count(", ")"),
        Function::CountDistinct => call("count(DISTINCT ", ")"),
        Function::Min => call("min(", ")"),
        Function::Max => call("max(", ")"),
        Function::Sum => sum(sql, plan, place),
        Function::Avg => {
            sql.push("(");
            total(sql, plan, place);
            sql.push(" / count(");
            column(sql, plan, place);
            sql.push("))");
        }
    }
}

fn sum(sql: &mut Sql<'_>, plan: &ViewPlan, place: Place) {
    let kind = &plan.column(place).kind;
    if *kind == Kind::Double {
        return total(sql, plan, place);
    }
    sql.push("sum(");
    column(sql, plan, place);
    sql.push(")");
    match (sql.dialect, kind) {
        (Dialect::Sqlite, _) => {}
        (Dialect::Postgres, Kind::Decimal { scale, .. }) => {
            sql.push(&format!("::numeric(18,{scale})"));
        }
        (Dialect::Postgres, _) => {
            sql.push("::bigint");
        }
    }
}

/// The sum as a double. Doubles are added in the order of their size, one after the other, so that
/// both engines round alike in whichever order they find the rows; other numbers are summed
/// exactly.
fn total(sql: &mut Sql<'_>, plan: &ViewPlan, place: Place) {
    let kind = &plan.column(place).kind;
    if *kind == Kind::Double {
        sql.push(match sql.dialect {
            Dialect::Postgres => "sum(",
            Dialect::Sqlite => "ms_sum(",
        });
        column(sql, plan, place);
        sql.push(" ORDER BY ");
        column(sql, plan, place);
        sql.push(")");
        return;
    }
    let scale = if let Kind::Decimal { scale, .. } = kind { *scale } else { 0 };
    sql.push(match sql.dialect {
        Dialect::Postgres => "sum(",
        Dialect::Sqlite => "ms_total(",
    });
    column(sql, plan, place);
    match sql.dialect {
        Dialect::Postgres => sql.push(")::double precision"),
        Dialect::Sqlite => sql.push(&format!(", {scale})")),
    };
}
