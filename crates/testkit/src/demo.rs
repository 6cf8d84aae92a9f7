//! The demonstration's data, loaded once and copied for each test: loading takes seconds, a copy
//! takes a moment.

use crate::database::{Postgres, TestDatabase};
use crate::local::temp_dir;
use crate::process::{MainstayProcess, serve_command};
use crate::shared::{open_lock, user_directory};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use tempfile::TempDir;

/// The database that copies are made of.
const TEMPLATE: &str = "mainstay_demo";

/// A data folder, and a database on the given PostgreSQL, with what `serve --demo` of this binary
/// loads.
pub async fn demo_data(
    binary: &Path,
    postgres: Option<&Postgres>,
) -> (TempDir, Option<TestDatabase>) {
    let copy = temp_dir();
    let directory = user_directory().expect("the temporary directory is ours");
    let engine = if postgres.is_some() { "postgres" } else { "sqlite" };
    let lock = open_lock(&directory.join(format!("demo-{engine}.lock"))).expect("a lock opens");
    let home = directory.join(format!("demo-{engine}"));
    // Whoever comes first loads; the others wait for it, and copy one after the other.
    lock.lock().expect("a lock is waited for");
    let key = key(binary, postgres).expect("the binary is there");
    let is_there = match postgres {
        Some(postgres) => postgres.has_database(TEMPLATE).await,
        None => true,
    };
    if !is_there || fs::read_to_string(home.join("key")).ok() != Some(key.clone()) {
        load(binary, postgres, &home).await;
        fs::write(home.join("key"), key).expect("the folder is writable");
    }
    copy_folder(&home.join("data"), copy.path()).expect("a folder can be copied");
    let database = match postgres {
        Some(postgres) => Some(postgres.copy_of(TEMPLATE).await),
        None => None,
    };
    (copy, database)
}

/// What the loaded data depend on: the binary, and where the database is.
fn key(binary: &Path, postgres: Option<&Postgres>) -> io::Result<String> {
    let file = fs::metadata(binary)?;
    let url = postgres.map_or("", Postgres::superuser_url);
    Ok(format!("{} {} {} {url}", binary.display(), file.len(), file.mtime_nsec() + file.mtime()))
}

async fn load(binary: &Path, postgres: Option<&Postgres>, home: &Path) {
    let _ = fs::remove_dir_all(home);
    fs::create_dir_all(home).expect("the folder can be made");
    let mut command = serve_command(binary);
    command.arg("--demo").arg("--data").arg(home.join("data"));
    if let Some(postgres) = postgres {
        let database = postgres.template(TEMPLATE).await;
        command.args(["--database", &database.app_url]);
        command.args(["--migrate-database", &database.owner_url]);
    }
    let process = MainstayProcess::start(command).unwrap_or_else(|error| panic!("{error:?}"));
    let (status, output) = process.stop();
    assert!(status.success(), "{output}");
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    fs::set_permissions(to, fs::metadata(from)?.permissions())?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
