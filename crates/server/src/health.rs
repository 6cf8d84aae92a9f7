//! Probes: whether the process lives, whether it can work, and its metrics.

use crate::answer::{json, with_type};
use crate::app::{App, Phase};
use crate::metrics::Now;
use axum::body::Body;
use axum::extract::State;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Serialize;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// Longest wait for the database's sign of life.
const PING_TIMEOUT: Duration = Duration::from_secs(2);

/// Whether the server can work, check by check.
#[derive(Serialize)]
struct Readiness {
    ready: bool,
    checks: Vec<Check>,
}

#[derive(Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<f64>,
}

/// `GET /livez`: the process answers.
pub(crate) async fn live() -> Response<Body> {
    with_type(StatusCode::OK, "text/plain; charset=utf-8", Bytes::from_static(b"I am alive."))
}

/// `GET /readyz`: the process can work; 503 while it is starting, stopping or without database.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Response<Body> {
    let phase = app.phase();
    let life = match phase {
        Phase::Starting => "starting",
        Phase::Serving => "serving",
        Phase::Stopping => "stopping",
    };
    let serving = phase == Phase::Serving;
    let mut checks = vec![Check { name: "server", ok: serving, status: life, duration_ms: None }];
    if let Some(services) = app.services() {
        checks.push(database(services.kernel.store()).await);
    }
    let ready = checks.iter().all(|check| check.ok);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    json(status, &Readiness { ready, checks })
}

async fn database(store: &mainstay_store::Store) -> Check {
    let start = Instant::now();
    let answered = timeout(PING_TIMEOUT, store.ping()).await;
    let status = match answered {
        Ok(Ok(())) => "reachable",
        Ok(Err(error)) => {
            tracing::warn!(%error, "the database gives no sign of life");
            "unreachable"
        }
        Err(_) => "silent",
    };
    Check {
        name: "database",
        ok: status == "reachable",
        status,
        duration_ms: Some(start.elapsed().as_secs_f64() * 1000.0),
    }
}

/// `GET /metrics`, as Prometheus reads it.
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> Response<Body> {
    let services = app.services();
    let now = Now {
        in_flight: app.in_flight(),
        waiting_writes: services.map_or(0, |s| s.kernel.store().waiting_writes()),
        refusals: services.map(|s| s.kernel.refusal_stats()).unwrap_or_default(),
        leak_check_failures: services.map_or(0, |s| s.identity.leak_check_failures()),
        jobs: app.job_stats(),
    };
    let text = app.metrics.render(&now);
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    with_type(StatusCode::OK, kind, Bytes::from(text))
}
