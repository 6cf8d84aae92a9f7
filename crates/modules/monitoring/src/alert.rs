//! Alerts: the rules that raise them, and what was raised.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Numeric, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// How urgent an alert is (S0-B21, S4-B10).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertSeverity {
    Low,
    Medium,
    High,
    Critical,
}

/// A condition on a metric under which an alert is raised.
#[derive(Entity)]
#[entity(
    table = "alert_rules",
    scope = tenant,
    classification = internal,
    index(metric_type, is_enabled)
)]
pub struct AlertRule {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The name that people know it by.
    pub name: Text<255>,
    /// What it watches for, and what to do then.
    pub description: Option<Text<2000>>,
    /// The name of the metric that it watches.
    pub metric_type: Text<255>,
    /// How the metric is compared and over which time, such as
    /// `{"operator": ">", "window": "5 minutes"}`.
    #[entity(default = "{}")]
    pub condition: Json<()>,
    /// What the metric is compared with.
    pub threshold: Numeric<18, 5>,
    /// How urgent its alerts are.
    #[entity(default = "medium")]
    pub severity: AlertSeverity,
    /// Nothing is raised while this is false.
    #[entity(default = true)]
    pub is_enabled: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Where an alert stands (S0-B21, S0-B24, S4-B11). One that passes by itself is resolved without
/// being acknowledged; what happens again later is an alert of its own.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "active -> acknowledged | resolved; acknowledged -> resolved")]
pub enum AlertStatus {
    /// Nobody looks after it yet.
    Active,
    /// Somebody does.
    Acknowledged,
    /// It is over.
    Resolved,
}

/// Whether something becomes more frequent (S4-B12).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertTrend {
    Stable,
    Increasing,
    Decreasing,
}

/// Something that somebody should look at.
#[derive(Entity)]
#[entity(
    table = "alerts",
    scope = tenant,
    classification = confidential,
    index(alert_type),
    index(severity),
    index(status),
    index(entity_type, entity_id),
    index(first_occurrence_at),
    index(last_occurrence_at),
    index(triggered_at),
    index(resolved_at),
    check(name = "occurrence_order", "first_occurrence_at <= last_occurrence_at"),
    check(name = "resolved_when_over", "resolved_at is null or status = 'resolved'")
)]
pub struct Alert {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The rule that raised it; none for what is raised otherwise, or by a rule that is gone.
    #[entity(on_delete = set_null)]
    pub rule_id: Option<Id<AlertRule>>,
    /// What it concerns, such as `SECURITY`, `PERFORMANCE` or `COMPLIANCE` (S4-B9).
    pub alert_type: Text<50>,
    /// How urgent it is.
    pub severity: AlertSeverity,
    /// What happens, in a few words.
    pub title: Text<255>,
    /// What happens.
    pub message: Option<Text<4000>>,
    /// Who noticed it.
    #[entity(default = "monitoring")]
    pub source: Text<255>,
    /// The name of the metric that raised it.
    pub metric_type: Option<Text<255>>,
    /// What kind of record it is about.
    pub entity_type: Option<Text<100>>,
    /// The record that it is about, as its own table names it.
    pub entity_id: Option<Text<255>>,
    /// The condition that was met.
    #[entity(default = "{}")]
    pub threshold_config: Json<()>,
    /// What the metric was.
    pub current_value: Option<Numeric<18, 5>>,
    /// What the metric was compared with.
    pub threshold_value: Option<Numeric<18, 5>>,
    /// Where it stands.
    #[entity(default = "active")]
    pub status: AlertStatus,
    /// How often it happened.
    #[entity(default = 0, min = 0)]
    pub occurrence_count: i32,
    /// How many of the tries failed, in percent (S4-B61).
    #[entity(default = 0, min = 0, max = 100)]
    pub error_rate: Numeric<5, 2>,
    /// Whether it becomes more frequent.
    #[entity(default = "stable")]
    pub trend: AlertTrend,
    /// When it first happened.
    #[entity(default = now)]
    pub first_occurrence_at: Timestamp,
    /// When it last happened.
    #[entity(default = now)]
    pub last_occurrence_at: Timestamp,
    /// The parts of the system that are concerned.
    #[entity(default = "[]")]
    pub affected_components: Vec<String>,
    /// The people who are concerned.
    #[entity(pii, default = "[]")]
    pub affected_users: Vec<String>,
    /// Some of the events that it was raised for.
    #[entity(default = "[]")]
    pub samples: Vec<String>,
    /// Whatever else is known of it.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    /// When it was raised.
    #[entity(default = now)]
    pub triggered_at: Timestamp,
    /// When somebody began to look after it.
    pub acknowledged_at: Option<Timestamp>,
    /// Who looks after it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub acknowledged_by: Option<Id<OrganizationMember>>,
    /// When it was over.
    pub resolved_at: Option<Timestamp>,
    /// Who said so; none if it passed by itself.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub resolved_by: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
