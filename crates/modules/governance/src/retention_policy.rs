//! How long data is kept, and when it is moved to an archive.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::classification::ClassificationLevel;
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Text};
use mainstay_kernel::entities::Organization;

/// How long data of one classification is kept and when it is archived (S4-B28..B33).
#[derive(Entity)]
#[entity(
    table = "retention_policies",
    scope = tenant,
    classification = internal,
    unique(name),
    index(data_classification),
    index(is_active),
    check(name = "name_given", "name <> ''"),
    check(name = "archived_before_removal", "archive_after_days <= retention_days")
)]
pub struct RetentionPolicy {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The name by which audit events refer to it.
    pub name: Text<50>,
    /// The classification that it applies to.
    pub data_classification: ClassificationLevel,
    /// The table that it is for; none means audit events.
    pub table_name: Option<Text<255>>,
    /// Days that rows are kept; none means for ever (S3-B55).
    #[entity(min = 1)]
    pub retention_days: Option<i32>,
    /// Days after which rows are moved to an archive; none means never.
    #[entity(min = 0)]
    pub archive_after_days: Option<i32>,
    /// What it is for, and which law asks for it.
    pub description: Option<Text<4000>>,
    /// Whether it is applied.
    #[entity(default = true)]
    pub is_active: bool,
    /// Who made it.
    pub created_by: Text<255>,
    /// Who changed it last.
    pub updated_by: Option<Text<255>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
