//! Which server makes the logs grow.

use super::tables::{Tables, columns, entity, select};
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Entity, Id, Record, Text};
use mainstay_kernel::entities::LedgerLease;
use mainstay_kernel::{Error, Result};
use mainstay_store::{Access, Conflict, Filter, Insert, Outcome, Store};
use uuid::Uuid;

/// How long a server that says nothing keeps the lease.
const LEASE: SignedDuration = SignedDuration::from_secs(2);

/// The lease, as far as this server has it. It keeps servers out of each other's way; two that
/// both think they have it do no harm, as heads decide.
pub(super) struct Lease {
    holder: Text<255>,
    until: Option<Timestamp>,
}

impl Lease {
    pub(super) fn new(holder: &str) -> Result<Self> {
        let holder = Text::new(holder).map_err(Error::internal)?;
        Ok(Self { holder, until: None })
    }

    /// Takes the lease or keeps it; false while another server has it.
    pub(super) async fn hold(
        &mut self,
        store: &Store,
        tables: &Tables,
        now: Timestamp,
    ) -> Result<bool> {
        // Renewed when half of it is over.
        if self.until.is_some_and(|until| now < until - LEASE / 2) {
            return Ok(true);
        }
        self.until = None;
        let until = now + LEASE;
        let mut transaction = store.begin(&Access::system()).await?;
        let mut select = select(&tables.leases, Filter::All, None)?;
        select.for_update = true;
        let held = transaction.fetch(&select).await?.pop();
        let is_others = match held.map(entity::<LedgerLease>).transpose()? {
            Some(lease) => lease.leased_by != self.holder && lease.leased_until > now,
            None => false,
        };
        if is_others {
            transaction.rollback().await;
            return Ok(false);
        }
        let outcome = transaction.insert(self.row(tables, until)?).await?;
        transaction.commit().await?;
        // Of two servers that find no row, the second merges into the first one's.
        let is_own = match outcome.first() {
            Some(Outcome::Merged(change)) => self.may_take(change.old.clone(), now)?,
            _ => true,
        };
        self.until = is_own.then_some(until);
        Ok(is_own)
    }

    fn may_take(&self, old: Record, now: Timestamp) -> Result<bool> {
        let old: LedgerLease = entity(old)?;
        Ok(old.leased_by == self.holder || old.leased_until <= now)
    }

    /// Gives the lease back.
    pub(super) async fn release(
        &mut self,
        store: &Store,
        tables: &Tables,
        now: Timestamp,
    ) -> Result<()> {
        if self.until.take().is_none() {
            return Ok(());
        }
        let mut transaction = store.begin(&Access::system()).await?;
        transaction.insert(self.row(tables, now)?).await?;
        Ok(transaction.commit().await?)
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
