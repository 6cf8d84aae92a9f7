//! How confidential data is: the levels, and what is recorded of each column.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::Organization;

/// How confidential data is, from least to most (S1-B32, S4-B24..B27).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClassificationLevel {
    /// May be shared with anyone.
    Public,
    /// For members of the organisation.
    Internal,
    /// For those who need it.
    Confidential,
    /// Needs protection by law or contract.
    Restricted,
    /// Protected health information.
    Phi,
}

/// How confidential a column is and how it is treated (S1-B76..B79). What the declarations say
/// holds where an organisation has no row.
#[derive(Entity)]
#[entity(
    table = "data_classifications",
    scope = tenant,
    classification = internal,
    unique(table_name, column_name),
    check(name = "table_given", "table_name <> ''"),
    check(name = "column_given", "column_name <> ''"),
    check(name = "phi_is_phi", "classification <> 'phi' or contains_phi")
)]
pub struct DataClassification {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The table.
    pub table_name: Text<255>,
    /// The column; `*` is every one that has no row of its own.
    #[entity(default = "*")]
    pub column_name: Text<255>,
    /// How confidential it is.
    pub classification: ClassificationLevel,
    /// Whether it tells something of a person.
    #[entity(default = false)]
    pub contains_pii: bool,
    /// Whether it tells something of a person's health.
    #[entity(default = false)]
    pub contains_phi: bool,
    /// Whether it must be encrypted at rest.
    #[entity(default = false)]
    pub encryption_required: bool,
    /// Days that values are kept; none means that the retention policies decide.
    #[entity(min = 1)]
    pub retention_days: Option<i32>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
