//! The routes, with CORS and compression for the clients that ask for them.
//!
//! A client that asks for neither pays for neither.

use crate::answer::Refusal;
use crate::app::App;
use crate::origin::RequestOrigin;
use crate::settings::CorsOrigins;
use crate::timing::SERVER_TIMING;
use crate::{account, auth, changes, data, docs, health, ledger, openapi, setup};
use axum::Router;
use axum::body::Body;
use axum::extract::Extension;
use axum::middleware::map_response;
use axum::routing::{any, get};
use http::header::{self, HeaderName, HeaderValue};
use http::{Method, Request, Response};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tower::{Layer, Service, ServiceExt};
use tower_http::CompressionLevel;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{Compression, CompressionLayer};
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, Cors, CorsLayer};

/// Smaller bodies are sent as they are.
const COMPRESSED_BYTES_MIN: u64 = 1_024;
/// How long a browser may remember that it may call.
const PREFLIGHT_AGE: Duration = Duration::from_hours(2);

type Worthwhile = tower_http::compression::predicate::And<SizeAbove, NotForContentType>;
type Compressed = Compression<Router, Worthwhile>;

/// The routes of a server.
pub(crate) struct Stack {
    plain: Router,
    compressed: Compressed,
    cross_origin: Option<Cors<Compressed>>,
}

impl Stack {
    pub(crate) fn new(app: &Arc<App>) -> Self {
        let plain = routes(app.clone());
        let worthwhile = SizeAbove::new(COMPRESSED_BYTES_MIN).and(NotForContentType::IMAGES);
        let compressed = CompressionLayer::new()
            .quality(CompressionLevel::Fastest)
            .compress_when(worthwhile)
            .layer(plain.clone().layer(map_response(set_rows_aside)));
        let cross_origin =
            cors(&app.settings.cors_origins).map(|cors| cors.layer(compressed.clone()));
        Self { plain, compressed, cross_origin }
    }

    /// Answers through the layers that the request needs. The futures of layers are large and in
    /// boxes, so that a request without them doesn't carry their size.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let headers = request.headers();
        if let Some(cross_origin) = &self.cross_origin
            && headers.contains_key(header::ORIGIN)
            && is_simple_or_preflight(&request)
        {
            return put_rows_back(Box::pin(call(cross_origin.clone(), request)).await)
                .map(Body::new);
        }
        if headers.contains_key(header::ACCEPT_ENCODING) {
            return put_rows_back(Box::pin(call(self.compressed.clone(), request)).await)
                .map(Body::new);
        }
        call(self.plain.clone(), request).await
    }
}

async fn call<S, B>(service: S, request: Request<Body>) -> Response<B>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible>,
{
    match service.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// A `Content-Range` that says which rows an answer has. The layer that compresses takes every
/// answer with one for a part of a file and leaves it as it is, so it is not to see it.
#[derive(Clone)]
struct Rows(HeaderValue);

async fn set_rows_aside(mut response: Response<Body>) -> Response<Body> {
    if let Some(rows) = response.headers_mut().remove(header::CONTENT_RANGE) {
        response.extensions_mut().insert(Rows(rows));
    }
    response
}

fn put_rows_back<B>(mut response: Response<B>) -> Response<B> {
    if let Some(Rows(rows)) = response.extensions_mut().remove() {
        response.headers_mut().insert(header::CONTENT_RANGE, rows);
    }
    response
}

/// The layer would take every `OPTIONS` for a preflight, also those that ask a table.
fn is_simple_or_preflight(request: &Request<Body>) -> bool {
    request.method() != Method::OPTIONS
        || request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn routes(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(docs::index))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/openapi.json", get(openapi::get))
        .route("/docs", get(docs::page))
        .route("/docs/docs.css", get(docs::style))
        .route("/docs/docs.js", get(docs::script))
        .route("/setup", get(setup::page).post(setup::submit))
        .route("/rest/v1", any(data::root))
        .route("/rest/v1/", any(data::root))
        .route("/rest/v1/{table}", any(data::table))
        .route("/rest/v1/rpc/{action}", any(data::action))
        .route("/rest/v1/{table}/changes", get(changes::listen))
        .route("/ledger/v1/{organization}/{*path}", get(ledger::read))
        .merge(auth::routes())
        .merge(account::routes())
        .fallback(async |Extension(RequestOrigin(origin)): Extension<RequestOrigin>| {
            Refusal::NotFound.response(origin.request_id.as_deref())
        })
        .method_not_allowed_fallback(async || Refusal::MethodNotAllowed.response(None))
        .with_state(app)
}

/// Headers of answers that pages may read beside the ordinary ones.
const EXPOSED: [HeaderName; 13] = [
    header::CONTENT_RANGE,
    HeaderName::from_static("idempotent-replayed"),
    header::LINK,
    HeaderName::from_static("ledger-index"),
    HeaderName::from_static("ledger-receipt"),
    header::LOCATION,
    header::RETRY_AFTER,
    HeaderName::from_static("preference-applied"),
    HeaderName::from_static("proxy-status"),
    SERVER_TIMING,
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("x-supabase-api-version"),
    HeaderName::from_static("x-total-count"),
];

fn cors(origins: &CorsOrigins) -> Option<CorsLayer> {
    let origins = match origins {
        CorsOrigins::None => return None,
        CorsOrigins::Any => AllowOrigin::any(),
        CorsOrigins::List(origins) => AllowOrigin::list(origins.iter().cloned()),
    };
    let layer = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED)
        .max_age(PREFLIGHT_AGE);
    Some(layer)
}
