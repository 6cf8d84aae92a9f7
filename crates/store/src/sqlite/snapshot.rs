//! Read transactions that serve more than one read.

use super::error::fault;
use super::progress::Progress;
use crate::error::Result;
use rusqlite::Connection;

/// Reads after which a snapshot is renewed in any case: another process may have written.
const READS_MAX: u32 = 64;

/// The read transaction of one connection. Opening one costs as much as a small read, so it is
/// kept until the writer commits something.
///
/// While it is open the write-ahead log can't be reused: whoever keeps it ends it when idle or
/// when [`Progress::log_ends`].
#[derive(Default)]
pub(super) struct Snapshot {
    open: Option<Open>,
}

struct Open {
    commits: u64,
    reads: u32,
}

impl Snapshot {
    /// Sees to it that the next read finds every commit that was answered before.
    pub(super) fn renew(&mut self, connection: &Connection, progress: &Progress) -> Result<()> {
        // Read before the snapshot is taken, so that it is never younger than it says.
        let commits = progress.commits();
        if let Some(open) = &mut self.open {
            if open.commits == commits && open.reads < READS_MAX && !progress.log_ends() {
                open.reads += 1;
                return Ok(());
            }
            self.end(connection);
        }
        connection.prepare_cached("BEGIN").and_then(|mut s| s.raw_execute()).map_err(fault)?;
        self.open = Some(Open { commits, reads: 1 });
        Ok(())
    }

    /// Lets go of the log.
    pub(super) fn end(&mut self, connection: &Connection) {
        if self.open.take().is_none() {
            return;
        }
        let ended = connection.prepare_cached("COMMIT").and_then(|mut s| s.raw_execute());
        if let Err(error) = ended {
            tracing::warn!(%error, "a read transaction did not end");
        }
    }
}
