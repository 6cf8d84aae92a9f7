//! What the declarations say of each column, as rows that an organisation may change.

use crate::classification::{ClassificationLevel, DataClassification};
use jiff::Timestamp;
use mainstay_entity::{Choice, Classification, Column, Kind, Personal, Table, Value};
use mainstay_kernel::entities::Organization;
use mainstay_kernel::lookup;
use mainstay_kernel::policy::resource_name;
use mainstay_kernel::{Context, Create, Kernel, NewRow, Result, Tick};
use mainstay_store::{Compare, Conflict, Filter};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The name that stands for every column without a row of its own.
const ALL_COLUMNS: &str = "*";

/// What is said of one column, or of all others of its table.
struct Declared {
    table: String,
    column: String,
    level: ClassificationLevel,
    pii: bool,
    phi: bool,
    encrypted: bool,
    retention_days: Option<u32>,
}

/// Gives new organisations their rows each minute, and every hour all of them those of tables and
/// columns that a newer release declares.
pub(crate) async fn fill(tick: Tick) -> Result<()> {
    let kernel = tick.kernel();
    let hour = |time: Timestamp| time.as_second().div_euclid(3_600);
    let since = tick.last_run_at.filter(|last| hour(*last) == hour(tick.due_at));
    for organization in organizations(kernel, since).await? {
        fill_classifications(kernel, organization).await?;
    }
    Ok(())
}

/// Adds the declared classifications that an organisation has no row for. Those that are there
/// stay as they are.
///
/// # Errors
/// When the store does not answer.
pub async fn fill_classifications(kernel: &Kernel, organization: Uuid) -> Result<()> {
    let table = lookup::table::<DataClassification>(kernel.catalog())?;
    let known = known(kernel, organization).await?;
    let mut rows = Vec::new();
    for declared in kernel.catalog().tables().iter().flat_map(|table| declared(table)) {
        if !known.contains(&(declared.table.clone(), declared.column.clone())) {
            rows.push(row(&table, declared)?);
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let context = Context::system("governance", Some(organization), kernel.clock().now());
    let mut work = kernel.begin(&context).await?;
    // Another server may be at it too.
    let conflict = Conflict::Ignore { key: Vec::new() };
    work.create(Create { table, rows, conflict }).await?;
    work.commit().await
}

async fn organizations(kernel: &Kernel, since: Option<Timestamp>) -> Result<Vec<Uuid>> {
    let rows = lookup::find::<Organization>(kernel, |table| {
        let Some(since) = since else { return Ok(Filter::All) };
        // A commit of the last run's time may have been on its way.
        let since = Value::Timestamp(since.as_microsecond() - 60_000_000);
        lookup::compare(table, "created_at", Compare::Ge, since)
    })
    .await?;
    Ok(rows.iter().map(|row| row.id.uuid()).collect())
}

/// The tables and columns that an organisation has rows of.
async fn known(kernel: &Kernel, organization: Uuid) -> Result<HashSet<(String, String)>> {
    let own = [("organization_id", Value::Uuid(organization))];
    let rows = lookup::find::<DataClassification>(kernel, |table| lookup::equal(table, &own));
    let rows = rows.await?.into_iter();
    Ok(rows.map(|row| (row.table_name.to_string(), row.column_name.to_string())).collect())
}

/// One row for the table, and one for each column that differs from most of them.
fn declared(table: &Table) -> Vec<Declared> {
    let columns = &table.meta.columns;
    let mut frequency: HashMap<Classification, usize> = HashMap::new();
    for column in columns.iter().filter(|column| is_plain(column)) {
        *frequency.entry(column.classification).or_default() += 1;
    }
    // Of levels that are as frequent the stricter one.
    let usual = frequency.into_iter().max_by_key(|(level, count)| (*count, *level));
    let usual = usual.map_or(Classification::Internal, |(level, _)| level);
    let whole = Declared {
        table: resource_name(table).into_owned(),
        column: ALL_COLUMNS.to_owned(),
        level: level(usual),
        pii: false,
        phi: usual == Classification::Phi,
        encrypted: false,
        retention_days: table.meta.retain_days,
    };
    let own = columns.iter().filter(|c| !is_plain(c) || c.classification != usual);
    let own = own.map(|column| Declared {
        table: resource_name(table).into_owned(),
        column: column.name.to_string(),
        level: level(column.classification),
        pii: column.personal == Personal::Pii || matches!(column.kind, Kind::Sealed),
        phi: column.personal == Personal::Phi || column.classification == Classification::Phi,
        encrypted: column.kind.is_confidential(),
        retention_days: None,
    });
    std::iter::once(whole).chain(own).collect()
}

fn is_plain(column: &Column) -> bool {
    column.personal == Personal::None && !column.kind.is_confidential()
}

const fn level(classification: Classification) -> ClassificationLevel {
    match classification {
        Classification::Public => ClassificationLevel::Public,
        Classification::Internal => ClassificationLevel::Internal,
        Classification::Confidential => ClassificationLevel::Confidential,
        Classification::Restricted => ClassificationLevel::Restricted,
        Classification::Phi => ClassificationLevel::Phi,
    }
}

fn row(table: &Table, declared: Declared) -> Result<NewRow> {
    let days = declared.retention_days.map(i64::from);
    let mut row = NewRow::empty(table);
    for (column, value) in [
        ("table_name", Value::Text(declared.table)),
        ("column_name", Value::Text(declared.column)),
        ("classification", Value::Text(declared.level.as_str().to_owned())),
        ("contains_pii", Value::Bool(declared.pii)),
        ("contains_phi", Value::Bool(declared.phi)),
        ("encryption_required", Value::Bool(declared.encrypted)),
        ("retention_days", days.map_or(Value::Null, Value::Int)),
    ] {
        row.set(table, column, value)?;
    }
    Ok(row)
}
