//! What a form sent, and whether it is one of ours.

use crate::answer::Refusal;
use crate::identifier::identifier;
use axum::extract::{Form as FormBody, FromRequest};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, HeaderName, ORIGIN};
use http::{HeaderMap, Request};
use std::collections::HashMap;
use uuid::Uuid;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The fields that a form sent.
pub(crate) struct Form(HashMap<String, String>);

impl Form {
    /// Reads a body of `application/x-www-form-urlencoded`.
    pub(crate) async fn parse(headers: &HeaderMap, body: Bytes) -> Result<Self, Refusal> {
        let mut request = Request::post("/").body(axum::body::Body::from(body));
        if let (Ok(request), Some(kind)) = (&mut request, headers.get(CONTENT_TYPE)) {
            request.headers_mut().insert(CONTENT_TYPE, kind.clone());
        }
        let request = request.map_err(|_| Refusal::BodyBroken)?;
        match FormBody::<HashMap<String, String>>::from_request(request, &()).await {
            Ok(FormBody(fields)) => Ok(Self(fields)),
            Err(_) => Err(Refusal::BodyBroken),
        }
    }

    /// What stands in a field; nothing where there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The identifier in a field; nil, which nobody has, for what is none.
    pub(crate) fn id(&self, name: &str) -> Uuid {
        identifier(self.get(name))
    }

    /// What stands in a field that has something.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|text| !text.is_empty())
    }
}

/// Whether a browser says that a page of this server sent a form. One that says nothing of it is
/// held to the form's token alone.
///
/// Pages say `no-referrer`, with which `Origin` is `null` for their own forms too (Fetch §3.2), so
/// `Sec-Fetch-Site` counts where there is one.
pub(crate) fn is_from_here(headers: &HeaderMap, own_url: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if headers.contains_key(&SEC_FETCH_SITE) {
        return matches!(text(&SEC_FETCH_SITE), Some("same-origin" | "none"));
    }
    if !headers.contains_key(ORIGIN) {
        return true;
    }
    let Some(origin) = text(&ORIGIN) else {
        return false;
    };
    let host = origin.split_once("://").map(|(_, host)| host);
    origin == "null" || origin == own_url || (host.is_some() && host == text(&HOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comes_from_here(pairs: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        is_from_here(&headers, "https://id.example.com")
    }

    #[test]
    fn forms_of_other_pages_are_refused() {
        let fetched = "sec-fetch-site";
        for headers in [
            &[(fetched, "same-origin"), ("origin", "null")][..],
            &[(fetched, "none")],
            &[("origin", "https://id.example.com")],
            &[("origin", "http://127.0.0.1:8420"), ("host", "127.0.0.1:8420")],
            &[],
        ] {
            assert!(comes_from_here(headers), "{headers:?}");
        }
        for headers in [
            &[(fetched, "cross-site"), ("origin", "https://id.example.com")][..],
            &[(fetched, "same-site")],
            &[("origin", "https://evil.example"), ("host", "id.example.com")],
            &[("origin", "https://id.example.com.evil.example")],
        ] {
            assert!(!comes_from_here(headers), "{headers:?}");
        }
    }
}
