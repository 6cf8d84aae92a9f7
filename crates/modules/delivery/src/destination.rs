//! Destinations: places outside that things are sent to, and how well they take them.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Numeric, Secret, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// What a destination is (S4-B18).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DestinationType {
    /// A mailbox.
    Email,
    /// A bucket that speaks the S3 protocol.
    S3,
    /// A folder of an FTP server.
    Ftp,
    /// An address that takes signed HTTP requests.
    Webhook,
}

/// A place that deliveries can be sent to (S4-B51).
#[derive(Entity)]
#[entity(
    table = "delivery_destinations",
    scope = tenant,
    classification = internal,
    soft_delete,
    unique(columns(label), where = "deleted_at is null"),
    index(r#type),
    index(disabled),
    index(last_used_at),
    index(created_at),
    index(updated_at),
    check(name = "label_given", "label <> ''")
)]
pub struct DeliveryDestination {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What kind of place it is.
    pub r#type: DestinationType,
    /// The name that people choose it by.
    pub label: Text<255>,
    /// What it is for.
    pub description: Option<Text<4000>>,
    /// The name of its picture.
    pub icon: Option<Text<255>>,
    /// What people have to do so that it works.
    pub instructions: Option<Text<4000>>,
    /// Nothing is sent there while this holds.
    #[entity(default = false)]
    pub disabled: bool,
    /// Since when nothing is sent there.
    pub disabled_at: Option<Timestamp>,
    /// Who decided that.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub disabled_by: Option<Id<OrganizationMember>>,
    /// How often something was sent there.
    #[entity(default = 0, min = 0, read_only)]
    pub count_usage: i64,
    /// When something was last sent there.
    #[entity(read_only)]
    pub last_used_at: Option<Timestamp>,
    /// What is needed to reach it: addresses, names, credentials, by kind.
    #[entity(secret)]
    pub config: Secret<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// How well a destination takes what is sent (S4-B21). It is measured, so any state can follow any
/// other.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthStatus {
    /// Takes everything.
    Healthy,
    /// Takes some, or slowly.
    Degraded,
    /// Takes nothing.
    Unhealthy,
    /// Is not asked.
    Disabled,
}

/// Whether something is sent at all (S4-B22).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(
    rename_all = "kebab-case",
    moves = "closed -> open; open -> half-open; half-open -> closed | open"
)]
pub enum CircuitBreakerState {
    /// Everything is sent.
    Closed,
    /// Nothing is sent, after too many failures.
    Open,
    /// Single deliveries are sent, to see whether it works again.
    HalfOpen,
}

/// How a destination is: one row each (S4-B56).
#[derive(Entity)]
#[entity(
    table = "destination_health",
    scope = tenant,
    classification = internal,
    read_only,
    audit = none,
    unique(destination_id),
    index(status),
    index(last_check_at),
    index(consecutive_failures),
    index(success_rate),
    index(circuit_breaker_state),
    index(last_failure_at),
    index(last_success_at),
    index(disabled_at),
    index(updated_at)
)]
pub struct DestinationHealth {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The destination.
    #[entity(on_delete = cascade)]
    pub destination_id: Id<DeliveryDestination>,
    /// How well it takes what is sent.
    #[entity(default = "healthy")]
    pub status: HealthStatus,
    /// When that was last looked at.
    #[entity(default = now)]
    pub last_check_at: Timestamp,
    /// Failures since the last success.
    #[entity(default = 0, min = 0)]
    pub consecutive_failures: i32,
    /// All failures.
    #[entity(default = 0, min = 0)]
    pub total_failures: i32,
    /// All deliveries, those that failed too.
    #[entity(default = 0, min = 0)]
    pub total_deliveries: i32,
    /// Successes among all deliveries, in percent.
    #[entity(default = 0, min = 0, max = 100)]
    pub success_rate: Numeric<5, 2>,
    /// Mean time until the destination answers, in milliseconds.
    #[entity(min = 0)]
    pub average_response_time: Option<i32>,
    /// When a delivery last failed.
    pub last_failure_at: Option<Timestamp>,
    /// When a delivery last succeeded.
    pub last_success_at: Option<Timestamp>,
    /// Since when it is not asked.
    pub disabled_at: Option<Timestamp>,
    /// Why it is not asked.
    pub disabled_reason: Option<Text<4000>>,
    /// Whether something is sent at all.
    #[entity(default = "closed")]
    pub circuit_breaker_state: CircuitBreakerState,
    /// When the breaker last opened.
    pub circuit_breaker_opened_at: Option<Timestamp>,
    /// Further measurements, such as percentiles of the response time in milliseconds.
    pub metadata: Option<Json<()>>,
    pub updated_at: Timestamp,
}
