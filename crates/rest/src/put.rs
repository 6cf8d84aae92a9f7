//! `PUT`: the one row of a key, made or replaced.

use crate::call::Call;
use crate::change::Shown;
use crate::dialect::ast::{Condition, Filter, Operator, Predicate};
use crate::error::{Fault, Result};
use crate::insert;
use http::{Response, StatusCode};
use mainstay_entity::Value;
use mainstay_entity::parse::parse_text;
use mainstay_kernel::{Error, Input, NewRow};
use mainstay_store::{Body, Conflict};

/// Answers a `PUT`.
pub(crate) async fn put(call: &Call<'_>) -> Result<Response<Body>> {
    call.refuse_bounds()?;
    let shown = Shown::plan(call)?;
    let key = key_values(call)?;
    let rows = call.body_rows()?.rows;
    let [row] = rows.as_slice() else {
        return Err(other_key().into());
    };
    if !key.iter().all(|(column, value)| gives(row, *column, value)) {
        return Err(other_key().into());
    }
    let conflict = Conflict::Merge { key: call.table.primary_key.clone(), set: Vec::new() };
    let written = insert::write(call, rows, conflict, &shown).await?;
    let status = match (written.inserted, shown.rows()) {
        (true, _) => StatusCode::CREATED,
        (false, Some(_)) => StatusCode::OK,
        (false, None) => StatusCode::NO_CONTENT,
    };
    Ok(insert::reply(call, status, &shown, written))
}

/// The key that the filters name.
fn key_values(call: &Call<'_>) -> Result<Vec<(usize, Value)>> {
    let table = &call.table;
    let key: Vec<usize> = table.row_key().collect();
    let mut values: Vec<(usize, Value)> = Vec::with_capacity(key.len());
    for placed in &call.params.filters {
        let (Filter::Condition(condition), []) = (&placed.item, placed.path.as_slice()) else {
            return Err(not_the_key().into());
        };
        let Some((name, text)) = equality(condition) else {
            return Err(not_the_key().into());
        };
        let column = table.column_index(name).filter(|column| key.contains(column));
        let Some(column) = column.filter(|c| values.iter().all(|(other, _)| other != c)) else {
            return Err(not_the_key().into());
        };
        let value = parse_text(&table.meta.columns[column].kind, text)
            .map_err(|e| Error::invalid(format!("{}.{name}", table.meta.table), &e))?;
        values.push((column, value));
    }
    if values.is_empty() || values.len() != key.len() {
        return Err(not_the_key().into());
    }
    Ok(values)
}

fn equality(condition: &Condition) -> Option<(&str, &str)> {
    match &condition.predicate {
        Predicate::Compare { operator: Operator::Eq, quantifier: None, value }
            if !condition.negated && condition.field.path.is_empty() =>
        {
            Some((&condition.field.name, value))
        }
        _ => None,
    }
}

fn gives(row: &NewRow, column: usize, value: &Value) -> bool {
    matches!(&row.values[column], Some(Input::Value(given)) if given == value)
}

fn not_the_key() -> Fault {
    let message = "Filters must include all and only primary key columns with 'eq' operators";
    Fault::new("PGRST105", message)
}

fn other_key() -> Fault {
    Fault::new("PGRST115", "Payload values do not match URL in primary key column(s)")
}
