//! `mainstay audit`: the audit trail for its operator and for auditors.

mod bundle;
mod export;
mod verify;

use crate::cli::Configured;
use crate::installation::Installation;
use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use mainstay_audit::Format;
use mainstay_audit::ledger::SigningSeed;
use mainstay_kernel::PLATFORM_ORGANIZATION;
use mainstay_ledger::{SignedNote, VerifierKey};
use mainstay_vault::SystemEntropy;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use uuid::Uuid;

/// How `--tenant` names the installation's own log.
const PLATFORM: &str = "platform";

/// What is done with the audit trail.
#[derive(clap::Subcommand)]
pub(crate) enum AuditStep {
    /// Verify logs as they are kept, or an export; fails when something is not as it was recorded.
    Verify(VerifyOptions),
    /// Write the events of a log to a file.
    Export(ExportOptions),
}

#[derive(clap::Args)]
pub(crate) struct VerifyOptions {
    /// An export to verify offline; without one the logs of the installation are verified.
    #[arg(value_name = "FILE", requires = "key")]
    bundle: Option<PathBuf>,
    /// The log's verifier key, or a file with it [default: that of the data folder].
    #[arg(long, value_name = "KEY|FILE")]
    key: Option<String>,
    /// The log of one organisation, by its short name; `platform` is the installation's own
    /// [default: all].
    #[arg(long, value_name = "SLUG", conflicts_with = "bundle")]
    tenant: Option<String>,
    /// A checkpoint of the log that was kept earlier: finds what was removed or replaced since,
    /// even by who has the key. May be given several times.
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
    /// Verify leaves and tree alone, not the rows made from them.
    #[arg(long, conflicts_with = "bundle")]
    leaves_only: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: Configured,
}

#[derive(clap::Args)]
pub(crate) struct ExportOptions {
    /// The organisation, by its short name; `platform` is the installation itself.
    #[arg(long, value_name = "SLUG")]
    tenant: String,
    /// How events are written: ndjson, csv, ocsf, fhir, cloudevents.
    #[arg(long, value_name = "FORMAT", default_value = "ndjson")]
    format: Format,
    /// Write an archive with the exact leaves and their proofs, which `audit verify` checks.
    #[arg(long)]
    with_proofs: bool,
    /// From events recorded at this time on, such as 2027-01-31T00:00:00Z. Some before it may
    /// be included.
    #[arg(long, value_name = "INSTANT")]
    since: Option<Timestamp>,
    /// The file; `-` is standard output.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    #[command(flatten)]
    config: Configured,
}

pub(crate) fn run(step: AuditStep) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match step {
        AuditStep::Verify(options) => match &options.bundle {
            Some(file) => bundle::verify(file, &options),
            None => runtime.block_on(verify::run(options)),
        },
        AuditStep::Export(options) => runtime.block_on(export::run(options)),
    }
}

/// The organisation that `--tenant` names.
async fn tenant(installation: &Installation, name: &str) -> Result<Uuid> {
    if name == PLATFORM { Ok(PLATFORM_ORGANIZATION) } else { installation.organization(name).await }
}

/// The secret that signs the logs; none where the folder has none.
fn signing_seed(installation: &Installation) -> Result<Option<SigningSeed>> {
    let path = installation.folder.ledger_key_path();
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(SigningSeed::open(&path, &SystemEntropy)?))
}

/// A verifier key that is given itself or by the file that holds it.
fn verifier_key(given: &str) -> Result<VerifierKey> {
    if let Ok(key) = given.parse() {
        return Ok(key);
    }
    let text = std::fs::read_to_string(given)
        .with_context(|| format!("--key: {given} is neither a verifier key nor a file"))?;
    text.trim().parse().with_context(|| format!("--key: {given}"))
}

/// A signed checkpoint that was kept in a file.
fn checkpoint(path: &Path) -> Result<SignedNote> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("--checkpoint: can't read {}", path.display()))?;
    SignedNote::parse(&text).with_context(|| format!("--checkpoint {}", path.display()))
}

/// A progress bar by leaves, which shows on a terminal only.
fn progress_bar(name: &str) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {per_sec} {eta}")?;
    Ok(ProgressBar::new(0).with_style(style).with_message(name.to_owned()))
}
