//! One store over two engines: schema, migrations, queries, transactions, tenancy.
//!
//! Nothing above this crate knows which engine runs. A request becomes a [`Read`] or a change on
//! metadata; the store adds the caller's reach ([`Access`]), renders SQL for its engine and writes
//! rows straight into bytes.

mod access;
mod assemble;
mod common;
mod comparison;
mod error;
mod explain;
pub mod introspect;
pub mod migrate;
mod postgres;
mod query;
mod reach;
mod render;
mod schema;
mod sqlite;
mod statement;
mod store;
mod stream;
mod words;
mod write;

pub use access::{Access, Caller, Narrow};
pub use assemble::Answer;
pub use common::CommonReads;
pub use error::{Error, ErrorKind, Result, Violation};
pub use explain::Explain;
pub use postgres::PostgresConfig;
pub use query::{
    Aggregate, Cast, Compare, Count, Embed, Expression, Filter, Format, IsState, JsonStep,
    Junction, Order, OrderBy, Output, OutputValue, Page, Read, Relation, SealedPlace, Select, Take,
    Unseal, subject_column,
};
pub use render::Dialect;
pub use schema::{DEFAULT_APP_ROLE, render_sql, words_table_name};
pub use sqlite::SqliteConfig;
pub use store::{Config, MAX_CHANGED_ROWS, Store, Transaction};
pub use stream::{Body, Chunks};
pub use write::{Change, Conflict, Delete, Insert, Outcome, Update};
