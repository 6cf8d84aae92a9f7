//! `GET` and `HEAD`: the rows that match.

use crate::call::Call;
use crate::dialect::prefer::Count as Asked;
use crate::dialect::range::Completeness;
use crate::error::Result;
use crate::resolve::Purpose;
use crate::response::Reply;
use bytes::Bytes;
use http::header::RANGE;
use http::{Response, StatusCode};
use mainstay_store::{Count, Format, Read};

/// Answers a read.
pub(crate) async fn read(call: &Call<'_>) -> Result<Response<Bytes>> {
    let (read, range) = plan(call)?;
    let format = read.format;
    let answer = call.kernel.read(call.context, read).await?;
    let status = match range.completeness(answer.rows, answer.total)? {
        Completeness::Whole => StatusCode::OK,
        Completeness::Partial => StatusCode::PARTIAL_CONTENT,
    };
    call.check_singular(answer.rows)?;
    let mut applied = call.preferences.clone();
    applied.resolution = None;
    applied.missing = None;
    applied.representation = None;
    applied.transaction = None;
    applied.max_affected = None;
    let body = without_last_newline(answer.body, format, answer.rows);
    Ok(Reply::new(status)
        .body(&call.media, body)
        .range(range.content_range(answer.rows, answer.total))
        .applied(&applied)
        .profile(call.request.profile())
        .headless(call.request.is_head())
        .finish())
}

/// The read that a request asks for, and its range of rows.
pub(crate) fn plan(call: &Call<'_>) -> Result<(Read, crate::dialect::RowRange)> {
    let mut select = call.select(Purpose::Read)?;
    let mut range = call.params.range_at(&[]).cut_by_header(call.request.header(RANGE))?;
    let most = call.resolver().max_rows(&call.table);
    range.limit = Some(range.limit.map_or(most, |limit| limit.min(most)));
    select.limit = range.limit;
    select.offset = range.offset;
    let count = match call.preferences.count {
        None => Count::None,
        Some(Asked::Exact) => Count::Exact,
        Some(Asked::Planned | Asked::Estimated) => Count::Capped(call.settings.count_cap),
    };
    let read = Read { select, count, format: call.format(), strip_nulls: call.strips_nulls() };
    Ok((read, range))
}

/// PostgREST's CSV has newlines between its lines, not after the last one.
pub(crate) fn without_last_newline(body: Bytes, format: Format, rows: u64) -> Bytes {
    match body.split_last() {
        Some((b'\n', rest)) if format == Format::Csv && rows > 0 => body.slice(..rest.len()),
        _ => body,
    }
}
