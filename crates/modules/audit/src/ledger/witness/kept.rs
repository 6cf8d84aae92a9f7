//! What witnesses have said, as it is kept in `ledger_cosignatures`.

use super::super::tables::{columns, equal, read, select};
use mainstay_entity::{Catalog, Entity, Table, Value};
use mainstay_kernel::entities::{LedgerCosignature, LedgerHead};
use mainstay_kernel::lookup;
use mainstay_kernel::{Error, Result};
use mainstay_ledger::{Checkpoint, SignedNote, VerifierKey};
use mainstay_store::{Access, Conflict, Filter, Insert, Store};
use std::sync::Arc;
use uuid::Uuid;

/// The columns that say what a witness said.
const SAID: [&str; 6] =
    ["size", "checkpoint", "cosigned_at", "refusal", "refused_size", "refused_at"];

/// The rows of `ledger_cosignatures`.
pub(in super::super) struct Cosignatures {
    table: Arc<Table>,
}

impl Cosignatures {
    pub(in super::super) fn new(catalog: &Catalog) -> Result<Self> {
        Ok(Self { table: lookup::table::<LedgerCosignature>(catalog)? })
    }

    /// What the witnesses of a log have said.
    pub(in super::super) async fn of_log(
        &self,
        store: &Store,
        log: Uuid,
    ) -> Result<Vec<LedgerCosignature>> {
        let filter = equal(&self.table, "organization_id", Value::Uuid(log))?;
        read(store, &select(&self.table, filter, Some("witness"))?).await
    }

    pub(super) async fn of_witness(
        &self,
        store: &Store,
        log: Uuid,
        key: &str,
    ) -> Result<Option<LedgerCosignature>> {
        let filter = Filter::And(vec![
            equal(&self.table, "organization_id", Value::Uuid(log))?,
            equal(&self.table, "witness", Value::Text(key.to_owned()))?,
        ]);
        Ok(read(store, &select(&self.table, filter, None)?).await?.pop())
    }

    pub(super) async fn keep(&self, store: &Store, row: LedgerCosignature) -> Result<()> {
        let insert = Insert {
            table: self.table.clone(),
            rows: vec![row.into_record()],
            conflict: Conflict::Merge {
                key: self.table.primary_key.clone(),
                set: columns(&self.table, &SAID)?,
            },
        };
        let mut transaction = store.begin(&Access::system()).await?;
        transaction.insert(insert).await?;
        Ok(transaction.commit().await?)
    }
}

/// The head's checkpoint with the cosignatures that it has. What is not by the key that the row
/// names is left out.
pub(in super::super) fn cosigned(
    head: &LedgerHead,
    rows: &[LedgerCosignature],
) -> Result<SignedNote> {
    let note = SignedNote::parse(&head.checkpoint).map_err(Error::internal)?;
    Ok(with_cosignatures(note, rows))
}

/// The checkpoint that most witnesses cosigned, the newest of those, with its cosignatures; none
/// when no witness has cosigned.
pub(in super::super) fn most_cosigned(rows: &[LedgerCosignature]) -> Option<(u64, SignedNote)> {
    let notes = rows.iter().filter_map(|row| {
        let note = SignedNote::parse(row.checkpoint.as_deref()?).ok()?;
        let note = with_cosignatures(note, rows);
        let size = Checkpoint::from_text(note.text()).ok()?.size;
        Some((note.signatures().len(), size, note))
    });
    let most = notes.max_by_key(|(signatures, size, _)| (*signatures, *size));
    most.map(|(_, size, note)| (size, note))
}

fn with_cosignatures(mut note: SignedNote, rows: &[LedgerCosignature]) -> SignedNote {
    for row in rows {
        let seen = row.checkpoint.as_deref().map(SignedNote::parse);
        let (Some(Ok(seen)), Ok(key)) = (seen, row.witness.parse::<VerifierKey>()) else {
            continue;
        };
        if seen.text() == note.text() {
            let lines = seen.signatures().iter().map(|line| format!("{line}\n"));
            // A line that is wrong is none.
            let _ = note.add_signatures(&lines.collect::<String>(), &[key]);
        }
    }
    note
}
