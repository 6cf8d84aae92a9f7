//! The words of rows, written in the transaction of the rows.

use super::bind::Parameter;
use super::connection::Write;
use super::transaction::PostgresTransaction;
use super::unnest::element_type;
use crate::error::Result;
use crate::render::{Dialect, quote};
use crate::schema::{key_columns, words_table};
use crate::words::{Entry, differ, entries, key};
use crate::write::Change;
use mainstay_entity::{Record, Table, Value};

/// Words of one statement.
const CHUNK: usize = 20_000;

/// A statement with the arrays that it takes.
pub(super) struct ArrayStatement {
    sql: String,
    columns: Vec<Vec<Value>>,
}

impl ArrayStatement {
    pub(super) fn write(&self) -> Write<'_> {
        let params = self.columns.iter().map(|column| Parameter::List(column)).collect();
        Write { sql: self.sql.clone(), params }
    }
}

/// The statements that write the words of new rows with them.
pub(super) fn inserts(table: &Table, rows: &[&Record]) -> Vec<ArrayStatement> {
    if !table.is_searched() || table.meta.search_later {
        return Vec::new();
    }
    inserts_of(table, entries(table, rows))
}

fn inserts_of(table: &Table, entries: Vec<Entry>) -> Vec<ArrayStatement> {
    let sql = insert_sql(table);
    let at = usize::from(table.tenant_column().is_some());
    let mut statements = Vec::new();
    let mut entries = entries.into_iter().peekable();
    while entries.peek().is_some() {
        let mut columns = vec![Vec::new(); key_columns(table).count() + 3];
        for Entry { mut key, field, word, places } in entries.by_ref().take(CHUNK) {
            key.splice(at..at, [Value::Int(field), Value::Text(word)]);
            key.push(Value::Text(places));
            columns.iter_mut().zip(key).for_each(|(column, value)| column.push(value));
        }
        statements.push(ArrayStatement { sql: sql.clone(), columns });
    }
    statements
}

fn insert_sql(table: &Table) -> String {
    let at = usize::from(table.tenant_column().is_some());
    let mut columns: Vec<(String, &str)> = key_columns(table)
        .map(|c| (quote(table.column_name(c)), element_type(&table.meta.columns[c].kind)))
        .collect();
    columns.splice(at..at, [("\"field\"".to_owned(), "int2"), ("\"word\"".to_owned(), "text")]);
    columns.push(("\"places\"".to_owned(), "text"));
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    format!(
        "INSERT INTO {} ({}) SELECT * FROM UNNEST({}) ON CONFLICT DO NOTHING",
        words_table(table).sql(Dialect::Postgres),
        names.join(", "),
        arrays(columns.iter().map(|(_, data_type)| *data_type))
    )
}

/// `$1::uuid[], $2::int2[], …`
fn arrays<'a>(types: impl Iterator<Item = &'a str>) -> String {
    let arrays = types.enumerate().map(|(at, data_type)| format!("${}::{data_type}[]", at + 1));
    arrays.collect::<Vec<_>>().join(", ")
}

/// Removes the words of rows.
fn delete(table: &Table, rows: &[&Record]) -> ArrayStatement {
    let mut columns = vec![Vec::new(); key_columns(table).count()];
    for row in rows {
        let key = key(table, row);
        columns.iter_mut().zip(key).for_each(|(column, value)| column.push(value));
    }
    let types = key_columns(table).map(|c| element_type(&table.meta.columns[c].kind));
    let names: Vec<String> = (0..columns.len()).map(|at| format!("c{at}")).collect();
    let same: Vec<String> = key_columns(table)
        .zip(&names)
        .map(|(column, name)| format!("w.{} = r.{name}", quote(table.column_name(column))))
        .collect();
    let sql = format!(
        "DELETE FROM {} AS w USING UNNEST({}) AS r({}) WHERE {}",
        words_table(table).sql(Dialect::Postgres),
        arrays(types),
        names.join(", "),
        same.join(" AND ")
    );
    ArrayStatement { sql, columns }
}

impl PostgresTransaction {
    /// Writes the words of new rows.
    pub(super) async fn add_words(&mut self, table: &Table, rows: &[&Record]) -> Result<()> {
        self.execute_arrays(inserts(table, rows)).await
    }

    /// Writes the words of rows of a table that is searched later.
    pub(crate) async fn add_words_later(&mut self, table: &Table, rows: &[&Record]) -> Result<()> {
        self.execute_arrays(inserts_of(table, entries(table, rows))).await
    }

    /// Writes the words of changed rows anew.
    pub(crate) async fn change_words(
        &mut self,
        table: &Table,
        changes: impl IntoIterator<Item = (&Record, &Record)>,
    ) -> Result<()> {
        if !table.is_searched() || table.meta.search_later {
            return Ok(());
        }
        let changes = changes.into_iter().filter(|(old, new)| differ(table, old, new));
        let (old, new): (Vec<&Record>, Vec<&Record>) = changes.unzip();
        if old.is_empty() {
            return Ok(());
        }
        self.execute_arrays(vec![delete(table, &old)]).await?;
        self.add_words(table, &new).await
    }

    /// Writes the words of merged rows anew.
    pub(super) async fn merge_words(&mut self, table: &Table, merged: &[&Change]) -> Result<()> {
        self.change_words(table, merged.iter().map(|change| (&change.old, &change.new))).await
    }

    async fn execute_arrays(&mut self, statements: Vec<ArrayStatement>) -> Result<()> {
        for statement in &statements {
            let write = statement.write();
            let count = self.checkout.execute_with(&write.sql, &write.params).await;
            self.known(count)?;
        }
        Ok(())
    }
}
