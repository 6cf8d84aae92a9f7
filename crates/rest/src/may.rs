//! `rpc/may`: whether the caller could do something, and why or why not. It needs no permission:
//! everybody may ask what they may do themselves, and learns of a row no more than by trying.

use crate::body::Reading;
use crate::call::find_table;
use crate::dialect::error::INVALID_BODY;
use crate::dialect::{BodyType, MediaType};
use crate::error::{Failure, Fault, Result};
use crate::request::Request;
use crate::response::Reply;
use crate::rpc;
use crate::service::Rest;
use bytes::Bytes;
use http::{Response, StatusCode};
use mainstay_entity::parse::parse_json;
use mainstay_entity::{Table, Value};
use mainstay_kernel::{Context, Error, Input, Question, Verdict};
use mainstay_store::Body;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::sync::Arc;

/// The name of the question.
pub(crate) const NAME: &str = "may";

const EXPECTED: &str = "Expected {\"table\", \"method\", \"row\"} or {\"action\", \"method\"}";

/// What is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked<'a> {
    /// The table's name.
    table: Option<String>,
    /// An action's name, as in `rpc/{action}`.
    action: Option<String>,
    /// The schema of either, when it is not the request's.
    schema: Option<String>,
    /// An HTTP method; of a table also the action of a permission (`read`, `unmask`). An action is
    /// called by `POST`, when nothing is said.
    method: Option<String>,
    /// An existing row, by its identifier or by an object of its key; with `POST` the values of a
    /// new one.
    #[serde(borrow)]
    row: Option<&'a RawValue>,
}

/// Answers the question.
pub(crate) async fn answer(
    rest: &Rest,
    context: &Context,
    request: &Request,
) -> Result<Response<Body>> {
    let asked: Asked<'_> = serde_json::from_slice(&request.body)
        .map_err(|error| Fault::new(INVALID_BODY, EXPECTED).details(error.to_string()))?;
    let schema = crate::call::schema(rest.kernel(), rest.settings(), request)?;
    let schema = asked.schema.as_deref().unwrap_or(schema);
    let verdict = match (&asked.table, &asked.action, &asked.method) {
        (Some(table), None, Some(method)) => {
            let table = find_table(rest.kernel(), schema, table)?;
            let question = question(method, asked.row, &table)?;
            rest.kernel().may(context, &table, question).await?
        }
        (None, Some(name), method) if asked.row.is_none() => {
            let reads = method.as_deref().is_some_and(|m| ["GET", "HEAD"].contains(&m));
            call(rest, context, (schema, name), reads)?
        }
        _ => return Err(Fault::new(INVALID_BODY, EXPECTED).into()),
    };
    let Verdict { allowed, reasons } = verdict;
    let body = serde_json::json!({ "allowed": allowed, "reasons": reasons }).to_string();
    Ok(Reply::new(StatusCode::OK)
        .body(&MediaType::Json, Bytes::from(body))
        .profile(request.profile())
        .finish())
}

/// Whether the caller could call one of the actions of a name: what is said of the first that they
/// could, or else of the first.
fn call(
    rest: &Rest,
    context: &Context,
    (schema, name): (&str, &str),
    reads: bool,
) -> Result<Verdict> {
    let kernel = rest.kernel();
    let own = kernel.own_actions_named(schema, name);
    let mut verdicts: Vec<Verdict> = own.iter().map(|own| own.may(context, reads)).collect();
    if own.is_empty() {
        let built_in = kernel.actions().find(|action| action.name == name);
        verdicts.extend(built_in.map(|action| action.may(context)));
    }
    let chosen = verdicts.iter().position(|verdict| verdict.allowed).unwrap_or(0);
    if chosen < verdicts.len() {
        return Ok(verdicts.swap_remove(chosen));
    }
    let message = format!("Could not find the function {schema}.{name} in the schema cache");
    Err(Fault::new(rpc::UNKNOWN, message).into())
}

fn question(method: &str, row: Option<&RawValue>, table: &Arc<Table>) -> Result<Question> {
    let action = match &*method.to_ascii_uppercase() {
        "GET" | "HEAD" => mainstay_kernel::permissions::READ,
        "POST" => mainstay_kernel::permissions::CREATE,
        "PATCH" | "PUT" => mainstay_kernel::permissions::UPDATE,
        "DELETE" => mainstay_kernel::permissions::DELETE,
        _ => method,
    };
    let question = Question { action: action.to_owned(), key: None, new_row: None };
    let Some(row) = row.filter(|row| row.get() != "null") else {
        return Ok(question);
    };
    if action == mainstay_kernel::permissions::CREATE {
        let reading = Reading { table, columns: None, missing_default: true, zone: None };
        let rows = reading.read(BodyType::Json, row.get().as_bytes())?.rows;
        return Ok(Question { new_row: rows.into_iter().next(), ..question });
    }
    Ok(Question { key: Some(key(table, row)?), ..question })
}

/// The columns and values of a row's key.
fn key(table: &Table, row: &RawValue) -> Result<Vec<(usize, Value)>> {
    let columns: Vec<usize> = table.row_key().collect();
    let value = |column: usize, raw: &str| {
        let kind = &table.meta.columns[column].kind;
        let name = format!("{}.{}", table.meta.table, table.column_name(column));
        parse_json(kind, raw).map_err(|error| Failure::from(Error::invalid(name, &error)))
    };
    if !row.get().starts_with('{') {
        let [column] = columns.as_slice() else {
            return Err(whole_key(table, &columns).into());
        };
        return Ok(vec![(*column, value(*column, row.get())?)]);
    }
    let reading = Reading { table, columns: None, missing_default: true, zone: None };
    let rows = reading.read(BodyType::Json, row.get().as_bytes())?.rows;
    let given = rows.into_iter().next().map(|row| row.values).unwrap_or_default();
    let key: Vec<(usize, Value)> = given
        .into_iter()
        .enumerate()
        .filter_map(|(column, input)| match input {
            Some(Input::Value(value)) if columns.contains(&column) => Some((column, value)),
            _ => None,
        })
        .collect();
    if columns.is_empty() || key.len() != columns.len() {
        return Err(whole_key(table, &columns).into());
    }
    Ok(key)
}

fn whole_key(table: &Table, columns: &[usize]) -> Fault {
    let names: Vec<&str> = columns.iter().map(|column| table.column_name(*column)).collect();
    let message = format!("A row of '{}' is named by its key", table.meta.table);
    Fault::new(INVALID_BODY, message).details(format!("The key is made of: {}.", names.join(", ")))
}
