//! Reads of one row by its key, which whoever asks runs himself.
//!
//! Handing such a read to a thread costs as much as the read. It looks at a handful of pages, so
//! it can't keep anybody waiting; everything else goes to the readers.

use super::connection::{Deadline, open_reader};
use super::progress::Progress;
use super::run;
use super::snapshot::Snapshot;
use super::tables::Tables;
use crate::assemble::{Assembly, Reading};
use crate::error::Result;
use parking_lot::Mutex;
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Connections for quick reads.
pub(super) struct Quick {
    slots: Vec<Mutex<Option<Slot>>>,
    tables: Arc<Tables>,
    progress: Arc<Progress>,
    timeout: Duration,
}

struct Slot {
    connection: Connection,
    deadline: Deadline,
    snapshot: Snapshot,
}

impl Quick {
    /// Opens so many connections to a file that exists.
    pub(super) fn open(
        path: &Path,
        connections: usize,
        tables: Arc<Tables>,
        progress: Arc<Progress>,
        timeout: Duration,
    ) -> Result<Self> {
        let slot = || {
            let connection = open_reader(path)?;
            let deadline = Deadline::watch(&connection);
            let snapshot = Snapshot::default();
            Ok(Mutex::new(Some(Slot { connection, deadline, snapshot })))
        };
        let slots = (0..connections).map(|_| slot()).collect::<Result<_>>()?;
        Ok(Self { slots, tables, progress, timeout })
    }

    /// Runs a quick read; gives anything else back, and what comes while every connection is
    /// in use.
    pub(super) fn read(
        &self,
        assembly: Box<Assembly>,
    ) -> std::result::Result<Result<Reading>, Box<Assembly>> {
        if !assembly.finds_one_row() {
            return Err(assembly);
        }
        for slot in &self.slots {
            if let Some(Some(slot)) = slot.try_lock().as_deref_mut() {
                return Ok(slot.read(self, *assembly));
            }
        }
        Err(assembly)
    }

    /// Lets go of the log, so that it can be copied and reused. A read that runs keeps it until
    /// the next one.
    pub(super) fn end_snapshots(&self) {
        for slot in &self.slots {
            if let Some(Some(slot)) = slot.try_lock().as_deref_mut() {
                slot.snapshot.end(&slot.connection);
            }
        }
    }

    /// Closes the connections.
    pub(super) fn close(&self) {
        for slot in &self.slots {
            *slot.lock() = None;
        }
    }
}

impl Slot {
    fn read(&mut self, quick: &Quick, assembly: Assembly) -> Result<Reading> {
        self.snapshot.renew(&self.connection, &quick.progress)?;
        self.deadline.start(quick.timeout);
        let answer = run::read(&self.connection, &quick.tables, assembly);
        self.deadline.clear();
        if quick.progress.log_ends() {
            self.snapshot.end(&self.connection);
        }
        answer
    }
}
