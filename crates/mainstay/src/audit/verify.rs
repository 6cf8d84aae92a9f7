//! Verifying the logs of an installation as they are kept.

use super::VerifyOptions;
use crate::installation::Installation;
use crate::log;
use anyhow::{Context as _, Result, ensure};
use mainstay_audit::ledger::{self, Options, Progress, Report, SigningSeed};
use mainstay_ledger::{Reanchor, SignedNote, VerifierKey};
use serde::Serialize;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Instant;
use uuid::Uuid;

/// The result for one log, for scripts.
#[derive(Serialize)]
struct Outcome {
    organization: Uuid,
    origin: String,
    is_sound: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<String>,
    leaves: u64,
    rows: u64,
    seconds: f64,
    checkpoint: String,
}

pub(super) async fn run(options: VerifyOptions) -> Result<ExitCode> {
    let VerifyOptions { config, tenant, key, checkpoints, leaves_only, json, .. } = options;
    let key = key.as_deref().map(super::verifier_key).transpose()?;
    let known =
        checkpoints.iter().map(|path| super::checkpoint(path)).collect::<Result<Vec<_>>>()?;
    let installation = Installation::open(config).await?;
    let work = async |installation: &Installation| {
        let logs = logs(installation, tenant.as_deref()).await?;
        for note in &known {
            let origin = origin_of(note);
            let is_there = logs.iter().any(|(_, found)| found == origin);
            ensure!(is_there, "no log here has the origin of a --checkpoint, {origin}");
        }
        let seed = super::signing_seed(installation)?;
        let mut outcomes = Vec::with_capacity(logs.len());
        for (organization, origin) in logs {
            let key = believed(key.as_ref(), seed.as_ref(), &origin)?;
            let known = of_log(&known, &origin);
            let options = Options { key, known, leaves_only, progress: None };
            outcomes.extend(verify(installation, organization, &origin, options).await?);
        }
        Ok(outcomes)
    };
    let outcomes = installation.run(work).await?;
    let is_sound = outcomes.iter().all(|outcome| outcome.is_sound);
    log::print(&if json { as_json(&outcomes)? } else { as_text(&outcomes) })?;
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn logs(installation: &Installation, tenant: Option<&str>) -> Result<Vec<(Uuid, String)>> {
    let mut logs = ledger::logs(installation.kernel.store()).await?;
    if let Some(name) = tenant {
        let wanted = super::tenant(installation, name).await?;
        logs.retain(|(organization, _)| *organization == wanted);
        ensure!(!logs.is_empty(), "{name} has no log");
    }
    Ok(logs)
}

/// The key to believe: the one that is given, else the folder's own, which no database can change.
fn believed(
    given: Option<&VerifierKey>,
    seed: Option<&SigningSeed>,
    origin: &str,
) -> Result<Option<VerifierKey>> {
    match (given, seed) {
        (Some(key), _) => Ok(Some(key.clone())),
        (None, Some(seed)) => Ok(Some(seed.key(origin)?.verifier().clone())),
        (None, None) => Ok(None),
    }
}

/// Those of the checkpoints that are of a log.
fn of_log(known: &[SignedNote], origin: &str) -> Vec<SignedNote> {
    known.iter().filter(|note| origin_of(note) == origin).cloned().collect()
}

/// The first line of a checkpoint, the identity of its log.
fn origin_of(note: &SignedNote) -> &str {
    note.text().lines().next().unwrap_or_default()
}

async fn verify(
    installation: &Installation,
    organization: Uuid,
    origin: &str,
    options: Options<'_>,
) -> Result<Option<Outcome>> {
    let bar = super::progress_bar(origin)?;
    let progress = |progress: Progress| {
        bar.set_length(progress.size);
        bar.set_position(progress.leaves);
    };
    let options = Options { progress: Some(&progress), ..options };
    let start = Instant::now();
    let report = ledger::verify(installation.kernel.store(), organization, &options).await;
    bar.finish_and_clear();
    let report = report.with_context(|| format!("{origin} can't be verified"))?;
    Ok(report.map(|report| outcome(report, start)))
}

fn outcome(report: Report, start: Instant) -> Outcome {
    Outcome {
        organization: report.organization,
        is_sound: report.is_sound(),
        finding: report.finding.map(|finding| finding.to_string()),
        origin: report.origin,
        leaves: report.leaves,
        rows: report.rows,
        seconds: start.elapsed().as_secs_f64(),
        checkpoint: report.checkpoint,
    }
}

fn as_json(outcomes: &[Outcome]) -> Result<String> {
    Ok(format!("{}\n", serde_json::to_string(outcomes)?))
}

fn as_text(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for Outcome { origin, finding, leaves, rows, seconds, .. } in outcomes {
        // Writing to a String does not fail.
        let _ = match finding {
            None => writeln!(text, "sound: {origin}: {leaves} leaves, {rows} rows, {seconds:.1} s"),
            Some(finding) => writeln!(text, "NOT SOUND: {origin}: {finding}"),
        };
    }
    if outcomes.is_empty() {
        text.push_str("no log has begun\n");
    }
    text
}

/// What a re-anchor says, for people.
pub(super) fn told(reanchor: &Reanchor) -> String {
    let Reanchor { begin, end, reason, .. } = reanchor;
    format!("not provable: leaves {begin} to {end}: {reason}")
}
