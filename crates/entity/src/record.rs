//! The bridge between a declared struct and a row of values.

use crate::error::{Error, Result};
use crate::field::Field;
use crate::meta::EntityMeta;
use crate::value::Value;

/// A declared kind of record. Implemented by `#[derive(Entity)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no entity",
    label = "not an entity",
    note = "derive `Entity` for it, or name its table with \
            `#[entity(references(table = \"...\"))]`, or write `#[entity(no_reference)]`"
)]
pub trait Entity: Sized {
    /// Table name.
    const TABLE: &'static str;
    /// Schema name.
    const SCHEMA: &'static str;

    /// The declaration as data.
    fn meta() -> &'static EntityMeta;

    /// Reads a row in declared column order.
    ///
    /// # Errors
    /// When a value does not have its column's kind.
    fn from_record(record: Record) -> Result<Self>;

    /// The row in declared column order.
    fn into_record(self) -> Record;
}

/// A row: one value per declared column, in declared order.
#[derive(Clone, Debug, PartialEq)]
pub struct Record(pub Vec<Value>);

impl Record {
    /// Takes the value at `index` as a field's type. Used by derived code.
    ///
    /// # Errors
    /// When the row is too short or the value is of another kind.
    pub fn take<F: Field>(&mut self, index: usize) -> Result<F> {
        let value = self.0.get_mut(index).ok_or_else(|| {
            Error::invalid_value(format!("row has no column at position {index}"))
        })?;
        F::from_value(std::mem::replace(value, Value::Null))
    }
}
