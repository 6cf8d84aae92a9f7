//! `/ledger/v1/{organization}`: the log of an organisation, as C2SP tlog-tiles has it, and its key.
//!
//! Readable by who may read the organisation's audit events, and by everybody when the
//! organisation's settings say so.

use crate::answer::{Refusal, with_type};
use crate::app::{App, Services};
use crate::data;
use crate::origin::RequestOrigin;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use bytes::Bytes;
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use mainstay_audit::ledger;
use mainstay_kernel::{Context, Error, Origin, PLATFORM_ORGANIZATION, permissions};
use mainstay_ledger::{TILE_WIDTH, TilePath};
use mainstay_rest::error_response;
use std::sync::Arc;
use uuid::Uuid;

const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";

/// What is asked of a log.
enum Asked {
    Checkpoint,
    Key,
    Tile(TilePath),
}

/// Why a log is not shown.
enum Hidden {
    /// There is no such thing for this caller.
    Unknown,
    /// The caller's credentials were refused.
    Refused(Box<Response<Body>>),
    /// The caller may not read it, or it could not be read.
    Failed(Error),
}

/// `GET /ledger/v1/{organization}/{path}`.
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Response<Body> {
    let request_id = origin.request_id.clone();
    let Some(services) = app.services() else {
        return Refusal::Starting.response(request_id.as_deref());
    };
    let Ok(Path((organization, path))) = path else {
        return Refusal::BadPath.response(request_id.as_deref());
    };
    let asked = organization.parse::<Uuid>().ok().zip(asked(&path));
    let Some((organization, asked)) = asked else {
        return Refusal::NotFound.response(request_id.as_deref());
    };
    match answer(services, organization, &asked, &headers, origin).await {
        Ok(response) => response,
        Err(Hidden::Unknown) => Refusal::NotFound.response(request_id.as_deref()),
        Err(Hidden::Refused(response)) => *response,
        Err(Hidden::Failed(error)) => {
            error_response(&error, request_id.as_deref(), false).map(Body::from)
        }
    }
}

fn asked(path: &str) -> Option<Asked> {
    match path {
        "checkpoint" => Some(Asked::Checkpoint),
        "key" => Some(Asked::Key),
        path => path.parse().ok().map(Asked::Tile),
    }
}

async fn answer(
    services: &Services,
    organization: Uuid,
    asked: &Asked,
    headers: &HeaderMap,
    origin: Arc<Origin>,
) -> Result<Response<Body>, Hidden> {
    let kernel = &services.kernel;
    let is_public = ledger::is_public(kernel, organization).await?;
    if !is_public {
        let context = data::context(services, headers, origin).await;
        let context =
            context.map_err(|refused| Hidden::Refused(Box::new(refused.map(Body::from))))?;
        authorize(services, &context, organization, asked)?;
    }
    let (kind, found) = match asked {
        Asked::Checkpoint => (TEXT, ledger::checkpoint(kernel, organization).await?),
        Asked::Key => (TEXT, ledger::verifier_key(kernel, organization).await?),
        Asked::Tile(path) => (BYTES, ledger::tile(kernel, organization, *path).await?),
    };
    let bytes: Bytes = found.ok_or(Hidden::Unknown)?;
    let mut response = with_type(StatusCode::OK, kind, bytes);
    response.headers_mut().insert(CACHE_CONTROL, cache(asked, is_public));
    Ok(response)
}

/// The caller must be allowed to read the organisation's events. Another organisation's log is as
/// unknown as one that does not exist. Of the platform's log everything but its leaves names
/// nobody: whoever may read the events of an organisation of theirs may compare with it.
fn authorize(
    services: &Services,
    context: &Context,
    organization: Uuid,
    asked: &Asked,
) -> Result<(), Hidden> {
    let events = services.kernel.ledger().rows().table();
    services.kernel.authorize_all(context, events, permissions::READ)?;
    let is_leaves = matches!(asked, Asked::Tile(TilePath::Entries(_)));
    let is_own = context.principal.access().tenant() == Some(organization);
    if is_own || (organization == PLATFORM_ORGANIZATION && !is_leaves) {
        Ok(())
    } else {
        Err(Hidden::Unknown)
    }
}

/// A full tile never changes. One that still grows is another under another name.
fn cache(asked: &Asked, is_public: bool) -> HeaderValue {
    let is_full = |path: &TilePath| {
        let (TilePath::Hashes(tile) | TilePath::Entries(tile)) = path;
        tile.width() == TILE_WIDTH
    };
    HeaderValue::from_static(match (asked, is_public) {
        (Asked::Tile(path), true) if is_full(path) => "public, max-age=31536000, immutable",
        (Asked::Tile(path), false) if is_full(path) => "private, max-age=31536000, immutable",
        (Asked::Tile(_), true) => "public, max-age=60",
        (Asked::Tile(_), false) => "private, max-age=60",
        (Asked::Checkpoint | Asked::Key, _) => "no-cache",
    })
}

impl From<Error> for Hidden {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}
