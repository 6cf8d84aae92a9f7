//! What `SQLite` refused, in terms of the model.

use super::tables::Tables;
use crate::error::{Error, ErrorKind, Violation};
use crate::schema::{identifier, primary_key_name};
use mainstay_entity::Table;
use rusqlite::ErrorCode;
use std::collections::BTreeSet;

/// The text of a violated reference; `SQLite` says no more about it.
const FOREIGN_KEY: &str = "FOREIGN KEY constraint failed";

/// Whether an error says that some reference does not hold.
pub(super) fn is_foreign_key(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqliteFailure(_, Some(text)) if text == FOREIGN_KEY)
}

/// An error in terms of the model. References are told by [`super::foreign_key`].
pub(super) fn resolve(error: rusqlite::Error, tables: &Tables) -> Error {
    let text = match &error {
        rusqlite::Error::SqliteFailure(_, Some(text)) => text.as_str(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.as_str(),
        _ => return fault(error),
    };
    let kind = if let Some(raised) = text.strip_prefix("mainstay:") {
        from_raised(raised)
    } else if let Some(columns) = text.strip_prefix("UNIQUE constraint failed: ") {
        Some(unique(columns, tables))
    } else if let Some(column) = text.strip_prefix("NOT NULL constraint failed: ") {
        Some(not_null(column, tables))
    } else if let Some(name) = text.strip_prefix("CHECK constraint failed: ") {
        Some(check(name, tables))
    } else if text == FOREIGN_KEY {
        Some(ErrorKind::ForeignKey(Violation::default()))
    } else if text == "integer overflow" {
        let message = "bigint out of range".to_owned();
        Some(ErrorKind::Data { sqlstate: "22003".to_owned(), message })
    } else {
        None
    };
    kind.map_or_else(|| fault(error), Error::new)
}

/// An error that has nothing to do with the data.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(super) fn fault(error: rusqlite::Error) -> Error {
    if let rusqlite::Error::ToSqlConversionFailure(inner) = &error
        && let Some(error) = inner.downcast_ref::<mainstay_entity::Error>()
    {
        return from_entity(error);
    }
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => ErrorKind::Timeout,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ErrorKind::Conflict,
        Some(
            ErrorCode::DiskFull
            | ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied,
        ) => ErrorKind::Unavailable(error.to_string()),
        _ => ErrorKind::Internal(error.to_string()),
    };
    kind.into()
}

/// A value that its column can't take.
pub(super) fn from_entity(error: &mainstay_entity::Error) -> Error {
    let (sqlstate, message) = (error.sqlstate().to_owned(), error.to_string());
    ErrorKind::Data { sqlstate, message }.into()
}

/// Text that triggers and functions raise, after `mainstay:`.
fn from_raised(text: &str) -> Option<ErrorKind> {
    let (what, rest) = text.split_once(':')?;
    match what {
        "data" => {
            let (sqlstate, message) = rest.split_once(':')?;
            Some(ErrorKind::Data { sqlstate: sqlstate.to_owned(), message: message.to_owned() })
        }
        "append_only" => Some(ErrorKind::AppendOnly { table: rest.to_owned() }),
        "transition" => {
            let mut parts = rest.splitn(4, ':').map(str::to_owned);
            Some(ErrorKind::Transition {
                table: parts.next()?,
                column: parts.next()?,
                from: parts.next()?,
                to: parts.next()?,
            })
        }
        _ => None,
    }
}

/// `table.a, table.b`, or `index 'name'` for an index over expressions.
fn unique(text: &str, tables: &Tables) -> ErrorKind {
    if let Some(name) = text.strip_prefix("index '").and_then(|t| t.strip_suffix('\'')) {
        return ErrorKind::Unique(unique_by_name(name, tables));
    }
    let mut names = BTreeSet::new();
    let mut table = None;
    for column in text.split(", ") {
        let Some((of, name)) = column.split_once('.') else {
            continue;
        };
        table = tables.by_name(of);
        names.insert(name);
    }
    let Some(table) = table else {
        return ErrorKind::Unique(Violation {
            constraint: text.to_owned(),
            ..Violation::default()
        });
    };
    let same =
        |key: &[usize]| key.iter().map(|c| table.column_name(*c)).collect::<BTreeSet<_>>() == names;
    let found = if same(&table.primary_key) {
        Some((primary_key_name(table), &table.primary_key))
    } else {
        let unique = table.uniques.iter().find(|u| same(&u.columns));
        unique.map(|u| (u.name.clone(), &u.columns))
    };
    ErrorKind::Unique(match found {
        Some((constraint, columns)) => violation(table, &constraint, columns),
        None => violation(table, text, &[]),
    })
}

fn unique_by_name(name: &str, tables: &Tables) -> Violation {
    match tables.unique_by_name(name) {
        Some((table, unique)) => violation(table, &unique.name, &unique.columns),
        None => Violation { constraint: name.to_owned(), ..Violation::default() },
    }
}

fn not_null(text: &str, tables: &Tables) -> ErrorKind {
    let (table, column) = text.split_once('.').unwrap_or(("", text));
    let table = tables.by_name(table).map_or(table, |t| &*t.meta.table);
    ErrorKind::NotNull(Violation {
        table: table.to_owned(),
        constraint: String::new(),
        columns: vec![column.to_owned()],
    })
}

fn check(name: &str, tables: &Tables) -> ErrorKind {
    let violation = match tables.by_check(name) {
        Some((table, column)) => violation(table, name, column.as_slice()),
        None => Violation { constraint: name.to_owned(), ..Violation::default() },
    };
    ErrorKind::Check(violation)
}

/// A violation of a table's constraint, which goes by the name that it has in databases.
pub(super) fn violation(table: &Table, constraint: &str, columns: &[usize]) -> Violation {
    Violation {
        table: table.meta.table.to_string(),
        constraint: identifier(constraint),
        columns: columns.iter().map(|c| table.column_name(*c).to_owned()).collect(),
    }
}
