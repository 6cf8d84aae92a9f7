use std::fmt;

use super::{check_line, check_time, open, read_time};
use crate::checkpoint::check_origin;
use crate::error::Result;
use crate::hash::Hash;
use crate::key::SignerKey;
use crate::note::SignedNote;
use crate::proof_file::read_range;

const HEADER: &str = "mainstay-reanchor/v1";

/// That damage made leaves unprovable, and how the log goes on. The log itself is not rewritten;
/// whoever verifies it is told of this for ever.
///
/// ```text
/// mainstay-reanchor/v1
/// origin <origin of the log>
/// range <index of the first leaf> <index after the last>
/// abandoned <size> <base64 root>     only when the log can't continue this checkpoint
/// reason <text>
/// time <microseconds since 1970>
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reanchor {
    /// The log.
    pub origin: String,
    /// The index of the first leaf that can't be proved.
    pub begin: u64,
    /// The index after the last leaf that can't be proved.
    pub end: u64,
    /// Size and root of the newest checkpoint that the tree is no longer consistent with, as after
    /// a restored backup.
    pub abandoned: Option<(u64, Hash)>,
    /// What happened, in words.
    pub reason: String,
    /// When, in microseconds since 1970.
    pub time_micros: i64,
}

impl Reanchor {
    /// The statement, signed by the log.
    ///
    /// # Errors
    /// [`Error::is_untrusted`](crate::Error::is_untrusted) when the key is another log's;
    /// [`Error::is_malformed`](crate::Error::is_malformed) for a time before 1970, a range that
    /// ends before it begins, and a reason that is empty, has control characters or more than
    /// [`MAX_REASON_LEN`](crate::MAX_REASON_LEN) bytes.
    pub fn sign(&self, key: &SignerKey) -> Result<SignedNote> {
        check_origin(&self.origin, key.name())?;
        check_time("re-anchor", self.time_micros)?;
        let text = self.to_string();
        Self::from_text(&text)?;
        SignedNote::sign(text, key)
    }

    /// Reads the text of a re-anchor's note.
    ///
    /// # Errors
    /// [`Error::is_malformed`](crate::Error::is_malformed) for any other text.
    pub fn from_text(text: &str) -> Result<Self> {
        let mut lines = open("re-anchor", HEADER, text)?;
        let origin = lines.labelled("origin")?.to_owned();
        let (begin, end) = read_range(&mut lines)?;
        let abandoned = match lines.next_labelled("abandoned") {
            Some(line) => {
                let (size, root) =
                    line.split_once(' ').ok_or_else(|| lines.error("no size and root"))?;
                Some((lines.decimal(size)?, Hash::from_base64(root)?))
            }
            None => None,
        };
        let reason = lines.labelled("reason")?.to_owned();
        check_line("re-anchor", &reason)?;
        let time_micros = read_time(&mut lines, "time")?;
        lines.expect_end()?;
        Ok(Self { origin, begin, end, abandoned, reason, time_micros })
    }
}

impl fmt::Display for Reanchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, begin, end, abandoned, reason, time_micros } = self;
        writeln!(f, "{HEADER}\norigin {origin}\nrange {begin} {end}")?;
        if let Some((size, root)) = abandoned {
            writeln!(f, "abandoned {size} {root}")?;
        }
        writeln!(f, "reason {reason}\ntime {time_micros}")
    }
}
