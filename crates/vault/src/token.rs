//! Bearer tokens at rest.

use aws_lc_rs::{constant_time, digest};

/// SHA-256 of an API key or refresh token: what is stored and looked up instead of the token.
///
/// Enough for tokens of 128 random bits or more, which nobody can guess; passwords need a slow
/// hash.
pub fn hash_token(token: &str) -> [u8; digest::SHA256_OUTPUT_LEN] {
    let mut hash = [0; digest::SHA256_OUTPUT_LEN];
    hash.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
    hash
}

/// Whether two secrets are equal, in a time that depends on their lengths alone.
pub fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}
