//! Key material and the names of keys.

use std::fmt;

use aws_lc_rs::{digest, hkdf};
use zeroize::Zeroizing;

use crate::{Entropy, encoding};

/// Length of every key in bytes.
pub(crate) const KEY_LEN: usize = 32;

/// The name of a key: the first 8 bytes of a SHA-256 hash over it. Not secret.
///
/// Headers carry it, so that a reader knows which key is needed and rotation which one was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; Self::LEN]);

impl KeyId {
    /// Length in bytes.
    pub const LEN: usize = 8;

    /// The id whose bytes these are.
    pub const fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// The id's bytes, as in headers.
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

/// Lower-case hexadecimal.
impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The bytes of a key, wiped when dropped. On the heap, so that moving it leaves no copy behind.
pub(crate) struct KeyBytes(Box<Zeroizing<[u8; KEY_LEN]>>);

impl KeyBytes {
    /// A key whose bytes `fill` writes in place.
    pub(crate) fn fill_with(fill: impl FnOnce(&mut [u8; KEY_LEN])) -> Self {
        let mut bytes = Box::new(Zeroizing::new([0; KEY_LEN]));
        fill(&mut bytes);
        Self(bytes)
    }

    pub(crate) fn generate(entropy: &dyn Entropy) -> Self {
        Self::fill_with(|bytes| entropy.fill(bytes))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }

    pub(crate) fn id(&self) -> KeyId {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(b"mainstay/key-id/1");
        context.update(self.as_bytes());
        let mut id = [0; KeyId::LEN];
        id.copy_from_slice(&context.finish().as_ref()[..KeyId::LEN]);
        KeyId(id)
    }

    /// The key that HKDF-SHA256 (RFC 5869) derives for the use that `info` lists.
    #[expect(clippy::expect_used, reason = "32 bytes are within what HKDF-SHA256 can derive")]
    pub(crate) fn derive(&self, info: &[&[u8]]) -> Self {
        let info = encoding::join(info);
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, b"mainstay/vault/1").extract(self.as_bytes());
        Self::fill_with(|bytes| {
            prk.expand(&[&info], hkdf::HKDF_SHA256)
                .and_then(|okm| okm.fill(bytes))
                .expect("one block of output");
        })
    }
}
