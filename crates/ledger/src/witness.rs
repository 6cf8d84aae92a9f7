//! What a witness reads, decides and remembers (C2SP tlog-witness), without the HTTP around it.

use std::fmt;
use std::str::FromStr;

use crate::checkpoint::Checkpoint;
use crate::consistency::verify_consistency;
use crate::error::Error;
use crate::hash::Hash;
use crate::key::CosignerKey;
use crate::note::{NoteSignature, SignedNote};
use crate::proof_file::{read_hashes, write_hashes};
use crate::text::Lines;
use crate::verifier::LogVerifier;

/// The body of `POST /add-checkpoint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size of the checkpoint that the witness cosigned last, 0 for none.
    pub old_size: u64,
    /// The proof of consistency from there.
    pub proof: Vec<Hash>,
    /// The checkpoint to cosign, signed by its log.
    pub checkpoint: SignedNote,
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        write_hashes(f, "", &self.proof)?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for AddCheckpoint {
    type Err = Error;

    /// # Errors
    /// [`Error::is_malformed`] for any other text, and for more than 63 hashes.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut lines = Lines::new("request to a witness", text);
        let old_size = lines.labelled("old")?;
        let old_size = lines.decimal(old_size)?;
        let proof = read_hashes(&mut lines)?;
        Ok(Self { old_size, proof, checkpoint: SignedNote::parse(lines.rest())? })
    }
}

impl AddCheckpoint {
    /// The origin that the checkpoint claims, by which the witness finds log and state.
    ///
    /// # Errors
    /// [`Error::is_malformed`] when it is no checkpoint.
    pub fn origin(&self) -> Result<String, Error> {
        Checkpoint::from_text(self.checkpoint.text()).map(|checkpoint| checkpoint.origin)
    }

    /// Decides whether the witness that last cosigned `seen` (size and root; none for never) may
    /// cosign, in the order that the protocol sets. What it gives must be remembered, in a step
    /// that fails when `seen` has changed, before the cosignature leaves the witness.
    ///
    /// # Errors
    /// The refusal, with the status that the protocol wants.
    pub fn check(
        &self,
        log: &LogVerifier,
        seen: Option<(u64, Hash)>,
    ) -> Result<Checkpoint, Refusal> {
        let checkpoint = log.checkpoint(&self.checkpoint).map_err(Refusal::Untrusted)?.checkpoint;
        let Checkpoint { size, root, .. } = &checkpoint;
        if self.old_size > *size {
            return Err(Refusal::OldSizeAboveNew);
        }
        let (seen_size, seen_root) = seen.unwrap_or((0, Hash::empty_root()));
        if self.old_size != seen_size {
            return Err(Refusal::Conflict { size: seen_size });
        }
        if *size == 0 && *root != Hash::empty_root() {
            return Err(Refusal::EmptyRoot);
        }
        if *size == seen_size && *root != seen_root {
            return Err(Refusal::Fork { size: seen_size });
        }
        verify_consistency(seen_size, &seen_root, *size, root, &self.proof)
            .map_err(Refusal::Inconsistent)?;
        Ok(checkpoint)
    }

    /// The cosignature at `time`, in seconds since 1970, once [`check`](Self::check) has passed
    /// and its checkpoint is remembered.
    pub fn cosign(&self, key: &CosignerKey, time: u64) -> NoteSignature {
        key.cosign(self.checkpoint.text(), time)
    }
}

/// Why a witness doesn't cosign.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The log didn't sign it: 403.
    #[error("the checkpoint is not the log's")]
    Untrusted(#[source] Error),
    /// The older size is above the size of the checkpoint: 400.
    #[error("the old size is above the size of the checkpoint")]
    OldSizeAboveNew,
    /// The witness last cosigned another size: 409, and the size as `text/x.tlog.size`.
    #[error("the checkpoint cosigned last has size {size}")]
    Conflict {
        /// The size cosigned last.
        size: u64,
    },
    /// The witness cosigned another root of the same size: 409, and the size as
    /// `text/x.tlog.size`.
    #[error("the checkpoint of {size} leaves that was cosigned has another root")]
    Fork {
        /// The size.
        size: u64,
    },
    /// The checkpoint of size 0 has another root than the empty tree: 422.
    #[error("an empty tree has another root")]
    EmptyRoot,
    /// The log doesn't continue the checkpoint that was cosigned last: 422.
    #[error("the checkpoint doesn't continue the one cosigned last")]
    Inconsistent(#[source] Error),
}

impl Refusal {
    /// The HTTP status that the protocol wants.
    pub fn status(&self) -> u16 {
        match self {
            Self::Untrusted(_) => 403,
            Self::OldSizeAboveNew => 400,
            Self::Conflict { .. } | Self::Fork { .. } => 409,
            Self::EmptyRoot | Self::Inconsistent(_) => 422,
        }
    }
}
