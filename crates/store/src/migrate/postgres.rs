//! Migrating a `PostgreSQL` database, as the role that owns it.

pub(super) mod steps;

mod live;
mod online;
mod words;

pub use live::compare_live;

use super::record::{self, State, from_row, to_row};
use super::{Applied, Options, Plan, Status, Step};
use crate::error::{Error, ErrorKind, Result};
use crate::render::Dialect;
use crate::schema::Object;
use mainstay_entity::Catalog;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Transaction};

const DIALECT: Dialect = Dialect::Postgres;

/// The advisory lock that migrations of one database take in turn. The number is arbitrary.
const LOCK: i64 = 0x6d73_6d69_6772;

/// How long a migration waits before it looks again whether another one has ended.
const LOCK_PAUSE: Duration = Duration::from_millis(100);

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

/// Brings the database to what the catalog declares, in one transaction. Indexes of tables that are
/// there come after it, built while rows are read and written.
///
/// # Errors
/// [`ErrorKind::Refused`] when this version can't use the database, when a needed step must be
/// allowed explicitly, or when the rows don't meet what a step demands; nothing is changed then,
/// unless it is an index that rows don't meet: all else is done.
/// [`ErrorKind::Timeout`] when a table stays in use.
pub async fn apply(client: &mut Client, catalog: &Catalog, options: &Options) -> Result<Applied> {
    locked(client, async |client| {
        let transaction = begin(client, options).await?;
        let (state, recorded) = read(&transaction).await?;
        let plan = Plan::new(DIALECT, catalog, options, state.as_ref(), recorded)?;
        let (run, held) = plan.choose(options)?;
        let mut times = vec![Duration::ZERO; run.len()];
        let mut done: Vec<Step> = Vec::new();
        for (step, time) in run.iter().zip(&mut times).filter(|(step, _)| step.builds().is_none()) {
            *time = run_step(&transaction, step, &step.sql).await?;
            words::fill(&transaction, catalog, step).await?;
            done.push(step.clone());
        }
        if !done.is_empty() || state.is_none() {
            write(&transaction, &plan, options, state.as_ref(), &done).await?;
        }
        transaction.commit().await.map_err(fault)?;
        for (step, time) in run.iter().zip(&mut times) {
            let Some(index) = step.builds() else { continue };
            let began = Instant::now();
            online::build(client, index).await.map_err(|error| refused(step, &error))?;
            *time = began.elapsed();
            done.push(step.clone());
            let transaction = client.transaction().await.map_err(fault)?;
            write(&transaction, &plan, options, state.as_ref(), &done).await?;
            transaction.commit().await.map_err(fault)?;
        }
        Ok(Applied { steps: run, held, kept: plan.kept, times })
    })
    .await
}

/// Does what [`apply`] would do in a transaction that is undone; tells how long each step took.
/// Tables that it changes are locked until it ends, those that get an index for writes.
///
/// # Errors
/// As [`apply`]; nothing is changed in any case.
pub async fn rehearse(
    client: &mut Client,
    catalog: &Catalog,
    options: &Options,
) -> Result<Applied> {
    locked(client, async |client| {
        let transaction = begin(client, options).await?;
        let (state, recorded) = read(&transaction).await?;
        let plan = Plan::new(DIALECT, catalog, options, state.as_ref(), recorded)?;
        let (run, held) = plan.choose(options)?;
        let mut times = Vec::with_capacity(run.len());
        for step in &run {
            let index = step.builds().map(|index| vec![index.definition.clone()]);
            times.push(run_step(&transaction, step, index.as_ref().unwrap_or(&step.sql)).await?);
            words::fill(&transaction, catalog, step).await?;
        }
        transaction.rollback().await.map_err(fault)?;
        Ok(Applied { steps: run, held, kept: plan.kept, times })
    })
    .await
}

/// Does some work while no other migration runs. It is waited for between statements: an index
/// build would wait for a statement that waits here.
async fn locked<T>(
    client: &mut Client,
    work: impl AsyncFnOnce(&mut Client) -> Result<T>,
) -> Result<T> {
    let sql = "SELECT pg_try_advisory_lock($1)";
    while !client.query_one(sql, &[&LOCK]).await.map_err(fault)?.get::<_, bool>(0) {
        tokio::time::sleep(LOCK_PAUSE).await;
    }
    let done = work(client).await;
    let unlocked = client.execute("SELECT pg_advisory_unlock($1)", &[&LOCK]).await.map_err(fault);
    done.and_then(|done| unlocked.map(|_| done))
}

async fn begin<'a>(client: &'a mut Client, options: &Options) -> Result<Transaction<'a>> {
    let transaction = client.transaction().await.map_err(fault)?;
    transaction.batch_execute(SETTINGS).await.map_err(fault)?;
    check_role(&transaction, &options.app_role).await?;
    Ok(transaction)
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

/// Runs the statements of a step; gives how long they took.
async fn run_step(transaction: &Transaction<'_>, step: &Step, sql: &[String]) -> Result<Duration> {
    let began = Instant::now();
    for sql in sql {
        let run = transaction.batch_execute(sql).await;
        run.map_err(|error| refused(step, &fault(error)))?;
    }
    Ok(began.elapsed())
}

/// A failure whose cause are the rows, told of its step.
fn refused(step: &Step, error: &Error) -> Error {
    Error::new(match error.kind() {
        ErrorKind::Internal(why) => {
            ErrorKind::Refused(format!("could not {}: {why}", step.description))
        }
        kind => kind.clone(),
    })
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

/// Records what the database is after some steps of a plan.
async fn write(
    transaction: &Transaction<'_>,
    plan: &Plan,
    options: &Options,
    before: Option<&State>,
    done: &[Step],
) -> Result<()> {
    let record = plan.record_after(done);
    let state = State::after(before, options, done, &record);
    write_record(transaction, &state, &record, &options.app_role).await.map_err(fault)
}

async fn write_record(
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
