//! Changes of rows, as other systems and databases record them.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::Organization;

/// What was done to a row.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataChangeType {
    Insert,
    Update,
    Delete,
}

/// A change of one row of a table, kept 7 years (S3-B13, S3-B62). It says what became of data; who
/// meant what is told by audit events.
#[derive(Entity)]
#[entity(
    table = "data_changes",
    scope = tenant,
    classification = confidential,
    append_only,
    audit = none,
    partitioned,
    retain = "7 years",
    index(table_name, record_id),
    index(changed_by, changed_at),
    index(changed_at)
)]
pub struct DataChange {
    pub id: Id<Self>,
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// The table.
    pub table_name: Text<255>,
    /// The row.
    pub record_id: Text<255>,
    /// What was done to it.
    pub change_type: DataChangeType,
    /// The changed fields before; no personal data.
    pub old_values: Option<Json<()>>,
    /// The changed fields after; no personal data.
    pub new_values: Option<Json<()>>,
    /// When.
    #[entity(default = now)]
    pub changed_at: Timestamp,
    /// Who did it: a user, key or job; may be a pseudonym.
    pub changed_by: Option<Text<255>>,
}
