//! The leaf: the canonical bytes of one event. The crate's documentation shows them.

mod commitment;
mod decode;
mod difference;
mod encode;
mod field;
mod value;

pub use commitment::{SALT_LEN, Salt, SealedValue};
pub use decode::Leaf;
pub use difference::Difference;
pub use encode::{encode_leaf, encode_note_leaf};
pub use field::Field;
pub use value::Value;

use crate::error::{Kind, Result};

/// The longest leaf in bytes, as entry bundles give lengths in 16 bits.
pub const MAX_LEAF_LEN: usize = u16::MAX as usize;

/// The version of the encoding, a leaf's first byte.
pub const LEAF_VERSION: u8 = 1;

/// What a leaf records, its second byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LeafKind {
    /// An audit event, as fields.
    Event = 1,
    /// The signed checkpoint of an organisation's log, in the log of all logs.
    Checkpoint = 2,
    /// A signed [`Tombstone`](crate::Tombstone): leaves whose contents retention removed.
    Tombstone = 3,
    /// A signed [`Reanchor`](crate::Reanchor): leaves that can't be proved any more.
    Reanchor = 4,
}

impl LeafKind {
    fn from_byte(byte: u8) -> Result<Self> {
        match byte {
            1 => Ok(Self::Event),
            2 => Ok(Self::Checkpoint),
            3 => Ok(Self::Tombstone),
            4 => Ok(Self::Reanchor),
            _ => Err(Kind::Leaf { at: 1, problem: "a kind that this release doesn't know" }.into()),
        }
    }
}
