//! Migrations: from the schema that a database records to the one that is declared.
//!
//! A database records the objects that it manages with their canonical text. The difference to
//! the declared ones is a [`Plan`]. Additive steps run at start; a step that rewrites rows or
//! could lose data needs [`Options::allow_data_loss`]. Tables and columns no longer declared are
//! kept and reported. `apply` takes a lock, plans again under it and commits once, so servers
//! that start together migrate once. On `PostgreSQL` indexes of tables that are there are built
//! after that, while rows are read and written.
//!
//! The database also stores the oldest server that can still work with it. Additive steps leave
//! it alone, so that servers of the version before keep running during an upgrade; a server
//! older than it is refused.

mod bounds;
mod column_change;
mod database;
mod difference;
mod live;
mod plan;
pub mod postgres;
pub(crate) mod record;
mod rename;
pub mod sqlite;
mod version;
mod views;

pub use database::{app_role, apply, compare_live, copy_file, plan, rehearse, settings, status};
pub use plan::{Applied, Plan, Risk, Status, Step};
pub use record::State;
pub use version::Version;

use jiff::Timestamp;

/// How to migrate.
#[derive(Clone, Debug)]
pub struct Options {
    /// The `PostgreSQL` role of servers, which is granted what it needs. `SQLite` has no roles.
    pub app_role: String,
    /// Whether steps that rewrite rows or lose data may run.
    pub allow_data_loss: bool,
    /// Whether the catalog holds what a product declares, be it nothing. Without that a database
    /// that has tables or views of a product is refused: its views would go, and what is done to
    /// every table would leave the product's out.
    pub with_own: bool,
    /// The time to record.
    pub now: Timestamp,
    /// The version of this program.
    pub binary_version: Version,
}

#[cfg(test)]
mod tests;
