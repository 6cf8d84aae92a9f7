//! What a refused request answers: PostgREST's error body, with the status that its code has.

mod kernel;
mod status;

pub use kernel::error_response;
pub use status::status_of;

use crate::dialect::ParseError;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{Response, StatusCode};
use mainstay_entity::json::escape_into;
use std::borrow::Cow;
use std::fmt;

/// A refusal as the client reads it: `{"code", "message", "details", "hint"}` and a status.
#[derive(Debug, Clone)]
pub struct Fault {
    body: Box<Body>,
}

#[derive(Debug, Clone)]
struct Body {
    status: StatusCode,
    code: Cow<'static, str>,
    message: String,
    details: Option<Details>,
    hint: Option<String>,
    /// Which operation of a batch it was: its name and its place from 0.
    operation: Option<(String, usize)>,
    /// Of answers that refuse too many requests.
    retry_after_seconds: u64,
}

#[derive(Debug, Clone)]
enum Details {
    Text(String),
    /// JSON as it is.
    Json(String),
}

impl Fault {
    /// A refusal with the status that belongs to its code.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        let code = code.into();
        let status = status_of(&code);
        let message = message.into();
        Self {
            body: Box::new(Body {
                status,
                code,
                message,
                details: None,
                hint: None,
                operation: None,
                retry_after_seconds: 1,
            }),
        }
    }

    /// Something that the dialect has and this server does not do (`PGRST127`).
    pub fn unsupported(what: impl Into<String>) -> Self {
        Self::new("PGRST127", "Feature not implemented").details(what)
    }

    /// More about what went wrong.
    pub fn details(mut self, details: impl Into<String>) -> Self {
        self.body.details = Some(Details::Text(details.into()));
        self
    }

    /// More about what went wrong, as a JSON text.
    pub(crate) fn details_json(mut self, json: String) -> Self {
        self.body.details = Some(Details::Json(json));
        self
    }

    /// What to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.body.hint = Some(hint.into());
        self
    }

    /// Another status than the code's own.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.body.status = status;
        self
    }

    /// Which operation of a batch it was: its name, and its place from 0.
    pub(crate) fn operation(mut self, id: &str, index: usize) -> Self {
        self.body.operation = Some((id.to_owned(), index));
        self
    }

    /// Which part of a nested body it was.
    pub(crate) fn place(mut self, path: &str) -> Self {
        let more = match self.body.details.take() {
            Some(Details::Text(text)) => format!(" {text}"),
            _ => String::new(),
        };
        self.body.details = Some(Details::Text(format!("At {path}.{more}")));
        self
    }

    /// A refusal of too many requests (429); further ones are served after so many seconds.
    pub(crate) fn too_many(code: &'static str, retry_after_seconds: u64) -> Self {
        let mut fault = Self::new(code, "Too many requests").status(StatusCode::TOO_MANY_REQUESTS);
        fault.body.retry_after_seconds = retry_after_seconds;
        fault
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        &self.body.code
    }

    /// The status.
    pub fn http_status(&self) -> StatusCode {
        self.body.status
    }

    /// What is wrong, in one sentence.
    pub fn message(&self) -> &str {
        &self.body.message
    }

    /// The answer.
    pub fn response(&self) -> Response<Bytes> {
        let mut response = Response::new(self.json());
        *response.status_mut() = self.body.status;
        let headers = response.headers_mut();
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        headers.insert(CONTENT_TYPE, json);
        // RFC 9209, as PostgREST tells it: answers to HEAD have no body that would.
        if let Ok(status) = HeaderValue::try_from(format!("Mainstay; error={}", self.body.code)) {
            headers.insert("proxy-status", status);
        }
        match self.body.status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::TOO_MANY_REQUESTS => {
                headers.insert(RETRY_AFTER, HeaderValue::from(self.body.retry_after_seconds));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }

    fn json(&self) -> Bytes {
        let mut out = Vec::with_capacity(160);
        let body = &*self.body;
        out.extend_from_slice(b"{\"code\":");
        escape_into(&mut out, &body.code);
        out.extend_from_slice(b",\"details\":");
        match &body.details {
            Some(Details::Text(text)) => escape_into(&mut out, text),
            Some(Details::Json(json)) => out.extend_from_slice(json.as_bytes()),
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(b",\"hint\":");
        match &body.hint {
            Some(hint) => escape_into(&mut out, hint),
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(b",\"message\":");
        escape_into(&mut out, &body.message);
        if let Some((id, index)) = &body.operation {
            out.extend_from_slice(b",\"operation\":{\"id\":");
            escape_into(&mut out, id);
            out.extend_from_slice(format!(",\"index\":{index}}}").as_bytes());
        }
        out.push(b'}');
        Bytes::from(out)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.body.code, self.body.message)
    }
}

impl std::error::Error for Fault {}

impl From<ParseError> for Fault {
    fn from(error: ParseError) -> Self {
        let mut fault = Self::new(error.code, error.message);
        fault.body.details = error.details.map(Details::Text);
        fault.body.hint = error.hint;
        fault
    }
}

/// Why a request was not served: refused here, or by the kernel.
#[derive(Debug)]
pub(crate) enum Failure {
    Fault(Fault),
    Kernel(mainstay_kernel::Error),
}

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// The same of a table that is known by an alias, `name_1`: PostgREST gives embedded tables
    /// such names, and PostgreSQL's messages about columns show them.
    pub(crate) fn of_alias(self, table: &str, depth: usize) -> Self {
        match self {
            Self::Fault(mut fault) if ["42703", "42803"].contains(&fault.body.code.as_ref()) => {
                let (plain, alias) = (format!("{table}."), format!("{table}_{depth}."));
                let body = &mut fault.body;
                for before in ["column ", "column \""] {
                    if let Some(rest) = body.message.strip_prefix(before)
                        && let Some(column) = rest.strip_prefix(&plain)
                    {
                        body.message = format!("{before}{alias}{column}");
                        body.hint = body.hint.take().map(|hint| hint.replace(&plain, &alias));
                        break;
                    }
                }
                Self::Fault(fault)
            }
            failure => failure,
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<ParseError> for Failure {
    fn from(error: ParseError) -> Self {
        Self::Fault(error.into())
    }
}

impl From<mainstay_kernel::Error> for Failure {
    fn from(error: mainstay_kernel::Error) -> Self {
        Self::Kernel(error)
    }
}
