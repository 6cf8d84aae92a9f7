//! Which reference did not hold. `SQLite` says only that one did not, so the references are
//! tried one by one after a failure.

use super::bind;
use super::error::{fault, resolve, violation};
use super::tables::{Tables, push_where, unquote};
use crate::error::{Error, ErrorKind, Result, Violation};
use crate::render::quote;
use crate::statement::Statement;
use mainstay_entity::{ForeignKey, Record, Table, Value};
use rusqlite::Connection;
use std::fmt::Write;

/// The reference of a new row that has no target.
///
/// # Errors
/// When the targets can't be looked up.
pub(super) fn missing_target<'a>(
    connection: &Connection,
    tables: &Tables,
    table: &'a Table,
    row: &Record,
) -> Result<Option<&'a ForeignKey>> {
    for key in &table.foreign_keys {
        let values: Vec<&Value> = key.columns.iter().map(|c| &row.0[*c]).collect();
        if !values.iter().any(|v| v.is_null()) && !holds(connection, tables, table, key, row)? {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

fn holds(
    connection: &Connection,
    tables: &Tables,
    table: &Table,
    key: &ForeignKey,
    row: &Record,
) -> Result<bool> {
    let to_itself = key.target == table.id
        && key.columns.iter().zip(&key.target_columns).all(|(c, t)| row.0[*c] == row.0[*t]);
    if to_itself {
        return Ok(true);
    }
    let target = tables.target(key);
    let mut sql = format!("SELECT 1 FROM {}", tables.text(target)?.name);
    push_where(&mut sql, target, &key.target_columns, "=");
    let mut probe = connection.prepare_cached(&sql).map_err(fault)?;
    for (position, column) in key.columns.iter().enumerate() {
        let kind = &table.meta.columns[*column].kind;
        bind::column(&mut probe, position + 1, kind, &row.0[*column])?;
    }
    let found = probe.raw_query().next().map_err(fault)?.is_some();
    Ok(found)
}

/// The error for a new row of which some reference does not hold.
pub(super) fn of_row(
    connection: &Connection,
    tables: &Tables,
    table: &Table,
    row: &Record,
) -> Error {
    match missing_target(connection, tables, table, row) {
        Ok(Some(key)) => of_key(table, key),
        Ok(None) => of_table(table),
        Err(error) => error,
    }
}

pub(super) fn of_key(table: &Table, key: &ForeignKey) -> Error {
    ErrorKind::ForeignKey(violation(table, &key.name, &key.columns)).into()
}

fn of_table(table: &Table) -> Error {
    ErrorKind::ForeignKey(violation(table, "", &[])).into()
}

/// The error for a rendered UPDATE or DELETE after which some reference would not hold. Where
/// the reference is not found, such as behind a cascade, only the table is told.
pub(super) fn of_statement(
    connection: &Connection,
    tables: &Tables,
    statement: &Statement,
) -> Error {
    let Some(parts) = Parts::of(&statement.sql) else {
        return ErrorKind::ForeignKey(Violation::default()).into();
    };
    let Some(table) = tables.by_name(&unquote(parts.table)) else {
        return ErrorKind::ForeignKey(Violation::default()).into();
    };
    let found = match parts.set {
        Some(set) => broken_by_update(connection, tables, table, &parts, set, statement),
        None => broken_by_delete(connection, tables, table, &parts, statement),
    };
    match found {
        Ok(Some(error)) | Err(error) => error,
        Ok(None) => of_table(table),
    }
}

/// `UPDATE table AS t SET set WHERE condition` or `DELETE FROM table AS t WHERE condition`, as
/// [`crate::render::change`] writes them.
struct Parts<'a> {
    table: &'a str,
    set: Option<&'a str>,
    condition: &'a str,
}

impl<'a> Parts<'a> {
    fn of(sql: &'a str) -> Option<Self> {
        let (head, condition) = sql.split_once(" WHERE ")?;
        if let Some(rest) = head.strip_prefix("UPDATE ") {
            let (table, set) = rest.split_once(" AS t SET ")?;
            return Some(Self { table, set: Some(set), condition });
        }
        let table = head.strip_prefix("DELETE FROM ")?.strip_suffix(" AS t")?;
        Some(Self { table, set: None, condition })
    }
}

/// The rows that refer to rows about to be removed.
fn broken_by_delete(
    connection: &Connection,
    tables: &Tables,
    table: &Table,
    parts: &Parts<'_>,
    statement: &Statement,
) -> Result<Option<Error>> {
    for (source, key) in tables.referring(table) {
        let sql = referring(tables, table, parts, (source, key))?;
        if key.on_delete == mainstay_entity::OnDelete::Restrict
            && finds(connection, tables, &sql, statement)?
        {
            return Ok(Some(of_key(source, key)));
        }
    }
    Ok(None)
}

/// Whether rows refer to those of a statement by a key.
fn referring(
    tables: &Tables,
    table: &Table,
    parts: &Parts<'_>,
    (source, key): (&Table, &ForeignKey),
) -> Result<String> {
    let mut sql = format!(
        "SELECT 1 FROM {} AS t, {} AS s WHERE {}",
        parts.table,
        tables.text(source)?.name,
        parts.condition
    );
    for (from, to) in key.columns.iter().zip(&key.target_columns) {
        let (from, to) = (quote(source.column_name(*from)), quote(table.column_name(*to)));
        // Writing to a `String` does not fail.
        let _ = write!(sql, " AND s.{from} = t.{to}");
    }
    Ok(sql)
}

/// The references that rows would have after an update, and that have no target; or those to keys
/// that it changes.
fn broken_by_update(
    connection: &Connection,
    tables: &Tables,
    table: &Table,
    parts: &Parts<'_>,
    set: &str,
    statement: &Statement,
) -> Result<Option<Error>> {
    for key in &table.foreign_keys {
        let new: Vec<String> = key.columns.iter().map(|c| new_value(table, *c, set)).collect();
        if new.iter().all(|value| value.starts_with("t.")) {
            continue;
        }
        let target = tables.target(key);
        let mut sql = format!("SELECT 1 FROM {} AS t WHERE {}", parts.table, parts.condition);
        let mut found = format!("SELECT 1 FROM {} AS o WHERE TRUE", tables.text(target)?.name);
        for (value, to) in new.iter().zip(&key.target_columns) {
            let _ = write!(sql, " AND {value} IS NOT NULL");
            let _ = write!(found, " AND o.{} = {value}", quote(target.column_name(*to)));
        }
        let _ = write!(sql, " AND NOT EXISTS ({found})");
        if finds(connection, tables, &sql, statement)? {
            return Ok(Some(of_key(table, key)));
        }
    }
    for (source, key) in tables.referring(table) {
        let new = key.target_columns.iter().map(|c| (new_value(table, *c, set), c));
        let same: Vec<String> = new
            .filter(|(value, _)| !value.starts_with("t."))
            .map(|(value, c)| format!("t.{} = {value}", quote(table.column_name(*c))))
            .collect();
        if same.is_empty() {
            continue;
        }
        let mut sql = referring(tables, table, parts, (source, key))?;
        let _ = write!(sql, " AND NOT ({})", same.join(" AND "));
        if finds(connection, tables, &sql, statement)? {
            return Ok(Some(of_key(source, key)));
        }
    }
    Ok(None)
}

/// What a column holds after an update: its parameter, or what it held.
fn new_value(table: &Table, column: usize, set: &str) -> String {
    let name = quote(table.column_name(column));
    let assigned = set.split(", ").find_map(|a| a.strip_prefix(&name)?.strip_prefix(" = "));
    assigned.map_or_else(|| format!("t.{name}"), str::to_owned)
}

fn finds(
    connection: &Connection,
    tables: &Tables,
    sql: &str,
    statement: &Statement,
) -> Result<bool> {
    let mut probe = connection.prepare(sql).map_err(|e| resolve(e, tables))?;
    bind::params(&mut probe, &statement.params)?;
    let found = probe.raw_query().next().map_err(|e| resolve(e, tables))?.is_some();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::Parts;

    #[test]
    fn changes_are_taken_apart() {
        let update = r#"UPDATE "a" AS t SET "b" = ?1, "c" = ?2 WHERE TRUE AND t."id" = ?3"#;
        let parts = Parts::of(update).unwrap();
        assert_eq!((parts.table, parts.set), (r#""a""#, Some(r#""b" = ?1, "c" = ?2"#)));
        assert_eq!(parts.condition, r#"TRUE AND t."id" = ?3"#);
        let delete = r#"DELETE FROM "a" AS t WHERE t."id" = ?1"#;
        let parts = Parts::of(delete).unwrap();
        assert_eq!((parts.table, parts.set), (r#""a""#, None));
    }
}
