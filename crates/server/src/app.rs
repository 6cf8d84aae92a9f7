//! What all requests share.

use crate::changes::Tails;
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::setup::Setup;
use bytes::Bytes;
use mainstay_audit::ledger::{Cosigning, Sequencer};
use mainstay_identity::Identity;
use mainstay_kernel::{Identifiers, JobRunner, JobStats, Kernel};
use mainstay_rest::Rest;
use mainstay_vault::Entropy;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;

/// What a started server works with.
pub struct Services {
    /// The data.
    pub kernel: Kernel,
    /// The data API.
    pub rest: Rest,
    /// Who is who.
    pub identity: Arc<Identity>,
    /// Makes the logs of events grow.
    pub sequencer: Sequencer,
    /// Shows the platform's log to witnesses.
    pub cosigning: Cosigning,
    /// The link by which the first administrator comes in, while there is none.
    pub setup: Option<Setup>,
}

/// The state of a server, from its first connection to its last.
pub(crate) struct App {
    pub(crate) settings: Settings,
    pub(crate) metrics: Metrics,
    pub(crate) request_ids: Identifiers,
    pub(crate) clock: Arc<dyn mainstay_kernel::Clock>,
    /// Kibibytes of memory that bodies may still take.
    pub(crate) body_memory: Arc<Semaphore>,
    /// The logs that are followed for those who listen to changes.
    pub(crate) tails: Tails,
    services: OnceLock<Services>,
    /// What `/openapi.json` answers.
    pub(crate) description: OnceLock<Bytes>,
    jobs: Mutex<Option<JobRunner>>,
    stopping: AtomicBool,
    in_flight: AtomicUsize,
}

/// How far the life of a server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Its database is opened and migrated.
    Starting,
    /// It works.
    Serving,
    /// It finishes what it accepted.
    Stopping,
}

/// A request that counts as being worked on until this is dropped.
pub(crate) struct InFlight<'a>(&'a App);

impl App {
    pub(crate) fn new(
        settings: Settings,
        metrics: Metrics,
        clock: Arc<dyn mainstay_kernel::Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let kibibytes = (settings.body_memory_bytes / 1024).min(Semaphore::MAX_PERMITS);
        Self {
            settings,
            metrics,
            request_ids: Identifiers::new(entropy),
            clock,
            body_memory: Arc::new(Semaphore::new(kibibytes)),
            tails: Tails::default(),
            services: OnceLock::new(),
            description: OnceLock::new(),
            jobs: Mutex::default(),
            stopping: AtomicBool::new(false),
            in_flight: AtomicUsize::new(0),
        }
    }

    /// What the server works with, once it has started.
    pub(crate) fn services(&self) -> Option<&Services> {
        self.services.get()
    }

    pub(crate) fn start(&self, services: Services, jobs: JobRunner) {
        *self.jobs.lock() = Some(jobs);
        // A server starts once; a second set of services would be a fault of this crate.
        let _ = self.services.set(services);
    }

    /// What jobs did since the start.
    pub(crate) fn job_stats(&self) -> Vec<JobStats> {
        self.jobs.lock().as_ref().map(JobRunner::stats).unwrap_or_default()
    }

    /// Lets running jobs finish.
    pub(crate) async fn stop_jobs(&self) {
        let jobs = self.jobs.lock().take();
        if let Some(jobs) = jobs {
            jobs.stop().await;
        }
    }

    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    pub(crate) fn phase(&self) -> Phase {
        if self.stopping.load(Ordering::Acquire) {
            Phase::Stopping
        } else if self.services.get().is_some() {
            Phase::Serving
        } else {
            Phase::Starting
        }
    }

    /// Admits a request, unless as many as the server takes are being worked on.
    pub(crate) fn admit(&self) -> Option<InFlight<'_>> {
        let before = self.in_flight.fetch_add(1, Ordering::Relaxed);
        let admitted = InFlight(self);
        (before < self.settings.requests_max).then_some(admitted)
    }

    /// Requests being worked on.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
