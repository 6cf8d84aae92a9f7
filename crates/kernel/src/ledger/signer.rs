//! Who signs for the logs.

use crate::error::{Error, Result};
use mainstay_ledger::{SEED_LEN, SignerKey};
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The secret that signs all logs of an installation, and the beginning of their origins. Logs
/// share the secret and differ by their names, so that each has a verifier key of its own.
pub struct LogSigner {
    seed: Zeroizing<[u8; SEED_LEN]>,
    prefix: String,
}

impl LogSigner {
    /// A signer; `prefix` is that of origins, `host/ledger/v1`.
    pub fn new(seed: Zeroizing<[u8; SEED_LEN]>, prefix: String) -> Self {
        Self { seed, prefix }
    }

    /// The identity of an organisation's log; the nil identifier is the platform's.
    pub fn origin(&self, organization: Uuid) -> String {
        format!("{}/{organization}", self.prefix)
    }

    /// The key of an organisation's log.
    ///
    /// # Errors
    /// When the prefix can't stand in a key's name.
    pub fn key(&self, organization: Uuid) -> Result<SignerKey> {
        SignerKey::from_seed(&self.origin(organization), &self.seed).map_err(Error::internal)
    }
}

impl fmt::Debug for LogSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogSigner").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}
