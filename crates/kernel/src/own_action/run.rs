//! Running an action: its steps in order, in one transaction.

use super::compile::{Assertion, Do, Origin, Result as Outcome, Rows, Step, Target};
use super::expression::{VALUE_MAX, raised};
use super::filter::filter;
use super::registry::by_key;
use super::scope::{Bound, Content, Row, Scope};
use super::value::{list, map, text, to_json};
use super::{Argument, OwnAction, Parameter, Performed, Reply, ReplyRows};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::kernel::Kernel;
use crate::policy::{Visibility, visibility};
use crate::prepare::{Input, NewRow};
use crate::principal::{Principal, PrincipalKind};
use crate::work::{Create, Work};
use cel::Value as Cel;
use mainstay_entity::{Kind, Record, Table, Value};
use mainstay_store::{Filter, Narrow, Outcome as Written, Select};
use std::pin::Pin;
use std::sync::Arc;

/// Most rows that a step reads.
const ROWS_MAX: u64 = 1_000;
/// Most items of a loop.
const ITEMS_MAX: usize = 1_000;
/// Most steps of a run, loops unrolled.
const STEPS_MAX: usize = 10_000;

/// Why an action works as the system.
const PURPOSE: &str = "action";
/// The verb of the event of a call.
const VERB: &str = "call";

/// Runs an action; its changes wait for their commit.
pub(super) async fn run(
    action: &OwnAction,
    kernel: &Kernel,
    context: &Context,
    arguments: Vec<Option<Argument>>,
    work: Option<Work>,
) -> Result<Performed> {
    let scope = Scope::new(bind(action, arguments)?, caller(context), context.now);
    let program = &action.program;
    // What reads nothing before its result needs no transaction of its own.
    if program.steps.iter().all(is_pure) && !action.is_audited() {
        let mut run = Run { work, scope, steps: 0 };
        run.steps(&program.steps).await?;
        let reply = run.reply(&program.returns)?;
        return Ok(Performed { reply, work: run.work });
    }
    let mut work = match work {
        Some(work) => work,
        None => kernel.begin(context).await?,
    };
    if action.is_audited() {
        work.record(Event::new(&action.meta.qualified_name(), VERB));
    }
    if action.meta.elevated {
        work.act(PURPOSE);
    }
    let mut run = Run { work: Some(work), scope, steps: 0 };
    run.steps(&program.steps).await?;
    let reply = run.reply(&program.returns)?;
    let mut work = run.work;
    if let Some(work) = &mut work {
        // What is answered with rows is the caller's to read.
        work.resume(context);
    }
    Ok(Performed { reply, work })
}

/// Whether a step needs no transaction.
fn is_pure(step: &Step) -> bool {
    match &step.r#do {
        Do::Assert(_) | Do::Set { .. } => true,
        Do::ForEach { steps, .. } => steps.iter().all(is_pure),
        Do::Read { .. } | Do::Insert { .. } | Do::Update { .. } | Do::Delete { .. } => false,
    }
}

/// The arguments of a call: what is not given takes its default.
fn bind(action: &OwnAction, arguments: Vec<Option<Argument>>) -> Result<Vec<(String, Bound)>> {
    let declared = action.meta.arguments.iter().zip(&action.program.parameters);
    let mut bound = Vec::with_capacity(arguments.len());
    for ((meta, parameter), given) in declared.zip(arguments) {
        let is_null = matches!(&given, Some(Argument::Value(Value::Null) | Argument::Row(None)));
        if is_null && !meta.nullable {
            let message = format!("null value not allowed for argument \"{}\"", meta.name);
            return Err(Error::raised("22004", message));
        }
        let value = match (parameter, given) {
            (Parameter::Value(kind), Some(Argument::Value(value))) => {
                Bound::value(kind.clone(), value)
            }
            (Parameter::Value(kind), _) => {
                Bound::value(kind.clone(), meta.default.clone().unwrap_or(Value::Null))
            }
            (Parameter::Row(table), given) => {
                let record = match given {
                    Some(Argument::Row(values)) => values.map(Record),
                    _ => None,
                };
                // The caller has said it: nothing of it is hidden.
                let visible = vec![true; table.meta.columns.len()].into();
                Bound::row(Row::new(table.clone(), record, visible))
            }
        };
        bound.push((meta.name.clone(), value));
    }
    Ok(bound)
}

/// Who calls, as expressions see them.
fn caller(context: &Context) -> Cel {
    let principal: &Principal = &context.principal;
    let kind = match principal.kind {
        PrincipalKind::Anonymous => "anonymous",
        PrincipalKind::User => "user",
        PrincipalKind::ApiKey(_) => "api_key",
        PrincipalKind::System(_) => "system",
    };
    let id = |id: Option<uuid::Uuid>| id.map_or(Cel::Null, |id| text(id.to_string()));
    let teams = match &principal.teams {
        Narrow::All => Cel::Null,
        Narrow::None => list([]),
        Narrow::Only(teams) => list(teams.iter().map(|team| text(team.to_string()))),
    };
    map([
        ("id".to_owned(), id(principal.user_id)),
        ("kind".to_owned(), text(kind)),
        ("organization_id".to_owned(), id(principal.organization_id)),
        ("session_id".to_owned(), id(principal.session_id)),
        ("roles".to_owned(), list(principal.roles.iter().map(|role| text(role.as_str())))),
        ("teams".to_owned(), teams),
        ("platform_admin".to_owned(), Cel::Bool(principal.platform_admin)),
    ])
}

struct Run {
    /// None for an action that only computes.
    work: Option<Work>,
    scope: Scope,
    /// How many steps were done.
    steps: usize,
}

type Running<'r> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'r>>;

impl Run {
    fn work(&mut self) -> Result<&mut Work> {
        self.work.as_mut().ok_or_else(|| Error::internal("a step without a transaction"))
    }

    /// Does steps in order; boxed, since loops hold steps.
    fn steps<'r>(&'r mut self, steps: &'r [Step]) -> Running<'r> {
        Box::pin(async move {
            for step in steps {
                self.steps += 1;
                if self.steps > STEPS_MAX {
                    let message = format!("the action does more than {STEPS_MAX} steps");
                    return Err(Error::raised("54000", message));
                }
                if let Some(when) = &step.when
                    && !when.holds(&self.scope)?
                {
                    self.skip(&step.r#do);
                    continue;
                }
                self.step(&step.r#do).await?;
            }
            Ok(())
        })
    }

    /// What a step that is not done would have named is null, or no rows.
    fn skip(&mut self, step: &Do) {
        let none = |table: &Arc<Table>| Bound::row(Row::new(table.clone(), None, Arc::from([])));
        match step {
            Do::Read { rows, name, one: true, .. } => self.scope.set(name, none(&rows.table)),
            Do::Read { name, .. } => self.scope.set(name, Bound::rows(Vec::new())),
            Do::Insert { table, name: Some(name), .. } => self.scope.set(name, none(table)),
            Do::Update { target: Target { name: Some(name), .. }, .. }
            | Do::Delete { target: Target { name: Some(name), .. }, .. } => {
                self.scope.set(name, Bound::rows(Vec::new()));
            }
            Do::Set { name, .. } if self.scope.get(name).is_none() => {
                self.scope.set(name, Bound::any(Cel::Null));
            }
            _ => {}
        }
    }

    async fn step(&mut self, step: &Do) -> Result<()> {
        match step {
            Do::Read { rows, name, one, lock } => self.read(rows, name, *one, *lock).await,
            Do::Insert { table, values, conflict, name } => {
                let mut row = NewRow::empty(table);
                for (column, value) in values {
                    let input = self.input(table, *column, value)?;
                    row.values[*column] = Some(input);
                }
                let conflict = conflict.clone();
                let create = Create { table: table.clone(), rows: vec![row], conflict };
                let mut written = self.work()?.create(create).await?;
                let record = match written.pop() {
                    Some((Written::Ignored, _)) | None => None,
                    Some((_, record)) => Some(record),
                };
                if let Some(name) = name {
                    let row = self.row(table, record)?;
                    self.scope.set(name, Bound::row(row));
                }
                Ok(())
            }
            Do::Update { table, set, target } => {
                let mut inputs = Vec::with_capacity(set.len());
                for (column, value) in set {
                    inputs.push((*column, self.input(table, *column, value)?));
                }
                let filter = filter(&target.filter, &self.scope)?;
                let changes = self.work()?.update(table, inputs, filter).await?;
                let records = changes.into_iter().map(|change| change.new).collect();
                self.changed(table, target, records)
            }
            Do::Delete { table, target } => {
                let filter = filter(&target.filter, &self.scope)?;
                let records = self.work()?.delete(table, filter).await?;
                self.changed(table, target, records)
            }
            Do::Assert(assertion) => self.assert(assertion),
            Do::Set { name, value, kind } => {
                let bound = match kind {
                    Some(kind) => Bound::value(kind.clone(), value.value(&self.scope, kind)?),
                    None => Bound::any(value.cel(&self.scope)?),
                };
                if to_json(&bound.cel).len() > VALUE_MAX {
                    let message = format!("{name} is larger than {VALUE_MAX} bytes");
                    return Err(Error::raised("54000", message));
                }
                self.scope.set(name, bound);
                Ok(())
            }
            Do::ForEach { list, name, steps } => {
                for item in self.items(list)? {
                    self.scope.set(name, item);
                    self.steps(steps).await?;
                }
                Ok(())
            }
        }
    }

    /// The items of a loop.
    fn items(&self, list: &super::expression::Expression) -> Result<Vec<Bound>> {
        let items: Vec<Bound> = match list.bound(&self.scope).map(|bound| &bound.content) {
            Some(Content::Rows(rows)) => rows.iter().cloned().map(Bound::row).collect(),
            Some(Content::Value(Kind::List(item), Value::List(values))) => {
                values.iter().map(|value| Bound::value(item.kind(), value.clone())).collect()
            }
            _ => match list.cel(&self.scope)? {
                Cel::Null => Vec::new(),
                Cel::List(items) => items.iter().cloned().map(Bound::any).collect(),
                _ => return Err(raised("expected a list")),
            },
        };
        if items.len() > ITEMS_MAX {
            let message = format!("a loop over more than {ITEMS_MAX} items");
            return Err(Error::raised("54000", message));
        }
        Ok(items)
    }

    /// A value for a column; what is kept sealed is given in plain.
    fn input(
        &self,
        table: &Table,
        column: usize,
        value: &super::expression::Expression,
    ) -> Result<Input> {
        let kind = &table.meta.columns[column].kind;
        if !kind.is_confidential() {
            return Ok(Input::Value(value.value(&self.scope, kind)?));
        }
        let plain = if *kind == Kind::Secret {
            value.value(&self.scope, &Kind::Text { max: None })?
        } else {
            value.value(&self.scope, &Kind::Json)?
        };
        Ok(match plain {
            Value::Text(text) | Value::Json(text) => Input::Plain(text),
            _ => Input::Value(Value::Null),
        })
    }

    async fn read(&mut self, rows: &Rows, name: &str, one: bool, lock: bool) -> Result<()> {
        let most = if one { 1 } else { ROWS_MAX };
        let mut select = select(rows, &self.scope)?;
        // One more tells that there are more.
        select.limit = Some(rows.limit.map_or(most + u64::from(!one), |limit| limit.min(most + 1)));
        select.for_update = lock;
        let mut records = self.work()?.look_up(select).await?;
        if records.len() as u64 > ROWS_MAX {
            let message = format!("{name} has more than {ROWS_MAX} rows; give the step a limit");
            return Err(Error::raised("54000", message));
        }
        if rows.required && records.is_empty() {
            return Err(none(&rows.table));
        }
        let bound = if one {
            let first = if records.is_empty() { None } else { Some(records.swap_remove(0)) };
            Bound::row(self.row(&rows.table, first)?)
        } else {
            self.rows(&rows.table, records)?
        };
        self.scope.set(name, bound);
        Ok(())
    }

    /// What became of rows that were changed or removed.
    fn changed(&mut self, table: &Arc<Table>, target: &Target, records: Vec<Record>) -> Result<()> {
        if target.required && records.is_empty() {
            return Err(none(table));
        }
        let count = records.len() as u64;
        if let Some(most) = target.at_most.filter(|most| count > *most) {
            let table = &table.meta.table;
            let message = format!("{count} rows of {table} match, where at most {most} may");
            return Err(Error::raised("21000", message));
        }
        if let Some(name) = &target.name {
            let bound = self.rows(table, records)?;
            self.scope.set(name, bound);
        }
        Ok(())
    }

    fn assert(&self, assertion: &Assertion) -> Result<()> {
        if assertion.condition.holds(&self.scope)? {
            return Ok(());
        }
        let details = match &assertion.details {
            None => None,
            Some(details) => match details.cel(&self.scope)? {
                Cel::Null => None,
                Cel::String(text) => Some(text.as_ref().clone()),
                other => Some(to_json(&other)),
            },
        };
        Err(Error::Raised {
            code: assertion.code.clone(),
            message: assertion.message.clone(),
            details,
            hint: assertion.hint.clone(),
        })
    }

    /// Which columns of a table the steps may see.
    fn visible(&mut self, table: &Table) -> Result<Arc<[bool]>> {
        let context = self.work()?.context();
        let columns = 0..table.meta.columns.len();
        Ok(columns.map(|c| visibility(context, table, c) == Visibility::Plain).collect())
    }

    fn row(&mut self, table: &Arc<Table>, record: Option<Record>) -> Result<Row> {
        let visible = self.visible(table)?;
        Ok(Row::new(table.clone(), record, visible))
    }

    fn rows(&mut self, table: &Arc<Table>, records: Vec<Record>) -> Result<Bound> {
        let visible = self.visible(table)?;
        let row = |record| Row::new(table.clone(), Some(record), visible.clone());
        Ok(Bound::rows(records.into_iter().map(row).collect()))
    }

    fn reply(&self, returns: &Outcome) -> Result<Reply> {
        match returns {
            Outcome::Nothing => Ok(Reply::Nothing),
            Outcome::Value { kind, value } => Ok(Reply::Value(value.value(&self.scope, kind)?)),
            Outcome::Rows { table, rows, one, columns } => {
                let select = match rows {
                    Origin::Read(rows) => select(rows, &self.scope)?,
                    Origin::Step(name) => {
                        let content = self.scope.get(name).map(|bound| &bound.content);
                        empty(table).filtered(same_rows(table, content))
                    }
                };
                let columns = columns.clone();
                Ok(Reply::Rows(Box::new(ReplyRows { select, one: *one, columns })))
            }
        }
    }
}

/// There is no row where one is asked for.
fn none(table: &Table) -> Error {
    Error::raised("P0002", format!("no row of {} matches", table.meta.table))
}

/// A select that shows no columns.
fn empty(table: &Arc<Table>) -> Select {
    Select { output: Vec::new(), ..Select::all(table.clone()) }
}

fn select(rows: &Rows, scope: &Scope) -> Result<Select> {
    let mut select = empty(&rows.table).filtered(filter(&rows.filter, scope)?);
    select.order.clone_from(&rows.order);
    select.limit = rows.limit;
    Ok(select)
}

/// The rows of a step.
fn same_rows(table: &Table, content: Option<&Content>) -> Filter {
    let rows: &[Row] = match content {
        Some(Content::Row(row)) => std::slice::from_ref(row),
        Some(Content::Rows(rows)) => rows,
        _ => &[],
    };
    let records: Vec<&Record> = rows.iter().filter_map(|row| row.record.as_deref()).collect();
    by_key(table, &records)
}
