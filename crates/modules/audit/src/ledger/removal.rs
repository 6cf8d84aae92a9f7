//! Retention: removing events for good, and saying so in the log.
//!
//! Rows and leaves go; the leaves' hashes stay in the tiles, so that every proof stays valid. What
//! was removed stands in signed tombstones, leaves of the log themselves. All of it is one
//! transaction per page, which commits only if the log's head is still the one that it began with.

mod page;

use super::growth::{self, Growth, NewLeaf};
use super::key::SigningSeed;
use super::log::Logs;
use super::statements::{Statement, Statements};
use super::tables::Tables;
use jiff::Timestamp;
use mainstay_kernel::entities::StatementKind;
use mainstay_kernel::ledger::LogSigner;
use mainstay_kernel::{Context, Error, Event, Kernel, Result};
use mainstay_ledger::{
    CompactRange, Field, Leaf, LeafKind, SignedNote, SignerKey, Tombstone, Value, encode_note_leaf,
};
use mainstay_store::{Access, Store};
use page::{Page, Segment};
use std::ops::Range;
use uuid::Uuid;

/// Leaves that are looked at in one transaction, whole bundles.
const PAGE: u64 = 1_024;
/// A log that servers make grow meanwhile is tried again so often.
const TRIES: usize = 50;

/// What retention removes, and why.
#[derive(Clone, Debug)]
pub struct Removal {
    /// The leaves among which events are looked for.
    pub leaves: Range<u64>,
    /// Events that were recorded before; none is all.
    pub before: Option<Timestamp>,
    /// Events of this classification; none is all. Those that name none are `internal`.
    pub classification: Option<String>,
    /// The retention policy, by its name; it stands in the log.
    pub policy: String,
    /// Why, in words; it stands in the log.
    pub reason: String,
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// How many events.
    pub events: u64,
    /// How many tombstones say so.
    pub tombstones: u64,
}

/// Removes events of an organisation's log. `owner` is the store of the role that owns the tables;
/// no other can remove events. Statements of the log itself stay.
///
/// # Errors
/// When there is no log, the leaves lie outside it, policy or reason is empty or too long, the key
/// is not the log's, or an event or leaf is not as it was recorded: damage is verified and stated,
/// never removed. What earlier pages removed stays removed.
pub async fn remove(
    kernel: &Kernel,
    owner: &Store,
    seed: &SigningSeed,
    organization: Uuid,
    removal: &Removal,
) -> Result<Removed> {
    let work = Removing {
        kernel,
        owner,
        tables: Tables::new(kernel.catalog())?,
        statements: Statements::new(kernel.catalog())?,
        seed,
        organization,
        removal,
    };
    let mut removed = Removed::default();
    let Range { start: mut next, end } = removal.leaves;
    while next < end {
        let page = next..end.min((next / PAGE + 1) * PAGE);
        next = page.end;
        let done = work.page(page).await?;
        removed.events += done.events;
        removed.tombstones += done.tombstones;
    }
    if removed.events > 0 {
        work.tell(removed).await?;
    }
    Ok(removed)
}

/// How many leaves an organisation's log has; none when it has none.
///
/// # Errors
/// When the store does not answer.
pub async fn size(store: &Store, organization: Uuid) -> Result<Option<u64>> {
    let head = Tables::new(store.catalog())?.head(store, organization).await?;
    Ok(head.map(|head| head.size.cast_unsigned()))
}

struct Removing<'a> {
    kernel: &'a Kernel,
    owner: &'a Store,
    tables: Tables,
    statements: Statements,
    seed: &'a SigningSeed,
    organization: Uuid,
    removal: &'a Removal,
}

impl Removing<'_> {
    async fn page(&self, leaves: Range<u64>) -> Result<Removed> {
        for _ in 0..TRIES {
            if let Some(removed) = self.try_page(leaves.clone()).await? {
                return Ok(removed);
            }
        }
        Err(Error::internal("the log grows too fast to remove events from it"))
    }

    /// Removes what is to go of a page; none when the log has grown meanwhile.
    async fn try_page(&self, leaves: Range<u64>) -> Result<Option<Removed>> {
        let (store, now) = (self.kernel.store(), self.kernel.clock().now());
        let head = self.tables.head(store, self.organization).await?;
        let head = head.ok_or_else(|| Error::NotFound("log".to_owned()))?;
        let size = head.size.cast_unsigned();
        if leaves.end > size {
            return Err(Error::internal(format!("the log has leaves 0 to {size}")));
        }
        let page = Page::read(self.kernel, &self.tables, self.organization, leaves).await?;
        let segments = page.segments(|leaf| self.is_wanted(leaf));
        if segments.is_empty() {
            return Ok(Some(Removed::default()));
        }
        page.check(self.kernel, self.organization, &segments).await?;
        let prefix = head.origin.strip_suffix(&format!("/{}", self.organization));
        let prefix = prefix.ok_or_else(|| Error::internal("the log has a wrong origin"))?;
        let signer = LogSigner::new(self.seed.0.clone(), prefix.to_owned());
        let key = signer.key(self.organization)?;
        let notes = self.tombstones(&segments, &key, now)?;
        let micros = now.as_microsecond();
        let leaf = |note| {
            let organization = *self.organization.as_bytes();
            let bytes = encode_note_leaf(LeafKind::Tombstone, organization, micros, note);
            Ok(NewLeaf { event: None, bytes: bytes.map_err(Error::internal)? })
        };
        let new = notes.iter().map(leaf).collect::<Result<Vec<_>>>()?;
        let log = Logs::default().take(store, &self.tables, &signer, self.organization).await?;
        if log.tree.size() != size {
            return Ok(None);
        }
        let growths = [Growth::of(log, &new, store, &self.tables, now).await?];
        let mut transaction = self.owner.begin(&Access::retention()).await?;
        if !growth::write(&mut transaction, &self.tables, &growths).await? {
            transaction.rollback().await;
            return Ok(None);
        }
        page.remove(self.kernel, &mut transaction, &self.tables, self.organization, &segments)
            .await?;
        let statements: Vec<Statement<'_>> =
            segments.iter().zip(&notes).map(|(segment, note)| self.stated(segment, note)).collect();
        self.statements.write(&mut transaction, self.organization, size, &statements, now).await?;
        transaction.commit().await?;
        self.kernel.ledger().grew();
        let events = segments.iter().map(|segment| segment.leaves.end - segment.leaves.start).sum();
        Ok(Some(Removed { events, tombstones: notes.len() as u64 }))
    }

    fn is_wanted(&self, leaf: &Leaf<'_>) -> bool {
        let Removal { before, classification, .. } = self.removal;
        let is_before = |before: &Timestamp| match leaf.get(Field::CREATED_AT) {
            Some(Value::Instant(micros)) => micros < before.as_microsecond(),
            _ => false,
        };
        let is_classified = |wanted: &String| match leaf.get(Field::DATA_CLASSIFICATION) {
            Some(Value::Text(found)) => found.eq_ignore_ascii_case(wanted),
            _ => wanted.eq_ignore_ascii_case("internal"),
        };
        leaf.kind() == LeafKind::Event
            && before.as_ref().is_none_or(is_before)
            && classification.as_ref().is_none_or(is_classified)
    }

    fn tombstones(
        &self,
        segments: &[Segment],
        key: &SignerKey,
        now: Timestamp,
    ) -> Result<Vec<SignedNote>> {
        let sign = |segment: &Segment| {
            let mut removed = CompactRange::starting_at(segment.leaves.start);
            segment.hashes.iter().for_each(|hash| removed.append(*hash));
            let tombstone = Tombstone {
                origin: key.name().to_owned(),
                removed,
                policy: self.removal.policy.clone(),
                reason: self.removal.reason.clone(),
                time_micros: now.as_microsecond(),
            };
            tombstone.sign(key).map_err(Error::internal)
        };
        segments.iter().map(sign).collect()
    }

    fn stated<'a>(&'a self, segment: &Segment, note: &'a SignedNote) -> Statement<'a> {
        Statement {
            kind: StatementKind::Tombstone,
            leaves: segment.leaves.clone(),
            policy: Some(&self.removal.policy),
            reason: &self.removal.reason,
            note,
        }
    }

    async fn tell(&self, removed: Removed) -> Result<()> {
        let (kernel, now) = (self.kernel, self.kernel.clock().now());
        let context = Context::system("retention", Some(self.organization), now);
        let mut work = kernel.begin(&context).await?;
        let Removal { policy, reason, .. } = self.removal;
        let mut event = Event::new("audit_events", "expire");
        let details = serde_json::json!({
            "events": removed.events, "policy": policy, "reason": reason,
        });
        event.details = mainstay_entity::json::canonical(&details.to_string()).ok();
        work.record(event);
        work.commit().await
    }
}
