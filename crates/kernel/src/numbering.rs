//! Numbers of new rows (`generated: identity`): made by the server, so that plain inserts need not
//! be read back.
//!
//! Each server takes numbers from blocks that it has reserved in [`IdentitySequence`], in a
//! transaction of its own: numbers are never given out twice, and those of a block that a stopped
//! server had are left out. A tenant table has a sequence for each organisation, so that no number
//! tells how much others write. Inside a [`Work`](crate::Work), whose transaction may be the only
//! one that writes, numbers that are not there yet are taken by the transaction itself.

use crate::context::Context;
use crate::entities::IdentitySequence;
use crate::error::{Error, Result};
use crate::kernel::Kernel;
use crate::lookup::{equal, position, table};
use crate::prepare::{Input, NewRow};
use crate::principal::PLATFORM_ORGANIZATION;
use mainstay_entity::{DefaultValue, Direction, Entity, Id, Kind, Table, TableId, Text, Value};
use mainstay_store::{
    Access, Conflict, Expression, Insert, Order, OrderBy, Select, Transaction, Update,
};
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;
use uuid::Uuid;

/// The first block of a table, and the largest.
const BLOCK_MIN: i64 = 8;
const BLOCK_MAX: i64 = 1_000;
/// Most blocks that are remembered; what is left of the others is left out.
const BLOCKS_MAX: usize = 65_536;

/// A table's numbers in one organisation.
type Key = (TableId, Uuid);

/// The numbers that this server has reserved.
#[derive(Default)]
pub(crate) struct Numbers {
    blocks: Mutex<HashMap<Key, Block>>,
}

/// Reserved numbers that no row has yet.
#[derive(Clone, Debug)]
struct Block {
    left: Range<i64>,
    /// How many were reserved at once.
    size: i64,
}

impl Numbers {
    /// Takes numbers from the block, where it has so many.
    fn take(&self, key: Key, count: i64) -> Option<i64> {
        let mut blocks = self.blocks.lock();
        let block = blocks.get_mut(&key)?;
        let first = block.left.start;
        (block.left.end - first >= count).then(|| {
            block.left.start += count;
            first
        })
    }

    /// How many numbers to reserve beyond those that are needed: more for tables that are busy.
    fn further(&self, key: Key) -> i64 {
        let size = self.blocks.lock().get(&key).map(|block| block.size);
        size.map_or(BLOCK_MIN, |size| (size * 2).min(BLOCK_MAX))
    }

    fn keep(&self, key: Key, left: Range<i64>) {
        let size = left.end - left.start;
        let mut blocks = self.blocks.lock();
        // Numbers grow: of two blocks that were reserved at once the later one counts.
        let known = blocks.get(&key);
        if known.is_some_and(|block| block.left.end > left.start) {
            return;
        }
        if known.is_none() && blocks.len() >= BLOCKS_MAX {
            blocks.clear();
        }
        blocks.insert(key, Block { left, size });
    }

    /// Leaves out the numbers up to one that a row brings; whether those behind it are reserved.
    fn passes(&self, key: Key, number: i64) -> bool {
        let mut blocks = self.blocks.lock();
        let Some(block) = blocks.get_mut(&key) else { return false };
        let next = number.saturating_add(1);
        block.left.start = block.left.start.max(next.min(block.left.end));
        next <= block.left.end
    }
}

/// The column whose values are counted.
fn identity_column(table: &Table) -> Option<usize> {
    table.meta.columns.iter().position(|c| c.default == Some(DefaultValue::Identity))
}

/// What the rows of one organisation need.
#[derive(Default)]
struct Wanted {
    /// Rows without a number.
    rows: Vec<usize>,
    /// The largest number that a row brings.
    brought: Option<i64>,
}

/// Gives each row its number, and has the sequence go on behind numbers that rows bring. With a
/// transaction it takes what is not reserved yet in there.
pub(crate) async fn number_rows(
    kernel: &Kernel,
    context: &Context,
    table: &Arc<Table>,
    rows: &mut [NewRow],
    mut transaction: Option<&mut Transaction>,
) -> Result<()> {
    let Some(column) = identity_column(table) else { return Ok(()) };
    let mut wanted: BTreeMap<Uuid, Wanted> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let wanted = wanted.entry(organization(context, table, row)).or_default();
        match &row.values[column] {
            None => wanted.rows.push(index),
            Some(Input::Value(Value::Int(number))) => {
                wanted.brought = wanted.brought.max(Some(*number));
            }
            Some(_) => {}
        }
    }
    for (organization, wanted) in wanted {
        let key = (table.id, organization);
        let sequence = Sequence { kernel, context, table, column, key };
        // The row of a number that is too large is refused, and nobody's numbers end by it.
        if let Some(number) = wanted.brought.filter(|number| sequence.check(*number).is_ok())
            && !kernel.numbers().passes(key, number)
        {
            sequence.pass(number, transaction.as_deref_mut()).await?;
        }
        let count = wanted.rows.len() as i64;
        if count == 0 {
            continue;
        }
        let first = match kernel.numbers().take(key, count) {
            Some(first) => first,
            None => sequence.reserve(count, transaction.as_deref_mut()).await?,
        };
        sequence.check(first.saturating_add(count - 1))?;
        for (index, number) in wanted.rows.into_iter().zip(first..) {
            rows[index].values[column] = Some(Input::Value(Value::Int(number)));
        }
    }
    Ok(())
}

/// The organisation whose numbers a row takes.
fn organization(context: &Context, table: &Table, row: &NewRow) -> Uuid {
    let Some(column) = table.tenant_column() else { return PLATFORM_ORGANIZATION };
    match &row.values[column] {
        Some(Input::Value(Value::Uuid(id))) => *id,
        _ => {
            let principal = &context.principal;
            let own = principal.access().tenant().or(principal.organization_id);
            own.unwrap_or(PLATFORM_ORGANIZATION)
        }
    }
}

/// The numbers of a table in one organisation, as the database knows them.
struct Sequence<'a> {
    kernel: &'a Kernel,
    context: &'a Context,
    table: &'a Arc<Table>,
    column: usize,
    key: Key,
}

impl Sequence<'_> {
    /// Reserves numbers; gives the first. Outside of a transaction some more are reserved.
    async fn reserve(&self, count: i64, transaction: Option<&mut Transaction>) -> Result<i64> {
        if let Some(transaction) = transaction {
            return self.advance_within(transaction, count, None).await;
        }
        let numbers = self.kernel.numbers();
        let further = numbers.further(self.key);
        let mut transaction = self.begin().await?;
        let first = self.advance(&mut transaction, count + further, None).await?;
        transaction.commit().await?;
        let next = first.saturating_add(count);
        numbers.keep(self.key, next..next.saturating_add(further));
        Ok(first)
    }

    /// Has the sequence go on behind a number.
    async fn pass(&self, number: i64, transaction: Option<&mut Transaction>) -> Result<()> {
        let past = Some(number.saturating_add(1));
        if let Some(transaction) = transaction {
            return self.advance_within(transaction, 0, past).await.map(drop);
        }
        let numbers = self.kernel.numbers();
        let further = numbers.further(self.key);
        let mut transaction = self.begin().await?;
        let first = self.advance(&mut transaction, further, past).await?;
        transaction.commit().await?;
        numbers.keep(self.key, first..first.saturating_add(further));
        Ok(())
    }

    /// The same inside the transaction of a caller, who may not write sequences.
    async fn advance_within(
        &self,
        transaction: &mut Transaction,
        count: i64,
        past: Option<i64>,
    ) -> Result<i64> {
        let caller = transaction.switch(&Access::system()).await?;
        let first = self.advance(transaction, count, past).await?;
        transaction.switch(&caller).await?;
        Ok(first)
    }

    async fn begin(&self) -> Result<Transaction> {
        Ok(self.kernel.store().begin(&Access::system()).await?)
    }

    /// Moves the sequence: gives its number, or that behind which it has to go on, and leaves
    /// `count` numbers from there on to the caller.
    async fn advance(
        &self,
        transaction: &mut Transaction,
        count: i64,
        past: Option<i64>,
    ) -> Result<i64> {
        let sequences = table::<IdentitySequence>(self.kernel.catalog())?;
        let name = self.table.meta.qualified_name();
        let filter = || {
            let organization = Value::Uuid(self.key.1);
            let pairs =
                [("organization_id", organization), ("table_name", Value::Text(name.clone()))];
            equal(&sequences, &pairs)
        };
        let column = position(&sequences, "next_number")?;
        // Without columns to change, rows are locked.
        let lock = |filter| Update { table: sequences.clone(), set: Vec::new(), filter };
        let mut found = transaction.update(lock(filter()?)).await?;
        if found.is_empty() {
            let next_number = self.next_of_rows(transaction).await?;
            let row = IdentitySequence {
                organization_id: Id::new(self.key.1),
                table_name: Text::new(name.clone()).map_err(Error::internal)?,
                next_number,
                updated_at: self.context.now,
            };
            let rows = vec![row.into_record()];
            let conflict = Conflict::Ignore { key: sequences.primary_key.clone() };
            transaction.insert(Insert { table: sequences.clone(), rows, conflict }).await?;
            found = transaction.update(lock(filter()?)).await?;
        }
        let found = found.pop().and_then(|change| integer(&change.new.0[column]));
        let next = found.ok_or_else(|| Error::internal(format!("{name} has no sequence")))?;
        let first = past.map_or(next, |past| past.max(next));
        let end = first.saturating_add(count);
        if end > next {
            let now = Value::Timestamp(self.context.now.as_microsecond());
            let set = vec![(column, Value::Int(end)), (position(&sequences, "updated_at")?, now)];
            transaction.update(Update { table: sequences.clone(), set, filter: filter()? }).await?;
        }
        Ok(first)
    }

    /// The number behind those of the rows that are there.
    async fn next_of_rows(&self, transaction: &mut Transaction) -> Result<i64> {
        let declared = &self.table.meta.columns[self.column];
        let mut select = Select::all(self.table.clone());
        if let Some(tenant) = self.table.tenant_column() {
            let name = self.table.column_name(tenant);
            select = select.filtered(equal(self.table, &[(name, Value::Uuid(self.key.1))])?);
        }
        select.with_deleted = true;
        select.limit = Some(1);
        select.order = vec![Order {
            by: OrderBy::Expression(Expression::column(self.column)),
            direction: Direction::Descending,
            nulls_first: false,
        }];
        let largest = transaction.fetch(&select).await?.pop();
        let largest = largest.and_then(|row| integer(&row.0[self.column]));
        let start = declared.min.unwrap_or(1);
        Ok(largest.map_or(start, |largest| start.max(largest.saturating_add(1))))
    }

    /// Refuses a number that the column can't hold, as `PostgreSQL` does.
    fn check(&self, number: i64) -> Result<()> {
        let column = &self.table.meta.columns[self.column];
        let kind = match column.kind {
            Kind::SmallInt => i64::from(i16::MAX),
            Kind::Integer => i64::from(i32::MAX),
            _ => i64::MAX - BLOCK_MAX,
        };
        let max = column.max.unwrap_or(kind).min(kind);
        if number <= max {
            return Ok(());
        }
        let (table, column) = (&self.table.meta.table, &column.name);
        let message =
            format!("nextval: reached maximum value of sequence \"{table}_{column}_seq\" ({max})");
        Err(Error::rule("2200H", message))
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        _ => None,
    }
}
