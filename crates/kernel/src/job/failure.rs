//! How a job fails.

use crate::error::Error;
use jiff::Timestamp;
use mainstay_store::ErrorKind;
use std::fmt;
use std::time::Duration;

/// Why an attempt failed and what follows. Made from any [`Error`] it means another attempt.
#[derive(Debug)]
pub struct Failure {
    pub(super) then: Then,
    /// What the row and its audit event tell; nothing internal.
    pub(super) message: String,
    /// The whole truth, for the log.
    pub(super) cause: Option<Box<Error>>,
}

/// What follows a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// Another attempt after the queue's backoff.
    Backoff,
    /// Another attempt after a time that the other side asked for.
    Retry(Duration),
    /// No other attempt.
    Dead,
    /// The row belongs to somebody else by now; nothing may be written.
    Lost,
}

impl Failure {
    /// A failure that may pass: tried again after a growing delay, until attempts run out.
    pub fn retry(message: impl Into<String>) -> Self {
        Self::new(Then::Backoff, message)
    }

    /// The same, tried again after a given delay, such as an HTTP `Retry-After`.
    pub fn retry_after(delay: Duration, message: impl Into<String>) -> Self {
        Self::new(Then::Retry(delay), message)
    }

    /// A failure that stays: no other attempt.
    pub fn dead(message: impl Into<String>) -> Self {
        Self::new(Then::Dead, message)
    }

    pub(super) fn lost() -> Self {
        Self::new(Then::Lost, "the lease has ended")
    }

    fn new(then: Then, message: impl Into<String>) -> Self {
        Self { then, message: message.into(), cause: None }
    }

    /// When the next attempt is due; none when there is no other one.
    pub(super) fn next_run(
        &self,
        now: Timestamp,
        backoff: Duration,
        is_last_attempt: bool,
    ) -> Option<Timestamp> {
        let delay = match self.then {
            _ if is_last_attempt => return None,
            Then::Backoff => backoff,
            Then::Retry(delay) => delay,
            Then::Dead | Then::Lost => return None,
        };
        Some(after(now, delay))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = match &error {
            Error::Internal(_) => "internal error".to_owned(),
            Error::Store(store) => match store.kind() {
                ErrorKind::Internal(_) => "internal error".to_owned(),
                ErrorKind::Unavailable(_) | ErrorKind::Refused(_) => {
                    "the database was unavailable".to_owned()
                }
                _ => store.to_string(),
            },
            other => other.to_string(),
        };
        Self { then: Then::Backoff, message, cause: Some(Box::new(error)) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Some(cause) => fmt::Display::fmt(cause, f),
            None => f.write_str(&self.message),
        }
    }
}

/// A time after another one; the last representable time where it would be later.
pub(super) fn after(time: Timestamp, delay: Duration) -> Timestamp {
    time.checked_add(delay).unwrap_or(Timestamp::MAX)
}
