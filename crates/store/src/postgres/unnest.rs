//! Many rows in one statement: each column goes as one array, which `UNNEST` turns into rows.

use super::bind::Parameter;
use super::connection::Write;
use crate::render::{Dialect, quote, table_name};
use mainstay_entity::{Kind, Record, Table};
use std::fmt::Write as _;

/// Rows of one statement: from here on more rows make it no faster, only larger.
pub(super) const CHUNK: usize = 1_000;

/// Inserts of all rows, in statements of [`CHUNK`] rows that end with `suffix`.
pub(super) fn inserts<'a>(
    table: &'a Table,
    rows: &'a [&'a Record],
    suffix: &'a str,
) -> impl Iterator<Item = Write<'a>> {
    rows.chunks(CHUNK).map(move |rows| Write {
        sql: insert(table, suffix),
        params: parameters(rows, &all_columns(table)),
    })
}

/// `INSERT … SELECT … FROM UNNEST(…)` of full rows, ending with `suffix`.
pub(super) fn insert(table: &Table, suffix: &str) -> String {
    let columns = all_columns(table);
    let names: Vec<String> = columns.iter().map(|c| quote(table.column_name(*c))).collect();
    let values: Vec<String> =
        columns.iter().enumerate().map(|(at, c)| value("r", at, kind(table, *c))).collect();
    format!(
        "INSERT INTO {} ({}) SELECT {} FROM {}{suffix}",
        table_name(Dialect::Postgres, table),
        names.join(", "),
        values.join(", "),
        source("r", table, &columns),
    )
}

/// `UNNEST(…) AS alias(c0, c1, …)` with one parameter for each column.
pub(super) fn source(alias: &str, table: &Table, columns: &[usize]) -> String {
    let mut arrays = String::new();
    let mut names = String::new();
    for (at, column) in columns.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        // Writing to a `String` does not fail.
        let _ = write!(arrays, "{comma}${}::{}[]", at + 1, element_type(kind(table, *column)));
        let _ = write!(names, "{comma}c{at}");
    }
    format!("UNNEST({arrays}) AS {alias}({names})")
}

/// The value that [`source`] gives at a position for a column of a kind.
pub(super) fn value(alias: &str, position: usize, kind: &Kind) -> String {
    match kind {
        Kind::List(_) => format!("{alias}.c{position}::{}", kind.name()),
        _ => format!("{alias}.c{position}"),
    }
}

/// The parameters of [`source`].
pub(super) fn parameters<'a>(rows: &'a [&'a Record], columns: &[usize]) -> Vec<Parameter<'a>> {
    columns.iter().map(|index| Parameter::Column { rows, index: *index }).collect()
}

pub(super) fn all_columns(table: &Table) -> Vec<usize> {
    (0..table.meta.columns.len()).collect()
}

fn kind(table: &Table, column: usize) -> &Kind {
    &table.meta.columns[column].kind
}

/// The type of one row's value. Lists travel as text: `UNNEST` would take arrays of arrays apart.
pub(super) fn element_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::Uuid => "uuid",
        Kind::Boolean => "bool",
        Kind::SmallInt => "int2",
        Kind::Integer => "int4",
        Kind::BigInt => "int8",
        Kind::Double => "float8",
        Kind::Real => "float4",
        Kind::Time => "time",
        Kind::Interval => "interval",
        Kind::Range(range) => range.name(),
        Kind::Bytes | Kind::Secret | Kind::Sealed => "bytea",
        Kind::Timestamp => "timestamptz",
        Kind::Date => "date",
        Kind::Decimal { .. } | Kind::U256 => "numeric",
        Kind::Json => "jsonb",
        Kind::Inet => "inet",
        // Text, choices and lists; kinds to come travel as text too.
        _ => "text",
    }
}
