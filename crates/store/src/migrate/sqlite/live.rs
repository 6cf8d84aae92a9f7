//! What a file really holds, read from `sqlite_master` and pragmas.

use super::super::live::differences;
use super::{fault, rows};
use crate::error::Result;
use crate::render::Dialect;
use crate::schema::{ColumnDefinition, Object, ObjectKind, objects};
use mainstay_entity::Catalog;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// How the live schema differs from the declared one, in lines that begin with `missing` or
/// `unexpected`; none if it does not. Tables and columns that were kept count as unexpected.
///
/// # Errors
/// When the database can't be read, or a declaration is wrong.
pub fn compare_live(connection: &mut Connection, catalog: &Catalog) -> Result<Vec<String>> {
    let declared = objects(Dialect::Sqlite, catalog, "")?;
    let mut tables = live_tables(connection)?;
    let mut live = BTreeSet::new();
    // A table of words is one thing.
    for words in declared.iter().filter(|object| object.kind == ObjectKind::Words) {
        if tables.remove(&words.name).is_some() {
            live.insert(constraint_line(words));
        }
    }
    for name in tables.keys() {
        live_columns(connection, name, &mut live)?;
    }
    let sql = "SELECT type, name, sql FROM sqlite_master \
               WHERE type IN ('index', 'trigger', 'view') AND sql IS NOT NULL \
               AND name NOT LIKE 'ms\\_recent\\_%' ESCAPE '\\'";
    let others: Vec<(String, String, String)> =
        rows(connection, sql, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    live.extend(others.into_iter().map(|(kind, name, sql)| format!("{kind} {name}: {sql}")));
    let mut expected = BTreeSet::new();
    for object in &declared {
        let table = object.table.flat();
        expected.insert(expected_line(object, tables.get(&table).map_or("", String::as_str)));
        if let Some(line) = present_constraint(object, tables.get(&table)) {
            live.insert(line);
        }
    }
    for (name, sql) in &tables {
        let own = declared.iter().filter(|o| o.kind.is_constraint() && o.table.flat() == *name);
        let (declared, live_count) = (own.count(), sql.matches("CONSTRAINT \"").count());
        if live_count > declared {
            live.insert(format!("{} constraints of {name}", live_count - declared));
        }
    }
    Ok(differences(&expected, &live))
}

/// Managed tables with the statements that made them.
fn live_tables(connection: &Connection) -> Result<BTreeMap<String, String>> {
    let sql = "SELECT name, sql FROM sqlite_master WHERE type = 'table' \
               AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
               AND name NOT LIKE 'ms\\_recent\\_%' ESCAPE '\\' \
               AND name NOT IN ('mainstay_schema_state', 'mainstay_schema_objects')";
    Ok(rows(connection, sql, |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
}

fn live_columns(connection: &Connection, table: &str, live: &mut BTreeSet<String>) -> Result<()> {
    let options: String = connection
        .query_row(
            "SELECT iif(strict, 'STRICT', '') || iif(wr, ', WITHOUT ROWID', '') \
             FROM pragma_table_list WHERE schema = 'main' AND name = ?1",
            [table],
            |row| row.get(0),
        )
        .map_err(fault)?;
    live.insert(format!("table {table}: {options}"));
    let mut statement = connection
        .prepare("SELECT name, type, \"notnull\" FROM pragma_table_info(?1)")
        .map_err(fault)?;
    let columns = statement
        .query_map([table], |row| {
            let (name, storage): (String, String) = (row.get(0)?, row.get(1)?);
            Ok(column_line(table, &name, &storage, row.get(2)?))
        })
        .map_err(fault)?;
    for column in columns {
        live.insert(column.map_err(fault)?);
    }
    Ok(())
}

fn column_line(table: &str, name: &str, storage: &str, not_null: bool) -> String {
    let null = if not_null { " NOT NULL" } else { "" };
    format!("column {table}.{name}: {storage}{null}")
}

/// The line of a declared object. Of a column the text must be found as it is declared, so that
/// its kind and default count too.
fn expected_line(object: &Object, table_sql: &str) -> String {
    let table = object.table.flat();
    let Object { kind, name, definition, .. } = object;
    match kind {
        ObjectKind::Table => format!("table {table}: {definition}"),
        ObjectKind::Column => {
            let column = ColumnDefinition::parse(definition);
            let storage = column.data_type.split(' ').next().unwrap_or_default();
            let line = column_line(&table, name, storage, column.not_null);
            if table_sql.is_empty() || table_sql.contains(&object.clause()) {
                line
            } else {
                format!("{line} as {definition}")
            }
        }
        ObjectKind::Index | ObjectKind::Trigger => {
            format!("{} {name}: {definition}", kind.as_str())
        }
        ObjectKind::View => format!("view {table}: {definition}"),
        _ => constraint_line(object),
    }
}

/// The line of a declared constraint, if the table was made with it.
fn present_constraint(object: &Object, table_sql: Option<&String>) -> Option<String> {
    let is_there = table_sql.is_some_and(|sql| sql.contains(&object.clause()));
    (object.kind.is_constraint() && is_there).then(|| constraint_line(object))
}

fn constraint_line(object: &Object) -> String {
    format!("{} {} of {}", object.kind.as_str(), object.name, object.table.flat())
}
