//! What can be wrong with a log.

use mainstay_kernel::Error;
use mainstay_ledger::{Difference, Field, Hash, Value};
use std::fmt;
use uuid::Uuid;

/// The first fault that a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// A checkpoint is not what the log's key signed.
    Checkpoint {
        /// What is wrong.
        why: String,
    },
    /// The log is shorter than a checkpoint that was published.
    Truncated {
        /// Leaves at that time.
        known: u64,
        /// Leaves now.
        present: u64,
    },
    /// The log does not begin with the leaves of a checkpoint that was published.
    Fork {
        /// The leaves of that checkpoint.
        size: u64,
        /// Its root.
        expected: Hash,
    },
    /// A witness has seen another log.
    Refused {
        /// The witness.
        witness: String,
        /// What it says.
        why: String,
    },
    /// Too few of the demanded witnesses have seen a checkpoint.
    Unwitnessed {
        /// How many are demanded.
        needed: usize,
        /// How many have.
        found: usize,
    },
    /// A leaf is not there, or cut short.
    LeafMissing {
        /// Its place.
        index: u64,
    },
    /// A leaf has another hash than the tile that records it.
    Leaf {
        /// Its place.
        index: u64,
        /// The hash in the tile.
        recorded: Option<Hash>,
        /// The hash of the leaf.
        found: Hash,
    },
    /// The bytes of a leaf are none.
    LeafMalformed {
        /// Its place.
        index: u64,
        /// What is wrong.
        why: String,
    },
    /// The leaves don't make the tree that was signed.
    Tree {
        /// What is wrong.
        why: String,
    },
    /// An event was removed, or its leaf stands in the log twice.
    RowMissing {
        /// The place of its leaf.
        index: u64,
        /// The event.
        event: Uuid,
        /// The hash that it had.
        hash: Hash,
    },
    /// An event was changed.
    RowField {
        /// The place of its leaf.
        index: u64,
        /// The event.
        event: Uuid,
        /// The column.
        field: String,
        /// What was recorded.
        recorded: String,
        /// What is there now.
        found: String,
        /// The hash that the event had.
        hash: Hash,
    },
    /// The hash of an event was changed.
    RowHash {
        /// The place of its leaf.
        index: u64,
        /// The event.
        event: Uuid,
        /// The hash of its leaf.
        expected: Hash,
        /// The hash in the row.
        found: Option<Hash>,
    },
    /// An event was added that no leaf tells of.
    RowAdded {
        /// The event.
        event: Uuid,
    },
}

/// Why a verification ends early.
pub(super) enum Stop {
    Found(Box<Finding>),
    Failed(Error),
}

impl From<Finding> for Stop {
    fn from(finding: Finding) -> Self {
        Self::Found(Box::new(finding))
    }
}

impl Finding {
    /// The event that it is about.
    pub fn event(&self) -> Option<Uuid> {
        match self {
            Self::RowMissing { event, .. }
            | Self::RowField { event, .. }
            | Self::RowHash { event, .. }
            | Self::RowAdded { event } => Some(*event),
            _ => None,
        }
    }

    /// The hash that was found, and the one that was expected.
    pub fn hashes(&self) -> (Option<Hash>, Option<Hash>) {
        match self {
            Self::Fork { expected, .. } => (None, Some(*expected)),
            Self::Leaf { recorded, found, .. } => (Some(*found), *recorded),
            Self::RowMissing { hash, .. } | Self::RowField { hash, .. } => (None, Some(*hash)),
            Self::RowHash { expected, found, .. } => (*found, Some(*expected)),
            _ => (None, None),
        }
    }

    /// Whether leaves or their tree are not as they were signed, beside rows.
    pub fn is_of_tree(&self) -> bool {
        let beside = matches!(
            self,
            Self::Checkpoint { .. } | Self::Refused { .. } | Self::Unwitnessed { .. }
        );
        self.event().is_none() && !beside
    }

    pub(super) fn field(index: u64, event: Uuid, hash: Hash, difference: &Difference<'_>) -> Self {
        let Difference { field, recorded, found } = difference;
        Self::RowField {
            index,
            event,
            field: field.to_string(),
            recorded: shown(*field, *recorded),
            found: shown(*field, *found),
            hash,
        }
    }
}

/// A value for people, as the database's owner may see it; never what is sealed.
fn shown(field: Field, value: Option<Value<'_>>) -> String {
    match value {
        None => "null".to_owned(),
        Some(_) if field == Field::PERSONAL => "(sealed)".to_owned(),
        Some(Value::Text(text)) => format!("{text:?}"),
        Some(Value::Json(text)) => text.to_owned(),
        Some(Value::Uuid(bytes)) => Uuid::from_bytes(bytes).to_string(),
        Some(Value::Instant(micros)) => match jiff::Timestamp::from_microsecond(micros) {
            Ok(time) => time.to_string(),
            Err(_) => format!("{micros} µs"),
        },
        Some(Value::Integer(number)) => number.to_string(),
        Some(Value::Boolean(value)) => value.to_string(),
        Some(Value::Bytes(bytes)) => format!("{} bytes", bytes.len()),
        Some(Value::Sealed(_)) => "(sealed)".to_owned(),
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkpoint { why } => write!(f, "the checkpoint is not the log's: {why}"),
            Self::Truncated { known, present } => {
                write!(f, "the log has {present} leaves and had {known}")
            }
            Self::Fork { size, expected } => {
                write!(f, "the first {size} leaves are others than those of root {expected}")
            }
            Self::Refused { witness, why } => {
                write!(f, "the witness {witness} refuses the log: {why}")
            }
            Self::Unwitnessed { needed, found } => {
                write!(f, "{found} of the demanded witnesses have seen the log, {needed} must have")
            }
            Self::LeafMissing { index } => write!(f, "leaf {index} is missing"),
            Self::Leaf { index, recorded: Some(recorded), found } => {
                write!(f, "leaf {index} has hash {found}, the tree has {recorded}")
            }
            Self::Leaf { index, recorded: None, found } => {
                write!(f, "leaf {index} has hash {found}, the tree has no hash for it")
            }
            Self::LeafMalformed { index, why } => write!(f, "leaf {index} is malformed: {why}"),
            Self::Tree { why } => write!(f, "the leaves don't make the signed tree: {why}"),
            Self::RowMissing { index, event, hash } => {
                write!(f, "event {event} (leaf {index}, hash {hash}) is missing")
            }
            Self::RowField { index, event, field, recorded, found, hash } => write!(
                f,
                "event {event} (leaf {index}, hash {hash}) was changed: {field} is {found} and \
                 was {recorded}"
            ),
            Self::RowHash { index, event, expected, found: Some(found) } => {
                write!(f, "event {event} (leaf {index}) has hash {found} instead of {expected}")
            }
            Self::RowHash { index, event, expected, found: None } => {
                write!(f, "event {event} (leaf {index}) has no hash; it had {expected}")
            }
            Self::RowAdded { event } => write!(f, "event {event} is in no log"),
        }
    }
}
