//! The file with the secret that signs the logs.

use mainstay_kernel::{Error, Result};
use mainstay_ledger::SignerKey;
use mainstay_vault::Entropy;
use std::fmt::{self, Write as _};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write as _};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use zeroize::Zeroizing;

const SEED_LEN: usize = 32;

/// The secret that signs the logs of an installation. Kept in a file and nowhere else: who has the
/// database, and even the master key, can't sign.
pub struct SigningSeed(pub(super) Zeroizing<[u8; SEED_LEN]>);

impl SigningSeed {
    /// Reads the secret from a file, or makes one there (mode 0600) when there is none.
    ///
    /// # Errors
    /// When others can read the file, it is damaged, or can't be read or written.
    pub fn open(path: &Path, entropy: &dyn Entropy) -> Result<Self> {
        match File::open(path) {
            Ok(file) => Self::read(path, file),
            Err(error) if error.kind() == ErrorKind::NotFound => Self::create(path, entropy),
            Err(error) => Err(fault(path, error)),
        }
    }

    /// The key of the log with this origin.
    ///
    /// # Errors
    /// When no key can have this name.
    pub fn key(&self, origin: &str) -> Result<SignerKey> {
        SignerKey::from_seed(origin, &self.0).map_err(Error::internal)
    }

    fn read(path: &Path, file: File) -> Result<Self> {
        let mode = file.metadata().map_err(|e| fault(path, e))?.mode();
        if mode & 0o077 != 0 {
            return Err(fault(path, "others can read it; give it mode 0600"));
        }
        let mut text = Zeroizing::new(String::new());
        file.take(4 * SEED_LEN as u64)
            .read_to_string(&mut text)
            .map_err(|error| fault(path, error))?;
        decode(text.trim()).map(Self).ok_or_else(|| fault(path, "it holds no key"))
    }

    fn create(path: &Path, entropy: &dyn Entropy) -> Result<Self> {
        let mut seed = Zeroizing::new([0; SEED_LEN]);
        entropy.fill(&mut seed[..]);
        let mut text = Zeroizing::new(String::with_capacity(2 * SEED_LEN + 1));
        for byte in &*seed {
            // Writing to a `String` does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        text.push('\n');
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(|error| fault(path, error))?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all())
            .map_err(|error| fault(path, error))?;
        Ok(Self(seed))
    }
}

impl fmt::Debug for SigningSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSeed(..)")
    }
}

fn fault(path: &Path, what: impl fmt::Display) -> Error {
    Error::internal(format!("the ledger's key {}: {what}", path.display()))
}

fn decode(text: &str) -> Option<Zeroizing<[u8; SEED_LEN]>> {
    let digits = text.as_bytes();
    if digits.len() != 2 * SEED_LEN {
        return None;
    }
    let mut seed = Zeroizing::new([0; SEED_LEN]);
    for (byte, pair) in seed.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = (digit(pair[0])? << 4 | digit(pair[1])?) as u8;
    }
    Some(seed)
}
