//! An installation's data, opened by a command instead of a server.
//!
//! Beside servers on PostgreSQL a command runs at any time; an embedded database has one process,
//! so its server is stopped first.

use crate::cli::Configured;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::serve;
use anyhow::{Context as _, Result, bail, ensure};
use mainstay_audit::ledger::Witness;
use mainstay_identity::{AuthSettings, Identity};
use mainstay_kernel::{Kernel, SystemClock};
use mainstay_store::Store;
use mainstay_vault::SystemEntropy;
use std::sync::Arc;
use uuid::Uuid;

/// An installation's data, open.
pub(crate) struct Installation {
    pub(crate) identity: Identity,
    pub(crate) kernel: Kernel,
    pub(crate) folder: DataFolder,
    /// The database as its owner has it; none when nobody says who that is.
    owner: Option<mainstay_store::Config>,
    /// The witnesses that its log is shown to.
    pub(crate) witnesses: Vec<Witness>,
    /// Keeps other processes away from an embedded database.
    _lock: Option<std::fs::File>,
}

impl Installation {
    pub(crate) async fn open(config: Configured) -> Result<Self> {
        let mut config = config.load()?;
        // One command uses few connections.
        config.database_min_connections = Some(0);
        config.replicas = None;
        check_exists(&config)?;
        let folder = DataFolder::open(&config)?;
        let lock = match &config.database {
            None => Some(folder.lock().context("stop the server first")?),
            Some(_) => None,
        };
        let kernel =
            serve::open_kernel(&config, Arc::new(SystemClock), Arc::new(SystemEntropy)).await?;
        // Nothing is signed here, so no issuer is named.
        let settings = AuthSettings::default();
        let identity =
            Identity::new(kernel.clone(), folder.signing_key()?, String::new(), settings)?;
        let witnesses = config.witnesses()?;
        let is_owner_known = config.database.is_none() || config.migrate_database.is_some();
        let owner = is_owner_known.then(|| config.migrations());
        Ok(Self { identity, kernel, folder, owner, witnesses, _lock: lock })
    }

    /// The data as who owns the tables has it: only he can remove what is kept for ever otherwise.
    pub(crate) async fn owner(&self) -> Result<Store> {
        use mainstay_store::Config;
        match &self.owner {
            None => {
                bail!("only the database's owner can do this: give its URL, --migrate-database")
            }
            Some(Config::Postgres(config)) => {
                let mut config = config.clone();
                (config.is_owner, config.pool_size) = (true, 2);
                (config.writers, config.streams) = (1, 1);
                let catalog = self.kernel.catalog().clone();
                Ok(Store::open(Config::Postgres(config), catalog).await?)
            }
            Some(_) => Ok(self.kernel.store().clone()),
        }
    }

    /// Does some work and closes.
    pub(crate) async fn run<T>(self, work: impl AsyncFnOnce(&Self) -> Result<T>) -> Result<T> {
        let done = work(&self).await;
        self.kernel.close().await;
        done
    }

    /// The organisation with a short name.
    pub(crate) async fn organization(&self, slug: &str) -> Result<Uuid> {
        let found = self.identity.organization_by_slug(slug).await?;
        found.with_context(|| format!("there is no organisation {slug}"))
    }
}

/// Refuses to make an installation where there is none.
fn check_exists(config: &Config) -> Result<()> {
    let path = DataFolder::master_key_path(config);
    ensure!(
        config.master_key.is_some() || path.exists(),
        "there is no installation here ({} is missing); name its data folder with --data",
        path.display()
    );
    Ok(())
}
