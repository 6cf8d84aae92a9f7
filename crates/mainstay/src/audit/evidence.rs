//! Verifying evidence with nothing but the key, and asking it questions.

use super::VerifyOptions;
use anyhow::{Context as _, Result, ensure};
use mainstay_audit::ledger::{self, EvidenceError, EvidenceReport, Expired, verify_evidence};
use mainstay_ledger::{Checkpoint, LogVerifier};
use serde::Serialize;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;

/// The longest file that is read: that of the longest answer a server gives, and some more.
const FILE_MAX: u64 = 64 << 20;

/// The result, for scripts.
#[derive(Default, Serialize)]
struct Answer {
    is_sound: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<[u64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
    /// `found`, `empty`, `expired` or `unprovable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    events: u64,
    matches: Vec<u64>,
    /// When the first and the last event were recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<[String; 2]>,
    expired: Vec<String>,
    reanchors: Vec<String>,
    erased: Vec<u64>,
}

/// Whether a file is evidence; else it is an export.
pub(super) fn is_one(path: &Path) -> Result<bool> {
    let file = File::open(path).with_context(|| format!("can't open {}", path.display()))?;
    let mut first = Vec::new();
    file.take(1).read_to_end(&mut first)?;
    Ok(first == b"{")
}

pub(super) fn verify(path: &Path, options: &VerifyOptions) -> Result<ExitCode> {
    let key = super::verifier_key(options.key.as_deref().context("--key is missing")?)?;
    let log = LogVerifier::new(key.name(), [key.clone()]);
    let mut text = Vec::new();
    File::open(path)?.take(FILE_MAX).read_to_end(&mut text)?;
    let questions = options.questions.iter().map(|text| question(text));
    let questions = questions.collect::<Result<Vec<_>>>()?;
    let outcome = match verify_evidence(&text, &log, &questions) {
        Ok(report) => {
            check_known(&log, &report.checkpoint, options)?;
            sound(report)
        }
        Err(error @ EvidenceError::Question(_)) => return Err(error.into()),
        Err(error) => Answer { finding: Some(error.to_string()), ..Answer::default() },
    };
    super::conclude(&outcome, outcome.is_sound, options.json, as_text)
}

fn question(text: &str) -> Result<(String, String)> {
    let (field, value) = text.split_once('=').context("--where: expected FIELD=VALUE")?;
    Ok((field.to_owned(), value.to_owned()))
}

/// Evidence has the leaves of its range alone: it can be compared with a checkpoint of its own
/// size.
fn check_known(log: &LogVerifier, present: &Checkpoint, options: &VerifyOptions) -> Result<()> {
    for path in &options.checkpoints {
        let known = log.checkpoint(&super::checkpoint(path)?)?.checkpoint;
        ensure!(
            known.size != present.size || known.root == present.root,
            "the checkpoint of {} leaves is another than that of --checkpoint {}",
            present.size,
            path.display()
        );
    }
    Ok(())
}

fn sound(report: EvidenceReport) -> Answer {
    let Range { start, end } = report.leaves;
    Answer {
        is_sound: true,
        finding: None,
        outcome: Some(report.outcome()),
        range: Some([start, end]),
        next: report.next,
        events: report.events,
        recorded: report.recorded.map(|(first, last)| [first.to_string(), last.to_string()]),
        expired: report.expired.iter().map(told).collect(),
        reanchors: report.reanchors.iter().map(ledger::told).collect(),
        erased: report.erased,
        matches: report.matches,
        origin: Some(report.origin),
    }
}

fn told(expired: &Expired) -> String {
    let Expired { leaves: Range { start, end }, policy, reason, .. } = expired;
    format!("expired: leaves {start} to {end} by policy {policy}: {reason}")
}

fn as_text(outcome: &Answer) -> String {
    let (Some(origin), Some([begin, end])) = (&outcome.origin, outcome.range) else {
        let finding = outcome.finding.as_deref().unwrap_or("unknown");
        return format!("NOT SOUND: {finding}\n");
    };
    let Answer { events, matches, erased, recorded, .. } = outcome;
    let mut text = format!("sound: all leaves {begin} to {end} of {origin}\n");
    // Writing to a String does not fail.
    let _ = writeln!(text, "{events} events, {} of them match", matches.len());
    if let Some([first, last]) = recorded {
        let _ = writeln!(text, "recorded from {first} to {last}");
    }
    for line in outcome.expired.iter().chain(&outcome.reanchors) {
        let _ = writeln!(text, "{line}");
    }
    if !erased.is_empty() {
        let _ = writeln!(text, "erased: personal data of {} events", erased.len());
    }
    if let Some(next) = outcome.next {
        let _ = writeln!(text, "there is more from leaf {next} on");
    }
    text
}
