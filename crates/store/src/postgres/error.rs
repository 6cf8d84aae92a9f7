//! What the server refused, in terms of the model.
//!
//! Only names from the catalog and, for values that can't be computed with, the server's message
//! reach callers. The server's details hold keys of rows and are never used.

use crate::error::{Error, ErrorKind, Violation};
use crate::render::Dialect;
use crate::schema::{check_names, identifier, primary_key_name};
use mainstay_entity::{Catalog, Table};
use std::error::Error as _;
use std::sync::Arc;
use tokio_postgres::error::{DbError, SqlState};
use tracing::warn;

/// Prefix of the message of a trigger that guards a life cycle.
const TRANSITION: &str = "mainstay:transition:";
/// Prefix of the message of a trigger that guards rows that can't be changed.
const APPEND_ONLY: &str = "mainstay:append_only:";
/// The server's function that checks new rows against policies; messages may be translated.
const POLICY_CHECK: &str = "ExecWithCheckOptions";
/// The server's function that finds a cached plan outdated.
const PLAN_CHECK: &str = "RevalidateCachedQuery";

/// A failed connection attempt.
pub(super) fn connect_error(error: &tokio_postgres::Error) -> Error {
    let Some(db) = error.as_db_error() else {
        let cause = error.source().map(ToString::to_string).unwrap_or_default();
        return Error::new(ErrorKind::Unavailable(format!("{error}: {cause}")));
    };
    let class = &db.code().code()[..2];
    Error::new(match class {
        "28" | "3D" | "42" => ErrorKind::Refused(db.message().to_owned()),
        _ => ErrorKind::Unavailable(db.message().to_owned()),
    })
}

/// A failed statement.
pub(super) fn statement_error(catalog: &Catalog, error: &tokio_postgres::Error) -> Error {
    if let Some(db) = error.as_db_error() {
        return Error::new(database_error(catalog, db));
    }
    let is_io = error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
    if error.is_closed() || is_io {
        return Error::new(ErrorKind::Unavailable("the connection was lost".to_owned()));
    }
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    Error::internal(format!("{error}: {cause}"))
}

/// Whether a table changed under a prepared statement; preparing it again helps.
pub(super) fn is_stale_plan(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|db| db.routine() == Some(PLAN_CHECK))
}

fn database_error(catalog: &Catalog, db: &DbError) -> ErrorKind {
    let code = db.code().code();
    if let Some(kind) = guard_error(catalog, db.message()) {
        return kind;
    }
    match *db.code() {
        SqlState::UNIQUE_VIOLATION => ErrorKind::Unique(violation(catalog, db)),
        SqlState::FOREIGN_KEY_VIOLATION | SqlState::RESTRICT_VIOLATION => {
            ErrorKind::ForeignKey(violation(catalog, db))
        }
        SqlState::NOT_NULL_VIOLATION => ErrorKind::NotNull(violation(catalog, db)),
        SqlState::CHECK_VIOLATION => ErrorKind::Check(violation(catalog, db)),
        SqlState::INSUFFICIENT_PRIVILEGE => privilege_error(catalog, db),
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::LOCK_NOT_AVAILABLE => ErrorKind::Conflict,
        SqlState::QUERY_CANCELED => ErrorKind::Timeout,
        SqlState::TOO_MANY_CONNECTIONS => ErrorKind::Overloaded,
        SqlState::READ_ONLY_SQL_TRANSACTION => unavailable(db),
        _ if db.routine() == Some(PLAN_CHECK) => ErrorKind::Conflict,
        _ => match &code[..2] {
            // Cardinality violations, data exceptions, program limits.
            "21" | "22" | "54" => {
                let message = db.message().to_owned();
                ErrorKind::Data { sqlstate: code.to_owned(), message }
            }
            // Connection exceptions, resources, shutdown and recovery, failing disks.
            "08" | "53" | "57" | "58" => unavailable(db),
            _ => ErrorKind::Internal(format!("{} ({code})", db.message())),
        },
    }
}

/// The server's own words can hold paths and names; they go to the log alone.
fn unavailable(db: &DbError) -> ErrorKind {
    warn!(sqlstate = db.code().code(), message = db.message(), "the database server failed");
    ErrorKind::Unavailable(format!("the database server failed ({})", db.code().code()))
}

/// What a generated trigger reported.
fn guard_error(catalog: &Catalog, message: &str) -> Option<ErrorKind> {
    if let Some(table) = message.strip_prefix(APPEND_ONLY) {
        let table = find(catalog, None, table).map_or(table, |t| t.meta.table.as_ref());
        return Some(ErrorKind::AppendOnly { table: table.to_owned() });
    }
    let mut parts = message.strip_prefix(TRANSITION)?.splitn(4, ':').map(str::to_owned);
    let table = parts.next()?;
    Some(ErrorKind::Transition {
        table: find(catalog, None, &table).map_or(table, |t| t.meta.table.to_string()),
        column: parts.next()?,
        from: parts.next()?,
        to: parts.next()?,
    })
}

/// A row that a policy refused, or a table whose rows the role may not change.
fn privilege_error(catalog: &Catalog, db: &DbError) -> ErrorKind {
    // Neither error has fields that name the table.
    let name = db.message().split('"').nth(1);
    let name = name.or_else(|| db.message().rsplit(' ').next()).unwrap_or_default();
    let table = find(catalog, None, name);
    let named = table.map_or(name, |t| t.meta.table.as_ref()).to_owned();
    if db.routine() == Some(POLICY_CHECK) {
        ErrorKind::OutOfReach { table: named }
    } else if table.is_some_and(|table| table.meta.append_only) {
        ErrorKind::AppendOnly { table: named }
    } else {
        ErrorKind::Internal(format!("{} ({})", db.message(), db.code().code()))
    }
}

fn violation(catalog: &Catalog, db: &DbError) -> Violation {
    let name = db.table().unwrap_or_default();
    let constraint = db.constraint().unwrap_or_default();
    let Some(table) = find(catalog, db.schema(), name) else {
        let columns = db.column().map(str::to_owned).into_iter().collect();
        return Violation { table: name.to_owned(), constraint: constraint.to_owned(), columns };
    };
    let declared = table.meta.table.as_ref();
    // A partition's key is named after the partition.
    let constraint = match constraint.strip_prefix(name) {
        Some(rest) if name != declared => format!("{declared}{rest}"),
        _ => constraint.to_owned(),
    };
    let columns = match db.column() {
        Some(column) => vec![column.to_owned()],
        None => columns_of(table, &constraint),
    };
    Violation { table: declared.to_owned(), constraint, columns }
}

/// The columns that a constraint of this name is about. Long names are shortened in the database.
fn columns_of(table: &Table, constraint: &str) -> Vec<String> {
    let names = |columns: &[usize]| {
        columns.iter().map(|column| table.column_name(*column).to_owned()).collect()
    };
    if let Some(key) = table.uniques.iter().find(|key| identifier(&key.name) == constraint) {
        return names(&key.columns);
    }
    if let Some(key) = table.foreign_keys.iter().find(|key| identifier(&key.name) == constraint) {
        return names(&key.columns);
    }
    if constraint == primary_key_name(table) {
        return names(&table.primary_key);
    }
    let checks = check_names(Dialect::Postgres, table);
    let column = checks.into_iter().find(|(name, _)| name == constraint).and_then(|(_, c)| c);
    column.map(|column| names(&[column])).unwrap_or_default()
}

/// The table of this name, or the partitioned table whose partition it is.
fn find<'a>(catalog: &'a Catalog, schema: Option<&str>, name: &str) -> Option<&'a Arc<Table>> {
    let in_schema = |table: &&Arc<Table>| schema.is_none_or(|schema| table.meta.schema == schema);
    let tables = || catalog.tables().iter().filter(in_schema);
    let is_partition = |table: &Table| {
        let rest = name.strip_prefix(&*table.meta.table);
        table.meta.partitioned && rest.is_some_and(|rest| rest.starts_with('_'))
    };
    tables().find(|table| table.meta.table == name).or_else(|| {
        let partitioned = tables().filter(|table| is_partition(table));
        partitioned.max_by_key(|table| table.meta.table.len())
    })
}
