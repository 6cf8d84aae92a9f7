//! Saying honestly that a log was damaged: it goes on, and tells of it for ever.

use super::growth::{self, Growth, NewLeaf};
use super::key::SigningSeed;
use super::log::Logs;
use super::statements::{Statement, Statements};
use super::tables::Tables;
use mainstay_kernel::entities::StatementKind;
use mainstay_kernel::ledger::LogSigner;
use mainstay_kernel::{Context, Error, Event, Kernel, Result};
use mainstay_ledger::{Hash, LeafKind, Reanchor, encode_note_leaf};
use mainstay_store::Access;
use std::ops::Range;
use uuid::Uuid;

/// A log that servers make grow meanwhile is tried again so often.
const TRIES: usize = 20;

/// What can't be proved any more.
#[derive(Clone, Debug)]
pub struct Unprovable {
    /// The leaves.
    pub leaves: Range<u64>,
    /// Size and root of a checkpoint that the log does not continue, as after a backup was
    /// restored.
    pub abandoned: Option<(u64, Hash)>,
    /// What happened, in words.
    pub reason: String,
}

/// Signs a statement of what can't be proved and adds it to the log as a leaf, with an event; gives
/// the leaf's place.
///
/// # Errors
/// When there is no log, the leaves lie outside it, the reason is empty or too long, or the key is
/// not the log's.
pub async fn reanchor(
    kernel: &Kernel,
    seed: &SigningSeed,
    organization: Uuid,
    unprovable: &Unprovable,
) -> Result<u64> {
    let tables = Tables::new(kernel.catalog())?;
    for _ in 0..TRIES {
        if let Some(index) = append(kernel, &tables, seed, organization, unprovable).await? {
            tell(kernel, organization, unprovable, index).await?;
            return Ok(index);
        }
    }
    Err(Error::internal("the log grows too fast to add a statement"))
}

/// Adds the statement; none when the log has grown meanwhile.
async fn append(
    kernel: &Kernel,
    tables: &Tables,
    seed: &SigningSeed,
    organization: Uuid,
    unprovable: &Unprovable,
) -> Result<Option<u64>> {
    let (store, now) = (kernel.store(), kernel.clock().now());
    let head = tables.head(store, organization).await?;
    let head = head.ok_or_else(|| Error::NotFound("log".to_owned()))?;
    let size = head.size.cast_unsigned();
    let Range { start: begin, end } = unprovable.leaves;
    if begin > end || end > size {
        return Err(Error::internal(format!("the log has leaves 0 to {size}")));
    }
    let prefix = head.origin.strip_suffix(&format!("/{organization}"));
    let prefix = prefix.ok_or_else(|| Error::internal("the log has a wrong origin"))?;
    let signer = LogSigner::new(seed.0.clone(), prefix.to_owned());
    let statement = Reanchor {
        origin: head.origin.to_string(),
        begin,
        end,
        abandoned: unprovable.abandoned,
        reason: unprovable.reason.clone(),
        time_micros: now.as_microsecond(),
    };
    let note = statement.sign(&signer.key(organization)?).map_err(Error::internal)?;
    let micros = now.as_microsecond();
    let leaf = encode_note_leaf(LeafKind::Reanchor, *organization.as_bytes(), micros, &note);
    let leaf = NewLeaf { event: None, bytes: leaf.map_err(Error::internal)? };
    let log = Logs::default().take(store, tables, &signer, organization).await?;
    let growths = [Growth::of(log, &[leaf], store, tables, now).await?];
    let statement = Statement {
        kind: StatementKind::Reanchor,
        leaves: begin..end,
        policy: None,
        reason: &unprovable.reason,
        note: &note,
    };
    let mut transaction = store.begin(&Access::system()).await?;
    if growth::write(&mut transaction, tables, &growths).await? {
        let statements = Statements::new(kernel.catalog())?;
        statements.write(&mut transaction, organization, size, &[statement], now).await?;
        transaction.commit().await?;
        return Ok(Some(size));
    }
    transaction.rollback().await;
    Ok(None)
}

async fn tell(
    kernel: &Kernel,
    organization: Uuid,
    unprovable: &Unprovable,
    index: u64,
) -> Result<()> {
    let now = kernel.clock().now();
    let mut work = kernel.begin(&Context::system("audit", Some(organization), now)).await?;
    let mut event = Event::new("ledger", "reanchor");
    let Range { start, end } = unprovable.leaves;
    let details = serde_json::json!({
        "index": index, "begin": start, "end": end, "reason": unprovable.reason,
    });
    event.details = mainstay_entity::json::canonical(&details.to_string()).ok();
    work.record(event);
    work.commit().await
}

/// What a re-anchor says, for people.
pub fn told(reanchor: &Reanchor) -> String {
    let Reanchor { begin, end, reason, .. } = reanchor;
    match reanchor.abandoned {
        Some((size, root)) => format!(
            "not provable: leaves {begin} to {end}, nor the checkpoint of {size} leaves with root \
             {root}: {reason}"
        ),
        None => format!("not provable: leaves {begin} to {end}: {reason}"),
    }
}
