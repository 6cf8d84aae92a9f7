//! Checkpoints of organisations' logs that are leaves of the platform's.

use mainstay_ledger::{Checkpoint, Error, Field, Hash, Leaf, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// Checkpoints that are kept at most; when there are more, every other one of each log is
/// forgotten, but the newest.
const ANCHORS_MAX: usize = 1 << 20;

/// A checkpoint of an organisation's log, as it is a leaf of the platform's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchored {
    /// The place of the leaf in the platform's log.
    pub index: u64,
    /// How many leaves the organisation's log had.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

/// The checkpoints of each organisation's log, in the order of their leaves.
#[derive(Clone, Debug, Default)]
pub struct Anchors {
    by_log: HashMap<Uuid, Vec<Anchored>>,
    count: usize,
}

impl Anchors {
    /// Those of an organisation's log.
    pub fn of(&self, organization: Uuid) -> &[Anchored] {
        self.by_log.get(&organization).map_or(&[], Vec::as_slice)
    }

    /// Takes note of a leaf that is a checkpoint.
    pub(super) fn note(&mut self, index: u64, leaf: &Leaf<'_>) -> Result<(), Error> {
        let Some(Value::Uuid(organization)) = leaf.get(Field::ORGANIZATION_ID) else {
            return Ok(());
        };
        // The platform's log vouches for the leaf, so its signature need not be verified again.
        let Checkpoint { size, root, .. } = Checkpoint::from_text(leaf.note()?.text())?;
        let of_log = self.by_log.entry(Uuid::from_bytes(organization)).or_default();
        of_log.push(Anchored { index, size, root });
        self.count += 1;
        if self.count > ANCHORS_MAX {
            self.thin();
        }
        Ok(())
    }

    fn thin(&mut self) {
        for of_log in self.by_log.values_mut() {
            let newest = of_log.pop();
            let mut keep = false;
            of_log.retain(|_| {
                keep = !keep;
                keep
            });
            of_log.extend(newest);
        }
        self.count = self.by_log.values().map(Vec::len).sum();
    }
}
