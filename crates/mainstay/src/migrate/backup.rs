//! Backups before migrations (S3-B119): a copy of an embedded database, or what the operator's own
//! command makes.

use crate::config::Config;
use crate::data_folder::make_folder;
use anyhow::{Context, Result, ensure};
use mainstay_entity::Catalog;
use mainstay_store::migrate::{self, Options};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Copies that are kept unless the configuration says otherwise.
const KEPT: usize = 3;

/// What stands between the time and the version in the names of copies.
const BEFORE: &str = "-before-";

/// Makes a backup when a migration is going to change a database that somebody uses; gives the
/// copy, where one was made here.
///
/// # Errors
/// When there is no room for the copy, or the command fails: nothing may be migrated then.
pub(super) async fn make(
    config: &Config,
    catalog: &Arc<Catalog>,
    options: &Options,
) -> Result<Option<PathBuf>> {
    let database = config.migrations();
    let status = migrate::status(&database, catalog, options).await?;
    let mut steps = status.pending + status.building;
    if options.allow_data_loss {
        steps += status.blocked + status.held;
    } else if status.blocked > 0 {
        return Ok(None);
    }
    if status.state.is_none() || steps == 0 {
        return Ok(None);
    }
    if let Some(command) = config.backup_command.clone() {
        tokio::task::spawn_blocking(move || run(&command)).await??;
        return Ok(None);
    }
    let kept = config.migration_backups.unwrap_or(KEPT);
    if config.database.is_some() || kept == 0 {
        return Ok(None);
    }
    let folder = config.data().join("backups");
    make_folder(&folder)?;
    let time = options.now.strftime("%Y%m%dT%H%M%SZ");
    let path = folder.join(format!("{time}{BEFORE}{}.db", options.binary_version));
    let made = keep_copy(&database, &path).await;
    made.context(
        "no backup could be made, so nothing is migrated (migration_backups = 0 goes without)",
    )?;
    remove_old(&folder, kept)?;
    Ok(Some(path))
}

/// Runs the operator's command to its end.
fn run(command: &str) -> Result<()> {
    let status = Command::new("sh").args(["-c", command]).stdin(Stdio::null()).status();
    let status = status.context("backup_command can't be run")?;
    ensure!(status.success(), "backup_command failed ({status}), so nothing is migrated");
    Ok(())
}

/// Writes a copy under another name first, so that what has the name is whole.
async fn keep_copy(database: &mainstay_store::Config, path: &Path) -> Result<()> {
    let new = path.with_added_extension("new");
    remove(&new)?;
    migrate::copy_file(database, &new).await?;
    fs::rename(&new, path)?;
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

/// Removes copies but the newest ones.
fn remove_old(folder: &Path, kept: usize) -> Result<()> {
    let mut copies = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let is_whole = path.extension().is_some_and(|end| end == "db");
        if is_whole && name.is_some_and(|name| name.contains(BEFORE)) {
            copies.push(path);
        }
    }
    // Their names begin with their times.
    copies.sort();
    let old = copies.len().saturating_sub(kept);
    copies[..old].iter().try_for_each(|path| remove(path)).map_err(Into::into)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
