//! Schedules: work that happens again and again, once over all servers.

use super::backoff::Backoff;
use super::failure::Failure;
use super::handler::{Finished, Handle, JobFuture};
use super::lease::Lease;
use super::queue::{Queue, QueueMeta, QueueStates, timestamp};
use crate::context::Context;
use crate::entities::JobState;
use crate::error::{Error, Result};
use crate::kernel::Kernel;
use crate::work::Work;
use jiff::{SpanRelativeTo, Timestamp};
use mainstay_entity::{Entity, Value};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// Shortest interval.
const MIN_INTERVAL: Duration = Duration::from_secs(1);

/// One run of a schedule.
pub struct Tick {
    kernel: Kernel,
    purpose: &'static str,
    /// When it was due.
    pub due_at: Timestamp,
    /// When the schedule last succeeded.
    pub last_run_at: Option<Timestamp>,
}

/// What runs on a schedule: an `async fn(Tick) -> Result<()>`.
pub trait ScheduleHandler: Send + Sync + 'static {
    /// Runs once.
    fn run(&self, tick: Tick) -> Pin<Box<dyn Future<Output = Result<()>> + Send>>;
}

impl<F, R> ScheduleHandler for F
where
    F: Fn(Tick) -> R + Send + Sync + 'static,
    R: Future<Output = Result<()>> + Send + 'static,
{
    fn run(&self, tick: Tick) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
        Box::pin(self(tick))
    }
}

impl Tick {
    /// The kernel.
    pub fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// The system on behalf of the platform, now.
    pub fn context(&self) -> Context {
        Context::system(self.purpose, None, self.kernel.clock().now())
    }

    /// Begins a unit of work of the platform.
    pub async fn begin(&self) -> Result<Work> {
        self.kernel.begin(&self.context()).await
    }
}

/// Schedules that are due run one beside the other; a failed one runs again soon.
impl Queue for JobState {
    const QUEUE: QueueMeta = QueueMeta {
        states: QueueStates { done: "pending", retrying: "pending", ..QueueMeta::STANDARD.states },
        concurrency: 64,
        timeout: Duration::from_hours(1),
        max_attempts: i32::MAX.cast_unsigned(),
        backoff: Backoff { base: Duration::from_secs(5), cap: Duration::from_mins(5) },
        ..QueueMeta::STANDARD
    };
}

/// Hands a due row of the schedules' states to its schedule.
pub(super) struct Dispatcher {
    pub(super) schedules: HashMap<String, Planned>,
    /// The column of [`JobState::last_run_at`].
    pub(super) last_run_at: usize,
}

/// A schedule with its interval.
#[derive(Clone)]
pub(super) struct Planned {
    pub(super) purpose: &'static str,
    pub(super) interval: Duration,
    pub(super) handler: Arc<dyn ScheduleHandler>,
}

impl Handle for Dispatcher {
    fn handle(&self, lease: Arc<Lease>) -> JobFuture {
        let state = match JobState::from_record(lease.row.clone()) {
            Ok(state) => state,
            Err(error) => return Box::pin(async move { Err(Error::internal(error).into()) }),
        };
        let Some(planned) = self.schedules.get(&*state.name).cloned() else {
            return Box::pin(async { Err(Failure::retry("this server lacks the schedule")) });
        };
        let last_run_at = self.last_run_at;
        Box::pin(async move {
            let began = lease.now();
            let tick = Tick {
                kernel: lease.kernel.clone(),
                purpose: planned.purpose,
                due_at: state.run_at,
                last_run_at: state.last_run_at,
            };
            planned.handler.run(tick).await?;
            let next = next_slot(state.run_at, planned.interval, lease.now());
            let queue = &lease.queue;
            let set = vec![
                (queue.status, Value::Text(queue.meta.states.done.to_owned())),
                (queue.run_at, timestamp(next)),
                (queue.attempts, Value::Int(0)),
                (last_run_at, timestamp(began)),
            ];
            let work = lease.kernel.begin(&lease.context()).await?;
            lease.complete_with(work, set).await.map(Finished)
        })
    }
}

/// The first slot after now: slots missed meanwhile are not made up for.
fn next_slot(previous: Timestamp, interval: Duration, now: Timestamp) -> Timestamp {
    let interval = i64::try_from(interval.as_micros()).unwrap_or(i64::MAX).max(1);
    let (previous, now) = (previous.as_microsecond(), now.as_microsecond());
    let missed = (now - previous).max(0) / interval;
    let next = (missed + 1).saturating_mul(interval).saturating_add(previous);
    Timestamp::from_microsecond(next).unwrap_or(Timestamp::MAX)
}

/// Reads an interval such as `30 seconds`, `1 minute` or `1 day` (of 24 hours).
pub(super) fn parse_interval(text: &str) -> Result<Duration, String> {
    let wrong = || format!("write an interval such as \"30 seconds\" or \"1 day\", not \"{text}\"");
    let span: jiff::Span = text.parse().map_err(|_| wrong())?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
    let length = Duration::try_from(length).map_err(|_| wrong())?;
    if length < MIN_INTERVAL {
        return Err(format!("an interval is at least one second, not \"{text}\""));
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::{Duration, next_slot, parse_interval};
    use jiff::Timestamp;

    #[test]
    fn intervals_are_read() {
        let seconds = |text| parse_interval(text).map(|interval| interval.as_secs());
        assert_eq!(seconds("1 minute"), Ok(60));
        assert_eq!(seconds("90 seconds"), Ok(90));
        assert_eq!(seconds("2h 30m"), Ok(9_000));
        assert_eq!(seconds("1 day"), Ok(86_400));
        assert_eq!(seconds("1 week"), Ok(604_800));
    }

    #[test]
    fn intervals_that_mean_nothing_are_refused() {
        for text in ["", "minute", "1 month", "0 seconds", "500ms", "-1 minute"] {
            assert!(parse_interval(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_next_slot_keeps_the_rhythm_and_skips_what_was_missed() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let next = |now| next_slot(at(100), Duration::from_mins(1), at(now)).as_second();
        assert_eq!(next(100), 160);
        assert_eq!(next(159), 160);
        assert_eq!(next(160), 220);
        assert_eq!(next(1_000), 1_060);
        // A clock that was set back.
        assert_eq!(next(10), 160);
    }
}
