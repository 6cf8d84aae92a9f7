use std::fmt;

use super::{check_time, open, read_time};
use crate::checkpoint::check_origin;
use crate::error::Result;
use crate::hash::Hash;
use crate::key::SignerKey;
use crate::note::SignedNote;

const HEADER: &str = "mainstay-receipt/v1";

/// The promise to put a leaf into the log, like the SCT of Certificate Transparency. Who holds
/// one can show that a log dropped an event.
///
/// ```text
/// mainstay-receipt/v1
/// origin <origin of the log>
/// leaf <base64 leaf hash>
/// time <when the event was accepted, microseconds since 1970>
/// deadline <when the leaf is in the log at the latest, microseconds since 1970>
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The log that promises.
    pub origin: String,
    /// The hash of the leaf.
    pub leaf: Hash,
    /// When the event was accepted, in microseconds since 1970.
    pub time_micros: i64,
    /// When the leaf is in the log at the latest, in microseconds since 1970.
    pub deadline_micros: i64,
}

impl Receipt {
    /// The promise, signed by the log.
    ///
    /// # Errors
    /// [`Error::is_untrusted`](crate::Error::is_untrusted) when the key is another log's;
    /// [`Error::is_malformed`](crate::Error::is_malformed) for times before 1970 or a deadline
    /// before the time.
    pub fn sign(&self, key: &SignerKey) -> Result<SignedNote> {
        check_origin(&self.origin, key.name())?;
        check_time("receipt", self.time_micros)?;
        let text = self.to_string();
        Self::from_text(&text)?;
        SignedNote::sign(text, key)
    }

    /// Reads the text of a receipt's note.
    ///
    /// # Errors
    /// [`Error::is_malformed`](crate::Error::is_malformed) for any other text.
    pub fn from_text(text: &str) -> Result<Self> {
        let mut lines = open("receipt", HEADER, text)?;
        let origin = lines.labelled("origin")?.to_owned();
        let leaf = Hash::from_base64(lines.labelled("leaf")?)?;
        let time_micros = read_time(&mut lines, "time")?;
        let deadline_micros = read_time(&mut lines, "deadline")?;
        if deadline_micros < time_micros {
            return Err(lines.error("its deadline is before its time"));
        }
        lines.expect_end()?;
        Ok(Self { origin, leaf, time_micros, deadline_micros })
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, leaf, time_micros, deadline_micros } = self;
        write!(
            f,
            "{HEADER}\norigin {origin}\nleaf {leaf}\ntime {time_micros}\ndeadline {deadline_micros}\n"
        )
    }
}
