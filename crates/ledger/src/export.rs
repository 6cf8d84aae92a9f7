//! Exports: leaves, the events that they hold in a format of choice, and what proves them, in one
//! tar archive that is verified offline with nothing but the log's key.
//!
//! ```text
//! range-proof                      mainstay-range-proof/v1, with the signed checkpoint
//! format                           <name/version> <suffix>
//! anchor                           tlog-proof of the checkpoint in the log of all logs, if any
//! leaves/000000000000              leaves from this index on, as an entry bundle
//! events/000000000000.<suffix>     the same leaves in the format
//! removed/000000000256             hashes of leaves whose contents retention removed
//! …
//! statement                        mainstay-export/v1, signed
//! ```
//!
//! A member of leaves or hashes has at most 256 of them and crosses no multiple of 256. The events'
//! members, one after the other, are one file of the format. Every byte is vouched for: leaves and
//! hashes by the tree, the other contents by the statement, and what is left has one form only.

mod anchor;
mod known;
mod reader;
mod tar;
mod writer;

pub use reader::{ExportReport, ExportVerifier};
pub use tar::MAX_TIME_MICROS as MAX_EXPORT_TIME_MICROS;
pub use writer::ExportWriter;

use std::io;

use crate::error::Error;
use crate::tile::TILE_WIDTH;

const RANGE_PROOF: &str = "range-proof";
const FORMAT: &str = "format";
const ANCHOR: &str = "anchor";
const STATEMENT: &str = "statement";

/// A way to write events for others to read, made from nothing but their leaves: the verifier
/// makes it again.
pub trait EventFormat {
    /// Its name and version, such as `csv/1`.
    fn name(&self) -> &'static str;

    /// What its files' names end with, such as `csv`.
    fn suffix(&self) -> &'static str;

    /// What stands before the first event.
    fn header(&self) -> &'static str {
        ""
    }

    /// Appends what a leaf holds.
    ///
    /// # Errors
    /// When the leaf is none that the format can tell.
    fn append(
        &self,
        index: u64,
        leaf: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;
}

/// Why an export can't be written or is not believed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// Reading or writing failed.
    #[error("the export can't be read or written: {0}")]
    Io(#[from] io::Error),
    /// Something in the ledger's formats, or a signature or hash, is wrong.
    #[error(transparent)]
    Ledger(#[from] Error),
    /// A member of the archive is not as it must be.
    #[error("{member}: {problem}")]
    Member {
        /// The member, or what was expected in its place.
        member: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// An event is not what its leaf says.
    #[error("{member}: an event between leaf {first} and {last} is not what its leaf holds")]
    Event {
        /// The member that holds it.
        member: String,
        /// The first leaf of the member.
        first: u64,
        /// The last leaf of the member.
        last: u64,
    },
    /// Leaves are missing that no signed statement accounts for.
    #[error("the contents of leaf {index} are missing and nothing says why")]
    Unaccounted {
        /// The first such leaf.
        index: u64,
    },
    /// The log does not continue a checkpoint that is known, and no re-anchor in the export
    /// abandons it.
    #[error(
        "the log does not continue the known checkpoint of {size} leaves, and no re-anchor in \
         this export says why: {source}"
    )]
    Known {
        /// The leaves of that checkpoint.
        size: u64,
        /// How the two differ.
        source: Error,
    },
    /// Witnesses are demanded, and the export has no anchor that they have seen.
    #[error("nothing shows that witnesses have seen the checkpoint: the export has no anchor")]
    NoAnchor,
    /// A leaf can't be told in the format.
    #[error("leaf {index} can't be told in this format")]
    Format {
        /// The leaf.
        index: u64,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl ExportError {
    fn member(member: impl Into<String>, problem: &'static str) -> Self {
        Self::Member { member: member.into(), problem }
    }

    /// Whether reading or writing itself failed, so that nothing is said of the contents.
    pub fn is_io(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof)
    }
}

fn leaves_name(first: u64) -> String {
    format!("leaves/{first:012}")
}

fn removed_name(first: u64) -> String {
    format!("removed/{first:012}")
}

fn events_name(first: u64, suffix: &str) -> String {
    format!("events/{first:012}.{suffix}")
}

/// The index after the last leaf of a member that begins at `first`, at most.
fn member_end(first: u64, end: u64) -> u64 {
    let width = u64::from(TILE_WIDTH);
    end.min((first / width + 1).saturating_mul(width))
}

/// The content of the member `format`.
fn format_line(format: &dyn EventFormat) -> String {
    format!("{} {}", format.name(), format.suffix())
}
