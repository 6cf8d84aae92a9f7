use std::fmt;

use super::{check_line, check_time, open, read_time};
use crate::checkpoint::check_origin;
use crate::compact::CompactRange;
use crate::error::Result;
use crate::key::SignerKey;
use crate::node::count_nodes;
use crate::note::SignedNote;
use crate::proof_file::{read_labelled_hashes, read_range, write_hashes};

const HEADER: &str = "mainstay-tombstone/v1";

/// That retention removed the contents of consecutive leaves. Their hashes stay, so all proofs
/// stay valid, and whoever kept a copy of the leaves can still prove them.
///
/// ```text
/// mainstay-tombstone/v1
/// origin <origin of the log>
/// range <index of the first leaf removed> <index after the last>
/// hash <base64 hash>                 the subtrees of the range, from left to right
/// policy <name of the retention policy>
/// reason <text>
/// time <microseconds since 1970>
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// The log.
    pub origin: String,
    /// The hashes of the leaves removed.
    pub removed: CompactRange,
    /// The name of the retention policy.
    pub policy: String,
    /// Why, in words.
    pub reason: String,
    /// When, in microseconds since 1970.
    pub time_micros: i64,
}

impl Tombstone {
    /// The statement, signed by the log.
    ///
    /// # Errors
    /// [`Error::is_untrusted`](crate::Error::is_untrusted) when the key is another log's;
    /// [`Error::is_malformed`](crate::Error::is_malformed) for a time before 1970, and for texts
    /// that are empty, have control characters or more than
    /// [`MAX_REASON_LEN`](crate::MAX_REASON_LEN) bytes.
    pub fn sign(&self, key: &SignerKey) -> Result<SignedNote> {
        check_origin(&self.origin, key.name())?;
        check_time("tombstone", self.time_micros)?;
        let text = self.to_string();
        Self::from_text(&text)?;
        SignedNote::sign(text, key)
    }

    /// Reads the text of a tombstone's note.
    ///
    /// # Errors
    /// [`Error::is_malformed`](crate::Error::is_malformed) for any other text.
    pub fn from_text(text: &str) -> Result<Self> {
        let mut lines = open("tombstone", HEADER, text)?;
        let origin = lines.labelled("origin")?.to_owned();
        let (begin, end) = read_range(&mut lines)?;
        let hashes = read_labelled_hashes(&mut lines, "hash", count_nodes(begin, end))?;
        let removed = CompactRange::from_hashes(begin, end, hashes)?;
        let policy = lines.labelled("policy")?.to_owned();
        check_line("tombstone", &policy)?;
        let reason = lines.labelled("reason")?.to_owned();
        check_line("tombstone", &reason)?;
        let time_micros = read_time(&mut lines, "time")?;
        lines.expect_end()?;
        Ok(Self { origin, removed, policy, reason, time_micros })
    }
}

impl fmt::Display for Tombstone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, removed, policy, reason, time_micros } = self;
        writeln!(f, "{HEADER}\norigin {origin}\nrange {} {}", removed.begin(), removed.end())?;
        write_hashes(f, "hash ", removed.hashes())?;
        writeln!(f, "policy {policy}\nreason {reason}\ntime {time_micros}")
    }
}
