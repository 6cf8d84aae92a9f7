//! `POST`: new rows, or upserts.

use crate::call::Call;
use crate::change::Shown;
use crate::dialect::ContentRange;
use crate::dialect::prefer::Resolution;
use crate::error::{Failure, Fault, Result};
use crate::ledger::{self, Told};
use crate::nested;
use crate::resolve::column_index;
use crate::response::Reply;
use bytes::Bytes;
use http::{Response, StatusCode};
use mainstay_entity::cell::Cell;
use mainstay_entity::{Record, Table};
use mainstay_kernel::{Create, NewRow, permissions};
use mainstay_store::{Body, Conflict, Outcome};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::Write as _;

/// The code of a member that is no column.
const UNKNOWN_COLUMN: &str = "PGRST204";

/// Answers an insert.
pub(crate) async fn insert(call: &Call<'_>) -> Result<Response<Body>> {
    call.refuse_bounds()?;
    let shown = Shown::plan(call)?;
    let conflict = conflict(call)?;
    let rows = match call.body_rows() {
        Ok(rows) => rows.rows,
        // What is no column may be a relation.
        Err(Failure::Fault(fault)) if fault.code() == UNKNOWN_COLUMN => {
            return nested::insert(call, &shown, fault.into()).await;
        }
        Err(failure) => return Err(failure),
    };
    let written = write(call, rows, conflict, &shown).await?;
    // What was ignored is answered like what was added, as PostgREST does.
    let merges = call.preferences.resolution == Some(Resolution::MergeDuplicates);
    let status = if merges && !written.inserted { StatusCode::OK } else { StatusCode::CREATED };
    Ok(reply(call, status, &shown, written))
}

/// What became of new rows.
pub(crate) struct Written {
    /// Whether some row is new.
    pub(crate) inserted: bool,
    /// How many rows were added or merged.
    pub(crate) rows: u64,
    /// The rows, when they are to be shown.
    pub(crate) body: Option<Bytes>,
    /// Where the one new row is.
    pub(crate) location: Option<String>,
    /// What is told of the ledger.
    pub(crate) told: Told,
}

/// Writes rows.
pub(crate) async fn write(
    call: &Call<'_>,
    rows: Vec<NewRow>,
    conflict: Conflict,
    shown: &Shown,
) -> Result<Written> {
    if rows.is_empty() {
        call.kernel.authorize(call.context, &call.table, permissions::CREATE)?;
        call.check_singular(0)?;
        return Ok(described(call, shown, false, &[]));
    }
    ledger::check(call, rows.len())?;
    if conflict == Conflict::Fail {
        call.check_singular(rows.len() as u64)?;
        if shown.is_in_hand() && !call.rolls_back() && call.shared.is_none() {
            let records = call.kernel.create(call.context, &call.table, rows).await?;
            let records: Vec<&Record> = records.iter().collect();
            let told = Told::of(call, &records).await?;
            return Ok(Written { told, ..described(call, shown, true, &records) });
        }
    }
    let mut work = call.begin().await?;
    let create = Create { table: call.table.clone(), rows, conflict };
    let outcomes = work.create(create).await?;
    let inserted = outcomes.iter().any(|(outcome, _)| *outcome == Outcome::Inserted);
    let records: Vec<&Record> = outcomes
        .iter()
        .filter(|(outcome, _)| *outcome != Outcome::Ignored)
        .map(|(_, record)| record)
        .collect();
    call.check_singular(records.len() as u64)?;
    let mut written = described(call, shown, inserted, &records);
    if let Some(representation) = shown.rows().filter(|r| !r.is_plain()) {
        written.body = Some(representation.read(&mut work, &records).await?);
    }
    call.end(work).await?;
    written.told = Told::of(call, &records).await?;
    Ok(written)
}

/// Writes one row each for several requests in the same words, and answers each as if it were
/// alone.
pub(crate) async fn insert_each(
    call: &Call<'_>,
    rows: Vec<NewRow>,
    shown: &Shown,
) -> Result<Vec<Response<Body>>> {
    let mut work = call.begin().await?;
    let create = Create { table: call.table.clone(), rows, conflict: Conflict::Fail };
    let outcomes = work.create_apart(create).await?;
    call.end(work).await?;
    let answer = |(_, record): &(Outcome, Record)| {
        let written = described(call, shown, true, &[record]);
        reply(call, StatusCode::CREATED, shown, written)
    };
    Ok(outcomes.iter().map(answer).collect())
}

/// What is told of written rows by their records alone.
pub(crate) fn described(
    call: &Call<'_>,
    shown: &Shown,
    inserted: bool,
    records: &[&Record],
) -> Written {
    let body = shown.rows().filter(|r| r.is_plain() || records.is_empty());
    let location = match (shown, records) {
        (Shown::Location, [record]) => Some(location(&call.table, record)),
        _ => None,
    };
    Written {
        inserted,
        rows: records.len() as u64,
        body: body.map(|r| r.compose(records)),
        location,
        told: Told::default(),
    }
}

/// The answer to an insert or upsert.
pub(crate) fn reply(
    call: &Call<'_>,
    status: StatusCode,
    shown: &Shown,
    written: Written,
) -> Response<Body> {
    let mut applied = call.preferences.clone();
    applied.max_affected = None;
    written.told.restrict(&mut applied);
    if call.table.primary_key.is_empty() {
        applied.resolution = None;
    }
    let range = ContentRange { first: 0, returned: 0, total: call.counted(written.rows) };
    let mut reply = Reply::new(status)
        .range(range)
        .applied(&applied)
        .location(written.location.as_deref())
        .profile(call.request.profile());
    if shown.rows().is_some() {
        reply = reply.body(&call.media, written.body.unwrap_or_default());
    }
    written.told.add(reply).finish()
}

/// What happens to rows whose key exists.
fn conflict(call: &Call<'_>) -> Result<Conflict> {
    let Some(resolution) = call.preferences.resolution else {
        return Ok(Conflict::Fail);
    };
    let table = &call.table;
    let ignores = resolution == Resolution::IgnoreDuplicates;
    let key = match &call.params.on_conflict {
        None if table.primary_key.is_empty() => return Ok(Conflict::Fail),
        None => table.primary_key.clone(),
        Some(names) => key_of(table, names, ignores)?,
    };
    Ok(if ignores { Conflict::Ignore { key } } else { Conflict::Merge { key, set: Vec::new() } })
}

/// The key that is made of some columns. A key of some rows only is one when duplicates are
/// ignored; then any key that exists makes a duplicate. Rows that can't be changed are not merged
/// by any key: the kernel says so.
fn key_of(table: &Table, names: &[String], ignores: bool) -> Result<Vec<usize>> {
    let tenant = table.tenant_column();
    let mut wanted =
        names.iter().map(|name| column_index(table, name)).collect::<Result<Vec<_>, Fault>>()?;
    wanted.retain(|column| Some(*column) != tenant);
    let same = |key: &[usize]| {
        let own = || key.iter().filter(|column| Some(**column) != tenant);
        own().count() == wanted.len() && own().all(|column| wanted.contains(column))
    };
    if !wanted.is_empty() && same(&table.primary_key) {
        return Ok(table.primary_key.clone());
    }
    let unique = table.uniques.iter().find(|unique| same(&unique.columns));
    match unique.filter(|_| !wanted.is_empty()) {
        Some(unique) if unique.filter.is_none() => return Ok(unique.columns.clone()),
        Some(_) if ignores || table.meta.append_only => return Ok(Vec::new()),
        _ => {}
    }
    let message =
        "there is no unique or exclusion constraint matching the ON CONFLICT specification";
    Err(Fault::new("42P10", message).into())
}

/// The address of one row, by its key.
fn location(table: &Table, record: &Record) -> String {
    let mut location = format!("/{}", table.meta.table);
    for (position, column) in table.row_key().enumerate() {
        let mut value = Vec::new();
        let cell: Cell<'_> = record.0[column].as_cell();
        cell.write_text(&mut value);
        let value = String::from_utf8_lossy(&value);
        let value = utf8_percent_encode(&value, KEEP);
        let separator = if position == 0 { '?' } else { '&' };
        let name = utf8_percent_encode(table.column_name(column), KEEP);
        // Writing to a `String` does not fail.
        let _ = write!(location, "{separator}{name}=eq.{value}");
    }
    location
}

/// What a value in a query string may hold as it is.
const KEEP: &percent_encoding::AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b':');
