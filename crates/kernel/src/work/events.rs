//! What the events of changed rows say.

use crate::event::{self, Event};
use crate::policy;
use mainstay_entity::{Audit, Record, Table};
use mainstay_store::Change;

/// Rows that one event of a bulk change names; their identifiers fit one ledger leaf.
const ROWS_PER_EVENT: usize = 1_000;

/// Events of new rows: one with its values for a single row, else one per block of rows.
pub(crate) fn created(table: &Table, rows: &[&Record]) -> Vec<Event> {
    if table.meta.audit == Audit::None {
        return Vec::new();
    }
    if let [row] = rows {
        let mut event = row_event(table, "create", row);
        event.new_value = event::snapshot(table, row, 0..row.0.len());
        return vec![event];
    }
    bulk(table, "create", rows)
}

/// Events of changed rows: what differs before and after.
pub(super) fn changed(table: &Table, verb: &str, changes: &[&Change]) -> Vec<Event> {
    if table.meta.audit == Audit::None {
        return Vec::new();
    }
    let event = |change: &Change| {
        let differing: Vec<usize> =
            (0..change.new.0.len()).filter(|i| change.old.0[*i] != change.new.0[*i]).collect();
        let mut event = row_event(table, verb, &change.new);
        event.old_value = event::snapshot(table, &change.old, differing.iter().copied());
        event.new_value = event::snapshot(table, &change.new, differing.iter().copied());
        let names: Vec<&str> = differing.iter().map(|i| table.column_name(*i)).collect();
        event.details = details(&serde_json::json!({ "columns": names }));
        event
    };
    changes.iter().map(|change| event(change)).collect()
}

/// Events of rows that went, with their values.
pub(super) fn removed(table: &Table, rows: &[&Record]) -> Vec<Event> {
    if table.meta.audit == Audit::None {
        return Vec::new();
    }
    let event = |row: &&Record| {
        let mut event = row_event(table, "delete", row);
        event.old_value = event::snapshot(table, row, 0..row.0.len());
        event
    };
    rows.iter().map(event).collect()
}

fn row_event(table: &Table, verb: &str, row: &Record) -> Event {
    let mut event = Event::new(&policy::resource_name(table), verb);
    event.resource_id = Some(event::row_key(table, row));
    event
}

fn bulk(table: &Table, verb: &str, rows: &[&Record]) -> Vec<Event> {
    let block = |rows: &[&Record]| {
        let keys: Vec<String> = rows.iter().map(|row| event::row_key(table, row)).collect();
        let mut event = Event::new(&policy::resource_name(table), verb);
        event.details = details(&serde_json::json!({ "rows": keys.len(), "ids": keys }));
        event
    };
    rows.chunks(ROWS_PER_EVENT).map(block).collect()
}

pub(super) fn details(value: &serde_json::Value) -> Option<String> {
    mainstay_entity::json::canonical(&value.to_string()).ok()
}
