//! The events that both sides write.

use crate::row::Row;
use anyhow::{Context as _, Result};
use mainstay_entity::{Record, Table, Value};
use mainstay_kernel::ledger::HASH_ALGORITHM;
use mainstay_kernel::{Clock, Identifiers, NewRow, SystemClock};
use mainstay_vault::SystemEntropy;
use std::sync::Arc;
use uuid::Uuid;

/// As long as a leaf's hash.
const HASH_LEN: usize = 32;

/// Makes events from numbers.
pub(super) struct Events {
    table: Arc<Table>,
    identifiers: Identifiers,
}

impl Events {
    pub(super) fn new(table: Arc<Table>) -> Self {
        Self { table, identifiers: Identifiers::new(Arc::new(SystemEntropy)) }
    }

    pub(super) fn table(&self) -> &Arc<Table> {
        &self.table
    }

    /// The position of the identifier.
    pub(super) fn id(&self) -> usize {
        self.table.column_index("id").unwrap_or_default()
    }

    /// What a sender gives.
    fn given(number: u64) -> [(&'static str, Value); 9] {
        let row = Row::nth(number);
        [
            ("actor_id", Value::Text(row.actor_id)),
            ("action", Value::Text(row.action.to_owned())),
            ("resource_type", Value::Text(row.resource_type.to_owned())),
            ("resource_id", Value::Text(row.resource_id)),
            ("status", Value::Text(row.status.to_owned())),
            ("ip_address", Value::Inet(row.ip_address)),
            ("user_agent", Value::Text(row.user_agent.to_owned())),
            ("processing_latency_ms", Value::Int(row.duration_ms)),
            ("details", Value::Json(row.details)),
        ]
    }

    /// An event for the governed way.
    pub(super) fn new_row(&self, number: u64) -> Result<NewRow> {
        let mut row = NewRow::empty(&self.table);
        for (name, value) in Self::given(number) {
            row.set(&self.table, name, value).with_context(|| name.to_owned())?;
        }
        Ok(row)
    }

    /// The whole row, with what the server would make; the hash is no leaf's.
    pub(super) fn record(&self, number: u64, organization: Option<Uuid>) -> Record {
        let now = SystemClock.now();
        let made = [
            ("id", Value::Uuid(self.identifiers.next(now))),
            ("organization_id", Value::Uuid(organization.unwrap_or_default())),
            ("hash", Value::Bytes(vec![number as u8; HASH_LEN])),
            ("hash_algorithm", Value::Text(HASH_ALGORITHM.to_owned())),
            ("event_version", Value::Text("1".to_owned())),
            ("occurred_at", Value::Timestamp(now.as_microsecond())),
            ("created_at", Value::Timestamp(now.as_microsecond())),
        ];
        let mut record = Record(vec![Value::Null; self.table.meta.columns.len()]);
        for (name, value) in Self::given(number).into_iter().chain(made) {
            if let Some(column) = self.table.column_index(name) {
                record.0[column] = value;
            }
        }
        record
    }
}
