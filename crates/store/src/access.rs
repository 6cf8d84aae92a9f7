//! Which rows a statement may reach. Decided by Policy, applied to every statement by the store.

use jiff::Timestamp;
use mainstay_entity::Table;
use uuid::Uuid;

/// The rows that one caller may reach. There is no statement without one.
#[derive(Clone, Debug)]
pub struct Access {
    reach: Reach,
    now: Option<Timestamp>,
    is_stale: bool,
}

#[derive(Clone, Debug)]
enum Reach {
    System,
    Retention,
    Caller(Caller),
}

/// Who asks, as far as rows are concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// The organisation of the request; none reaches no tenant rows.
    pub tenant: Option<Uuid>,
    /// The user; none reaches no rows of user-owned tables.
    pub user: Option<Uuid>,
    /// Whether rows of the whole installation are reached (platform administrators).
    pub platform: bool,
    /// Whether rows of a product's tables of the installation are reached, as platform
    /// administrators reach them.
    pub installation: bool,
    /// Teams whose rows are reached in team-scoped tables.
    pub teams: Narrow,
    /// Venues whose rows are reached in venue-scoped tables.
    pub venues: Narrow,
}

/// How a scope inside an organisation is narrowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Narrow {
    /// Not at all: every team or venue of the organisation.
    All,
    /// No team or venue.
    #[default]
    None,
    /// Only these.
    Only(Vec<Uuid>),
}

impl Caller {
    /// Whether all rows of a table of the installation are reached.
    pub(crate) fn administers(&self, table: &Table) -> bool {
        self.platform || (self.installation && is_products(table))
    }
}

/// Whether a product declares the table, and not this program.
pub(crate) fn is_products(table: &Table) -> bool {
    table.meta.schema != "mainstay"
}

impl Access {
    /// The reach of one caller.
    pub fn caller(caller: Caller) -> Self {
        Self { reach: Reach::Caller(caller), now: None, is_stale: false }
    }

    /// All rows, for the server's own work (claiming jobs, looking up credentials, migrating).
    /// Never for a statement that a caller shaped.
    pub fn system() -> Self {
        Self { reach: Reach::System, now: None, is_stale: false }
    }

    /// All rows, of which those that are only ever added may be removed, and nothing else is
    /// different: for retention, which leaves a signed statement of what it removes. On
    /// `PostgreSQL` it takes the role that owns the tables, too; see
    /// [`PostgresConfig::is_owner`](crate::PostgresConfig::is_owner).
    pub fn retention() -> Self {
        Self { reach: Reach::Retention, now: None, is_stale: false }
    }

    /// Whether rows of append-only tables may be removed.
    pub(crate) fn is_retention(&self) -> bool {
        matches!(self.reach, Reach::Retention)
    }

    /// The same at the time of a request, which views may ask for; else they take the database's.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        Self { now: Some(now), ..self }
    }

    /// The same for a caller who accepts rows as they were some seconds ago, where a replica can
    /// answer. Reads alone may be; whatever a transaction reads is not.
    #[must_use]
    pub fn stale(self) -> Self {
        Self { is_stale: true, ..self }
    }

    /// Whether rows of some seconds ago will do.
    pub(crate) fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// The time of the request.
    pub(crate) fn now(&self) -> Option<Timestamp> {
        self.now
    }

    /// The caller, unless the server itself asks.
    pub fn as_caller(&self) -> Option<&Caller> {
        match &self.reach {
            Reach::System | Reach::Retention => None,
            Reach::Caller(caller) => Some(caller),
        }
    }

    /// Whether the server itself asks.
    pub fn is_system(&self) -> bool {
        matches!(self.reach, Reach::System | Reach::Retention)
    }

    /// The organisation of the request.
    pub fn tenant(&self) -> Option<Uuid> {
        self.as_caller().and_then(|c| c.tenant)
    }

    /// The user of the request.
    pub fn user(&self) -> Option<Uuid> {
        self.as_caller().and_then(|c| c.user)
    }
}
