//! Nested inserts: a body whose rows hold related rows, in members named like embeds. All are
//! written in one transaction, the rows that others refer to first, and references are filled in.

mod tree;

use crate::call::Call;
use crate::change::Shown;
use crate::error::{Failure, Fault, Result};
use crate::insert::{described, reply};
use http::{Response, StatusCode};
use mainstay_entity::{Record, Table};
use mainstay_kernel::{Create, Error, Input, NewRow, Work};
use mainstay_store::{Body, Conflict};
use std::pin::Pin;
use std::sync::Arc;
use tree::{Branch, Item, Way};

/// Most rows of one body.
const ROWS: usize = 10_000;

/// What is on its way.
type Writing<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Answers an insert whose body was refused for a member that is no column: it may be a relation.
pub(crate) async fn insert(
    call: &Call<'_>,
    shown: &Shown,
    refused: Failure,
) -> Result<Response<Body>> {
    let Some(items) = tree::read(call)? else {
        return Err(refused);
    };
    if call.preferences.resolution.is_some() {
        return Err(Fault::unsupported("Upserts of rows with related rows.").into());
    }
    call.check_singular(items.len() as u64)?;
    let mut work = call.begin().await?;
    let records = level(call, &mut work, call.table.clone(), items).await?;
    let records: Vec<&Record> = records.iter().collect();
    let mut written = described(call, shown, true, &records);
    if let Some(representation) = shown.rows().filter(|r| !r.is_plain()) {
        written.body = Some(representation.read(&mut work, &records).await?);
    }
    call.end(work).await?;
    Ok(reply(call, StatusCode::CREATED, shown, written))
}

/// Writes rows of one table with all that hangs on them; gives the rows in their order.
fn level<'a>(
    call: &'a Call<'_>,
    work: &'a mut Work,
    table: Arc<Table>,
    mut items: Vec<Item>,
) -> Writing<'a, Vec<Record>> {
    Box::pin(async move {
        while let Some(branch) = take_branch(&mut items, true) {
            let owners = branch.owners.clone();
            let way = branch.way.clone();
            let records = level(call, work, branch.table, branch.items).await?;
            for (owner, record) in owners.into_iter().zip(&records) {
                let item = &mut items[owner];
                for (own, theirs) in way.pairs(&table) {
                    let value = record.0[theirs].clone();
                    item.fill(&table, own, value).map_err(|fault| fault.place(&item.path))?;
                }
            }
        }
        let (rows, paths): (Vec<NewRow>, Vec<String>) =
            items.iter_mut().map(|item| (item.take_row(), item.path.clone())).unzip();
        let create = Create { table: table.clone(), rows, conflict: Conflict::Fail };
        let created = work.create(create).await.map_err(|error| placed(call, &paths, error))?;
        let records: Vec<Record> = created.into_iter().map(|(_, record)| record).collect();
        while let Some(branch) = take_branch(&mut items, false) {
            hang(call, work, &table, &records, branch).await?;
        }
        Ok(records)
    })
}

/// Writes the rows of a branch that refer to rows which are written.
async fn hang(
    call: &Call<'_>,
    work: &mut Work,
    table: &Arc<Table>,
    records: &[Record],
    mut branch: Branch,
) -> Result<()> {
    let Way::Through { between, from, to } = &branch.way else {
        for (owner, item) in branch.owners.iter().zip(&mut branch.items) {
            for (own, theirs) in branch.way.pairs(table) {
                let value = records[*owner].0[own].clone();
                item.fill(&branch.table, theirs, value).map_err(|fault| fault.place(&item.path))?;
            }
        }
        level(call, work, branch.table, branch.items).await?;
        return Ok(());
    };
    let paths: Vec<String> = branch.items.iter().map(|item| item.path.clone()).collect();
    let related = level(call, work, branch.table, branch.items).await?;
    let mut rows = Vec::with_capacity(related.len());
    for (owner, record) in branch.owners.iter().zip(&related) {
        let mut row = NewRow::empty(between);
        for (pairs, record) in [(from, &records[*owner]), (to, record)] {
            for (column, source) in pairs {
                if Some(*column) != between.tenant_column() {
                    row.values[*column] = Some(Input::Value(record.0[*source].clone()));
                }
            }
        }
        rows.push(row);
    }
    let create = Create { table: between.clone(), rows, conflict: Conflict::Fail };
    work.create(create).await.map_err(|error| placed(call, &paths, error))?;
    Ok(())
}

/// Takes the rows of one relation from all items: of one that the items refer to, or of one whose
/// rows refer to the items.
fn take_branch(items: &mut [Item], before: bool) -> Option<Branch> {
    let is_wanted = |branch: &Branch| matches!(branch.way, Way::Forward { .. }) == before;
    let name = items
        .iter()
        .find_map(|item| item.branches.iter().find(|branch| is_wanted(branch)))?
        .name
        .clone();
    let mut taken: Option<Branch> = None;
    for (owner, item) in items.iter_mut().enumerate() {
        let Some(place) = item.branches.iter().position(|branch| branch.name == name) else {
            continue;
        };
        let mut branch = item.branches.swap_remove(place);
        branch.owners = vec![owner; branch.items.len()];
        match &mut taken {
            None => taken = Some(branch),
            Some(taken) => {
                taken.owners.append(&mut branch.owners);
                taken.items.append(&mut branch.items);
            }
        }
    }
    taken
}

/// A refusal of rows that are written together, with the place of the one that it is about.
fn placed(call: &Call<'_>, paths: &[String], error: Error) -> Failure {
    let Error::Invalid(mut invalid) = error else {
        let list = paths.first().map_or("", |path| path.rsplit_once('[').map_or(path, |p| p.0));
        let fault = Failure::from(error).into_fault(call.context);
        return if list.is_empty() { fault } else { fault.place(list) }.into();
    };
    let row = invalid.row.take().unwrap_or(1);
    let column = invalid.column.rsplit('.').next().unwrap_or_default();
    let path = paths.get(row.saturating_sub(1)).map_or("", String::as_str);
    let place = tree::member(path, column);
    Failure::from(Error::Invalid(invalid)).into_fault(call.context).place(&place).into()
}
