//! The server described to people: an index, and a page that draws `/openapi.json`.
//!
//! The page and what it needs are part of the binary; nothing is fetched from elsewhere.

use crate::answer::{json, with_type};
use axum::body::Body;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY};
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;

/// A page may use what this server serves, may not be framed, and sends forms nowhere else.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

#[derive(Serialize)]
struct Index {
    name: &'static str,
    version: &'static str,
    data: &'static str,
    auth: &'static str,
    documentation: &'static str,
    openapi: &'static str,
    health: [&'static str; 2],
}

/// `GET /`: where things are.
pub(crate) async fn index() -> Response<Body> {
    let index = Index {
        name: "mainstay",
        version: env!("CARGO_PKG_VERSION"),
        data: "/rest/v1/",
        auth: "/auth/v1/",
        documentation: "/docs",
        openapi: "/openapi.json",
        health: ["/livez", "/readyz"],
    };
    json(StatusCode::OK, &index)
}

/// `GET /docs`.
pub(crate) async fn page() -> Response<Body> {
    html(StatusCode::OK, Bytes::from_static(include_bytes!("assets/docs.html")))
}

/// `GET /docs/docs.css`.
pub(crate) async fn style() -> Response<Body> {
    asset("text/css; charset=utf-8", include_bytes!("assets/docs.css"))
}

/// `GET /docs/docs.js`.
pub(crate) async fn script() -> Response<Body> {
    asset("text/javascript; charset=utf-8", include_bytes!("assets/docs.js"))
}

fn asset(kind: &'static str, bytes: &'static [u8]) -> Response<Body> {
    let mut response = with_type(StatusCode::OK, kind, Bytes::from_static(bytes));
    let kept = HeaderValue::from_static("public, max-age=300");
    response.headers_mut().insert(CACHE_CONTROL, kept);
    response
}

/// A page.
pub(crate) fn html(status: StatusCode, body: Bytes) -> Response<Body> {
    let mut response = with_type(status, "text/html; charset=utf-8", body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    headers.insert(opener, HeaderValue::from_static("same-origin"));
    response
}
