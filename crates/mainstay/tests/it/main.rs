//! The binary from outside: its commands, and the server over HTTP.

mod commands;
mod demo;
mod http;
mod serve;
mod support;
