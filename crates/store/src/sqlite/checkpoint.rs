//! Moving the write-ahead log into the file.
//!
//! `SQLite` would do it within every thousandth commit or so, and could reuse the log only when
//! no reader happened to look into it, which under constant reads is never. Here a thread of its
//! own copies the bulk while the writer goes on. The writer then copies the little that came
//! meanwhile and, with nobody writing, waits a moment until the readers have left the log.

use super::connection::{BUSY_TIMEOUT, open_writer};
use super::error::fault;
use super::progress::Progress;
use super::quick::Quick;
use crate::error::Result;
use rusqlite::Connection;
use rusqlite::hooks::Wal;
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// Pages in the log after which it is moved: 40 MiB. Shorter logs are copied more often, longer
/// ones are slower to read and recover.
pub(super) const PAGES: i32 = 10_000;
/// Pages that the thread may leave for the writer to copy, some milliseconds' worth.
const REST: i64 = 500;
/// Most times that the thread copies before the writer's turn.
const PASSES: usize = 4;
/// How long the writer waits for readers to leave the log.
const WAIT: Duration = Duration::from_millis(40);
/// Pages that the log grows by before the writer waits again.
const RETRY: i32 = PAGES / 4;

thread_local! {
    /// Pages in the log after the last commit of this thread.
    static LOG: Cell<i32> = const { Cell::new(0) };
}

/// The writer's end: sees to it that the log is reused.
pub(super) struct Checkpoints {
    copy: SyncSender<()>,
    copied: Arc<AtomicBool>,
    /// Length of the log at which something is done about it.
    next: Cell<i32>,
    /// Whether the bulk is being copied.
    copying: Cell<bool>,
}

/// The thread's end: copies the bulk.
pub(super) struct Copier {
    path: PathBuf,
    asked: Receiver<()>,
    copied: Arc<AtomicBool>,
}

/// Takes the log of the writer's connection over.
pub(super) fn take_over(connection: &Connection, path: &Path) -> (Checkpoints, Copier) {
    connection.wal_hook(Some(note_length));
    let (copy, asked) = sync_channel(1);
    let copied = Arc::new(AtomicBool::new(false));
    let copier = Copier { path: path.to_owned(), asked, copied: copied.clone() };
    let (next, copying) = (Cell::new(PAGES), Cell::new(false));
    (Checkpoints { copy, copied, next, copying }, copier)
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a hook")]
fn note_length(_log: &Wal, pages: i32) -> rusqlite::Result<()> {
    LOG.set(pages);
    Ok(())
}

impl Checkpoints {
    /// Called by the writer between commits.
    pub(super) fn tend(&self, connection: &Connection, progress: &Progress, quick: &Quick) {
        let pages = LOG.get();
        if pages < self.next.get() {
            return;
        }
        if !self.copying.get() {
            quick.end_snapshots();
            // It takes one request at a time, so there is room.
            self.copying.set(self.copy.try_send(()).is_ok());
        } else if self.copied.swap(false, Ordering::Acquire) {
            self.copying.set(false);
            progress.set_log_ends(true);
            quick.end_snapshots();
            let restarted = restart(connection);
            progress.set_log_ends(false);
            self.next.set(match restarted {
                Ok(true) => PAGES,
                // Some reader takes its time. The log grows meanwhile.
                Ok(false) => pages.saturating_add(RETRY),
                Err(error) => {
                    tracing::warn!(%error, "the write-ahead log was not moved into the file");
                    pages.saturating_add(RETRY)
                }
            });
        }
    }
}

/// Copies what is left and makes the next commit begin the log anew. False if readers use it.
fn restart(connection: &Connection) -> Result<bool> {
    connection.busy_timeout(WAIT).map_err(fault)?;
    let busy = checkpoint(connection, "RESTART");
    connection.busy_timeout(BUSY_TIMEOUT).map_err(fault)?;
    Ok(!busy?)
}

/// Copies the whole log and cuts it to nothing, when the file is closed.
pub(super) fn finish(connection: &Connection) {
    match checkpoint(connection, "TRUNCATE") {
        Ok(false) => {}
        Ok(true) => tracing::warn!("the write-ahead log stays: another process reads the file"),
        Err(error) => tracing::warn!(%error, "the write-ahead log was not moved into the file"),
    }
}

/// Whether a checkpoint could not be finished because of others.
fn checkpoint(connection: &Connection, mode: &str) -> Result<bool> {
    connection
        .query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| row.get(0))
        .map_err(fault)
}

/// Copies what is in the log, and what came meanwhile, until little is left for the writer.
fn copy(connection: &Connection) -> Result<()> {
    let mut before = 0;
    for _ in 0..PASSES {
        let copied: i64 = connection
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(2))
            .map_err(fault)?;
        if copied - before < REST {
            break;
        }
        before = copied;
    }
    Ok(())
}

impl Copier {
    /// Works until the writer has gone.
    pub(super) fn run(self) {
        for () in &self.asked {
            if let Err(error) = open_writer(&self.path).and_then(|c| copy(&c)) {
                tracing::warn!(%error, "the write-ahead log was not copied");
            }
            self.copied.store(true, Ordering::Release);
        }
    }
}
