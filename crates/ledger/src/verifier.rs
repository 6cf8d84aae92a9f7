//! What somebody knows of a log, and everything that can be verified with it.

use crate::checkpoint::{Checkpoint, check_origin};
use crate::compact::CompactRange;
use crate::consistency::verify_consistency;
use crate::error::{Kind, Result};
use crate::hash::Hash;
use crate::inclusion::verify_inclusion;
use crate::key::VerifierKey;
use crate::note::SignedNote;
use crate::proof_file::{InclusionFile, RangeFile};
use crate::statement::{ExportStatement, Reanchor, Receipt, Tombstone};

/// The identity and keys of a log and, if wanted, the witnesses that must have seen it.
///
/// ```
/// use mainstay_ledger::{Checkpoint, Hash, LogVerifier, SignerKey};
///
/// let key = SignerKey::from_seed("example.com/log", &[7; 32])?;
/// let signed = Checkpoint::new("example.com/log", 0, Hash::empty_root())?.sign(&key)?;
///
/// let log = LogVerifier::new("example.com/log", [key.verifier().clone()]);
/// assert_eq!(log.checkpoint(&signed)?.checkpoint.size, 0);
/// # Ok::<(), mainstay_ledger::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct LogVerifier {
    origin: String,
    keys: Vec<VerifierKey>,
    witnesses: Vec<VerifierKey>,
    quorum: usize,
}

/// A checkpoint whose signatures were verified.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedCheckpoint {
    /// The state of the log.
    pub checkpoint: Checkpoint,
    /// The known witnesses that cosigned, and when, in seconds since 1970.
    pub witnesses: Vec<(String, u64)>,
}

impl LogVerifier {
    /// The log with this origin, which signs with any of `keys`. Cosigners' keys among them count
    /// for nothing.
    pub fn new(origin: &str, keys: impl IntoIterator<Item = VerifierKey>) -> Self {
        let keys = keys.into_iter().filter(|key| !key.is_cosigner()).collect();
        Self { origin: origin.to_owned(), keys, witnesses: Vec::new(), quorum: 0 }
    }

    /// The same log, of which only checkpoints are believed that at least `quorum` of these
    /// witnesses cosigned. Keys that are not cosigners' count for nothing.
    #[must_use]
    pub fn with_witnesses(
        mut self,
        witnesses: impl IntoIterator<Item = VerifierKey>,
        quorum: usize,
    ) -> Self {
        self.witnesses = witnesses.into_iter().filter(VerifierKey::is_cosigner).collect();
        self.quorum = quorum;
        self
    }

    /// The identity of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Verifies a checkpoint's signatures and origin.
    ///
    /// # Errors
    /// [`Error::is_untrusted`](crate::Error::is_untrusted) when the log didn't sign it, too few
    /// witnesses did, a known signature is wrong or the log is another;
    /// [`Error::is_malformed`](crate::Error::is_malformed) when the note is no checkpoint.
    pub fn checkpoint(&self, note: &SignedNote) -> Result<VerifiedCheckpoint> {
        self.verify_signature(note)?;
        let checkpoint = Checkpoint::from_text(note.text())?;
        check_origin(&checkpoint.origin, &self.origin)?;
        let witnesses = self.verify_witnesses(note)?;
        Ok(VerifiedCheckpoint { checkpoint, witnesses })
    }

    /// Verifies that `newer` begins with all leaves of `older`; both are verified checkpoints.
    ///
    /// # Errors
    /// As [`verify_consistency`].
    pub fn consistency(
        &self,
        older: &VerifiedCheckpoint,
        newer: &VerifiedCheckpoint,
        proof: &[Hash],
    ) -> Result<()> {
        let (older, newer) = (&older.checkpoint, &newer.checkpoint);
        verify_consistency(older.size, &older.root, newer.size, &newer.root, proof)
    }

    /// Verifies a tlog-proof for a leaf and gives its checkpoint.
    ///
    /// # Errors
    /// As [`checkpoint`](Self::checkpoint) and [`verify_inclusion`].
    pub fn inclusion(&self, file: &InclusionFile, leaf: &Hash) -> Result<VerifiedCheckpoint> {
        let verified = self.checkpoint(&file.checkpoint)?;
        let Checkpoint { size, root, .. } = &verified.checkpoint;
        verify_inclusion(leaf, file.index, *size, &file.proof, root)?;
        Ok(verified)
    }

    /// Verifies that `leaves` are all leaves of a range of the log and gives its checkpoint.
    ///
    /// # Errors
    /// As [`checkpoint`](Self::checkpoint) and [`RangeProof::verify`](crate::RangeProof::verify);
    /// [`Error::is_mismatch`](crate::Error::is_mismatch) when the checkpoint has another size than
    /// the proof.
    pub fn range(&self, file: &RangeFile, leaves: &CompactRange) -> Result<VerifiedCheckpoint> {
        let verified = self.checkpoint(&file.checkpoint)?;
        let Checkpoint { size, root, .. } = &verified.checkpoint;
        if *size != file.proof.size() {
            return Err(Kind::Size { expected: *size, found: file.proof.size() }.into());
        }
        file.proof.verify(leaves, root)?;
        Ok(verified)
    }

    /// Verifies a receipt.
    ///
    /// # Errors
    /// [`Error::is_untrusted`](crate::Error::is_untrusted) when the log didn't sign it or the log
    /// is another; [`Error::is_malformed`](crate::Error::is_malformed) when the note is no receipt.
    pub fn receipt(&self, note: &SignedNote) -> Result<Receipt> {
        self.verify_signature(note)?;
        let receipt = Receipt::from_text(note.text())?;
        check_origin(&receipt.origin, &self.origin)?;
        Ok(receipt)
    }

    /// Verifies a tombstone.
    ///
    /// # Errors
    /// As [`receipt`](Self::receipt).
    pub fn tombstone(&self, note: &SignedNote) -> Result<Tombstone> {
        self.verify_signature(note)?;
        let tombstone = Tombstone::from_text(note.text())?;
        check_origin(&tombstone.origin, &self.origin)?;
        Ok(tombstone)
    }

    /// Verifies a re-anchor.
    ///
    /// # Errors
    /// As [`receipt`](Self::receipt).
    pub fn reanchor(&self, note: &SignedNote) -> Result<Reanchor> {
        self.verify_signature(note)?;
        let reanchor = Reanchor::from_text(note.text())?;
        check_origin(&reanchor.origin, &self.origin)?;
        Ok(reanchor)
    }

    /// Verifies the statement of an export.
    ///
    /// # Errors
    /// As [`receipt`](Self::receipt).
    pub fn export(&self, note: &SignedNote) -> Result<ExportStatement> {
        self.verify_signature(note)?;
        let export = ExportStatement::from_text(note.text())?;
        check_origin(&export.origin, &self.origin)?;
        Ok(export)
    }

    fn verify_signature(&self, note: &SignedNote) -> Result<()> {
        note.verify(&self.keys).map(drop)
    }

    /// The witnesses that cosigned, each once.
    fn verify_witnesses(&self, note: &SignedNote) -> Result<Vec<(String, u64)>> {
        let mut witnesses: Vec<(String, u64)> = Vec::new();
        let is_cosigned =
            |key: &&VerifierKey| note.signatures().iter().any(|signature| key.matches(signature));
        for key in self.witnesses.iter().filter(is_cosigned) {
            for signature in note.verify([key])? {
                if witnesses.iter().all(|(name, _)| name != signature.key.name()) {
                    witnesses
                        .extend(signature.time.map(|time| (signature.key.name().to_owned(), time)));
                }
            }
        }
        if witnesses.len() < self.quorum {
            return Err(Kind::Quorum { needed: self.quorum, found: witnesses.len() }.into());
        }
        Ok(witnesses)
    }
}
