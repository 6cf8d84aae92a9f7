//! Verifying an export with nothing but the key.

use super::VerifyOptions;
use anyhow::{Context as _, Result};
use mainstay_audit::Format;
use mainstay_kernel::PLATFORM_ORGANIZATION;
use mainstay_ledger::{
    Checkpoint, ExportError, ExportReport, ExportVerifier, LogVerifier, VerifierKey,
};
use serde::Serialize;
use std::fmt::Write as _;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;
use uuid::Uuid;

const BUFFER_BYTES: usize = 1 << 20;

/// The result, for scripts.
#[derive(Default, Serialize)]
struct Outcome {
    is_sound: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<[u64; 2]>,
    /// The demanded witnesses that have seen it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    witnesses: Vec<String>,
    leaves: u64,
    removed: u64,
    events_compared: bool,
    /// What the log says can't be proved any more.
    reanchors: Vec<String>,
}

pub(super) fn verify(path: &Path, options: &VerifyOptions) -> Result<ExitCode> {
    let key = super::verifier_key(options.key.as_deref().context("--key is missing")?)?;
    let file = File::open(path).with_context(|| format!("can't open {}", path.display()))?;
    let log = LogVerifier::new(key.name(), [key.clone()]);
    let known = options.checkpoints.iter().map(|path| {
        let verified = log.checkpoint(&super::checkpoint(path)?);
        Ok(verified.with_context(|| format!("--checkpoint {}", path.display()))?.checkpoint)
    });
    let known = known.collect::<Result<Vec<Checkpoint>>>()?;
    let (witnesses, quorum) = super::policy(&options.witness_keys, options.quorum)?;
    let demands = Demands::new(log, &key, witnesses, quorum)?;
    let outcome = match read(file, &demands, &key, &known) {
        Ok(report) => sound(report),
        Err(error) if error.is_io() => return Err(error.into()),
        Err(error) => Outcome { finding: Some(error.to_string()), ..Outcome::default() },
    };
    super::conclude(&outcome, outcome.is_sound, options.json, as_text)
}

/// The log, and that witnesses have seen it.
struct Demands {
    log: LogVerifier,
    /// The log of all logs, through which they see an organisation's.
    anchors: Option<LogVerifier>,
}

impl Demands {
    fn new(
        log: LogVerifier,
        key: &VerifierKey,
        witnesses: Vec<VerifierKey>,
        quorum: usize,
    ) -> Result<Self> {
        if witnesses.is_empty() {
            return Ok(Self { log, anchors: None });
        }
        let id =
            key.name().rsplit_once('/').and_then(|(prefix, id)| Some((prefix, id.parse().ok()?)));
        let (prefix, id): (&str, Uuid) =
            id.with_context(|| format!("{} is no log that witnesses see", key.name()))?;
        if id == PLATFORM_ORGANIZATION {
            return Ok(Self { log: log.with_witnesses(witnesses, quorum), anchors: None });
        }
        // All logs of an installation have one secret.
        let key = key.renamed(&format!("{prefix}/{PLATFORM_ORGANIZATION}"))?;
        let anchors = LogVerifier::new(key.name(), [key.clone()]);
        Ok(Self { log, anchors: Some(anchors.with_witnesses(witnesses, quorum)) })
    }
}

fn read(
    file: File,
    demands: &Demands,
    key: &VerifierKey,
    known: &[Checkpoint],
) -> Result<ExportReport, ExportError> {
    let formats = Format::ALL.map(|format| format.of_log(key.name()));
    let mut verifier = ExportVerifier::new(&demands.log);
    if let Some(anchors) = &demands.anchors {
        verifier = verifier.with_anchors(anchors);
    }
    for format in &formats {
        verifier = verifier.with_format(format);
    }
    for checkpoint in known {
        verifier = verifier.with_known(checkpoint);
    }
    let bar = super::progress_bar(key.name()).ok();
    let report = verifier.verify(BufReader::with_capacity(BUFFER_BYTES, file), |leaves, size| {
        if let Some(bar) = &bar {
            bar.set_length(size);
            bar.set_position(leaves);
        }
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    report
}

fn sound(report: ExportReport) -> Outcome {
    let ExportReport { statement, leaves, removed, is_compared, reanchors, witnesses, .. } = report;
    Outcome {
        is_sound: true,
        finding: None,
        origin: Some(statement.origin),
        format: Some(statement.format),
        range: Some([statement.begin, statement.end]),
        witnesses: witnesses.into_iter().map(|(name, _)| name).collect(),
        leaves,
        removed,
        events_compared: is_compared,
        reanchors: reanchors.iter().map(mainstay_audit::ledger::told).collect(),
    }
}

fn as_text(outcome: &Outcome) -> String {
    let Outcome { origin, leaves, removed, witnesses, events_compared, reanchors, .. } = outcome;
    let (Some(origin), Some([begin, end])) = (origin, outcome.range) else {
        let finding = outcome.finding.as_deref().unwrap_or("unknown");
        return format!("NOT SOUND: {finding}\n");
    };
    let mut text = format!("sound: leaves {begin} to {end} of {origin}\n");
    // Writing to a String does not fail.
    let _ = writeln!(text, "{leaves} leaves, {removed} removed by retention");
    for witness in witnesses {
        let _ = writeln!(text, "seen by the witness {witness}");
    }
    if !events_compared {
        text.push_str("events of an unknown format: as the log signed them, not compared\n");
    }
    for reanchor in reanchors {
        let _ = writeln!(text, "{reanchor}");
    }
    text
}
