//! Queue entities: which of their columns and values carry the state of a job.

use super::backoff::Backoff;
use crate::error::{Error, Result};
use jiff::Timestamp;
use mainstay_entity::{Catalog, ChoiceMeta, Direction, Entity, Kind, Record, Table, Value};
use mainstay_store::{Compare, Expression, Filter, IsState, Order, OrderBy, Select};
use std::sync::Arc;
use std::time::Duration;

/// An entity whose rows are jobs; declared with `#[entity(queue)]`.
///
/// The columns and states are checked when the module is registered. Servers look for rows that
/// are due over all organisations, so the entity declares `index(columns(status, run_at),
/// global)`, or rows that are done make each look slower.
pub trait Queue: Entity + Send + 'static {
    /// How it is used as a queue.
    const QUEUE: QueueMeta = QueueMeta::STANDARD;
}

/// How an entity is used as a queue.
#[derive(Clone, Copy, Debug)]
pub struct QueueMeta {
    /// The columns that carry a job's state.
    pub columns: QueueColumns,
    /// The values of the status column.
    pub states: QueueStates,
    /// Most handlers that run at once on one server.
    pub concurrency: usize,
    /// How long a claim holds; a running handler renews it. A crash holds rows back so long.
    pub lease: Duration,
    /// Longest run of one attempt.
    pub timeout: Duration,
    /// Most attempts, where the row has no column for it.
    pub max_attempts: u32,
    /// How long failed jobs wait.
    pub backoff: Backoff,
}

/// The names of the columns that carry a job's state.
#[derive(Clone, Copy, Debug)]
pub struct QueueColumns {
    /// A choice with the values of [`QueueStates`].
    pub status: &'static str,
    /// Attempts begun: an integer.
    pub attempts: &'static str,
    /// Not before this time; null means at once.
    pub run_at: &'static str,
    /// Who works on it: a nullable text, read-only.
    pub leased_by: &'static str,
    /// Until when nobody else may: a nullable time, read-only.
    pub leased_until: &'static str,
    /// Why the last attempt failed: a nullable text.
    pub last_error: &'static str,
    /// Larger first: an integer. The column may be absent.
    pub priority: &'static str,
    /// Most attempts of this row: an integer. The column may be absent.
    pub max_attempts: &'static str,
}

/// The values of the status column; several may be the same.
#[derive(Clone, Copy, Debug)]
pub struct QueueStates {
    /// Waits for its first attempt.
    pub waiting: &'static str,
    /// Is worked on.
    pub running: &'static str,
    /// Ended as intended.
    pub done: &'static str,
    /// Waits for another attempt.
    pub retrying: &'static str,
    /// Failed for good.
    pub dead: &'static str,
}

impl QueueMeta {
    /// The conventional names, 8 handlers, a lease of one minute, 15 minutes for an attempt, and
    /// 10 attempts.
    pub const STANDARD: Self = Self {
        columns: QueueColumns {
            status: "status",
            attempts: "attempts",
            run_at: "run_at",
            leased_by: "leased_by",
            leased_until: "leased_until",
            last_error: "last_error",
            priority: "priority",
            max_attempts: "max_attempts",
        },
        states: QueueStates {
            waiting: "pending",
            running: "running",
            done: "done",
            retrying: "retrying",
            dead: "dead",
        },
        concurrency: 8,
        lease: Duration::from_mins(1),
        timeout: Duration::from_mins(15),
        max_attempts: 10,
        backoff: Backoff::STANDARD,
    };
}

/// A queue entity with its names resolved.
#[derive(Debug)]
pub(crate) struct QueueTable {
    pub(super) table: Arc<Table>,
    pub(super) meta: QueueMeta,
    pub(super) status: usize,
    pub(super) attempts: usize,
    pub(super) run_at: usize,
    pub(super) leased_by: usize,
    pub(super) leased_until: usize,
    pub(super) last_error: usize,
    priority: Option<usize>,
    max_attempts: Option<usize>,
}

impl QueueTable {
    /// Resolves and checks a declaration.
    ///
    /// # Errors
    /// Names everything that is missing or of the wrong kind.
    pub(super) fn new(
        catalog: &Catalog,
        schema: &str,
        table: &str,
        meta: &QueueMeta,
    ) -> Result<Self> {
        let Some(table) = catalog.find(schema, table) else {
            let message = format!("queue {schema}.{table}: no module lists the entity");
            return Err(Error::internal(message));
        };
        let mut check = Check { table, problems: Vec::new() };
        if !table.meta.queue {
            check.problem("declare it with #[entity(queue)]");
        }
        if meta.concurrency == 0 || meta.lease < Duration::from_millis(100) {
            check.problem("allow at least one handler and a lease of 100 ms");
        }
        let names = &meta.columns;
        let queue = Self {
            table: table.clone(),
            status: check.required(names.status, &STATUS),
            attempts: check.required(names.attempts, &NUMBER),
            run_at: check.required(names.run_at, &TIME),
            leased_by: check.required(names.leased_by, &LEASE_TEXT),
            leased_until: check.required(names.leased_until, &LEASE_TIME),
            last_error: check.required(names.last_error, &NULLABLE_TEXT),
            priority: check.optional(names.priority, &NUMBER),
            max_attempts: check.optional(names.max_attempts, &NUMBER),
            meta: *meta,
        };
        if let Some(Kind::Choice(choice)) = table.meta.column(names.status).map(|c| &c.kind) {
            check.states(choice, &meta.states);
        }
        check.finish()?;
        Ok(queue)
    }

    /// The rows that may be claimed.
    pub(super) fn due(&self, now: Timestamp) -> Filter {
        let states = &self.meta.states;
        let mut waiting = vec![states.waiting, states.retrying];
        waiting.dedup();
        let text = |state: &str| Value::Text(state.to_owned());
        Filter::Or(vec![
            Filter::And(vec![
                Filter::In {
                    left: Expression::column(self.status),
                    list: waiting.into_iter().map(text).collect(),
                },
                self.at_or_before(self.run_at, now),
            ]),
            Filter::And(vec![
                equals(self.status, text(states.running)),
                self.at_or_before(self.leased_until, now),
            ]),
        ])
    }

    /// The rows that may be claimed, the longest due first.
    pub(super) fn select_due(&self, now: Timestamp, eligible: &Filter) -> Select {
        let filter = Filter::And(vec![self.due(now), eligible.clone()]);
        let mut select = Select::all(self.table.clone()).filtered(filter);
        select.order.push(Order {
            by: OrderBy::Expression(Expression::column(self.run_at)),
            direction: Direction::Ascending,
            nulls_first: true,
        });
        select
    }

    /// The same in the order in which they are claimed: by priority first.
    pub(super) fn select_next(&self, now: Timestamp, eligible: &Filter) -> Select {
        let mut select = self.select_due(now, eligible);
        if let Some(priority) = self.priority {
            let order = Order {
                by: OrderBy::Expression(Expression::column(priority)),
                direction: Direction::Descending,
                nulls_first: false,
            };
            select.order.insert(0, order);
        }
        select
    }

    /// Exactly these rows.
    pub(super) fn keys<'a>(&self, rows: impl IntoIterator<Item = &'a Record>) -> Filter {
        Filter::Or(rows.into_iter().map(|row| self.key(row)).collect())
    }

    /// Exactly this row.
    pub(super) fn key(&self, row: &Record) -> Filter {
        let column = |column: &usize| equals(*column, row.0[*column].clone());
        Filter::And(self.table.primary_key.iter().map(column).collect())
    }

    /// Attempts of a row, those begun included.
    pub(super) fn attempts_of(&self, row: &Record) -> i64 {
        integer(&row.0[self.attempts]).unwrap_or(0)
    }

    /// Most attempts of a row.
    pub(super) fn max_attempts_of(&self, row: &Record) -> i64 {
        let own = self.max_attempts.and_then(|column| integer(&row.0[column]));
        own.unwrap_or_else(|| i64::from(self.meta.max_attempts))
    }

    /// A text cut to what the column of errors holds.
    pub(super) fn error_text(&self, message: &str) -> Value {
        let max = match self.table.meta.columns[self.last_error].kind {
            Kind::Text { max: Some(max) } => max as usize,
            _ => 4_000,
        };
        Value::Text(message.chars().filter(|c| *c != '\0').take(max).collect())
    }

    fn at_or_before(&self, column: usize, now: Timestamp) -> Filter {
        let reached = Filter::Compare {
            left: Expression::column(column),
            op: Compare::Le,
            right: timestamp(now),
        };
        if !self.table.meta.columns[column].nullable {
            return reached;
        }
        let null = Filter::Is { left: Expression::column(column), state: IsState::Null };
        Filter::Or(vec![null, reached])
    }
}

/// A column that equals a value.
pub(super) fn equals(column: usize, right: Value) -> Filter {
    Filter::Compare { left: Expression::column(column), op: Compare::Eq, right }
}

pub(super) fn timestamp(time: Timestamp) -> Value {
    Value::Timestamp(time.as_microsecond())
}

fn integer(value: &Value) -> Option<i64> {
    if let Value::Int(number) = value { Some(*number) } else { None }
}

/// What a column must be, and how to write that.
struct Wanted {
    fits: fn(&Kind) -> bool,
    nullable: Option<bool>,
    read_only: bool,
    declaration: &'static str,
}

const STATUS: Wanted = Wanted {
    fits: |kind| matches!(kind, Kind::Choice(_)),
    nullable: Some(false),
    read_only: false,
    declaration: "JobStatus",
};
const NUMBER: Wanted = Wanted {
    fits: |kind| matches!(kind, Kind::SmallInt | Kind::Integer | Kind::BigInt),
    nullable: Some(false),
    read_only: false,
    declaration: "i32",
};
const TIME: Wanted = Wanted {
    fits: |kind| *kind == Kind::Timestamp,
    nullable: None,
    read_only: false,
    declaration: "Timestamp",
};
const NULLABLE_TEXT: Wanted = Wanted {
    fits: |kind| matches!(kind, Kind::Text { .. }),
    nullable: Some(true),
    read_only: false,
    declaration: "Option<Text<4000>>",
};
const LEASE_TEXT: Wanted = Wanted {
    fits: |kind| matches!(kind, Kind::Text { max } if max.is_none_or(|max| max >= 255)),
    nullable: Some(true),
    read_only: true,
    declaration: "Option<Text<255>>",
};
const LEASE_TIME: Wanted = Wanted {
    fits: |kind| *kind == Kind::Timestamp,
    nullable: Some(true),
    read_only: true,
    declaration: "Option<Timestamp>",
};

/// Collects what is wrong with a declaration.
struct Check<'a> {
    table: &'a Table,
    problems: Vec<String>,
}

impl Check<'_> {
    fn problem(&mut self, problem: impl Into<String>) {
        self.problems.push(problem.into());
    }

    fn required(&mut self, name: &str, wanted: &Wanted) -> usize {
        self.optional(name, wanted).unwrap_or_else(|| {
            self.problem(format!("add `{}`", declaration(name, wanted)));
            // Never used: a problem means that there is no queue.
            0
        })
    }

    fn optional(&mut self, name: &str, wanted: &Wanted) -> Option<usize> {
        let index = self.table.column_index(name)?;
        let column = &self.table.meta.columns[index];
        let fits = (wanted.fits)(&column.kind)
            && wanted.nullable.is_none_or(|nullable| nullable == column.nullable)
            && (column.read_only || self.table.meta.read_only || !wanted.read_only);
        if !fits {
            self.problem(format!("declare `{}`", declaration(name, wanted)));
        }
        Some(index)
    }

    fn states(&mut self, choice: &ChoiceMeta, states: &QueueStates) {
        let QueueStates { waiting, running, done, retrying, dead } = *states;
        for state in [waiting, running, done, retrying, dead] {
            if !choice.accepts(state) {
                self.problem(format!("add the value \"{state}\" to {}", choice.name));
            }
        }
        let moves = [
            (waiting, running),
            (retrying, running),
            (running, done),
            (running, retrying),
            (running, dead),
        ];
        for (from, to) in moves {
            if choice.accepts(from) && choice.accepts(to) && !choice.allows(from, to) {
                self.problem(format!("allow the move {from} -> {to} in {}", choice.name));
            }
        }
    }

    fn finish(mut self) -> Result<()> {
        if self.problems.is_empty() {
            return Ok(());
        }
        self.problems.dedup();
        let (table, problems) = (self.table.meta.qualified_name(), self.problems.join("; "));
        Err(Error::internal(format!("queue {table}: {problems}")))
    }
}

fn declaration(name: &str, wanted: &Wanted) -> String {
    let attribute = if wanted.read_only { "#[entity(read_only)] " } else { "" };
    format!("{attribute}pub {name}: {}", wanted.declaration)
}

#[cfg(test)]
mod tests;
