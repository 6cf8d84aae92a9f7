//! Aggregates, as far as both engines give the same answer.

use super::cast::{self, is_number, type_name};
use crate::dialect::ast::{Aggregate as Asked, AggregateFunction};
use crate::error::{Fault, Result};
use mainstay_entity::{Kind, Table};
use mainstay_store::{Aggregate, Cast, Expression, Output, OutputValue};

/// `count()`: the number of rows of a group.
pub(super) fn count(alias: Option<&str>, cast: Option<&str>) -> Result<Output> {
    let value = OutputValue::Aggregate {
        function: Aggregate::Count,
        argument: None,
        cast: result_cast(&Kind::BigInt, cast)?,
    };
    Ok(Output { key: alias.unwrap_or("count").to_owned(), value })
}

/// `column.sum()` and its siblings, of a column, a part of a document, or a cast of these.
pub(super) fn over(
    table: &Table,
    alias: Option<&str>,
    argument: Expression,
    asked: &Asked,
) -> Result<Output> {
    let source = argument.kind(table);
    let function = function(asked.function, &source)?;
    let result = function.result(&source);
    let value = OutputValue::Aggregate {
        function,
        argument: Some(argument),
        cast: result_cast(&result, asked.cast.as_deref())?,
    };
    Ok(Output { key: alias.unwrap_or(asked.function.as_str()).to_owned(), value })
}

fn function(asked: AggregateFunction, kind: &Kind) -> Result<Aggregate> {
    let (function, has, same_on_both) = match asked {
        AggregateFunction::Count => (Aggregate::Count, true, !kind.is_confidential()),
        AggregateFunction::Sum => (Aggregate::Sum, is_summed(kind), adds_alike(kind)),
        AggregateFunction::Avg => (Aggregate::Avg, is_summed(kind), adds_alike(kind)),
        AggregateFunction::Max => (Aggregate::Max, is_ordered(kind), kind.has_one_spelling()),
        AggregateFunction::Min => (Aggregate::Min, is_ordered(kind), kind.has_one_spelling()),
    };
    let name = asked.as_str();
    let of = type_name(kind);
    if !has {
        let fault = Fault::new("42883", format!("function {name}({of}) does not exist"));
        return Err(fault
            .hint(
                "No function matches the given name and argument types. You might need to add \
                 explicit type casts.",
            )
            .into());
    }
    if !same_on_both {
        return Err(Fault::unsupported(format!("The aggregate {name}({of}).")).into());
    }
    Ok(function)
}

/// Whether PostgreSQL has `sum` and `avg` of a kind; it adds times as intervals.
fn is_summed(kind: &Kind) -> bool {
    is_number(kind) || matches!(kind, Kind::Interval | Kind::Time)
}

/// Whether both engines add values of a kind alike: exact numbers of at most 18 digits, and doubles
/// in the order of their size.
fn adds_alike(kind: &Kind) -> bool {
    use Kind::{BigInt, Decimal, Double, Integer, SmallInt};
    matches!(kind, SmallInt | Integer | BigInt | Double | Decimal { .. })
}

/// Whether PostgreSQL has `max` and `min` of a kind.
fn is_ordered(kind: &Kind) -> bool {
    use Kind::{Date, Inet, Interval, List, Time, Timestamp};
    let others = matches!(kind, Timestamp | Date | Time | Interval | Inet | List(_));
    others || is_number(kind) || kind.is_textual()
}

/// A cast of an aggregate's result.
fn result_cast(result: &Kind, name: Option<&str>) -> Result<Option<Cast>> {
    let Some(name) = name else { return Ok(None) };
    let target = cast::named(name)?;
    cast::check(result, target)?;
    Ok(Some(target))
}
