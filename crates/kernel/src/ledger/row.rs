//! Rows of `audit_events` and their leaves.

use super::HASH_ALGORITHM;
use crate::entities::AuditEvent;
use crate::error::{Error, Result};
use crate::lookup;
use crate::prepare::{Input, NewRow};
use mainstay_entity::{Catalog, Record, Table, Value, json};
use mainstay_ledger::{self as ledger, Field, Hash, LeafKind, SealedValue, encode_leaf};
use std::sync::Arc;
use uuid::Uuid;

/// Columns that are told by their hash when an event is too large.
const SHORTENED: [&str; 3] = ["old_value", "new_value", "details"];

/// How the columns of `audit_events` stand in a leaf.
pub struct EventRows {
    table: Arc<Table>,
    /// For each column its field, in ascending order; none for those made from the leaf.
    fields: Vec<Option<Field>>,
    /// What tells an event from others: identifier and idempotency key.
    keys: [usize; 2],
    organization: usize,
    personal: usize,
    hash: usize,
    hash_algorithm: usize,
    occurred_at: usize,
    shortened: Vec<usize>,
}

impl EventRows {
    /// The columns in a catalog.
    ///
    /// # Errors
    /// When the catalog lacks `audit_events`.
    pub fn of(catalog: &Catalog) -> Result<Self> {
        lookup::table::<AuditEvent>(catalog).map(Self::new)
    }

    fn new(table: Arc<Table>) -> Self {
        let columns = table.meta.columns.iter();
        let fields = columns.map(|column| Field::from_name(&column.name)).collect();
        // The entity is this crate's own: its columns are there.
        let column = |name| table.column_index(name).unwrap_or_default();
        Self {
            keys: [column("id"), column("idempotency_key")],
            organization: column("organization_id"),
            personal: column("personal"),
            hash: column("hash"),
            hash_algorithm: column("hash_algorithm"),
            occurred_at: column("occurred_at"),
            shortened: SHORTENED.iter().map(|name| column(name)).collect(),
            fields,
            table,
        }
    }

    /// `audit_events`
    pub fn table(&self) -> &Arc<Table> {
        &self.table
    }

    /// The position of the sealed column.
    pub(crate) fn personal_column(&self) -> usize {
        self.personal
    }

    /// Whether new rows can't be there already: the server makes their identifiers, and they have
    /// no keys of their senders.
    pub(crate) fn are_unlike_any(&self, rows: &[NewRow]) -> bool {
        let is_empty = |row: &NewRow, column: &usize| {
            matches!(row.values[*column], None | Some(Input::Value(Value::Null)))
        };
        rows.iter().all(|row| self.keys.iter().all(|column| is_empty(row, column)))
    }

    /// The organisation of a row.
    ///
    /// # Errors
    /// When it has none.
    pub fn organization(&self, record: &Record) -> Result<Uuid> {
        let organization = record.0[self.organization].as_uuid();
        organization.ok_or_else(|| Error::internal("an event belongs to no organisation"))
    }

    /// The hash of a row's leaf; none when the row was written without one.
    pub fn hash(&self, record: &Record) -> Option<Hash> {
        if let Value::Bytes(bytes) = &record.0[self.hash] {
            Hash::from_slice(bytes).ok()
        } else {
            None
        }
    }

    /// Whether a row says how its hash was made, as all do.
    pub fn has_hash_algorithm(&self, record: &Record) -> bool {
        record.0[self.hash_algorithm].as_text() == Some(HASH_ALGORITHM)
    }

    pub(super) fn set_hash(&self, record: &mut Record, hash: &Hash) {
        record.0[self.hash] = Value::Bytes(hash.as_bytes().to_vec());
        record.0[self.hash_algorithm] = Value::Text(HASH_ALGORITHM.to_owned());
    }

    pub(super) fn occurred_at<'a>(&self, record: &'a Record) -> &'a Value {
        &record.0[self.occurred_at]
    }

    /// The fields of a row as [`mainstay_ledger::Leaf::difference`] compares them. `address` takes
    /// the text of the row's address and is where the field finds it.
    pub fn fields<'a>(
        &self,
        record: &'a Record,
        address: &'a mut String,
    ) -> Vec<(Field, ledger::Value<'a>)> {
        address.clear();
        if let Some(Value::Inet(ip)) = record.0.iter().find(|v| matches!(v, Value::Inet(_))) {
            address.push_str(&ip.to_string());
        }
        let address = address.as_str();
        let field = |(field, value): (&Option<Field>, &'a Value)| {
            let value = match value {
                Value::Uuid(id) => ledger::Value::Uuid(*id.as_bytes()),
                Value::Text(text) => ledger::Value::Text(text),
                Value::Json(text) => ledger::Value::Json(text),
                Value::Timestamp(micros) => ledger::Value::Instant(*micros),
                Value::Int(number) => ledger::Value::Integer(*number),
                Value::Bool(value) => ledger::Value::Boolean(*value),
                Value::Bytes(bytes) => ledger::Value::Bytes(bytes),
                Value::Inet(_) => ledger::Value::Text(address),
                // No column of events has these kinds; a test encodes one event of every column.
                Value::Null
                | Value::Double(_)
                | Value::Decimal(_)
                | Value::Date(_)
                | Value::List(_)
                | Value::Real(_)
                | Value::Time(_)
                | Value::Interval(_)
                | Value::Range(_) => return None,
            };
            Some(((*field)?, value))
        };
        self.fields.iter().zip(&record.0).filter_map(field).collect()
    }

    /// The leaf of a row.
    ///
    /// # Errors
    /// [`ledger::Error::is_too_long`].
    pub(super) fn leaf(
        &self,
        record: &Record,
        personal: Option<SealedValue>,
    ) -> ledger::Result<Vec<u8>> {
        let mut address = String::new();
        let mut fields = self.fields(record, &mut address);
        for (field, value) in &mut fields {
            if let (&mut Field::PERSONAL, Some(sealed)) = (field, personal) {
                *value = ledger::Value::Sealed(sealed);
            }
        }
        encode_leaf(LeafKind::Event, &fields)
    }

    /// Makes an event fit a leaf: documents are replaced by their size and SHA-256.
    pub(super) fn shorten(&self, record: &mut Record) {
        for column in &self.shortened {
            if let Value::Json(text) = &record.0[*column] {
                let sha256 = Hash::of(text.as_bytes()).to_string();
                let stand_in = serde_json::json!({
                    "omitted": { "bytes": text.len(), "sha256": sha256 }
                });
                if let Ok(text) = json::canonical(&stand_in.to_string()) {
                    record.0[*column] = Value::Json(text);
                }
            }
        }
    }
}
