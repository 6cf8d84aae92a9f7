//! What own tables hold from the beginning: rows that are put in where they are missing. What is
//! there stays as it is, whatever the files say now.

use jiff::Timestamp;
use mainstay_declarations::Seed;
use mainstay_entity::parse::{parse_json, parse_text};
use mainstay_entity::{Kind, Table, Value};
use mainstay_identity::Identity;
use mainstay_kernel::entities::Organization;
use mainstay_kernel::lookup::{compare, find, position};
use mainstay_kernel::{Context, Create, Error, Input, Kernel, NewRow, Result};
use mainstay_store::{Access, Compare, Conflict, Expression, Filter, Select};
use std::sync::{Arc, Weak};
use std::time::Duration;
use uuid::Uuid;

const PURPOSE: &str = "rows of own tables";
/// How many rows are looked for at once.
const ROWS: usize = 100;
/// How often new organisations are looked for.
const INTERVAL: Duration = Duration::from_secs(5);
/// How far a look goes back before the last one, in microseconds: the clocks of servers differ.
const OVERLAP: i64 = 60_000_000;

/// Puts all rows in, those of tenant tables into each organisation.
pub(crate) async fn fill(kernel: &Kernel, seeds: &[Seed]) -> Result<()> {
    let (of_tenants, of_platform): (Vec<&Seed>, Vec<&Seed>) =
        seeds.iter().partition(|seed| seed.is_tenant);
    for seed in of_platform {
        put_in(kernel, None, seed).await?;
    }
    if of_tenants.is_empty() {
        return Ok(());
    }
    let organizations: Vec<Organization> = find(kernel, |_| Ok(Filter::All)).await?;
    for organization in organizations {
        for seed in &of_tenants {
            put_in(kernel, Some(organization.id.uuid()), seed).await?;
        }
    }
    Ok(())
}

/// Gives new organisations their rows within seconds, for as long as the server is there.
pub(crate) async fn fill_regularly(identity: Weak<Identity>, kernel: Kernel, seeds: Vec<Seed>) {
    let seeds: Vec<Seed> = seeds.into_iter().filter(|seed| seed.is_tenant).collect();
    let mut last = kernel.clock().now();
    while !seeds.is_empty() {
        tokio::time::sleep(INTERVAL).await;
        if identity.strong_count() == 0 {
            return;
        }
        let now = kernel.clock().now();
        match fill_new(&kernel, &seeds, last).await {
            Ok(()) => last = now,
            Err(error) => tracing::warn!(%error, "new organisations lack rows of own tables"),
        }
    }
}

async fn fill_new(kernel: &Kernel, seeds: &[Seed], last: Timestamp) -> Result<()> {
    let organizations: Vec<Organization> = find(kernel, |table| {
        let from = Value::Timestamp(last.as_microsecond() - OVERLAP);
        compare(table, "created_at", Compare::Ge, from)
    })
    .await?;
    for organization in organizations {
        for seed in seeds {
            put_in(kernel, Some(organization.id.uuid()), seed).await?;
        }
    }
    Ok(())
}

async fn put_in(kernel: &Kernel, organization: Option<Uuid>, seed: &Seed) -> Result<()> {
    let table = kernel
        .catalog()
        .find(&seed.schema, &seed.table)
        .cloned()
        .ok_or_else(|| Error::internal(format!("the catalog lacks {}", seed.table)))?;
    let missing = missing(kernel, organization, &table, seed).await?;
    if missing.is_empty() {
        return Ok(());
    }
    let rows = missing.into_iter().map(|row| new_row(&table, row)).collect::<Result<_>>()?;
    let key = seed.key.iter().map(|name| position(&table, name)).collect::<Result<Vec<_>>>()?;
    let key = table.tenant_column().filter(|_| !key.is_empty()).into_iter().chain(key).collect();
    // Another server may be at it, too.
    let conflict = if seed.key.is_empty() { Conflict::Fail } else { Conflict::Ignore { key } };
    let context = Context::system(PURPOSE, organization, kernel.clock().now());
    let mut work = kernel.begin(&context).await?;
    work.create(Create { table, rows, conflict }).await?;
    work.commit().await
}

type Row = serde_json::Map<String, serde_json::Value>;

/// The rows whose key is not there; deleted rows count as there. Without a key the rows are put in
/// together, while there are none.
async fn missing<'a>(
    kernel: &Kernel,
    organization: Option<Uuid>,
    table: &Arc<Table>,
    seed: &'a Seed,
) -> Result<Vec<&'a Row>> {
    let key: Vec<usize> =
        seed.key.iter().map(|name| position(table, name)).collect::<Result<_>>()?;
    let own = match (organization, table.tenant_column()) {
        (Some(id), Some(column)) => {
            compare(table, table.column_name(column), Compare::Eq, Value::Uuid(id))?
        }
        _ => Filter::All,
    };
    let mut select = Select::all(table.clone());
    select.with_deleted = true;
    let mut missing = Vec::new();
    for rows in seed.rows.chunks(ROWS) {
        let keys = rows.iter().map(|row| key_of(table, &key, row)).collect::<Result<Vec<_>>>()?;
        let any = Filter::Or(keys.iter().map(|values| equal(&key, values)).collect());
        select.filter = Filter::And(vec![own.clone(), any]);
        select.limit = key.is_empty().then_some(1);
        let found = kernel.store().fetch(&Access::system(), &select).await?;
        let is_there = |values: &[Value]| {
            found.iter().any(|row| key.iter().zip(values).all(|(c, value)| row.0[*c] == *value))
        };
        let lacking = rows.iter().zip(&keys).filter(|(_, key)| !is_there(key));
        missing.extend(lacking.map(|(row, _)| row));
    }
    Ok(missing)
}

fn key_of(table: &Table, key: &[usize], row: &Row) -> Result<Vec<Value>> {
    let of = |column: &usize| {
        value(&table.meta.columns[*column].kind, row.get(table.column_name(*column)))
    };
    key.iter().map(of).collect()
}

/// The row of a key; any row where there is none.
fn equal(key: &[usize], values: &[Value]) -> Filter {
    let one = |(column, right): (&usize, &Value)| Filter::Compare {
        left: Expression::column(*column),
        op: Compare::Eq,
        right: right.clone(),
    };
    Filter::And(key.iter().zip(values).map(one).collect())
}

fn new_row(table: &Table, row: &Row) -> Result<NewRow> {
    let mut new = NewRow::empty(table);
    for (name, given) in row {
        let column = position(table, name)?;
        let input = match (&table.meta.columns[column].kind, given) {
            (Kind::Secret, serde_json::Value::String(text)) => Input::Plain(text.clone()),
            (Kind::Secret | Kind::Sealed, given) if !given.is_null() => {
                Input::Plain(given.to_string())
            }
            (kind, given) => Input::Value(value(kind, Some(given))?),
        };
        new.values[column] = Some(input);
    }
    Ok(new)
}

fn value(kind: &Kind, given: Option<&serde_json::Value>) -> Result<Value> {
    let value = match given {
        None | Some(serde_json::Value::Null) => return Ok(Value::Null),
        // Other than in requests, a text of a number's column may have been written without quotes.
        Some(serde_json::Value::String(text)) if !matches!(kind, Kind::Json) => {
            parse_text(kind, text)
        }
        Some(given) => parse_json(kind, &given.to_string()),
    };
    value.map_err(Error::internal)
}
