//! Finding rows by a key.

use super::error::resolve;
use super::tables::{Tables, push_where};
use super::{bind, row};
use crate::error::Result;
use mainstay_entity::{Kind, Record, Table};
use rusqlite::Connection;

/// Finds rows by a key.
pub(super) struct Lookup<'a> {
    pub(super) connection: &'a Connection,
    pub(super) tables: &'a Tables,
    pub(super) table: &'a Table,
    /// With `organization_id` first in a tenant table.
    pub(super) key: Vec<usize>,
    /// Whether two nulls are the same key.
    nulls_conflict: bool,
    sql: String,
    kinds: Vec<Kind>,
}

impl<'a> Lookup<'a> {
    /// Finds whole rows, or with no kinds whether there is one.
    pub(super) fn new(
        connection: &'a Connection,
        tables: &'a Tables,
        table: &'a Table,
        key: &[usize],
        kinds: Vec<Kind>,
    ) -> Result<Self> {
        let mut key = key.to_vec();
        if let Some(tenant) = table.tenant_column() {
            key.retain(|c| *c != tenant);
            key.insert(0, tenant);
        }
        let same = |columns: &[usize]| {
            columns.len() == key.len() && columns.iter().all(|c| key.contains(c))
        };
        let nulls_conflict =
            table.uniques.iter().any(|unique| unique.nulls_not_distinct && same(&unique.columns));
        let text = tables.text(table)?;
        let mut sql = if kinds.is_empty() {
            format!("SELECT 1 FROM {}", text.name)
        } else {
            text.select.clone()
        };
        push_where(&mut sql, table, &key, comparison(nulls_conflict));
        Ok(Self { connection, tables, table, key, nulls_conflict, sql, kinds })
    }

    pub(super) fn find(&self, row: &Record) -> Result<Option<Record>> {
        if !self.nulls_conflict && self.key.iter().any(|c| row.0[*c].is_null()) {
            return Ok(None);
        }
        let failed = |error| resolve(error, self.tables);
        let mut statement = self.connection.prepare_cached(&self.sql).map_err(failed)?;
        self.bind_key(&mut statement, row)?;
        let mut rows = statement.raw_query();
        match rows.next().map_err(failed)? {
            Some(found) => row::record(found, &self.kinds).map(Some),
            None => Ok(None),
        }
    }

    /// Appends the condition that finds the key in the first parameters.
    pub(super) fn push_where(&self, sql: &mut String) {
        push_where(sql, self.table, &self.key, comparison(self.nulls_conflict));
    }

    /// Binds a row's key to the first parameters.
    pub(super) fn bind_key(
        &self,
        statement: &mut rusqlite::Statement<'_>,
        row: &Record,
    ) -> Result<()> {
        for (position, column) in self.key.iter().enumerate() {
            let kind = &self.table.meta.columns[*column].kind;
            bind::column(statement, position + 1, kind, &row.0[*column])?;
        }
        Ok(())
    }
}

fn comparison(nulls_conflict: bool) -> &'static str {
    if nulls_conflict { "IS" } else { "=" }
}
