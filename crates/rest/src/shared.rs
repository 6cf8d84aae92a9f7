//! One transaction for several steps: the operations of a batch, or a request and what is kept of
//! its answer.

use mainstay_kernel::{Context, Error, Kernel, Repeatable, Result, Work};
use std::sync::{Mutex, PoisonError};

/// The work that steps hand to each other. A step that fails drops it, and with it what all steps
/// before it have changed.
#[derive(Debug)]
pub(crate) struct Shared {
    work: Mutex<Option<Held>>,
    /// The request whose key the work has taken.
    claimed: Option<Repeatable>,
}

struct Held(Work);

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Work")
    }
}

impl Shared {
    /// Work that the first step takes.
    pub(crate) async fn begin(kernel: &Kernel, context: &Context) -> Result<Self> {
        let work = kernel.begin(context).await?;
        Ok(Self { work: Mutex::new(Some(Held(work))), claimed: None })
    }

    /// The same with a request's key taken; none when it was used before.
    pub(crate) async fn claim(
        kernel: &Kernel,
        context: &Context,
        request: Repeatable,
    ) -> Result<Option<Self>> {
        let Some(work) = claim(kernel, context, &request).await? else {
            return Ok(None);
        };
        Ok(Some(Self { work: Mutex::new(Some(Held(work))), claimed: Some(request) }))
    }

    /// Begins anew after a step that failed; false when somebody else has used the key meanwhile.
    pub(crate) async fn begin_again(&self, kernel: &Kernel, context: &Context) -> Result<bool> {
        let work = match &self.claimed {
            Some(request) => claim(kernel, context, request).await?,
            None => Some(kernel.begin(context).await?),
        };
        let has_begun = work.is_some();
        if let Some(work) = work {
            self.put(work);
        }
        Ok(has_begun)
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

/// Work that has a request's key; none when it was used before.
async fn claim(kernel: &Kernel, context: &Context, request: &Repeatable) -> Result<Option<Work>> {
    let mut work = kernel.begin(context).await?;
    if work.claim(request).await? {
        return Ok(Some(work));
    }
    // Another request with the key was under way, and has ended. Requests may share a commit: when
    // this one is durable, so is the other.
    work.commit().await?;
    Ok(None)
}
