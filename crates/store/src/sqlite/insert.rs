//! New rows.

use super::error::{is_foreign_key, resolve};
use super::tables::Tables;
use super::{bind, foreign_key, upsert};
use crate::access::Access;
use crate::error::Result;
use crate::write::{Conflict, Insert, Outcome};
use mainstay_entity::{Record, Table};
use rusqlite::{CachedStatement, Connection};

/// Writes the rows of an insert and tells what became of each. An error may leave rows before
/// it written; the caller undoes them.
pub(super) fn apply(
    connection: &Connection,
    tables: &Tables,
    access: &Access,
    insert: &Insert,
) -> Result<Vec<Outcome>> {
    match &insert.conflict {
        Conflict::Fail => {
            plain(connection, tables, insert)?;
            Ok(vec![Outcome::Inserted; insert.rows.len()])
        }
        Conflict::Ignore { key } if key.is_empty() => {
            let text = format!("{} ON CONFLICT DO NOTHING", tables.text(&insert.table)?.insert);
            let mut writer = RowWriter::with_text(connection, tables, &insert.table, &text)?;
            let mut outcomes = Vec::with_capacity(insert.rows.len());
            for row in &insert.rows {
                let written = writer.write(row)?;
                outcomes.push(if written { Outcome::Inserted } else { Outcome::Ignored });
            }
            writer.finish()?;
            Ok(outcomes)
        }
        Conflict::Ignore { key } => upsert::ignore(connection, tables, insert, key),
        Conflict::Merge { key, set } => {
            upsert::merge(connection, tables, access, insert, (key, set))
        }
    }
}

/// Writes rows that conflict with nothing.
pub(super) fn plain(connection: &Connection, tables: &Tables, insert: &Insert) -> Result<()> {
    let mut writer = RowWriter::new(connection, tables, &insert.table)?;
    for row in &insert.rows {
        writer.write(row)?;
    }
    writer.finish()
}

/// Writes rows of one table with one prepared statement.
pub(super) struct RowWriter<'a> {
    connection: &'a Connection,
    tables: &'a Tables,
    table: &'a Table,
    statement: CachedStatement<'a>,
    deferred: Option<Deferred<'a>>,
}

impl<'a> RowWriter<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        tables: &'a Tables,
        table: &'a Table,
    ) -> Result<Self> {
        Self::with_text(connection, tables, table, &tables.text(table)?.insert)
    }

    fn with_text(
        connection: &'a Connection,
        tables: &'a Tables,
        table: &'a Table,
        text: &str,
    ) -> Result<Self> {
        let statement = connection.prepare_cached(text).map_err(|e| resolve(e, tables))?;
        Ok(Self { connection, tables, table, statement, deferred: None })
    }

    /// Writes a row; false if it was left out.
    pub(super) fn write(&mut self, row: &'a Record) -> Result<bool> {
        for (index, (column, value)) in self.table.meta.columns.iter().zip(&row.0).enumerate() {
            bind::column(&mut self.statement, index + 1, &column.kind, value)?;
        }
        let mut result = self.statement.raw_execute();
        if result.as_ref().is_err_and(|e| is_foreign_key(e) && self.may_refer_to_later_rows()) {
            self.deferred = Some(Deferred::begin(self.connection, self.tables)?);
            result = self.statement.raw_execute();
        }
        match result {
            Ok(written) => {
                if let Some(deferred) = &mut self.deferred {
                    deferred.rows.extend((written > 0).then_some(row));
                }
                Ok(written > 0)
            }
            Err(error) if is_foreign_key(&error) => {
                Err(foreign_key::of_row(self.connection, self.tables, self.table, row))
            }
            Err(error) => Err(resolve(error, self.tables)),
        }
    }

    fn may_refer_to_later_rows(&self) -> bool {
        self.deferred.is_none() && self.table.foreign_keys.iter().any(|k| k.target == self.table.id)
    }

    /// Checks what could not be checked row by row.
    pub(super) fn finish(self) -> Result<()> {
        let Some(deferred) = self.deferred else { return Ok(()) };
        for row in &deferred.rows {
            let missing =
                foreign_key::missing_target(self.connection, self.tables, self.table, row)?;
            if let Some(key) = missing {
                return Err(foreign_key::of_key(self.table, key));
            }
        }
        Ok(())
    }
}

/// While this lives, references are checked only in the end: rows of one insert may refer to
/// each other in any order, as in `PostgreSQL`.
struct Deferred<'a> {
    connection: &'a Connection,
    /// Rows written meanwhile.
    rows: Vec<&'a Record>,
}

impl<'a> Deferred<'a> {
    fn begin(connection: &'a Connection, tables: &Tables) -> Result<Self> {
        connection
            .pragma_update(None, "defer_foreign_keys", true)
            .map_err(|e| resolve(e, tables))?;
        Ok(Self { connection, rows: Vec::new() })
    }
}

impl Drop for Deferred<'_> {
    fn drop(&mut self) {
        // This also forgets what was violated meanwhile. Should it fail, then so does the
        // transaction's commit.
        let _ = self.connection.pragma_update(None, "defer_foreign_keys", false);
    }
}
