//! Where events stand in their log.

use super::Ledger;
use crate::entities::{LedgerEntry, LedgerTile};
use crate::error::{Error, Result};
use crate::kernel::Kernel;
use crate::lookup::{compare, position};
use jiff::Timestamp;
use mainstay_entity::{Direction, Entity, Value};
use mainstay_ledger::{Field, Leaf, Value as LeafValue, entries};
use mainstay_store::{Access, Compare, Expression, Filter, Order, OrderBy, Select, Store};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use uuid::Uuid;

/// The level of tiles that hold leaves.
pub(crate) const LEAVES: i64 = -1;
/// Runs of leaves that are looked at together.
const PAGE: u64 = 32;
/// How often other servers' growth is looked for by those who wait.
const POLL: Duration = Duration::from_millis(100);

/// An event's place in its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The index of the leaf.
    pub index: u64,
    /// The exact bytes of the leaf.
    pub leaf: Vec<u8>,
}

impl Kernel {
    /// The places of some events of an organisation; those that have none yet are left out.
    pub async fn places(
        &self,
        organization: Uuid,
        events: &[Uuid],
    ) -> Result<HashMap<Uuid, Place>> {
        let mut found = HashMap::with_capacity(events.len());
        let (Some(first), Some(last)) = (events.iter().min(), events.iter().max()) else {
            return Ok(found);
        };
        let wanted: HashSet<Uuid> = events.iter().copied().collect();
        let late = later(*last);
        let mut reach = (Compare::Ge, *first);
        while found.len() < wanted.len() {
            let runs = self.ledger().runs(self.store(), organization, reach).await?;
            let Some(newest) = runs.last() else { break };
            reach = (Compare::Gt, newest.last_id.uuid());
            if newest.first_id.uuid() > late {
                break;
            }
            for run in runs.iter().filter(|run| run.first_id.uuid() <= *last) {
                let bundle = self.ledger().bundle(self.store(), organization, run.first_index);
                let bundle = bundle.await?;
                for (index, leaf) in (run.first_index.cast_unsigned()..).zip(entries(&bundle)) {
                    let leaf = leaf.map_err(Error::internal)?;
                    if let Some(id) = event_of(leaf).filter(|id| wanted.contains(id)) {
                        found.insert(id, Place { index, leaf: leaf.to_vec() });
                    }
                }
            }
        }
        Ok(found)
    }

    /// The same, waiting for those that have none yet until a deadline.
    pub async fn await_places(
        &self,
        organization: Uuid,
        events: &[Uuid],
        deadline: Timestamp,
    ) -> Result<HashMap<Uuid, Place>> {
        let mut growth = self.ledger().grown.subscribe();
        loop {
            let places = self.places(organization, events).await?;
            if places.len() >= events.len() || self.clock().now() >= deadline {
                return Ok(places);
            }
            // Another server's growth is seen by looking.
            let _ = tokio::time::timeout(POLL, growth.changed()).await;
        }
    }
}

impl Ledger {
    /// Runs of leaves whose last identifiers are from one on, in their order.
    async fn runs(
        &self,
        store: &Store,
        organization: Uuid,
        (op, id): (Compare, Uuid),
    ) -> Result<Vec<LedgerEntry>> {
        let table = &self.entries;
        let filter = Filter::And(vec![
            compare(table, "organization_id", Compare::Eq, Value::Uuid(organization))?,
            compare(table, "last_id", op, Value::Uuid(id))?,
        ]);
        let mut select = Select::all(table.clone()).filtered(filter);
        let by = Expression::column(position(table, "last_id")?);
        let direction = Direction::Ascending;
        select.order = vec![Order { by: OrderBy::Expression(by), direction, nulls_first: false }];
        select.limit = Some(PAGE);
        let rows = store.fetch(&Access::system(), &select).await?;
        rows.into_iter().map(|row| LedgerEntry::from_record(row).map_err(Error::internal)).collect()
    }

    /// The leaves of a run, as an entry bundle.
    async fn bundle(&self, store: &Store, organization: Uuid, first_index: i64) -> Result<Vec<u8>> {
        let table = &self.tiles;
        let filter = Filter::And(vec![
            compare(table, "organization_id", Compare::Eq, Value::Uuid(organization))?,
            compare(table, "level", Compare::Eq, Value::Int(LEAVES))?,
            compare(table, "number", Compare::Eq, Value::Int(first_index))?,
        ]);
        let select = Select::all(table.clone()).filtered(filter);
        let row = store.fetch(&Access::system(), &select).await?.pop();
        // A run that was merged into a longer one between two reads is found there.
        let Some(row) = row else { return Ok(Vec::new()) };
        Ok(LedgerTile::from_record(row).map_err(Error::internal)?.bytes)
    }
}

/// An identifier that is made an hour later: no transaction takes so long, so that events before
/// it have their place before those after it.
fn later(id: Uuid) -> Uuid {
    let hour = 3_600_000_u128 << 80;
    Uuid::from_u128(id.as_u128().saturating_add(hour))
}

/// The event that a leaf records; none for leaves of other kinds.
fn event_of(leaf: &[u8]) -> Option<Uuid> {
    match Leaf::decode(leaf).ok()?.get(Field::ID)? {
        LeafValue::Uuid(bytes) => Some(Uuid::from_bytes(bytes)),
        _ => None,
    }
}
