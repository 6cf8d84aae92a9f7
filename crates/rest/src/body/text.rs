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
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    check_quotes(text)?;
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

/// Refuses quotes that RFC 4180 does not have. The reader would take what comes behind an open one
/// for its field, to the end.
fn check_quotes(text: &str) -> Result<()> {
    enum Place {
        FieldStart,
        Field,
        Quoted,
        /// Behind a quote that ends the field, unless another one follows.
        QuoteEnd,
    }
    let mut place = Place::FieldStart;
    let mut line = 1_usize;
    let mut opened = 1;
    for byte in text.bytes() {
        line += usize::from(byte == b'\n');
        place = match (place, byte) {
            (Place::FieldStart, b'"') => {
                opened = line;
                Place::Quoted
            }
            (Place::Quoted, b'"') => Place::QuoteEnd,
            (Place::QuoteEnd, b'"') | (Place::Quoted, _) => Place::Quoted,
            (_, b',' | b'\n' | b'\r') => Place::FieldStart,
            (Place::Field, b'"') | (Place::QuoteEnd, _) => {
                let details = format!("Line {line} has a quote inside of a field.");
                return Err(invalid("Invalid CSV").details(details).into());
            }
            _ => Place::Field,
        };
    }
    if matches!(place, Place::Quoted) {
        let details = format!("The quote that line {opened} opens is not closed.");
        return Err(invalid("Invalid CSV").details(details).into());
    }
    Ok(())
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
