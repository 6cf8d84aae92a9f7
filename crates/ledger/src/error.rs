//! What was refused, and where.

use crate::{Field, Hash, TileId};

/// The result of a ledger operation.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was refused. The message says what, at which index, what was expected and what
/// was found; it holds no key and no field value.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] Kind);

impl Error {
    /// A tile that its [`TileReader`](crate::TileReader) can't give, with the reason.
    pub fn unavailable(
        tile: TileId,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self(Kind::Unavailable { tile, source: source.into() })
    }

    /// Whether bytes or text are not in their format: cut short, too long, not canonical.
    pub fn is_malformed(&self) -> bool {
        matches!(self.0, Kind::Malformed { .. } | Kind::Leaf { .. } | Kind::Field { .. })
    }

    /// Whether a leaf is longer than [`MAX_LEAF_LEN`](crate::MAX_LEAF_LEN).
    pub fn is_too_long(&self) -> bool {
        matches!(self.0, Kind::TooLong { .. })
    }

    /// Whether a signature is wrong, or none is by a key that is trusted, or the log is another.
    pub fn is_untrusted(&self) -> bool {
        matches!(
            self.0,
            Kind::BadSignature { .. } | Kind::Unsigned | Kind::Origin { .. } | Kind::Quorum { .. }
        )
    }

    /// Whether hashes disagree: something was altered, removed, or belongs to another tree.
    pub fn is_mismatch(&self) -> bool {
        matches!(self.0, Kind::Mismatch { .. } | Kind::Size { .. } | Kind::ProofLength { .. })
    }

    /// Whether an index or size lies outside the tree.
    pub fn is_out_of_bounds(&self) -> bool {
        matches!(self.0, Kind::OutOfBounds { .. })
    }

    /// Whether a tile could not be read.
    pub fn is_unavailable(&self) -> bool {
        matches!(self.0, Kind::Unavailable { .. })
    }

    /// The leaf, or the size of the tree, that a mismatch is about.
    pub fn index(&self) -> Option<u64> {
        match self.0 {
            Kind::Mismatch { index, .. } | Kind::OutOfBounds { index, .. } => Some(index),
            Kind::Size { found, .. } => Some(found),
            _ => None,
        }
    }

    /// The hash that was expected, when hashes disagree.
    pub fn expected(&self) -> Option<Hash> {
        match self.0 {
            Kind::Mismatch { expected, .. } => Some(expected),
            _ => None,
        }
    }

    /// The hash that was found, when hashes disagree.
    pub fn found(&self) -> Option<Hash> {
        match self.0 {
            Kind::Mismatch { found, .. } => Some(found),
            _ => None,
        }
    }

    pub(crate) fn malformed(what: &'static str, problem: &'static str) -> Self {
        Self(Kind::Malformed { what, problem })
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Kind {
    #[error("not a valid {what}: {problem}")]
    Malformed { what: &'static str, problem: &'static str },
    #[error("not a valid leaf: {problem} at byte {at}")]
    Leaf { at: usize, problem: &'static str },
    #[error("a leaf can't hold field {field}: {problem}")]
    Field { field: Field, problem: &'static str },
    #[error("a leaf has at most {max} bytes, this one {len}")]
    TooLong { len: usize, max: usize },
    #[error("the signature by {name} is wrong")]
    BadSignature { name: String },
    #[error("no signature is by a trusted key")]
    Unsigned,
    #[error("the log is {found:?}, expected {expected:?}")]
    Origin { expected: String, found: String },
    #[error("{found} trusted witnesses cosigned, {needed} are needed")]
    Quorum { needed: usize, found: usize },
    #[error("{what} {index}: expected hash {expected}, found {found}")]
    Mismatch { what: Subject, index: u64, expected: Hash, found: Hash },
    #[error("the tree has {found} leaves, expected {expected}")]
    Size { expected: u64, found: u64 },
    #[error("a {what} of this place has {expected} hashes, this one {found}")]
    ProofLength { what: &'static str, expected: usize, found: usize },
    #[error("{what} {index} is outside a tree of {size} leaves")]
    OutOfBounds { what: Subject, index: u64, size: u64 },
    #[error("{tile} can't be read")]
    Unavailable { tile: TileId, source: Box<dyn std::error::Error + Send + Sync> },
}

/// What an index counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Leaf,
    Tile,
    Root,
    OldRoot,
    End,
    OldSize,
    Proof,
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Leaf => "leaf",
            Self::Tile => "tile",
            Self::Root => "root of the tree of size",
            Self::OldRoot => "root of the older tree of size",
            Self::End => "end of range",
            Self::OldSize => "older size",
            Self::Proof => "proof for leaf",
        })
    }
}
