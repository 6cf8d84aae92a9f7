//! Which server makes the logs grow.

use super::database::{Database, Transaction};
use super::tables::{Tables, columns, entity, select};
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Text};
use mainstay_kernel::entities::LedgerLease;
use mainstay_kernel::{Error, Result};
use mainstay_store::{Conflict, Filter, Insert, Outcome};
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// How long a server that says nothing keeps the lease.
const LEASE: Duration = Duration::from_secs(2);

/// The lease, as far as this server has it. It keeps servers out of each other's way; two that
/// both think they have it do no harm, as heads decide.
///
/// Clocks of servers differ and jump. How long this server has it is therefore told by its
/// monotonic clock, and a lease that another one has is over at the time that it names, or when it
/// was seen unchanged for as long as a lease lasts.
pub(super) struct Lease {
    holder: Text<255>,
    /// Until when this server has it.
    held_until: Option<Instant>,
    /// Another server's lease, and when it was first seen as it is.
    seen: Option<(Text<255>, Timestamp, Instant)>,
}

impl Lease {
    pub(super) fn new(holder: &str) -> Result<Self> {
        let holder = Text::new(holder).map_err(Error::internal)?;
        Ok(Self { holder, held_until: None, seen: None })
    }

    /// Takes the lease or keeps it; false while another server has it. `now` is the time of this
    /// server's clock.
    pub(super) async fn hold(
        &mut self,
        database: &impl Database,
        tables: &Tables,
        now: Timestamp,
    ) -> Result<bool> {
        let start = Instant::now();
        // Renewed when half of it is over.
        if self.held_until.is_some_and(|until| start + LEASE / 2 < until) {
            return Ok(true);
        }
        self.held_until = None;
        let mut transaction = database.begin().await?;
        let mut select = select(&tables.leases, Filter::All, None)?;
        select.for_update = true;
        let held = transaction.fetch(&select).await?.pop();
        let held = held.map(entity::<LedgerLease>).transpose()?;
        if held.is_some_and(|lease| !self.may_take(lease, now)) {
            transaction.rollback().await;
            return Ok(false);
        }
        let outcome = transaction.insert(self.row(tables, now + LEASE)?).await?;
        // Of two servers that find no row, the second merges into the first one's.
        if let Some(Outcome::Merged(change)) = outcome.into_iter().next()
            && !self.may_take(entity(change.old)?, now)
        {
            transaction.rollback().await;
            return Ok(false);
        }
        transaction.commit().await?;
        self.held_until = Some(start + LEASE);
        Ok(true)
    }

    /// Whether a lease is this server's own or over.
    fn may_take(&mut self, lease: LedgerLease, now: Timestamp) -> bool {
        if lease.leased_by == self.holder || lease.leased_until <= now {
            return true;
        }
        match &self.seen {
            Some((by, until, since)) if (by, until) == (&lease.leased_by, &lease.leased_until) => {
                since.elapsed() >= LEASE
            }
            _ => {
                self.seen = Some((lease.leased_by, lease.leased_until, Instant::now()));
                false
            }
        }
    }

    /// Does not believe any more that this server has it; the next look at the database tells.
    pub(super) fn forget(&mut self) {
        self.held_until = None;
    }

    /// Gives the lease back.
    pub(super) async fn release(
        &mut self,
        database: &impl Database,
        tables: &Tables,
        now: Timestamp,
    ) -> Result<()> {
        if self.held_until.take().is_none_or(|until| until <= Instant::now()) {
            return Ok(());
        }
        let mut transaction = database.begin().await?;
        transaction.insert(self.row(tables, now)?).await?;
        transaction.commit().await
    }

    fn row(&self, tables: &Tables, leased_until: Timestamp) -> Result<Insert> {
        let id = Id::new(Uuid::nil());
        let row = LedgerLease { id, leased_by: self.holder.clone(), leased_until };
        Ok(Insert {
            table: tables.leases.clone(),
            rows: vec![row.into_record()],
            conflict: Conflict::Merge {
                key: tables.leases.primary_key.clone(),
                set: columns(&tables.leases, &["leased_by", "leased_until"])?,
            },
        })
    }
}
