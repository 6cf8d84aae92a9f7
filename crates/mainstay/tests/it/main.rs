//! The binary from outside: its commands, and the server over HTTP.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail as tests do, and say what they measured"
)]

mod commands;
mod demo;
mod distribution;
mod documents;
mod entities;
mod http;
mod migrate;
mod plans;
mod postgres;
mod replica;
mod serve;
mod support;
mod systems;
mod tiers;
mod upgrade;
mod volumes;
