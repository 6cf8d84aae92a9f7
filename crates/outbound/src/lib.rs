//! HTTP requests to others.
//!
//! Where a request goes may be decided by somebody else: a discovery document, a registered
//! webhook. So no request reaches this machine or a private network unless the operator allows
//! that network (server-side request forgery, CWE-918). What is checked is the address that is
//! connected to, not the name, so a name that changes between check and use gains nothing.
//! Redirects are not followed, answers are bounded in size and time.

mod address;
mod client;
mod error;

pub use address::is_public;
pub use client::{Answer, Limits, Outbound};
pub use error::Error;
pub use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
pub use reqwest::Url;
