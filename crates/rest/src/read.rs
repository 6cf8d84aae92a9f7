//! `GET` and `HEAD`: the rows that match.

use crate::call::Call;
use crate::dialect::media::{MediaType, Plan};
use crate::dialect::prefer::Count as Asked;
use crate::dialect::range::Completeness;
use crate::error::{Fault, Result};
use crate::keyset;
use crate::resolve::Purpose;
use crate::response::Reply;
use bytes::Bytes;
use http::header::RANGE;
use http::{Response, StatusCode};
use mainstay_kernel::Context;
use mainstay_store::{Body, Count, Explain, Read};

/// Answers a read.
pub(crate) async fn read(call: &Call<'_>) -> Result<Response<Body>> {
    let (mut read, range) = plan(call)?;
    if let MediaType::Plan(asked) = &call.media {
        return explain(call, read, asked).await;
    }
    let most = range.limit.unwrap_or(u64::MAX);
    let pages = keyset::pages(call, &mut read.select, most)?;
    if pages.is_some() {
        // How many there are is no matter of one page.
        read.count = Count::None;
    }
    let answer = if let Some(shared) = call.shared {
        let mut work = shared.take()?;
        let answer = work.read(read).await?;
        shared.put(work);
        answer.into()
    } else if let Some(common) = call.common {
        call.kernel.read_in_common(call.context, read, common).await?
    } else if call.preferences.replica {
        let context = Context { stale_reads: true, ..call.context.clone() };
        call.kernel.read(&context, read).await?
    } else {
        call.kernel.read(call.context, read).await?
    };
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
    applied.count = applied.count.filter(|_| pages.is_none());
    let next = pages.and_then(|pages| pages.next(call, answer.rows, answer.last.as_deref()));
    let mut reply = Reply::new(status);
    if let Some(next) = next {
        reply = reply.header("link", &next);
    }
    Ok(reply
        .body(&call.media, answer.body)
        .range(range.content_range(answer.rows, answer.total))
        .applied(&applied)
        .profile(call.request.profile())
        .headless(call.request.is_head())
        .finish())
}

/// Answers how a read would be run.
async fn explain(call: &Call<'_>, read: Read, asked: &Plan) -> Result<Response<Body>> {
    let runs = asked.options.iter().any(|option| !["verbose", "settings"].contains(option));
    if call.shared.is_some() || runs {
        let what = "A plan with analyze, buffers or wal, or in a batch.";
        return Err(Fault::unsupported(what).into());
    }
    let verbose = asked.options.contains(&"verbose");
    let explain = Explain { json: asked.json, verbose };
    let plan = call.kernel.explain(call.context, read, explain).await?;
    Ok(Reply::new(StatusCode::OK)
        .body(&call.media, Bytes::from(plan))
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
    let read = Read {
        select,
        count,
        format: call.format(),
        strip_nulls: call.strips_nulls(),
        zone: call.zone(),
    };
    Ok((read, range))
}
