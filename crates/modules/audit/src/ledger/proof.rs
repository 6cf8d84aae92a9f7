//! `rpc/audit_proof`: the proof that an event is in its organisation's log.

use super::tables::{Tables, equal};
use super::tiles::tile_set;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use mainstay_entity::Value;
use mainstay_kernel::permissions::READ;
use mainstay_kernel::{Done, Error, Event, Result, Work};
use mainstay_ledger::{InclusionFile, SignedNote, inclusion_tiles, prove_inclusion};
use mainstay_store::{Select, Store};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long an event that has just been written is waited for.
const PATIENCE: SignedDuration = SignedDuration::from_secs(5);

/// Which event is to be proved.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofOf {
    /// The event.
    id: Uuid,
}

/// What an event is proved with.
#[derive(Debug, Serialize)]
struct Answer {
    /// The place of the leaf in the log.
    index: u64,
    /// The exact bytes of the leaf, in base64.
    leaf: String,
    /// The proof with its checkpoint, as C2SP tlog-proof.
    proof: String,
    /// The signed checkpoint.
    checkpoint: String,
}

/// Proves that an event is in the log of the caller's organisation.
///
/// # Errors
/// [`Error::NotFound`] for an event of another organisation or none; `40001` when it has no place
/// yet, which takes a second.
pub async fn audit_proof(work: Work, event: ProofOf) -> Result<Done> {
    let (kernel, context) = (work.kernel().clone(), work.context().clone());
    // What waits keeps no transaction open.
    work.rollback().await;
    let access = context.principal.access();
    let organization = access.tenant().ok_or(Error::NoOrganization)?;
    let table = kernel.ledger().rows().table().clone();
    let filter = equal(&table, "id", Value::Uuid(event.id))?;
    let select = Select::all(table.clone()).filtered(filter);
    if kernel.store().fetch(&access, &select).await?.is_empty() {
        return Err(Error::NotFound("event".to_owned()));
    }
    let deadline = kernel.clock().now() + PATIENCE;
    let places = kernel.await_places(organization, &[event.id], deadline).await?;
    let place = places.get(&event.id).ok_or_else(too_early)?;
    let tables = Tables::new(kernel.catalog())?;
    let (proof, checkpoint) = prove(kernel.store(), &tables, organization, place.index).await?;
    let reply = Answer {
        index: place.index,
        leaf: STANDARD.encode(&place.leaf),
        proof: proof.to_string(),
        checkpoint,
    };
    let mut work = kernel.begin(&context).await?;
    let mut told = Event::new(&table.meta.table, READ);
    told.resource_id = Some(event.id.to_string());
    work.record(told);
    work.commit_with(&reply).await
}

/// The proof for a leaf, leading to the log's present checkpoint.
async fn prove(
    store: &Store,
    tables: &Tables,
    organization: Uuid,
    index: u64,
) -> Result<(InclusionFile, String)> {
    let head = tables.head(store, organization).await?;
    let head = head.ok_or_else(|| Error::internal("a log with leaves has no head"))?;
    let size = head.size.cast_unsigned();
    let wanted = inclusion_tiles(index, size).map_err(Error::internal)?;
    let tiles = tile_set(store, tables, organization, &wanted).await?;
    let proof = prove_inclusion(&tiles, index, size).map_err(Error::internal)?;
    let checkpoint = SignedNote::parse(&head.checkpoint).map_err(Error::internal)?;
    Ok((InclusionFile { extra: None, index, proof, checkpoint }, head.checkpoint.to_string()))
}

fn too_early() -> Error {
    Error::Rule {
        code: "40001",
        message: "the event has no place in the ledger yet".to_owned(),
        details: None,
        hint: Some("Repeat the request in a second.".to_owned()),
    }
}
