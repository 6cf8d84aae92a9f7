//! A log in memory: the right edge of its tree, and the key that signs it.

use super::database::Database;
use super::tables::Tables;
use mainstay_kernel::entities::LedgerHead;
use mainstay_kernel::ledger::LogSigner;
use mainstay_kernel::{Error, Result};
use mainstay_ledger::{Hash, SignerKey, TileId, TileSet, TreeWriter, edge_tiles};
use std::collections::HashMap;
use uuid::Uuid;

/// Logs that are kept in memory at most, each with up to 64 KiB; when full, all are forgotten.
const CAPACITY: usize = 1_024;

/// A log that can grow.
pub(super) struct Log {
    pub(super) organization: Uuid,
    pub(super) tree: TreeWriter,
    pub(super) key: SignerKey,
    /// Whether it has no head yet.
    pub(super) is_new: bool,
}

/// The logs that this server has made grow.
#[derive(Default)]
pub(super) struct Logs(HashMap<Uuid, Log>);

impl Logs {
    /// The log of an organisation, as of its head in the database or as it was left here. If it
    /// has grown elsewhere since, a commit will find out.
    pub(super) async fn take(
        &mut self,
        database: &impl Database,
        tables: &Tables,
        signer: &LogSigner,
        organization: Uuid,
    ) -> Result<Log> {
        match self.0.remove(&organization) {
            Some(log) => Ok(log),
            None => Log::load(database, tables, signer, organization).await,
        }
    }

    /// Keeps a log whose growth is committed.
    pub(super) fn keep(&mut self, mut log: Log) {
        if self.0.len() >= CAPACITY {
            self.0.clear();
        }
        log.is_new = false;
        self.0.insert(log.organization, log);
    }
}

impl Log {
    async fn load(
        database: &impl Database,
        tables: &Tables,
        signer: &LogSigner,
        organization: Uuid,
    ) -> Result<Self> {
        let key = signer.key(organization)?;
        let Some(head) = tables.head(database, organization).await? else {
            return Ok(Self { organization, tree: TreeWriter::new(), key, is_new: true });
        };
        check_key(&head, &key)?;
        let size = head.size.cast_unsigned();
        let edge: Vec<TileId> = edge_tiles(size).collect();
        let places = edge.iter().map(|tile| (tile.level(), tile.index()));
        let found = tables.hashes(database, organization, places).await?;
        let mut tiles = TileSet::new();
        for tile in &edge {
            let row = found.iter().find(|row| {
                i64::from(row.level) == i64::from(tile.level())
                    && row.number.cast_unsigned() == tile.index()
            });
            let bytes = row.map(|row| row.bytes.clone()).unwrap_or_default();
            tiles.insert(*tile, bytes).map_err(|error| damaged(&head, &error))?;
        }
        let root = Hash::from_slice(&head.root).map_err(|error| damaged(&head, &error))?;
        let tree = TreeWriter::resume(&tiles, size, &root);
        let tree = tree.map_err(|error| damaged(&head, &error))?;
        Ok(Self { organization, tree, key, is_new: false })
    }
}

/// Refuses to sign for a log that began with another key.
pub(super) fn check_key(head: &LedgerHead, key: &SignerKey) -> Result<()> {
    if *head.origin == *key.name() && *head.verifier_key == key.verifier().to_string() {
        return Ok(());
    }
    Err(Error::internal(format!(
        "the log {} was signed with another key than this server's: give it the file ledger.key \
         of the first server",
        head.origin
    )))
}

fn damaged(head: &LedgerHead, error: &mainstay_ledger::Error) -> Error {
    Error::internal(format!("the log {} is damaged and can't grow: {error}", head.origin))
}
