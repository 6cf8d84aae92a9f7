//! Expressions: columns, parts of JSON documents, casts.

use super::{Dialect, Sql, column, literal};
use crate::query::{Cast, Expression, JsonStep};
use mainstay_entity::{Kind, RangeKind, Table};

/// The kind of an expression's value.
pub(crate) fn kind_of(table: &Table, expression: &Expression) -> Kind {
    match expression.cast {
        Some(cast) => cast_kind(cast),
        None => source_kind(table, expression),
    }
}

fn source_kind(table: &Table, expression: &Expression) -> Kind {
    if expression.path.is_empty() {
        table.readable(expression.column).kind.clone()
    } else if expression.as_text {
        Kind::Text { max: None }
    } else {
        Kind::Json
    }
}

/// The kind that a cast gives. An unbounded `numeric` is printed from the engine's digits.
pub(crate) fn cast_kind(cast: Cast) -> Kind {
    match cast {
        Cast::Text | Cast::Name | Cast::Char => Kind::Text { max: None },
        Cast::SmallInt => Kind::SmallInt,
        Cast::Integer => Kind::Integer,
        Cast::BigInt => Kind::BigInt,
        Cast::Double => Kind::Double,
        Cast::Numeric => Kind::NUMERIC,
        Cast::Real => Kind::Real,
        Cast::Time => Kind::Time,
        Cast::Interval => Kind::Interval,
        Cast::Bytes => Kind::Bytes,
        Cast::Inet => Kind::Inet,
        Cast::Range(kind) => Kind::Range(kind),
        Cast::Boolean => Kind::Boolean,
        Cast::Timestamp | Cast::Hour | Cast::Day => Kind::Timestamp,
        Cast::Date => Kind::Date,
        Cast::Uuid => Kind::Uuid,
        Cast::Json => Kind::Json,
    }
}

fn cast_name(cast: Cast) -> &'static str {
    match cast {
        Cast::Text => "text",
        Cast::SmallInt => "int2",
        Cast::Integer => "int4",
        Cast::BigInt => "int8",
        Cast::Double => "float8",
        Cast::Numeric => "numeric",
        Cast::Boolean => "bool",
        Cast::Timestamp | Cast::Hour | Cast::Day => "timestamptz",
        Cast::Date => "date",
        Cast::Uuid => "uuid",
        Cast::Json => "jsonb",
        Cast::Real => "float4",
        Cast::Time => "time",
        Cast::Interval => "interval",
        Cast::Bytes => "bytea",
        Cast::Inet => "inet",
        Cast::Range(kind) => kind.name(),
        Cast::Name => "name",
        Cast::Char => "bpchar(1)",
    }
}

/// The collation by which `SQLite` orders the texts of a kind, where it is not that of text.
pub(crate) fn collation(kind: &Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Json => "ms_json",
        Kind::List(_) => "ms_list",
        Kind::Inet => "ms_inet",
        Kind::Interval => "ms_interval",
        Kind::Range(RangeKind::Integer) => "ms_int4range",
        Kind::Range(RangeKind::BigInt) => "ms_int8range",
        Kind::Range(RangeKind::Numeric) => "ms_numrange",
        Kind::Range(RangeKind::Date) => "ms_daterange",
        Kind::Range(RangeKind::Timestamp) => "ms_tstzrange",
        _ => return None,
    })
}

/// Writes an expression.
pub(super) fn write(sql: &mut Sql<'_>, alias: &str, table: &Table, expression: &Expression) {
    write_cast(sql, table, expression, |sql| write_source(sql, alias, table, expression));
}

/// Writes an expression whose value before its cast is written by `source`.
pub(super) fn write_cast(
    sql: &mut Sql<'_>,
    table: &Table,
    expression: &Expression,
    source: impl FnOnce(&mut Sql<'_>),
) {
    match expression.cast {
        Some(cast) => write_cast_of(sql, &source_kind(table, expression), cast, source),
        None => source(sql),
    }
}

/// Writes a cast of a value of some kind that is written by `source`.
pub(super) fn write_cast_of(
    sql: &mut Sql<'_>,
    kind: &Kind,
    cast: Cast,
    source: impl FnOnce(&mut Sql<'_>),
) {
    if let Some((name, micros)) = period(cast) {
        return write_period(sql, name, micros, source);
    }
    match sql.dialect {
        Dialect::Postgres => {
            sql.push("CAST(");
            source(sql);
            sql.push(" AS ").push(cast_name(cast)).push(")");
        }
        Dialect::Sqlite => {
            sql.push("ms_cast(");
            source(sql);
            let kind = literal(&kind.name());
            let target = if cast == Cast::Json { "json" } else { cast_name(cast) };
            sql.push(", ").push(&kind).push(&format!(", '{target}')"));
        }
    }
}

/// The period that an instant is cut to: its name and its length in microseconds.
fn period(cast: Cast) -> Option<(&'static str, i64)> {
    match cast {
        Cast::Hour => Some(("hour", HOUR)),
        Cast::Day => Some(("day", DAY)),
        _ => None,
    }
}

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;
/// Whole days that make every instant positive, so that a division rounds down.
const PAST: i64 = 5_000_000 * DAY;

fn write_period(sql: &mut Sql<'_>, name: &str, micros: i64, source: impl FnOnce(&mut Sql<'_>)) {
    match sql.dialect {
        Dialect::Postgres => {
            sql.push("date_trunc('").push(name).push("', ");
            source(sql);
            sql.push(", 'UTC')");
        }
        Dialect::Sqlite => {
            sql.push("((");
            source(sql);
            sql.push(&format!(" + {PAST}) / {micros} * {micros} - {PAST})"));
        }
    }
}

/// Whether some values can't be cast.
pub(super) fn can_fail(expression: &Expression) -> bool {
    let never = [Cast::Text, Cast::Name, Cast::Char, Cast::Hour, Cast::Day];
    expression.cast.is_some_and(|cast| !never.contains(&cast))
}

fn write_source(sql: &mut Sql<'_>, alias: &str, table: &Table, expression: &Expression) {
    if expression.path.is_empty() {
        sql.push_column(alias, table, expression.column);
        return;
    }
    let base = column(alias, table, expression.column);
    match sql.dialect {
        Dialect::Postgres => {
            sql.push("(").push(&base);
            let last = expression.path.len() - 1;
            for (position, step) in expression.path.iter().enumerate() {
                sql.push(if position == last && expression.as_text { "->>" } else { "->" });
                sql.push(&step_literal(step));
            }
            sql.push(")");
        }
        Dialect::Sqlite => {
            let function = if expression.as_text { "ms_json_text(" } else { "ms_json_get(" };
            sql.push(function).push(&base);
            for step in &expression.path {
                sql.push(", ").push(&step_literal(step));
            }
            sql.push(")");
        }
    }
}

fn step_literal(step: &JsonStep) -> String {
    match step {
        JsonStep::Key(key) => literal(key),
        JsonStep::Index(index) => index.to_string(),
    }
}

/// Writes an expression so that values that are equal and written otherwise compare equal.
pub(super) fn write_comparable(
    sql: &mut Sql<'_>,
    alias: &str,
    table: &Table,
    expression: &Expression,
) {
    write(sql, alias, table, expression);
    if !kind_of(table, expression).has_one_spelling() {
        push_collation(sql, table, expression);
    }
}

/// Writes an expression so that values are ordered alike on both engines: text by code point, and
/// what `SQLite` keeps as text of another kind as that kind is.
pub(super) fn write_collated(
    sql: &mut Sql<'_>,
    alias: &str,
    table: &Table,
    expression: &Expression,
) {
    write(sql, alias, table, expression);
    match sql.dialect {
        Dialect::Postgres => {
            let computed = expression.cast.is_some() || !expression.path.is_empty();
            if computed && kind_of(table, expression).is_textual() {
                sql.push(" COLLATE \"C\"");
            }
        }
        Dialect::Sqlite => push_collation(sql, table, expression),
    }
}

/// In which order `SQLite` has the values of an expression. A subquery in parentheses does not
/// pass on the order of what it selects: it is said behind it.
pub(super) fn push_collation(sql: &mut Sql<'_>, table: &Table, expression: &Expression) {
    if sql.dialect == Dialect::Sqlite
        && let Some(collation) = collation(&kind_of(table, expression))
    {
        sql.push(" COLLATE ").push(collation);
    }
}
