//! The functions by which `SQLite` makes words and asks for them.

use super::functions::{PURE, data, text};
use crate::error::{Error, Result};
use crate::render::{Dialect, quote};
use crate::schema::{key_columns, words_table};
use crate::statement::{Param, Statement};
use crate::words::{Entry, entries};
use mainstay_entity::search::{Language, Mode, Query, Words};
use mainstay_entity::{Record, Table, Value};
use rusqlite::Connection;
use rusqlite::functions::Context;
use std::fmt::Write;

/// Words of one statement.
const CHUNK: usize = 20_000;

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

/// The statements that write the words of rows of a table that is searched later.
///
/// # Errors
/// When its rows are not named by identifiers.
pub(crate) fn inserts_later(table: &Table, rows: &[&Record]) -> Result<Vec<Statement>> {
    let at = usize::from(table.tenant_column().is_some());
    let mut names: Vec<String> =
        key_columns(table).map(|column| quote(table.column_name(column))).collect();
    let mut values: Vec<String> =
        (2..names.len() + 2).map(|at| format!("unhex(j.value ->> {at})")).collect();
    names.splice(at..at, ["\"field\"".to_owned(), "\"word\"".to_owned()]);
    values.splice(at..at, ["j.value ->> 0".to_owned(), "j.value ->> 1".to_owned()]);
    let sql = format!(
        "INSERT INTO {} ({}) SELECT {} FROM json_each(?1) AS j WHERE TRUE ON CONFLICT DO NOTHING",
        words_table(table).sql(Dialect::Sqlite),
        names.join(", "),
        values.join(", ")
    );
    let entries = entries(table, rows);
    let statement = |entries: &[Entry]| {
        let list = json(entries)?;
        Ok(Statement { sql: sql.clone(), params: vec![Param::Value(Value::Text(list))] })
    };
    entries.chunks(CHUNK).map(statement).collect()
}

/// `[[field, word, key, …], …]`
fn json(entries: &[Entry]) -> Result<String> {
    let mut out = String::from("[");
    for Entry { key, field, word, .. } in entries {
        let comma = if out.len() > 1 { "," } else { "" };
        // Writing to a `String` does not fail.
        let _ = write!(out, "{comma}[{field},\"{word}\"");
        for value in key {
            let id = value.as_uuid();
            let id = id.ok_or_else(|| Error::internal("rows searched later have identifiers"))?;
            let _ = write!(out, ",\"{}\"", id.simple());
        }
        out.push(']');
    }
    out.push(']');
    Ok(out)
}
