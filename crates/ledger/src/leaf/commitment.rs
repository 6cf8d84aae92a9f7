//! Commitments to personal data: the leaf shows that a value was there and which, to whoever is
//! given value and salt, and tells nobody else anything.

use sha2::{Digest as _, Sha256};
use std::fmt;
use zeroize::{Zeroize as _, ZeroizeOnDrop};

use super::Field;
use crate::Hash;

/// The length of a salt in bytes.
pub const SALT_LEN: usize = 32;

/// What keeps a commitment from being guessed: 32 random bytes, of one event's field alone.
///
/// A salt must be forgotten with its value. Derive it from the data subject's key or keep it
/// inside the envelope, so that destroying the key destroys both.
#[derive(Clone)]
pub struct Salt([u8; SALT_LEN]);

impl Salt {
    /// The salt with these bytes.
    pub const fn new(bytes: [u8; SALT_LEN]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; SALT_LEN] {
        &self.0
    }
}

impl Drop for Salt {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for Salt {}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// What a leaf holds of a field with personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SealedValue {
    /// SHA-256("mainstay-commitment/v1\n" ‖ salt ‖ field number ‖ value), the value as plain bytes.
    pub commitment: Hash,
    /// SHA-256 of the envelope, the encrypted value as it is stored.
    pub envelope: Hash,
}

impl SealedValue {
    /// Commits to the plain value of a field and to the envelope that holds it.
    pub fn new(field: Field, salt: &Salt, value: &[u8], envelope: &[u8]) -> Self {
        Self { commitment: commit(field, salt, value), envelope: Hash::of(envelope) }
    }

    /// Whether this is the value that was recorded.
    pub fn opens_to(&self, field: Field, salt: &Salt, value: &[u8]) -> bool {
        self.commitment == commit(field, salt, value)
    }

    /// Whether this is the envelope that was recorded; needs no key.
    pub fn has_envelope(&self, envelope: &[u8]) -> bool {
        self.envelope == Hash::of(envelope)
    }
}

/// All that precedes the value has one length, so that no other input gives the same bytes.
fn commit(field: Field, salt: &Salt, value: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(b"mainstay-commitment/v1\n");
    hasher.update(salt.0);
    hasher.update([field.0]);
    hasher.update(value);
    Hash::new(hasher.finalize().into())
}
