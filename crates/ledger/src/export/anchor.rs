//! The anchor of an export: the proof that its checkpoint is a leaf of the log of all logs, whose
//! checkpoints witnesses cosign.

use super::{ANCHOR, ExportError};
use crate::hash::Hash;
use crate::leaf::{Leaf, LeafKind};
use crate::note::SignedNote;
use crate::proof_file::InclusionFile;
use crate::verifier::LogVerifier;

/// An anchor as it was read.
pub(super) struct Anchor {
    pub(super) hash: Hash,
    file: InclusionFile,
}

impl Anchor {
    /// Reads the member's text.
    pub(super) fn parse(text: &str) -> Result<Self, ExportError> {
        Ok(Self { hash: Hash::of(text.as_bytes()), file: text.parse()? })
    }

    /// Verifies that the leaf is in `log` and holds `checkpoint`; gives the witnesses of the log's
    /// own checkpoint.
    pub(super) fn verify(
        &self,
        log: &LogVerifier,
        checkpoint: &SignedNote,
    ) -> Result<Vec<(String, u64)>, ExportError> {
        let member = |problem| ExportError::member(ANCHOR, problem);
        let bytes = self.file.extra.as_deref().ok_or_else(|| member("it holds no leaf"))?;
        let verified = log.inclusion(&self.file, &Hash::leaf(bytes))?;
        let leaf = Leaf::decode(bytes)?;
        if leaf.kind() != LeafKind::Checkpoint {
            return Err(member("its leaf is no checkpoint"));
        }
        // The text alone: cosignatures are no part of what was anchored.
        if leaf.note()?.text() != checkpoint.text() {
            return Err(member("its leaf is another checkpoint"));
        }
        Ok(verified.witnesses)
    }
}
