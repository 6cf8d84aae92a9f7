//! `PATCH` and `DELETE`: changes of the rows that match.

use crate::call::Call;
use crate::change::Shown;
use crate::dialect::ContentRange;
use crate::dialect::error::INVALID_BODY;
use crate::error::{Fault, Result};
use crate::response::Reply;
use bytes::Bytes;
use http::{Response, StatusCode};
use mainstay_entity::Record;
use mainstay_kernel::{Input, permissions};
use mainstay_store::Body;

/// Answers an update.
pub(crate) async fn update(call: &Call<'_>) -> Result<Response<Body>> {
    call.refuse_bounds()?;
    let shown = Shown::plan(call)?;
    let filter = call.resolver().target_filter(&call.table)?;
    let set = changes(call)?;
    if set.is_empty() {
        call.kernel.authorize(call.context, &call.table, permissions::UPDATE)?;
        call.check_singular(0)?;
        let body = shown.rows().map(|representation| representation.compose(&[]));
        return Ok(reply(call, body, range(0, call.counted(0))));
    }
    let mut work = call.begin().await?;
    let changes = work.update(&call.table, set, filter).await?;
    let rows = changes.len() as u64;
    call.check_affected(rows)?;
    call.check_singular(rows)?;
    let records: Vec<&Record> = changes.iter().map(|change| &change.new).collect();
    let body = match shown.rows() {
        None => None,
        Some(representation) if representation.is_plain() || records.is_empty() => {
            Some(representation.compose(&records))
        }
        Some(representation) => Some(representation.read(&mut work, &records).await?),
    };
    call.end(work).await?;
    Ok(reply(call, body, range(rows, call.counted(rows))))
}

/// Answers a removal.
pub(crate) async fn delete(call: &Call<'_>) -> Result<Response<Body>> {
    call.refuse_bounds()?;
    let shown = Shown::plan(call)?;
    let filter = call.resolver().target_filter(&call.table)?;
    let mut work = call.begin().await?;
    // What is more than the rows themselves is read while they are still there.
    let mut body = match shown.rows() {
        Some(representation) if !representation.is_plain() => {
            Some(representation.read_before(&mut work, filter.clone()).await?)
        }
        _ => None,
    };
    let deleted = work.delete(&call.table, filter).await?;
    let rows = deleted.len() as u64;
    call.check_affected(rows)?;
    call.check_singular(rows)?;
    if let Some(representation) = shown.rows().filter(|_| body.is_none()) {
        body = Some(representation.compose(&deleted.iter().collect::<Vec<_>>()));
    }
    call.end(work).await?;
    Ok(reply(call, body, range(0, call.counted(rows))))
}

/// The columns of the body's one object.
fn changes(call: &Call<'_>) -> Result<Vec<(usize, Input)>> {
    let mut rows = call.body_rows()?.rows;
    if rows.len() > 1 {
        let fault = Fault::new(INVALID_BODY, "The body of an update must be one object");
        return Err(fault.details(format!("It holds {} rows.", rows.len())).into());
    }
    let Some(mut row) = rows.pop() else {
        return Ok(Vec::new());
    };
    // What `columns=` names and the body lacks is null by now, or asked to be its default.
    for name in call.params.columns.iter().flatten() {
        if let Some(column) = call.table.column_index(name)
            && row.values[column].is_none()
        {
            let default = call.kernel.column_default(call.context, &call.table, column)?;
            row.values[column] = Some(Input::Value(default));
        }
    }
    let given = row.values.into_iter().enumerate();
    Ok(given.filter_map(|(column, input)| Some((column, input?))).collect())
}

fn range(returned: u64, total: Option<u64>) -> ContentRange {
    ContentRange { first: 0, returned, total }
}

fn reply(call: &Call<'_>, body: Option<Bytes>, range: ContentRange) -> Response<Body> {
    let status = if body.is_some() { StatusCode::OK } else { StatusCode::NO_CONTENT };
    let reply = Reply::new(status)
        .range(range)
        .applied(&call.applied_to_change())
        .profile(call.request.profile());
    match body {
        Some(body) => reply.body(&call.media, body).finish(),
        None => reply.finish(),
    }
}
