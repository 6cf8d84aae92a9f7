//! Verifying the logs of an installation as they are kept.

use super::VerifyOptions;
use crate::installation::Installation;
use crate::log;
use anyhow::{Context as _, Result, ensure};
use jiff::Timestamp;
use mainstay_audit::ledger::{
    self, Anchors, Opinion, Options, Progress, Report, SigningSeed, Since,
};
use mainstay_kernel::PLATFORM_ORGANIZATION;
use mainstay_ledger::{SignedNote, VerifierKey};
use serde::Serialize;
use std::fmt::Write as _;
use std::path::Path;
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
    /// The first leaf that was verified.
    begin: u64,
    leaves: u64,
    rows: u64,
    removed: u64,
    /// The leaves of the newest checkpoint that the demanded witnesses have seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    witnessed: Option<u64>,
    /// What the installation's witnesses said when they were asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    witnesses: Vec<String>,
    /// What the log says can't be proved any more.
    reanchors: Vec<String>,
    seconds: f64,
    checkpoint: String,
}

/// What all logs are verified with.
struct Demands {
    key: Option<VerifierKey>,
    seed: Option<SigningSeed>,
    known: Vec<SignedNote>,
    since: Option<Since>,
    witnesses: Vec<VerifierKey>,
    quorum: usize,
    leaves_only: bool,
    no_record: bool,
}

pub(super) async fn run(options: VerifyOptions) -> Result<ExitCode> {
    let (witnesses, quorum) = super::policy(&options.witness_keys, options.quorum)?;
    let key = options.key.as_deref().map(super::verifier_key).transpose()?;
    let known = options.checkpoints.iter().map(|path| super::checkpoint(path));
    let known = known.collect::<Result<Vec<_>>>()?;
    let since = options.since.as_deref().map(since).transpose()?;
    let VerifyOptions { config, tenant, leaves_only, no_record, json, .. } = options;
    let mut demands =
        Demands { key, seed: None, known, since, witnesses, quorum, leaves_only, no_record };
    let installation = Installation::open(config).await?;
    let work = async |installation: &Installation| {
        demands.seed = super::signing_seed(installation)?;
        let logs = logs(installation, tenant.as_deref(), &demands).await?;
        let mut outcomes = Vec::with_capacity(logs.len());
        let mut anchors = None;
        for (organization, origin) in logs {
            let said = if organization == PLATFORM_ORGANIZATION {
                ask(installation).await?
            } else {
                Vec::new()
            };
            let log = (organization, origin.as_str());
            let verified = verify(installation, log, &demands, anchors.as_ref()).await?;
            let Some((report, start)) = verified else { continue };
            if organization == PLATFORM_ORGANIZATION {
                anchors = Some((report.anchors.clone(), report.witnessed));
            }
            outcomes.push(outcome(report, start, said));
        }
        Ok(outcomes)
    };
    let outcomes = installation.run(work).await?;
    let is_sound = outcomes.iter().all(|outcome| outcome.is_sound);
    log::print(&if json { as_json(&outcomes)? } else { as_text(&outcomes) })?;
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The logs to verify; the installation's own is the first.
async fn logs(
    installation: &Installation,
    tenant: Option<&str>,
    demands: &Demands,
) -> Result<Vec<(Uuid, String)>> {
    let mut logs = ledger::logs(installation.kernel.store()).await?;
    for note in &demands.known {
        let origin = origin_of(note);
        let is_there = logs.iter().any(|(_, found)| found == origin);
        ensure!(is_there, "no log here has the origin of a --checkpoint, {origin}");
    }
    // Witnesses see the logs of organisations through the installation's own.
    let is_needed =
        |organization: Uuid| demands.quorum > 0 && organization == PLATFORM_ORGANIZATION;
    if let Some(name) = tenant {
        let wanted = super::tenant(installation, name).await?;
        logs.retain(|(log, _)| *log == wanted || is_needed(*log));
        ensure!(logs.iter().any(|(log, _)| *log == wanted), "{name} has no log");
    }
    if let Some(Since::Checkpoint(note)) = &demands.since {
        let origin = origin_of(note);
        logs.retain(|(log, found)| found == origin || is_needed(*log));
        let is_there = logs.iter().any(|(_, found)| found == origin);
        ensure!(is_there, "no log to verify has the origin of --since, {origin}");
    }
    Ok(logs)
}

/// The time, or the checkpoint in the file, that a verification begins with.
fn since(given: &str) -> Result<Since> {
    if let Ok(time) = given.parse::<Timestamp>() {
        return Ok(Since::Time(time));
    }
    let text = std::fs::read_to_string(Path::new(given))
        .with_context(|| format!("--since: {given} is neither a time nor a file"))?;
    let note = SignedNote::parse(&text).with_context(|| format!("--since {given}"))?;
    Ok(Since::Checkpoint(note))
}

/// Shows the installation's log to its witnesses; what they say is kept, and read by what follows.
async fn ask(installation: &Installation) -> Result<Vec<String>> {
    let opinions = ledger::ask_witnesses(&installation.kernel, &installation.witnesses).await?;
    let told = |(name, opinion): (String, Opinion)| match opinion {
        Opinion::Cosigned(size) => format!("{name} has seen the log up to leaf {size}"),
        Opinion::Refused(why) => format!("{name} refuses the log: {why}"),
        Opinion::Silent(why) => format!("{name} gave no answer: {why}"),
    };
    Ok(opinions.into_iter().map(told).collect())
}

/// The key to believe: the one that is given, else the folder's own, which no database can change.
fn believed(demands: &Demands, origin: &str) -> Result<Option<VerifierKey>> {
    match (&demands.key, &demands.seed) {
        // All logs of an installation have one secret.
        (Some(key), _) if demands.quorum > 0 => Ok(Some(key.renamed(origin)?)),
        (Some(key), _) => Ok(Some(key.clone())),
        (None, Some(seed)) => Ok(Some(seed.key(origin)?.verifier().clone())),
        (None, None) => Ok(None),
    }
}

/// The first line of a checkpoint, the identity of its log.
fn origin_of(note: &SignedNote) -> &str {
    note.text().lines().next().unwrap_or_default()
}

/// Verifies one log, with what the installation's own says of it.
async fn verify(
    installation: &Installation,
    (organization, origin): (Uuid, &str),
    demands: &Demands,
    anchors: Option<&(Anchors, Option<u64>)>,
) -> Result<Option<(Report, Instant)>> {
    let bar = super::progress_bar(origin)?;
    let progress = |progress: Progress| {
        bar.set_length(progress.size);
        bar.set_position(progress.leaves);
    };
    let is_platform = organization == PLATFORM_ORGANIZATION;
    let anchored = anchors.into_iter().flat_map(|(anchors, witnessed)| {
        // What witnesses have not seen shows nothing to who demands them.
        let end = if demands.quorum > 0 { witnessed.unwrap_or(0) } else { u64::MAX };
        anchors.of(organization).iter().filter(move |anchored| anchored.index < end).copied()
    });
    let is_of_log = |note: &&SignedNote| origin_of(note) == origin;
    let options = Options {
        key: believed(demands, origin)?,
        known: demands.known.iter().filter(is_of_log).cloned().collect(),
        anchors: anchored.collect(),
        // All of the installation's own says what witnesses have seen of the others.
        since: demands.since.clone().filter(|_| !(is_platform && demands.quorum > 0)),
        witnesses: demands.witnesses.clone(),
        quorum: demands.quorum,
        leaves_only: demands.leaves_only,
        collect_anchors: is_platform,
        parallelism: std::thread::available_parallelism().map_or(1, usize::from),
        progress: Some(&progress),
    };
    let start = Instant::now();
    let kernel = &installation.kernel;
    let report = if demands.no_record {
        ledger::verify(kernel.store(), organization, &options).await
    } else {
        mainstay_audit::check(kernel, organization, &options, "operator").await
    };
    bar.finish_and_clear();
    let report = report.with_context(|| format!("{origin} can't be verified"))?;
    Ok(report.map(|report| (report, start)))
}

fn outcome(report: Report, start: Instant, witnesses: Vec<String>) -> Outcome {
    Outcome {
        organization: report.organization,
        is_sound: report.is_sound(),
        finding: report.finding.map(|finding| finding.to_string()),
        origin: report.origin,
        begin: report.begin,
        leaves: report.leaves,
        rows: report.rows,
        removed: report.removed,
        witnessed: report.witnessed,
        witnesses,
        reanchors: report.reanchors.iter().map(ledger::told).collect(),
        seconds: start.elapsed().as_secs_f64(),
        checkpoint: report.checkpoint,
    }
}

fn as_json(outcomes: &[Outcome]) -> Result<String> {
    Ok(format!("{}\n", serde_json::to_string(outcomes)?))
}

fn as_text(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        let Outcome { origin, begin, leaves, rows, removed, seconds, .. } = outcome;
        // Writing to a String does not fail.
        let _ = match &outcome.finding {
            None => writeln!(
                text,
                "sound: {origin}: {leaves} leaves from {begin}, {rows} rows, {removed} removed, \
                 {seconds:.1} s"
            ),
            Some(finding) => writeln!(text, "NOT SOUND: {origin}: {finding}"),
        };
        if let Some(size) = outcome.witnessed {
            let _ = writeln!(text, "  seen by witnesses up to leaf {size}");
        }
        for line in outcome.witnesses.iter().chain(&outcome.reanchors) {
            let _ = writeln!(text, "  {line}");
        }
    }
    if outcomes.is_empty() {
        text.push_str("no log has begun\n");
    }
    text
}
