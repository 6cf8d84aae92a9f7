//! The binary from outside: its commands, and the server over HTTP.
#![expect(clippy::expect_used, clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod commands;
mod demo;
mod http;
mod serve;
mod support;
