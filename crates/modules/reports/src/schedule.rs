//! Schedules: reports that are made again and again and sent to people.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::template::ReportTemplate;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// How often a report is made (S4-B14).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(rename_all = "UPPERCASE")]
pub enum ReportFrequency {
    Daily,
    Weekly,
    Monthly,
}

/// What kind of file a report becomes (S4-B15).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(rename_all = "UPPERCASE")]
pub enum ReportFormat {
    Pdf,
    Csv,
    Json,
}

/// A report that is made again and again and sent to people (S4-B58).
#[derive(Entity)]
#[entity(
    table = "scheduled_reports",
    scope = tenant,
    classification = internal,
    index(template_id),
    index(enabled),
    index(next_run),
    index(created_at),
    index(created_by),
    check(name = "name_given", "name <> ''")
)]
pub struct ScheduledReport {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What kind of report it is, such as `DAILY_SUMMARY` or `WEEKLY_COMPLIANCE` (S4-B13).
    pub report_type: Text<50>,
    /// What it holds and how it looks.
    pub template_id: Id<ReportTemplate>,
    /// The name that people know it by.
    pub name: Text<255>,
    /// What it is for.
    pub description: Option<Text<4000>>,
    /// What is reported: classifications, actions, time range.
    #[entity(default = "{}")]
    pub filters: Json<()>,
    /// Who gets it: e-mail addresses or identifiers of users.
    #[entity(pii)]
    pub recipients: Vec<String>,
    /// How often it is made.
    pub frequency: ReportFrequency,
    /// What kind of file it becomes.
    pub format: ReportFormat,
    /// Whether it is made.
    #[entity(default = true)]
    pub enabled: bool,
    /// When it was last made.
    #[entity(read_only)]
    pub last_run: Option<Timestamp>,
    /// When it is made next.
    pub next_run: Option<Timestamp>,
    /// Who planned it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub created_by: Option<Id<OrganizationMember>>,
    /// Who changed it last.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub updated_by: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
