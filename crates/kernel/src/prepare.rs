//! New and changed rows before they are written: every value is made and checked here.

use crate::context::Context;
use crate::error::{Error, Invalid, Result};
use crate::kernel::Kernel;
use crate::principal::PrincipalKind;
use mainstay_entity::parse::parse_text;
use mainstay_entity::{Column, DefaultValue, Kind, Record, Table, Value};

/// A value that a request gives for a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A value of the column's kind.
    Value(Value),
    /// What a confidential column is to keep: of a secret its text, of a sealed column a JSON
    /// value.
    Plain(String),
}

/// A new row as a request gives it: one entry per column, none where nothing was said.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRow {
    /// In declared column order.
    pub values: Vec<Option<Input>>,
}

impl NewRow {
    /// A row that says nothing yet.
    pub fn empty(table: &Table) -> Self {
        Self { values: vec![None; table.meta.columns.len()] }
    }

    /// Sets a column by name; names that the table lacks are a fault of the caller's code.
    pub fn set(&mut self, table: &Table, column: &str, value: Value) -> Result<()> {
        let index = table.column_index(column).ok_or_else(|| {
            Error::internal(format!("no column {column} in {}", table.meta.table))
        })?;
        self.values[index] = Some(Input::Value(value));
        Ok(())
    }
}

/// `table.column`, as errors name it.
pub(crate) fn column_name(table: &Table, column: &Column) -> String {
    format!("{}.{}", table.meta.table, column.name)
}

/// Makes the full row: given values are checked, missing ones take their defaults, the
/// organisation is the caller's. What is to be sealed stays null and is given beside it.
pub(crate) fn new_record(
    kernel: &Kernel,
    context: &Context,
    table: &Table,
    row: NewRow,
) -> Result<(Record, Vec<(usize, String)>)> {
    let mut values = Vec::with_capacity(row.values.len());
    let mut plain = Vec::new();
    for (index, (column, given)) in table.meta.columns.iter().zip(row.values).enumerate() {
        if given.is_some() {
            check_writable(context, table, index)?;
        }
        let value = match given {
            Some(Input::Value(value)) => value,
            Some(Input::Plain(text)) => {
                plain.push((index, text));
                values.push(Value::Null);
                continue;
            }
            None => default_value(kernel, context, table, index)?,
        };
        let value = storable(own_organization(context, table, index, value)?);
        check_value(table, column, &value)?;
        values.push(value);
    }
    Ok((Record(values), plain))
}

/// The changes of an update, checked: values that all rows take, and what each row seals.
pub(crate) struct Changes {
    pub(crate) set: Vec<(usize, Value)>,
    pub(crate) sealed: Vec<(usize, Input)>,
}

/// Checks and completes the changes of an update; moves the columns that follow each change.
pub(crate) fn changes(
    context: &Context,
    table: &Table,
    given: Vec<(usize, Input)>,
) -> Result<Changes> {
    let mut changes = Changes { set: Vec::with_capacity(given.len() + 1), sealed: Vec::new() };
    for (index, input) in given {
        check_writable(context, table, index)?;
        let column = &table.meta.columns[index];
        let value = match input {
            Input::Value(value) => value,
            plain @ Input::Plain(_) => {
                changes.sealed.push((index, plain));
                continue;
            }
        };
        if Some(index) == table.tenant_column() {
            own_organization(context, table, index, value)?;
            continue;
        }
        check_value(table, column, &value)?;
        if column.kind.is_confidential() {
            changes.sealed.push((index, Input::Value(value)));
        } else {
            changes.set.push((index, storable(value)));
        }
    }
    for index in touched(table) {
        if changes.set.iter().all(|(i, _)| *i != index) {
            changes.set.push((index, Value::Timestamp(context.now.as_microsecond())));
        }
    }
    Ok(changes)
}

/// Columns that take the time of each change.
pub(crate) fn touched(table: &Table) -> impl Iterator<Item = usize> + '_ {
    table.meta.columns.iter().enumerate().filter(|(_, c)| c.touch).map(|(i, _)| i)
}

fn check_writable(context: &Context, table: &Table, index: usize) -> Result<()> {
    let column = &table.meta.columns[index];
    let system = matches!(context.principal.kind, PrincipalKind::System(_));
    if !column.read_only || system {
        return Ok(());
    }
    Err(Error::Invalid(Invalid {
        sqlstate: "428C9",
        message: format!("column \"{}\" is set by the system and can't be written", column.name),
        column: column_name(table, column),
        row: None,
    }))
}

impl Kernel {
    /// The value that a column of an existing row takes when its default is asked for.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a column that the server numbers.
    pub fn column_default(&self, context: &Context, table: &Table, column: usize) -> Result<Value> {
        if table.meta.columns[column].default == Some(DefaultValue::Identity) {
            let name = column_name(table, &table.meta.columns[column]);
            return Err(Error::Unsupported(format!(
                "a new number in {name} of a row that has one"
            )));
        }
        default_value(self, context, table, column)
    }
}

fn default_value(kernel: &Kernel, context: &Context, table: &Table, index: usize) -> Result<Value> {
    if Some(index) == table.tenant_column() {
        return match context.principal.access().tenant().or(context.principal.organization_id) {
            Some(tenant) => Ok(Value::Uuid(tenant)),
            None => Err(Error::NoOrganization),
        };
    }
    let column = &table.meta.columns[index];
    match &column.default {
        // Numbers are reserved before the rows are made.
        None | Some(DefaultValue::Identity) => Ok(Value::Null),
        Some(DefaultValue::Now) => Ok(Value::Timestamp(context.now.as_microsecond())),
        Some(DefaultValue::NewId) => Ok(Value::Uuid(kernel.new_id(context))),
        Some(DefaultValue::Literal(text)) => literal(table, column, text),
    }
}

/// A declared default: list and document defaults are JSON texts, others plain texts.
fn literal(table: &Table, column: &Column, text: &str) -> Result<Value> {
    let value = match column.kind {
        Kind::List(_) => mainstay_entity::parse::parse_json(&column.kind, text),
        _ => parse_text(&column.kind, text),
    };
    value.map_err(|e| Error::internal(format!("default of {}: {e}", column_name(table, column))))
}

/// A value as every engine keeps it: `SQLite` has no negative zero.
fn storable(value: Value) -> Value {
    match value {
        // Adding zero turns a negative zero into a positive one.
        Value::Double(number) => Value::Double(number + 0.0),
        Value::Real(number) => Value::Real(number + 0.0),
        other => other,
    }
}

/// Another organisation's identifier is refused, not corrected.
fn own_organization(context: &Context, table: &Table, index: usize, value: Value) -> Result<Value> {
    if Some(index) != table.tenant_column() {
        return Ok(value);
    }
    let tenant = context.principal.access().tenant();
    match (&context.principal.kind, value.as_uuid(), tenant) {
        (PrincipalKind::System(_), Some(_), _) => Ok(value),
        (_, Some(given), Some(tenant)) if given == tenant => Ok(value),
        (_, _, None) => Err(Error::NoOrganization),
        _ => Err(Error::denied(format!(
            "new row violates row-level security policy for table \"{}\"",
            table.meta.table
        ))),
    }
}

fn check_value(table: &Table, column: &Column, value: &Value) -> Result<()> {
    let refuse = |sqlstate, message| {
        Err(Error::Invalid(Invalid {
            sqlstate,
            message,
            column: column_name(table, column),
            row: None,
        }))
    };
    if value.is_null() {
        return if column.nullable {
            Ok(())
        } else {
            let message = format!(
                "null value in column \"{}\" of relation \"{}\" violates not-null constraint",
                column.name, table.meta.table
            );
            refuse("23502", message)
        };
    }
    let (units, scale, shown) = match value {
        Value::Int(number) => (*number, 0, number.to_string()),
        Value::Decimal(number) => (number.units(), number.scale(), number.to_string()),
        _ => return Ok(()),
    };
    // 18 digits each, so that their product fits.
    let in_units = |bound: i64| i128::from(bound) * 10_i128.pow(u32::from(scale));
    let units = i128::from(units);
    if column.min.is_some_and(|min| units < in_units(min))
        || column.max.is_some_and(|max| units > in_units(max))
    {
        let range = match (column.min, column.max) {
            (Some(min), Some(max)) => format!("from {min} to {max}"),
            (Some(min), None) => format!("of at least {min}"),
            (_, Some(max)) => format!("of at most {max}"),
            (None, None) => String::new(),
        };
        return refuse("23514", format!("expected a number {range}, got {shown}"));
    }
    Ok(())
}
