//! `Idempotency-Key`: a write that may be sent again, and is answered again without being done
//! again (draft-ietf-httpapi-idempotency-key-header).
//!
//! The answer is kept in the transaction of the write itself. A write that is refused leaves
//! nothing: whoever sends it again tries again.

use crate::dialect::prefer::TransactionEnd;
use crate::error::{Fault, Result};
use crate::request::Request;
use crate::service::Rest;
use crate::shared::Shared;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use mainstay_kernel::{Context, Error, Kept, Repeatable};
use mainstay_store::Body;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// The header that names the key.
const KEY: &str = "idempotency-key";
/// The code of a key that was used for another request.
const REUSED: &str = "MS011";
/// Longest key, in bytes.
const KEY_BYTES: usize = 255;
/// Largest body of an answer that is kept; of a larger one status and headers are.
const BODY_BYTES: usize = 256 << 10;
/// The headers of a request that make it another one.
const TELLING: [&str; 6] =
    ["accept", "accept-profile", "content-profile", "content-type", "prefer", "range"];

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct KeptAnswer {
    status: u16,
    headers: Vec<(String, String)>,
    /// None when it was too large.
    body: Option<String>,
}

/// Whether a request is a write under a key.
pub(crate) fn applies(request: &Request) -> bool {
    let writes =
        matches!(request.method, Method::POST | Method::PATCH | Method::PUT | Method::DELETE);
    writes && request.headers.contains_key(KEY)
}

/// Answers a write under a key.
pub(crate) async fn answer(
    rest: &Rest,
    context: &Context,
    request: &Request,
) -> Result<Response<Body>> {
    let key = key(request)?;
    if request.preferences(false)?.transaction == Some(TransactionEnd::Rollback) {
        // Nothing stays, and nothing can be done twice.
        return rest.dispatch(context, request, None).await;
    }
    let kernel = rest.kernel();
    let repeatable = Repeatable::new(kernel, context, key, &fingerprint(request))?;
    if let Some(again) = replay(rest, context, &repeatable).await? {
        return Ok(again);
    }
    let Some(shared) = Shared::claim(kernel, context, repeatable.clone()).await? else {
        let again = replay(rest, context, &repeatable).await?;
        return again.ok_or_else(|| Error::internal("a key without its request").into());
    };
    let response = match rest.dispatch(context, request, Some(&shared)).await {
        Ok(response) => response,
        // What had to begin anew may find that another request with the key was done meanwhile.
        Err(failure) => return replay(rest, context, &repeatable).await?.ok_or(failure),
    };
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map_err(Error::from)?;
    let headers = parts.headers.iter().filter_map(|(name, value)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    });
    let small = (body.len() <= BODY_BYTES).then(|| std::str::from_utf8(&body).ok()).flatten();
    let kept = KeptAnswer {
        status: parts.status.as_u16(),
        headers: headers.collect(),
        body: small.map(str::to_owned),
    };
    let kept = serde_json::to_string(&kept).map_err(Error::internal)?;
    let mut work = shared.take()?;
    work.keep_answer(&repeatable, &kept).await?;
    work.commit().await?;
    Ok(Response::from_parts(parts, Body::Whole(body)))
}

/// The answer that was given before.
async fn replay(
    rest: &Rest,
    context: &Context,
    repeatable: &Repeatable,
) -> Result<Option<Response<Body>>> {
    let kept = match rest.kernel().kept_answer(context, repeatable).await? {
        Kept::Nothing => return Ok(None),
        Kept::OtherRequest => {
            let message = "The Idempotency-Key was used for another request";
            let fault = Fault::new(REUSED, message).status(StatusCode::UNPROCESSABLE_ENTITY);
            return Err(fault.hint("Send each new request with a new key.").into());
        }
        Kept::Answer(text) => text,
    };
    let kept: KeptAnswer = serde_json::from_str(&kept).map_err(Error::internal)?;
    let body = kept.body.map(|text| Body::Whole(Bytes::from(text))).unwrap_or_default();
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(kept.status).map_err(Error::internal)?;
    for (name, value) in kept.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            response.headers_mut().append(name, value);
        }
    }
    let replayed = HeaderName::from_static("idempotent-replayed");
    response.headers_mut().insert(replayed, HeaderValue::from_static("true"));
    Ok(Some(response))
}

fn key(request: &Request) -> Result<&str> {
    let key = request.header(KEY).unwrap_or_default();
    let is_single = request.headers.get_all(KEY).iter().count() == 1;
    let is_visible = key.bytes().all(|b| b.is_ascii_graphic());
    if !is_single || key.is_empty() || key.len() > KEY_BYTES || !is_visible {
        let message = "The Idempotency-Key can't be read";
        let details = format!("Expected one of 1 to {KEY_BYTES} visible ASCII characters.");
        return Err(Fault::new("PGRST100", message).details(details).into());
    }
    Ok(key)
}

/// All that makes a request the same one.
fn fingerprint(request: &Request) -> String {
    let mut text = format!("{} {:?} {:?}\n", request.method, request.target, request.query);
    for name in TELLING {
        for value in request.headers.get_all(name) {
            // Writing to a `String` does not fail.
            let _ = writeln!(text, "{name}: {value:?}");
        }
    }
    // Bytes that are no text are told apart by their escapes.
    let _ = write!(text, "\n{}", request.body.escape_ascii());
    text
}
