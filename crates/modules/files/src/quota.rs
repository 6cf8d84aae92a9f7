//! Quotas: how much may be stored, how much is, and who was told that it becomes too much.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Numeric, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};
use uuid::Uuid;

/// How much may be stored: by a member, at a venue, or, where neither is given, by the
/// organisation as a whole.
#[derive(Entity)]
#[entity(
    table = "storage_quotas",
    scope = tenant,
    classification = internal,
    unique(columns(user_id, venue_id), nulls_not_distinct)
)]
pub struct StorageQuota {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The member that it limits.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// The venue that it limits.
    #[entity(references(table = "venues", on_delete = cascade))]
    pub venue_id: Option<Uuid>,
    /// Most bytes of all files together (S0-B65).
    #[entity(min = 1)]
    pub max_storage_bytes: i64,
    /// Most files; none means no limit.
    #[entity(min = 0)]
    pub max_files: Option<i64>,
    /// Most bytes of one file; none means no limit.
    #[entity(min = 1)]
    pub max_file_size_bytes: Option<i64>,
    /// Most bytes of all files of a type, such as `{"video/mp4": 1073741824}`.
    #[entity(default = "{}")]
    pub limits_by_type: Json<()>,
    /// The part of the limit, in percent, from which on warnings are sent (S0-B66).
    #[entity(default = 80, min = 1, max = 100)]
    pub soft_limit_percentage: i32,
    /// Whether warnings are sent.
    #[entity(default = true)]
    pub send_warnings: bool,
    /// Whether the limit holds.
    #[entity(default = true)]
    pub is_active: bool,
    /// Why it is as it is.
    pub notes: Option<Text<2000>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How much is stored: by a member, at a venue, or by the organisation as a whole.
#[derive(Entity)]
#[entity(
    table = "storage_usage",
    scope = tenant,
    classification = internal,
    read_only,
    audit = none,
    unique(columns(user_id, venue_id), nulls_not_distinct),
    check(name = "peak_reached", "peak_storage_bytes >= total_storage_bytes")
)]
pub struct StorageUsage {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The member who stores.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// The venue that stores.
    #[entity(references(table = "venues", on_delete = cascade))]
    pub venue_id: Option<Uuid>,
    /// Bytes of all files together.
    #[entity(default = 0, min = 0)]
    pub total_storage_bytes: i64,
    /// How many files there are.
    #[entity(default = 0, min = 0)]
    pub total_files: i64,
    /// Bytes of the files of each type.
    #[entity(default = "{}")]
    pub usage_by_type: Json<()>,
    /// The most that was ever stored, in bytes (S0-B68).
    #[entity(default = 0, min = 0)]
    pub peak_storage_bytes: i64,
    /// When that was.
    pub peak_storage_at: Option<Timestamp>,
    /// When files were last counted.
    #[entity(default = now)]
    pub last_calculated_at: Timestamp,
}

/// How near a quota is (S0-B19).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaAlertType {
    /// The soft limit is reached.
    Warning,
    /// The limit is reached: nothing more is taken.
    Exceeded,
    /// Little is left.
    Critical,
}

/// The moment at which storage came near its quota or reached it.
#[derive(Entity)]
#[entity(
    table = "quota_alerts",
    scope = tenant,
    classification = internal,
    read_only,
    index(quota_id, created_at),
    index(alert_type, notification_sent),
    check(name = "sent_at_given", "notification_sent = (notification_sent_at is not null)")
)]
pub struct QuotaAlert {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The quota.
    #[entity(on_delete = cascade)]
    pub quota_id: Id<StorageQuota>,
    /// The member that the quota limits.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// The venue that the quota limits.
    #[entity(references(table = "venues", on_delete = cascade))]
    pub venue_id: Option<Uuid>,
    /// How near the quota is.
    pub alert_type: QuotaAlertType,
    /// What is stored, in percent of the quota.
    #[entity(min = 0)]
    pub usage_percentage: Numeric<7, 2>,
    /// What is stored, in bytes.
    #[entity(min = 0)]
    pub current_usage_bytes: i64,
    /// The quota, in bytes.
    #[entity(min = 0)]
    pub quota_limit_bytes: i64,
    /// Whether somebody was told (S0-B84).
    #[entity(default = false)]
    pub notification_sent: bool,
    /// When somebody was told.
    pub notification_sent_at: Option<Timestamp>,
    pub created_at: Timestamp,
}
