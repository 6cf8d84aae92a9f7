//! `mainstay migrate`, and the migrations of a start.

mod backup;
mod rehearsal;

use crate::cli::{Configured, MigrateStep};
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::log;
use crate::modules::configured_catalog;
use anyhow::{Context, Result, bail};
use mainstay_entity::Catalog;
use mainstay_kernel::{Clock, SystemClock};
use mainstay_store::Store;
use mainstay_store::migrate::{self, Applied, Options};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

pub(crate) fn run(step: MigrateStep) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match step {
            MigrateStep::Plan { sql, config } => plan(config, sql).await,
            MigrateStep::Apply { allow_data_loss, rehearse, within, config } => {
                let config = open(config)?;
                let options = options(&config, allow_data_loss)?;
                let catalog = configured_catalog(&config)?;
                if rehearse {
                    let within = within.map(Duration::from_secs);
                    return rehearsal::run(&config, &catalog, &options, within).await;
                }
                let (backup, applied) = apply(&config, &catalog, &options).await?;
                if let Some(path) = backup {
                    log::print(&format!("Backup: {}\n", path.display()))?;
                }
                log::print(&applied.to_string())?;
                Ok(ExitCode::SUCCESS)
            }
            MigrateStep::Status { config } => status(config).await,
        }
    })
}

async fn plan(config: Configured, sql: bool) -> Result<ExitCode> {
    let config = open(config)?;
    let plan = migrate::plan(
        &config.migrations(),
        &configured_catalog(&config)?,
        &options(&config, false)?,
    )
    .await?;
    log::print(&if sql { format!("{plan:#}") } else { plan.to_string() })?;
    Ok(ExitCode::SUCCESS)
}

/// Migrates, after a backup where there is something to lose.
async fn apply(
    config: &Config,
    catalog: &Arc<Catalog>,
    options: &Options,
) -> Result<(Option<PathBuf>, Applied)> {
    let backup = backup::make(config, catalog, options).await?;
    Ok((backup, migrate::apply(&config.migrations(), catalog, options).await?))
}

async fn status(config: Configured) -> Result<ExitCode> {
    let config = open(config)?;
    let options = options(&config, false)?;
    let status =
        migrate::status(&config.migrations(), &configured_catalog(&config)?, &options).await?;
    log::print(&status.to_string())?;
    Ok(if status.is_ready() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Loads the configuration; an embedded database needs its folder.
fn open(config: Configured) -> Result<Config> {
    let config = config.load()?;
    if config.database.is_none() {
        DataFolder::open(&config)?;
    }
    Ok(config)
}

/// How this binary migrates.
pub(crate) fn options(config: &Config, allow_data_loss: bool) -> Result<Options> {
    Ok(Options {
        app_role: migrate::app_role(&config.store())?,
        allow_data_loss,
        with_own: config.entities.is_some(),
        now: SystemClock.now(),
        binary_version: env!("CARGO_PKG_VERSION").parse()?,
    })
}

/// Migrates at a start: an embedded database always, PostgreSQL when its owner is named; without
/// the owner a database that needs migrating is refused.
pub(crate) async fn at_start(config: &Config, catalog: &Arc<Catalog>) -> Result<()> {
    let options = options(config, false)?;
    if config.database.is_none() || config.migrate_database.is_some() {
        let migrated = apply(config, catalog, &options).await;
        let (backup, applied) = migrated.context("the database can't be migrated")?;
        if let Some(path) = backup {
            tracing::info!(path = %path.display(), "a backup was made before migrating");
        }
        report(&applied);
        return Ok(());
    }
    let status = migrate::status(&config.store(), catalog, &options).await?;
    if status.is_ready() {
        return Ok(());
    }
    if let Some(why) = &status.refused {
        bail!("{why}");
    }
    // A role that may not serve is the cause where there is one: what it lacks is not to be granted.
    Store::open(config.store(), catalog.clone()).await?.close().await;
    bail!(
        "the database needs migrating first: run `mainstay migrate apply` with the owner's URL as \
         --migrate-database, or name it here\n{status}"
    )
}

fn report(applied: &Applied) {
    let (steps, held) = (applied.steps.len(), applied.held.len());
    if steps > 0 {
        tracing::info!(steps, "the database was migrated");
    }
    if held > 0 {
        tracing::info!(held, "columns that are no longer declared were kept");
    }
    for table in &applied.kept {
        tracing::info!(%table, "a table that is no longer declared was kept");
    }
}
