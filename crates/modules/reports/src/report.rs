//! Reports that were made, for people, assets or authorities.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::schedule::ScheduledReport;
use crate::template::ReportTemplate;
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};
use uuid::Uuid;

/// A report that was made: of an asset, or for the authorities of a jurisdiction (S3-B57,
/// S3-B154).
#[derive(Entity)]
#[entity(
    table = "reports",
    scope = tenant,
    classification = confidential,
    retain = "7 years",
    index(report_type),
    index(period, report_type),
    index(generated_at),
    check(name = "submitted_after_generated", "submitted_at >= generated_at")
)]
pub struct Report {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What it was made from.
    #[entity(on_delete = set_null)]
    pub template_id: Option<Id<ReportTemplate>>,
    /// The schedule that it was made for.
    #[entity(on_delete = set_null)]
    pub scheduled_report_id: Option<Id<ScheduledReport>>,
    /// What kind of report it is.
    pub report_type: Text<50>,
    /// The asset that it is about.
    #[entity(references(table = "assets", on_delete = set_null))]
    pub asset_id: Option<Uuid>,
    /// Whose rules it follows.
    pub jurisdiction: Option<Text<100>>,
    /// The time that it covers, such as `2026-Q1`.
    pub period: Option<Text<50>>,
    /// What it says.
    #[entity(default = "{}")]
    pub report_data: Json<()>,
    /// The file that it became.
    #[entity(references(table = "files", on_delete = set_null))]
    pub file_id: Option<Uuid>,
    /// When it was made.
    #[entity(default = now)]
    pub generated_at: Timestamp,
    /// Who made it; none means the system.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub generated_by: Option<Id<OrganizationMember>>,
    /// When it was handed to the authority.
    pub submitted_at: Option<Timestamp>,
}
