//! Claiming: rows that are due become this server's, in one transaction.

use super::failure::after;
use super::lease::Lease;
use super::line::Line;
use super::queue::timestamp;
use crate::error::Result;
use crate::kernel::Kernel;
use crate::prepare;
use jiff::Timestamp;
use mainstay_entity::{Record, Value};
use mainstay_store::{Access, Change, Update};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Claims up to `room` rows that are due. Rows that another claim has locked are left to it.
pub(super) async fn claim(
    kernel: &Kernel,
    line: &Line,
    server: &str,
    room: usize,
) -> Result<Vec<Arc<Lease>>> {
    let now = kernel.clock().now();
    let queue = &line.queue;
    let mut select = queue.select_next(now, &line.eligible);
    select.limit = Some(room as u64);
    select.for_update = true;
    select.skip_locked = true;
    let mut transaction = kernel.store().begin(&Access::system()).await?;
    let rows = transaction.fetch(&select).await?;
    if rows.is_empty() {
        transaction.rollback().await;
        return Ok(Vec::new());
    }
    let id = kernel.new_id(&line.context(now));
    let holder = format!("{server}/{id}");
    let mut claimed = Vec::with_capacity(rows.len());
    for (attempts, rows) in by_attempts(line, &rows) {
        let update = Update {
            table: queue.table.clone(),
            set: lease_values(line, now, &holder, attempts.saturating_add(1)),
            filter: queue.keys(rows),
        };
        claimed.extend(transaction.update(update).await?);
    }
    transaction.commit().await?;
    let lease = |change: Change| {
        Arc::new(Lease {
            kernel: kernel.clone(),
            queue: queue.clone(),
            purpose: line.purpose,
            attempt: queue.attempts_of(&change.new),
            row: change.new,
            holder: holder.clone(),
            is_settling: AtomicBool::new(false),
        })
    };
    Ok(claimed.into_iter().map(lease).collect())
}

/// How long the oldest row that may be claimed has been due, as its time; none when nothing is.
pub(super) async fn oldest_due(kernel: &Kernel, line: &Line) -> Result<Option<Timestamp>> {
    let now = kernel.clock().now();
    let mut select = line.queue.select_due(now, &line.eligible);
    select.limit = Some(1);
    let mut rows = kernel.store().fetch(&Access::system(), &select).await?;
    let Some(row) = rows.pop() else {
        return Ok(None);
    };
    Ok(Some(match row.0[line.queue.run_at] {
        Value::Timestamp(micros) => Timestamp::from_microsecond(micros).unwrap_or(now),
        _ => now,
    }))
}

/// Rows of one number of attempts take the same values, and so one statement.
fn by_attempts<'a>(line: &Line, rows: &'a [Record]) -> BTreeMap<i64, Vec<&'a Record>> {
    let mut groups: BTreeMap<i64, Vec<&Record>> = BTreeMap::new();
    for row in rows {
        groups.entry(line.queue.attempts_of(row)).or_default().push(row);
    }
    groups
}

fn lease_values(line: &Line, now: Timestamp, holder: &str, attempts: i64) -> Vec<(usize, Value)> {
    let queue = &line.queue;
    let until = after(now, queue.meta.lease);
    let mut set = vec![
        (queue.status, Value::Text(queue.meta.states.running.to_owned())),
        (queue.attempts, Value::Int(attempts)),
        (queue.leased_by, Value::Text(holder.to_owned())),
        (queue.leased_until, timestamp(until)),
    ];
    set.extend(prepare::touched(&queue.table).map(|column| (column, timestamp(now))));
    set
}
