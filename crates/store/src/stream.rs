//! Large answers: sent piece by piece while they are read.
//!
//! A reader fills an [`Outlet`], a client empties the [`Chunks`] at its other end. Between them is
//! room for a few pieces: who reads slowly stops the engine. There are few places for such
//! answers, apart from those of short reads, and each is held for a bounded time, so that slow
//! clients keep nobody else waiting.

use crate::assemble::{Answer, Head};
use crate::error::{Error, ErrorKind, Result};
use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use std::panic::RefUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

/// Pieces that wait for the client.
const PIECES: usize = 2;

/// The records of an answer.
#[derive(Debug)]
pub enum Body {
    /// All of them.
    Whole(Bytes),
    /// More than a mebibyte of them, as they are read.
    Chunks(Chunks),
}

impl Body {
    /// All records.
    ///
    /// # Errors
    /// As [`Chunks`]'s own.
    pub async fn collect(self) -> Result<Bytes> {
        match self {
            Self::Whole(bytes) => Ok(bytes),
            Self::Chunks(mut chunks) => {
                let mut all = BytesMut::new();
                while let Some(chunk) = chunks.next().await {
                    all.extend_from_slice(&chunk?);
                }
                Ok(all.freeze())
            }
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Whole(Bytes::new())
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::Whole(bytes)
    }
}

/// A large answer on its way. Dropped, it stops the engine and frees its place.
///
/// Its end is told apart from its being cut off: an answer that could not be read to its end, or
/// not in time, ends with an error.
#[derive(Debug)]
pub struct Chunks {
    pieces: mpsc::Receiver<Piece>,
    deadline: Instant,
    ended: bool,
}

#[derive(Debug)]
enum Piece {
    Bytes(Bytes),
    /// Nothing is missing.
    End,
}

impl Chunks {
    /// When the answer is cut off.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    async fn next(&mut self) -> Option<Result<Bytes>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let piece = ready!(self.pieces.poll_recv(context));
        self.ended = !matches!(piece, Some(Piece::Bytes(_)));
        Poll::Ready(match piece {
            Some(Piece::Bytes(bytes)) => Some(Ok(bytes)),
            Some(Piece::End) => None,
            // The reader told the log why.
            None => Some(Err(Error::internal("the answer was cut off"))),
        })
    }
}

/// The places of one store for large answers.
pub(crate) struct Streams {
    places: Arc<Semaphore>,
    count: u32,
    /// Longest time from the first statement to the last byte.
    timeout: Duration,
    /// How long a read waits for a place.
    patience: Duration,
    closing: watch::Sender<bool>,
}

impl Streams {
    pub(crate) fn new(count: usize, timeout: Duration, patience: Duration) -> Self {
        let count = u32::try_from(count.max(1)).unwrap_or(u32::MAX);
        let places = Arc::new(Semaphore::new(count as usize));
        Self { places, count, timeout, patience, closing: watch::Sender::new(false) }
    }

    /// Takes a place for one answer.
    ///
    /// # Errors
    /// [`ErrorKind::Overloaded`] when none gets free in time, [`ErrorKind::Unavailable`] after
    /// [`Streams::close`].
    pub(crate) async fn open(&self) -> Result<(Outlet, Inlet)> {
        let closed = || Error::new(ErrorKind::Unavailable("the database is closed".to_owned()));
        let place = self.places.clone().acquire_owned();
        let place = tokio::time::timeout(self.patience, place)
            .await
            .map_err(|_| Error::new(ErrorKind::Overloaded))?
            .map_err(|_| closed())?;
        // A deadline too far to be told apart from none.
        let now = Instant::now();
        let deadline = now.checked_add(self.timeout).unwrap_or(now + Duration::from_hours(24));
        let (head, told) = oneshot::channel();
        let (sender, pieces) = mpsc::channel(PIECES);
        let closing = self.closing.subscribe();
        let outlet = Outlet {
            head: Some(head),
            signal: Signal { pieces: sender, closing, deadline },
            _place: place,
        };
        Ok((outlet, Inlet { head: told, chunks: Chunks { pieces, deadline, ended: false } }))
    }

    /// Refuses further answers, cuts off those on their way and waits until they have ended.
    pub(crate) async fn close(&self) {
        self.closing.send_replace(true);
        if let Ok(all) = self.places.acquire_many(self.count).await {
            all.forget();
        }
        self.places.close();
    }
}

/// The reader's end of a large answer.
pub(crate) struct Outlet {
    /// None once the client knows what comes.
    head: Option<oneshot::Sender<Result<Beginning>>>,
    signal: Signal,
    _place: OwnedSemaphorePermit,
}

enum Beginning {
    /// It was not large after all.
    Whole(Answer),
    Head(Head),
}

/// Tells when reading on is in vain.
#[derive(Clone)]
pub(crate) struct Signal {
    pieces: mpsc::Sender<Piece>,
    closing: watch::Receiver<bool>,
    deadline: Instant,
}

/// Only asked whether channels are closed, which leaves nothing half done.
impl RefUnwindSafe for Signal {}

impl Signal {
    /// Whether the client has left, the time is over, or the store closes.
    pub(crate) fn is_over(&self) -> bool {
        self.pieces.is_closed() || *self.closing.borrow() || Instant::now() >= self.deadline
    }

    /// Completes when it is over.
    pub(crate) async fn over(&self) {
        let mut closing = self.closing.clone();
        tokio::select! {
            () = self.pieces.closed() => {}
            _ = closing.wait_for(|closing| *closing) => {}
            () = tokio::time::sleep_until(self.deadline.into()) => {}
        }
    }
}

impl Outlet {
    /// Tells when reading on is in vain.
    pub(crate) fn signal(&self) -> Signal {
        self.signal.clone()
    }

    /// Answers whole.
    pub(crate) fn answer(&mut self, answer: Answer) {
        self.tell(Ok(Beginning::Whole(answer)));
    }

    /// Tells what comes.
    pub(crate) fn begin(&mut self, head: Head) {
        self.tell(Ok(Beginning::Head(head)));
    }

    /// Sends some of the answer, once there is room for it.
    ///
    /// # Errors
    /// [`ErrorKind::Timeout`] when nobody takes it, or not in time.
    pub(crate) async fn send(&self, bytes: Bytes) -> Result<()> {
        self.piece(Piece::Bytes(bytes)).await
    }

    /// Ends the answer: complete, or cut off by a failure.
    pub(crate) async fn end(mut self, result: Result<()>) {
        match result {
            Ok(()) if self.head.is_none() => {
                // A client that has gone away needs no end.
                let _ = self.piece(Piece::End).await;
            }
            Ok(()) => self.tell(Err(Error::internal("a read ended without an answer"))),
            Err(error) if self.head.is_some() => self.tell(Err(error)),
            Err(_) if self.signal.pieces.is_closed() => {
                tracing::debug!("the client left a large answer");
            }
            Err(error) => tracing::warn!(%error, "a large answer was cut off"),
        }
    }

    fn tell(&mut self, head: Result<Beginning>) {
        if let Some(sender) = self.head.take() {
            // A caller that has gone away needs no answer.
            let _ = sender.send(head);
        }
    }

    async fn piece(&self, piece: Piece) -> Result<()> {
        tokio::select! {
            biased;
            () = self.signal.over() => Err(ErrorKind::Timeout.into()),
            sent = self.signal.pieces.send(piece) => sent.map_err(|_| ErrorKind::Timeout.into()),
        }
    }
}

/// The client's end of a large answer, before it begins.
pub(crate) struct Inlet {
    head: oneshot::Receiver<Result<Beginning>>,
    chunks: Chunks,
}

impl Inlet {
    /// Waits until it is known what comes.
    pub(crate) async fn answer(self) -> Result<Answer<Body>> {
        match self.head.await {
            Ok(Ok(Beginning::Whole(answer))) => Ok(answer.into()),
            Ok(Ok(Beginning::Head(Head { rows, total, last }))) => {
                Ok(Answer { body: Body::Chunks(self.chunks), rows, total, last })
            }
            Ok(Err(error)) => Err(error),
            Err(_) if Instant::now() >= self.chunks.deadline => Err(ErrorKind::Timeout.into()),
            Err(_) => Err(Error::internal("a large read ended early")),
        }
    }
}
