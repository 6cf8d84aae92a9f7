//! The data API: PostgREST's dialect over governed entities.
//!
//! A request is parsed ([`dialect`]), its names and values are resolved against the catalog
//! (`resolve`), and the kernel reads or writes what it asks for; rows become bytes in the store,
//! without a JSON tree between. Nothing here knows which engine runs or how HTTP is carried.
//!
//! What the dialect has and this server does not do is refused with `PGRST127`, never answered
//! wrongly.

pub mod dialect;
pub mod openapi;
pub mod schema_json;

mod batch;
mod body;
mod call;
mod change;
mod error;
mod feed;
mod idempotent;
mod insert;
mod keyset;
mod ledger;
mod may;
mod mutate;
mod nearest;
mod nested;
mod put;
mod read;
mod representation;
mod request;
mod resolve;
mod response;
mod rpc;
mod service;
mod shared;
mod zone;

pub use mainstay_store::{Body, Chunks};

pub use error::{Fault, error_response, status_of};
pub use feed::Feed;
pub use request::{Request, Settings, Target};
pub use service::Rest;
