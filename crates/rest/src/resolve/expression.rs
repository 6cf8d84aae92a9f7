//! Columns, places in documents, and casts.

use super::cast::{self, type_name};
use crate::dialect::ast::{Arrow, Field, JsonKey};
use crate::error::{Fault, Result};
use crate::nearest::nearest_columns;
use mainstay_entity::{Kind, Table};
use mainstay_store::{Expression, JsonStep};
use std::borrow::Cow;

/// Text of any length, as `->>` gives it.
pub(super) const TEXT: Kind = Kind::Text { max: None };

/// The position of a column that rows keep.
pub(crate) fn column_index(table: &Table, name: &str) -> Result<usize, Fault> {
    table.column_index(name).ok_or_else(|| no_column(table, name))
}

/// PostgreSQL's answer to the name of no column.
fn no_column(table: &Table, name: &str) -> Fault {
    let own = &table.meta.table;
    let fault = Fault::new("42703", format!("column {own}.{name} does not exist"));
    let near = nearest_columns(name, table.readable_names());
    let near: Vec<String> =
        near.iter().map(|other| format!("the column \"{own}.{other}\"")).collect();
    if near.is_empty() {
        return fault;
    }
    fault.hint(format!("Perhaps you meant to reference {}.", near.join(" or ")))
}

/// The expression that a field means.
pub(super) fn of_field(table: &Table, field: &Field) -> Result<Expression> {
    let column = table.readable_index(&field.name).ok_or_else(|| no_column(table, &field.name))?;
    let Some(last) = field.path.last() else {
        return Ok(Expression::column(column));
    };
    check_path(table, column, field)?;
    let step = |key: &JsonKey| match key {
        JsonKey::Member(name) => JsonStep::Key(name.clone()),
        JsonKey::Index(index) => JsonStep::Index(i64::from(*index)),
    };
    Ok(Expression {
        column,
        path: field.path.iter().map(|s| step(&s.key)).collect(),
        as_text: last.arrow == Arrow::Text,
        cast: None,
    })
}

/// Arrows lead into documents only, and not on from a text.
fn check_path(table: &Table, column: usize, field: &Field) -> Result<()> {
    let kind = &table.readable(column).kind;
    let arrow = |arrow| if arrow == Arrow::Text { "->>" } else { "->" };
    let (left, step) = match kind {
        Kind::Json => {
            let last = field.path.len() - 1;
            let Some(cut) = field.path[..last].iter().position(|s| s.arrow == Arrow::Text) else {
                return Ok(());
            };
            (Cow::Borrowed("text"), &field.path[cut + 1])
        }
        Kind::List(_) => {
            let what = format!("A path into the list column '{}'.", field.name);
            return Err(Fault::unsupported(what).into());
        }
        _ => (type_name(kind), &field.path[0]),
    };
    Err(no_operator(&left, arrow(step.arrow)).into())
}

/// The key of a member without an alias: the last member that its path names.
pub(super) fn default_key(field: &Field) -> &str {
    let named = field.path.iter().rev().find_map(|step| match &step.key {
        JsonKey::Member(name) => Some(name.as_str()),
        JsonKey::Index(_) => None,
    });
    named.unwrap_or(&field.name)
}

/// The kind of an expression's values, before a cast.
pub(super) fn kind<'t>(table: &'t Table, expression: &Expression) -> Cow<'t, Kind> {
    if expression.path.is_empty() {
        Cow::Borrowed(&table.readable(expression.column).kind)
    } else if expression.as_text {
        Cow::Owned(TEXT)
    } else {
        Cow::Owned(Kind::Json)
    }
}

/// Casts an expression to the type of a name.
pub(super) fn cast(
    table: &Table,
    mut expression: Expression,
    name: Option<&str>,
) -> Result<Expression> {
    if let Some(name) = name {
        let target = cast::named(name)?;
        cast::check(&kind(table, &expression), target)?;
        expression.cast = Some(target);
    }
    Ok(expression)
}

/// PostgreSQL's answer to an operator that a type lacks.
pub(super) fn no_operator(left: &str, operator: &str) -> Fault {
    Fault::new("42883", format!("operator does not exist: {left} {operator} unknown")).hint(
        "No operator matches the given name and argument types. You might need to add explicit \
         type casts.",
    )
}
