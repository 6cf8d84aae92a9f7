//! New rows.

use super::error::{is_foreign_key, resolve, violation};
use super::lookup::Lookup;
use super::recent::Recent;
use super::tables::Tables;
use super::words::WordWriter;
use super::{bind, foreign_key, upsert};
use crate::access::Access;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{identifier, primary_key_name};
use crate::write::{Conflict, Insert, Outcome};
use mainstay_entity::{Record, Table};
use rusqlite::{CachedStatement, Connection};
use uuid::Uuid;

/// Writes the rows of an insert and tells what became of each. An error may leave rows before
/// it written; the caller undoes them.
pub(super) fn apply(
    connection: &Connection,
    tables: &Tables,
    recent: &Recent,
    access: &Access,
    insert: &Insert,
) -> Result<Vec<Outcome>> {
    match &insert.conflict {
        Conflict::Fail | Conflict::Never => {
            plain(connection, tables, recent, insert)?;
            Ok(vec![Outcome::Inserted; insert.rows.len()])
        }
        Conflict::Ignore { key } if key.is_empty() => {
            let text = format!("{} ON CONFLICT DO NOTHING", tables.text(&insert.table)?.insert);
            let mut writer = RowWriter::with_text(connection, tables, insert, &text)?;
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

/// Whether the rows may conflict with recent ones or refer to them.
pub(super) fn needs_settled(recent: &Recent, insert: &Insert, tenant: Option<Uuid>) -> bool {
    insert.conflict != Conflict::Never && recent.concerns_insert(&insert.table, tenant)
}

/// The organisation of all rows, if there is one.
pub(super) fn tenant_of(insert: &Insert) -> Option<Uuid> {
    let column = insert.table.tenant_column()?;
    let mut tenants = insert.rows.iter().map(|row| row.0[column].as_uuid());
    let first = tenants.next()??;
    tenants.all(|tenant| tenant == Some(first)).then_some(first)
}

/// Writes rows that conflict with nothing. Those that never do may wait to be indexed.
pub(super) fn plain(
    connection: &Connection,
    tables: &Tables,
    recent: &Recent,
    insert: &Insert,
) -> Result<()> {
    let waits = match insert.conflict {
        Conflict::Never => recent.insert(&insert.table),
        _ => None,
    };
    let mut writer = match waits {
        Some(text) => {
            recent.note(&insert.table, &insert.rows);
            RowWriter::with_text(connection, tables, insert, text)?
        }
        None => RowWriter::new(connection, tables, insert)?,
    };
    for row in &insert.rows {
        writer.write(row)?;
    }
    writer.finish()
}

/// Writes the rows of one insert with one prepared statement.
pub(super) struct RowWriter<'a> {
    connection: &'a Connection,
    tables: &'a Tables,
    table: &'a Table,
    statement: CachedStatement<'a>,
    /// Writes the words of the rows, where they come with them.
    words: Option<WordWriter<'a>>,
    /// Whether a row may refer to one that comes later.
    may_refer_ahead: bool,
    deferred: Option<Deferred<'a>>,
}

impl<'a> RowWriter<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        tables: &'a Tables,
        insert: &'a Insert,
    ) -> Result<Self> {
        Self::with_text(connection, tables, insert, &tables.text(&insert.table)?.insert)
    }

    fn with_text(
        connection: &'a Connection,
        tables: &'a Tables,
        insert: &'a Insert,
        text: &str,
    ) -> Result<Self> {
        let table = &*insert.table;
        let statement = connection.prepare_cached(text).map_err(|e| resolve(e, tables))?;
        let may_refer_ahead =
            insert.rows.len() > 1 && table.foreign_keys.iter().any(|key| key.target == table.id);
        let words = if table.meta.search_later {
            None
        } else {
            WordWriter::new(connection, tables, table)?
        };
        Ok(Self { connection, tables, table, statement, words, may_refer_ahead, deferred: None })
    }

    /// Writes a row; false if it was left out.
    pub(super) fn write(&mut self, row: &'a Record) -> Result<bool> {
        for (index, (column, value)) in self.table.meta.columns.iter().zip(&row.0).enumerate() {
            bind::column(&mut self.statement, index + 1, &column.kind, value)?;
        }
        let mut result = self.statement.raw_execute();
        if result.as_ref().is_err_and(|e| is_foreign_key(e) && self.may_refer_ahead) {
            self.may_refer_ahead = false;
            self.deferred = Some(Deferred::begin(self.connection, self.tables)?);
            result = self.statement.raw_execute();
        }
        match result {
            Ok(written) => {
                if let Some(deferred) = &mut self.deferred {
                    deferred.rows.extend((written > 0).then_some(row));
                }
                if let Some(words) = self.words.as_mut().filter(|_| written > 0) {
                    words.write(row)?;
                }
                Ok(written > 0)
            }
            Err(error) if is_foreign_key(&error) => {
                Err(foreign_key::of_row(self.connection, self.tables, self.table, row))
            }
            Err(error) => Err(self.first_key(resolve(error, self.tables), row)),
        }
    }

    /// Of several keys that exist already the first is told, as `PostgreSQL` does; `SQLite` tells
    /// the last.
    fn first_key(&self, error: Error, row: &Record) -> Error {
        let ErrorKind::Unique(told) = error.kind() else {
            return error;
        };
        let table = self.table;
        let own = (primary_key_name(table), &table.primary_key);
        let others = table.uniques.iter().filter(|unique| unique.filter.is_none());
        let keys = std::iter::once(own).chain(others.map(|u| (identifier(&u.name), &u.columns)));
        for (name, columns) in keys.take_while(|(name, _)| *name != told.constraint) {
            let exists = Lookup::new(self.connection, self.tables, table, columns, Vec::new())
                .and_then(|lookup| lookup.find(row));
            match exists {
                Ok(Some(_)) => return ErrorKind::Unique(violation(table, &name, columns)).into(),
                Ok(None) => {}
                Err(error) => return error,
            }
        }
        error
    }

    /// Checks what could not be checked row by row.
    pub(super) fn finish(self) -> Result<()> {
        let Some(deferred) = self.deferred else {
            return Ok(());
        };
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
