//! Large answers: each has a thread and a connection of its own while it lasts.

use super::error::{fault, resolve};
use super::row::SqliteRow;
use super::tables::Tables;
use super::{bind, connection};
use crate::assemble::{Flow, Step};
use crate::error::Result;
use crate::statement::Statement;
use crate::stream::Outlet;
use rusqlite::Connection;
use std::path::Path;
use tokio::runtime::Handle;

/// Virtual machine instructions between two looks at whether the answer is still wanted.
const SIGNAL_STEPS: i32 = 10_000;

/// Reads a large answer into an outlet. Blocks while the client does not take it.
pub(super) fn run(path: &Path, tables: &Tables, mut flow: Flow, mut outlet: Outlet, io: &Handle) {
    let connection = open(path, &outlet);
    let result = connection.and_then(|c| fill(&c, tables, &mut flow, &mut outlet, io));
    io.block_on(outlet.end(result));
}

/// A connection with a snapshot for all statements, which stop when the answer is in vain.
fn open(path: &Path, outlet: &Outlet) -> Result<Connection> {
    let connection = connection::open_reader(path)?;
    let signal = outlet.signal();
    connection.progress_handler(SIGNAL_STEPS, Some(move || signal.is_over()));
    connection.execute_batch("BEGIN").map_err(fault)?;
    Ok(connection)
}

fn fill(
    connection: &Connection,
    tables: &Tables,
    flow: &mut Flow,
    outlet: &mut Outlet,
    io: &Handle,
) -> Result<()> {
    let failed = |error| resolve(error, tables);
    let text = flow.root();
    let mut statement = connection.prepare(&text.sql).map_err(failed)?;
    bind::params(&mut statement, &text.params)?;
    let mut root = statement.raw_query();
    loop {
        match flow.next()? {
            Step::Root(_) => {
                let mut root_ended = false;
                loop {
                    let Some(row) = root.next().map_err(failed)? else {
                        root_ended = true;
                        break;
                    };
                    if flow.root_row(&SqliteRow(row))?.is_break() {
                        break;
                    }
                }
                flow.batch_ended(root_ended);
            }
            Step::Query(text) => query(connection, tables, &text, flow)?,
            Step::Begin(head) => outlet.begin(head),
            Step::Keys(unseal, subjects) => io.block_on(unseal.load(&subjects))?,
            Step::Send(bytes) => io.block_on(outlet.send(bytes))?,
            Step::Answer(answer) => outlet.answer(answer),
            Step::End => return Ok(()),
        }
    }
}

fn query(
    connection: &Connection,
    tables: &Tables,
    text: &Statement,
    flow: &mut Flow,
) -> Result<()> {
    let failed = |error| resolve(error, tables);
    let mut statement = connection.prepare_cached(&text.sql).map_err(failed)?;
    bind::params(&mut statement, &text.params)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(failed)? {
        if flow.row(&SqliteRow(row))?.is_break() {
            break;
        }
    }
    Ok(())
}
