//! Checkpoints that the verifier knows from elsewhere: an export's log must continue each, unless
//! a re-anchor in it says that this one was abandoned.

use super::ExportError;
use crate::checkpoint::Checkpoint;
use crate::error::{Error, Kind, Subject};
use crate::range::RangeProof;
use crate::statement::Reanchor;
use crate::stream::LeafStream;

/// Known checkpoints being compared.
pub(super) struct Known<'a> {
    checkpoints: Vec<&'a Checkpoint>,
    /// Those that the log does not continue.
    unmet: Vec<(&'a Checkpoint, Error)>,
}

impl<'a> Known<'a> {
    /// `present` is the export's own checkpoint, `proof` the range that it holds.
    pub(super) fn new(
        checkpoints: &[&'a Checkpoint],
        present: &Checkpoint,
        proof: &RangeProof,
    ) -> Self {
        let mut known = Self { checkpoints: Vec::new(), unmet: Vec::new() };
        for checkpoint in checkpoints {
            match check_reaches(checkpoint, present, proof) {
                Ok(()) => known.checkpoints.push(checkpoint),
                Err(error) => known.unmet.push((checkpoint, error)),
            }
        }
        known
    }

    /// Compares with the checkpoints whose size the leaves have reached.
    pub(super) fn meet(&mut self, stream: &LeafStream) {
        let next = stream.next_index();
        for checkpoint in self.checkpoints.extract_if(.., |checkpoint| checkpoint.size == next) {
            if let Err(error) = stream.check(checkpoint) {
                self.unmet.push((checkpoint, error));
            }
        }
    }

    /// What re-anchors do not account for.
    pub(super) fn finish(self, reanchors: &[Reanchor]) -> Result<(), ExportError> {
        for (Checkpoint { size, root, .. }, source) in self.unmet {
            if !reanchors.iter().any(|told| told.abandoned == Some((*size, *root))) {
                return Err(ExportError::Known { size: *size, source });
            }
        }
        Ok(())
    }
}

/// Whether a known checkpoint is one that these leaves can be compared with.
fn check_reaches(
    known: &Checkpoint,
    present: &Checkpoint,
    proof: &RangeProof,
) -> Result<(), Error> {
    let (expected, found) = (known.size, present.size);
    if found < expected {
        return Err(Kind::Size { expected, found }.into());
    }
    let within = known.size >= proof.begin() && known.size <= proof.end();
    if !within && known.size != present.size {
        let (what, index, size) = (Subject::OldSize, known.size, proof.end());
        return Err(Kind::OutOfBounds { what, index, size }.into());
    }
    if known.size == present.size && known.root != present.root {
        let (what, index) = (Subject::OldRoot, known.size);
        let (expected, found) = (known.root, present.root);
        return Err(Kind::Mismatch { what, index, expected, found }.into());
    }
    Ok(())
}
