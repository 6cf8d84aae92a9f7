//! Aggregates, as far as both engines give the same answer.

use super::cast::{self, is_number, type_name};
use super::expression::kind;
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

/// `column.sum()` and its siblings.
pub(super) fn over(
    table: &Table,
    alias: Option<&str>,
    argument: Expression,
    asked: &Asked,
) -> Result<Output> {
    if argument.cast.is_some() || !argument.path.is_empty() {
        return Err(Fault::unsupported("An aggregate of a cast or of a part of a document.").into());
    }
    let source = kind(table, &argument).into_owned();
    let function = function(asked.function, &source)?;
    let result = if function == Aggregate::Count { Kind::BigInt } else { source };
    let value = OutputValue::Aggregate {
        function,
        argument: Some(argument),
        cast: result_cast(&result, asked.cast.as_deref())?,
    };
    Ok(Output { key: alias.unwrap_or(asked.function.as_str()).to_owned(), value })
}

fn function(asked: AggregateFunction, kind: &Kind) -> Result<Aggregate> {
    let exact =
        matches!(kind, Kind::SmallInt | Kind::Integer | Kind::BigInt | Kind::Decimal { .. });
    let (function, has, same_on_both) = match asked {
        AggregateFunction::Count => (Aggregate::Count, true, true),
        // The engines add doubles in different orders, and round means differently.
        AggregateFunction::Sum => (Aggregate::Sum, is_number(kind), exact),
        AggregateFunction::Avg => (Aggregate::Avg, is_number(kind), false),
        AggregateFunction::Max => (Aggregate::Max, is_ordered(kind), *kind != Kind::Inet),
        AggregateFunction::Min => (Aggregate::Min, is_ordered(kind), *kind != Kind::Inet),
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

/// Whether PostgreSQL has `max` and `min` of a kind.
fn is_ordered(kind: &Kind) -> bool {
    is_number(kind)
        || kind.is_textual()
        || matches!(kind, Kind::Timestamp | Kind::Date | Kind::Inet)
}

/// A cast of an aggregate's result.
fn result_cast(result: &Kind, name: Option<&str>) -> Result<Option<Cast>> {
    let Some(name) = name else { return Ok(None) };
    let target = cast::named(name)?;
    cast::check(result, target)?;
    let whole = matches!(result, Kind::SmallInt | Kind::Integer | Kind::BigInt);
    if whole && matches!(target, Cast::BigInt | Cast::Text) {
        return Ok(Some(target));
    }
    let what = format!("A cast of an aggregate of {} to {name}.", type_name(result));
    Err(Fault::unsupported(what).into())
}
