//! `rpc/audit_evidence`: all leaves of a range of a log, with the proof that they are all.
//!
//! An answer to a query shows what is there. Evidence shows also what is not: whoever has it asks
//! the question himself, offline, of leaves among which nothing can be left out.

mod check;
mod report;

pub use report::{EvidenceError, EvidenceReport, Expired, verify_evidence};

use super::since::{first_since, least_id};
use super::statements::Statements;
use super::tables::{Tables, equal, read, select};
use super::tiles::tile_set;
use crate::counts::time;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use mainstay_entity::{Entity, Value};
use mainstay_kernel::entities::{AuditEvent, LedgerEntry, LedgerStatement, StatementKind};
use mainstay_kernel::lookup::compare;
use mainstay_kernel::permissions::READ;
use mainstay_kernel::{Done, Error, Event, Kernel, Result, Work};
use mainstay_ledger::{
    Field, HASH_LEN, Hash, Leaf, RangeFile, RangeProof, SignedNote, TILE_WIDTH, Value as LeafValue,
    entries, range_tiles,
};
use mainstay_store::{Compare, Filter, Store};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::Range;
use uuid::Uuid;

/// The form of evidence.
const VERSION: &str = "mainstay-evidence/v1";
/// Leaves of one answer at most.
const LEAVES_MAX: u64 = 1_024;
/// Bytes of leaves after which an answer ends.
const BYTES_MAX: usize = 4 << 20;

/// What is asked about: positions, or times of recording.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceOf {
    /// The first leaf.
    from: Option<u64>,
    /// The leaf after the last.
    to: Option<u64>,
    /// The leaves of what was recorded from this time on.
    since: Option<String>,
    /// The leaves of what was recorded before this time.
    until: Option<String>,
}

/// Evidence, as it is answered and kept in files.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Evidence {
    version: String,
    /// The first leaf, and the one after the last.
    range: [u64; 2],
    /// Where to go on, when this is not all that was asked about.
    next: Option<u64>,
    /// The range proof with its signed checkpoint.
    proof: String,
    leaves: Vec<EvidenceLeaf>,
    /// Signed statements about leaves without contents.
    statements: Vec<String>,
    /// Leaves whose personal data nobody can read any more, as its subject was erased.
    erased: Vec<u64>,
}

/// A leaf: its bytes, or its hash when its contents were removed; in base64.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EvidenceLeaf {
    Leaf(String),
    Hash(String),
}

/// Gives all leaves of a range of the caller's log, with the proof that they are all.
///
/// # Errors
/// `22023` for a range outside the log, `22007` for what is no time.
pub async fn audit_evidence(work: Work, asked: EvidenceOf) -> Result<Done> {
    let (kernel, context) = (work.kernel().clone(), work.context().clone());
    // What reads long keeps no transaction open.
    work.rollback().await;
    let access = context.principal.access();
    let organization = access.tenant().ok_or(Error::NoOrganization)?;
    let reply = Reading::of(&kernel, organization).await?.evidence(&asked).await?;
    let mut work = kernel.begin(&context).await?;
    let mut told = Event::new(AuditEvent::TABLE, READ);
    let details = serde_json::json!({ "evidence": reply.range });
    told.details = mainstay_entity::json::canonical(&details.to_string()).ok();
    work.record(told);
    work.commit_with(&reply).await
}

struct Reading<'a> {
    kernel: &'a Kernel,
    store: &'a Store,
    tables: Tables,
    organization: Uuid,
    checkpoint: SignedNote,
    size: u64,
}

impl<'a> Reading<'a> {
    async fn of(kernel: &'a Kernel, organization: Uuid) -> Result<Self> {
        let (store, tables) = (kernel.store(), Tables::new(kernel.catalog())?);
        let head = tables.head(store, organization).await?;
        let head = head.ok_or_else(|| Error::NotFound("log".to_owned()))?;
        let checkpoint = SignedNote::parse(&head.checkpoint).map_err(Error::internal)?;
        let size = head.size.cast_unsigned();
        Ok(Self { kernel, store, tables, organization, checkpoint, size })
    }

    async fn evidence(&self, asked: &EvidenceOf) -> Result<Evidence> {
        let asked = self.range(asked).await?;
        let mut leaves = Vec::new();
        let (mut removed, mut sealed): (Vec<u64>, Vec<(u64, Uuid)>) = (Vec::new(), Vec::new());
        let mut bytes = 0;
        let mut next = asked.start;
        let end = asked.end.min(asked.start + LEAVES_MAX);
        while next < end && bytes < BYTES_MAX {
            let bundle = next..end.min((next / WIDTH + 1) * WIDTH);
            let kept = self.kept(&bundle).await?;
            let hashes = self.tables.hashes(self.store, self.organization, [(0, next / WIDTH)]);
            let hashes = hashes.await?.pop();
            for index in bundle.clone() {
                leaves.push(if let Some(leaf) = kept.get(&index) {
                    bytes += leaf.len();
                    sealed.extend(subject_of(leaf).map(|subject| (index, subject)));
                    EvidenceLeaf::Leaf(STANDARD.encode(leaf))
                } else {
                    removed.push(index);
                    let at = (index % WIDTH) as usize * HASH_LEN;
                    let hash = hashes.as_ref().and_then(|tile| tile.bytes.get(at..at + HASH_LEN));
                    let missing =
                        || Error::internal(format!("leaf {index} and its hash are missing"));
                    let hash =
                        Hash::from_slice(hash.ok_or_else(missing)?).map_err(Error::internal)?;
                    EvidenceLeaf::Hash(hash.to_string())
                });
            }
            next = bundle.end;
        }
        let range = asked.start..next;
        Ok(Evidence {
            version: VERSION.to_owned(),
            range: [range.start, range.end],
            next: (next < asked.end).then_some(next),
            proof: self.proof(&range).await?.to_string(),
            leaves,
            statements: self.statements(&range, &removed).await?,
            erased: self.erased(sealed).await?,
        })
    }

    /// The positions that are asked about.
    async fn range(&self, asked: &EvidenceOf) -> Result<Range<u64>> {
        let [since, until] =
            [&asked.since, &asked.until].map(|t| t.as_deref().map(time).transpose());
        let begin = match (asked.from, since?) {
            (Some(from), _) => from,
            (None, Some(since)) => {
                let first = first_since(self.store, &self.tables, self.organization, since);
                first.await?.unwrap_or(self.size).min(self.size)
            }
            (None, None) => 0,
        };
        let end = match (asked.to, until?) {
            (Some(to), _) => to,
            (None, Some(until)) => {
                self.end_before(until).await?.unwrap_or(self.size).min(self.size)
            }
            (None, None) => self.size,
        };
        if begin > end || end > self.size {
            let message =
                format!("expected positions from 0 to {}, got {begin} to {end}", self.size);
            return Err(Error::rule("22023", message));
        }
        Ok(begin..end)
    }

    /// The end of the first run with an event that was recorded at a time or later.
    async fn end_before(&self, until: Timestamp) -> Result<Option<u64>> {
        let entries = &self.tables.entries;
        let filter = Filter::And(vec![
            equal(entries, "organization_id", Value::Uuid(self.organization))?,
            compare(entries, "last_id", Compare::Ge, Value::Uuid(least_id(until)))?,
        ]);
        let mut select = select(entries, filter, Some("first_index"))?;
        select.limit = Some(1);
        let run: Option<LedgerEntry> = read(self.store, &select).await?.pop();
        Ok(run.map(|run| run.first_index.cast_unsigned() + u64::from(run.leaves.cast_unsigned())))
    }

    /// The leaves of a range that are there; it lies in one bundle.
    async fn kept(&self, range: &Range<u64>) -> Result<HashMap<u64, Vec<u8>>> {
        let bundle = range.start - range.start % WIDTH..range.end;
        let mut kept = HashMap::new();
        for run in self.tables.leaves(self.store, self.organization, bundle).await? {
            for (index, leaf) in (run.number.cast_unsigned()..).zip(entries(&run.bytes)) {
                if range.contains(&index) {
                    kept.insert(index, leaf.map_err(Error::internal)?.to_vec());
                }
            }
        }
        Ok(kept)
    }

    async fn proof(&self, range: &Range<u64>) -> Result<RangeFile> {
        let Range { start, end } = *range;
        let wanted = range_tiles(start, end, self.size).map_err(Error::internal)?;
        let tiles = tile_set(self.store, &self.tables, self.organization, &wanted).await?;
        let proof = RangeProof::prove(&tiles, start, end, self.size).map_err(Error::internal)?;
        Ok(RangeFile { proof, checkpoint: self.checkpoint.clone() })
    }

    /// The statements that account for removed leaves.
    async fn statements(&self, range: &Range<u64>, removed: &[u64]) -> Result<Vec<String>> {
        if removed.is_empty() {
            return Ok(Vec::new());
        }
        let statements = Statements::new(self.kernel.catalog())?;
        let found = statements.about(self.store, self.organization, range).await?;
        let tells = |statement: &LedgerStatement| {
            let leaves = statement.first_index.cast_unsigned()..statement.end_index.cast_unsigned();
            let is_one =
                matches!(statement.kind, StatementKind::Tombstone | StatementKind::Reanchor);
            is_one && removed.iter().any(|index| leaves.contains(index))
        };
        Ok(found.iter().filter(|s| tells(s)).map(|s| s.note.to_string()).collect())
    }

    async fn erased(&self, sealed: Vec<(u64, Uuid)>) -> Result<Vec<u64>> {
        let subjects: Vec<Uuid> = sealed.iter().map(|(_, subject)| *subject).collect();
        let erased = self.kernel.erased_subjects(self.organization, &subjects).await?;
        Ok(sealed.into_iter().filter(|(_, s)| erased.contains(s)).map(|(index, _)| index).collect())
    }
}

const WIDTH: u64 = TILE_WIDTH as u64;

/// Whose personal data an event's leaf commits to; the event itself when it names nobody.
fn subject_of(leaf: &[u8]) -> Option<Uuid> {
    let leaf = Leaf::decode(leaf).ok()?;
    let uuid = |field| match leaf.get(field) {
        Some(LeafValue::Uuid(bytes)) => Some(Uuid::from_bytes(bytes)),
        _ => None,
    };
    leaf.get(Field::PERSONAL)?;
    uuid(Field::SUBJECT_ID).or_else(|| uuid(Field::ID))
}
