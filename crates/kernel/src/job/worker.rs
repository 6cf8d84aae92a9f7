//! The loop that claims rows of one line and runs them.

use super::attempt::attempt;
use super::backoff::scale;
use super::claim::{claim, oldest_due};
use super::lease::Lease;
use super::line::Line;
use super::runner::JobSettings;
use super::stats::{Counters, Outcome};
use crate::error::{Error, Result};
use crate::kernel::Kernel;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};
use tracing::{Instrument, info_span, warn};

/// What one worker owns.
pub(super) struct Worker {
    pub(super) kernel: Kernel,
    pub(super) line: Arc<Line>,
    pub(super) settings: JobSettings,
    pub(super) counters: Arc<Counters>,
    pub(super) stopped: watch::Receiver<bool>,
}

/// The attempts that run, each in a task.
#[derive(Default)]
struct Running {
    tasks: JoinSet<Outcome>,
    leases: HashMap<Id, Arc<Lease>>,
}

impl Worker {
    /// Claims and runs rows until it is told to stop.
    pub(super) async fn run(mut self) {
        let mut running = Running::default();
        let mut next_look = Instant::now();
        let mut is_reachable = true;
        // Whether there may be rows to claim.
        let mut hungry = false;
        loop {
            if hungry {
                let claimed = self.claim(&mut running).await;
                hungry = *claimed.as_ref().unwrap_or(&false);
                self.note(claimed.as_ref().err(), &mut is_reachable);
            }
            tokio::select! {
                _ = self.stopped.changed() => break,
                Some(ended) = running.next() => self.counters.ended(ended),
                () = self.line.wake.notified() => hungry = true,
                () = sleep_until(next_look) => {
                    next_look = Instant::now() + self.pause();
                    let looked = self.look().await;
                    hungry |= *looked.as_ref().unwrap_or(&false);
                    self.note(looked.as_ref().err(), &mut is_reachable);
                }
            }
        }
        self.drain(running).await;
    }

    /// Claims as many rows as handlers are free. Gives whether there may be more.
    async fn claim(&self, running: &mut Running) -> Result<bool> {
        let room = self.line.queue.meta.concurrency.saturating_sub(running.leases.len());
        if room == 0 {
            return Ok(true);
        }
        if self.is_paused() {
            return Ok(false);
        }
        let claimed = claim(&self.kernel, &self.line, &self.settings.server, room).await?;
        self.counters.claimed(claimed.len());
        let more = claimed.len() == room;
        for lease in claimed {
            running.start(lease, &self.line);
        }
        Ok(more)
    }

    /// Looks for rows that are due. A look takes no lock, and on `SQLite` no turn of the writer.
    async fn look(&self) -> Result<bool> {
        let oldest = oldest_due(&self.kernel, &self.line).await?;
        self.counters.set_oldest_due(oldest);
        Ok(oldest.is_some())
    }

    fn is_paused(&self) -> bool {
        self.kernel.jobs().paused.read().contains(&self.line.name)
    }

    /// The time to the next look, between 3/4 and 5/4 of the setting: servers spread.
    fn pause(&self) -> Duration {
        let mut random = [0; 8];
        self.kernel.entropy().fill(&mut random);
        let half = u64::try_from(self.settings.poll.as_micros() / 2).unwrap_or(u64::MAX);
        let jitter = Duration::from_micros(scale(half, u64::from_le_bytes(random)));
        self.settings.poll / 4 * 3 + jitter
    }

    /// Tells of an outage once, not with every look.
    fn note(&self, error: Option<&Error>, is_reachable: &mut bool) {
        if let (Some(error), true) = (error, *is_reachable) {
            warn!(queue = self.line.name, %error, "jobs are not claimed");
        }
        *is_reachable = error.is_none();
    }

    /// Waits for what runs; after the deadline its rows are given back.
    async fn drain(&self, mut running: Running) {
        let deadline = sleep(self.settings.stop_deadline);
        tokio::pin!(deadline);
        while !running.leases.is_empty() {
            tokio::select! {
                Some(ended) = running.next() => self.counters.ended(ended),
                () = &mut deadline => break,
            }
        }
        running.tasks.shutdown().await;
        for lease in running.leases.into_values() {
            self.counters.ended(Outcome::Lost);
            if let Err(error) = lease.release().await {
                warn!(queue = self.line.name, %error, "a row is held until its lease ends");
            }
        }
    }
}

impl Running {
    fn start(&mut self, lease: Arc<Lease>, line: &Line) {
        let span = info_span!(
            "job",
            queue = line.name,
            row = crate::event::row_key(&line.queue.table, &lease.row),
            attempt = lease.attempt
        );
        let attempt = attempt(lease.clone(), line.handler.clone()).instrument(span);
        let task = self.tasks.spawn(attempt);
        self.leases.insert(task.id(), lease);
    }

    /// Waits for an attempt to end; none when none runs.
    async fn next(&mut self) -> Option<Outcome> {
        let ended = self.tasks.join_next_with_id().await?;
        // An attempt catches the panics of its handler, and only shutdown cancels it.
        let (task, outcome) = ended.unwrap_or_else(|error: JoinError| (error.id(), Outcome::Lost));
        self.leases.remove(&task);
        Some(outcome)
    }
}
