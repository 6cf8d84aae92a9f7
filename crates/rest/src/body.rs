//! The rows of a request's body: JSON, lines of JSON, CSV or a form.
//!
//! Values are read straight into their columns' kinds; no tree of the body is built.

mod json;
mod text;

use crate::dialect::BodyType;
use crate::dialect::error::INVALID_BODY;
use crate::error::{Failure, Fault, Result};
use crate::nearest::nearest;
use crate::zone::{read_json, read_text};
use jiff::tz::TimeZone;
use mainstay_entity::json::{canonical, escape_into, unescape};
use mainstay_entity::{Kind, Table, Value};
use mainstay_kernel::{Error, Input, NewRow};

/// The rows of a body.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<NewRow>,
}

/// How bodies are read into a table's rows.
#[derive(Clone)]
pub(crate) struct Reading<'a> {
    pub(crate) table: &'a Table,
    /// `columns=`: only these are taken.
    pub(crate) columns: Option<&'a [String]>,
    /// `missing=default`: what a row lacks of `columns` takes its default; else it is null.
    pub(crate) missing_default: bool,
    /// Where the clocks are that instants without an offset are read by.
    pub(crate) zone: Option<TimeZone>,
}

impl Reading<'_> {
    /// Reads a body.
    ///
    /// # Errors
    /// `PGRST102` for what is no body of its type, `PGRST204` for unknown columns, and what the
    /// values' kinds refuse.
    pub(crate) fn read(&self, body_type: BodyType, body: &[u8]) -> Result<Rows> {
        let text = std::str::from_utf8(body).map_err(|error| {
            let at = error.valid_up_to();
            invalid("The body is not valid UTF-8")
                .details(format!("The first fault is at byte {at}."))
        })?;
        let mut shape = self.shape()?;
        let rows = match body_type {
            BodyType::Json => json::read(self, &mut shape, text)?,
            BodyType::NdJson => json::read_lines(self, &mut shape, text)?,
            BodyType::Csv => text::read_csv(self, &mut shape, text)?,
            BodyType::Form => vec![text::read_form(self, &mut shape, text)?],
            BodyType::Text | BodyType::Xml | BodyType::Bytes => {
                return Err(invalid("The body must hold rows").into());
            }
        };
        Ok(Rows { rows })
    }

    fn shape(&self) -> Result<Shape> {
        let Some(names) = self.columns else {
            return Ok(Shape::FromFirstRow(None));
        };
        let columns = names.iter().map(|name| self.column(name)).collect::<Result<Vec<_>, _>>()?;
        Ok(Shape::Given(columns))
    }

    fn column(&self, name: &str) -> Result<usize, Fault> {
        self.table.column_index(name).ok_or_else(|| self.unknown_column(name))
    }

    fn unknown_column(&self, name: &str) -> Fault {
        let table = &self.table.meta.table;
        let message =
            format!("Could not find the '{name}' column of '{table}' in the schema cache");
        let fault = Fault::new("PGRST204", message);
        if self.table.readable_index(name).is_some() {
            let details = format!("'{name}' is computed from other columns and can't be written.");
            return fault.details(details);
        }
        match nearest(name, self.table.meta.columns.iter().map(|c| c.name.as_ref())) {
            Some(near) => fault.hint(format!("Perhaps you meant the column '{near}'.")),
            None => fault,
        }
    }
}

/// Which columns the rows give.
#[derive(Debug)]
enum Shape {
    /// Those of `columns=`, whatever the rows hold.
    Given(Vec<usize>),
    /// Those of the first row, which all others must have.
    FromFirstRow(Option<Vec<usize>>),
}

/// A row being read.
struct RowBuilder<'r> {
    reading: &'r Reading<'r>,
    row: NewRow,
    /// Columns in the order in which they were given.
    given: Vec<usize>,
    /// Position of the row, from 1.
    number: usize,
}

impl<'r> RowBuilder<'r> {
    fn new(reading: &'r Reading<'r>, number: usize) -> Self {
        Self { reading, row: NewRow::empty(reading.table), given: Vec::with_capacity(8), number }
    }

    /// The column that a key names; none when it is not taken.
    fn column(&self, shape: &Shape, name: &str) -> Result<Option<usize>, Fault> {
        let table = self.reading.table;
        let position = self.given.len();
        let (Shape::Given(columns) | Shape::FromFirstRow(Some(columns))) = shape else {
            return self.reading.column(name).map(Some);
        };
        // Rows give their columns in one order nearly always.
        if let Some(column) = columns.get(position)
            && table.column_name(*column) == name
        {
            return Ok(Some(*column));
        }
        if let Shape::Given(columns) = shape {
            return Ok(table.column_index(name).filter(|column| columns.contains(column)));
        }
        self.reading.column(name).map(Some)
    }

    fn set(&mut self, column: usize, input: Input) -> Result<(), Fault> {
        let slot = &mut self.row.values[column];
        if slot.is_some() {
            let name = self.reading.table.column_name(column);
            let details = format!("Row {} has '{name}' twice.", self.number);
            return Err(invalid("Keys must be unique").details(details));
        }
        *slot = Some(input);
        self.given.push(column);
        Ok(())
    }

    /// The value of a column from its text form.
    fn set_text(&mut self, column: usize, text: &str) -> Result<()> {
        let kind = &self.reading.table.meta.columns[column].kind;
        let input = if *kind == Kind::Sealed {
            Input::Plain(json_string(text))
        } else if kind.is_confidential() {
            Input::Plain(text.to_owned())
        } else {
            let value = read_text(kind, text, self.reading.zone.as_ref());
            Input::Value(value.map_err(|e| self.invalid(column, &e))?)
        };
        Ok(self.set(column, input)?)
    }

    /// The value of a column from a JSON text.
    fn set_json(&mut self, column: usize, raw: &str) -> Result<()> {
        let kind = &self.reading.table.meta.columns[column].kind;
        let value = if kind.is_confidential() {
            plain(kind, raw)
        } else {
            read_json(kind, raw, self.reading.zone.as_ref()).map(Input::Value)
        };
        let input = value.map_err(|e| self.invalid(column, &e))?;
        Ok(self.set(column, input)?)
    }

    fn invalid(&self, column: usize, error: &mainstay_entity::Error) -> Failure {
        let table = self.reading.table;
        let name = format!("{}.{}", table.meta.table, table.column_name(column));
        Error::invalid(name, error).at_row(self.number).into()
    }

    /// The complete row. The first one decides which columns the others must give.
    fn finish(mut self, shape: &mut Shape) -> Result<NewRow, Fault> {
        match shape {
            Shape::Given(columns) => {
                if !self.reading.missing_default {
                    for column in columns {
                        self.row.values[*column].get_or_insert(Input::Value(Value::Null));
                    }
                }
            }
            Shape::FromFirstRow(first @ None) => *first = Some(self.given),
            Shape::FromFirstRow(Some(first)) => {
                let same = self.given == *first
                    || (self.given.len() == first.len()
                        && self.given.iter().all(|column| first.contains(column)));
                if !same {
                    let details = format!("Row {} has other keys than the first one.", self.number);
                    return Err(invalid("All object keys must match").details(details));
                }
            }
        }
        Ok(self.row)
    }
}

/// What is kept confidential: of a sealed column the JSON value, of a secret the text of a string,
/// else its JSON as it is.
fn plain(kind: &Kind, raw: &str) -> mainstay_entity::Result<Input> {
    debug_assert!(kind.is_confidential());
    match raw.as_bytes().first() {
        _ if raw == "null" => Ok(Input::Value(Value::Null)),
        _ if *kind == Kind::Sealed => Ok(Input::Plain(canonical(raw)?)),
        Some(b'"') => Ok(Input::Plain(unescape(raw)?.into_owned())),
        _ => Ok(Input::Plain(raw.to_owned())),
    }
}

fn json_string(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len() + 2);
    escape_into(&mut out, text);
    String::from_utf8_lossy(&out).into_owned()
}

/// `PGRST102`
fn invalid(message: &str) -> Fault {
    Fault::new(INVALID_BODY, message)
}
