//! Requests that may be sent again: the answer is kept in the request's own transaction, and given
//! again to whoever sends the same request under the same key.

use super::Work;
use crate::context::Context;
use crate::entities::IdempotencyKey;
use crate::error::{Error, Result};
use crate::job::Tick;
use crate::kernel::Kernel;
use crate::principal::{PLATFORM_ORGANIZATION, PrincipalKind};
use crate::sealing;
use jiff::SignedDuration;
use mainstay_entity::{Direction, Entity, Record, Table, Value};
use mainstay_store::{
    Access, Compare, Conflict, Delete, Expression, Filter, Insert, Order, OrderBy, Outcome, Select,
    Update,
};
use mainstay_vault::hash_token;
use std::fmt::Write as _;
use std::sync::Arc;
use uuid::Uuid;

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How many answers are removed in one transaction.
const REMOVED_TOGETHER: u64 = 100;

/// A request that its client may send again.
#[derive(Clone, Debug)]
pub struct Repeatable {
    table: Arc<Table>,
    /// The organisation of the caller, or the platform's.
    organization: Uuid,
    /// The caller is in no organisation and reaches no kept answers; the server does.
    is_outside: bool,
    id: Uuid,
    request: Vec<u8>,
}

/// What is known of a request that was sent before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The key is new, or old enough to be used again.
    Nothing,
    /// The key was used for another request.
    OtherRequest,
    /// What the request was answered with.
    Answer(String),
}

impl Repeatable {
    /// A request under a key that its client chose. `request` is all that makes it the same one.
    ///
    /// # Errors
    /// [`Error::Denied`] when nobody knows the caller, who could not be told from others.
    pub fn new(kernel: &Kernel, context: &Context, key: &str, request: &str) -> Result<Self> {
        let meta = IdempotencyKey::meta();
        let table = kernel.catalog().find(&meta.schema, &meta.table).cloned();
        let table = table.ok_or_else(|| Error::internal("no table for idempotency keys"))?;
        let principal = &context.principal;
        if principal.is_anonymous() {
            let message = "an Idempotency-Key takes a caller who has signed in".to_owned();
            return Err(Error::Denied { message, anonymous: true });
        }
        let tenant = principal.access().tenant();
        let mut place = match &principal.kind {
            PrincipalKind::ApiKey(key) => format!("key {key}"),
            other => format!("{other:?}"),
        };
        // Writing to a `String` does not fail.
        let _ = write!(place, " {:?} {key}", principal.user_id);
        let hash = hash_token(&place);
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        Ok(Self {
            table,
            organization: tenant.unwrap_or(PLATFORM_ORGANIZATION),
            is_outside: tenant.is_none(),
            id: uuid::Builder::from_custom_bytes(id).into_uuid(),
            request: hash_token(request).to_vec(),
        })
    }

    fn row(&self) -> Filter {
        let equal = |column: usize, value: Value| Filter::Compare {
            left: Expression::column(column),
            op: Compare::Eq,
            right: value,
        };
        let id = self.table.row_key().map(|column| equal(column, Value::Uuid(self.id)));
        let tenant = self.table.tenant_column();
        let tenant = tenant.map(|column| equal(column, Value::Uuid(self.organization)));
        Filter::And(id.chain(tenant).collect())
    }

    fn column(&self, name: &str) -> Result<usize> {
        column(&self.table, name)
    }
}

fn column(table: &Table, name: &str) -> Result<usize> {
    table.column_index(name).ok_or_else(|| Error::internal(format!("no {name} of a kept answer")))
}

impl Kernel {
    /// What is kept of a request that was sent before.
    pub async fn kept_answer(&self, context: &Context, request: &Repeatable) -> Result<Kept> {
        let select = Select::all(request.table.clone()).filtered(request.row());
        let access = if request.is_outside { Access::system() } else { context.access() };
        let found = self.store().fetch(&access, &select).await?.pop();
        let Some(record) = found.filter(|record| !is_over(&request.table, record, context)) else {
            return Ok(Kept::Nothing);
        };
        if record.0[request.column("request_hash")?] != Value::Bytes(request.request.clone()) {
            return Ok(Kept::OtherRequest);
        }
        let answer = request.column("answer")?;
        let plain = sealing::open(self, &request.table, &record, answer).await?;
        let plain = plain.ok_or_else(|| Error::internal("a key without its answer"))?;
        let text = std::str::from_utf8(&plain).map_err(Error::internal)?;
        Ok(Kept::Answer(text.to_owned()))
    }
}

fn is_over(table: &Table, record: &Record, context: &Context) -> bool {
    let expires_at = table.column_index("expires_at").map(|column| &record.0[column]);
    matches!(expires_at, Some(Value::Timestamp(at)) if *at <= context.now.as_microsecond())
}

impl Work {
    /// Takes the key for this work; waits for another one that has it. False when the key was used
    /// before, and this work is to be given up.
    pub async fn claim(&mut self, request: &Repeatable) -> Result<bool> {
        let table = &request.table;
        let now = self.context.now;
        let over = Filter::Compare {
            left: Expression::column(request.column("expires_at")?),
            op: Compare::Le,
            right: Value::Timestamp(now.as_microsecond()),
        };
        let filter = Filter::And(vec![request.row(), over]);
        let record = request.record(now)?;
        let conflict = Conflict::Ignore { key: table.primary_key.clone() };
        let insert = Insert { table: table.clone(), rows: vec![record], conflict };
        let caller = self.reach_kept(request).await?;
        self.transaction.purge(Delete { table: table.clone(), filter }).await?;
        let outcomes = self.transaction.insert(insert).await?;
        self.reach_again(caller).await?;
        Ok(outcomes.first() == Some(&Outcome::Inserted))
    }

    /// Reaches kept answers; gives the caller's own reach where it does not.
    async fn reach_kept(&mut self, request: &Repeatable) -> Result<Option<Access>> {
        if !request.is_outside {
            return Ok(None);
        }
        Ok(Some(self.transaction.switch(&Access::system()).await?))
    }

    async fn reach_again(&mut self, caller: Option<Access>) -> Result<()> {
        if let Some(caller) = caller {
            self.transaction.switch(&caller).await?;
        }
        Ok(())
    }

    /// Keeps the answer of the request whose key this work has.
    pub async fn keep_answer(&mut self, request: &Repeatable, answer: &str) -> Result<()> {
        let table = request.table.clone();
        let record = request.record(self.context.now)?;
        let (kernel, context) = (self.kernel.clone(), self.context.clone());
        let place = (&*table, &record, request.column("answer")?);
        let caller = self.reach_kept(request).await?;
        let set = self.keys.seal(&kernel, &context, &mut self.transaction, place, answer).await?;
        let update = Update { table, set, filter: request.row() };
        self.transaction.update(update).await?;
        self.reach_again(caller).await
    }
}

impl Repeatable {
    fn record(&self, now: jiff::Timestamp) -> Result<Record> {
        let expires_at = now.checked_add(KEPT).map_err(Error::internal)?;
        let mut values = vec![Value::Null; self.table.meta.columns.len()];
        for (name, value) in [
            ("id", Value::Uuid(self.id)),
            ("organization_id", Value::Uuid(self.organization)),
            ("request_hash", Value::Bytes(self.request.clone())),
            ("created_at", Value::Timestamp(now.as_microsecond())),
            ("expires_at", Value::Timestamp(expires_at.as_microsecond())),
        ] {
            values[self.column(name)?] = value;
        }
        Ok(Record(values))
    }
}

/// Removes answers that are kept no longer, some at a time: other writers come in between.
///
/// # Errors
/// When the database fails; it is tried again.
pub async fn remove_old_answers(tick: Tick) -> Result<()> {
    let meta = IdempotencyKey::meta();
    let Some(table) = tick.kernel().catalog().find(&meta.schema, &meta.table).cloned() else {
        return Ok(());
    };
    let expires_at = column(&table, "expires_at")?;
    let over = Filter::Compare {
        left: Expression::column(expires_at),
        op: Compare::Le,
        right: Value::Timestamp(tick.context().now.as_microsecond()),
    };
    let mut oldest = Select::all(table.clone()).filtered(over.clone());
    oldest.order = vec![Order {
        by: OrderBy::Expression(Expression::column(expires_at)),
        direction: Direction::Ascending,
        nulls_first: false,
    }];
    oldest.limit = Some(REMOVED_TOGETHER);
    let id = column(&table, "id")?;
    loop {
        let mut work = tick.begin().await?;
        let found = work.fetch(&oldest).await?;
        let list = found.iter().map(|record| record.0[id].clone()).collect();
        let these = Filter::In { left: Expression::column(id), list };
        let filter = Filter::And(vec![these, over.clone()]);
        work.transaction.purge(Delete { table: table.clone(), filter }).await?;
        work.commit().await?;
        if (found.len() as u64) < REMOVED_TOGETHER {
            return Ok(());
        }
    }
}
