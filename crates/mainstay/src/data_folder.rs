//! The data folder and the keys in it.

use crate::config::Config;
use anyhow::{Context, Result, bail};
use mainstay_identity::SigningKey;
use mainstay_vault::{Entropy, MasterKey};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// The folder that holds the embedded database, the keys and what the server writes for people.
pub(crate) struct DataFolder {
    path: PathBuf,
}

impl DataFolder {
    /// The folder of a configuration; made, for its owner alone, when it is missing.
    pub(crate) fn open(config: &Config) -> Result<Self> {
        let folder = Self { path: config.data().to_owned() };
        make_folder(&folder.path)?;
        make_folder(&folder.keys())?;
        Ok(folder)
    }

    fn keys(&self) -> PathBuf {
        self.path.join("keys")
    }

    /// Where the key that wraps all others is kept, unless the configuration says otherwise.
    pub(crate) fn master_key_path(config: &Config) -> PathBuf {
        let default = || config.data().join("keys").join("master.key");
        config.master_key_file.clone().unwrap_or_else(default)
    }

    /// The key that wraps all others; made at the first start.
    pub(crate) fn master_key(config: &Config, entropy: &dyn Entropy) -> Result<MasterKey> {
        if let Some(text) = &config.master_key {
            return MasterKey::from_text(text.reveal()).context("master_key");
        }
        let path = Self::master_key_path(config);
        match MasterKey::read(&path) {
            Err(error) if error.is_key_file_missing() && config.master_key_file.is_none() => {
                // Of two servers that start at once, one makes the key and the other reads it.
                MasterKey::create(&path, entropy).or_else(|_| MasterKey::read(&path))
            }
            read => read,
        }
        .map_err(Into::into)
    }

    /// The key that signs access tokens; made at the first start.
    pub(crate) fn signing_key(&self) -> Result<SigningKey> {
        Ok(SigningKey::open(&self.keys().join("signing.key"))?)
    }

    /// Where the secret is kept that signs the logs of events.
    pub(crate) fn ledger_key_path(&self) -> PathBuf {
        self.keys().join("ledger.key")
    }

    /// Keeps other processes from opening the embedded database as long as the value lives.
    ///
    /// # Errors
    /// When another process has it.
    pub(crate) fn lock(&self) -> Result<File> {
        lock_folder(&self.path)
    }

    /// Where a demonstration says what it is.
    pub(crate) fn demo_file(&self) -> PathBuf {
        self.path.join("demo.json")
    }
}

/// Keeps other processes from a folder as long as the value lives.
///
/// # Errors
/// When another process has it.
pub(crate) fn lock_folder(folder: &Path) -> Result<File> {
    let path = folder.join("lock");
    let file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .open(&path)
        .with_context(|| format!("can't open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!("another process serves the data folder {}", folder.display())
        }
        Err(TryLockError::Error(error)) => Err(error).context("can't lock the data folder"),
    }
}

/// Makes a folder for its owner alone, when it is missing.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(path)
        .with_context(|| format!("can't make the folder {}", path.display()))
}

/// Writes a file that its owner alone may read, whole or not at all; it is on the disk then.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = path.with_added_extension("new");
    // One that a crash left behind may have another mode.
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file =
        fs::OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    // Without this the old name could come back after a loss of power.
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}
