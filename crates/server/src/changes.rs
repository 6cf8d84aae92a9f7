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
use mainstay_audit::ledger::feed::{self, Stretch};
use mainstay_kernel::{Context, Origin};
use mainstay_rest::{Feed, Target};
use mainstay_store::CommonReads;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use uuid::Uuid;

/// How often the length of a log is looked at that this server does not make grow.
const LOOK: Duration = Duration::from_millis(50);
/// How often it is asked whether who may do what has changed.
const CHECK: Duration = Duration::from_millis(500);
/// After how long a caller is asked for again without such a change: credentials end, too.
const EXPIRY: Duration = Duration::from_mins(1);
/// Checks between two signs of life.
const HEARTBEAT: u32 = 30;
/// How long a log that could not be read is left alone.
const PAUSE: Duration = Duration::from_secs(1);
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
/// Most listeners of one organisation: the others find places, whatever it does.
const LISTENERS_EACH: usize = 1_024;

/// What a stretch of a log tells.
struct Batch {
    from: u64,
    to: u64,
    stretch: Stretch,
    /// What its listeners ask of the database.
    common: CommonReads,
}

/// The logs that are followed, and by how many.
#[derive(Default)]
pub(crate) struct Tails {
    senders: Mutex<HashMap<Uuid, broadcast::Sender<Arc<Batch>>>>,
    taken: Arc<Mutex<HashMap<Uuid, usize>>>,
}

impl Tails {
    /// A place for one more listener; none when an organisation, or the server, has enough.
    fn place(&self, organization: Uuid) -> Option<Place> {
        let mut taken = self.taken.lock();
        let own = taken.get(&organization).copied().unwrap_or(0);
        if own >= LISTENERS_EACH || taken.values().sum::<usize>() >= LISTENERS {
            return None;
        }
        taken.insert(organization, own + 1);
        Some(Place { taken: self.taken.clone(), organization })
    }
}

/// The place of one listener, until it is dropped.
struct Place {
    taken: Arc<Mutex<HashMap<Uuid, usize>>>,
    organization: Uuid,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock();
        if let Some(count) = taken.get_mut(&self.organization) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.organization);
            }
        }
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
    // Without an organisation there is nothing to watch.
    let organization = context.principal.organization_id.unwrap_or_default();
    let Some(place) = app.tails.place(organization) else {
        return Refusal::Overloaded.response(request_id.as_deref());
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
    _place: Place,
}

/// Who listens, as it was last looked at.
struct Caller {
    context: Context,
    epoch: Option<u64>,
    looked: Instant,
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

    async fn follow(&self, context: Context, next: &mut u64) -> Result<Infallible, End> {
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
        // The first look sees what has changed since the request was let in.
        let mut caller = Caller { context, epoch: None, looked: Instant::now() };
        self.catch_up(services, &mut caller, next, length).await?;
        let mut checks = interval(CHECK);
        checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut quiet = 0;
        loop {
            tokio::select! {
                batch = batches.recv() => {
                    let batch = batch.map_err(|_| End::Slow)?;
                    self.catch_up(services, &mut caller, next, batch.from).await?;
                    if batch.to > *next {
                        let Stretch { changes, is_whole } = &batch.stretch;
                        let from = *next;
                        let fresh = changes.iter().filter(|change| change.position >= from);
                        let fresh =
                            Stretch { changes: fresh.cloned().collect(), is_whole: *is_whole };
                        self.tell(services, &caller, &fresh, batch.to, &batch.common).await?;
                        *next = batch.to;
                        quiet = 0;
                    }
                }
                _ = checks.tick() => {
                    if self.app.phase() == Phase::Stopping {
                        return Err(End::Silent);
                    }
                    self.look(services, &mut caller).await?;
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

    /// Looks whether the caller may still listen, where that may have changed.
    async fn look(&self, services: &Services, caller: &mut Caller) -> Result<(), End> {
        let epoch = Some(services.kernel.policy().epoch());
        if epoch == caller.epoch && caller.looked.elapsed() < EXPIRY {
            return Ok(());
        }
        let context = data::context(services, &self.headers, self.origin.clone()).await;
        let context = context.map_err(|_| End::Revoked)?;
        let organization = caller.context.principal.organization_id;
        let is_same = context.principal.organization_id == organization;
        if !is_same || !services.rest.may_watch(&context, &self.feed) {
            return Err(End::Revoked);
        }
        *caller = Caller { context, epoch, looked: Instant::now() };
        Ok(())
    }

    /// Tells what the log has up to a place.
    async fn catch_up(
        &self,
        services: &Services,
        caller: &mut Caller,
        next: &mut u64,
        end: u64,
    ) -> Result<(), End> {
        let organization = caller.context.principal.organization_id.ok_or(End::Revoked)?;
        while *next < end {
            // It may take long, and so may the client.
            self.look(services, caller).await?;
            let to = end.min(*next + LEAVES);
            let stretch = feed::changes(&services.kernel, organization, *next..to).await;
            let stretch = stretch.map_err(|error| {
                tracing::error!(%error, "the changes of a log could not be read");
                End::Slow
            })?;
            self.tell(services, caller, &stretch, to, &CommonReads::default()).await?;
            // Who is cut off goes on from what it was not told.
            *next = to;
        }
        Ok(())
    }

    async fn tell(
        &self,
        services: &Services,
        caller: &Caller,
        stretch: &Stretch,
        to: u64,
        common: &CommonReads,
    ) -> Result<(), End> {
        if !stretch.is_whole {
            let gap = format!("event: gap\ndata: {{\"since\":{to}}}\n\n");
            self.send(Bytes::from(gap)).await?;
        }
        let context = Context { now: services.kernel.clock().now(), ..caller.context.clone() };
        match services.rest.changes(&context, &self.feed, &stretch.changes, common).await {
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
    let Some(services) = app.services() else { return };
    let mut growth = services.kernel.ledger().growth();
    while !app.unfollow(organization, &sender) {
        // Other servers make it grow, too.
        let _ = timeout(LOOK, growth.changed()).await;
        match grown(services, organization, next).await {
            Ok(Some(batch)) => {
                next = batch.to;
                // Nobody may be left to be told.
                let _ = sender.send(Arc::new(batch));
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, "a log could not be followed");
                tokio::time::sleep(PAUSE).await;
            }
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
    let stretch = feed::changes(&services.kernel, organization, from..to).await?;
    Ok(Some(Batch { from, to, stretch, common: CommonReads::default() }))
}

#[cfg(test)]
mod tests {
    use super::{LISTENERS_EACH, Tails};
    use uuid::Uuid;

    #[test]
    fn an_organisation_leaves_places_to_others() {
        let (tails, greedy, other) = (Tails::default(), Uuid::from_u128(1), Uuid::from_u128(2));
        let places: Vec<_> = (0..LISTENERS_EACH).map(|_| tails.place(greedy).unwrap()).collect();
        assert!(tails.place(greedy).is_none());
        assert!(tails.place(other).is_some());
        drop(places);
        assert!(tails.place(greedy).is_some());
    }
}
