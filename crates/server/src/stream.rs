//! Large answers on their way out: sent as the store reads them, cut off when their time is over.

use axum::body::Body;
use bytes::Bytes;
use futures_util::Stream;
use http::Response;
use mainstay_rest::Chunks;
use mainstay_store::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;
use tokio::sync::{Notify, watch};

/// Tells that a connection is to be cut off, however little its client reads.
pub(crate) type Cut = Arc<Notify>;

/// The deadline of an answer that is sent in pieces. Travels with the head of the answer.
#[derive(Clone)]
struct Deadline {
    at: Instant,
    /// Closed once the answer is sent or given up.
    sending: watch::Receiver<()>,
}

/// The pieces of an answer.
struct Pieces {
    chunks: Chunks,
    _sending: watch::Sender<()>,
}

impl Stream for Pieces {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.chunks).poll_next(context)
    }
}

/// An answer of the data API as it is sent.
pub(crate) fn sendable(response: Response<mainstay_rest::Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let body = match body {
        mainstay_rest::Body::Whole(bytes) => Body::from(bytes),
        mainstay_rest::Body::Chunks(chunks) => {
            let (sender, sending) = watch::channel(());
            parts.extensions.insert(Deadline { at: chunks.deadline(), sending });
            Body::from_stream(Pieces { chunks, _sending: sender })
        }
    };
    Response::from_parts(parts, body)
}

/// Cuts the connection off when an answer sent in pieces is not through by its deadline: a client
/// that reads nothing keeps the connection from asking for the next piece, and from learning that
/// there is none.
pub(crate) fn watch_deadline<B>(response: &Response<B>, cut: &Cut) {
    let Some(deadline) = response.extensions().get::<Deadline>() else {
        return;
    };
    let (Deadline { at, mut sending }, cut) = (deadline.clone(), cut.clone());
    tokio::spawn(async move {
        tokio::select! {
            _ = sending.changed() => {}
            () = tokio::time::sleep_until(at.into()) => cut.notify_one(),
        }
    });
}
