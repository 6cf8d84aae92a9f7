//! What expressions can name: when an action is declared its shape, when it runs its value.

use super::expression::{ARGUMENTS, CALLER, NOW};
use super::value::{list, map, to_cel};
use crate::error::{Error, Result};
use cel::Value as Cel;
use jiff::Timestamp;
use mainstay_entity::{Kind, Record, Table, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// What is known of a name before any call.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// A value of a kind.
    Value(Kind),
    /// A row of a table, or null.
    Row(Arc<Table>),
    /// Rows of a table.
    Rows(Arc<Table>),
    /// Nothing.
    Any,
}

/// What is known where an expression stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Shapes {
    pub(super) arguments: Vec<(String, Shape)>,
    variables: HashMap<String, Shape>,
}

impl Shapes {
    pub(super) fn get(&self, name: &str) -> Option<&Shape> {
        self.variables.get(name)
    }

    pub(super) fn argument(&self, name: &str) -> Option<usize> {
        self.arguments.iter().position(|(own, _)| own == name)
    }

    /// Adds a name; false when it is taken.
    pub(super) fn add(&mut self, name: &str, shape: Shape) -> bool {
        !matches!(name, ARGUMENTS | CALLER | NOW)
            && self.variables.insert(name.to_owned(), shape).is_none()
    }

    /// Replaces what is known of a name.
    pub(super) fn set(&mut self, name: &str, shape: Shape) {
        self.variables.insert(name.to_owned(), shape);
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.variables.keys().map(String::as_str).collect();
        names.sort_unstable();
        [ARGUMENTS, CALLER, NOW].into_iter().chain(names)
    }
}

/// The values that a run knows.
pub(super) struct Scope {
    pub(super) arguments: Vec<Bound>,
    pub(super) arguments_cel: Cel,
    pub(super) caller: Cel,
    pub(super) now: Timestamp,
    variables: HashMap<String, Bound>,
}

/// A value with its name's meaning.
#[derive(Clone)]
pub(super) struct Bound {
    pub(super) content: Content,
    /// The same for CEL.
    pub(super) cel: Cel,
}

/// What a name stands for.
#[derive(Clone)]
pub(super) enum Content {
    /// A value of a kind.
    Value(Kind, Value),
    /// A row, or none.
    Row(Row),
    /// Rows.
    Rows(Vec<Row>),
    /// What an expression has given.
    Any,
}

/// A row as far as it may be seen.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) table: Arc<Table>,
    pub(super) record: Option<Arc<Record>>,
    /// Which columns may be seen.
    visible: Arc<[bool]>,
}

impl Row {
    pub(super) fn new(table: Arc<Table>, record: Option<Record>, visible: Arc<[bool]>) -> Self {
        Self { table, record: record.map(Arc::new), visible }
    }

    /// A column's kind and value.
    ///
    /// # Errors
    /// [`Error::Denied`] when the caller may not see it.
    pub(super) fn value(&self, column: usize) -> Result<(Kind, Value)> {
        let kind = self.table.meta.columns[column].kind.clone();
        let Some(record) = &self.record else {
            return Ok((kind, Value::Null));
        };
        if !self.visible.get(column).copied().unwrap_or(false) {
            return Err(Error::denied(format!(
                "permission denied for column {} of table {}",
                self.table.column_name(column),
                self.table.meta.table
            )));
        }
        Ok((kind, record.0.get(column).cloned().unwrap_or(Value::Null)))
    }

    fn cel(&self) -> Cel {
        let Some(record) = &self.record else {
            return Cel::Null;
        };
        let columns = record.0.iter().enumerate();
        let seen = columns.filter(|(column, _)| self.visible.get(*column) == Some(&true));
        map(seen.map(|(column, value)| (self.table.column_name(column).to_owned(), to_cel(value))))
    }
}

impl Bound {
    pub(super) fn value(kind: Kind, value: Value) -> Self {
        let cel = to_cel(&value);
        Self { content: Content::Value(kind, value), cel }
    }

    pub(super) fn row(row: Row) -> Self {
        let cel = row.cel();
        Self { content: Content::Row(row), cel }
    }

    pub(super) fn rows(rows: Vec<Row>) -> Self {
        let cel = list(rows.iter().map(Row::cel));
        Self { content: Content::Rows(rows), cel }
    }

    pub(super) fn any(cel: Cel) -> Self {
        Self { content: Content::Any, cel }
    }
}

impl Scope {
    pub(super) fn new(arguments: Vec<(String, Bound)>, caller: Cel, now: Timestamp) -> Self {
        let arguments_cel =
            map(arguments.iter().map(|(name, bound)| (name.clone(), bound.cel.clone())));
        let arguments = arguments.into_iter().map(|(_, bound)| bound).collect();
        Self { arguments, arguments_cel, caller, now, variables: HashMap::new() }
    }

    /// What is known before any call.
    pub(super) fn empty() -> Self {
        Self::new(Vec::new(), Cel::Null, Timestamp::UNIX_EPOCH)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Bound> {
        self.variables.get(name)
    }

    pub(super) fn set(&mut self, name: &str, bound: Bound) {
        self.variables.insert(name.to_owned(), bound);
    }
}
