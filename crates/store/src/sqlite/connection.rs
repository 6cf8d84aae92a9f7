//! Opening database files.

use super::error::fault;
use super::functions;
use crate::error::{Error, ErrorKind, Result};
use parking_lot::Mutex;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a connection waits for a lock that another process holds.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Prepared statements kept per connection.
const STATEMENTS: usize = 256;
/// Pages in the write-ahead log after which a commit moves them into the file, as long as nobody
/// has taken that over.
const LOG_PAGES: i32 = super::checkpoint::PAGES;
/// Size to which the write-ahead log is cut after a checkpoint, in bytes.
const LOG_BYTES: u32 = 64 << 20;
/// Page cache of the writer, in KiB.
const WRITER_CACHE_KIB: u32 = 32 << 10;
/// Page cache of a reader, in KiB.
const READER_CACHE_KIB: u32 = 8 << 10;
/// Virtual machine instructions between two looks at the deadline: some 50 µs.
const DEADLINE_STEPS: i32 = 1_000;

/// Opens the connection that writes, making the file (mode 0600) if there is none.
///
/// Every commit is synced before it returns. Usable before an engine runs, to migrate.
///
/// # Errors
/// [`ErrorKind::Unavailable`] when the file can't be opened, [`ErrorKind::Refused`] when it is
/// not a database.
pub(crate) fn open_writer(path: &Path) -> Result<Connection> {
    create_private(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|e| unavailable(&e))?;
    prepare(&connection, WRITER_CACHE_KIB)?;
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .map_err(|e| unavailable(&e))?;
    if mode != "wal" {
        let why = "the file system can't hold a write-ahead log".to_owned();
        return Err(ErrorKind::Unavailable(why).into());
    }
    connection
        .execute_batch(&format!(
            "PRAGMA synchronous = FULL;
             PRAGMA secure_delete = ON;
             -- Else REPLACE removes rows behind the back of the triggers that refuse it.
             PRAGMA recursive_triggers = ON;
             PRAGMA wal_autocheckpoint = {LOG_PAGES};
             PRAGMA journal_size_limit = {LOG_BYTES};
             -- Else what a savepoint may undo goes through files in /tmp.
             PRAGMA temp_store = MEMORY;"
        ))
        .map_err(|e| unavailable(&e))?;
    Ok(connection)
}

/// Opens a connection that only reads. The file exists.
pub(super) fn open_reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|e| unavailable(&e))?;
    prepare(&connection, READER_CACHE_KIB)?;
    connection.execute_batch("PRAGMA query_only = ON").map_err(|e| unavailable(&e))?;
    Ok(connection)
}

fn prepare(connection: &Connection, cache_kib: u32) -> Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT).map_err(fault)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A name in double quotes that is no column must not silently become text.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false).map_err(fault)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false).map_err(fault)?;
    // Else a plan may depend on the value of a parameter (a LIMIT is one), and a statement is
    // parsed again whenever one is bound: half of the time of a small read.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fault)?;
    connection
        .execute_batch(&format!(
            "PRAGMA foreign_keys = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA cache_size = -{cache_kib};
             PRAGMA mmap_size = 0;"
        ))
        .map_err(|e| unavailable(&e))?;
    rusqlite::vtab::array::load_module(connection).map_err(fault)?;
    functions::register(connection).map_err(fault)
}

/// Makes the file readable by its owner alone; the log and index files take its mode.
pub(crate) fn create_private(path: &Path) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(ErrorKind::Unavailable(format!("{}: {e}", path.display())).into()),
    }
}

fn unavailable(error: &rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => {
            ErrorKind::Refused("the file is not a database".to_owned()).into()
        }
        _ => ErrorKind::Unavailable(error.to_string()).into(),
    }
}

/// Stops the statements of one connection that run too long.
#[derive(Clone)]
pub(super) struct Deadline {
    at: Arc<Mutex<Option<Instant>>>,
}

impl Deadline {
    /// Watches a connection.
    pub(super) fn watch(connection: &Connection) -> Self {
        let at = Arc::new(Mutex::new(None::<Instant>));
        let watched = at.clone();
        connection.progress_handler(
            DEADLINE_STEPS,
            Some(move || watched.lock().is_some_and(|at| Instant::now() >= at)),
        );
        Self { at }
    }

    /// Lets what runs from now on take at most `limit`.
    pub(super) fn start(&self, limit: Duration) {
        *self.at.lock() = Instant::now().checked_add(limit);
    }

    /// Lets what runs from now on take as long as it needs.
    pub(super) fn clear(&self) {
        *self.at.lock() = None;
    }
}
