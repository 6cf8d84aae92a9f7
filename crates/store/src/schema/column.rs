//! Columns: types and defaults.

use super::refused;
use crate::error::Result;
use crate::render::{Dialect, literal};
use mainstay_entity::parse::parse_text;
use mainstay_entity::{Column, DefaultValue, ItemKind, Kind, Table, Value};
use std::borrow::Cow;
use std::fmt;

/// What follows a column's name in its declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ColumnDefinition {
    /// The type. On `SQLite` a comment tells the kind where the storage class does not.
    pub(crate) data_type: String,
    pub(crate) not_null: bool,
    /// What the database writes when a statement gives nothing. The server gives every value;
    /// this is for servers of an older version that don't know the column.
    pub(crate) default: Option<String>,
}

impl ColumnDefinition {
    /// Reads what [`fmt::Display`] writes.
    pub(crate) fn parse(text: &str) -> Self {
        let (rest, default) = match text.split_once(" DEFAULT ") {
            Some((rest, default)) => (rest, Some(default.to_owned())),
            None => (text, None),
        };
        let (data_type, not_null) = match rest.strip_suffix(" NOT NULL") {
            Some(data_type) => (data_type, true),
            None => (rest, false),
        };
        Self { data_type: data_type.to_owned(), not_null, default }
    }

    /// The kind in `PostgreSQL`'s words, without what only an engine needs.
    pub(crate) fn kind(&self) -> &str {
        if let Some((_, comment)) = self.data_type.split_once("/* ") {
            return comment.trim_end_matches(" */");
        }
        match self.data_type.as_str() {
            "TEXT" => "text",
            "INTEGER" => "bigint",
            "REAL" => "double precision",
            "BLOB" => "bytea",
            other => other.strip_suffix(C_COLLATION).unwrap_or(other),
        }
    }

    /// Whether a statement may leave the column out.
    pub(crate) fn is_optional(&self) -> bool {
        !self.not_null || self.default.is_some()
    }

    /// Whether the default is the same value whenever it is taken.
    pub(crate) fn has_constant_default(&self) -> bool {
        self.default.as_ref().is_none_or(|default| !default.contains('('))
    }
}

impl fmt::Display for ColumnDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.data_type)?;
        if self.not_null {
            f.write_str(" NOT NULL")?;
        }
        match &self.default {
            Some(default) => write!(f, " DEFAULT {default}"),
            None => Ok(()),
        }
    }
}

/// Text sorts by code point, as it does on `SQLite`.
const C_COLLATION: &str = " COLLATE \"C\"";

/// The definition of a column.
pub(super) fn definition(
    dialect: Dialect,
    table: &Table,
    column: &Column,
) -> Result<ColumnDefinition> {
    let data_type = match dialect {
        Dialect::Sqlite => sqlite_type(&column.kind),
        Dialect::Postgres => postgres_type(&column.kind),
    };
    Ok(ColumnDefinition {
        data_type: data_type.into_owned(),
        not_null: !column.nullable,
        default: default(dialect, table, column)?,
    })
}

fn postgres_type(kind: &Kind) -> Cow<'static, str> {
    match kind {
        Kind::Text { .. } | Kind::Choice(_) => Cow::Owned(format!("text{C_COLLATION}")),
        Kind::List(ItemKind::Text) => Cow::Owned(format!("text[]{C_COLLATION}")),
        Kind::Secret | Kind::Sealed => Cow::Borrowed("bytea"),
        other => other.name(),
    }
}

fn sqlite_type(kind: &Kind) -> Cow<'static, str> {
    let storage = match kind {
        Kind::Text { .. } | Kind::Choice(_) => return Cow::Borrowed("TEXT"),
        Kind::SmallInt | Kind::Integer | Kind::BigInt => return Cow::Borrowed("INTEGER"),
        Kind::Double => return Cow::Borrowed("REAL"),
        Kind::Real => "REAL",
        Kind::Bytes | Kind::Secret | Kind::Sealed => return Cow::Borrowed("BLOB"),
        Kind::Uuid => "BLOB",
        Kind::Boolean | Kind::Timestamp | Kind::Time | Kind::Decimal { .. } => "INTEGER",
        _ => "TEXT",
    };
    Cow::Owned(format!("{storage} /* {} */", kind.name()))
}

fn default(dialect: Dialect, table: &Table, column: &Column) -> Result<Option<String>> {
    let text = match &column.default {
        Some(DefaultValue::Literal(text)) => text,
        Some(DefaultValue::Now) => return Ok(Some(now(dialect, &column.kind).to_owned())),
        Some(DefaultValue::NewId | DefaultValue::Identity) | None => return Ok(None),
    };
    let value = parse_text(&column.kind, text).map_err(|error| {
        refused(table, format_args!("the default of column {} is wrong: {error}", column.name))
    })?;
    Ok(Some(value_literal(dialect, &column.kind, &value)))
}

fn now(dialect: Dialect, kind: &Kind) -> &'static str {
    match (dialect, kind) {
        (Dialect::Postgres, Kind::Date) => "((now() AT TIME ZONE 'UTC')::date)",
        (Dialect::Postgres, _) => "now()",
        (Dialect::Sqlite, Kind::Date) => "(date('now'))",
        (Dialect::Sqlite, _) => "(CAST(unixepoch('subsec') * 1000000 AS INTEGER))",
    }
}

/// A value as an SQL literal of the type that an engine keeps its kind in.
pub(crate) fn value_literal(dialect: Dialect, kind: &Kind, value: &Value) -> String {
    let mut text = Vec::new();
    if dialect == Dialect::Sqlite && matches!(kind, Kind::List(_)) {
        value.as_cell().write_json(&mut text);
    } else {
        value.as_cell().write_text(&mut text);
    }
    let text = String::from_utf8_lossy(&text);
    match (dialect, value) {
        (_, Value::Null) => "NULL".to_owned(),
        (Dialect::Sqlite, Value::Bool(value)) => i64::from(*value).to_string(),
        (Dialect::Postgres, Value::Bool(value)) => value.to_string(),
        (Dialect::Sqlite, Value::Decimal(value)) => value.units().to_string(),
        (Dialect::Sqlite, Value::Timestamp(micros) | Value::Time(micros)) => micros.to_string(),
        (Dialect::Sqlite, Value::Real(single)) => f64::from(*single).to_string(),
        (Dialect::Sqlite, Value::Bytes(bytes)) => blob(bytes),
        (Dialect::Sqlite, Value::Uuid(id)) => blob(id.as_bytes()),
        (Dialect::Sqlite, _) if *kind == Kind::U256 => format!("'{text:0>78}'"),
        (_, Value::Int(_) | Value::Double(_)) | (Dialect::Postgres, Value::Decimal(_)) => {
            text.into_owned()
        }
        (_, Value::Text(_)) if *kind == Kind::U256 => text.into_owned(),
        (_, Value::Text(_)) | (Dialect::Sqlite, _) => literal(&text),
        (Dialect::Postgres, _) => format!("{}::{}", literal(&text), kind.name()),
    }
}

fn blob(bytes: &[u8]) -> String {
    use fmt::Write;
    let mut literal = String::from("x'");
    for byte in bytes {
        // Writing to a `String` does not fail.
        let _ = write!(literal, "{byte:02x}");
    }
    literal + "'"
}
