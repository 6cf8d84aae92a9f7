//! The leaf: the canonical bytes of one event.
//!
//! ```text
//! leaf   = version kind field*
//! version = 0x01
//! kind   = u8                       LeafKind
//! field  = number type value        in ascending order of numbers, each number at most once
//! number = u8                       Field; a field without a value is left out
//! type   = u8
//! value  =                          by type:
//!   0x01   text      u16 length, UTF-8
//!   0x02   json      u16 length, UTF-8: the document as PostgreSQL prints its jsonb
//!   0x03   uuid      16 bytes
//!   0x04   instant   i64, microseconds since 1970-01-01T00:00:00Z
//!   0x05   integer   i64
//!   0x06   boolean   0x00 or 0x01
//!   0x07   bytes     u16 length, bytes
//!   0x08   sealed    32 bytes commitment, 32 bytes SHA-256 of the envelope
//! ```
//!
//! All numbers are big-endian. There is one encoding for a list of fields, and a leaf has at most
//! [`MAX_LEAF_LEN`] bytes. A leaf is stored, served and hashed as these bytes; nothing ever
//! encodes it again.

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
