//! The cluster that all tests of a run share.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::local::{block_on, memory_dir, random_hex};
use crate::tools::user_id;
use crate::{cluster, database, watchdog};

/// The environment variable with the URL of a superuser of the PostgreSQL to test on.
pub const URL_VARIABLE: &str = "MAINSTAY_TEST_POSTGRES";

/// A PostgreSQL that this process may use for as long as it keeps this value.
pub(crate) struct SharedCluster {
    /// The URL of the superuser.
    pub(crate) url: String,
    /// The lock that tells the watchdog that the cluster is in use.
    _in_use: Option<File>,
}

impl SharedCluster {
    /// The server at a superuser's URL, which somebody else keeps running.
    pub(crate) fn at(url: &str) -> Self {
        Self { url: url.to_owned(), _in_use: None }
    }

    /// The PostgreSQL that [`URL_VARIABLE`] names; without it, one per user of this machine, which
    /// the first process starts and a watchdog stops when none has used it for ten minutes.
    pub(crate) fn attach() -> io::Result<Self> {
        match std::env::var(URL_VARIABLE) {
            Ok(url) if !url.is_empty() => Ok(Self { url, _in_use: None }),
            _ => Self::join_or_start(),
        }
    }

    fn join_or_start() -> io::Result<Self> {
        let directory = user_directory()?;
        let users = directory.join("users");
        let in_use = open_lock(&users)?;
        in_use.lock_shared()?;
        let starting = open_lock(&directory.join("starting"))?;
        starting.lock()?;

        let url_file = directory.join("url");
        if let Some(url) = fs::read_to_string(&url_file).ok().filter(|url| is_reachable(url)) {
            return Ok(Self { url, _in_use: Some(in_use) });
        }
        let homes = memory_dir().unwrap_or(directory);
        let prefix = format!("mainstay-testkit-{}-cluster-", user_id(None)?);
        remove_leftovers(&homes, &prefix)?;
        let home = homes.join(format!("{prefix}{}", random_hex()));
        DirBuilder::new().mode(0o700).create(&home)?;
        let url = cluster::start(&home, None)?;
        watchdog::stop_when_unused(&home, &users, &url_file)?;
        write_privately(&url_file, &url)?;
        Ok(Self { url, _in_use: Some(in_use) })
    }
}

/// A folder in the temporary directory that is ours. Others may enter it, since the server may run
/// as another user, but read nothing.
pub(crate) fn user_directory() -> io::Result<PathBuf> {
    let uid = user_id(None)?;
    let directory = std::env::temp_dir().join(format!("mainstay-testkit-{uid}"));
    match DirBuilder::new().mode(0o711).create(&directory) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let metadata = fs::symlink_metadata(&directory)?;
    if metadata.is_dir() && metadata.uid() == uid {
        return Ok(directory);
    }
    Err(io::Error::other(format!("{} belongs to somebody else", directory.display())))
}

pub(crate) fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

fn write_privately(path: &Path, text: &str) -> io::Result<()> {
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

/// Removes what a crash of the machine left behind.
fn remove_leftovers(directory: &Path, prefix: &str) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

fn is_reachable(url: &str) -> bool {
    block_on(async {
        let connecting = database::connect(url);
        matches!(tokio::time::timeout(Duration::from_secs(5), connecting).await, Ok(Ok(_)))
    })
}
