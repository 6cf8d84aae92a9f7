//! How often API keys are used: counted in memory, written each minute. It is no event: nothing
//! follows from it, and there would be one per request.

use crate::api_key::entity::ApiKey;
use crate::authenticate::Identity;
use crate::regularly::regularly;
use jiff::Timestamp;
use mainstay_entity::{Entity, Table, Value};
use mainstay_kernel::lookup::{equal, one_of, position, table};
use mainstay_kernel::{Error, Kernel, Result};
use mainstay_store::{Access, Select, Transaction, Update};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;
use uuid::Uuid;

/// How often counts are written.
const PERIOD: Duration = Duration::from_mins(1);
/// Keys whose counts go into one transaction.
const KEYS_PER_TRANSACTION: usize = 100;

/// The use of one key that is not written yet.
#[derive(Default)]
pub(crate) struct KeyUsage(Mutex<Used>);

#[derive(Clone, Copy, Default)]
struct Used {
    count: i64,
    last_at: Option<Timestamp>,
    last_ip: Option<IpAddr>,
}

impl KeyUsage {
    /// Counts a use.
    pub(crate) fn note(&self, now: Timestamp, address: Option<IpAddr>) {
        let mut used = self.0.lock();
        *used = Used { count: used.count + 1, last_at: Some(now), last_ip: address };
    }

    fn take(&self) -> Used {
        std::mem::take(&mut *self.0.lock())
    }

    fn put_back(&self, earlier: Used) {
        let mut used = self.0.lock();
        used.count += earlier.count;
        used.last_at = used.last_at.or(earlier.last_at);
        used.last_ip = used.last_ip.or(earlier.last_ip);
    }
}

/// The use of all keys, by their identifiers.
#[derive(Default)]
pub(crate) struct Usage(Mutex<BTreeMap<Uuid, Arc<KeyUsage>>>);

impl Usage {
    /// The use of a key, for whoever remembers the key.
    pub(crate) fn of(&self, key: Uuid) -> Arc<KeyUsage> {
        self.0.lock().entry(key).or_default().clone()
    }

    /// What was not written yet. Keys that nobody remembers are forgotten.
    fn take(&self) -> Vec<(Uuid, Arc<KeyUsage>, Used)> {
        let mut keys = self.0.lock();
        let used = keys.iter().map(|(id, usage)| (*id, usage.clone(), usage.take()));
        let used = used.filter(|(.., used)| used.count > 0).collect();
        // One reference is this list's own.
        keys.retain(|_, usage| Arc::strong_count(usage) > 1);
        used
    }
}

impl Identity {
    /// Writes how often API keys were used since the last time.
    ///
    /// # Errors
    /// When the store does not answer; the counts are kept for the next time.
    pub async fn write_usage(&self) -> Result<()> {
        let used = self.usage.take();
        let mut outcome = Ok(());
        for part in used.chunks(KEYS_PER_TRANSACTION) {
            if let Err(error) = write(&self.kernel, part).await {
                for (_, usage, used) in part {
                    usage.put_back(*used);
                }
                outcome = Err(error);
            }
        }
        outcome
    }
}

/// Writes how often API keys were used, each minute, as long as the identities are in use.
pub async fn write_usage_regularly(identity: Weak<Identity>) {
    let write = |identity: Arc<Identity>| async move { identity.write_usage().await };
    regularly(identity, PERIOD, "the use of API keys can't be written yet", write).await;
}

async fn write(kernel: &Kernel, part: &[(Uuid, Arc<KeyUsage>, Used)]) -> Result<()> {
    let keys = table::<ApiKey>(kernel.catalog())?;
    let mut transaction = kernel.store().begin(&Access::system()).await?;
    let mut select = Select::all(keys.clone());
    // In the order of the keys, so that servers wait for each other and don't lock each other out.
    let ids = part.iter().map(|(id, ..)| Value::Uuid(*id)).collect();
    select.filter = one_of(&keys, "id", ids)?;
    select.for_update = true;
    for row in transaction.fetch(&select).await? {
        let key = ApiKey::from_record(row).map_err(Error::internal)?;
        if let Some((.., used)) = part.iter().find(|(id, ..)| *id == key.id.uuid()) {
            add(&mut transaction, &keys, &key, used).await?;
        }
    }
    Ok(transaction.commit().await?)
}

async fn add(
    transaction: &mut Transaction,
    keys: &Arc<Table>,
    key: &ApiKey,
    used: &Used,
) -> Result<()> {
    let last_at = key.last_used_at.max(used.last_at);
    let instant = |at: Timestamp| Value::Timestamp(at.as_microsecond());
    let mut set = vec![
        (position(keys, "usage_count")?, Value::Int(key.usage_count + used.count)),
        (position(keys, "last_used_at")?, last_at.map_or(Value::Null, instant)),
    ];
    if let Some(address) = used.last_ip.filter(|_| last_at == used.last_at) {
        set.push((position(keys, "last_used_ip")?, Value::Inet(address)));
    }
    let own = [
        ("organization_id", Value::Uuid(key.organization_id.uuid())),
        ("id", Value::Uuid(key.id.uuid())),
    ];
    let update = Update { table: keys.clone(), set, filter: equal(keys, &own)? };
    transaction.update(update).await?;
    Ok(())
}
