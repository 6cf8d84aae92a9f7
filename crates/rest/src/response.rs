//! Answers: status, headers and body.

use crate::dialect::{ContentRange, MediaType, Preferences};
use http::header::{ALLOW, CONTENT_RANGE, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use http::{Response, StatusCode};
use mainstay_store::Body;

/// An answer being put together.
pub(crate) struct Reply {
    response: Response<Body>,
}

impl Reply {
    /// An answer without a body.
    pub(crate) fn new(status: StatusCode) -> Self {
        let mut response = Response::new(Body::default());
        *response.status_mut() = status;
        Self { response }
    }

    /// The body and its type.
    pub(crate) fn body(mut self, media: &MediaType, body: impl Into<Body>) -> Self {
        let content_type = match media {
            // The type of nearly every answer needs no check.
            MediaType::Json => Some(HeaderValue::from_static("application/json; charset=utf-8")),
            other => HeaderValue::from_str(&other.content_type()).ok(),
        };
        self.insert(CONTENT_TYPE, content_type);
        *self.response.body_mut() = body.into();
        self
    }

    /// `Content-Range`
    pub(crate) fn range(self, range: ContentRange) -> Self {
        self.text(CONTENT_RANGE, &range.to_string())
    }

    /// `Location`
    pub(crate) fn location(self, location: Option<&str>) -> Self {
        match location {
            Some(location) => self.text(LOCATION, location),
            None => self,
        }
    }

    /// A further header; one of the same name stays.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.response.headers_mut().append(HeaderName::from_static(name), value);
        }
        self
    }

    /// `Allow`
    pub(crate) fn allow(self, methods: &str) -> Self {
        self.text(ALLOW, methods)
    }

    /// `Preference-Applied`
    pub(crate) fn applied(self, preferences: &Preferences) -> Self {
        match preferences.applied() {
            Some(applied) => self.text(HeaderName::from_static("preference-applied"), &applied),
            None => self,
        }
    }

    /// `Content-Profile`, when the request named a schema.
    pub(crate) fn profile(self, profile: Option<&str>) -> Self {
        match profile {
            Some(profile) => self.text(HeaderName::from_static("content-profile"), profile),
            None => self,
        }
    }

    /// The answer to `HEAD` is that to `GET` without its body.
    pub(crate) fn headless(mut self, head: bool) -> Self {
        if head {
            *self.response.body_mut() = Body::default();
        }
        self
    }

    pub(crate) fn finish(self) -> Response<Body> {
        self.response
    }

    fn text(mut self, name: HeaderName, value: &str) -> Self {
        let value = HeaderValue::from_str(value).ok();
        self.insert(name, value);
        self
    }

    fn insert(&mut self, name: HeaderName, value: Option<HeaderValue>) {
        if let Some(value) = value {
            self.response.headers_mut().insert(name, value);
        }
    }
}
