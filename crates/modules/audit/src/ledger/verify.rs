//! Verifying a log as it is kept: its leaves against its tree, its tree against its signed
//! checkpoint and older ones, and the rows of `audit_events` against its leaves.
//!
//! [`Pages`] are read and compared by several tasks; what they found is taken in the order of
//! leaves, so that the first fault is the same however many there are.

mod accounts;
mod anchors;
mod finding;
mod ids;
mod page;
mod pages;
mod start;
mod witnesses;

pub use anchors::{Anchored, Anchors};
pub use finding::Finding;

use super::tables::{Tables, read, select};
use accounts::{Accounts, Reach};
use finding::Stop;
use ids::Ids;
use jiff::Timestamp;
use mainstay_kernel::entities::{LedgerHead, LedgerPending};
use mainstay_kernel::ledger::EventRows;
use mainstay_kernel::{Error, Result};
use mainstay_ledger::{
    Checkpoint, Leaf, LeafKind, LeafStream, LogVerifier, Reanchor, SignedNote, VerifierKey, entries,
};
use mainstay_store::Store;
use page::{BUNDLE, Page, PageReader, event_of};
use pages::Pages;
use start::Start;
use std::collections::HashSet;
use uuid::Uuid;

/// Leaves that are looked through together for what came after the verified checkpoint.
const LATER: u64 = 1_024;
/// Pages that are read at a time by each core.
const PAGES_PER_CORE: usize = 2;

/// What is verified, and with what.
#[derive(Default)]
pub struct Options<'a> {
    /// The key to believe; without one the key that the database names, which shows damage but
    /// not that somebody with a key of their own made another log.
    pub key: Option<VerifierKey>,
    /// Checkpoints of the log that were published earlier, whose signatures are checked too: the
    /// log must begin with each.
    pub known: Vec<SignedNote>,
    /// Checkpoints of the log that are leaves of the platform's, which was verified before: the
    /// log must begin with each.
    pub anchors: Vec<Anchored>,
    /// From where on; what is before is taken by its hashes. None is the first leaf.
    pub since: Option<Since>,
    /// The witnesses that must have seen the log, and how many of them.
    pub witnesses: Vec<VerifierKey>,
    /// See [`witnesses`](Self::witnesses); 0 demands none.
    pub quorum: usize,
    /// Leaves out the comparison with rows.
    pub leaves_only: bool,
    /// Collects the checkpoints that are leaves of the log, for [`anchors`](Self::anchors).
    pub collect_anchors: bool,
    /// Cores to use; 0 is one.
    pub parallelism: usize,
    /// Is told how far it is.
    pub progress: Option<&'a (dyn Fn(Progress) + Send + Sync)>,
}

/// Where a verification begins.
#[derive(Clone, Debug)]
pub enum Since {
    /// With the first run of leaves that has an event recorded at this time or later.
    Time(Timestamp),
    /// After the leaves of a checkpoint that was found sound before.
    Checkpoint(SignedNote),
}

/// How far a verification is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Leaves that were verified.
    pub leaves: u64,
    /// Leaves that there are to verify.
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
    /// The first leaf that was verified.
    pub begin: u64,
    /// Leaves that were verified.
    pub leaves: u64,
    /// Rows that were compared with their leaves.
    pub rows: u64,
    /// Leaves whose contents retention removed, as signed tombstones in the log say.
    pub removed: u64,
    /// The leaves of the newest checkpoint that enough of the demanded witnesses have seen.
    pub witnessed: Option<u64>,
    /// The checkpoints that are leaves of the log, if they were to be collected.
    pub anchors: Anchors,
    /// What the log itself says can't be proved any more; told for ever.
    pub reanchors: Vec<Reanchor>,
    /// The first fault that nothing accounts for; none when everything is as it was recorded.
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
    let mut report = Report {
        organization,
        origin: head.origin.to_string(),
        checkpoint: head.checkpoint.to_string(),
        begin: 0,
        leaves: 0,
        rows: 0,
        removed: 0,
        witnessed: None,
        anchors: Anchors::default(),
        reanchors: Vec::new(),
        finding: None,
    };
    let mut verification = Verification {
        store,
        tables: &tables,
        organization,
        options,
        stream: LeafStream::new(),
        known: Vec::new(),
        accounts: Accounts::default(),
        report: &mut report,
    };
    match verification.run(&head).await {
        Ok(()) => {}
        Err(Stop::Found(finding)) => {
            // What was found before is told first.
            let first = verification.accounts.first_fault();
            report.finding = Some(first.unwrap_or(*finding));
        }
        Err(Stop::Failed(error)) => return Err(error),
    }
    Ok(Some(report))
}

struct Verification<'a> {
    store: &'a Store,
    tables: &'a Tables,
    organization: Uuid,
    options: &'a Options<'a>,
    stream: LeafStream,
    /// Checkpoints to be compared on the way, the next one last.
    known: Vec<Checkpoint>,
    accounts: Accounts,
    report: &'a mut Report,
}

impl Verification<'_> {
    async fn run(&mut self, head: &LedgerHead) -> Result<(), Stop> {
        let (log, present) = self.checkpoints(head)?;
        self.witnesses(&log, head, &present).await?;
        let Start { frontier, from } = self.start(&log, &present).await?;
        let begin = frontier.end();
        self.report.begin = begin;
        self.stream = LeafStream::resume(frontier);
        self.known.sort_by_key(|known| std::cmp::Reverse(known.size));
        self.before(begin, &present).await?;
        self.meet_known()?;
        let rows = EventRows::of(self.store.catalog())?;
        let table = rows.table().clone();
        let mut ids = Ids::new(self.store.clone(), table, self.organization, from);
        let reader = PageReader {
            store: self.store.clone(),
            tables: self.tables.clone(),
            organization: self.organization,
            rows,
            leaves_only: self.options.leaves_only,
        };
        let cuts = self.known.iter().rev().map(|known| known.size).collect();
        let window = self.options.parallelism.max(1) * PAGES_PER_CORE;
        let mut pages = Pages::new(reader, begin..present.size, cuts, window);
        while let Some(page) = pages.next().await? {
            self.take(&log, &mut ids, page).await?;
            self.tell(begin, present.size);
        }
        self.stream.check(&present).map_err(|error| Finding::Tree { why: error.to_string() })?;
        self.report.removed = self.accounts.removed();
        if let Some(finding) = self.accounts.first_fault() {
            return Err(finding.into());
        }
        self.report.reanchors = self.accounts.reanchors().to_vec();
        self.further_rows(&mut ids, present.size).await
    }

    /// Verifies the signatures of the head and of checkpoints known from elsewhere.
    fn checkpoints(&mut self, head: &LedgerHead) -> Result<(LogVerifier, Checkpoint), Stop> {
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
            self.know(known, &present)?;
        }
        for Anchored { size, root, .. } in &self.options.anchors {
            let origin = present.origin.clone();
            let known = Checkpoint { origin, size: *size, root: *root, extensions: Vec::new() };
            self.know(known, &present)?;
        }
        Ok((log, present))
    }

    /// The log must begin with a checkpoint.
    fn know(&mut self, known: Checkpoint, present: &Checkpoint) -> Result<(), Stop> {
        if known.size <= present.size {
            self.known.push(known);
            return Ok(());
        }
        let reach = Reach::Checkpoint(known.size, known.root);
        let (known, present) = (known.size, present.size);
        self.accounts.fault(reach, Finding::Truncated { known, present })
    }

    /// Takes a page of leaves in their order.
    async fn take(&mut self, log: &LogVerifier, ids: &mut Ids, page: Page) -> Result<(), Stop> {
        self.report.leaves += page.leaves;
        self.report.rows += page.rows;
        for missing in page.missing {
            self.accounts.missing(missing);
        }
        let mut faults = page.faults;
        for (index, leaf) in page.statements {
            if let Err(error) = self.statement(log, index, &leaf) {
                faults.push((index, Finding::LeafMalformed { index, why: error.to_string() }));
            }
        }
        for (index, event, hash, is_there) in page.events {
            // A row that is there for a second leaf is there once too often.
            if !ids.take(event).await? && is_there {
                faults.push((index, Finding::RowMissing { index, event, hash }));
            }
        }
        faults.sort_by_key(|(index, _)| *index);
        let mut faults = faults.into_iter().peekable();
        for part in &page.parts {
            while let Some((index, fault)) = faults.next_if(|(index, _)| *index < part.end()) {
                self.accounts.fault(Reach::Leaf(index), fault)?;
            }
            self.stream.push_range(part).map_err(Error::internal)?;
            self.meet_known()?;
        }
        page.stop.map_or(Ok(()), |stop| Err(Stop::Found(stop)))
    }

    /// Takes note of what the log itself states.
    fn statement(
        &mut self,
        log: &LogVerifier,
        index: u64,
        bytes: &[u8],
    ) -> mainstay_ledger::Result<()> {
        let leaf = Leaf::decode(bytes)?;
        if leaf.kind() == LeafKind::Checkpoint {
            if self.options.collect_anchors {
                self.report.anchors.note(index, &leaf)?;
            }
            return Ok(());
        }
        self.accounts.note(log, &leaf)
    }

    /// Compares the leaves so far with known checkpoints of their number.
    fn meet_known(&mut self) -> Result<(), Stop> {
        while let Some(known) = self.known.pop_if(|known| known.size == self.stream.next_index()) {
            if self.stream.check(&known).is_err() {
                self.forked(&known)?;
            }
        }
        Ok(())
    }

    fn forked(&mut self, known: &Checkpoint) -> Result<(), Stop> {
        let (size, expected) = (known.size, known.root);
        self.accounts.fault(Reach::Checkpoint(size, expected), Finding::Fork { size, expected })
    }

    /// Rows that no leaf told of must still be pending, or have got their place meanwhile.
    async fn further_rows(&mut self, ids: &mut Ids, size: u64) -> Result<(), Stop> {
        if self.options.leaves_only {
            return Ok(());
        }
        let mut further = ids.rest().await?;
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
            let range = start..start + LATER;
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
        // Rows whose leaves a re-anchor gives up.
        if further.len() as u64 <= self.accounts.given_up() {
            return Ok(());
        }
        match further.iter().min() {
            Some(event) => Err(Finding::RowAdded { event: *event }.into()),
            None => Ok(()),
        }
    }

    fn tell(&self, begin: u64, size: u64) {
        if let Some(progress) = self.options.progress {
            let leaves = self.stream.next_index() - begin;
            progress(Progress { leaves, size: size - begin });
        }
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}
