//! The hourly limit of API keys, over all servers (S1-B42).
//!
//! Servers take requests from the database in blocks, a twentieth of the limit each, and count
//! them down in memory: a key's limit is never exceeded, and there is one write a block, not one
//! a request. What a server has taken and not used by the end of the hour is lost, so a key that
//! many servers serve may be told to wait up to one block a server early. Hours are those of UTC.

use crate::api_key::entity::ApiKey;
use jiff::Timestamp;
use mainstay_entity::{Entity, Value};
use mainstay_kernel::lookup::{equal, position, table};
use mainstay_kernel::{Error, Kernel, Result};
use mainstay_store::{Access, Select, Update};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

const HOUR_SECONDS: i64 = 3_600;
/// So many blocks make a limit.
const BLOCKS: i64 = 20;
/// Requests of one block at most.
const BLOCK_MAX: i64 = 500;

/// What one server may still let through for one key.
pub(crate) struct KeyLimit {
    organization: Uuid,
    key: Uuid,
    block: Mutex<Block>,
    /// Held while a block is taken, so that one request asks for all that wait.
    taking: tokio::sync::Mutex<()>,
}

#[derive(Clone, Copy, Default)]
struct Block {
    /// Hours since 1970.
    hour: i64,
    left: i64,
    /// The database has no more for this hour.
    is_last: bool,
}

/// What is left of a block for one request.
enum Taken {
    One,
    NoMore,
    AskForMore,
}

impl KeyLimit {
    fn take(&self, hour: i64) -> Taken {
        let mut block = self.block.lock();
        if block.hour != hour {
            return Taken::AskForMore;
        }
        if block.left > 0 {
            block.left -= 1;
            return Taken::One;
        }
        if block.is_last { Taken::NoMore } else { Taken::AskForMore }
    }

    /// Lets one request through.
    ///
    /// # Errors
    /// [`Error::RateLimited`] until the next hour, when there were as many as the limit.
    pub(crate) async fn admit(&self, kernel: &Kernel, now: Timestamp) -> Result<()> {
        let hour = now.as_second().div_euclid(HOUR_SECONDS);
        loop {
            match self.take(hour) {
                Taken::One => return Ok(()),
                Taken::NoMore => {
                    let seconds = (hour + 1) * HOUR_SECONDS - now.as_second();
                    return Err(Error::RateLimited {
                        retry_after_seconds: seconds.max(1).unsigned_abs(),
                    });
                }
                Taken::AskForMore => {}
            }
            let _taking = self.taking.lock().await;
            // Another request may have asked in the meantime.
            let has_block = {
                let block = self.block.lock();
                block.hour == hour && (block.left > 0 || block.is_last)
            };
            if !has_block {
                let block = self.reserve(kernel, hour).await?;
                *self.block.lock() = block;
            }
        }
    }

    /// Takes a block from the database.
    async fn reserve(&self, kernel: &Kernel, hour: i64) -> Result<Block> {
        let keys = table::<ApiKey>(kernel.catalog())?;
        let own =
            [("organization_id", Value::Uuid(self.organization)), ("id", Value::Uuid(self.key))];
        let own = equal(&keys, &own)?;
        let mut transaction = kernel.store().begin(&Access::system()).await?;
        let mut select = Select::all(keys.clone()).filtered(own.clone());
        select.for_update = true;
        let row = transaction.fetch(&select).await?.pop();
        let row = row.map(ApiKey::from_record).transpose().map_err(Error::internal)?;
        let begins = Timestamp::from_second(hour * HOUR_SECONDS).map_err(Error::internal)?;
        // A key that is gone or without a limit is not this limit's to refuse.
        let Some((limit, row)) = row.and_then(|row| Some((row.rate_limit_per_hour?, row))) else {
            transaction.rollback().await;
            return Ok(Block { hour, left: BLOCK_MAX, is_last: false });
        };
        let limit = i64::from(limit);
        // A server whose clock is behind takes from the later hour.
        let is_current = row.limit_hour.is_some_and(|taken| taken >= begins);
        let taken = if is_current { row.limit_taken } else { 0 };
        let size = (limit / BLOCKS).clamp(1, BLOCK_MAX).min(limit - taken).max(0);
        if size == 0 {
            transaction.rollback().await;
            return Ok(Block { hour, left: 0, is_last: true });
        }
        let begins = if is_current { row.limit_hour.unwrap_or(begins) } else { begins };
        let set = vec![
            (position(&keys, "limit_hour")?, Value::Timestamp(begins.as_microsecond())),
            (position(&keys, "limit_taken")?, Value::Int(taken + size)),
        ];
        transaction.update(Update { table: keys.clone(), set, filter: own }).await?;
        transaction.commit().await?;
        Ok(Block { hour, left: size, is_last: false })
    }
}

/// The limits of all keys that have one, by their identifiers.
#[derive(Default)]
pub(crate) struct KeyLimits(Mutex<BTreeMap<Uuid, Arc<KeyLimit>>>);

impl KeyLimits {
    /// The limit of a key. It outlives what is remembered of the key, so that no block is lost
    /// when who may do what changes; those of other hours that nobody uses are forgotten.
    pub(crate) fn of(&self, organization: Uuid, key: Uuid, now: Timestamp) -> Arc<KeyLimit> {
        let hour = now.as_second().div_euclid(HOUR_SECONDS);
        let mut limits = self.0.lock();
        limits.retain(|_, limit| Arc::strong_count(limit) > 1 || limit.block.lock().hour == hour);
        let limit = || {
            Arc::new(KeyLimit {
                organization,
                key,
                block: Mutex::default(),
                taking: tokio::sync::Mutex::default(),
            })
        };
        limits.entry(key).or_insert_with(limit).clone()
    }
}
