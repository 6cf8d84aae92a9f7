//! Migrating a `PostgreSQL` database, as the role that owns it.

pub(super) mod steps;

mod live;

pub use live::compare_live;

use super::record::{self, State, from_row, to_row};
use super::{Applied, Options, Plan, Status, Step};
use crate::error::{Error, ErrorKind, Result};
use crate::render::Dialect;
use crate::schema::Object;
use mainstay_entity::Catalog;
use std::collections::HashMap;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Transaction};

const DIALECT: Dialect = Dialect::Postgres;

/// The advisory lock that migrations of one database take in turn. The number is arbitrary.
const LOCK: i64 = 0x6d73_6d69_6772;

/// The migration sees all rows, whose policies bind the owner too. It gives up a lock on a table
/// that it does not get soon, since whoever wants the table meanwhile waits behind it.
const SETTINGS: &str = "SET LOCAL app.system = 'on'; SET LOCAL lock_timeout = '10s'";

/// What [`apply`] would do.
///
/// # Errors
/// [`ErrorKind::Refused`] when this version can't use the database or a declaration is wrong.
pub async fn plan(client: &mut Client, catalog: &Catalog, options: &Options) -> Result<Plan> {
    let transaction = client.transaction().await.map_err(fault)?;
    let (state, recorded) = read(&transaction).await?;
    Plan::new(DIALECT, catalog, options, state.as_ref(), recorded)
}

/// How the database stands to this program. Servers' own role may ask.
///
/// # Errors
/// When the database can't be read.
pub async fn status(client: &mut Client, catalog: &Catalog, options: &Options) -> Result<Status> {
    let transaction = client.transaction().await.map_err(fault)?;
    match read(&transaction).await {
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
/// [`ErrorKind::Timeout`] when a table stays in use.
pub async fn apply(client: &mut Client, catalog: &Catalog, options: &Options) -> Result<Applied> {
    let transaction = client.transaction().await.map_err(fault)?;
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await.map_err(fault)?;
    transaction.batch_execute(SETTINGS).await.map_err(fault)?;
    check_role(&transaction, &options.app_role).await?;
    let (state, recorded) = read(&transaction).await?;
    let plan = Plan::new(DIALECT, catalog, options, state.as_ref(), recorded)?;
    let (run, held) = plan.choose(options)?;
    if !run.is_empty() || state.is_none() {
        for step in &run {
            run_step(&transaction, step).await?;
        }
        let record = plan.record_after(&run);
        let state = State::after(state.as_ref(), options, &run, &record);
        write(&transaction, &state, &record, &options.app_role).await.map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)?;
    Ok(Applied { steps: run, held, kept: plan.kept })
}

async fn check_role(transaction: &Transaction<'_>, role: &str) -> Result<()> {
    let sql = "SELECT FROM pg_roles WHERE rolname = $1";
    if transaction.query_opt(sql, &[&role]).await.map_err(fault)?.is_some() {
        return Ok(());
    }
    Err(ErrorKind::Refused(format!(
        "the role \"{role}\" of servers does not exist; create it with LOGIN and without SUPERUSER \
         and BYPASSRLS"
    ))
    .into())
}

async fn run_step(transaction: &Transaction<'_>, step: &Step) -> Result<()> {
    for sql in &step.sql {
        transaction.batch_execute(sql).await.map_err(|error| match fault(error).kind() {
            ErrorKind::Internal(why) => {
                Error::new(ErrorKind::Refused(format!("could not {}: {why}", step.description)))
            }
            kind => Error::new(kind.clone()),
        })?;
    }
    Ok(())
}

/// What the database says of itself, and the objects that it records.
async fn read(transaction: &Transaction<'_>) -> Result<(Option<State>, Vec<Object>)> {
    let state_table = record::state_table(DIALECT);
    let objects_table = record::objects_table(DIALECT);
    let sql = "SELECT to_regclass($1) IS NOT NULL AND to_regclass($2) IS NOT NULL";
    let exists = transaction.query_one(sql, &[&state_table, &objects_table]).await;
    if !exists.map_err(fault)?.get::<_, bool>(0) {
        return Ok((None, Vec::new()));
    }
    let sql = format!("SELECT \"key\", \"value\" FROM {state_table}");
    let rows = transaction.query(&sql, &[]).await.map_err(fault)?;
    let pairs: HashMap<String, String> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let state = State::from_pairs(&pairs)?;
    let sql =
        format!("SELECT \"table_name\", \"kind\", \"name\", \"definition\" FROM {objects_table}");
    let rows = transaction.query(&sql, &[]).await.map_err(fault)?;
    let object =
        |row: &tokio_postgres::Row| from_row([row.get(0), row.get(1), row.get(2), row.get(3)]);
    Ok((state, rows.iter().map(object).collect::<Result<_>>()?))
}

async fn write(
    transaction: &Transaction<'_>,
    state: &State,
    record: &[Object],
    app_role: &str,
) -> Result<(), tokio_postgres::Error> {
    transaction.batch_execute("CREATE SCHEMA IF NOT EXISTS mainstay").await?;
    for sql in record::create_sql(DIALECT, app_role) {
        transaction.batch_execute(&sql).await?;
    }
    let objects_table = record::objects_table(DIALECT);
    transaction.execute(&format!("DELETE FROM {objects_table}"), &[]).await?;
    let mut columns: [Vec<String>; 4] = Default::default();
    for object in record {
        for (column, value) in columns.iter_mut().zip(to_row(object)) {
            column.push(value);
        }
    }
    let [tables, kinds, names, definitions] = &columns;
    let insert = format!(
        "INSERT INTO {objects_table} SELECT * FROM unnest($1::text[], $2::text[], $3::text[], \
         $4::text[])"
    );
    transaction.execute(&insert, &[tables, kinds, names, definitions]).await?;
    let upsert = format!(
        "INSERT INTO {} VALUES ($1, $2) ON CONFLICT (\"key\") DO UPDATE SET \"value\" = $2",
        record::state_table(DIALECT)
    );
    for (key, value) in state.to_pairs() {
        transaction.execute(&upsert, &[&key, &value]).await?;
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where errors are mapped")]
fn fault(error: tokio_postgres::Error) -> Error {
    let Some(database) = error.as_db_error() else {
        return Error::new(ErrorKind::Unavailable(error.to_string()));
    };
    let text = database.message().to_owned();
    Error::new(match database.code() {
        &SqlState::LOCK_NOT_AVAILABLE | &SqlState::QUERY_CANCELED => ErrorKind::Timeout,
        &SqlState::T_R_DEADLOCK_DETECTED | &SqlState::T_R_SERIALIZATION_FAILURE => {
            ErrorKind::Conflict
        }
        &SqlState::INSUFFICIENT_PRIVILEGE => ErrorKind::Refused(text),
        _ => ErrorKind::Internal(text),
    })
}
