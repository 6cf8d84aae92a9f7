//! Names of tables and of what belongs to them.

use crate::render::{Dialect, flat_name, quote};
use mainstay_entity::Table;
use sha2::{Digest, Sha256};
use std::fmt;

/// Longest identifier that `PostgreSQL` keeps, in bytes.
const MAX_IDENTIFIER: usize = 63;

/// A table by schema and name; both are empty for what belongs to no table.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TableName {
    pub(crate) schema: String,
    pub(crate) name: String,
}

impl TableName {
    pub(crate) fn of(table: &Table) -> Self {
        Self { schema: table.meta.schema.to_string(), name: table.meta.table.to_string() }
    }

    /// Reads what [`fmt::Display`] writes.
    pub(crate) fn parse(text: &str) -> Self {
        let (schema, name) = text.split_once('.').unwrap_or_default();
        Self { schema: schema.to_owned(), name: name.to_owned() }
    }

    /// Whether this stands for the database as a whole.
    pub(crate) fn is_none(&self) -> bool {
        self.name.is_empty()
    }

    /// The name in SQL, quoted.
    pub(crate) fn sql(&self, dialect: Dialect) -> String {
        match dialect {
            Dialect::Postgres => format!("{}.{}", quote(&self.schema), quote(&self.name)),
            Dialect::Sqlite => quote(&self.flat()),
        }
    }

    /// The name where there are no schemas.
    pub(crate) fn flat(&self) -> String {
        flat_name(&self.schema, &self.name)
    }

    /// What names of indexes and triggers begin with: they share one name space per schema on
    /// `PostgreSQL` and one per file on `SQLite`.
    pub(crate) fn prefix(&self, dialect: Dialect) -> String {
        match dialect {
            Dialect::Postgres => self.name.clone(),
            Dialect::Sqlite => self.flat(),
        }
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() { Ok(()) } else { write!(f, "{}.{}", self.schema, self.name) }
    }
}

/// The identifier for a name of any length: a name that is too long ends in a hash of itself.
pub(crate) fn identifier(name: &str) -> String {
    if name.len() <= MAX_IDENTIFIER {
        return name.to_owned();
    }
    let digest = Sha256::digest(name.as_bytes());
    let hash = format!("_{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3]);
    let kept = name.floor_char_boundary(MAX_IDENTIFIER - hash.len());
    format!("{}{hash}", &name[..kept])
}

/// A name that is not among `taken`: the wanted one, or one with a number behind it.
pub(crate) fn unused(wanted: &str, taken: &[String]) -> String {
    let first = identifier(wanted);
    if !taken.contains(&first) {
        return first;
    }
    let mut number = 1;
    loop {
        let name = identifier(&format!("{wanted}{number}"));
        if !taken.contains(&name) {
            return name;
        }
        number += 1;
    }
}

/// Whether SQL text mentions a column, quoted or not.
pub(crate) fn mentions(sql: &str, column: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    sql.match_indices(column).any(|(start, _)| {
        let before = sql[..start].chars().next_back();
        let after = sql[start + column.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// Quoted column names, separated by commas.
pub(crate) fn column_list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}
