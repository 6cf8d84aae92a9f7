//! One transaction for several steps: the operations of a batch, or a request and what is kept of
//! its answer.

use mainstay_kernel::{Error, Result, Work};
use std::sync::{Mutex, PoisonError};

/// The work that steps hand to each other. A step that fails drops it, and with it what all steps
/// before it have changed.
#[derive(Debug)]
pub(crate) struct Shared {
    work: Mutex<Option<Held>>,
}

struct Held(Work);

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Work")
    }
}

impl Shared {
    /// Work that the first step takes.
    pub(crate) fn new(work: Work) -> Self {
        Self { work: Mutex::new(Some(Held(work))) }
    }

    /// The work, for one step.
    pub(crate) fn take(&self) -> Result<Work> {
        let held = self.work.lock().unwrap_or_else(PoisonError::into_inner).take();
        held.map(|held| held.0).ok_or_else(|| Error::internal("a step after one that failed"))
    }

    /// Gives the work to the next step.
    pub(crate) fn put(&self, work: Work) {
        *self.work.lock().unwrap_or_else(PoisonError::into_inner) = Some(Held(work));
    }
}
