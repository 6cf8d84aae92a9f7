//! AES-256-GCM under a header: what envelopes and wrapped keys have in common.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::{Entropy, Result, error::Kind, key::KeyBytes};

/// The format version that this release writes, and the only one it reads.
pub(crate) const VERSION: u8 = 1;
/// AES-256-GCM with a random 96-bit nonce and a 128-bit tag.
pub(crate) const ALGORITHM: u8 = 1;
const TAG_LEN: usize = 16;
/// Bytes that a sealed message is longer than its header and plaintext together.
pub(crate) const OVERHEAD: usize = NONCE_LEN + TAG_LEN;

pub(crate) struct Cipher(LessSafeKey);

impl Cipher {
    #[expect(clippy::expect_used, reason = "the key has the length that AES-256 asks for")]
    pub(crate) fn new(key: &KeyBytes) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, key.as_bytes()).expect("a 32-byte key");
        Self(LessSafeKey::new(key))
    }

    /// `header || nonce || ciphertext || tag`.
    pub(crate) fn seal(
        &self,
        header: &[u8],
        additional_data: &[u8],
        plaintext: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        entropy.fill(&mut nonce);
        let mut message = Vec::with_capacity(header.len() + plaintext.len() + OVERHEAD);
        message.extend_from_slice(header);
        message.extend_from_slice(&nonce);
        message.extend_from_slice(plaintext);
        let tag = self
            .0
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(additional_data),
                &mut message[header.len() + NONCE_LEN..],
            )
            // The library's only refusal here is GCM's limit of 64 GiB.
            .map_err(|_| Kind::TooLong)?;
        message.extend_from_slice(tag.as_ref());
        Ok(message)
    }

    /// The plaintext of what follows the header in a sealed message.
    pub(crate) fn open(
        &self,
        additional_data: &[u8],
        after_header: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) =
            after_header.split_first_chunk::<NONCE_LEN>().ok_or(Kind::Tampered)?;
        let (ciphertext, tag) = sealed.split_last_chunk::<TAG_LEN>().ok_or(Kind::Tampered)?;
        let mut plaintext = Zeroizing::new(ciphertext.to_vec());
        self.0
            .open_in_place_separate_tag(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(additional_data),
                tag,
                &mut plaintext,
            )
            .map_err(|_| Kind::Tampered)?;
        Ok(plaintext)
    }
}

/// Checks the two bytes that every format begins with and returns what follows them.
pub(crate) fn check_format(message: &[u8]) -> Result<&[u8]> {
    let ([version, algorithm], rest) = message.split_first_chunk::<2>().ok_or(Kind::Tampered)?;
    if *version != VERSION {
        return Err(Kind::UnsupportedVersion(*version).into());
    }
    if *algorithm != ALGORITHM {
        return Err(Kind::UnsupportedAlgorithm(*algorithm).into());
    }
    Ok(rest)
}
