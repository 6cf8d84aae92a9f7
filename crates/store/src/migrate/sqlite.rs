//! Migrating an `SQLite` file.
//!
//! The connection has the functions of servers registered: indexes and triggers call them.

pub(super) mod steps;

mod live;
mod statistics;

pub use live::compare_live;

use super::record::{self, State, from_row, to_row};
use super::{Applied, Options, Plan, Status, Step};
use crate::error::{Error, ErrorKind, Result};
use crate::render::Dialect;
use crate::schema::Object;
use crate::sqlite::connection::{create_private, open_writer};
use mainstay_entity::Catalog;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

const DIALECT: Dialect = Dialect::Sqlite;

/// How long a migration waits for another one, in milliseconds.
const LOCK_WAIT_MS: u32 = 60_000;

/// What [`apply`] would do.
///
/// # Errors
/// [`ErrorKind::Refused`] when this version can't use the database or a declaration is wrong.
pub fn plan(connection: &mut Connection, catalog: &Catalog, options: &Options) -> Result<Plan> {
    let (state, recorded) = read(connection)?;
    Plan::new(DIALECT, catalog, options, state.as_ref(), recorded)
}

/// How the database stands to this program.
///
/// # Errors
/// When the database can't be read.
pub fn status(connection: &mut Connection, catalog: &Catalog, options: &Options) -> Result<Status> {
    match read(connection) {
        Ok((state, recorded)) => {
            let plan = Plan::new(DIALECT, catalog, options, state.as_ref(), recorded);
            Status::new(state, plan)
        }
        Err(error) => Status::new(None, Err(error)),
    }
}

/// Brings the database to what the catalog declares, in one transaction.
///
/// # Errors
/// [`ErrorKind::Refused`] when this version can't use the database, when a needed step must be
/// allowed explicitly, or when the rows don't meet what a step demands; nothing is changed then.
/// [`ErrorKind::Conflict`] when another migration takes too long.
pub fn apply(connection: &mut Connection, catalog: &Catalog, options: &Options) -> Result<Applied> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
    let foreign_keys = pragma("foreign_keys").map_err(fault)?;
    let busy_timeout = pragma("busy_timeout").map_err(fault)?;
    // Making a table anew must not cascade to others. This has no effect inside a transaction.
    connection.pragma_update(None, "foreign_keys", 0).map_err(fault)?;
    connection.pragma_update(None, "busy_timeout", LOCK_WAIT_MS).map_err(fault)?;
    let applied = migrate(connection, catalog, options);
    connection.pragma_update(None, "legacy_alter_table", 0).map_err(fault)?;
    connection.pragma_update(None, "foreign_keys", foreign_keys).map_err(fault)?;
    connection.pragma_update(None, "busy_timeout", busy_timeout).map_err(fault)?;
    applied
}

/// Writes a consistent copy of the database to a new file that its owner alone may read, and checks
/// it.
///
/// # Errors
/// [`ErrorKind::Unavailable`] when there is no room for it.
pub fn copy(connection: &Connection, to: &Path) -> Result<()> {
    let path = to.to_str().ok_or_else(|| {
        Error::new(ErrorKind::Refused(format!("the path {} is not UTF-8", to.display())))
    })?;
    create_private(to)?;
    connection.execute("VACUUM INTO ?1", [path]).map_err(fault)?;
    let copy = open_writer(to)?;
    let sql = "PRAGMA quick_check(1)";
    let found: String = copy.query_row(sql, [], |row| row.get(0)).map_err(fault)?;
    if found == "ok" { Ok(()) } else { Err(Error::internal(format!("a copy is damaged: {found}"))) }
}

fn migrate(connection: &mut Connection, catalog: &Catalog, options: &Options) -> Result<Applied> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
    let (state, recorded) = read(&transaction)?;
    let plan = Plan::new(DIALECT, catalog, options, state.as_ref(), recorded)?;
    let (run, held) = plan.choose(options)?;
    let mut times = Vec::with_capacity(run.len());
    if !run.is_empty() || state.is_none() {
        for step in &run {
            times.push(run_step(&transaction, step)?);
        }
        check_references(&transaction)?;
        let record = plan.record_after(&run);
        let state = State::after(state.as_ref(), options, &run, &record);
        write(&transaction, &state, &record).map_err(fault)?;
        statistics::write(&transaction).map_err(fault)?;
    }
    transaction.commit().map_err(fault)?;
    Ok(Applied { steps: run, held, kept: plan.kept, times })
}

/// Runs the statements of a step; gives how long they took.
fn run_step(connection: &Connection, step: &Step) -> Result<Duration> {
    let began = Instant::now();
    for sql in &step.sql {
        connection.execute_batch(sql).map_err(|error| match fault(error).kind() {
            ErrorKind::Internal(why) => {
                Error::new(ErrorKind::Refused(format!("could not {}: {why}", step.description)))
            }
            kind => Error::new(kind.clone()),
        })?;
    }
    Ok(began.elapsed())
}

/// References were not checked while tables were made anew or got new references.
fn check_references(connection: &Connection) -> Result<()> {
    let broken: Option<(String, String)> = connection
        .query_row("SELECT \"table\", \"parent\" FROM pragma_foreign_key_check", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()
        .map_err(fault)?;
    match broken {
        None => Ok(()),
        Some((table, target)) => Err(ErrorKind::Refused(format!(
            "table {table} has rows that refer to missing rows of {target}"
        ))
        .into()),
    }
}

/// What the database says of itself, and the objects that it records.
fn read(connection: &Connection) -> Result<(Option<State>, Vec<Object>)> {
    let state_table = record::state_table(DIALECT);
    let objects_table = record::objects_table(DIALECT);
    let exists: bool = connection
        .query_row(
            "SELECT count(*) = 2 FROM sqlite_master WHERE type = 'table' \
             AND name IN ('mainstay_schema_state', 'mainstay_schema_objects')",
            [],
            |row| row.get(0),
        )
        .map_err(fault)?;
    if !exists {
        return Ok((None, Vec::new()));
    }
    let pairs: HashMap<String, String> =
        rows(connection, &format!("SELECT key, value FROM {state_table}"), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .into_iter()
        .collect();
    let state = State::from_pairs(&pairs)?;
    let sql = format!("SELECT table_name, kind, name, definition FROM {objects_table}");
    let recorded =
        rows(connection, &sql, |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
    Ok((state, recorded.into_iter().map(from_row).collect::<Result<_>>()?))
}

fn rows<T>(
    connection: &Connection,
    sql: &str,
    read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare(sql).map_err(fault)?;
    let rows = statement.query_map([], read).map_err(fault)?;
    rows.collect::<rusqlite::Result<_>>().map_err(fault)
}

fn write(connection: &Connection, state: &State, record: &[Object]) -> rusqlite::Result<()> {
    for sql in record::create_sql(DIALECT, "") {
        connection.execute_batch(&sql)?;
    }
    let objects_table = record::objects_table(DIALECT);
    connection.execute(&format!("DELETE FROM {objects_table}"), [])?;
    let mut insert =
        connection.prepare(&format!("INSERT INTO {objects_table} VALUES (?1, ?2, ?3, ?4)"))?;
    for object in record {
        insert.execute(to_row(object))?;
    }
    let sql = format!("INSERT OR REPLACE INTO {} VALUES (?1, ?2)", record::state_table(DIALECT));
    for (key, value) in state.to_pairs() {
        connection.execute(&sql, params![key, value])?;
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where errors are mapped")]
fn fault(error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, NotADatabase, ReadOnly, SystemIoFailure,
    };
    let text = error.to_string();
    Error::new(match error.sqlite_error_code() {
        Some(DatabaseBusy | DatabaseLocked) => ErrorKind::Conflict,
        Some(CannotOpen | DiskFull | ReadOnly | SystemIoFailure) => ErrorKind::Unavailable(text),
        Some(NotADatabase) => ErrorKind::Refused("the file is not a database".to_owned()),
        _ => ErrorKind::Internal(text),
    })
}
