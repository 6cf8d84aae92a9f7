//! What the operations of a batch have answered.

use super::document::Document;
use super::operation::{BAD_REFERENCE, Operation, dangling};
use super::reference::Reference;
use crate::error::{Fault, Result};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Response};
use mainstay_entity::json::escape_into;
use mainstay_kernel::Error;
use mainstay_store::Body;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::io::Write as _;

/// Most bytes that the operations of a batch answer together.
const BYTES: usize = 32 << 20;

/// The answers so far.
pub(super) struct Answers {
    /// The array that the batch answers.
    out: Vec<u8>,
    /// Bytes of all bodies, those that nobody is shown included.
    bytes: usize,
    /// JSON bodies that later operations refer to.
    referred_to: HashMap<String, Document>,
}

impl Answers {
    /// None yet.
    pub(super) fn new(operations: &[Operation]) -> Self {
        let referred_to = operations.iter().filter(|operation| operation.is_referred_to).count();
        Self {
            out: Vec::with_capacity(64 * operations.len() + 2),
            bytes: 0,
            referred_to: HashMap::with_capacity(referred_to),
        }
    }

    /// Adds the answer of an operation.
    pub(super) async fn add(
        &mut self,
        operation: &Operation,
        response: Response<Body>,
    ) -> Result<()> {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(Error::from)?;
        self.bytes += body.len();
        if self.bytes > BYTES {
            let message = format!("The answers of a batch take at most {BYTES} bytes");
            return Err(Fault::new("54000", message).into());
        }
        let is_json =
            parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(
                |value| value.split(';').next().is_some_and(|mime| mime.ends_with("json")),
            );
        if operation.is_referred_to {
            let text = std::str::from_utf8(&body).ok().filter(|_| is_json && !body.is_empty());
            let Some(text) = text else {
                let message = format!("Operation '{}' answers nothing to refer to", operation.id);
                return Err(Fault::new(BAD_REFERENCE, message).into());
            };
            let raw = RawValue::from_string(text.to_owned()).map_err(Error::internal)?;
            self.referred_to.insert(operation.id.clone(), Document::new(raw));
        }
        self.out.push(if self.out.is_empty() { b'[' } else { b',' });
        self.out.extend_from_slice(b"{\"id\":");
        escape_into(&mut self.out, &operation.id);
        // Writing to a `Vec` does not fail.
        let _ = write!(self.out, ",\"status\":{}", parts.status.as_u16());
        self.headers(&parts.headers);
        self.out.extend_from_slice(b",\"body\":");
        match std::str::from_utf8(&body) {
            Ok(text) if operation.shows_rows && !text.is_empty() => {
                if is_json {
                    self.out.extend_from_slice(text.as_bytes());
                } else {
                    escape_into(&mut self.out, text);
                }
            }
            _ => self.out.extend_from_slice(b"null"),
        }
        self.out.push(b'}');
        Ok(())
    }

    fn headers(&mut self, headers: &HeaderMap) {
        self.out.extend_from_slice(b",\"headers\":{");
        for (position, (name, value)) in headers.iter().enumerate() {
            if position > 0 {
                self.out.push(b',');
            }
            escape_into(&mut self.out, name.as_str());
            self.out.push(b':');
            escape_into(&mut self.out, value.to_str().unwrap_or_default());
        }
        self.out.push(b'}');
    }

    /// The JSON value that a reference leads to. A list of one is stepped into by its one item.
    pub(super) fn find(&self, reference: &Reference) -> Result<&RawValue> {
        let lost = || dangling(reference, "leads to nothing in the answer");
        let mut found = self.referred_to.get(&reference.operation).ok_or_else(lost)?;
        for step in &reference.steps {
            found = found.step(step).ok_or_else(lost)?;
        }
        Ok(found.raw())
    }

    /// The array of all answers.
    pub(super) fn finish(mut self) -> Bytes {
        self.out.extend_from_slice(if self.out.is_empty() { b"[]" } else { b"]" });
        Bytes::from(self.out)
    }
}
