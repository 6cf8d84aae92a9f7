//! The rows of an organisation's events in the order of their identifiers, taken as their leaves
//! come by.

use super::super::tables::{compare, equal, select};
use mainstay_entity::{Record, Table, Value};
use mainstay_kernel::{Error, Result};
use mainstay_store::{Access, Compare, Filter, Store};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Rows that are read together.
const PAGE: u64 = 1_000;

pub(super) struct Rows<'a> {
    store: &'a Store,
    table: Arc<Table>,
    organization: Uuid,
    /// The last identifier that was read.
    read: Option<Uuid>,
    is_over: bool,
    /// Rows whose leaves have not come by.
    waiting: HashMap<Uuid, Record>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(store: &'a Store, table: Arc<Table>, organization: Uuid) -> Self {
        let waiting = HashMap::new();
        Self { store, table, organization, read: None, is_over: false, waiting }
    }

    /// The row of an event; none when there is none, or it was taken before.
    pub(super) async fn take(&mut self, event: Uuid) -> Result<Option<Record>> {
        while !self.is_over && self.read.is_none_or(|read| read < event) {
            self.page().await?;
        }
        Ok(self.waiting.remove(&event))
    }

    /// The events that were not taken.
    pub(super) async fn rest(&mut self) -> Result<Vec<Uuid>> {
        while !self.is_over {
            self.page().await?;
        }
        Ok(self.waiting.drain().map(|(event, _)| event).collect())
    }

    async fn page(&mut self) -> Result<()> {
        let mut parts =
            vec![equal(&self.table, "organization_id", Value::Uuid(self.organization))?];
        if let Some(read) = self.read {
            parts.push(compare(&self.table, "id", Compare::Gt, Value::Uuid(read))?);
        }
        let mut select = select(&self.table, Filter::And(parts), Some("id"))?;
        select.limit = Some(PAGE);
        let rows = self.store.fetch(&Access::system(), &select).await?;
        self.is_over = (rows.len() as u64) < PAGE;
        let id = super::super::tables::column(&self.table, "id")?;
        for row in rows {
            let event = row.0[id].as_uuid();
            let event = event.ok_or_else(|| Error::internal("an event without an identifier"))?;
            self.read = Some(event);
            self.waiting.insert(event, row);
        }
        Ok(())
    }
}
