//! Full-text search.

use super::operand::Comparison;
use crate::dialect::ast::{Field, SearchMode};
use crate::error::{Fault, Result};
use mainstay_entity::Table;
use mainstay_entity::search::{Language, Mode, Query};
use mainstay_kernel::Error;
use mainstay_store::Filter;
use std::sync::Arc;

/// `description=fts(english).fat & rat`
pub(super) fn search(
    place: &Comparison<'_>,
    mode: SearchMode,
    language: Option<&str>,
    query: &str,
) -> Result<Filter> {
    let Comparison { table, field, left, .. } = *place;
    let is_searched = table.readable(left.column).search && !table.is_view();
    if !is_searched || !left.path.is_empty() {
        return Err(not_searched(table, field).into());
    }
    let language = match language {
        None => Language::default(),
        Some(name) => Language::parse(name).ok_or_else(|| unknown_language(name))?,
    };
    let mode = match mode {
        SearchMode::Query => Mode::Operators,
        SearchMode::Plain => Mode::Plain,
        SearchMode::Phrase => Mode::Phrase,
        SearchMode::Web => Mode::Web,
    };
    let query = Query::parse(mode, language, query)
        .map_err(|e| Error::invalid(format!("{}.{}", table.meta.table, field.name), &e))?;
    Ok(Filter::Search { column: left.column, query: Arc::new(query) })
}

fn not_searched(table: &Table, field: &Field) -> Fault {
    let name = &table.meta.table;
    let columns: Vec<&str> = if table.is_view() {
        Vec::new()
    } else {
        table.search_columns().map(|column| table.column_name(column)).collect()
    };
    let hint = if columns.is_empty() {
        format!("No column of '{name}' can be searched.")
    } else {
        format!("These can be searched: {}.", columns.join(", "))
    };
    let path = if field.path.is_empty() { "" } else { "a path into " };
    let what = format!("Full-text search on {path}column '{}' of '{name}'.", field.name);
    Fault::unsupported(what).hint(hint)
}

fn unknown_language(name: &str) -> Fault {
    let message = format!("text search configuration \"{name}\" does not exist");
    Fault::new("42704", message).hint(format!("There are {}.", Language::NAMES))
}
