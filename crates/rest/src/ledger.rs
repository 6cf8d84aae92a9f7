//! What the sender of audit events is told of the ledger, in headers of the answer.
//!
//! `Ledger-Index` has the indexes of the leaves in the order of the rows, as ranges (`7,9-12`);
//! `Ledger-Receipt` the signed promise for a row, in base64, one header for each.

use crate::call::Call;
use crate::dialect::Preferences;
use crate::error::{Fault, Result};
use crate::response::Reply;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use mainstay_entity::{Record, Table};
use mainstay_kernel::{Error, Kernel};
use std::fmt::Write as _;
use uuid::Uuid;

/// How long a request waits for its events' places.
const PATIENCE: SignedDuration = SignedDuration::from_secs(10);
/// Rows that receipts are given for: they are headers, whose length is bounded.
const RECEIPTS_MAX: usize = 16;

/// What is told.
#[derive(Default)]
pub(crate) struct Told {
    indexes: Option<String>,
    receipts: Vec<String>,
}

/// Refuses what can't be told.
pub(crate) fn check(call: &Call<'_>, rows: usize) -> Result<()> {
    if call.preferences.receipt && rows > RECEIPTS_MAX {
        let what = format!("Receipts for more than {RECEIPTS_MAX} rows of one request.");
        return Err(Fault::unsupported(what).into());
    }
    Ok(())
}

impl Told {
    /// Waits and signs as the request prefers; the rows are committed.
    pub(crate) async fn of(call: &Call<'_>, records: &[&Record]) -> Result<Self> {
        let preferences = &call.preferences;
        let is_asked = preferences.wait_integrated || preferences.receipt;
        if !is_asked || records.is_empty() || call.rolls_back() {
            return Ok(Self::default());
        }
        let organization = call.kernel.ledger().rows().organization(records[0])?;
        let mut told = Self::default();
        if preferences.receipt {
            for record in records {
                told.receipts.push(receipt(call, organization, record)?);
            }
        }
        if preferences.wait_integrated {
            told.indexes = indexes(call.kernel, organization, &ids(call, records)).await?;
        }
        Ok(told)
    }

    /// Leaves of the preferences those that were met.
    pub(crate) fn restrict(&self, preferences: &mut Preferences) {
        preferences.wait_integrated = self.indexes.is_some();
        preferences.receipt = !self.receipts.is_empty();
    }

    /// Adds the headers.
    pub(crate) fn add(self, mut reply: Reply) -> Reply {
        if let Some(indexes) = self.indexes {
            reply = reply.header("ledger-index", &indexes);
        }
        for receipt in self.receipts {
            reply = reply.header("ledger-receipt", &receipt);
        }
        reply
    }
}

/// Whether a table is that of audit events.
pub(crate) fn is_events(kernel: &Kernel, table: &Table) -> bool {
    table.id == kernel.ledger().rows().table().id
}

fn ids(call: &Call<'_>, records: &[&Record]) -> Vec<Uuid> {
    let column = call.table.column_index("id");
    records.iter().filter_map(|record| record.0[column?].as_uuid()).collect()
}

fn receipt(call: &Call<'_>, organization: Uuid, record: &Record) -> Result<String> {
    let hash = call.kernel.ledger().rows().hash(record);
    let hash = hash.ok_or_else(|| Error::internal("an event was written without its hash"))?;
    let receipt = call.kernel.receipt(call.context, organization, hash)?;
    Ok(STANDARD.encode(receipt.to_string()))
}

/// The places of events, as ranges; none when some had no place in time.
async fn indexes(kernel: &Kernel, organization: Uuid, events: &[Uuid]) -> Result<Option<String>> {
    let deadline = kernel.clock().now() + PATIENCE;
    let places = kernel.await_places(organization, events, deadline).await?;
    let indexes: Option<Vec<u64>> =
        events.iter().map(|event| places.get(event).map(|place| place.index)).collect();
    Ok(indexes.map(|indexes| ranges(&indexes)))
}

fn ranges(indexes: &[u64]) -> String {
    let mut text = String::new();
    for range in indexes.chunk_by(|a, b| a.checked_add(1) == Some(*b)) {
        if !text.is_empty() {
            text.push(',');
        }
        // Writing to a `String` does not fail.
        let _ = match range {
            [first, .., last] => write!(text, "{first}-{last}"),
            [only] => write!(text, "{only}"),
            [] => Ok(()),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn indexes_are_told_in_the_order_of_rows() {
        assert_eq!(ranges(&[7]), "7");
        assert_eq!(ranges(&[7, 8, 9, 12, 11]), "7-9,12,11");
    }
}
