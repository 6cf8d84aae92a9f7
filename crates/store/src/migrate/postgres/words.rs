//! The words of rows that were there before their table was searched.

use super::super::Step;
use super::{DIALECT, fault};
use crate::error::Result;
use crate::render::quote;
use crate::schema::{TableName, key_columns, words_function, words_table};
use mainstay_entity::search::Words;
use mainstay_entity::{Catalog, Table};
use tokio_postgres::Transaction;

/// Rows that are read at once.
const CHUNK: usize = 1_000;

/// Gives the rows of a step's table their words, in its transaction.
pub(super) async fn fill(
    transaction: &Transaction<'_>,
    catalog: &Catalog,
    step: &Step,
) -> Result<()> {
    let Some(name) = step.fills() else { return Ok(()) };
    let Some(table) = catalog.find(&name.schema, &name.name) else { return Ok(()) };
    if table.meta.search_later {
        return Ok(());
    }
    let keys = key_columns(table).count();
    let declare = format!("DECLARE unsearched NO SCROLL CURSOR FOR {}", select(table, name));
    transaction.batch_execute(&declare).await.map_err(fault)?;
    let insert = insert(table);
    loop {
        let fetch = format!("FETCH {CHUNK} FROM unsearched");
        let rows = transaction.query(&fetch, &[]).await.map_err(fault)?;
        if rows.is_empty() {
            break;
        }
        let (mut fields, mut words, mut places) = (Vec::new(), Vec::new(), Vec::new());
        let mut columns: Vec<Vec<String>> = vec![Vec::new(); keys];
        for row in &rows {
            for (field, column) in table.search_columns().enumerate() {
                let value: Option<String> = row.get(keys + field);
                let value = value.unwrap_or_default();
                let kind = &table.meta.columns[column].kind;
                let is_text = words_function(kind) == "ms_words";
                let found = if is_text { Words::of_text(&value) } else { Words::of_json(&value) };
                for (word, place) in found.lexemes() {
                    fields.push(i16::try_from(field).unwrap_or(i16::MAX));
                    words.push(word.to_owned());
                    places.push(place);
                    for (at, column) in columns.iter_mut().enumerate() {
                        column.push(row.get(at));
                    }
                }
            }
        }
        let mut params: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> =
            vec![&fields, &words, &places];
        params.extend(columns.iter().map(|c| c as &(dyn tokio_postgres::types::ToSql + Sync)));
        transaction.execute(&insert, &params).await.map_err(fault)?;
    }
    transaction.batch_execute("CLOSE unsearched").await.map_err(fault)
}

/// The keys of all rows and what is searched of them, as text.
fn select(table: &Table, name: &TableName) -> String {
    let key = key_columns(table).map(|c| format!("{}::text", quote(table.column_name(c))));
    let fields = table.search_columns().map(|column| {
        let name = quote(table.column_name(column));
        match words_function(&table.meta.columns[column].kind) {
            "ms_words" => name,
            _ => format!("to_jsonb({name})::text"),
        }
    });
    let columns: Vec<String> = key.chain(fields).collect();
    format!("SELECT {} FROM {}", columns.join(", "), name.sql(DIALECT))
}

fn insert(table: &Table) -> String {
    let names: Vec<String> = key_columns(table).map(|c| quote(table.column_name(c))).collect();
    let casts = key_columns(table).enumerate().map(|(at, column)| {
        let kind = &table.meta.columns[column].kind;
        let data_type = if kind.is_textual() { "text".into() } else { kind.name() };
        format!("k{at}::{data_type}")
    });
    let arrays: Vec<String> = (0..names.len()).map(|at| format!("${}::text[]", at + 4)).collect();
    let given: Vec<String> = (0..names.len()).map(|at| format!("k{at}")).collect();
    format!(
        "INSERT INTO {} (\"field\", \"word\", \"places\", {}) SELECT f, w, p, {} \
         FROM UNNEST($1::int2[], $2::text[], $3::text[], {}) AS n(f, w, p, {})",
        words_table(table).sql(DIALECT),
        names.join(", "),
        casts.collect::<Vec<_>>().join(", "),
        arrays.join(", "),
        given.join(", ")
    )
}
