//! How `SQLite` writes words, and the functions by which it makes them and asks for them.

use super::bind;
use super::error::resolve;
use super::functions::{PURE, data, text};
use super::tables::Tables;
use crate::error::Result;
use crate::render::{Dialect, quote};
use crate::schema::{key_columns, words_table};
use mainstay_entity::search::{Language, Mode, Query, Words};
use mainstay_entity::{Record, Table};
use rusqlite::functions::Context;
use rusqlite::{CachedStatement, Connection};

/// Registers the functions on a connection.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    connection.create_scalar_function("ms_words", 1, PURE, |c| list(c, Words::of_text))?;
    connection.create_scalar_function("ms_json_words", 1, PURE, |c| list(c, Words::of_json))?;
    connection.create_scalar_function("ms_search", 5, PURE, search)
}

/// The words of a text as a JSON array.
fn list(
    context: &Context<'_>,
    words: impl FnOnce(&str) -> Words,
) -> rusqlite::Result<Option<String>> {
    let Some(text) = text(context, 0)? else { return Ok(None) };
    let words = words(text);
    // Words are letters and digits: nothing needs to be escaped.
    let quoted: Vec<String> = words.stems().map(|word| format!("\"{word}\"")).collect();
    Ok(Some(format!("[{}]", quoted.join(","))))
}

/// Whether a text has what a query seeks: `ms_search(text, is_json, mode, language, query)`. The
/// query is read once per statement.
fn search(context: &Context<'_>) -> rusqlite::Result<Option<bool>> {
    let Some(value) = text(context, 0)? else { return Ok(None) };
    let is_json: bool = context.get(1)?;
    let mode = Mode::from_number(context.get(2)?).unwrap_or(Mode::Plain);
    let language = text(context, 3)?.and_then(Language::parse).unwrap_or_default();
    let query = context.get_or_create_aux(4, |query| -> rusqlite::Result<Query> {
        let query = Query::parse(mode, language, query.as_str()?);
        query.map_err(|e| data(e.sqlstate(), &e.to_string()))
    })?;
    let words = if is_json { Words::of_json(value) } else { Words::of_text(value) };
    Ok(Some(query.matches(&words)))
}

/// The statement that adds a word of a row: the row's key, the column and the word.
pub(super) fn insert_sql(table: &Table) -> Option<String> {
    if !table.is_searched() || table.is_view() {
        return None;
    }
    let mut names: Vec<String> = key_columns(table).map(|c| quote(table.column_name(c))).collect();
    names.extend(["\"field\"".to_owned(), "\"word\"".to_owned()]);
    let values: Vec<String> = (1..=names.len()).map(|at| format!("?{at}")).collect();
    Some(format!(
        "INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING",
        words_table(table).sql(Dialect::Sqlite),
        names.join(", "),
        values.join(", ")
    ))
}

/// Writes the words of rows with one prepared statement. A trigger would do it in one statement
/// with the row, for which `SQLite` keeps the pages that it changes twice.
pub(super) struct WordWriter<'a> {
    tables: &'a Tables,
    table: &'a Table,
    statement: CachedStatement<'a>,
}

impl<'a> WordWriter<'a> {
    /// None for a table that is not searched.
    pub(super) fn new(
        connection: &'a Connection,
        tables: &'a Tables,
        table: &'a Table,
    ) -> Result<Option<Self>> {
        let Some(sql) = &tables.text(table)?.add_word else { return Ok(None) };
        let statement = connection.prepare_cached(sql).map_err(|e| resolve(e, tables))?;
        Ok(Some(Self { tables, table, statement }))
    }

    /// Writes the words of a row.
    pub(super) fn write(&mut self, row: &Record) -> Result<()> {
        let failed = |error| resolve(error, self.tables);
        let mut at = 0;
        for column in key_columns(self.table) {
            at += 1;
            let kind = &self.table.meta.columns[column].kind;
            bind::column(&mut self.statement, at, kind, &row.0[column])?;
        }
        for (field, column) in (0_i64..).zip(self.table.search_columns()) {
            let words = Words::of_value(&row.0[column]);
            self.statement.raw_bind_parameter(at + 1, field).map_err(failed)?;
            for word in words.stems() {
                self.statement.raw_bind_parameter(at + 2, word).map_err(failed)?;
                self.statement.raw_execute().map_err(failed)?;
            }
        }
        Ok(())
    }
}

/// Writes the words of rows of a table that is searched later.
pub(super) fn add_later(
    connection: &Connection,
    tables: &Tables,
    table: &Table,
    rows: &[Record],
) -> Result<()> {
    match WordWriter::new(connection, tables, table)? {
        Some(mut writer) => rows.iter().try_for_each(|row| writer.write(row)),
        None => Ok(()),
    }
}
