//! E-mail addresses under watch, and what was found about them.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::severity::ExposureSeverity;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// For whom an address is watched (S2-B8).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonitorScope {
    /// For the organisation.
    Company,
    /// For an analyst.
    Analyst,
    /// For an administrator.
    Admin,
}

/// Where something about an address was found (S2-B9).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailFindingType {
    Breach,
    Paste,
    Darkweb,
    CredentialLeak,
}

/// An e-mail address that is watched for exposure, for the organisation or for one member
/// (S2-B53).
#[derive(Entity)]
#[entity(
    table = "monitored_emails",
    scope = tenant,
    classification = confidential,
    soft_delete,
    index(email_address),
    index(columns(deleted_at), where = "deleted_at is not null"),
    check(name = "owner", "monitor_scope = 'company' or user_id is not null")
)]
pub struct MonitoredEmail {
    /// The address's own identifier names the person whom it belongs to: the person need not have
    /// an account.
    #[entity(subject)]
    pub id: Id<Self>,
    /// The organisation that watches; the watch goes with it (S2-B68).
    #[entity(on_delete = cascade)]
    pub organization_id: Id<Organization>,
    /// The member for whom it is watched, unless it is for the organisation (S2-B66).
    #[entity(references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// Who began the watch (S2-B67).
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub created_by_user_id: Option<Id<OrganizationMember>>,
    /// The address.
    #[entity(pii)]
    pub email_address: Text<255>,
    /// For whom it is watched.
    pub monitor_scope: MonitorScope,
    /// When it was last looked for.
    pub last_checked: Option<Timestamp>,
    /// How many findings there are.
    #[entity(default = 0, min = 0)]
    pub findings_count: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether it is watched at present.
    #[entity(default = true)]
    pub is_active: bool,
}

/// Something that was found about a watched address.
#[derive(Entity)]
#[entity(
    table = "monitored_email_findings",
    scope = tenant,
    classification = confidential,
    soft_delete,
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct MonitoredEmailFinding {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The address that it is about.
    #[entity(subject, on_delete = cascade)]
    pub monitored_email_id: Id<MonitoredEmail>,
    /// Where it was found.
    pub finding_type: EmailFindingType,
    /// The source that reported it, such as a breach catalogue.
    pub source: Text<100>,
    /// What the breach is called.
    pub breach_name: Option<Text<255>>,
    /// When the breach happened.
    pub breach_date: Option<Timestamp>,
    /// What the source says.
    #[entity(pii, default = "{}")]
    pub details: Json<()>,
    /// How bad it is.
    pub severity: ExposureSeverity,
    /// Whether those concerned were told.
    #[entity(default = false)]
    pub notified: bool,
    /// When they were told.
    pub notified_at: Option<Timestamp>,
    /// When it was found.
    #[entity(default = now)]
    pub found_at: Timestamp,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}
