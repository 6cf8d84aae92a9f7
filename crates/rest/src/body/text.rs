//! Rows as text: CSV, or the pairs of a form.

use super::{Reading, RowBuilder, Shape, invalid};
use crate::dialect::pairs;
use crate::error::{Failure, Result};
use mainstay_entity::Value;
use mainstay_kernel::{Input, NewRow};

/// What stands for null in CSV.
const NULL: &str = "NULL";

/// Reads CSV with a header line (RFC 4180).
pub(super) fn read_csv(
    reading: &Reading<'_>,
    shape: &mut Shape,
    text: &str,
) -> Result<Vec<NewRow>> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| refused(&e))?.clone();
    let names = RowBuilder::new(reading, 0);
    let columns =
        header.iter().map(|name| names.column(shape, name)).collect::<Result<Vec<_>, _>>()?;
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|e| refused(&e))? {
        let mut builder = RowBuilder::new(reading, rows.len() + 1);
        for (field, column) in record.iter().zip(&columns) {
            match *column {
                None => {}
                Some(column) if field == NULL => builder.set(column, Input::Value(Value::Null))?,
                Some(column) => builder.set_text(column, field)?,
            }
        }
        rows.push(builder.finish(shape)?);
    }
    Ok(rows)
}

/// Reads the one row of a form.
pub(super) fn read_form(reading: &Reading<'_>, shape: &mut Shape, text: &str) -> Result<NewRow> {
    let mut builder = RowBuilder::new(reading, 1);
    for pair in pairs::decode(text) {
        let pair = pair?;
        if let Some(column) = builder.column(shape, &pair.key)? {
            builder.set_text(column, &pair.value)?;
        }
    }
    Ok(builder.finish(shape)?)
}

fn refused(error: &csv::Error) -> Failure {
    let message = if matches!(error.kind(), csv::ErrorKind::UnequalLengths { .. }) {
        "All lines must have same number of fields"
    } else {
        "Invalid CSV"
    };
    invalid(message).details(error.to_string()).into()
}
