//! Verifying evidence with nothing but the log's key.

use super::check::Check;
use super::{Evidence, VERSION};
use jiff::Timestamp;
use mainstay_ledger::{Checkpoint, LogVerifier, Reanchor};
use std::fmt;
use std::ops::Range;

/// What verified evidence shows.
#[derive(Clone, Debug)]
pub struct EvidenceReport {
    /// The log.
    pub origin: String,
    /// The positions: these leaves, and no others, stand between them.
    pub leaves: Range<u64>,
    /// The checkpoint that this is proved with.
    pub checkpoint: Checkpoint,
    /// How many of the leaves are events that are there.
    pub events: u64,
    /// The events that answer the question.
    pub matches: Vec<u64>,
    /// Leaves that retention removed, by tombstone.
    pub expired: Vec<Expired>,
    /// Leaves that the log says can't be proved any more.
    pub reanchors: Vec<Reanchor>,
    /// Events whose personal data was erased, as the server says.
    pub erased: Vec<u64>,
    /// When the first and the last event were recorded.
    pub recorded: Option<(Timestamp, Timestamp)>,
    /// Where further evidence begins, when this is not all that was asked about.
    pub next: Option<u64>,
}

/// Leaves that retention removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expired {
    /// Their positions.
    pub leaves: Range<u64>,
    /// The retention policy.
    pub policy: String,
    /// Why, in words.
    pub reason: String,
    /// When.
    pub time_micros: i64,
}

/// Why evidence is not believed.
#[derive(Debug)]
#[non_exhaustive]
pub enum EvidenceError {
    /// It is not in the form that it must have.
    Malformed(String),
    /// Something in the ledger's formats, or a signature or hash, is wrong.
    Ledger(mainstay_ledger::Error),
    /// A leaf's contents are missing and no signed statement says why.
    Unaccounted(u64),
    /// A question names no field of events.
    Question(String),
}

impl EvidenceReport {
    /// In a word how the question is answered: `found`, `empty`, or `expired` when nothing is left
    /// that could have been the answer, but something was.
    pub fn outcome(&self) -> &'static str {
        if !self.matches.is_empty() {
            "found"
        } else if self.expired.is_empty() && self.reanchors.is_empty() {
            "empty"
        } else if self.expired.is_empty() {
            "unprovable"
        } else {
            "expired"
        }
    }
}

/// Verifies evidence, and asks which of its events have all of these values; `question` is pairs of
/// field and text.
///
/// # Errors
/// What is wrong first.
pub fn verify_evidence(
    text: &[u8],
    log: &LogVerifier,
    question: &[(String, String)],
) -> Result<EvidenceReport, EvidenceError> {
    let evidence: Evidence =
        serde_json::from_slice(text).map_err(|e| EvidenceError::Malformed(e.to_string()))?;
    if evidence.version != VERSION {
        return Err(EvidenceError::Malformed(format!("its version is not {VERSION}")));
    }
    Check::new(log, question)?.run(evidence)
}

impl From<mainstay_ledger::Error> for EvidenceError {
    fn from(error: mainstay_ledger::Error) -> Self {
        Self::Ledger(error)
    }
}

impl fmt::Display for EvidenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(why) => write!(f, "this is no evidence: {why}"),
            Self::Ledger(error) => error.fmt(f),
            Self::Unaccounted(index) => {
                write!(f, "the contents of leaf {index} are missing and nothing says why")
            }
            Self::Question(field) => write!(f, "events have no field {field}"),
        }
    }
}

impl std::error::Error for EvidenceError {}
