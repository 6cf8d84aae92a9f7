//! Keys encrypted under the master key, for storage.
//!
//! | offset | bytes | |
//! |---|---|---|
//! | 0 | 1 | format version, 1 |
//! | 1 | 1 | algorithm, 1 = AES-256-GCM |
//! | 2 | 1 | purpose: 1 tenant key, 2 subject key, 3 blind-index secret |
//! | 3 | 8 | epoch, big-endian; 0 = none. Any other number says that an epoch key wrapped this one |
//! | 11 | 8 | id of the wrapping key |
//! | 19 | 12 | nonce |
//! | 31 | 48 | key and tag |
//!
//! The additional data binds the header, the organisation and the subject. The encrypting key is
//! derived from the wrapping key per purpose and organisation, so that the bound on random nonces
//! (2^32 messages, NIST SP 800-38D §8.3) holds per organisation and not for a whole installation.

use uuid::Uuid;

use crate::{
    Entropy, KeyId, MasterKey, Result,
    cipher::{self, ALGORITHM, Cipher, VERSION},
    encoding,
    error::Kind,
    key::{KEY_LEN, KeyBytes},
};

const HEADER_LEN: usize = 3 + size_of::<u64>() + KeyId::LEN;
/// Length of a wrapped key in bytes.
pub(crate) const WRAPPED_LEN: usize = HEADER_LEN + KEY_LEN + cipher::OVERHEAD;
/// The epoch number of a key that the master key itself wrapped.
const NO_EPOCH: [u8; 8] = [0; 8];

/// What a wrapped key is for, and whose it is.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    TenantKey { organization: Uuid },
    SubjectKey { organization: Uuid, subject: Uuid },
    BlindIndexSecret { organization: Uuid },
}

impl Purpose {
    fn code(self) -> u8 {
        match self {
            Self::TenantKey { .. } => 1,
            Self::SubjectKey { .. } => 2,
            Self::BlindIndexSecret { .. } => 3,
        }
    }

    fn organization(self) -> Uuid {
        match self {
            Self::TenantKey { organization }
            | Self::SubjectKey { organization, .. }
            | Self::BlindIndexSecret { organization } => organization,
        }
    }

    fn cipher(self, master: &MasterKey) -> Cipher {
        Cipher::new(&master.bytes().derive(&[
            b"mainstay/wrapping-key",
            &[self.code()],
            self.organization().as_bytes(),
        ]))
    }

    fn header(self, wrapping_key: KeyId) -> [u8; HEADER_LEN] {
        let mut header = [0; HEADER_LEN];
        header[..3].copy_from_slice(&[VERSION, ALGORITHM, self.code()]);
        header[3..11].copy_from_slice(&NO_EPOCH);
        header[11..].copy_from_slice(wrapping_key.as_bytes());
        header
    }

    fn additional_data(self, header: &[u8]) -> Vec<u8> {
        let subject = match &self {
            Self::SubjectKey { subject, .. } => subject.as_bytes().as_slice(),
            Self::TenantKey { .. } | Self::BlindIndexSecret { .. } => &[],
        };
        encoding::join(&[b"mainstay/wrap", header, self.organization().as_bytes(), subject])
    }
}

#[expect(clippy::expect_used, reason = "32 bytes are within GCM's limit")]
pub(crate) fn wrap(
    key: &KeyBytes,
    purpose: Purpose,
    master: &MasterKey,
    entropy: &dyn Entropy,
) -> Vec<u8> {
    let header = purpose.header(master.id());
    purpose
        .cipher(master)
        .seal(&header, &purpose.additional_data(&header), key.as_bytes(), entropy)
        .expect("a key is short")
}

pub(crate) fn unwrap(wrapped: &[u8], purpose: Purpose, master: &MasterKey) -> Result<KeyBytes> {
    let needed = wrapping_key_id(wrapped)?;
    let given = master.id();
    if needed != given {
        return Err(Kind::WrongKey { needed, given }.into());
    }
    let (header, sealed) = wrapped.split_at(HEADER_LEN);
    let plaintext = purpose.cipher(master).open(&purpose.additional_data(header), sealed)?;
    Ok(KeyBytes::fill_with(|bytes| {
        bytes.copy_from_slice(&plaintext);
    }))
}

/// Which master key wrapped these bytes, so that rotation finds what it has to re-wrap.
///
/// Unauthenticated: only unwrapping proves it. Errors are those of unwrapping.
pub fn wrapping_key_id(wrapped: &[u8]) -> Result<KeyId> {
    let after_format = cipher::check_format(wrapped)?;
    if wrapped.len() != WRAPPED_LEN {
        return Err(Kind::Tampered.into());
    }
    let (_purpose, rest) = after_format.split_first_chunk::<1>().ok_or(Kind::Tampered)?;
    let (epoch, rest) = rest.split_first_chunk::<8>().ok_or(Kind::Tampered)?;
    if *epoch != NO_EPOCH {
        return Err(Kind::Epoch.into());
    }
    let (id, _) = rest.split_first_chunk().ok_or(Kind::Tampered)?;
    Ok(KeyId::from_bytes(*id))
}
