//! The newest checkpoint of a log that witnesses have seen: of the platform's log the one that
//! they cosigned, of an organisation's the one that is a leaf of that.

use super::tables::Tables;
use super::tiles::tile_set;
use super::witness::{Cosignatures, most_cosigned};
use mainstay_kernel::{Error, PLATFORM_ORGANIZATION, Result};
use mainstay_ledger::{
    Checkpoint, Field, InclusionFile, Leaf, LeafKind, SignedNote, Value, entries, inclusion_tiles,
    prove_inclusion,
};
use mainstay_store::Store;
use uuid::Uuid;

/// Leaves that are looked at together, whole bundles.
const PAGE: u64 = 1_024;

/// A checkpoint that witnesses have seen.
pub(super) struct Witnessed {
    pub(super) size: u64,
    pub(super) checkpoint: SignedNote,
    /// That it is a leaf of the platform's log; none for that log itself.
    pub(super) anchor: Option<InclusionFile>,
}

impl Witnessed {
    /// The newest of a log; none when no witness has cosigned what holds it.
    pub(super) async fn of(store: &Store, tables: &Tables, log: Uuid) -> Result<Option<Self>> {
        let rows = Cosignatures::new(store.catalog())?.of_log(store, PLATFORM_ORGANIZATION).await?;
        let Some((size, checkpoint)) = most_cosigned(&rows) else { return Ok(None) };
        if log == PLATFORM_ORGANIZATION {
            return Ok(Some(Self { size, checkpoint, anchor: None }));
        }
        let Some((index, leaf)) = newest_anchor(store, tables, log, size).await? else {
            return Ok(None);
        };
        let wanted = inclusion_tiles(index, size).map_err(Error::internal)?;
        let tiles = tile_set(store, tables, PLATFORM_ORGANIZATION, &wanted).await?;
        let proof = prove_inclusion(&tiles, index, size).map_err(Error::internal)?;
        let note = Leaf::decode(&leaf).and_then(|leaf| leaf.note()).map_err(Error::internal)?;
        let anchored = Checkpoint::from_text(note.text()).map_err(Error::internal)?;
        let anchor = InclusionFile { extra: Some(leaf), index, proof, checkpoint };
        Ok(Some(Self { size: anchored.size, checkpoint: note, anchor: Some(anchor) }))
    }
}

/// The last leaf before `end` of the platform's log that is a checkpoint of an organisation's.
async fn newest_anchor(
    store: &Store,
    tables: &Tables,
    log: Uuid,
    mut end: u64,
) -> Result<Option<(u64, Vec<u8>)>> {
    while end > 0 {
        let start = (end - 1) / PAGE * PAGE;
        let mut found = None;
        for run in tables.leaves(store, PLATFORM_ORGANIZATION, start..end).await? {
            for (index, leaf) in (run.number.cast_unsigned()..end).zip(entries(&run.bytes)) {
                let leaf = leaf.map_err(Error::internal)?;
                if is_anchor_of(leaf, log) {
                    found = Some((index, leaf.to_vec()));
                }
            }
        }
        if found.is_some() {
            return Ok(found);
        }
        end = start;
    }
    Ok(None)
}

fn is_anchor_of(leaf: &[u8], log: Uuid) -> bool {
    Leaf::decode(leaf).is_ok_and(|leaf| {
        leaf.kind() == LeafKind::Checkpoint
            && leaf.get(Field::ORGANIZATION_ID) == Some(Value::Uuid(*log.as_bytes()))
    })
}
