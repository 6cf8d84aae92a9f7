//! The words of rows, as they are written beside them.

use crate::schema::key_columns;
use mainstay_entity::search::Words;
use mainstay_entity::{Record, Table, Value};

/// A word of a row.
pub(crate) struct Entry {
    /// The values by which the row is named, the organisation first.
    pub(crate) key: Vec<Value>,
    /// The column's place among those that are searched.
    pub(crate) field: i64,
    /// The word.
    pub(crate) word: String,
    /// Its part of a `tsvector`.
    pub(crate) places: String,
}

/// The words of some rows, in the order in which they are kept.
pub(crate) fn entries(table: &Table, rows: &[&Record]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for row in rows {
        for (field, column) in (0..).zip(table.search_columns()) {
            let words = Words::of_value(&row.0[column]);
            entries.extend(words.lexemes().map(|(word, places)| Entry {
                key: key(table, row),
                field,
                word: word.to_owned(),
                places,
            }));
        }
    }
    entries.sort_by(|a, b| (a.field, &a.word).cmp(&(b.field, &b.word)));
    entries
}

/// What a row's words name it by.
pub(crate) fn key(table: &Table, row: &Record) -> Vec<Value> {
    key_columns(table).map(|column| row.0[column].clone()).collect()
}

/// Whether a row that was changed has other words, or another name.
pub(crate) fn differ(table: &Table, old: &Record, new: &Record) -> bool {
    let mut watched = table.search_columns().chain(key_columns(table));
    watched.any(|column| old.0[column] != new.0[column])
}
