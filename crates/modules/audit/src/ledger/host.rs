//! The server that a sequencer runs in.

use super::database::Database;
use jiff::Timestamp;
use mainstay_kernel::entities::LedgerPending;
use mainstay_kernel::ledger::LogSigner;
use mainstay_kernel::{Context, Error, Event, Kernel, Result};
use mainstay_ledger::Hash;
use mainstay_store::Store;

/// What the sequencer takes from its server: the database, the clock and the installation's keys.
pub(super) trait Host: Send + Sync + 'static {
    /// The database with the logs.
    type Database: Database;

    /// The database.
    fn database(&self) -> &Self::Database;

    /// What this server believes the time is.
    fn now(&self) -> Timestamp;

    /// Who signs for the logs.
    fn signer(&self) -> Result<&LogSigner>;

    /// Whether this installation wrote a pending leaf.
    fn is_own(&self, leaf: &[u8], mac: &[u8]) -> bool;

    /// Completes when this server has written events since the last call.
    fn written(&self) -> impl Future<Output = ()> + Send;

    /// Tells those who wait for places that logs have grown.
    fn grew(&self);

    /// Records that somebody else wrote a pending leaf into the database.
    fn tell_forged(&self, row: &LedgerPending) -> impl Future<Output = Result<()>> + Send;
}

impl Host for Kernel {
    type Database = Store;

    fn database(&self) -> &Store {
        self.store()
    }

    fn now(&self) -> Timestamp {
        self.clock().now()
    }

    fn signer(&self) -> Result<&LogSigner> {
        self.ledger().signer().ok_or_else(|| Error::internal("nobody signs for the logs"))
    }

    fn is_own(&self, leaf: &[u8], mac: &[u8]) -> bool {
        self.ledger().is_own(leaf, mac)
    }

    async fn written(&self) {
        self.ledger().written().await;
    }

    fn grew(&self) {
        self.ledger().grew();
    }

    async fn tell_forged(&self, row: &LedgerPending) -> Result<()> {
        let organization = row.organization_id.uuid();
        let hash = Hash::leaf(&row.leaf).to_string();
        tracing::error!(%organization, hash, "a forged event");
        let context = Context::system("ledger", Some(organization), self.clock().now());
        let mut event = Event::new("ledger_pending", "refuse");
        event.failure = Some("no server of this installation wrote this leaf".to_owned());
        let details = serde_json::json!({ "leaf_hash": hash, "bytes": row.leaf.len() });
        event.details = mainstay_entity::json::canonical(&details.to_string()).ok();
        let mut work = self.begin(&context).await?;
        work.record(event);
        work.commit().await
    }
}
