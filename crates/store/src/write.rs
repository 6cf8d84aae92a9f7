//! What can be changed, as data on metadata.

use crate::query::Filter;
use mainstay_entity::{Record, Table, Value};
use std::sync::Arc;

/// New rows of one table. The server has made every value, defaults included.
#[derive(Clone, Debug)]
pub struct Insert {
    /// The table.
    pub table: Arc<Table>,
    /// Full rows in declared column order.
    pub rows: Vec<Record>,
    /// What happens when a key exists.
    pub conflict: Conflict,
}

/// What an insert does when a key exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The insert fails with a unique violation.
    Fail,
    /// None ever does: the server made the keys, and nobody else can. The rows may be indexed
    /// later.
    Never,
    /// The row is left out.
    Ignore {
        /// The key's columns; empty means any key.
        key: Vec<usize>,
    },
    /// The existing row takes the given columns.
    Merge {
        /// The key's columns.
        key: Vec<usize>,
        /// Columns that are overwritten.
        set: Vec<usize>,
    },
}

/// What became of one row of an insert.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is new.
    Inserted,
    /// It was left out, because its key exists.
    Ignored,
    /// It was merged into an existing row.
    Merged(Change),
}

/// A row before and after a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The full row before.
    pub old: Record,
    /// The full row after.
    pub new: Record,
}

/// A change of the rows that match.
#[derive(Clone, Debug)]
pub struct Update {
    /// The table.
    pub table: Arc<Table>,
    /// Columns and their new values.
    pub set: Vec<(usize, Value)>,
    /// Which rows.
    pub filter: Filter,
}

/// A removal of the rows that match.
#[derive(Clone, Debug)]
pub struct Delete {
    /// The table.
    pub table: Arc<Table>,
    /// Which rows.
    pub filter: Filter,
}
