//! The HTTP around a witness: `POST /add-checkpoint`.

use super::state::{NotCosigned, Witness};
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use mainstay_kernel::{Clock as _, SystemClock};
use mainstay_ledger::Refusal;
use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

/// The longest request: 63 hashes and a checkpoint with many signatures.
const BODY_MAX: usize = 64 * 1024;
/// The longest time for the head of a request, and for its body and the answer.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
/// Open connections; more wait to be accepted.
const CONNECTIONS_MAX: usize = 256;
/// Pause after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How long a stopping witness works on what it accepted.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

const PATH: &str = "/add-checkpoint";
const TEXT: &str = "text/plain; charset=utf-8";
/// The type of a size, as tlog-witness has it.
const SIZE: &str = "text/x.tlog.size";

/// Serves until `stop` completes, then finishes what was accepted.
pub(super) async fn serve(
    listener: TcpListener,
    witness: Arc<Witness>,
    stop: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    tokio::select! {
        () = accept(&listener, &witness, &graceful) => {}
        () = &mut stop => {}
    }
    drop(listener);
    // Whoever was cut off asks again.
    let _ = timeout(DRAIN_TIMEOUT, graceful.shutdown()).await;
}

async fn accept(listener: &TcpListener, witness: &Arc<Witness>, graceful: &GracefulShutdown) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let witness = witness.clone();
        let service = service_fn(move |request| {
            let witness = witness.clone();
            async move { Ok::<_, Infallible>(answer(witness, request).await) }
        });
        let connection = protocol.serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
}

async fn answer(witness: Arc<Witness>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    if request.uri().path() != PATH {
        return text(StatusCode::NOT_FOUND, "there is nothing here".to_owned());
    }
    if request.method() != Method::POST {
        let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "expected POST".to_owned());
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        return response;
    }
    let answered = timeout(REQUEST_TIMEOUT, add_checkpoint(witness, request.into_body())).await;
    answered.unwrap_or_else(|_| text(StatusCode::REQUEST_TIMEOUT, "it took too long".to_owned()))
}

async fn add_checkpoint(witness: Arc<Witness>, body: Incoming) -> Response<Full<Bytes>> {
    let body = match Limited::new(body, BODY_MAX).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return text(StatusCode::BAD_REQUEST, error.to_string()),
    };
    let Ok(request) = String::from_utf8(body.into()) else {
        return text(StatusCode::BAD_REQUEST, "the body is not UTF-8".to_owned());
    };
    let time = SystemClock.now().as_second().max(0).cast_unsigned();
    let origin = request.split("\n\n").nth(1).and_then(|note| note.lines().next());
    let origin = origin.unwrap_or_default().to_owned();
    match spawn_blocking(move || witness.cosign(&request, time)).await {
        Ok(Ok(line)) => {
            tracing::debug!(origin, "cosigned");
            text(StatusCode::OK, line.to_string())
        }
        Ok(Err(refused)) => refusal(&origin, &refused),
        Err(error) => {
            tracing::error!(%error, "a request failed");
            text(StatusCode::INTERNAL_SERVER_ERROR, "a fault of this witness".to_owned())
        }
    }
}

fn refusal(origin: &str, refused: &NotCosigned) -> Response<Full<Bytes>> {
    match refused {
        NotCosigned::Malformed(_) => text(StatusCode::BAD_REQUEST, refused.to_string()),
        NotCosigned::UnknownLog => text(StatusCode::NOT_FOUND, refused.to_string()),
        NotCosigned::NotKept(error) => {
            tracing::error!(%error, origin, "a checkpoint can't be kept and is not cosigned");
            text(StatusCode::INTERNAL_SERVER_ERROR, "a fault of this witness".to_owned())
        }
        NotCosigned::Refused(refusal) => {
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::FORBIDDEN);
            match refusal {
                Refusal::Conflict { size } => return sized(status, *size),
                Refusal::Fork { size } => {
                    tracing::error!(origin, size, "the log has shown two histories");
                    return sized(status, *size);
                }
                Refusal::Inconsistent(error) => {
                    tracing::error!(origin, %error, "the log does not continue what was cosigned");
                }
                Refusal::Untrusted(_) | Refusal::OldSizeAboveNew | Refusal::EmptyRoot => {}
            }
            text(status, refusal.to_string())
        }
    }
}

fn sized(status: StatusCode, size: u64) -> Response<Full<Bytes>> {
    response(status, SIZE, size.to_string())
}

fn text(status: StatusCode, line: String) -> Response<Full<Bytes>> {
    response(status, TEXT, line)
}

/// One line as an answer.
fn response(status: StatusCode, kind: &'static str, mut line: String) -> Response<Full<Bytes>> {
    line.push('\n');
    let mut response = Response::new(Full::new(Bytes::from(line)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
