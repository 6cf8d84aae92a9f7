//! What runs for a claimed row.

use super::failure::Failure;
use super::lease::Lease;
use super::queue::Queue;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::kernel::Kernel;
use crate::work::Work;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

/// One attempt at a row of a queue.
///
/// A handler does what is slow, such as a call to another system, outside of any unit of work,
/// then writes what came of it with [`Job::finish`]. It may run again after a crash, so what it
/// does elsewhere carries the row's identifier as an idempotency key.
pub struct Job<E> {
    /// The row as it was claimed.
    pub row: E,
    lease: Arc<Lease>,
}

/// Proof that the outcome of a job is written; [`Job::finish`] and [`Job::done`] alone make it.
pub struct Finished(pub(super) ());

/// What runs when a row of a queue is due: an `async fn(Job<E>) -> Result<Finished, Failure>`.
pub trait JobHandler<E>: Send + Sync + 'static {
    /// Makes one attempt.
    fn run(&self, job: Job<E>) -> JobFuture;
}

/// A running attempt.
pub type JobFuture = Pin<Box<dyn Future<Output = Result<Finished, Failure>> + Send>>;

impl<E, F, R> JobHandler<E> for F
where
    F: Fn(Job<E>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Finished, Failure>> + Send + 'static,
{
    fn run(&self, job: Job<E>) -> JobFuture {
        Box::pin(self(job))
    }
}

impl<E> Job<E> {
    /// Which attempt this is, from 1.
    pub fn attempt(&self) -> i64 {
        self.lease.attempt
    }

    /// Whether a failure is final.
    pub fn is_last_attempt(&self) -> bool {
        self.lease.is_last_attempt()
    }

    /// The kernel.
    pub fn kernel(&self) -> &Kernel {
        &self.lease.kernel
    }

    /// The system in the row's organisation, now.
    pub fn context(&self) -> Context {
        self.lease.context()
    }

    /// Begins a unit of work in the row's organisation. Nobody else writes the row meanwhile, its
    /// lease included: begin late, commit soon.
    pub async fn begin(&self) -> Result<Work> {
        self.kernel().begin(&self.context()).await
    }

    /// Commits a unit of work together with the success of this job: both or none.
    ///
    /// # Errors
    /// When the row is held by somebody else by now, or the store refuses.
    pub async fn finish(self, work: Work) -> Result<Finished, Failure> {
        self.lease.complete(work).await.map(Finished)
    }

    /// Writes the success of a job that has nothing else to write.
    ///
    /// # Errors
    /// As [`Job::finish`].
    pub async fn done(self) -> Result<Finished, Failure> {
        let work = self.begin().await?;
        self.finish(work).await
    }
}

/// A handler of rows whose type is forgotten.
pub(crate) trait Handle: Send + Sync {
    fn handle(&self, lease: Arc<Lease>) -> JobFuture;
}

/// A handler of typed rows.
pub(super) struct TypedHandler<E, H> {
    handler: H,
    entity: PhantomData<fn(E)>,
}

impl<E: Queue, H: JobHandler<E>> TypedHandler<E, H> {
    pub(super) fn new(handler: H) -> Self {
        Self { handler, entity: PhantomData }
    }
}

impl<E: Queue, H: JobHandler<E>> Handle for TypedHandler<E, H> {
    fn handle(&self, lease: Arc<Lease>) -> JobFuture {
        match E::from_record(lease.row.clone()) {
            Ok(row) => self.handler.run(Job { row, lease }),
            Err(error) => Box::pin(async move { Err(Error::internal(error).into()) }),
        }
    }
}
