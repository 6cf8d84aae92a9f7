//! SQL text prepared per table.

use super::words::insert_sql;
use crate::error::{Error, Result};
use crate::render::{Dialect, flat_name, quote, table_name};
use crate::schema::{check_names, identifier};
use mainstay_entity::{Catalog, ForeignKey, Table, TableId, UniqueKey};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

/// The tables of a catalog as `SQLite` knows them.
pub(super) struct Tables {
    catalog: Arc<Catalog>,
    texts: Vec<TableText>,
    by_name: HashMap<String, TableId>,
    /// Tables, and columns of those about one column, by the names of CHECK constraints.
    checks: HashMap<String, (TableId, Option<usize>)>,
    /// Unique keys by the names of their indexes.
    uniques: HashMap<String, (TableId, usize)>,
}

/// What is said to `SQLite` about one table.
pub(super) struct TableText {
    /// The quoted name.
    pub(super) name: String,
    /// Inserts one row, all columns in declared order.
    pub(super) insert: String,
    /// Selects all columns in declared order, up to and without `WHERE`.
    pub(super) select: String,
    /// Adds a word of a row, where the table is searched.
    pub(super) add_word: Option<String>,
}

impl Tables {
    pub(super) fn new(catalog: Arc<Catalog>) -> Self {
        let texts: Vec<TableText> = catalog.tables().iter().map(|t| TableText::new(t)).collect();
        let mut by_name = HashMap::new();
        let mut checks = HashMap::new();
        let mut uniques = HashMap::new();
        for table in catalog.tables() {
            let name = &table.meta.table;
            let flat = flat_name(&table.meta.schema, name);
            for (check, column) in check_names(Dialect::Sqlite, table) {
                checks.insert(check, (table.id, column));
            }
            for (position, unique) in table.uniques.iter().enumerate() {
                let own = unique.name.strip_prefix(&**name).unwrap_or(&unique.name);
                uniques.insert(identifier(&format!("{flat}{own}")), (table.id, position));
            }
            by_name.insert(flat, table.id);
        }
        Self { catalog, texts, by_name, checks, uniques }
    }

    /// The table that `SQLite` calls by this name.
    pub(super) fn by_name(&self, name: &str) -> Option<&Arc<Table>> {
        self.by_name.get(name).map(|id| self.catalog.table(*id))
    }

    /// The table of a CHECK constraint, and the column if it is about one.
    pub(super) fn by_check(&self, name: &str) -> Option<(&Arc<Table>, Option<usize>)> {
        self.checks.get(name).map(|(id, column)| (self.catalog.table(*id), *column))
    }

    /// A unique key by the name of its index, which errors of indexes over expressions tell.
    pub(super) fn unique_by_name(&self, name: &str) -> Option<(&Arc<Table>, &UniqueKey)> {
        self.uniques.get(name).map(|(id, position)| {
            let table = self.catalog.table(*id);
            (table, &table.uniques[*position])
        })
    }

    /// The text about a table.
    ///
    /// # Errors
    /// When the table is not of this catalog.
    pub(super) fn text(&self, table: &Table) -> Result<&TableText> {
        self.texts
            .get(table.id.index())
            .ok_or_else(|| Error::internal(format_args!("unknown table {}", table.meta.table)))
    }

    /// The target of a reference.
    pub(super) fn target(&self, key: &ForeignKey) -> &Arc<Table> {
        self.catalog.table(key.target)
    }

    /// The references to a table, each with the table it is declared in.
    pub(super) fn referring<'a>(
        &'a self,
        table: &'a Table,
    ) -> impl Iterator<Item = (&'a Arc<Table>, &'a ForeignKey)> {
        let sources = table.referenced_by.iter();
        let sources = sources.map(|(id, position)| (self.catalog.table(*id), *position));
        sources
            .filter(|(source, _)| !source.is_view())
            .map(|(source, position)| (source, &source.foreign_keys[position]))
    }
}

impl TableText {
    fn new(table: &Table) -> Self {
        let name = table_name(Dialect::Sqlite, table);
        let columns: Vec<String> = table.meta.columns.iter().map(|c| quote(&c.name)).collect();
        let columns = columns.join(", ");
        let values: Vec<String> = (1..=table.meta.columns.len()).map(|n| format!("?{n}")).collect();
        Self {
            insert: format!("INSERT INTO {name} ({columns}) VALUES ({})", values.join(", ")),
            select: format!("SELECT {columns} FROM {name}"),
            add_word: insert_sql(table),
            name,
        }
    }
}

/// Appends ` WHERE "a" = ?1 AND "b" = ?2` for some columns of a table.
pub(super) fn push_where(sql: &mut String, table: &Table, columns: &[usize], comparison: &str) {
    for (position, column) in columns.iter().enumerate() {
        let before = if position == 0 { "WHERE" } else { "AND" };
        let name = quote(table.column_name(*column));
        // Writing to a `String` does not fail.
        let _ = write!(sql, " {before} {name} {comparison} ?{}", position + 1);
    }
}

/// A name without the quotes that [`quote`] put around it.
pub(super) fn unquote(name: &str) -> String {
    let inner = name.strip_prefix('"').and_then(|n| n.strip_suffix('"')).unwrap_or(name);
    inner.replace("\"\"", "\"")
}
