//! What every request passes, whatever it is for: one layer instead of many.

use crate::answer::Refusal;
use crate::app::{App, Phase};
use crate::metrics::RouteClass;
use crate::origin::{REQUEST_ID, RequestOrigin, describe};
use crate::stack::Stack;
use axum::body::Body;
use futures_util::FutureExt;
use http::header;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use mainstay_kernel::Origin;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// Answers a request.
pub(crate) async fn answer(
    app: &App,
    stack: &Stack,
    request: Request<Incoming>,
    peer: IpAddr,
) -> Response<Body> {
    let start = Instant::now();
    let class = RouteClass::of(request.uri().path());
    let origin = Arc::new(describe(app, request.headers(), peer));
    let method = request.method().clone();
    let uri = request.uri().clone();

    let mut request = request.map(Body::new);
    request.extensions_mut().insert(RequestOrigin(origin.clone()));
    let mut response = if class == RouteClass::Health {
        guarded(deadline(app), stack.answer(request), &origin).await
    } else {
        match (app.phase(), app.admit()) {
            (Phase::Starting, _) => Refusal::Starting.response(None),
            (_, None) => Refusal::Overloaded.response(None),
            (_, Some(_in_flight)) => guarded(deadline(app), stack.answer(request), &origin).await,
        }
    };
    finish(app, &mut response, &origin);
    app.metrics.answered(class, response.status(), start.elapsed());
    if app.settings.access_log || response.status().is_server_error() {
        // The path alone: a query may hold what no log should.
        log(&method, uri.path(), response.status(), start.elapsed(), &origin);
    }
    response
}

/// A body has its own time to arrive, before the work begins.
fn deadline(app: &App) -> Duration {
    app.settings.body_timeout + app.settings.request_timeout
}

/// Runs a handler under a deadline; a panic is the request's own failure.
async fn guarded(
    deadline: Duration,
    work: impl Future<Output = Response<Body>>,
    origin: &Origin,
) -> Response<Body> {
    let request_id = origin.request_id.as_deref();
    match timeout(deadline, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!(request_id, "a request's handler panicked");
            Refusal::Internal.response(request_id)
        }
        Err(_) => Refusal::Deadline.response(request_id),
    }
}

/// Headers of every answer.
fn finish(app: &App, response: &mut Response<Body>, origin: &Origin) {
    let headers = response.headers_mut();
    let id = origin.request_id.as_deref().and_then(|id| HeaderValue::from_str(id).ok());
    if let Some(id) = id {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if app.phase() == Phase::Stopping {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
}

/// One line per request, where that is asked for, and one per failure always.
fn log(method: &Method, path: &str, status: StatusCode, took: Duration, origin: &Origin) {
    let (failed, status) = (status.is_server_error(), status.as_u16());
    let duration_us = took.as_micros() as u64;
    let request_id = origin.request_id.as_deref();
    let client = origin.ip_address.map(tracing::field::display);
    if failed {
        tracing::error!(
            target: "mainstay::access",
            %method, path, status, duration_us, request_id, client, "request failed"
        );
    } else {
        tracing::info!(
            target: "mainstay::access",
            %method, path, status, duration_us, request_id, client, "request"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use serde_json::Value;

    async fn outcome(work: impl Future<Output = Response<Body>>) -> (StatusCode, Value) {
        let origin = Origin { request_id: Some("r-1".to_owned()), ..Origin::default() };
        let response = guarded(Duration::from_mins(1), work, &origin).await;
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_the_requests_own_failure_and_tells_nothing() {
        let (status, problem) = outcome(async { panic!("a secret") }).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(problem["details"], "request r-1");
        assert!(!problem.to_string().contains("secret"), "{problem}");
    }

    #[tokio::test(start_paused = true)]
    async fn work_without_end_is_given_up() {
        let (status, problem) = outcome(std::future::pending()).await;
        assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
        assert_eq!(problem["code"], "MS504");
    }
}
