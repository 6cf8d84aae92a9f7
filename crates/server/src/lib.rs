//! HTTP: mounts the data API, sign-in, health and documentation.
//!
//! A request passes, in this order: the connection's limits on headers and time ([`connection`
//! settings](Settings)), [`guard`] (identifier, load limit, deadline, panics, metrics, log), CORS
//! and compression where a client asks for them, the router, and the handler of its surface.
//! Errors become answers last: in PostgREST's shape everywhere but below `/auth/v1`, which answers
//! as Supabase Auth does.

mod account;
mod answer;
mod app;
mod auth;
mod body;
mod changes;
mod cookies;
mod data;
mod docs;
mod guard;
mod health;
mod identifier;
mod ledger;
mod listen;
mod metrics;
pub mod openapi;
mod origin;
mod settings;
mod setup;
mod stack;
mod stream;
mod timing;

pub use app::Services;
pub use listen::{Error, serve};
pub use metrics::Metrics;
pub use settings::{CorsOrigins, Settings};
pub use setup::Setup;
