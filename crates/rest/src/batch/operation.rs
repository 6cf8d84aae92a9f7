//! One operation of a batch, as it was sent and as a request.

use super::answers::Answers;
use super::reference::{Reference, Template};
use crate::dialect::BodyType;
use crate::dialect::error::INVALID_BODY;
use crate::dialect::media::body_type;
use crate::dialect::prefer::TransactionEnd;
use crate::error::{Failure, Fault, Result};
use crate::request::{Request, Target};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use mainstay_kernel::Context;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};

/// The code of a reference that leads to nothing.
pub(super) const BAD_REFERENCE: &str = "MS012";
/// The headers that an operation may have.
const HEADERS: [&str; 6] =
    ["accept", "accept-profile", "content-profile", "content-type", "prefer", "range"];
/// Longest identifier of an operation, in bytes.
const ID_BYTES: usize = 64;

/// An operation as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent<'a> {
    id: Option<String>,
    method: String,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
}

/// An operation of a batch.
pub(super) struct Operation {
    /// Its place in the batch, from 0.
    pub(super) index: usize,
    /// The name by which others refer to it; its place when it has none.
    pub(super) id: String,
    /// Whether others refer to its answer.
    pub(super) is_referred_to: bool,
    /// Whether it asked for the rows that it writes.
    pub(super) shows_rows: bool,
    method: Method,
    target: Target,
    query: Template,
    headers: HeaderMap,
    body: Option<Template>,
}

/// Reads the operations of a batch; refuses it when one could not be understood, or refers to what
/// does not come before it.
pub(super) fn read(request: &Request, base_path: &str) -> Result<Vec<Operation>> {
    let sent: Vec<Sent<'_>> = serde_json::from_slice(&request.body).map_err(|error| {
        malformed("The body must be a JSON array of operations").details(error.to_string())
    })?;
    if sent.len() > super::OPERATIONS {
        let message = format!("A batch has at most {} operations", super::OPERATIONS);
        return Err(malformed(&message).into());
    }
    let mut operations: Vec<Operation> = Vec::with_capacity(sent.len());
    let mut places: HashMap<String, usize> = HashMap::with_capacity(sent.len());
    for (index, sent) in sent.into_iter().enumerate() {
        let id = sent.id.clone().unwrap_or_else(|| index.to_string());
        let operation = Operation::read(&sent, index, id.clone(), request, base_path)
            .map_err(|fault| fault.operation(&id, index))?;
        let refused = |message: String| Fault::new(BAD_REFERENCE, message).operation(&id, index);
        for reference in operation.references() {
            let Some(place) = places.get(&reference.operation) else {
                let other = &reference.operation;
                let message =
                    format!("Operation '{id}' refers to '{other}', which does not come before it");
                let hint = "A value that has a member `$ref` itself is sent as {\"$literal\": …}.";
                return Err(refused(message).hint(hint).into());
            };
            operations[*place].is_referred_to = true;
        }
        if places.insert(id.clone(), index).is_some() {
            return Err(refused(format!("Two operations are named '{id}'")).into());
        }
        operations.push(operation);
    }
    operations.iter_mut().try_for_each(Operation::show_what_is_referred_to)?;
    Ok(operations)
}

impl Operation {
    fn read(
        sent: &Sent<'_>,
        index: usize,
        id: String,
        batch: &Request,
        base_path: &str,
    ) -> Result<Self, Fault> {
        let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        if id.is_empty() || id.len() > ID_BYTES || !id.bytes().all(is_name) {
            let message = "An operation's id is of letters, digits, '_' and '-'";
            return Err(malformed(message).details(format!("At most {ID_BYTES} of them.")));
        }
        let method = match sent.method.as_str() {
            "GET" => Method::GET,
            "HEAD" => Method::HEAD,
            "POST" => Method::POST,
            "PATCH" => Method::PATCH,
            "PUT" => Method::PUT,
            "DELETE" => Method::DELETE,
            other => {
                let message = format!("Unsupported HTTP method: {other}");
                return Err(Fault::new("PGRST117", message));
            }
        };
        let path = sent.path.strip_prefix(base_path).unwrap_or(&sent.path);
        let path = path.strip_prefix('/').unwrap_or(path);
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let headers = headers(&sent.headers, batch)?;
        Ok(Self {
            index,
            id,
            is_referred_to: false,
            shows_rows: false,
            method,
            target: target(path)?,
            query: Template::of_query(query)?,
            headers,
            body: sent.body.map(|body| Template::of_body(body.get())).transpose()?,
        })
    }

    fn references(&self) -> impl Iterator<Item = &Reference> {
        self.query.references().chain(self.body.iter().flat_map(Template::references))
    }

    /// What is referred to must be answered; the client is shown no more than it asked for.
    fn show_what_is_referred_to(&mut self) -> Result<()> {
        let request = self.frame();
        let preferences = request.preferences(false)?;
        if preferences.transaction == Some(TransactionEnd::Rollback) {
            let fault = Fault::unsupported("tx=rollback of one operation of a batch.");
            return Err(fault.operation(&self.id, self.index).into());
        }
        let shown = preferences.representation.map(crate::dialect::prefer::Representation::as_str);
        let writes = !matches!(self.method, Method::GET | Method::HEAD);
        let is_table = matches!(self.target, Target::Table(_));
        self.shows_rows = !writes || !is_table || shown == Some("return=representation");
        if self.is_referred_to && !self.shows_rows {
            let name = HeaderName::from_static("prefer");
            // Of contradicting preferences the first one holds.
            let mut all = vec![HeaderValue::from_static("return=representation")];
            all.extend(self.headers.get_all(&name).iter().cloned());
            self.headers.remove(&name);
            for value in all {
                self.headers.append(name.clone(), value);
            }
        }
        Ok(())
    }

    fn frame(&self) -> Request {
        Request {
            method: self.method.clone(),
            target: self.target.clone(),
            query: String::new(),
            headers: self.headers.clone(),
            body: Bytes::new(),
        }
    }

    /// The request, with what it refers to filled in.
    pub(super) fn request(&self, answers: &Answers) -> Result<Request> {
        let fill = |template: &Template| -> Result<String> {
            template.fill(|reference| answers.find(reference))
        };
        let query = fill(&self.query)?;
        let body = self.body.as_ref().map(fill).transpose()?.unwrap_or_default();
        Ok(Request { query, body: Bytes::from(body), ..self.frame() })
    }

    /// The request without its body, when it refers to nothing.
    pub(super) fn plain_request(&self) -> Option<Request> {
        Some(Request { query: self.query.plain()?.to_owned(), ..self.frame() })
    }

    /// The body, when it refers to nothing.
    pub(super) fn body(&self) -> Option<&str> {
        self.body.as_ref()?.plain()
    }

    /// Whether both add one row each, in the same way.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        let adds_row = |operation: &Self| {
            operation.method == Method::POST
                && matches!(operation.target, Target::Table(_))
                && operation.body().is_some_and(|body| body.starts_with('{'))
        };
        adds_row(self)
            && adds_row(other)
            && self.target == other.target
            && self.headers == other.headers
            && self.query.plain().is_some()
            && self.query.plain() == other.query.plain()
    }

    /// A failure that says which operation it was.
    pub(super) fn told(&self, failure: Failure, context: &Context) -> Failure {
        failure.into_fault(context).operation(&self.id, self.index).into()
    }
}

fn target(path: &str) -> Result<Target, Fault> {
    let decode = |name: &str| {
        percent_decode_str(name)
            .decode_utf8()
            .map(std::borrow::Cow::into_owned)
            .map_err(|_| malformed("The path of an operation is not valid UTF-8"))
    };
    let (rpc, name) = match path.strip_prefix("rpc/") {
        Some(name) => (true, name),
        None => (false, path),
    };
    if name.is_empty() || name.contains('/') || name.contains("${") {
        let message = "The path of an operation is that of a table or of rpc/{action}";
        return Err(Fault::new("PGRST125", message).status(http::StatusCode::NOT_FOUND));
    }
    let name = decode(name)?;
    if rpc {
        return Ok(Target::Action(name));
    }
    if name == super::NAME {
        return Err(malformed("A batch holds no batches"));
    }
    Ok(Target::Table(name))
}

/// The headers of an operation; the schemas of the batch hold where it names none.
fn headers(sent: &BTreeMap<String, String>, batch: &Request) -> Result<HeaderMap, Fault> {
    let mut headers = HeaderMap::new();
    for (name, value) in sent {
        let known = HEADERS.into_iter().find(|known| name.eq_ignore_ascii_case(known));
        let Some(known) = known else {
            let message = format!("An operation can't have the header '{name}'");
            return Err(malformed(&message).details(format!("It may have {}.", HEADERS.join(", "))));
        };
        let value = HeaderValue::from_str(value)
            .map_err(|_| malformed(&format!("The header '{name}' has no valid value")))?;
        if headers.insert(HeaderName::from_static(known), value).is_some() {
            return Err(malformed(&format!("An operation has the header '{known}' twice")));
        }
    }
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !matches!(body_type(content_type, true), Ok(BodyType::Json)) {
        return Err(malformed("The body of an operation is JSON"));
    }
    for name in ["accept-profile", "content-profile"] {
        if let (None, Some(value)) = (headers.get(name), batch.headers.get(name)) {
            headers.insert(HeaderName::from_static(name), value.clone());
        }
    }
    Ok(headers)
}

/// `PGRST102`
pub(super) fn malformed(message: &str) -> Fault {
    Fault::new(INVALID_BODY, message)
}

/// A reference that leads to nothing.
pub(super) fn dangling(reference: &Reference, why: &str) -> Fault {
    Fault::new(BAD_REFERENCE, format!("'{}' {why}", reference.text()))
}
