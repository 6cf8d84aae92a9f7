//! Running the jobs of one server.

use super::stats::{Counters, JobStats};
use super::{state, worker};
use crate::error::Result;
use crate::kernel::Kernel;
use crate::refusal;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tracing::{info, warn};

/// How jobs are run.
#[derive(Clone, Debug)]
pub struct JobSettings {
    /// The name of this server in leases, for people: host and process. Claims are told apart
    /// without it.
    pub server: String,
    /// How often other servers' rows, pauses and policy changes are looked for. Rows of this
    /// server are seen at once.
    pub poll: Duration,
    /// How long a stop waits for running handlers before it gives their rows back.
    pub stop_deadline: Duration,
}

impl JobSettings {
    /// A look each second, and 30 s to stop.
    pub fn new(server: impl Into<String>) -> Self {
        Self {
            server: server.into(),
            poll: Duration::from_secs(1),
            stop_deadline: Duration::from_secs(30),
        }
    }
}

/// Longest name of a server in a lease; the claim's own name follows it.
const MAX_SERVER_NAME: usize = 200;

/// The running jobs of one server. Dropped without [`JobRunner::stop`] it ends as in a crash:
/// rows go back when their leases end.
pub struct JobRunner {
    kernel: Kernel,
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
    counters: Vec<(String, Arc<Counters>)>,
}

impl JobRunner {
    /// Starts what the kernel's modules declare.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn start(kernel: Kernel, mut settings: JobSettings) -> Result<Self> {
        settings.server = settings.server.chars().take(MAX_SERVER_NAME).collect();
        state::ensure(&kernel, kernel.clock().now()).await?;
        state::refresh(&kernel).await?;
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let mut counters = Vec::new();
        for line in &kernel.jobs().lines {
            let own = Arc::new(Counters::default());
            counters.push((line.name.clone(), own.clone()));
            tasks.spawn(
                worker::Worker {
                    kernel: kernel.clone(),
                    line: line.clone(),
                    settings: settings.clone(),
                    counters: own,
                    stopped: stopped.clone(),
                }
                .run(),
            );
        }
        tasks.spawn(refusal::report_regularly(kernel.clone(), stopped.clone()));
        tasks.spawn(watch_changes(kernel.clone(), settings.poll, stopped));
        info!(lines = counters.len(), "jobs run");
        Ok(Self { kernel, tasks, stop, counters })
    }

    /// What was done since the start, per queue.
    pub fn stats(&self) -> Vec<JobStats> {
        let now = self.kernel.clock().now();
        self.counters.iter().map(|(name, counters)| counters.snapshot(name, now)).collect()
    }

    /// Claims nothing more, waits for running handlers, and gives back the rows of those that
    /// take longer than the deadline. Gives what was done since the start.
    pub async fn stop(mut self) -> Vec<JobStats> {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
        self.stats()
    }
}

/// Learns what other servers changed: who may do what, and which jobs are paused.
async fn watch_changes(kernel: Kernel, poll: Duration, mut stopped: watch::Receiver<bool>) {
    let mut ticks = interval(poll);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut was_reachable = true;
    loop {
        tokio::select! {
            _ = stopped.changed() => return,
            _ = ticks.tick() => {}
        }
        let polled = match kernel.poll_policy().await {
            Ok(()) => state::refresh(&kernel).await,
            failed => failed,
        };
        // Told once, not with every poll of an outage.
        if let (Err(error), true) = (&polled, was_reachable) {
            warn!(%error, "changes of other servers are not seen");
        }
        was_reachable = polled.is_ok();
    }
}
