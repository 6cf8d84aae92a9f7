use std::io::Write;

use sha2::{Digest as _, Sha256};

use super::{
    ANCHOR, EventFormat, ExportError, FORMAT, RANGE_PROOF, STATEMENT, events_name, format_line,
    leaves_name, member_end, removed_name, tar,
};
use crate::bundle::append_entry;
use crate::error::Kind;
use crate::hash::Hash;
use crate::key::SignerKey;
use crate::proof_file::{InclusionFile, RangeFile};
use crate::statement::ExportStatement;

/// A member ends once it has this many bytes, so that memory stays bounded.
const MEMBER_BYTES: usize = 1 << 20;

/// Writes an export, leaf by leaf.
///
/// ```text
/// ExportWriter::new(file, &range_proof, &format, now)? ── push(leaf) ──> finish(&key)?
/// ```
pub struct ExportWriter<'a, W> {
    out: W,
    format: &'a dyn EventFormat,
    /// Without the hash of the events, until all are written.
    statement: ExportStatement,
    events: Sha256,
    next: u64,
    run: Run,
}

/// Leaves that make up the next members.
#[derive(Default)]
struct Run {
    first: u64,
    leaves: Vec<u8>,
    events: Vec<u8>,
    removed: Vec<u8>,
}

impl<'a, W: Write> ExportWriter<'a, W> {
    /// Begins an export of the leaves that `proof` is for. The origin is that of its checkpoint.
    ///
    /// # Errors
    /// When writing fails, or the time is before 1970 or after [`MAX_TIME_MICROS`](tar).
    pub fn new(
        mut out: W,
        origin: &str,
        proof: &RangeFile,
        format: &'a dyn EventFormat,
        time_micros: i64,
    ) -> Result<Self, ExportError> {
        let text = proof.to_string();
        let (begin, end) = (proof.proof.begin(), proof.proof.end());
        let statement = ExportStatement {
            origin: origin.to_owned(),
            begin,
            end,
            format: format_line(format),
            proof: Hash::of(text.as_bytes()),
            anchor: None,
            events: Hash::empty_root(),
            time_micros,
        };
        let time = seconds(time_micros)?;
        tar::write_member(&mut out, RANGE_PROOF, text.as_bytes(), time)?;
        tar::write_member(&mut out, FORMAT, format!("{}\n", statement.format).as_bytes(), time)?;
        let mut run = Run { first: begin, ..Run::default() };
        run.events.extend_from_slice(format.header().as_bytes());
        Ok(Self { out, format, statement, events: Sha256::new(), next: begin, run })
    }

    /// Adds, before the first leaf, the proof that the checkpoint is a leaf of the log of all logs;
    /// that leaf is the proof's extra data.
    ///
    /// # Errors
    /// When writing fails, or leaves or an anchor were added before.
    pub fn anchor(&mut self, anchor: &InclusionFile) -> Result<(), ExportError> {
        if self.next != self.statement.begin || self.statement.anchor.is_some() {
            return Err(ExportError::member(ANCHOR, "it comes once, before the leaves"));
        }
        let text = anchor.to_string();
        self.statement.anchor = Some(Hash::of(text.as_bytes()));
        let time = seconds(self.statement.time_micros)?;
        tar::write_member(&mut self.out, ANCHOR, text.as_bytes(), time)
    }

    /// The index of the next leaf.
    pub fn next_index(&self) -> u64 {
        self.next
    }

    /// Adds the next leaf.
    ///
    /// # Errors
    /// When writing fails, the format can't tell the leaf, or it is outside the range.
    pub fn push(&mut self, leaf: &[u8]) -> Result<(), ExportError> {
        self.check_next()?;
        if !self.run.removed.is_empty() {
            self.flush()?;
        }
        append_entry(&mut self.run.leaves, leaf)?;
        let index = self.next;
        self.format
            .append(index, leaf, &mut self.run.events)
            .map_err(|source| ExportError::Format { index, source })?;
        self.advance()
    }

    /// Adds the next leaf by its hash, as its contents were removed.
    ///
    /// # Errors
    /// When writing fails or the leaf is outside the range.
    pub fn push_removed(&mut self, hash: &Hash) -> Result<(), ExportError> {
        self.check_next()?;
        if !self.run.leaves.is_empty() {
            self.flush()?;
        }
        self.run.removed.extend_from_slice(hash.as_bytes());
        self.advance()
    }

    /// Ends the export with a statement that the log signs, and gives back what it was written to.
    ///
    /// # Errors
    /// When writing fails, leaves are missing or the key is another log's.
    pub fn finish(mut self, key: &SignerKey) -> Result<W, ExportError> {
        self.flush()?;
        if self.next != self.statement.end {
            let (expected, found) = (self.statement.end, self.next);
            return Err(ExportError::Ledger(Kind::Size { expected, found }.into()));
        }
        self.statement.events = Hash::new(self.events.finalize().into());
        let note = self.statement.sign(key)?.to_string();
        let time = seconds(self.statement.time_micros)?;
        tar::write_member(&mut self.out, STATEMENT, note.as_bytes(), time)?;
        tar::write_end(&mut self.out)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn check_next(&self) -> Result<(), ExportError> {
        let (index, size) = (self.next, self.statement.end);
        if index < size {
            return Ok(());
        }
        let what = crate::error::Subject::Leaf;
        Err(ExportError::Ledger(Kind::OutOfBounds { what, index, size }.into()))
    }

    fn advance(&mut self) -> Result<(), ExportError> {
        self.next += 1;
        let is_full = self.next == member_end(self.run.first, self.statement.end);
        let bytes = self.run.leaves.len() + self.run.events.len();
        if is_full || bytes >= MEMBER_BYTES { self.flush() } else { Ok(()) }
    }

    /// Writes the members of the leaves at hand.
    fn flush(&mut self) -> Result<(), ExportError> {
        let time = seconds(self.statement.time_micros)?;
        let Run { first, leaves, events, removed } = &mut self.run;
        if !removed.is_empty() {
            tar::write_member(&mut self.out, &removed_name(*first), removed, time)?;
            removed.clear();
        }
        if !leaves.is_empty() {
            tar::write_member(&mut self.out, &leaves_name(*first), leaves, time)?;
            let name = events_name(*first, self.format.suffix());
            tar::write_member(&mut self.out, &name, events, time)?;
            self.events.update(&*events);
            leaves.clear();
            // What is before the first event waits for one.
            events.clear();
        }
        *first = self.next;
        Ok(())
    }
}

fn seconds(time_micros: i64) -> Result<u64, ExportError> {
    let fits = (0..=tar::MAX_TIME_MICROS).contains(&time_micros);
    let seconds = u64::try_from(time_micros / 1_000_000).ok().filter(|_| fits);
    seconds.ok_or_else(|| ExportError::member(STATEMENT, "its time does not fit an archive"))
}
