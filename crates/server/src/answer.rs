//! Answers that the server itself gives, beside those of the data API.

use axum::body::Body;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;

/// A refusal by the server itself: before a request reached the data, or instead of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No such path.
    NotFound,
    /// The path does not know this method.
    MethodNotAllowed,
    /// The path holds something that is no UTF-8.
    BadPath,
    /// The body ended early or is broken.
    BodyBroken,
    /// The body is longer than the server accepts.
    BodyTooLarge {
        /// Longest body, in bytes.
        bytes_max: usize,
    },
    /// The body took too long to arrive.
    BodyTimeout,
    /// As many requests as the server takes are being worked on.
    Overloaded,
    /// The answer took too long.
    Deadline,
    /// The server is starting.
    Starting,
    /// A fault of the server.
    Internal,
}

/// PostgREST's error shape.
#[derive(Serialize)]
struct Problem<'a> {
    code: &'a str,
    message: &'a str,
    details: Option<&'a str>,
    hint: Option<&'a str>,
}

impl Refusal {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadPath | Self::BodyBroken => StatusCode::BAD_REQUEST,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Overloaded | Self::Starting => StatusCode::SERVICE_UNAVAILABLE,
            Self::Deadline => StatusCode::GATEWAY_TIMEOUT,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The code that clients may rely on: PostgREST's where it has one.
    fn code(self) -> &'static str {
        match self {
            Self::NotFound | Self::BadPath => "PGRST125",
            Self::MethodNotAllowed => "PGRST117",
            Self::BodyBroken => "PGRST102",
            Self::BodyTooLarge { .. } => "MS413",
            Self::BodyTimeout => "MS408",
            Self::Overloaded => "MS503",
            Self::Deadline => "MS504",
            Self::Starting => "MS002",
            Self::Internal => "MS500",
        }
    }

    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::NotFound => "Invalid path specified in request URL",
            Self::MethodNotAllowed => "Unsupported HTTP method",
            Self::BadPath => "The path is not UTF-8",
            Self::BodyBroken => "The body ended before it was complete",
            Self::BodyTooLarge { .. } => "The body is too large",
            Self::BodyTimeout => "The body took too long to arrive",
            Self::Overloaded => "The server is working on as many requests as it takes",
            Self::Deadline => "The request took too long; a change may have been made or not",
            Self::Starting => "The server is starting",
            Self::Internal => "Internal error",
        }
    }

    fn details(self, request_id: Option<&str>) -> Option<String> {
        match self {
            Self::BodyTooLarge { bytes_max } => {
                Some(format!("at most {bytes_max} bytes are accepted"))
            }
            Self::Internal => request_id.map(|id| format!("request {id}")),
            _ => None,
        }
    }

    fn hint(self) -> Option<&'static str> {
        match self {
            Self::BodyTooLarge { .. } => Some("Send the rows in several requests."),
            Self::Overloaded | Self::Starting => Some("Try again in a moment."),
            Self::Internal => Some("The server's log names the request and tells more."),
            _ => None,
        }
    }

    /// The answer; an internal fault names the request, as the log does.
    pub(crate) fn response(self, request_id: Option<&str>) -> Response<Body> {
        let details = self.details(request_id);
        let problem = Problem {
            code: self.code(),
            message: self.message(),
            details: details.as_deref(),
            hint: self.hint(),
        };
        let mut response = json(self.status(), &problem);
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// An answer in JSON that nobody keeps.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    match serde_json::to_vec(value) {
        Ok(bytes) => with_type(status, "application/json; charset=utf-8", Bytes::from(bytes)),
        // Plain structs of strings and numbers always serialise.
        Err(_) => with_type(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", Bytes::new()),
    }
}

/// The answer to what was done and has nothing to say.
pub(crate) fn no_content() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// An answer of some type that nobody keeps.
pub(crate) fn with_type(status: StatusCode, kind: &'static str, body: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
