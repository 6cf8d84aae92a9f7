//! The catalog of a `SQLite` file: pragmas, and for what they don't tell the statements that made
//! the tables.

mod statement;

use super::{Action, Column, Index, Part, Reference, Schema, Table, View};
use crate::error::{Error, ErrorKind, Result};
use rusqlite::{Connection, OpenFlags, Row};
use std::path::Path;

const RELATIONS: &str = "
SELECT s.name, s.type, coalesce(s.sql, '')
FROM sqlite_master s JOIN pragma_table_list l ON l.schema = 'main' AND l.name = s.name
WHERE s.type IN ('table', 'view') AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    AND l.type <> 'shadow'
ORDER BY s.name";

pub(super) fn read(file: &Path) -> Result<Schema> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(fault)?;
    let mut schema = Schema::default();
    let relations: Vec<(String, String, String)> =
        rows(&connection, RELATIONS, &[], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for (name, kind, sql) in relations {
        let is_virtual = sql.trim_start().to_ascii_uppercase().starts_with("CREATE VIRTUAL");
        if kind == "view" {
            schema.views.push(View { name, what: "view", query: Some(sql) });
        } else if is_virtual {
            schema.views.push(View { name, what: "virtual table", query: Some(sql) });
        } else {
            schema.tables.push(table(&connection, name, &sql)?);
        }
    }
    Ok(schema)
}

fn table(connection: &Connection, name: String, sql: &str) -> Result<Table> {
    let mut table = Table { name, ..Table::default() };
    columns(connection, &mut table)?;
    number(connection, &mut table)?;
    let named = statement::add(&mut table, sql);
    references(connection, &mut table)?;
    // The engine lists references in the order of the statement.
    for (reference, said) in table.references.iter_mut().zip(named) {
        reference.name = said.name;
        reference.deferrable = said.deferrable;
    }
    indexes(connection, &mut table)?;
    table.others = rows(
        connection,
        "SELECT 'trigger ' || name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?1 \
         ORDER BY name",
        &[&table.name],
        |row| row.get(0),
    )?;
    Ok(table)
}

fn columns(connection: &Connection, table: &mut Table) -> Result<()> {
    let sql = "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?1) \
               WHERE hidden <> 1 ORDER BY cid";
    let mut key = Vec::new();
    let found = rows(connection, sql, &[&table.name], |row| {
        let hidden: i64 = row.get(5)?;
        let column = Column {
            name: row.get(0)?,
            data_type: row.get(1)?,
            nullable: !row.get::<_, bool>(2)?,
            default: row.get(3)?,
            // The expression is in the table's statement alone.
            generated: (hidden > 1).then(String::new),
            ..Column::default()
        };
        Ok((column, row.get::<_, i64>(4)?))
    })?;
    for (mut column, place) in found {
        if place > 0 {
            key.push((place, column.name.clone()));
            column.nullable = false;
        }
        table.columns.push(column);
    }
    key.sort_unstable();
    table.primary_key = key.into_iter().map(|(_, name)| name).collect();
    Ok(())
}

/// An `INTEGER PRIMARY KEY` is the rowid, which the engine gives.
fn number(connection: &Connection, table: &mut Table) -> Result<()> {
    let [key] = table.primary_key.as_slice() else {
        return Ok(());
    };
    let sql = "SELECT count(*) FROM pragma_index_list(?1) WHERE origin = 'pk'";
    let has_index: i64 =
        connection.query_row(sql, [&table.name], |row| row.get(0)).map_err(fault)?;
    if has_index > 0 {
        return Ok(());
    }
    let sql = "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?1";
    let apart: bool = connection.query_row(sql, [&table.name], |row| row.get(0)).map_err(fault)?;
    let column = table.columns.iter_mut().find(|column| column.name == *key);
    if let Some(column) = column.filter(|_| !apart) {
        column.identity = true;
    }
    Ok(())
}

fn references(connection: &Connection, table: &mut Table) -> Result<()> {
    let sql = "SELECT id, \"table\", \"from\", \"to\", on_delete, on_update \
               FROM pragma_foreign_key_list(?1) ORDER BY id DESC, seq";
    let mut last = None;
    let found: Vec<(i64, Reference)> = rows(connection, sql, &[&table.name], |row| {
        let to: Option<String> = row.get(3)?;
        let reference = Reference {
            name: String::new(),
            columns: vec![row.get(2)?],
            schema: String::new(),
            table: row.get(1)?,
            to: to.into_iter().collect(),
            on_delete: action(&row.get::<_, String>(4)?),
            on_update: action(&row.get::<_, String>(5)?),
            deferrable: false,
        };
        Ok((row.get(0)?, reference))
    })?;
    for (id, part) in found {
        match table.references.last_mut().filter(|_| last == Some(id)) {
            Some(reference) => {
                reference.columns.extend(part.columns);
                reference.to.extend(part.to);
            }
            None => table.references.push(part),
        }
        last = Some(id);
    }
    // Without columns the target's primary key is meant.
    for reference in table.references.iter_mut().filter(|reference| reference.to.is_empty()) {
        let sql = "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk";
        reference.to = rows(connection, sql, &[&reference.table], |row| row.get(0))?;
    }
    Ok(())
}

fn action(text: &str) -> Action {
    match text {
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::Refuse,
    }
}

fn indexes(connection: &Connection, table: &mut Table) -> Result<()> {
    let sql = "SELECT l.name, l.\"unique\", l.origin, l.partial, coalesce(s.sql, '') \
               FROM pragma_index_list(?1) l JOIN sqlite_master s ON s.name = l.name \
               WHERE l.origin <> 'pk' ORDER BY l.name";
    let found: Vec<(Index, String, String)> = rows(connection, sql, &[&table.name], |row| {
        let index = Index {
            name: row.get(0)?,
            method: "btree".to_owned(),
            unique: row.get(1)?,
            ..Index::default()
        };
        Ok((index, row.get(2)?, row.get(4)?))
    })?;
    for (mut index, origin, sql) in found {
        let parts =
            "SELECT cid, name, \"desc\" FROM pragma_index_xinfo(?1) WHERE key ORDER BY seqno";
        index.parts = rows(connection, parts, &[&index.name], part)?;
        let expressions = statement::index_parts(&sql);
        for (place, part) in index.parts.iter_mut().enumerate().filter(|(_, p)| p.is_expression) {
            part.text = expressions.get(place).cloned().unwrap_or_default();
        }
        index.filter = statement::index_filter(&sql);
        if origin == "u" {
            table.uniques.push(index);
        } else {
            table.indexes.push(index);
        }
    }
    Ok(())
}

fn part(row: &Row<'_>) -> rusqlite::Result<Part> {
    let name: Option<String> = row.get(1)?;
    Ok(Part {
        is_expression: name.is_none(),
        text: name.unwrap_or_default(),
        descending: row.get(2)?,
        is_included: false,
    })
}

fn rows<T>(
    connection: &Connection,
    sql: &str,
    parameters: &[&str],
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare(sql).map_err(fault)?;
    let found = statement.query_map(rusqlite::params_from_iter(parameters), read).map_err(fault)?;
    found.collect::<rusqlite::Result<_>>().map_err(fault)
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over like this")]
fn fault(error: rusqlite::Error) -> Error {
    Error::new(ErrorKind::Refused(format!("the file can't be read: {error}")))
}
