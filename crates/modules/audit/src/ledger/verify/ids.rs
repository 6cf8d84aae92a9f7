//! The identifiers of an organisation's events in their order, ticked off as their leaves come by:
//! what is left over is in no leaf.
//!
//! Leaves come nearly in the order of identifiers, so that few wait in memory.

use super::super::tables::{equal, select};
use mainstay_entity::{Table, Value};
use mainstay_kernel::lookup::{compare, position};
use mainstay_kernel::{Error, Result};
use mainstay_store::{Access, Compare, Filter, Store};
use std::collections::HashSet;
use std::sync::Arc;
use uuid::Uuid;

/// Identifiers that are read together.
const PAGE: u64 = 4_096;

pub(super) struct Ids {
    store: Store,
    table: Arc<Table>,
    organization: Uuid,
    /// Smaller ones are not looked at.
    from: Uuid,
    /// The last one that was read.
    read: Option<Uuid>,
    is_over: bool,
    /// Those whose leaves have not come by.
    waiting: HashSet<Uuid>,
}

impl Ids {
    /// The events of an organisation, from an identifier on.
    pub(super) fn new(store: Store, table: Arc<Table>, organization: Uuid, from: Uuid) -> Self {
        let waiting = HashSet::new();
        Self { store, table, organization, from, read: None, is_over: false, waiting }
    }

    /// Ticks an event off; false when there is none, or it was ticked off before.
    pub(super) async fn take(&mut self, event: Uuid) -> Result<bool> {
        if event < self.from {
            return Ok(true);
        }
        while !self.is_over && self.read.is_none_or(|read| read < event) {
            self.page().await?;
        }
        Ok(self.waiting.remove(&event))
    }

    /// The events that are left over.
    pub(super) async fn rest(&mut self) -> Result<Vec<Uuid>> {
        while !self.is_over {
            self.page().await?;
        }
        Ok(self.waiting.drain().collect())
    }

    async fn page(&mut self) -> Result<()> {
        let (op, bound) = match self.read {
            Some(read) => (Compare::Gt, read),
            None => (Compare::Ge, self.from),
        };
        let filter = Filter::And(vec![
            equal(&self.table, "organization_id", Value::Uuid(self.organization))?,
            compare(&self.table, "id", op, Value::Uuid(bound))?,
        ]);
        let mut select = select(&self.table, filter, Some("id"))?;
        select.limit = Some(PAGE);
        let id = [position(&self.table, "id")?];
        let rows = self.store.fetch_columns(&Access::system(), &select, &id).await?;
        self.is_over = (rows.len() as u64) < PAGE;
        for row in rows {
            let event = row.0.first().and_then(Value::as_uuid);
            let event = event.ok_or_else(|| Error::internal("an event without an identifier"))?;
            self.read = Some(event);
            self.waiting.insert(event);
        }
        Ok(())
    }
}
