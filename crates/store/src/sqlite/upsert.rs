//! New rows whose key may exist. There is one writer, so that a look at the key decides.

use super::error::{is_foreign_key, resolve};
use super::insert::RowWriter;
use super::lookup::Lookup;
use super::tables::Tables;
use super::{bind, foreign_key};
use crate::access::Access;
use crate::error::{Error, ErrorKind, Result};
use crate::reach;
use crate::render::quote;
use crate::write::{Change, Insert, Outcome};
use mainstay_entity::{Record, Value};
use rusqlite::Connection;
use std::collections::HashSet;
use std::fmt::Write;

/// Writes the rows whose key does not exist.
pub(super) fn ignore(
    connection: &Connection,
    tables: &Tables,
    insert: &Insert,
    key: &[usize],
) -> Result<Vec<Outcome>> {
    let table = &*insert.table;
    let lookup = Lookup::new(connection, tables, table, key, Vec::new())?;
    let mut writer = RowWriter::new(connection, tables, insert)?;
    let mut outcomes = Vec::with_capacity(insert.rows.len());
    for row in &insert.rows {
        let exists = lookup.find(row)?.is_some();
        outcomes.push(if exists {
            Outcome::Ignored
        } else {
            writer.write(row)?;
            Outcome::Inserted
        });
    }
    writer.finish()?;
    Ok(outcomes)
}

/// Writes the rows whose key does not exist, and columns of the others into the existing rows.
pub(super) fn merge(
    connection: &Connection,
    tables: &Tables,
    access: &Access,
    insert: &Insert,
    (key, set): (&[usize], &[usize]),
) -> Result<Vec<Outcome>> {
    let table = &*insert.table;
    let kinds = table.meta.columns.iter().map(|c| c.kind.clone()).collect();
    let lookup = Lookup::new(connection, tables, table, key, kinds)?;
    let mut writer = RowWriter::new(connection, tables, insert)?;
    let mut written = HashSet::new();
    let mut outcomes = Vec::with_capacity(insert.rows.len());
    for row in &insert.rows {
        let existing = lookup.find(row)?;
        let new_key = written.insert(lookup.text_of(row));
        outcomes.push(match existing {
            None => {
                writer.write(row)?;
                Outcome::Inserted
            }
            Some(_) if !new_key => return Err(twice()),
            Some(old) => {
                // Else a key shared by all organisations would give another's row away.
                reach::check(access, table, &old)?;
                Outcome::Merged(lookup.overwrite(old, row, set)?)
            }
        });
    }
    writer.finish()?;
    Ok(outcomes)
}

/// Two rows of one insert with the same key: `PostgreSQL` refuses it, so does this.
fn twice() -> Error {
    let message = "ON CONFLICT DO UPDATE command cannot affect row a second time".to_owned();
    ErrorKind::Data { sqlstate: "21000".to_owned(), message }.into()
}

impl Lookup<'_> {
    /// The key of a row, as something that can be compared.
    fn text_of(&self, row: &Record) -> String {
        let values: Vec<&Value> = self.key.iter().map(|c| &row.0[*c]).collect();
        format!("{values:?}")
    }

    /// Writes columns of `row` into the existing row `old`, which has the same key.
    fn overwrite(&self, old: Record, row: &Record, set: &[usize]) -> Result<Change> {
        let mut new = old.clone();
        let mut sql = format!("UPDATE {} SET", self.tables.text(self.table)?.name);
        for (position, column) in set.iter().enumerate() {
            new.0[*column] = row.0[*column].clone();
            let before = if position == 0 { "" } else { "," };
            let name = quote(self.table.column_name(*column));
            // Writing to a `String` does not fail.
            let _ = write!(sql, "{before} {name} = ?{}", self.key.len() + position + 1);
        }
        if set.is_empty() {
            return Ok(Change { old, new });
        }
        self.push_where(&mut sql);
        let failed = |error| resolve(error, self.tables);
        let mut statement = self.connection.prepare_cached(&sql).map_err(failed)?;
        self.bind_key(&mut statement, row)?;
        for (position, column) in set.iter().enumerate() {
            let kind = &self.table.meta.columns[*column].kind;
            bind::column(&mut statement, self.key.len() + position + 1, kind, &row.0[*column])?;
        }
        match statement.raw_execute() {
            Ok(_) => Ok(Change { old, new }),
            Err(error) if is_foreign_key(&error) => {
                Err(foreign_key::of_row(self.connection, self.tables, self.table, &new))
            }
            Err(error) => Err(failed(error)),
        }
    }
}
