//! What the sequencer asks of a database.
//!
//! The store answers it. So does the simulation's database, which loses connections, answers late
//! and forgets what was not committed: the code that makes logs grow is the same over both.

use mainstay_entity::Record;
use mainstay_kernel::Result;
use mainstay_store::{Access, Delete, Insert, Outcome, Select, Store};

/// A database with the ledger's tables, reached as the server itself.
pub(super) trait Database: Send + Sync + 'static {
    /// A transaction. Dropped without a commit it leaves nothing behind.
    type Transaction: Transaction;

    /// Reads whole rows that are committed.
    fn fetch(&self, select: &Select) -> impl Future<Output = Result<Vec<Record>>> + Send;

    /// Begins a transaction.
    fn begin(&self) -> impl Future<Output = Result<Self::Transaction>> + Send;
}

/// A transaction on the ledger's tables, as isolated as `PostgreSQL`'s `READ COMMITTED` is.
pub(super) trait Transaction: Send {
    /// Reads whole rows.
    fn fetch(&mut self, select: &Select) -> impl Future<Output = Result<Vec<Record>>> + Send;

    /// Inserts or merges rows; tells what became of each, in order.
    fn insert(&mut self, insert: Insert) -> impl Future<Output = Result<Vec<Outcome>>> + Send;

    /// Removes the rows that match and gives their number.
    fn purge(&mut self, delete: Delete) -> impl Future<Output = Result<u64>> + Send;

    /// Makes the changes durable. After an error they may or may not be.
    fn commit(self) -> impl Future<Output = Result<()>> + Send;

    /// Undoes the changes.
    fn rollback(self) -> impl Future<Output = ()> + Send;
}

impl Database for Store {
    type Transaction = mainstay_store::Transaction;

    async fn fetch(&self, select: &Select) -> Result<Vec<Record>> {
        Ok(Self::fetch(self, &Access::system(), select).await?)
    }

    async fn begin(&self) -> Result<Self::Transaction> {
        Ok(Self::begin(self, &Access::system()).await?)
    }
}

impl Transaction for mainstay_store::Transaction {
    async fn fetch(&mut self, select: &Select) -> Result<Vec<Record>> {
        Ok(Self::fetch(self, select).await?)
    }

    async fn insert(&mut self, insert: Insert) -> Result<Vec<Outcome>> {
        Ok(Self::insert(self, insert).await?)
    }

    async fn purge(&mut self, delete: Delete) -> Result<u64> {
        Ok(Self::purge(self, delete).await?)
    }

    async fn commit(self) -> Result<()> {
        Ok(Self::commit(self).await?)
    }

    async fn rollback(self) {
        Self::rollback(self).await;
    }
}
