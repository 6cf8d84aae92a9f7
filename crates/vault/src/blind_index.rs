//! Blind indexes: keyed hashes that let equal values of a sealed column be found.

use std::fmt;

use aws_lc_rs::hmac;
use uuid::Uuid;

use crate::{
    Entropy, MasterKey, Result,
    key::KeyBytes,
    wrap::{self, Purpose},
};

/// Length of a blind index in bytes. Halving SHA-256's output halves the database's indexes; 128
/// bits leave the chance of any collision among 10^9 values below 2^-68.
pub const BLIND_INDEX_LEN: usize = 16;

/// The secret of one organisation from which the keys of its blind indexes derive.
///
/// Apart from the keys that encrypt, because stored indexes must stay valid when those rotate.
pub struct BlindIndexSecret {
    organization: Uuid,
    bytes: KeyBytes,
}

impl BlindIndexSecret {
    /// A new secret for an organisation.
    pub fn generate(organization: Uuid, entropy: &dyn Entropy) -> Self {
        Self { organization, bytes: KeyBytes::generate(entropy) }
    }

    /// The secret that [`wrap`](Self::wrap) gave as `wrapped`; errors as for
    /// [`DataKey::unwrap`](crate::DataKey::unwrap).
    pub fn unwrap(master: &MasterKey, organization: Uuid, wrapped: &[u8]) -> Result<Self> {
        let bytes = wrap::unwrap(wrapped, Purpose::BlindIndexSecret { organization }, master)?;
        Ok(Self { organization, bytes })
    }

    /// The secret encrypted under `master`, bound to its organisation: 79 bytes, to be stored.
    pub fn wrap(&self, master: &MasterKey, entropy: &dyn Entropy) -> Vec<u8> {
        let purpose = Purpose::BlindIndexSecret { organization: self.organization };
        wrap::wrap(&self.bytes, purpose, master, entropy)
    }

    /// The key for one column. `table` includes the schema, as in
    /// [`Binding`](crate::Binding::table).
    pub fn key(&self, table: &str, column: &str) -> BlindIndexKey {
        let derived = self.bytes.derive(&[
            b"mainstay/blind-index",
            self.organization.as_bytes(),
            table.as_bytes(),
            column.as_bytes(),
        ]);
        BlindIndexKey(hmac::Key::new(hmac::HMAC_SHA256, derived.as_bytes()))
    }
}

impl fmt::Debug for BlindIndexSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlindIndexSecret")
            .field("organization", &self.organization)
            .finish_non_exhaustive()
    }
}

/// The key of one organisation, table and column: equal values elsewhere look unrelated.
#[derive(Clone)]
pub struct BlindIndexKey(hmac::Key);

impl BlindIndexKey {
    /// The blind index of a value: HMAC-SHA256, cut to 16 bytes.
    ///
    /// `normalized` is the value in the one form in which equal values have equal bytes (folded
    /// case, canonical number); the caller chooses it per column and must keep it.
    pub fn blind_index(&self, normalized: &[u8]) -> [u8; BLIND_INDEX_LEN] {
        let tag = hmac::sign(&self.0, normalized);
        let mut index = [0; BLIND_INDEX_LEN];
        index.copy_from_slice(&tag.as_ref()[..BLIND_INDEX_LEN]);
        index
    }
}

impl fmt::Debug for BlindIndexKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlindIndexKey").finish_non_exhaustive()
    }
}
