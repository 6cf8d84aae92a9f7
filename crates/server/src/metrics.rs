//! What Prometheus is told.

use http::StatusCode;
use jiff::Timestamp;
use mainstay_kernel::{JobStats, RefusalStats};
use metrics::{
    Counter, Gauge, Histogram, Unit, counter, describe_counter, describe_gauge, describe_histogram,
    gauge, histogram, with_local_recorder,
};
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Upper bounds of the latency histogram, in seconds.
const LATENCY_BUCKETS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Status codes from 100 to 599.
const STATUSES: usize = 500;

/// Which surface a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RouteClass {
    /// Tables, actions and their description.
    Data,
    /// Signing in.
    Auth,
    /// Probes and metrics.
    Health,
    /// Everything else: pages and unknown paths.
    Other,
}

impl RouteClass {
    const ALL: [Self; 4] = [Self::Data, Self::Auth, Self::Health, Self::Other];

    /// The class of a path.
    pub(crate) fn of(path: &str) -> Self {
        if path.starts_with("/rest/") {
            Self::Data
        } else if path.starts_with("/auth/") {
            Self::Auth
        } else if matches!(path, "/livez" | "/readyz" | "/metrics") {
            Self::Health
        } else {
            Self::Other
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Auth => "auth",
            Self::Health => "health",
            Self::Other => "other",
        }
    }
}

/// What is looked at when metrics are asked for.
#[derive(Default)]
pub(crate) struct Now {
    /// Requests being worked on.
    pub(crate) in_flight: usize,
    /// Requests that wait to be written.
    pub(crate) waiting_writes: usize,
    /// Requests that callers were not allowed to make, since the start.
    pub(crate) refusals: RefusalStats,
    /// How often it could not be looked up whether a password leaked, since the start.
    pub(crate) leak_check_failures: u64,
    /// What jobs did since the start.
    pub(crate) jobs: Vec<JobStats>,
}

/// The metrics of a server. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    inner: Arc<Inner>,
}

struct Inner {
    recorder: Arc<PrometheusRecorder>,
    handle: PrometheusHandle,
    routes: [RouteSeries; RouteClass::ALL.len()],
    in_flight: Gauge,
    waiting_writes: Gauge,
    connections: Gauge,
    uptime: Gauge,
    started: Instant,
}

/// The series of one class; counters are made when a status first occurs.
struct RouteSeries {
    latency: Histogram,
    counts: Box<[OnceLock<Counter>]>,
}

impl Metrics {
    /// Metrics that begin with zero now.
    ///
    /// # Errors
    /// None that a caller could cause: the buckets are fixed.
    pub fn new(now: Timestamp) -> Result<Self, BuildError> {
        let latency = Matcher::Full("http_request_duration_seconds".to_owned());
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(latency, &LATENCY_BUCKETS)?
            .build_recorder();
        let recorder = Arc::new(recorder);
        let handle = recorder.handle();
        let inner = with_local_recorder(&recorder, || {
            describe();
            gauge!("process_start_time_seconds").set(now.as_millisecond() as f64 / 1000.0);
            gauge!("mainstay_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
            Inner {
                recorder: recorder.clone(),
                handle,
                routes: RouteClass::ALL.map(RouteSeries::new),
                in_flight: gauge!("http_requests_in_flight"),
                waiting_writes: gauge!("mainstay_writer_queue"),
                connections: gauge!("http_connections"),
                uptime: gauge!("mainstay_uptime_seconds"),
                started: Instant::now(),
            }
        });
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Makes these the metrics of the whole process, so that every crate's series are shown.
    /// Tells whether they are; the first to ask wins.
    pub fn make_global(&self) -> bool {
        metrics::set_global_recorder(self.inner.recorder.clone()).is_ok()
    }

    /// Counts an answered request.
    pub(crate) fn answered(&self, class: RouteClass, status: StatusCode, took: Duration) {
        let series = &self.inner.routes[class as usize];
        series.latency.record(took.as_secs_f64());
        let index = usize::from(status.as_u16()).wrapping_sub(100);
        let Some(count) = series.counts.get(index) else {
            return;
        };
        let make = || {
            with_local_recorder(&self.inner.recorder, || {
                let status = status.as_str().to_owned();
                counter!("http_requests_total", "route" => class.as_str(), "status" => status)
            })
        };
        count.get_or_init(make).increment(1);
    }

    /// A connection was opened.
    pub(crate) fn connected(&self) {
        self.inner.connections.increment(1.0);
    }

    /// A connection was closed.
    pub(crate) fn disconnected(&self) {
        self.inner.connections.decrement(1.0);
    }

    /// Folds what was measured into the histograms, which would grow otherwise.
    pub(crate) fn fold(&self) {
        self.inner.handle.run_upkeep();
    }

    /// Everything, as Prometheus reads it.
    pub(crate) fn render(&self, now: &Now) -> String {
        with_local_recorder(&self.inner.recorder, || {
            show_refusals(now.refusals);
            counter!("mainstay_leak_check_failures_total").absolute(now.leak_check_failures);
            now.jobs.iter().for_each(show_jobs);
        });
        self.inner.in_flight.set(now.in_flight as f64);
        self.inner.waiting_writes.set(now.waiting_writes as f64);
        self.inner.uptime.set(self.inner.started.elapsed().as_secs_f64());
        self.inner.handle.render()
    }
}

impl RouteSeries {
    fn new(class: RouteClass) -> Self {
        Self {
            latency: histogram!("http_request_duration_seconds", "route" => class.as_str()),
            counts: (0..STATUSES).map(|_| OnceLock::new()).collect(),
        }
    }
}

fn show_refusals(stats: RefusalStats) {
    for (audited, count) in [("true", stats.recorded), ("false", stats.dropped)] {
        counter!("mainstay_refusals_total", "audited" => audited).absolute(count);
    }
}

fn show_jobs(stats: &JobStats) {
    let JobStats { queue, claimed, done, failed, dead, lost, running, oldest_due } = stats;
    for (outcome, count) in [("done", done), ("failed", failed), ("dead", dead), ("lost", lost)] {
        counter!("mainstay_job_attempts_total", "queue" => queue.clone(), "outcome" => outcome)
            .absolute(*count);
    }
    counter!("mainstay_job_claims_total", "queue" => queue.clone()).absolute(*claimed);
    gauge!("mainstay_jobs_running", "queue" => queue.clone()).set(*running as f64);
    gauge!("mainstay_job_oldest_due_seconds", "queue" => queue.clone())
        .set(oldest_due.map_or(0.0, |age| age.as_secs_f64()));
}

fn describe() {
    describe_counter!(
        "mainstay_refusals_total",
        "Operations that known callers were not allowed, by whether an audit event tells of them."
    );
    describe_counter!(
        "mainstay_leak_check_failures_total",
        "New passwords that were taken without knowing whether they leaked."
    );
    describe_counter!("mainstay_job_attempts_total", "Ended attempts of jobs by queue.");
    describe_counter!("mainstay_job_claims_total", "Begun attempts of jobs by queue.");
    describe_gauge!("mainstay_jobs_running", "Attempts of jobs that run now.");
    describe_gauge!("mainstay_job_oldest_due_seconds", "Age of the oldest job that is due.");
    describe_counter!("http_requests_total", "Answered requests by route class and status.");
    describe_histogram!(
        "http_request_duration_seconds",
        Unit::Seconds,
        "Time from the arrival of a request's head to the head of its answer."
    );
    describe_gauge!("http_requests_in_flight", "Requests being worked on.");
    describe_gauge!("mainstay_writer_queue", "Requests that wait for their turn to be written.");
    describe_gauge!("http_connections", "Open connections.");
    describe_gauge!("mainstay_uptime_seconds", "Seconds since the server was started.");
    describe_gauge!("process_start_time_seconds", "Start of the process, since 1970.");
    describe_gauge!("mainstay_build_info", "Constant 1, labelled with the version.");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_class_and_status() {
        let metrics = Metrics::new(Timestamp::UNIX_EPOCH).unwrap();
        let took = Duration::from_millis(3);
        metrics.answered(RouteClass::of("/rest/v1/users"), StatusCode::OK, took);
        metrics.answered(RouteClass::of("/rest/v1/users"), StatusCode::OK, took);
        metrics.answered(RouteClass::of("/auth/v1/token"), StatusCode::BAD_REQUEST, took);
        let text = metrics.render(&Now { in_flight: 7, ..Now::default() });
        for line in [
            r#"http_requests_total{route="data",status="200"} 2"#,
            r#"http_requests_total{route="auth",status="400"} 1"#,
            r#"http_request_duration_seconds_bucket{route="data",le="0.0025"} 0"#,
            r#"http_request_duration_seconds_bucket{route="data",le="0.005"} 2"#,
            "http_requests_in_flight 7",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
