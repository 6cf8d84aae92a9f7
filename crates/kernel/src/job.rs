//! Jobs: work that happens later or again.
//!
//! A row of a queue entity is one job. A server claims rows that are due under a lease, runs
//! their handler and writes the outcome; a crash gives the row back when the lease ends, so that
//! any number of servers may share one database. A handler runs at least once; what it writes
//! with [`Job::finish`] commits with the outcome, and so exactly once.
//!
//! Servers compare lease ends with their own clocks, which must agree within a fraction of the
//! shortest lease.
//!
//! A schedule is a handler that runs again and again, once over all servers. Its state is a row
//! of [`JobState`](crate::entities::JobState), which is claimed as any other.

mod attempt;
mod backoff;
mod claim;
mod failure;
mod handler;
mod lease;
mod line;
mod queue;
mod registry;
mod runner;
mod schedule;
mod state;
mod stats;
mod worker;

pub use backoff::Backoff;
pub use failure::Failure;
pub use handler::{Finished, Job, JobFuture, JobHandler};
pub use queue::{Queue, QueueColumns, QueueMeta, QueueStates};
pub use registry::{QueueJob, Schedule};
pub use runner::{JobRunner, JobSettings};
pub use schedule::{ScheduleHandler, Tick};
pub use stats::JobStats;

pub(crate) use registry::Jobs;
