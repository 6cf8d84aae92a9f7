//! What pages need besides: the style and the script, in the binary.
//!
//! A file's name holds a hash of what is in it, so that browsers may keep it for ever.

use crate::answer::{Refusal, with_type};
use axum::body::Body;
use axum::extract::Path;
use bytes::Bytes;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, Response, StatusCode};
use mainstay_vault::hash_token;
use std::fmt::Write;
use std::sync::LazyLock;

const HASH_BYTES: usize = 8;

/// A file that pages name.
pub(crate) struct Asset {
    kind: &'static str,
    text: &'static str,
    name: LazyLock<String>,
}

/// How pages look.
pub(crate) static STYLE: Asset = Asset {
    kind: "text/css; charset=utf-8",
    text: include_str!("account.css"),
    name: LazyLock::new(|| named("account", include_str!("account.css"), "css")),
};

/// Asks authenticators.
pub(crate) static SCRIPT: Asset = Asset {
    kind: "text/javascript; charset=utf-8",
    text: include_str!("passkey.js"),
    name: LazyLock::new(|| named("passkey", include_str!("passkey.js"), "js")),
};

impl Asset {
    /// The name, with the hash.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// `GET /assets/{name}`.
pub(crate) async fn get(Path(name): Path<String>) -> Response<Body> {
    let Some(asset) = [&STYLE, &SCRIPT].into_iter().find(|asset| *asset.name == name) else {
        return Refusal::NotFound.response(None);
    };
    let body = Bytes::from_static(asset.text.as_bytes());
    let mut response = with_type(StatusCode::OK, asset.kind, body);
    let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
    response.headers_mut().insert(CACHE_CONTROL, kept);
    response
}

fn named(stem: &str, text: &str, ending: &str) -> String {
    let mut name = format!("{stem}-");
    for byte in hash_token(text).iter().take(HASH_BYTES) {
        // Writing to a String does not fail.
        let _ = write!(name, "{byte:02x}");
    }
    name + "." + ending
}
