//! What tests share: engines, servers and clients started for real.
//!
//! - [`Postgres::shared`] gives a running PostgreSQL, [`Postgres::database`] a fresh database on it
//!   with an owner role and an application role.
//! - [`MainstayProcess`] runs the built `mainstay` binary and can kill or stop it.
//! - [`demo_data`] gives a data folder and a database with the demonstration's rows.
//! - [`wait_until`], [`free_port`] and [`temp_dir`] are the small things every such test needs.
//!
//! Helpers panic, with the reason, where a test could do nothing but fail.
#![expect(clippy::expect_used, clippy::panic, reason = "test support: a panic is how a test fails")]

mod cluster;
mod database;
mod demo;
mod local;
mod process;
mod shared;
mod tools;
mod watchdog;

pub use cluster::{Cluster, ServerCertificate};
pub use database::{APP_ROLE, OWNER_ROLE, Postgres, TestDatabase, connect};
pub use demo::demo_data;
pub use local::{free_port, temp_dir, wait_until, wait_until_blocking};
pub use process::{MainstayProcess, NotReady, serve_command};
pub use shared::URL_VARIABLE;
pub use tools::postgres_installed;
