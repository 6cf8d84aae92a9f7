//! Running rendered statements on a connection.

use super::error::{is_foreign_key, resolve};
use super::row::{SqliteRow, record};
use super::tables::Tables;
use super::{bind, foreign_key};
use crate::assemble::{Assembly, Reading};
use crate::error::Result;
use crate::statement::Statement;
use mainstay_entity::{Kind, Record};
use rusqlite::Connection;

/// Runs the statements of an assembly. The caller sees to it that they share a snapshot.
pub(super) fn read(
    connection: &Connection,
    tables: &Tables,
    mut assembly: Assembly,
) -> Result<Reading> {
    let failed = |error| resolve(error, tables);
    while let Some(text) = assembly.next() {
        let mut statement = connection.prepare_cached(&text.sql).map_err(failed)?;
        bind::params(&mut statement, &text.params)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(failed)? {
            if assembly.row(&SqliteRow(row))?.is_break() {
                return Ok(assembly.outgrown());
            }
        }
    }
    Ok(assembly.finish())
}

/// The rows of a statement as values of the given kinds.
pub(super) fn fetch(
    connection: &Connection,
    tables: &Tables,
    text: &Statement,
    kinds: &[Kind],
) -> Result<Vec<Record>> {
    let failed = |error| resolve(error, tables);
    let mut statement = connection.prepare_cached(&text.sql).map_err(failed)?;
    bind::params(&mut statement, &text.params)?;
    let mut rows = statement.raw_query();
    let mut records = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        records.push(record(row, kinds)?);
    }
    Ok(records)
}

/// Runs a change and tells how many rows it touched, not counting those behind references.
pub(super) fn execute(connection: &Connection, tables: &Tables, text: &Statement) -> Result<u64> {
    let mut statement =
        connection.prepare_cached(&text.sql).map_err(|error| resolve(error, tables))?;
    bind::params(&mut statement, &text.params)?;
    match statement.raw_execute() {
        Ok(touched) => Ok(touched as u64),
        Err(error) if is_foreign_key(&error) => {
            drop(statement);
            Err(foreign_key::of_statement(connection, tables, text))
        }
        Err(error) => Err(resolve(error, tables)),
    }
}
