//! Reading a request's body within its limits of size, memory and time.

use crate::answer::Refusal;
use crate::app::App;
use axum::body::Body;
use bytes::Bytes;
use http_body::Body as _;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

/// Bodies up to this many bytes are read without asking for memory.
const SMALL_BYTES: usize = 64 * 1024;

/// Longest time in which the rest of a refused body is taken.
const DISCARD_TIME: Duration = Duration::from_secs(5);

/// A whole body, and its share of the memory that bodies may take together.
pub(crate) struct Received {
    pub(crate) bytes: Bytes,
    _memory: Option<OwnedSemaphorePermit>,
}

/// Reads a whole body.
pub(crate) async fn read(app: &App, mut body: Body) -> Result<Received, Refusal> {
    if body.is_end_stream() {
        return Ok(Received { bytes: Bytes::new(), _memory: None });
    }
    let bytes_max = app.settings.body_bytes_max;
    let too_large = Refusal::BodyTooLarge { bytes_max };
    let length = body.size_hint();
    if length.lower() > bytes_max as u64 {
        discard(body);
        return Err(too_large);
    }
    let needed = length.upper().map_or(bytes_max, |bytes| bytes_max.min(bytes as usize));
    let patience = app.settings.body_timeout;
    let memory =
        if needed > SMALL_BYTES { Some(reserve(app, needed, patience).await?) } else { None };
    let read = timeout(patience, Limited::new(&mut body, bytes_max).collect()).await;
    match read {
        Ok(Ok(collected)) => Ok(Received { bytes: collected.to_bytes(), _memory: memory }),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            discard(body);
            Err(too_large)
        }
        Ok(Err(_)) => Err(Refusal::BodyBroken),
        Err(_) => Err(Refusal::BodyTimeout),
    }
}

/// Takes the rest of a refused body and forgets it, for a while: a client that is still sending
/// when its connection closes is told of the reset instead of the answer (RFC 9112 §9.6).
fn discard(mut body: Body) {
    tokio::spawn(timeout(
        DISCARD_TIME,
        async move { while let Some(Ok(_)) = body.frame().await {} },
    ));
}

/// Waits for memory; when none gets free in time the server has too much to do.
async fn reserve(
    app: &App,
    bytes: usize,
    patience: Duration,
) -> Result<OwnedSemaphorePermit, Refusal> {
    let total = app.settings.body_memory_bytes / 1024;
    let kibibytes = bytes.div_ceil(1024).min(total).try_into().unwrap_or(u32::MAX);
    let memory = app.body_memory.clone().acquire_many_owned(kibibytes);
    match timeout(patience, memory).await {
        Ok(Ok(permit)) => Ok(permit),
        Ok(Err(_)) | Err(_) => Err(Refusal::Overloaded),
    }
}
