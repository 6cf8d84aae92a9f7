//! What a database declares that this program has not made: tables and views, read from its
//! system catalog, so that declarations can be written after them.
//!
//! Texts are the engine's own. Nothing is written, and no row is read.

mod postgres;
mod sqlite;

use crate::error::Result;
use std::path::Path;

/// A table of a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its comment.
    pub comment: Option<String>,
    /// Columns in their order.
    pub columns: Vec<Column>,
    /// Columns of the primary key in its order; empty without one.
    pub primary_key: Vec<String>,
    /// Unique keys that are constraints.
    pub uniques: Vec<Index>,
    /// References to other tables.
    pub references: Vec<Reference>,
    /// Conditions on rows.
    pub checks: Vec<Check>,
    /// Indexes beside keys, unique ones among them.
    pub indexes: Vec<Index>,
    /// What it has beside: triggers, policies, partitions, each in words.
    pub others: Vec<String>,
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type as the engine writes it; of a domain the type below it.
    pub data_type: String,
    /// The values of an enumeration, or of the items of a list of it.
    pub labels: Vec<String>,
    /// Whether it may be null.
    pub nullable: bool,
    /// The expression of its default.
    pub default: Option<String>,
    /// Whether the engine numbers rows by it.
    pub identity: bool,
    /// The expression that computes it, where it is computed.
    pub generated: Option<String>,
    /// The collation, where it is not the engine's usual one.
    pub collation: Option<String>,
    /// Conditions of its domain, on `VALUE`.
    pub checks: Vec<Check>,
    /// Its comment.
    pub comment: Option<String>,
}

/// A condition on rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The constraint's name; empty where it has none.
    pub name: String,
    /// The SQL expression.
    pub expression: String,
}

/// A reference to another table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The constraint's name; empty where it has none.
    pub name: String,
    /// Referring columns.
    pub columns: Vec<String>,
    /// Schema of the target; empty where the engine has no schemas.
    pub schema: String,
    /// Target table.
    pub table: String,
    /// Target columns.
    pub to: Vec<String>,
    /// What happens when the target goes.
    pub on_delete: Action,
    /// What happens when the target's key changes.
    pub on_update: Action,
    /// Whether it may be looked at when the transaction ends.
    pub deferrable: bool,
}

/// What a reference does when its target goes or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Refuses (`NO ACTION`, `RESTRICT`).
    Refuse,
    /// Follows.
    Cascade,
    /// Empties the referring columns.
    SetNull,
    /// Puts defaults into the referring columns.
    SetDefault,
}

/// An index or a unique key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// The method, as `PostgreSQL` names it; `btree` on `SQLite`.
    pub method: String,
    /// Whether it is a unique key.
    pub unique: bool,
    /// Whether two nulls conflict.
    pub nulls_not_distinct: bool,
    /// What it is over, in order.
    pub parts: Vec<Part>,
    /// The condition of rows in it.
    pub filter: Option<String>,
}

/// What an index is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// A column's name, or an expression.
    pub text: String,
    /// Whether it is an expression.
    pub is_expression: bool,
    /// Whether the largest comes first.
    pub descending: bool,
    /// Whether it is there to be shown alone (`INCLUDE`).
    pub is_included: bool,
}

/// Tables and views of a schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// Its tables by name.
    pub tables: Vec<Table>,
    /// Names of what is no table, each with what it is and its query, where it has one.
    pub views: Vec<View>,
}

/// A view of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its name.
    pub name: String,
    /// What it is: `view`, `materialized view`, `foreign table`.
    pub what: &'static str,
    /// Its query.
    pub query: Option<String>,
}

/// Reads a schema of a `PostgreSQL` database.
///
/// # Errors
/// When the database can't be reached or read, or has no such schema.
pub async fn read_postgres(url: &str, schema: &str) -> Result<Schema> {
    postgres::read(url, schema).await
}

/// Reads a `SQLite` file, which is opened for reading alone.
///
/// # Errors
/// When there is no such file, or it is none of `SQLite`.
pub fn read_sqlite(file: &Path) -> Result<Schema> {
    sqlite::read(file)
}
