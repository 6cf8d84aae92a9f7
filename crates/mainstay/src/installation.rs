//! An installation's data, opened by a command instead of a server.
//!
//! Beside servers on PostgreSQL a command runs at any time; an embedded database has one process,
//! so its server is stopped first.

use crate::cli::Configured;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::serve;
use anyhow::{Context as _, Result, ensure};
use mainstay_identity::Identity;
use mainstay_kernel::{Kernel, SystemClock};
use mainstay_vault::SystemEntropy;
use std::sync::Arc;
use uuid::Uuid;

/// An installation's data, open.
pub(crate) struct Installation {
    pub(crate) identity: Identity,
    pub(crate) kernel: Kernel,
    pub(crate) folder: DataFolder,
    /// Keeps other processes away from an embedded database.
    _lock: Option<std::fs::File>,
}

impl Installation {
    pub(crate) async fn open(config: Configured) -> Result<Self> {
        let config = config.load()?;
        check_exists(&config)?;
        let folder = DataFolder::open(&config)?;
        let lock = match &config.database {
            None => Some(folder.lock().context("stop the server first")?),
            Some(_) => None,
        };
        let kernel =
            serve::open_kernel(&config, Arc::new(SystemClock), Arc::new(SystemEntropy)).await?;
        // Nothing is signed here, so no issuer is named.
        let identity = Identity::new(kernel.clone(), folder.signing_key()?, String::new())?;
        Ok(Self { identity, kernel, folder, _lock: lock })
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
