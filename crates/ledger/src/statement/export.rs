use std::fmt;

use super::{check_line, check_time, open, read_time};
use crate::checkpoint::check_origin;
use crate::error::Result;
use crate::hash::Hash;
use crate::key::SignerKey;
use crate::note::SignedNote;
use crate::proof_file::read_range;

const HEADER: &str = "mainstay-export/v1";

/// What an export holds, so that nothing in it can be altered unseen: the
/// [range proof](crate::RangeFile) vouches for leaves, this for the rest.
///
/// ```text
/// mainstay-export/v1
/// origin <origin of the log>
/// range <index of the first leaf> <index after the last>
/// format <name/version> <suffix of the events' files>
/// proof <base64 SHA-256 of the range proof>
/// anchor <base64 SHA-256 of the anchor>      only when there is one
/// events <base64 SHA-256 of the events' files, one after the other>
/// time <microseconds since 1970>
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportStatement {
    /// The log.
    pub origin: String,
    /// The index of the first leaf.
    pub begin: u64,
    /// The index after the last leaf.
    pub end: u64,
    /// The events' format and the suffix of their files, separated by a space.
    pub format: String,
    /// SHA-256 of the range proof's text.
    pub proof: Hash,
    /// SHA-256 of the anchor's text, when the export has one.
    pub anchor: Option<Hash>,
    /// SHA-256 of the events' files, one after the other.
    pub events: Hash,
    /// When, in microseconds since 1970.
    pub time_micros: i64,
}

impl ExportStatement {
    /// The statement, signed by the log.
    ///
    /// # Errors
    /// [`Error::is_untrusted`](crate::Error::is_untrusted) when the key is another log's;
    /// [`Error::is_malformed`](crate::Error::is_malformed) for a time before 1970, a range that
    /// ends before it begins and a format that is not one line.
    pub fn sign(&self, key: &SignerKey) -> Result<SignedNote> {
        check_origin(&self.origin, key.name())?;
        check_time("export", self.time_micros)?;
        let text = self.to_string();
        Self::from_text(&text)?;
        SignedNote::sign(text, key)
    }

    /// Reads the text of an export's note.
    ///
    /// # Errors
    /// [`Error::is_malformed`](crate::Error::is_malformed) for any other text.
    pub fn from_text(text: &str) -> Result<Self> {
        let mut lines = open("export", HEADER, text)?;
        let origin = lines.labelled("origin")?.to_owned();
        let (begin, end) = read_range(&mut lines)?;
        let format = lines.labelled("format")?.to_owned();
        check_line("export", &format)?;
        let proof = Hash::from_base64(lines.labelled("proof")?)?;
        let anchor = lines.next_labelled("anchor").map(Hash::from_base64).transpose()?;
        let events = Hash::from_base64(lines.labelled("events")?)?;
        let time_micros = read_time(&mut lines, "time")?;
        lines.expect_end()?;
        Ok(Self { origin, begin, end, format, proof, anchor, events, time_micros })
    }
}

impl fmt::Display for ExportStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, begin, end, format, proof, anchor, events, time_micros } = self;
        writeln!(f, "{HEADER}\norigin {origin}\nrange {begin} {end}\nformat {format}")?;
        writeln!(f, "proof {proof}")?;
        if let Some(anchor) = anchor {
            writeln!(f, "anchor {anchor}")?;
        }
        writeln!(f, "events {events}\ntime {time_micros}")
    }
}
