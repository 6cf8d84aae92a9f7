//! `Server-Timing`: what an answer of the data API took time for (W3C Server Timing).

use http::{HeaderName, HeaderValue, Response};
use std::fmt::Write as _;
use std::time::Instant;

pub(crate) const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Measures the parts of a request, one after the other, if the operator wants them told.
pub(crate) struct Timing {
    /// When the part began that is under way; none when nothing is measured.
    since: Option<Instant>,
    told: String,
}

impl Timing {
    /// Begins with the first part.
    pub(crate) fn start(is_wanted: bool) -> Self {
        Self { since: is_wanted.then(Instant::now), told: String::new() }
    }

    /// Ends a part, and begins the next.
    pub(crate) fn ends(&mut self, part: &str) {
        let Some(since) = self.since else { return };
        let now = Instant::now();
        let separator = if self.told.is_empty() { "" } else { ", " };
        let millis = (now - since).as_secs_f64() * 1e3;
        // Writing to a string does not fail.
        let _ = write!(self.told, "{separator}{part};dur={millis:.3}");
        self.since = Some(now);
    }

    /// Tells the parts.
    pub(crate) fn tell<B>(self, response: &mut Response<B>) {
        if self.told.is_empty() {
            return;
        }
        if let Ok(value) = HeaderValue::try_from(self.told) {
            response.headers_mut().insert(SERVER_TIMING, value);
        }
    }
}
