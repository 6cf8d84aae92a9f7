//! An event as its sender gives it, before it is a row.

use super::document::Document;
use super::field::FieldPath;
use mainstay_entity::{Entity, Table, Value};
use mainstay_kernel::entities::AuditEvent;
use mainstay_kernel::lookup;
use mainstay_kernel::{Error, Input, Invalid, NewRow, Result};
use serde_json::value::RawValue;

/// An event with ways to read and move its fields.
pub(super) struct Draft<'a> {
    table: &'a Table,
    row: &'a mut NewRow,
}

impl<'a> Draft<'a> {
    pub(super) fn new(table: &'a Table, row: &'a mut NewRow) -> Self {
        Self { table, row }
    }

    /// The text of a column; none when it is not given or null.
    pub(super) fn text(&self, column: &str) -> Option<&str> {
        match self.row.values.get(self.table.column_index(column)?)?.as_ref()? {
            Input::Value(value) => value.as_text(),
            Input::Plain(_) => None,
        }
    }

    /// Sets a column.
    pub(super) fn set(&mut self, column: &str, value: Value) -> Result<()> {
        self.row.set(self.table, column, value)
    }

    /// The columns that are given and not null.
    pub(super) fn given(&self) -> Vec<FieldPath> {
        let columns = self.table.meta.columns.iter().zip(&self.row.values);
        let given = columns.filter(|(_, input)| is_something(input.as_ref()));
        given.map(|(column, _)| FieldPath::of(&column.name)).collect()
    }

    /// The document in a column; none when there is none or it is no object.
    pub(super) fn document(&self, column: &str) -> Option<Document> {
        match self.row.values.get(self.table.column_index(column)?)?.as_ref()? {
            Input::Value(Value::Json(text)) | Input::Plain(text) => Document::parse(text),
            Input::Value(_) => None,
        }
    }

    /// The value of a field as JSON text; none when it is not given or null.
    pub(super) fn get(&self, field: &FieldPath) -> Option<String> {
        if !field.inner().is_empty() {
            let found = self.document(field.column())?.get(field.inner())?;
            return Some(found.get().to_owned()).filter(|text| text != "null");
        }
        match self.row.values.get(self.table.column_index(field.column())?)?.as_ref()? {
            Input::Value(Value::Null) => None,
            Input::Value(value) => {
                let mut out = Vec::new();
                value.as_cell().write_json(&mut out);
                String::from_utf8(out).ok()
            }
            Input::Plain(text) => Some(text.clone()),
        }
    }

    /// Moves a field into the sealed column, to the same place in its document.
    ///
    /// # Errors
    /// When something else stands there.
    pub(super) fn seal(&mut self, field: &FieldPath) -> Result<()> {
        let Some(value) = self.take(field)? else { return Ok(()) };
        let taken = || {
            let message = "its place in personal is taken";
            refused("22023", &field.to_string(), message)
        };
        let mut personal = match self.get(&FieldPath::of("personal")) {
            Some(text) => Document::parse(&text).ok_or_else(taken)?,
            None => Document::default(),
        };
        personal.put(&field.names(), value).ok_or_else(taken)?;
        let text = personal.text().map_err(Error::internal)?;
        let column = self.column("personal")?;
        self.row.values[column] = Some(Input::Plain(text));
        Ok(())
    }

    /// Moves all that a document holds; what stays is an empty one.
    pub(super) fn seal_members(&mut self, column: &FieldPath) -> Result<()> {
        match self.document(column.column()) {
            Some(document) => {
                document.names().iter().try_for_each(|name| self.seal(&column.member(name)))
            }
            None => self.seal(column),
        }
    }

    /// Takes the value of a field out of the event.
    fn take(&mut self, field: &FieldPath) -> Result<Option<Box<RawValue>>> {
        let column = self.column(field.column())?;
        if field.inner().is_empty() {
            let Some(text) = self.get(field) else { return Ok(None) };
            // One that can't be null takes its default.
            let nullable = self.table.meta.columns[column].nullable;
            self.row.values[column] = nullable.then_some(Input::Value(Value::Null));
            return RawValue::from_string(text).map(Some).map_err(Error::internal);
        }
        let Some(mut document) = self.document(field.column()) else { return Ok(None) };
        let Some(value) = document.take(field.inner()) else { return Ok(None) };
        let text = document.text().map_err(Error::internal)?;
        self.row.values[column] = Some(Input::Value(Value::Json(text)));
        Ok(Some(value))
    }

    fn column(&self, name: &str) -> Result<usize> {
        lookup::position(self.table, name)
    }
}

fn is_something(input: Option<&Input>) -> bool {
    match input {
        None => false,
        Some(Input::Value(value)) => !value.is_null(),
        Some(Input::Plain(_)) => true,
    }
}

/// A refused field of an event.
pub(super) fn refused(sqlstate: &'static str, field: &str, message: impl Into<String>) -> Error {
    Error::Invalid(Invalid {
        sqlstate,
        message: message.into(),
        column: format!("{}.{field}", AuditEvent::TABLE),
        row: None,
    })
}
