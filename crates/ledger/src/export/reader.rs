use std::io::Read;

use sha2::{Digest as _, Sha256};

use super::anchor::Anchor;
use super::known::Known;
use super::tar::{Header, Members};
use super::{
    ANCHOR, EventFormat, ExportError, FORMAT, RANGE_PROOF, STATEMENT, events_name, format_line,
    leaves_name, member_end, removed_name,
};
use crate::bundle::entries;
use crate::checkpoint::Checkpoint;
use crate::error::Kind;
use crate::hash::{HASH_LEN, Hash};
use crate::leaf::{Leaf, LeafKind, MAX_LEAF_LEN};
use crate::note::{MAX_NOTE_LEN, SignedNote};
use crate::proof_file::RangeFile;
use crate::statement::{ExportStatement, MAX_REASON_LEN, Reanchor};
use crate::stream::LeafStream;
use crate::tile::TILE_WIDTH;
use crate::verifier::{LogVerifier, VerifiedCheckpoint};

/// What verifies exports of a log.
pub struct ExportVerifier<'a> {
    log: &'a LogVerifier,
    anchors: Option<&'a LogVerifier>,
    known: Vec<&'a Checkpoint>,
    formats: Vec<&'a dyn EventFormat>,
}

/// What a verified export holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportReport {
    /// What the log states of it.
    pub statement: ExportStatement,
    /// The checkpoint that its leaves are proved with.
    pub checkpoint: Checkpoint,
    /// How many leaves it holds.
    pub leaves: u64,
    /// How many leaves' contents were removed by retention before it was made.
    pub removed: u64,
    /// Whether the events were made again from their leaves and compared. The log vouches for
    /// those of a format that the verifier doesn't know.
    pub is_compared: bool,
    /// What the log says can't be proved any more.
    pub reanchors: Vec<Reanchor>,
    /// The known witnesses that cosigned the checkpoint, itself or through its anchor, and when, in
    /// seconds since 1970.
    pub witnesses: Vec<(String, u64)>,
}

impl<'a> ExportVerifier<'a> {
    /// For exports of this log.
    pub fn new(log: &'a LogVerifier) -> Self {
        Self { log, anchors: None, known: Vec::new(), formats: Vec::new() }
    }

    /// Also demands that the checkpoint is a leaf of this log of all logs, whose own checkpoint has
    /// the witnesses that the log's verifier wants.
    #[must_use]
    pub fn with_anchors(mut self, log: &'a LogVerifier) -> Self {
        self.anchors = Some(log);
        self
    }

    /// Also compares with a checkpoint that was verified before: it must be one of the same tree.
    #[must_use]
    pub fn with_known(mut self, known: &'a Checkpoint) -> Self {
        self.known.push(known);
        self
    }

    /// Makes events of this format again from their leaves.
    #[must_use]
    pub fn with_format(mut self, format: &'a dyn EventFormat) -> Self {
        self.formats.push(format);
        self
    }

    /// Verifies an export, and tells on the way how many leaves of how many are done.
    ///
    /// # Errors
    /// What is wrong first.
    pub fn verify(
        &self,
        input: impl Read,
        on_progress: impl FnMut(u64, u64),
    ) -> Result<ExportReport, ExportError> {
        Reading::begin(self, Members::new(input), on_progress)?.run()
    }
}

/// An export being read.
struct Reading<'a, R, P> {
    log: &'a LogVerifier,
    anchors: Option<&'a LogVerifier>,
    known: Known<'a>,
    format: Option<&'a dyn EventFormat>,
    format_line: String,
    members: Members<R>,
    on_progress: P,
    proof: RangeFile,
    proof_hash: Hash,
    checkpoint: Checkpoint,
    /// Who is known to have cosigned the checkpoint itself.
    witnesses: Vec<(String, u64)>,
    anchor: Option<Anchor>,
    stream: LeafStream,
    events: Sha256,
    has_events: bool,
    /// Runs of leaves without contents, and what accounts for them.
    removed: Vec<(u64, u64)>,
    accounted: Vec<(u64, u64)>,
    reanchors: Vec<Reanchor>,
}

impl<'a, R: Read, P: FnMut(u64, u64)> Reading<'a, R, P> {
    fn begin(
        verifier: &ExportVerifier<'a>,
        mut members: Members<R>,
        on_progress: P,
    ) -> Result<Self, ExportError> {
        let text = read_text(&mut members, RANGE_PROOF, 2 * MAX_NOTE_LEN)?;
        let proof: RangeFile = text.parse()?;
        let VerifiedCheckpoint { checkpoint, witnesses } =
            verifier.log.checkpoint(&proof.checkpoint)?;
        let (expected, found) = (checkpoint.size, proof.proof.size());
        if expected != found {
            return Err(ExportError::Ledger(Kind::Size { expected, found }.into()));
        }
        let line = read_text(&mut members, FORMAT, MAX_REASON_LEN)?;
        let line = line.strip_suffix('\n').unwrap_or_default().to_owned();
        let format = verifier.formats.iter().find(|format| format_line(**format) == line);
        let mut reading = Self {
            log: verifier.log,
            anchors: verifier.anchors,
            known: Known::new(&verifier.known, &checkpoint, &proof.proof),
            format: format.copied(),
            format_line: line,
            members,
            on_progress,
            proof_hash: Hash::of(text.as_bytes()),
            stream: LeafStream::resume(proof.proof.left.clone()),
            proof,
            checkpoint,
            witnesses,
            anchor: None,
            events: Sha256::new(),
            has_events: false,
            removed: Vec::new(),
            accounted: Vec::new(),
            reanchors: Vec::new(),
        };
        reading.known.meet(&reading.stream);
        Ok(reading)
    }

    fn run(mut self) -> Result<ExportReport, ExportError> {
        let end = self.proof.proof.end();
        loop {
            let header = self.members.next()?;
            let next = self.stream.next_index();
            if header.name == leaves_name(next) {
                self.read_leaves(&header)?;
            } else if header.name == removed_name(next) {
                self.read_removed(&header)?;
            } else if header.name == ANCHOR && self.anchor.is_none() && self.is_at_begin() {
                let text = self.members.read(&header, 2 * MAX_NOTE_LEN as u64)?;
                self.anchor = Some(Anchor::parse(&utf8(ANCHOR, text)?)?);
            } else if header.name == STATEMENT {
                return self.finish(&header);
            } else {
                let problem = "it is out of place";
                return Err(ExportError::member(header.name, problem));
            }
            let begin = self.proof.proof.begin();
            (self.on_progress)(self.stream.next_index() - begin, end - begin);
        }
    }

    fn is_at_begin(&self) -> bool {
        self.stream.next_index() == self.proof.proof.begin()
    }

    fn read_leaves(&mut self, header: &Header) -> Result<(), ExportError> {
        let first = self.stream.next_index();
        let bytes = self.members.read(header, u64::from(TILE_WIDTH) * (MAX_LEAF_LEN as u64 + 2))?;
        let end = member_end(first, self.proof.proof.end());
        let mut rendered = Vec::new();
        if let Some(format) = self.format.filter(|_| !self.has_events) {
            rendered.extend_from_slice(format.header().as_bytes());
        }
        self.has_events = true;
        for leaf in entries(&bytes) {
            let leaf = leaf?;
            let index = self.stream.next_index();
            if index >= end {
                return Err(ExportError::member(&header.name, "it has too many leaves"));
            }
            if let Some(format) = self.format {
                format
                    .append(index, leaf, &mut rendered)
                    .map_err(|source| ExportError::Format { index, source })?;
            }
            self.note_statement(leaf)?;
            self.stream.push(leaf);
            self.known.meet(&self.stream);
        }
        if self.stream.next_index() == first {
            return Err(ExportError::member(&header.name, "it is empty"));
        }
        self.read_events(first, &rendered)
    }

    /// Compares the events of some leaves with what they must be, or takes note of them.
    fn read_events(&mut self, first: u64, rendered: &[u8]) -> Result<(), ExportError> {
        let header = self.members.next()?;
        let suffix = self.format_line.rsplit_once(' ').map_or("", |(_, suffix)| suffix);
        if header.name != events_name(first, suffix) {
            return Err(ExportError::member(header.name, "it is out of place"));
        }
        let (mut at, mut is_equal) = (0, true);
        let events = &mut self.events;
        self.members.stream(&header, |piece| {
            events.update(piece);
            is_equal &= rendered.get(at..at + piece.len()) == Some(piece);
            at += piece.len();
        })?;
        if self.format.is_some() && (!is_equal || at != rendered.len()) {
            let last = self.stream.next_index() - 1;
            return Err(ExportError::Event { member: header.name, first, last });
        }
        Ok(())
    }

    fn read_removed(&mut self, header: &Header) -> Result<(), ExportError> {
        let first = self.stream.next_index();
        let bytes = self.members.read(header, u64::from(TILE_WIDTH) * HASH_LEN as u64)?;
        let (hashes, rest) = bytes.as_chunks::<HASH_LEN>();
        let end = first + hashes.len() as u64;
        if hashes.is_empty() || !rest.is_empty() || end > member_end(first, self.proof.proof.end())
        {
            return Err(ExportError::member(&header.name, "it is not as many hashes"));
        }
        for hash in hashes {
            self.stream.push_hash(Hash::new(*hash));
            self.known.meet(&self.stream);
        }
        match self.removed.last_mut() {
            Some(last) if last.1 == first => last.1 = end,
            _ => self.removed.push((first, end)),
        }
        Ok(())
    }

    /// Statements in the log account for leaves without contents.
    fn note_statement(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        let leaf = Leaf::decode(bytes)?;
        match leaf.kind() {
            LeafKind::Tombstone => {
                let removed = self.log.tombstone(&leaf.note()?)?.removed;
                self.accounted.push((removed.begin(), removed.end()));
            }
            LeafKind::Reanchor => {
                let reanchor = self.log.reanchor(&leaf.note()?)?;
                self.accounted.push((reanchor.begin, reanchor.end));
                self.reanchors.push(reanchor);
            }
            LeafKind::Event | LeafKind::Checkpoint => {}
        }
        Ok(())
    }

    fn finish(mut self, header: &Header) -> Result<ExportReport, ExportError> {
        let note = utf8(STATEMENT, self.members.read(header, MAX_NOTE_LEN as u64)?)?;
        let statement = self.log.export(&SignedNote::parse(&note)?)?;
        let time = self.members.time();
        self.members.finish()?;
        let proof = &self.proof.proof;
        let expected = ExportStatement {
            origin: self.checkpoint.origin.clone(),
            begin: proof.begin(),
            end: proof.end(),
            format: self.format_line,
            proof: self.proof_hash,
            anchor: self.anchor.as_ref().map(|anchor| anchor.hash),
            events: Hash::new(self.events.finalize().into()),
            time_micros: statement.time_micros,
        };
        if statement != expected || u64::try_from(statement.time_micros / 1_000_000).ok() != time {
            return Err(ExportError::member(STATEMENT, "it is that of another export"));
        }
        let (expected, found) = (proof.end(), self.stream.next_index());
        if expected != found {
            return Err(ExportError::Ledger(Kind::Size { expected, found }.into()));
        }
        self.stream.push_range(&proof.right)?;
        self.stream.check(&self.checkpoint)?;
        self.known.finish(&self.reanchors)?;
        check_accounted(&self.removed, &mut self.accounted)?;
        if let Some(log) = self.anchors {
            let anchor = self.anchor.ok_or(ExportError::NoAnchor)?;
            self.witnesses = anchor.verify(log, &self.proof.checkpoint)?;
        }
        let removed: u64 = self.removed.iter().map(|(begin, end)| end - begin).sum();
        Ok(ExportReport {
            leaves: proof.end() - proof.begin() - removed,
            checkpoint: self.checkpoint,
            removed,
            is_compared: self.format.is_some(),
            reanchors: self.reanchors,
            witnesses: self.witnesses,
            statement,
        })
    }
}

/// Checks that every leaf of `removed` is in one of the ranges of `accounted`.
fn check_accounted(
    removed: &[(u64, u64)],
    accounted: &mut [(u64, u64)],
) -> Result<(), ExportError> {
    accounted.sort_unstable();
    let mut statements = accounted.iter().peekable();
    // Up to where statements account for everything since the beginning of the range at hand.
    let mut reach = 0;
    for (begin, end) in removed {
        reach = reach.max(*begin);
        while let Some((_, to)) = statements.next_if(|(from, _)| *from <= reach) {
            reach = reach.max(*to);
        }
        if reach < *end {
            return Err(ExportError::Unaccounted { index: reach });
        }
    }
    Ok(())
}

/// The text of a member that must come next.
fn read_text(
    members: &mut Members<impl Read>,
    name: &str,
    max: usize,
) -> Result<String, ExportError> {
    let header = members.next()?;
    if header.name != name {
        return Err(ExportError::member(name, "it is missing or out of place"));
    }
    utf8(name, members.read(&header, max as u64)?)
}

fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, ExportError> {
    String::from_utf8(bytes).map_err(|_| ExportError::member(name, "it is not UTF-8"))
}
