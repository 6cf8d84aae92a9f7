//! Listening: connections, their limits, and stopping without losing what was accepted.

use crate::app::{App, Services};
use crate::guard;
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::stack::Stack;
use crate::stream::{Cut, watch_deadline};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use mainstay_kernel::{Clock, JobRunner, JobSettings};
use mainstay_vault::Entropy;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::{interval, sleep, timeout};

/// Pause after a failed accept: the reason (no free file descriptor) takes a while to go away.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How often histograms are folded.
const FOLD_PERIOD: Duration = Duration::from_secs(5);

/// Why a server ended.
#[derive(Debug, thiserror::Error)]
pub enum Error<E> {
    /// What it works with could not be started.
    #[error(transparent)]
    Start(E),
    /// Its jobs could not be started.
    #[error("the jobs could not be started: {0}")]
    Jobs(mainstay_kernel::Error),
    /// Some requests were still being worked on when the time to finish them was over.
    #[error("{0} connections were cut off: they did not finish in time")]
    Unfinished(usize),
}

/// Serves and runs jobs until `shutdown` completes, then finishes what was accepted and closes the
/// store.
///
/// While `starting` runs, probes are answered (`/livez` yes, `/readyz` no) and everything else is
/// refused for a moment; `started` is called when requests are accepted.
///
/// # Errors
/// [`Error::Start`] as `starting` fails, [`Error::Jobs`]; [`Error::Unfinished`] when accepted
/// requests had to be cut off.
pub async fn serve<E>(
    listener: TcpListener,
    settings: Settings,
    metrics: Metrics,
    (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>),
    starting: impl Future<Output = Result<Services, E>>,
    started: impl FnOnce(),
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error<E>> {
    let app = Arc::new(App::new(settings, metrics, clock, entropy));
    let stack = Arc::new(Stack::new(&app));
    let graceful = GracefulShutdown::new();
    let background = {
        let mut shutdown = pin!(shutdown);
        let mut accepting = pin!(accept(&listener, &app, &stack, &graceful));
        let started = async {
            let services = starting.await.map_err(Error::Start)?;
            let mut jobs = JobSettings::new(name(&listener));
            jobs.stop_deadline = app.settings.drain_timeout;
            let jobs = JobRunner::start(services.kernel.clone(), jobs).await;
            app.start(services, jobs.map_err(Error::Jobs)?);
            let background = fold_metrics(app.metrics.clone());
            started();
            Ok(background)
        };
        let background = tokio::select! {
            started = started => started?,
            () = &mut accepting => return Ok(()),
            () = &mut shutdown => return Ok(()),
        };
        tokio::select! {
            () = &mut shutdown => {}
            () = &mut accepting => {}
        }
        app.stop();
        tracing::info!("stopping");
        // Balancers see that the server is not ready before connections are refused.
        let _ = timeout(app.settings.drain_delay, accepting).await;
        background
    };
    drop(listener);
    let (unfinished, ()) =
        tokio::join!(drain(graceful, app.settings.drain_timeout), app.stop_jobs());
    background.abort();
    if let Some(services) = app.services() {
        let promised = services.identity.settle();
        if timeout(app.settings.drain_timeout, promised).await.is_err() {
            tracing::warn!("links that were asked for were not sent in time");
        }
        if let Err(error) = services.identity.write_usage().await {
            tracing::warn!(%error, "the last use of API keys is not known");
        }
        // Every event is written before the last ones get their places in the ledger.
        services.kernel.flush().await;
        services.sequencer.stop().await;
        services.cosigning.stop().await;
        services.kernel.close().await;
    }
    match unfinished {
        0 => Ok(()),
        count => Err(Error::Unfinished(count)),
    }
}

/// Accepts connections, as many as there may be; never ends by itself.
async fn accept(
    listener: &TcpListener,
    app: &Arc<App>,
    stack: &Arc<Stack>,
    graceful: &GracefulShutdown,
) {
    let places = Arc::new(Semaphore::new(app.settings.connections_max.min(Semaphore::MAX_PERMITS)));
    let http = protocol(&app.settings);
    loop {
        let Ok(place) = places.clone().acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, peer)) => {
                connect(&http, app, stack, graceful, stream, peer, place);
            }
            Err(error) => {
                if !is_clients_fault(&error) {
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

fn protocol(settings: &Settings) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(settings.head_timeout)
        .max_headers(settings.headers_max)
        .max_header_size(settings.head_bytes_max)
        // Hyper's least is 8 KiB.
        .max_buf_size(settings.head_bytes_max.max(8 * 1024));
    http
}

fn connect(
    http: &http1::Builder,
    app: &Arc<App>,
    stack: &Arc<Stack>,
    graceful: &GracefulShutdown,
    stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
) {
    // Small answers must not wait for the client's acknowledgement of the last one.
    let _ = stream.set_nodelay(true);
    let cut = Cut::default();
    let service = {
        let (app, stack, cut) = (app.clone(), stack.clone(), cut.clone());
        service_fn(move |request| {
            let (app, stack, cut) = (app.clone(), stack.clone(), cut.clone());
            async move {
                let response = guard::answer(&app, &stack, request, peer.ip()).await;
                watch_deadline(&response, &cut);
                Ok::<_, Infallible>(response)
            }
        })
    };
    let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
    let metrics = app.metrics.clone();
    tokio::spawn(async move {
        metrics.connected();
        tokio::select! {
            ended = connection => {
                if let Err(error) = ended {
                    tracing::debug!(%error, %peer, "a connection ended early");
                }
            }
            () = cut.notified() => {
                tracing::info!(%peer, "a large answer was not read in time and is cut off");
            }
        }
        metrics.disconnected();
        drop(place);
    });
}

/// Whether a failed accept says nothing of this server.
fn is_clients_fault(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}

/// Waits for open connections to finish; gives the number of those that did not in time.
async fn drain(graceful: GracefulShutdown, patience: Duration) -> usize {
    let open = graceful.count();
    if timeout(patience, graceful.shutdown()).await.is_ok() { 0 } else { open }
}

/// Folds what was measured into the histograms from time to time.
fn fold_metrics(metrics: Metrics) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = interval(FOLD_PERIOD);
        loop {
            ticks.tick().await;
            metrics.fold();
        }
    })
}

/// How leases of jobs name this server, for people.
fn name(listener: &TcpListener) -> String {
    let process = std::process::id();
    match listener.local_addr() {
        Ok(address) => format!("{address} process {process}"),
        Err(_) => format!("process {process}"),
    }
}
