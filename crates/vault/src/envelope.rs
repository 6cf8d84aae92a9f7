//! Encrypted field values and the keys that seal them.
//!
//! | offset | bytes | |
//! |---|---|---|
//! | 0 | 1 | format version, 1 |
//! | 1 | 1 | algorithm, 1 = AES-256-GCM |
//! | 2 | 8 | id of the data key |
//! | 10 | 12 | nonce |
//! | 22 | n | ciphertext, as long as the value |
//! | 22 + n | 16 | tag |

use std::fmt;

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    Entropy, KeyId, MasterKey, Result,
    cipher::{self, ALGORITHM, Cipher, VERSION},
    encoding,
    error::Kind,
    key::KeyBytes,
    wrap::{self, Purpose},
};

const HEADER_LEN: usize = 2 + KeyId::LEN;

/// Whose values a [`DataKey`] seals. Platform rows belong to the nil organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyOwner {
    /// An organisation: for its credentials (`secret` fields).
    Tenant {
        /// The organisation's id.
        organization: Uuid,
    },
    /// A person on record in an organisation: for `sealed` fields, unreadable once the key is gone.
    Subject {
        /// The organisation's id.
        organization: Uuid,
        /// The data subject's id.
        subject: Uuid,
    },
}

impl KeyOwner {
    /// The organisation that the owner is or belongs to.
    pub fn organization(&self) -> Uuid {
        match *self {
            Self::Tenant { organization } | Self::Subject { organization, .. } => organization,
        }
    }

    fn purpose(self) -> Purpose {
        match self {
            Self::Tenant { organization } => Purpose::TenantKey { organization },
            Self::Subject { organization, subject } => {
                Purpose::SubjectKey { organization, subject }
            }
        }
    }
}

/// The place a value is sealed for. An envelope found anywhere else does not open.
///
/// Renaming a table or column is a change of place: its envelopes must be sealed anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding<'a> {
    /// The row's organisation; nil for platform rows.
    pub organization: Uuid,
    /// The table with its schema, as in `mainstay.webhooks`.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The row's id.
    pub row: Uuid,
}

impl Binding<'_> {
    fn additional_data(&self, header: &[u8]) -> Vec<u8> {
        encoding::join(&[
            b"mainstay/envelope",
            header,
            self.organization.as_bytes(),
            self.table.as_bytes(),
            self.column.as_bytes(),
            self.row.as_bytes(),
        ])
    }
}

/// The AES-256 key that seals the values of one tenant or one data subject.
///
/// Nonces are random, 96 bits long, so one key may seal at most 2^32 values (NIST SP 800-38D
/// §8.3: the chance that any nonce repeats stays below 2^-32). A key per tenant and per subject
/// keeps far below that; a tenant that writes a thousand secrets a second gets there in 49 days
/// and needs a new key before. An envelope shows the length of its value.
pub struct DataKey {
    owner: KeyOwner,
    id: KeyId,
    bytes: KeyBytes,
    cipher: Cipher,
}

impl DataKey {
    /// A new key for `owner`.
    pub fn generate(owner: KeyOwner, entropy: &dyn Entropy) -> Self {
        Self::new(owner, KeyBytes::generate(entropy))
    }

    fn new(owner: KeyOwner, bytes: KeyBytes) -> Self {
        Self { owner, id: bytes.id(), cipher: Cipher::new(&bytes), bytes }
    }

    /// The key that [`wrap`](Self::wrap) gave as `wrapped`.
    ///
    /// Errors: `is_wrong_key` when another master wrapped it, `is_tampered` when it was altered or
    /// is not this owner's, `is_unsupported_format`.
    pub fn unwrap(master: &MasterKey, owner: KeyOwner, wrapped: &[u8]) -> Result<Self> {
        Ok(Self::new(owner, wrap::unwrap(wrapped, owner.purpose(), master)?))
    }

    /// The key encrypted under `master`, bound to its owner: 79 bytes, to be stored.
    pub fn wrap(&self, master: &MasterKey, entropy: &dyn Entropy) -> Vec<u8> {
        wrap::wrap(&self.bytes, self.owner.purpose(), master, entropy)
    }

    /// The key's name, as in the header of each envelope that it sealed.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Whose key this is.
    pub fn owner(&self) -> KeyOwner {
        self.owner
    }

    /// Encrypts `plaintext` for one place: 38 bytes longer than the value.
    ///
    /// Errors: `is_wrong_key` when the key belongs to another organisation than the row; a value
    /// over 64 GiB.
    pub fn seal(
        &self,
        binding: &Binding<'_>,
        plaintext: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>> {
        self.check_organization(binding)?;
        let header = self.header();
        self.cipher.seal(&header, &binding.additional_data(&header), plaintext, entropy)
    }

    /// Decrypts an envelope found at the place that `binding` says; the value is wiped when dropped.
    ///
    /// Errors: `is_wrong_key` when another key sealed it, `is_tampered` when it was altered or
    /// sealed for another place, `is_unsupported_format`.
    pub fn open(&self, binding: &Binding<'_>, envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        self.check_organization(binding)?;
        let needed = envelope_key_id(envelope)?;
        if needed != self.id {
            return Err(Kind::WrongKey { needed, given: self.id }.into());
        }
        let (header, sealed) = envelope.split_at(HEADER_LEN);
        self.cipher.open(&binding.additional_data(header), sealed)
    }

    /// 32 bytes for one place that nobody can tell without the key, and nobody ever again once the
    /// key is gone: the salt of a commitment to the value there.
    ///
    /// Errors: `is_wrong_key` when the key belongs to another organisation than the row.
    pub fn salt(&self, binding: &Binding<'_>) -> Result<[u8; 32]> {
        self.check_organization(binding)?;
        let place = binding.additional_data(&[]);
        Ok(*self.bytes.derive(&[b"mainstay/commitment-salt", &place]).as_bytes())
    }

    fn header(&self) -> [u8; HEADER_LEN] {
        let mut header = [0; HEADER_LEN];
        header[..2].copy_from_slice(&[VERSION, ALGORITHM]);
        header[2..].copy_from_slice(self.id.as_bytes());
        header
    }

    /// A mix-up of tenants is found when writing, not when the value can no longer be read.
    fn check_organization(&self, binding: &Binding<'_>) -> Result<()> {
        if self.owner.organization() == binding.organization {
            Ok(())
        } else {
            Err(Kind::ForeignOrganization.into())
        }
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKey")
            .field("owner", &self.owner)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Which data key sealed this envelope.
///
/// Unauthenticated: only opening proves it. Errors: `is_tampered` when the header is cut short,
/// `is_unsupported_format`.
pub fn envelope_key_id(envelope: &[u8]) -> Result<KeyId> {
    let (id, _) = cipher::check_format(envelope)?.split_first_chunk().ok_or(Kind::Tampered)?;
    Ok(KeyId::from_bytes(*id))
}

#[cfg(test)]
mod tests {
    use super::{Binding, DataKey, KeyOwner};
    use crate::{SeededEntropy, key::KeyBytes};
    use uuid::Uuid;

    /// From outside, `unwrap` already refuses; here two organisations hold the same key bytes.
    #[test]
    fn the_tag_itself_binds_the_organisation() {
        let [ours, theirs] = [1, 2].map(Uuid::from_u128);
        let [key, stolen] = [ours, theirs].map(|organization| {
            let bytes = KeyBytes::fill_with(|bytes| bytes.fill(7));
            DataKey::new(KeyOwner::Tenant { organization }, bytes)
        });
        let place = |organization| Binding { organization, table: "t", column: "c", row: ours };
        let envelope = key.seal(&place(ours), b"value", &SeededEntropy::new(1)).unwrap();

        assert!(key.open(&place(ours), &envelope).is_ok());
        assert!(stolen.open(&place(theirs), &envelope).unwrap_err().is_tampered());
    }
}
