//! What a witness keeps: its key, and of each log the checkpoint that it cosigned last.
//!
//! ```text
//! witness.key         PRIVATE+KEY+name+id+key, mode 0600
//! lock                held by the process that runs
//! logs/<SHA-256 of the origin>    the checkpoint that was cosigned last, as the log signed it
//! ```
//!
//! A checkpoint is in its file, and the file on the disk, before its cosignature is given. So no
//! crash makes the witness forget what it has signed.

use crate::data_folder::{lock_folder, make_folder, write_private};
use anyhow::{Context as _, Result, bail, ensure};
use mainstay_ledger::{
    AddCheckpoint, Checkpoint, CosignerKey, Hash, LogVerifier, NoteSignature, Refusal, SEED_LEN,
    SignedNote, VerifierKey,
};
use mainstay_vault::Entropy;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

const KEY_FILE: &str = "witness.key";
const LOGS_FOLDER: &str = "logs";

/// A witness with its key and the logs that it knows.
pub(super) struct Witness {
    key: CosignerKey,
    logs: BTreeMap<String, Log>,
    /// Keeps a second process from signing with the same key and another memory.
    _lock: File,
}

/// A log, and what was cosigned of it.
struct Log {
    keys: Vec<VerifierKey>,
    path: PathBuf,
    /// Size and root of the checkpoint that was cosigned last. Locked from the comparison until
    /// the new one is on the disk.
    seen: Mutex<Option<(u64, Hash)>>,
}

/// Why a checkpoint is not cosigned.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotCosigned {
    /// The request is none.
    #[error(transparent)]
    Malformed(mainstay_ledger::Error),
    /// The log is none of those that the witness knows.
    #[error("the log is not known here")]
    UnknownLog,
    /// The log must not be cosigned.
    #[error(transparent)]
    Refused(Refusal),
    /// It can't be remembered, so it is not cosigned.
    #[error("the checkpoint can't be kept: {0}")]
    NotKept(std::io::Error),
}

impl Witness {
    /// Opens a folder, and makes it with a new key when it is missing.
    pub(super) fn open(
        folder: &Path,
        name: Option<&str>,
        logs: Vec<VerifierKey>,
        entropy: &dyn Entropy,
    ) -> Result<Self> {
        make_folder(folder)?;
        make_folder(&folder.join(LOGS_FOLDER))?;
        let lock = lock_folder(folder)?;
        let key = open_key(&folder.join(KEY_FILE), name, entropy)?;
        let mut known: BTreeMap<String, Log> = BTreeMap::new();
        for log in logs {
            let origin = log.name().to_owned();
            match known.get_mut(&origin) {
                Some(known) => known.keys.push(log),
                None => {
                    known.insert(origin, Log::open(folder, log)?);
                }
            }
        }
        Ok(Self { key, logs: known, _lock: lock })
    }

    /// The witness's public key.
    pub(super) fn key(&self) -> &VerifierKey {
        self.key.verifier()
    }

    pub(super) fn has_logs(&self) -> bool {
        !self.logs.is_empty()
    }

    /// Cosigns a checkpoint that continues the one before, at `time` in seconds since 1970. Waits
    /// for the disk.
    pub(super) fn cosign(&self, request: &str, time: u64) -> Result<NoteSignature, NotCosigned> {
        let request: AddCheckpoint = request.parse().map_err(NotCosigned::Malformed)?;
        let origin = request.origin().map_err(NotCosigned::Malformed)?;
        let log = self.logs.get(&origin).ok_or(NotCosigned::UnknownLog)?;
        let verifier = LogVerifier::new(&origin, log.keys.iter().cloned());
        // What is kept is whole even if a thread ended in between: the file decides.
        let mut seen = log.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let checkpoint = request.check(&verifier, *seen).map_err(NotCosigned::Refused)?;
        let new = (checkpoint.size, checkpoint.root);
        if *seen != Some(new) {
            let note = request.checkpoint.to_string();
            write_private(&log.path, note.as_bytes()).map_err(NotCosigned::NotKept)?;
            *seen = Some(new);
        }
        Ok(request.cosign(&self.key, time))
    }
}

impl Log {
    fn open(folder: &Path, key: VerifierKey) -> Result<Self> {
        let name = Hash::of(key.name().as_bytes()).as_bytes().iter().fold(
            String::with_capacity(64),
            |mut text, byte| {
                // Writing to a String does not fail.
                let _ = write!(text, "{byte:02x}");
                text
            },
        );
        let path = folder.join(LOGS_FOLDER).join(name);
        let seen = match fs::read_to_string(&path) {
            Ok(text) => Some(cosigned(&text, key.name()).with_context(|| {
                format!(
                    "{} is damaged: without it the witness can't tell what {} has shown before",
                    path.display(),
                    key.name()
                )
            })?),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => {
                return Err(error).with_context(|| format!("can't read {}", path.display()));
            }
        };
        Ok(Self { keys: vec![key], path, seen: Mutex::new(seen) })
    }
}

/// Size and root in the file of a log.
fn cosigned(text: &str, origin: &str) -> Result<(u64, Hash)> {
    let checkpoint = Checkpoint::from_text(SignedNote::parse(text)?.text())?;
    ensure!(checkpoint.origin == origin, "it is of the log {}", checkpoint.origin);
    Ok((checkpoint.size, checkpoint.root))
}

/// The key in a file; a new one with this name when there is none.
fn open_key(path: &Path, name: Option<&str>, entropy: &dyn Entropy) -> Result<CosignerKey> {
    let text = match fs::read_to_string(path) {
        Ok(text) => zeroize::Zeroizing::new(text),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let name = name.context("name the new witness with --name")?;
            let mut seed = zeroize::Zeroizing::new([0; SEED_LEN]);
            entropy.fill(&mut seed[..]);
            let key = CosignerKey::from_seed(name, &seed).context("--name")?;
            let text = zeroize::Zeroizing::new(format!("{}\n", *key.to_text()));
            write_private(path, text.as_bytes())
                .with_context(|| format!("can't write {}", path.display()))?;
            return Ok(key);
        }
        Err(error) => return Err(error).with_context(|| format!("can't read {}", path.display())),
    };
    if fs::metadata(path)?.mode() & 0o077 != 0 {
        bail!("{}: others can read it; give it mode 0600", path.display());
    }
    let key = CosignerKey::from_text(text.trim())
        .with_context(|| format!("{} holds no witness's key", path.display()))?;
    if let Some(name) = name {
        ensure!(key.name() == name, "this witness is {}, not {name}", key.name());
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mainstay_ledger::{SignerKey, TreeWriter};
    use mainstay_vault::SystemEntropy;
    use std::os::unix::fs::PermissionsExt;

    const ORIGIN: &str = "log.example/ledger";

    fn log_key() -> SignerKey {
        SignerKey::from_seed(ORIGIN, &[7; SEED_LEN]).unwrap()
    }

    fn open(folder: &Path) -> Result<Witness> {
        let logs = vec![log_key().verifier().clone()];
        Witness::open(folder, Some("witness.example"), logs, &SystemEntropy)
    }

    /// A request for the first checkpoint of a log with one leaf.
    fn request(old: u64, leaf: &[u8]) -> String {
        let mut tree = TreeWriter::new();
        tree.append(Hash::leaf(leaf));
        let checkpoint = Checkpoint::new(ORIGIN, 1, tree.root()).unwrap();
        let checkpoint = checkpoint.sign(&log_key()).unwrap();
        AddCheckpoint { old_size: old, proof: Vec::new(), checkpoint }.to_string()
    }

    fn status(refused: NotCosigned) -> u16 {
        match refused {
            NotCosigned::Refused(refusal) => refusal.status(),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn what_was_cosigned_is_remembered_by_the_next_process() {
        let folder = mainstay_testkit::temp_dir();
        let witness = open(folder.path()).unwrap();
        let line = witness.cosign(&request(0, b"a"), 1).unwrap();
        assert_eq!(line.name(), "witness.example");
        let key = witness.key().clone();
        assert!(open(folder.path()).is_err(), "a second process must not run");
        drop(witness);
        let witness = open(folder.path()).unwrap();
        assert_eq!(*witness.key(), key);
        // Another first leaf: refused by size, and as a fork by who knows the size.
        assert_eq!(status(witness.cosign(&request(0, b"b"), 2).unwrap_err()), 409);
        let fork = witness.cosign(&request(1, b"b"), 2).unwrap_err();
        assert!(matches!(fork, NotCosigned::Refused(Refusal::Fork { size: 1 })), "{fork}");
        witness.cosign(&request(1, b"a"), 2).unwrap();
    }

    #[test]
    fn nothing_is_cosigned_that_can_not_be_kept() {
        let folder = mainstay_testkit::temp_dir();
        let witness = open(folder.path()).unwrap();
        fs::remove_dir(folder.path().join(LOGS_FOLDER)).unwrap();
        let refused = witness.cosign(&request(0, b"a"), 1).unwrap_err();
        assert!(matches!(refused, NotCosigned::NotKept(_)), "{refused}");
        make_folder(&folder.path().join(LOGS_FOLDER)).unwrap();
        // It was not remembered either.
        witness.cosign(&request(0, b"b"), 1).unwrap();
    }

    #[test]
    fn a_damaged_memory_or_an_open_key_is_refused() {
        let folder = mainstay_testkit::temp_dir();
        let witness = open(folder.path()).unwrap();
        witness.cosign(&request(0, b"a"), 1).unwrap();
        let path = witness.logs[ORIGIN].path.clone();
        drop(witness);
        let key = folder.path().join(KEY_FILE);
        assert_eq!(fs::metadata(&key).unwrap().mode() & 0o777, 0o600);
        fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(open(folder.path()).err().unwrap().to_string().contains("0600"));
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(path, "").unwrap();
        assert!(open(folder.path()).err().unwrap().to_string().contains("damaged"));
    }
}
