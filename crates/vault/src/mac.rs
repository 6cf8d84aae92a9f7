//! Message authentication: what only a holder of the master key can have written.

use std::fmt;

use aws_lc_rs::hmac;

use crate::MasterKey;

/// Length of a tag in bytes.
pub const MAC_LEN: usize = 32;

/// A key that marks what this installation's servers wrote, for one purpose.
pub struct MacKey(hmac::Key);

impl MasterKey {
    /// The key for a purpose, derived from the master key: every server that has it makes the same.
    pub fn mac_key(&self, purpose: &str) -> MacKey {
        let derived = self.bytes().derive(&[b"mainstay/mac", purpose.as_bytes()]);
        MacKey(hmac::Key::new(hmac::HMAC_SHA256, derived.as_bytes()))
    }
}

impl MacKey {
    /// The tag of a message: HMAC-SHA256 (RFC 2104).
    pub fn tag(&self, message: &[u8]) -> [u8; MAC_LEN] {
        let mut tag = [0; MAC_LEN];
        tag.copy_from_slice(hmac::sign(&self.0, message).as_ref());
        tag
    }

    /// Whether a tag is the message's, in constant time.
    pub fn verify(&self, message: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.0, message, tag).is_ok()
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MacKey").finish_non_exhaustive()
    }
}
