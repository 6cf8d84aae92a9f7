//! Verifying a log as it is kept: its leaves against its tree, its tree against its signed
//! checkpoint and older ones, and the rows of `audit_events` against its leaves.
//!
//! Leaves are read in their order, rows in that of their identifiers. The two orders are nearly
//! the same, so a row waits in memory only until its leaf comes by.

mod finding;
mod rows;

pub use finding::Finding;

use super::tables::{Tables, read, select};
use finding::Stop;
use mainstay_entity::Record;
use mainstay_kernel::entities::{LedgerHead, LedgerPending, LedgerTile};
use mainstay_kernel::ledger::EventRows;
use mainstay_kernel::{Error, Result};
use mainstay_ledger::{
    Checkpoint, Field, Hash, Leaf, LeafKind, LeafStream, LogVerifier, SignedNote, Value,
    VerifierKey, entries,
};
use mainstay_store::Store;
use rows::Rows;
use std::collections::HashSet;
use uuid::Uuid;

/// Leaves that are read together.
const PAGE: u64 = 1_024;
/// Leaves of an entry bundle.
const BUNDLE: u64 = 256;

/// What is verified, and with what.
#[derive(Default)]
pub struct Options<'a> {
    /// The key to believe; without one the key that the database names, which shows damage but
    /// not that somebody with a key of their own made another log.
    pub key: Option<VerifierKey>,
    /// Checkpoints of the log that were published earlier, whose signatures are checked too: the
    /// log must begin with each.
    pub known: Vec<SignedNote>,
    /// Leaves out the comparison with rows.
    pub leaves_only: bool,
    /// Is told how far it is.
    pub progress: Option<&'a (dyn Fn(Progress) + Send + Sync)>,
}

/// How far a verification is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Leaves that were verified.
    pub leaves: u64,
    /// Leaves that there are.
    pub size: u64,
}

/// What a verification found.
#[derive(Clone, Debug)]
pub struct Report {
    /// The organisation.
    pub organization: Uuid,
    /// The log's identity.
    pub origin: String,
    /// The signed checkpoint that was verified.
    pub checkpoint: String,
    /// Leaves that were verified.
    pub leaves: u64,
    /// Rows that were compared with their leaves.
    pub rows: u64,
    /// The first fault; none when everything is as it was recorded.
    pub finding: Option<Finding>,
}

impl Report {
    /// Whether everything is as it was recorded.
    pub fn is_sound(&self) -> bool {
        self.finding.is_none()
    }
}

/// Verifies the log of an organisation; the nil identifier means the platform. None when the
/// organisation has no log.
///
/// # Errors
/// When the store does not answer. What is wrong with the log is no error but part of the report.
pub async fn verify(
    store: &Store,
    organization: Uuid,
    options: &Options<'_>,
) -> Result<Option<Report>> {
    let tables = Tables::new(store.catalog())?;
    let Some(head) = tables.head(store, organization).await? else {
        return Ok(None);
    };
    let rows = EventRows::of(store.catalog())?;
    let mut report = Report {
        organization,
        origin: head.origin.to_string(),
        checkpoint: head.checkpoint.to_string(),
        leaves: 0,
        rows: 0,
        finding: None,
    };
    let mut verification = Verification {
        store,
        tables: &tables,
        organization,
        options,
        events: &rows,
        stream: LeafStream::new(),
        rows: Rows::new(store, rows.table().clone(), organization),
        known: Vec::new(),
        report: &mut report,
    };
    match verification.run(&head).await {
        Ok(()) => {}
        Err(Stop::Found(finding)) => report.finding = Some(*finding),
        Err(Stop::Failed(error)) => return Err(error),
    }
    Ok(Some(report))
}

struct Verification<'a> {
    store: &'a Store,
    tables: &'a Tables,
    organization: Uuid,
    options: &'a Options<'a>,
    events: &'a EventRows,
    stream: LeafStream,
    rows: Rows<'a>,
    /// Checkpoints to be compared on the way, the next one last.
    known: Vec<Checkpoint>,
    report: &'a mut Report,
}

impl Verification<'_> {
    async fn run(&mut self, head: &LedgerHead) -> Result<(), Stop> {
        let present = self.checkpoints(head)?;
        self.meet_known()?;
        let mut first = 0;
        while first < present.size {
            let range = first..(first + PAGE).min(present.size);
            let tiles = self.tables.leaves(self.store, self.organization, range.clone()).await?;
            let hashes = self.hashes(&range).await?;
            for tile in tiles {
                self.leaves_of(&tile, &hashes, present.size).await?;
            }
            if self.stream.next_index() < range.end {
                return Err(Finding::LeafMissing { index: self.stream.next_index() }.into());
            }
            first = range.end;
            self.tell(present.size);
        }
        self.stream.check(&present).map_err(|error| Finding::Tree { why: error.to_string() })?;
        self.further_rows(present.size).await
    }

    /// Verifies the signatures of the head and of checkpoints known from elsewhere.
    fn checkpoints(&mut self, head: &LedgerHead) -> Result<Checkpoint, Stop> {
        let why = |error: mainstay_ledger::Error| Finding::Checkpoint { why: error.to_string() };
        let key = match &self.options.key {
            Some(key) => key.clone(),
            None => head.verifier_key.parse().map_err(why)?,
        };
        let log = LogVerifier::new(&head.origin, [key]);
        let note = SignedNote::parse(&head.checkpoint).map_err(why)?;
        let present = log.checkpoint(&note).map_err(why)?.checkpoint;
        if present.size != head.size.cast_unsigned() || *present.root.as_bytes() != *head.root {
            let why = "size or root of the head are others than its checkpoint's".to_owned();
            return Err(Finding::Checkpoint { why }.into());
        }
        for note in &self.options.known {
            let known = log.checkpoint(note).map_err(why)?.checkpoint;
            if known.size > present.size {
                let (known, present) = (known.size, present.size);
                return Err(Finding::Truncated { known, present }.into());
            }
            self.known.push(known);
        }
        self.known.sort_by_key(|known| std::cmp::Reverse(known.size));
        Ok(present)
    }

    /// The recorded hashes of some leaves, those that tiles have.
    async fn hashes(&self, range: &std::ops::Range<u64>) -> Result<Vec<LedgerTile>, Stop> {
        let places = (range.start / BUNDLE..range.end.div_ceil(BUNDLE)).map(|index| (0, index));
        Ok(self.tables.hashes(self.store, self.organization, places).await?)
    }

    async fn leaves_of(
        &mut self,
        run: &LedgerTile,
        hashes: &[LedgerTile],
        size: u64,
    ) -> Result<(), Stop> {
        let first = self.stream.next_index();
        if run.number.cast_unsigned() != first {
            return Err(Finding::LeafMissing { index: first }.into());
        }
        for (index, leaf) in (first..).zip(entries(&run.bytes)) {
            // The log may have grown since its head was read.
            if index == size {
                break;
            }
            let leaf = leaf.map_err(|_| Finding::LeafMissing { index })?;
            let tile = hashes.iter().find(|t| t.number.cast_unsigned() == index / BUNDLE);
            let at = (index % BUNDLE) as usize * 32;
            let recorded = tile.and_then(|tile| tile.bytes.get(at..at + 32));
            let found = self.stream.push(leaf);
            if recorded != Some(found.as_bytes()) {
                let recorded = recorded.and_then(|bytes| Hash::from_slice(bytes).ok());
                return Err(Finding::Leaf { index, recorded, found }.into());
            }
            self.meet_known()?;
            self.compare(index, leaf, found).await?;
        }
        Ok(())
    }

    /// Compares the leaves so far with a known checkpoint of their number.
    fn meet_known(&mut self) -> Result<(), Stop> {
        while let Some(known) = self.known.pop_if(|known| known.size == self.stream.next_index()) {
            let expected = known.root;
            self.stream.check(&known).map_err(|_| Finding::Fork { size: known.size, expected })?;
        }
        Ok(())
    }

    /// Compares a leaf with the row that it was made from.
    async fn compare(&mut self, index: u64, bytes: &[u8], hash: Hash) -> Result<(), Stop> {
        self.report.leaves += 1;
        let leaf = Leaf::decode(bytes);
        let leaf = leaf.map_err(|e| Finding::LeafMalformed { index, why: e.to_string() })?;
        if leaf.kind() != LeafKind::Event || self.options.leaves_only {
            return Ok(());
        }
        let Some(event) = event_of(&leaf) else {
            let why = "it names no event".to_owned();
            return Err(Finding::LeafMalformed { index, why }.into());
        };
        let Some(row) = self.rows.take(event).await? else {
            return Err(Finding::RowMissing { index, event, hash }.into());
        };
        self.compare_row(index, &leaf, (event, hash), &row)?;
        self.report.rows += 1;
        Ok(())
    }

    fn compare_row(
        &self,
        index: u64,
        leaf: &Leaf<'_>,
        (event, hash): (Uuid, Hash),
        row: &Record,
    ) -> Result<(), Stop> {
        let mut address = String::new();
        if let Some(difference) = leaf.difference(&self.events.fields(row, &mut address)) {
            return Err(Finding::field(index, event, hash, &difference).into());
        }
        let found = self.events.hash(row);
        if found != Some(hash) || !self.events.has_hash_algorithm(row) {
            return Err(Finding::RowHash { index, event, expected: hash, found }.into());
        }
        Ok(())
    }

    /// Rows that no leaf told of must still be pending, or have got their place meanwhile.
    async fn further_rows(&mut self, size: u64) -> Result<(), Stop> {
        if self.options.leaves_only {
            return Ok(());
        }
        let mut further = self.rows.rest().await?;
        if further.is_empty() {
            return Ok(());
        }
        // In this order: what is pending no longer is in the log then.
        let organization = mainstay_entity::Value::Uuid(self.organization);
        let own = super::tables::equal(&self.tables.pending, "organization_id", organization)?;
        let pending = select(&self.tables.pending, own, None)?;
        let pending: Vec<LedgerPending> = read(self.store, &pending).await?;
        let mut told: HashSet<Uuid> = HashSet::new();
        told.extend(pending.iter().filter_map(|row| event_of(&Leaf::decode(&row.leaf).ok()?)));
        let mut first = size;
        loop {
            // A run may begin before the range and go on into it.
            let start = first - first % BUNDLE;
            let range = start..start + PAGE;
            let tiles = self.tables.leaves(self.store, self.organization, range.clone()).await?;
            if tiles.is_empty() {
                break;
            }
            for leaf in tiles.iter().flat_map(|tile| entries(&tile.bytes)).flatten() {
                told.extend(Leaf::decode(leaf).ok().as_ref().and_then(event_of));
            }
            first = range.end;
        }
        further.retain(|event| !told.contains(event));
        match further.iter().min() {
            Some(event) => Err(Finding::RowAdded { event: *event }.into()),
            None => Ok(()),
        }
    }

    fn tell(&self, size: u64) {
        if let Some(progress) = self.options.progress {
            progress(Progress { leaves: self.report.leaves, size });
        }
    }
}

/// The event that a leaf tells of.
fn event_of(leaf: &Leaf<'_>) -> Option<Uuid> {
    match leaf.get(Field::ID)? {
        Value::Uuid(bytes) => Some(Uuid::from_bytes(bytes)),
        _ => None,
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}
