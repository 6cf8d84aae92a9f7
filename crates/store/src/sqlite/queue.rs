//! A bounded queue from async callers to threads.

use crate::error::{Error, ErrorKind, Result};
use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// Jobs that wait for a thread. When it is full, callers wait a little and are then refused.
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    ready: Condvar,
    room: Semaphore,
    patience: Duration,
}

struct State<T> {
    jobs: VecDeque<T>,
    closed: bool,
}

impl<T> Queue<T> {
    /// A queue of at most `capacity` jobs, whose callers wait at most `patience` for room.
    pub(super) fn new(capacity: usize, patience: Duration) -> Self {
        let state = State { jobs: VecDeque::new(), closed: false };
        Self {
            state: Mutex::new(state),
            ready: Condvar::new(),
            room: Semaphore::new(capacity),
            patience,
        }
    }

    /// Adds a job.
    ///
    /// # Errors
    /// [`ErrorKind::Overloaded`] when there is no room in time, [`ErrorKind::Unavailable`] after
    /// [`Queue::close`].
    pub(super) async fn push(&self, job: T) -> Result<()> {
        let permit = match self.room.try_acquire() {
            Ok(permit) => permit,
            Err(_) => match tokio::time::timeout(self.patience, self.room.acquire()).await {
                Ok(permit) => permit.map_err(|_| closed())?,
                Err(_) => return Err(ErrorKind::Overloaded.into()),
            },
        };
        {
            let mut state = self.state.lock();
            if state.closed {
                return Err(closed());
            }
            state.jobs.push_back(job);
        }
        permit.forget();
        self.ready.notify_one();
        Ok(())
    }

    /// Takes the next job, waiting for one. None once the queue is closed and empty.
    pub(super) fn pop(&self) -> Option<T> {
        let mut state = self.state.lock();
        while state.jobs.is_empty() && !state.closed {
            self.ready.wait(&mut state);
        }
        let job = state.jobs.pop_front();
        drop(state);
        self.taken(job)
    }

    /// Waits for a job; false if none came in this time. True as well once the queue is closed.
    pub(super) fn wait(&self, time: Duration) -> bool {
        let mut state = self.state.lock();
        let deadline = Instant::now() + time;
        while state.jobs.is_empty() && !state.closed {
            if self.ready.wait_until(&mut state, deadline).timed_out() {
                return !state.jobs.is_empty() || state.closed;
            }
        }
        true
    }

    /// Takes the next job if one waits.
    pub(super) fn try_pop(&self) -> Option<T> {
        let job = self.state.lock().jobs.pop_front();
        self.taken(job)
    }

    fn taken(&self, job: Option<T>) -> Option<T> {
        if job.is_some() {
            self.room.add_permits(1);
        }
        job
    }

    /// Whether jobs are refused.
    pub(super) fn is_closed(&self) -> bool {
        self.state.lock().closed
    }

    /// How many jobs wait.
    pub(super) fn len(&self) -> usize {
        self.state.lock().jobs.len()
    }

    /// Refuses further jobs; those accepted are still handed out.
    pub(super) fn close(&self) {
        self.room.close();
        self.state.lock().closed = true;
        self.ready.notify_all();
    }

    /// Closes the queue and drops what waits, so that nobody waits for an answer that can't come.
    pub(super) fn abandon(&self) {
        self.close();
        let jobs = std::mem::take(&mut self.state.lock().jobs);
        drop(jobs);
    }
}

/// The error of a queue whose threads are gone.
pub(super) fn closed() -> Error {
    ErrorKind::Unavailable("the database is closed".to_owned()).into()
}
