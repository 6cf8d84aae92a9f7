//! The hashes of the tree, RFC 6962 §2.1.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use std::fmt;

use crate::error::{Error, Result};

/// The length of a hash in bytes.
pub const HASH_LEN: usize = 32;

/// A SHA-256 hash: of a leaf, an inner node, a root, a commitment or an envelope.
///
/// Prints as standard base64, as in every C2SP text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; HASH_LEN]);

impl Hash {
    /// The hash with these bytes.
    pub const fn new(bytes: [u8; HASH_LEN]) -> Self {
        Self(bytes)
    }

    /// The hash of plain bytes, without a prefix.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash of the tree without leaves: SHA-256 of nothing.
    pub fn empty_root() -> Self {
        Self::of(b"")
    }

    /// The hash of a leaf: SHA-256(0x00 ‖ leaf).
    pub fn leaf(leaf: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update([0x00]);
        hasher.update(leaf);
        Self(hasher.finalize().into())
    }

    /// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
    pub fn children(left: &Self, right: &Self) -> Self {
        let mut node = [0x01; 1 + 2 * HASH_LEN];
        node[1..=HASH_LEN].copy_from_slice(&left.0);
        node[1 + HASH_LEN..].copy_from_slice(&right.0);
        Self::of(&node)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; HASH_LEN] {
        &self.0
    }

    /// The hash in `bytes`.
    ///
    /// # Errors
    /// [`Error::is_malformed`] unless they are 32.
    pub fn from_slice(bytes: &[u8]) -> Result<Self> {
        let bytes = bytes.try_into();
        bytes.map(Self).map_err(|_| Error::malformed("hash", "it has not 32 bytes"))
    }

    /// The hash in standard base64 with padding.
    ///
    /// # Errors
    /// [`Error::is_malformed`] for any other text.
    pub fn from_base64(text: &str) -> Result<Self> {
        // One byte more than a hash, so that longer texts are not taken for it.
        let mut bytes = [0; HASH_LEN + 1];
        match STANDARD.decode_slice(text, &mut bytes) {
            Ok(len) => Self::from_slice(&bytes[..len]),
            Err(_) => Err(Error::malformed("hash", "it is not base64 of 32 bytes")),
        }
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        base64::display::Base64Display::new(&self.0, &STANDARD).fmt(f)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
