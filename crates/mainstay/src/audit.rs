//! `mainstay audit`: the audit trail for its operator and for auditors.

mod bundle;
mod evidence;
mod expire;
mod export;
mod forget;
mod reanchor;
mod verify;

use crate::cli::Configured;
use crate::installation::Installation;
use crate::log;
use anyhow::{Context as _, Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use mainstay_audit::Format;
use mainstay_audit::ledger::SigningSeed;
use mainstay_kernel::PLATFORM_ORGANIZATION;
use mainstay_ledger::{SignedNote, VerifierKey};
use mainstay_vault::SystemEntropy;
use serde::Serialize;
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
    /// State in a log, signed, which of its leaves damage has made unprovable.
    Reanchor(ReanchorOptions),
    /// Remove events for good, and state so in their log, signed.
    Expire(ExpireOptions),
    /// Destroy the key of a person's data, so that nobody can read what events hold of it.
    Forget(ForgetOptions),
}

#[derive(clap::Args)]
pub(crate) struct VerifyOptions {
    /// An export or evidence (the answer of `rpc/audit_evidence`) to verify offline; without one the
    /// logs of the installation are verified.
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
    /// From events recorded at this time on, such as 2027-01-31T00:00:00Z, or after a checkpoint
    /// that was found sound before [default: from the first].
    #[arg(long, value_name = "INSTANT|FILE", conflicts_with = "bundle")]
    since: Option<String>,
    /// A witness that must have seen the log, by its verifier key or a file with it; may be given
    /// several times. Organisations' logs are seen through the installation's own.
    #[arg(long = "witness", value_name = "KEY|FILE")]
    witness_keys: Vec<String>,
    /// How many of these witnesses must have seen it [default: all].
    #[arg(long, value_name = "COUNT", requires = "witness_keys")]
    quorum: Option<usize>,
    /// Of evidence: which events have this value, such as `action=tickets.create` or
    /// `details.door=7`. Given several times, all must hold.
    #[arg(long = "where", value_name = "FIELD=VALUE", requires = "bundle")]
    questions: Vec<String>,
    /// Verify leaves and tree alone, not the rows made from them.
    #[arg(long, conflicts_with = "bundle")]
    leaves_only: bool,
    /// Leave no row of the verification and, if it fails, no security event.
    #[arg(long)]
    no_record: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: Configured,
}

#[derive(clap::Args)]
pub(crate) struct ReanchorOptions {
    /// The organisation, by its short name; `platform` is the installation itself.
    #[arg(long, value_name = "SLUG")]
    tenant: String,
    /// The first leaf that can't be proved.
    #[arg(long, value_name = "INDEX")]
    from: u64,
    /// The leaf after the last that can't be proved.
    #[arg(long, value_name = "INDEX")]
    to: u64,
    /// A checkpoint that the log does not continue, as after a backup was restored.
    #[arg(long, value_name = "FILE")]
    abandon: Option<PathBuf>,
    /// What happened, in words; verifications tell it for ever.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    config: Configured,
}

#[derive(clap::Args)]
pub(crate) struct ExpireOptions {
    /// The organisation, by its short name.
    #[arg(long, value_name = "SLUG")]
    tenant: String,
    /// The first leaf that is looked at.
    #[arg(long, value_name = "INDEX", default_value_t = 0)]
    from: u64,
    /// The leaf after the last that is looked at [default: to the end].
    #[arg(long, value_name = "INDEX")]
    to: Option<u64>,
    /// Only events recorded before this time, such as 2027-01-31T00:00:00Z.
    #[arg(long, value_name = "INSTANT", required_unless_present = "to")]
    before: Option<Timestamp>,
    /// Only events of this classification; those that name none are internal.
    #[arg(long, value_name = "NAME")]
    classification: Option<String>,
    /// The retention policy that asks for it, by its name; it stands in the log.
    #[arg(long, value_name = "NAME")]
    policy: String,
    /// Why, in words; it stands in the log.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    config: Configured,
}

#[derive(clap::Args)]
pub(crate) struct ForgetOptions {
    /// The organisation, by its short name; `platform` is the installation itself.
    #[arg(long, value_name = "SLUG")]
    tenant: String,
    /// The person: the `subject_id` of events, or what its sender called it.
    #[arg(long, value_name = "ID")]
    subject: String,
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
    /// End at the newest checkpoint that witnesses have seen, and prove that they have.
    #[arg(long)]
    witnessed: bool,
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
            Some(file) if evidence::is_one(file)? => evidence::verify(file, &options),
            Some(file) => bundle::verify(file, &options),
            None => runtime.block_on(verify::run(options)),
        },
        AuditStep::Export(options) => runtime.block_on(export::run(options)),
        AuditStep::Reanchor(options) => runtime.block_on(reanchor::run(options)),
        AuditStep::Expire(options) => runtime.block_on(expire::run(options)),
        AuditStep::Forget(options) => runtime.block_on(forget::run(options)),
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
    read_key("--key", given)
}

fn read_key(flag: &str, given: &str) -> Result<VerifierKey> {
    if let Ok(key) = given.parse() {
        return Ok(key);
    }
    let text = std::fs::read_to_string(given)
        .with_context(|| format!("{flag}: {given} is neither a verifier key nor a file"))?;
    text.trim().parse().with_context(|| format!("{flag}: {given}"))
}

/// The witnesses that must have seen a log, and how many of them; none when no key is given.
fn policy(keys: &[String], quorum: Option<usize>) -> Result<(Vec<VerifierKey>, usize)> {
    let mut witnesses: Vec<VerifierKey> = Vec::with_capacity(keys.len());
    for given in keys {
        let key = read_key("--witness", given)?;
        ensure!(key.is_cosigner(), "--witness: {} is the key of a log", key.name());
        // Names are what cosigners are told apart by.
        let is_twice = witnesses.iter().any(|other| other.name() == key.name());
        ensure!(!is_twice, "--witness: {} is given twice", key.name());
        witnesses.push(key);
    }
    let quorum = quorum.unwrap_or(witnesses.len());
    let is_possible = witnesses.is_empty() || (1..=witnesses.len()).contains(&quorum);
    ensure!(is_possible, "--quorum: expected 1 to {}", witnesses.len());
    Ok((witnesses, quorum))
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

/// Prints what came of a verification; the exit code says whether all is sound.
fn conclude<T: Serialize>(
    outcome: &T,
    is_sound: bool,
    json: bool,
    as_text: impl FnOnce(&T) -> String,
) -> Result<ExitCode> {
    let text =
        if json { format!("{}\n", serde_json::to_string(outcome)?) } else { as_text(outcome) };
    log::print(&text)?;
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
