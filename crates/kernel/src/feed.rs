//! Changes of rows as their log tells them, for those who watch a table.

use crate::condition;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::event::is_loggable;
use crate::kernel::Kernel;
use crate::permissions::READ;
use crate::policy;
use mainstay_entity::parse::{parse_json, parse_text};
use mainstay_entity::{Audit, Record, Scope, Table, Value};
use mainstay_store::{CommonReads, Compare, Expression, Filter, Select};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// An event of a log that tells of changed rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedChange {
    /// Its place in the log, from 0.
    pub position: u64,
    /// The event.
    pub event: Uuid,
    /// The kind of record, as permissions name it.
    pub resource: String,
    /// `create`, `update` or `delete`.
    pub verb: String,
    /// The rows' keys, as events name them.
    pub keys: Vec<String>,
    /// What one row had before in the columns that differ, as JSON.
    pub old: Option<String>,
    /// The columns that differ.
    pub columns: Vec<String>,
}

/// A table that somebody watches.
#[derive(Clone, Debug)]
pub struct Watch {
    table: Arc<Table>,
    /// What is asked of its rows.
    filter: Filter,
}

impl Watch {
    /// The kind of record, as events name it.
    pub fn resource(&self) -> String {
        policy::resource_name(&self.table).into_owned()
    }

    /// The table.
    pub fn table(&self) -> &Arc<Table> {
        &self.table
    }

    /// The columns and values of the key that an event names; none when it can't be told.
    fn key(&self, text: &str) -> Option<Vec<(usize, Value)>> {
        let columns: Vec<usize> = self.table.row_key().collect();
        let parts: Vec<&str> =
            if columns.len() == 1 { vec![text] } else { text.split('/').collect() };
        if parts.len() != columns.len() {
            return None;
        }
        let value = |(column, text): (&usize, &&str)| {
            let kind = &self.table.meta.columns[*column].kind;
            Some((*column, parse_text(kind, text).ok()?))
        };
        columns.iter().zip(&parts).map(value).collect()
    }
}

impl Kernel {
    /// Watches the rows of a table that a filter keeps, as the caller.
    ///
    /// # Errors
    /// [`Error::Denied`] when the caller may not read the table or one of the columns that are
    /// asked about, [`Error::Unsupported`] for tables whose changes are in no log of the caller's
    /// organisation.
    pub fn watch(&self, context: &Context, table: &Arc<Table>, filter: Filter) -> Result<Watch> {
        policy::grant(context, table, READ)?;
        policy::authorize_filter(context, table, &mut filter.clone())?;
        let is_scoped = matches!(table.meta.scope, Scope::Tenant | Scope::Team | Scope::Venue);
        let is_told = is_scoped
            && table.meta.audit != Audit::None
            && !table.is_view()
            && !self.ledger().is_events(table);
        if !is_told {
            let what = format!("The changes of '{}': no log tells them.", table.meta.table);
            return Err(Error::Unsupported(what));
        }
        let columns: Vec<usize> = table.row_key().collect();
        let is_text = |c: &usize| table.meta.columns[*c].kind.is_textual();
        if columns.is_empty() || columns.len() > 1 && columns.iter().any(is_text) {
            let what = format!("The changes of '{}': events don't name its key.", table.meta.table);
            return Err(Error::Unsupported(what));
        }
        if context.principal.organization_id.is_none() {
            return Err(Error::NoOrganization);
        }
        Ok(Watch { table: table.clone(), filter })
    }

    /// Whether the caller may still watch.
    pub fn may_watch(&self, context: &Context, watch: &Watch) -> bool {
        self.watch(context, &watch.table, watch.filter.clone()).is_ok()
    }

    /// Whether the row of a change was one of those that are watched, and is none now. Whoever may
    /// read some rows alone is not told: it can't be known which rows those were.
    pub async fn has_left(
        &self,
        context: &Context,
        watch: &Watch,
        change: &LoggedChange,
        common: &CommonReads,
    ) -> Result<bool> {
        let [key] = change.keys.as_slice() else { return Ok(false) };
        let reads_all = matches!(policy::grant(context, &watch.table, READ), Ok(Filter::All));
        let Some(key) = watch.key(key).filter(|_| reads_all && self.may_watch(context, watch))
        else {
            return Ok(false);
        };
        let equal = |(column, right): &(usize, Value)| Filter::Compare {
            left: Expression::column(*column),
            op: Compare::Eq,
            right: right.clone(),
        };
        let own = Filter::And(key.iter().map(equal).collect());
        let select = Select::all(watch.table.clone()).filtered(own);
        let now = self.store().fetch_in_common(&context.access(), &select, common).await?.pop();
        let old = match (now, change.verb.as_str()) {
            (None, "delete") => overlaid(watch, None, change),
            (Some(record), "update") => overlaid(watch, Some(record), change),
            _ => None,
        };
        let Some(old) = old else { return Ok(false) };
        // Of a removed row the log keeps what events may show.
        let is_known = |column: usize| {
            watch.table.computed(column).is_none()
                && (change.verb == "update" || is_loggable(&watch.table, column))
        };
        Ok(asks_only(&watch.filter, &is_known) && condition::holds(&watch.filter, &old))
    }
}

/// The row before a change, as far as the log tells it: of a row that is there what differed.
fn overlaid(watch: &Watch, now: Option<Record>, change: &LoggedChange) -> Option<Record> {
    let table = &watch.table;
    let mut record = now.unwrap_or_else(|| Record(vec![Value::Null; table.meta.columns.len()]));
    for name in &change.columns {
        // What was null before is left out of the event.
        record.0[table.column_index(name)?] = Value::Null;
    }
    let text = change.old.as_deref().unwrap_or("{}");
    let old: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    for (name, raw) in old {
        let column = table.column_index(&name)?;
        record.0[column] = parse_json(&table.meta.columns[column].kind, raw.get()).ok()?;
    }
    Some(record)
}

/// Whether a filter asks about known columns of the row alone.
fn asks_only(filter: &Filter, is_known: &impl Fn(usize) -> bool) -> bool {
    match filter {
        Filter::All => true,
        Filter::And(parts) | Filter::Or(parts) => {
            parts.iter().all(|part| asks_only(part, is_known))
        }
        Filter::Not(inner) => asks_only(inner, is_known),
        Filter::Compare { left, .. } | Filter::In { left, .. } | Filter::Is { left, .. } => {
            left.path.is_empty() && is_known(left.column)
        }
        _ => false,
    }
}
