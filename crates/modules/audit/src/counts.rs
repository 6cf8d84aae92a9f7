//! `rpc/audit_counts`: how many events there were, by time, actor or action.

use jiff::Timestamp;
use mainstay_entity::{Direction, Table, Value};
use mainstay_kernel::lookup::position;
use mainstay_kernel::{Done, Error, Result, Work};
use mainstay_store::{
    Aggregate, Cast, Compare, Count, Expression, Filter, Format, Order, OrderBy, Output,
    OutputValue, Read, Select,
};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Groups of one answer when nobody says how many.
const GROUPS: u64 = 1_000;
/// Groups of one answer at most.
const GROUPS_MAX: u64 = 10_000;

/// What events are counted by.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum By {
    Hour,
    Day,
    Actor,
    Action,
}

/// Which events are counted, and by what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CountsOf {
    /// `hour`, `day`, `actor` or `action`.
    by: By,
    /// Events that happened at this time or later.
    since: Option<String>,
    /// Events that happened before this time.
    until: Option<String>,
    /// Events of this actor.
    actor: Option<String>,
    /// Events of this action.
    action: Option<String>,
    /// At most so many groups.
    groups: Option<u64>,
    /// After so many.
    skip: Option<u64>,
}

/// Counts the caller's events with one statement: `[{"day": …, "count": …}]`, in the order of what
/// they are counted by. Times are in UTC.
///
/// # Errors
/// `22007` for what is no time, `22023` for too many groups.
pub(crate) async fn audit_counts(mut work: Work, asked: CountsOf) -> Result<Done> {
    let table = work.kernel().ledger().rows().table().clone();
    let groups = asked.groups.unwrap_or(GROUPS);
    if groups > GROUPS_MAX {
        let message = format!("expected at most {GROUPS_MAX} groups, got {groups}");
        return Err(Error::rule("22023", message));
    }
    let (key, group) = group(&table, asked.by)?;
    let output = |key: &str, value| Output { key: key.to_owned(), value };
    let count = OutputValue::Aggregate { function: Aggregate::Count, argument: None, cast: None };
    let mut select = Select::all(table.clone()).filtered(filter(&table, &asked)?);
    select.output =
        vec![output(key, OutputValue::Expression(group.clone())), output("count", count)];
    let by = OrderBy::Expression(group);
    select.order = vec![Order { by, direction: Direction::Ascending, nulls_first: false }];
    select.limit = Some(groups);
    select.offset = asked.skip.unwrap_or(0);
    let read = Read {
        select,
        count: Count::None,
        format: Format::JsonArray,
        strip_nulls: false,
        zone: None,
    };
    let answer = work.read(read).await?;
    let reply: Box<RawValue> = serde_json::from_slice(&answer.body).map_err(Error::internal)?;
    work.commit_with(&reply).await
}

fn group(table: &Table, by: By) -> Result<(&'static str, Expression)> {
    let (key, column, cast) = match by {
        By::Hour => ("hour", "occurred_at", Some(Cast::Hour)),
        By::Day => ("day", "occurred_at", Some(Cast::Day)),
        By::Actor => ("actor_id", "actor_id", None),
        By::Action => ("action", "action", None),
    };
    Ok((key, Expression { cast, ..expression(table, column)? }))
}

fn filter(table: &Table, asked: &CountsOf) -> Result<Filter> {
    let mut parts = Vec::new();
    let mut add = |column: &str, op, right| {
        parts.push(Filter::Compare { left: expression(table, column)?, op, right });
        Ok::<_, Error>(())
    };
    for (op, text) in [(Compare::Ge, &asked.since), (Compare::Lt, &asked.until)] {
        if let Some(text) = text {
            add("occurred_at", op, Value::Timestamp(time(text)?.as_microsecond()))?;
        }
    }
    for (column, text) in [("actor_id", &asked.actor), ("action", &asked.action)] {
        if let Some(text) = text {
            add(column, Compare::Eq, Value::Text(text.clone()))?;
        }
    }
    Ok(Filter::And(parts))
}

fn expression(table: &Table, column: &str) -> Result<Expression> {
    Ok(Expression::column(position(table, column)?))
}

/// An instant as callers write it.
///
/// # Errors
/// `22007`
pub(crate) fn time(text: &str) -> Result<Timestamp> {
    let wrong = || {
        let message = format!("expected a time such as 2027-01-31T00:00:00Z, got {text:?}");
        Error::rule("22007", message)
    };
    text.parse().map_err(|_| wrong())
}
