//! Templates: what a report holds and how it looks.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json, Text};
use mainstay_kernel::entities::Organization;

/// What a report holds and how it looks.
#[derive(Entity)]
#[entity(
    table = "report_templates",
    scope = tenant,
    classification = internal,
    unique(name),
    index(report_type),
    check(name = "name_given", "name <> ''")
)]
pub struct ReportTemplate {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The name that people choose it by.
    pub name: Text<255>,
    /// What it is for.
    pub description: Option<Text<4000>>,
    /// What kind of report it makes, such as `WEEKLY_COMPLIANCE` (S4-B13).
    pub report_type: Text<50>,
    /// Its parts: queries, tables, charts, texts.
    pub definition: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
