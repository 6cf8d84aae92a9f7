//! Isolation on `SQLite`: the scope's predicate and the check of each row.

use super::Question;
use crate::event::BenchEvent;
use crate::installation;
use crate::spine::Stage;
use anyhow::{Context as _, Result, ensure};
use mainstay_entity::{Direction, Entity, Table, Value};
use mainstay_kernel::{
    Clock, Context, Kernel, PermissionPair, Permissions, Principal, PrincipalKind, SystemClock,
};
use mainstay_store::{
    Access, Aggregate, Compare, Count, Expression, Filter, Format, Order, OrderBy, Output,
    OutputValue, Read, Select,
};
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

pub(super) struct Sides {
    kernel: Kernel,
    table: Arc<Table>,
}

impl Sides {
    pub(super) async fn open(stage: &Stage) -> Result<Self> {
        let kernel = installation::open(&stage.place).await?.kernel;
        let table = kernel.catalog().find(BenchEvent::SCHEMA, BenchEvent::TABLE);
        let table = table.context("the module is not listed")?.clone();
        Ok(Self { kernel, table })
    }

    pub(super) async fn close(&self) {
        self.kernel.store().close().await;
    }

    /// Asks as the tenant through policy, or as the system with a filter of its own.
    pub(super) async fn ask(
        &self,
        tenant: Uuid,
        question: Question,
        isolated: bool,
    ) -> Result<Duration> {
        let context = caller(tenant);
        let trusted = (!isolated).then_some(tenant);
        let read = self.read(question, trusted)?;
        let start = Instant::now();
        let answer = if isolated {
            self.kernel.read(&context, read).await?
        } else {
            self.kernel.store().read(&Access::system(), read, None).await?
        };
        let took = start.elapsed();
        ensure!(answer.rows > 0, "nothing was found");
        Ok(took)
    }

    fn read(&self, question: Question, trusted: Option<Uuid>) -> Result<Read> {
        let mut conditions = vec![self.equals("status", Value::Text("success".to_owned()))?];
        if let Some(tenant) = trusted {
            conditions.push(self.equals("organization_id", Value::Uuid(tenant))?);
        }
        let mut select = Select::all(self.table.clone()).filtered(Filter::And(conditions));
        match question {
            Question::Count => select.output = vec![self.aggregate(Aggregate::Count, None)?],
            Question::Aggregate => {
                select.output = vec![
                    Output::column(&self.table, self.column("action")?),
                    self.aggregate(Aggregate::Count, None)?,
                    self.aggregate(Aggregate::Sum, Some("duration_ms"))?,
                    self.aggregate(Aggregate::Max, Some("duration_ms"))?,
                ];
            }
            Question::List => {
                select.order = vec![Order {
                    by: OrderBy::Expression(Expression::column(self.column("created_at")?)),
                    direction: Direction::Descending,
                    nulls_first: true,
                }];
                select.limit = Some(50);
            }
        }
        let format = Format::JsonArray;
        Ok(Read { select, count: Count::None, format, strip_nulls: false, zone: None })
    }

    fn column(&self, name: &str) -> Result<usize> {
        self.table.column_index(name).with_context(|| format!("no column {name}"))
    }

    fn equals(&self, column: &str, right: Value) -> Result<Filter> {
        let left = Expression::column(self.column(column)?);
        Ok(Filter::Compare { left, op: Compare::Eq, right })
    }

    fn aggregate(&self, function: Aggregate, argument: Option<&str>) -> Result<Output> {
        let argument = argument.map(|name| self.column(name)).transpose()?;
        let key = format!("{function:?}{argument:?}");
        let argument = argument.map(Expression::column);
        Ok(Output { key, value: OutputValue::Aggregate { function, argument, cast: None } })
    }
}

/// A tenant's servers, as their key is verified.
fn caller(tenant: Uuid) -> Context {
    let principal = Principal {
        kind: PrincipalKind::ApiKey(tenant),
        organization_id: Some(tenant),
        permissions: Arc::new(Permissions::new([PermissionPair::new("*", "*")])),
        ..Principal::anonymous()
    };
    Context::new(Arc::new(principal), Arc::default(), SystemClock.now())
}
