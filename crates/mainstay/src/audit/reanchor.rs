//! Stating in a log what damage has made unprovable.

use super::ReanchorOptions;
use crate::installation::Installation;
use crate::log;
use anyhow::{Context as _, Result};
use mainstay_audit::ledger::{self, Unprovable};
use mainstay_ledger::{Hash, LogVerifier, SignedNote};
use std::process::ExitCode;

pub(super) async fn run(mut options: ReanchorOptions) -> Result<ExitCode> {
    let config = std::mem::take(&mut options.config);
    let installation = Installation::open(config).await?;
    let index = installation.run(async |i| reanchor(i, &options).await).await?;
    log::print(&format!("the log says so in leaf {index}\n"))?;
    Ok(ExitCode::SUCCESS)
}

async fn reanchor(installation: &Installation, options: &ReanchorOptions) -> Result<u64> {
    let tenant = super::tenant(installation, &options.tenant).await?;
    let seed = super::signing_seed(installation)?;
    let seed = seed.context("the data folder has no ledger.key to sign the statement with")?;
    let origin = ledger::logs(installation.kernel.store()).await?;
    let origin = origin.into_iter().find(|(organization, _)| *organization == tenant);
    let (_, origin) = origin.with_context(|| format!("{} has no log", options.tenant))?;
    let key = seed.key(&origin)?;
    let log = LogVerifier::new(&origin, [key.verifier().clone()]);
    let abandoned = options.abandon.as_deref().map(super::checkpoint).transpose()?;
    let abandoned = abandoned.map(|note| size_and_root(&log, &note)).transpose()?;
    let unprovable =
        Unprovable { leaves: options.from..options.to, abandoned, reason: options.reason.clone() };
    Ok(ledger::reanchor(&installation.kernel, &seed, tenant, &unprovable).await?)
}

fn size_and_root(log: &LogVerifier, note: &SignedNote) -> Result<(u64, Hash)> {
    let checkpoint = log.checkpoint(note).context("--abandon")?.checkpoint;
    Ok((checkpoint.size, checkpoint.root))
}
