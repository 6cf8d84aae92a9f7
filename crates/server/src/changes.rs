//! `/rest/v1/{table}/changes`: committed changes of a table as Server-Sent Events, in the order of
//! the organisation's log.
//!
//! One task follows each log that somebody listens to. Each listener has a task of its own, which
//! asks the data API what its caller may see of the changes, and whether the caller still may when
//! who may do what has changed.

use crate::answer::Refusal;
use crate::app::{App, Phase, Services};
use crate::data;
use crate::origin::RequestOrigin;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, Request, State};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Response};
use mainstay_audit::ledger::feed;
use mainstay_kernel::{Context, LoggedChange, Origin};
use mainstay_rest::{Feed, Target};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, mpsc};
use tokio::time::{MissedTickBehavior, interval, timeout};
use uuid::Uuid;

/// How often the length of a log is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// How often it is asked whether who may do what has changed.
const CHECK: Duration = Duration::from_millis(500);
/// Checks after which a caller is asked for again without such a change: credentials end, too.
const EXPIRY: u32 = 120;
/// Checks between two signs of life.
const HEARTBEAT: u32 = 30;
/// Leaves that are read together.
const LEAVES: u64 = 1_024;
/// Batches of changes that wait for a listener.
const WAITING: usize = 256;
/// Pieces that wait for a client.
const PIECES: usize = 16;
/// How long a client may take for one of them.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most listeners of a server.
const LISTENERS: usize = 4_096;

/// What a stretch of a log tells.
struct Batch {
    from: u64,
    to: u64,
    changes: Vec<LoggedChange>,
}

/// The logs that are followed.
pub(crate) struct Tails {
    senders: Mutex<HashMap<Uuid, broadcast::Sender<Arc<Batch>>>>,
    places: Arc<Semaphore>,
}

impl Default for Tails {
    fn default() -> Self {
        Self { senders: Mutex::default(), places: Arc::new(Semaphore::new(LISTENERS)) }
    }
}

/// `GET /rest/v1/{table}/changes`
pub(crate) async fn listen(
    State(app): State<Arc<App>>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    name: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response<Body> {
    let request_id = origin.request_id.clone();
    let Some(services) = app.services() else {
        return Refusal::Starting.response(request_id.as_deref());
    };
    let Ok(Path(name)) = name else {
        return Refusal::BadPath.response(request_id.as_deref());
    };
    let Ok(place) = app.tails.places.clone().try_acquire_owned() else {
        return Refusal::Overloaded.response(request_id.as_deref());
    };
    let (parts, _) = request.into_parts();
    let context = match data::context(services, &parts.headers, origin.clone()).await {
        Ok(context) => context,
        Err(refusal) => return refusal.map(Body::from),
    };
    let request = mainstay_rest::Request {
        method: parts.method,
        target: Target::Table(name),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers.clone(),
        body: Bytes::new(),
    };
    let feed = match services.rest.watch(&context, request).await {
        Ok(feed) => feed,
        Err(refusal) => return refusal.map(Body::from),
    };
    let (pieces, received) = mpsc::channel(PIECES);
    let listener =
        Listener { app: app.clone(), headers: parts.headers, origin, feed, pieces, _place: place };
    tokio::spawn(listener.run(context));
    let stream = futures_util::stream::unfold(received, async |mut received| {
        received.recv().await.map(|piece: Bytes| (Ok::<_, Infallible>(piece), received))
    });
    let mut response = Response::new(Body::from_stream(stream));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// One client that listens.
struct Listener {
    app: Arc<App>,
    headers: HeaderMap,
    origin: Arc<Origin>,
    feed: Feed,
    pieces: mpsc::Sender<Bytes>,
    _place: OwnedSemaphorePermit,
}

/// Why a client is told nothing more.
enum End {
    /// It has left, or the server stops.
    Silent,
    /// It may listen no longer.
    Revoked,
    /// It was too slow.
    Slow,
}

impl Listener {
    async fn run(self, context: Context) {
        let mut next = 0;
        let end = match self.follow(context, &mut next).await {
            Ok(never) => match never {},
            Err(end) => end,
        };
        let event = match end {
            End::Silent => return,
            End::Revoked => "revoked",
            End::Slow => "cut",
        };
        let text = format!("event: {event}\ndata: {{\"since\":{next}}}\n\n");
        let _ = timeout(PATIENCE, self.pieces.send(Bytes::from(text))).await;
    }

    async fn follow(&self, mut context: Context, next: &mut u64) -> Result<Infallible, End> {
        let services = self.app.services().ok_or(End::Silent)?;
        let organization = context.principal.organization_id.ok_or(End::Revoked)?;
        let failed = |error: mainstay_kernel::Error| {
            tracing::error!(%error, "the changes of a log could not be read");
            End::Slow
        };
        let length = feed::length(&services.kernel, organization).await.map_err(failed)?;
        *next = self.feed.since.unwrap_or(length);
        let mut batches = self.app.follow(organization, length);
        // What was told before this client came.
        let length = feed::length(&services.kernel, organization).await.map_err(failed)?;
        self.send(Bytes::from_static(b": listening\n\n")).await?;
        self.catch_up(services, &context, next, length).await?;
        let mut checks = interval(CHECK);
        checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut quiet = 0;
        // The first check looks at what has changed since the request was let in.
        let (mut epoch, mut checked) = (None, 0);
        loop {
            tokio::select! {
                batch = batches.recv() => {
                    let batch = batch.map_err(|_| End::Slow)?;
                    self.catch_up(services, &context, next, batch.from).await?;
                    if batch.to > *next {
                        let from = *next;
                        let fresh = batch.changes.iter().filter(|change| change.position >= from);
                        let fresh: Vec<LoggedChange> = fresh.cloned().collect();
                        self.tell(services, &context, &fresh).await?;
                        *next = batch.to;
                        quiet = 0;
                    }
                }
                _ = checks.tick() => {
                    if self.app.phase() == Phase::Stopping {
                        return Err(End::Silent);
                    }
                    let now = Some(services.kernel.policy().epoch());
                    checked += 1;
                    if now != epoch || checked >= EXPIRY {
                        (epoch, checked) = (now, 0);
                        context = self.checked(services, organization).await?;
                    }
                    quiet += 1;
                    if quiet >= HEARTBEAT {
                        quiet = 0;
                        self.send(Bytes::from_static(b": still here\n\n")).await?;
                    }
                }
                () = self.pieces.closed() => return Err(End::Silent),
            }
        }
    }

    /// The caller as of now, if it may still listen.
    async fn checked(&self, services: &Services, organization: Uuid) -> Result<Context, End> {
        let context = data::context(services, &self.headers, self.origin.clone()).await;
        let context = context.map_err(|_| End::Revoked)?;
        let is_same = context.principal.organization_id == Some(organization);
        if is_same && services.rest.may_watch(&context, &self.feed) {
            Ok(context)
        } else {
            Err(End::Revoked)
        }
    }

    /// Tells what the log has up to a place.
    async fn catch_up(
        &self,
        services: &Services,
        context: &Context,
        next: &mut u64,
        end: u64,
    ) -> Result<(), End> {
        let organization = context.principal.organization_id.ok_or(End::Revoked)?;
        while *next < end {
            let leaves = *next..end.min(*next + LEAVES);
            *next = leaves.end;
            let changes = feed::changes(&services.kernel, organization, leaves).await;
            let changes = changes.map_err(|error| {
                tracing::error!(%error, "the changes of a log could not be read");
                End::Slow
            })?;
            self.tell(services, context, &changes).await?;
        }
        Ok(())
    }

    async fn tell(
        &self,
        services: &Services,
        context: &Context,
        changes: &[LoggedChange],
    ) -> Result<(), End> {
        let context = Context { now: services.kernel.clock().now(), ..context.clone() };
        match services.rest.changes(&context, &self.feed, changes).await {
            Ok(piece) if piece.is_empty() => Ok(()),
            Ok(piece) => self.send(piece).await,
            Err(_) => Err(End::Revoked),
        }
    }

    async fn send(&self, piece: Bytes) -> Result<(), End> {
        match timeout(PATIENCE, self.pieces.send(piece)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Silent),
            Err(_) => Err(End::Slow),
        }
    }
}

impl App {
    /// What a log tells from a place on, as it grows.
    fn follow(self: &Arc<Self>, organization: Uuid, from: u64) -> broadcast::Receiver<Arc<Batch>> {
        let mut senders = self.tails.senders.lock();
        if let Some(sender) = senders.get(&organization) {
            return sender.subscribe();
        }
        let (sender, receiver) = broadcast::channel(WAITING);
        senders.insert(organization, sender.clone());
        tokio::spawn(tail(self.clone(), organization, sender, from));
        receiver
    }

    /// Ends the tail of a log that nobody listens to.
    fn unfollow(&self, organization: Uuid, sender: &broadcast::Sender<Arc<Batch>>) -> bool {
        let mut senders = self.tails.senders.lock();
        let is_over = sender.receiver_count() == 0 || self.phase() == Phase::Stopping;
        if is_over {
            senders.remove(&organization);
        }
        is_over
    }
}

/// Follows a log for all who listen to it.
async fn tail(
    app: Arc<App>,
    organization: Uuid,
    sender: broadcast::Sender<Arc<Batch>>,
    mut next: u64,
) {
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !app.unfollow(organization, &sender) {
        looks.tick().await;
        let Some(services) = app.services() else { return };
        match grown(services, organization, next).await {
            Ok(Some(batch)) => {
                next = batch.to;
                // Nobody may be left to be told.
                let _ = sender.send(Arc::new(batch));
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "a log could not be followed"),
        }
    }
}

/// What a log has grown by.
async fn grown(
    services: &Services,
    organization: Uuid,
    from: u64,
) -> mainstay_kernel::Result<Option<Batch>> {
    let length = feed::length(&services.kernel, organization).await?;
    if length <= from {
        return Ok(None);
    }
    let to = length.min(from + LEAVES);
    let changes = feed::changes(&services.kernel, organization, from..to).await?;
    Ok(Some(Batch { from, to, changes }))
}
