//! Removing events whose time is over.

use super::ExpireOptions;
use crate::installation::Installation;
use crate::log;
use anyhow::{Context as _, Result};
use mainstay_audit::ledger::{self, Removal, Removed};
use std::process::ExitCode;

pub(super) async fn run(mut options: ExpireOptions) -> Result<ExitCode> {
    let config = std::mem::take(&mut options.config);
    let installation = Installation::open(config).await?;
    let removed = installation.run(async |i| expire(i, &options).await).await?;
    let Removed { events, tombstones } = removed;
    log::print(&format!("removed {events} events; {tombstones} tombstones in the log say so\n"))?;
    Ok(ExitCode::SUCCESS)
}

async fn expire(installation: &Installation, options: &ExpireOptions) -> Result<Removed> {
    let tenant = super::tenant(installation, &options.tenant).await?;
    let seed = super::signing_seed(installation)?;
    let seed = seed.context("the data folder has no ledger.key to sign the tombstones with")?;
    let kernel = &installation.kernel;
    let size = ledger::size(kernel.store(), tenant).await?;
    let size = size.with_context(|| format!("{} has no log", options.tenant))?;
    let removal = Removal {
        leaves: options.from..options.to.unwrap_or(size),
        before: options.before,
        classification: options.classification.clone(),
        policy: options.policy.clone(),
        reason: options.reason.clone(),
    };
    let owner = installation.owner().await?;
    Ok(ledger::remove(kernel, &owner, &seed, tenant, &removal).await?)
}
