//! Metrics: what is measured, and what is made of it.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Numeric, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember, Team};
use uuid::Uuid;

/// How points of a metric are to be read (S1-B24).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricType {
    /// Only grows; the difference of two points says something.
    Counter,
    /// Goes up and down; each point says something.
    Gauge,
    /// A number of measurements within bounds.
    Histogram,
}

/// What a point is measured for, which says how long it is kept.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricOrigin {
    /// The running of services: kept for 30 days (S1-B58).
    Telemetry,
    /// The organisation's business: kept.
    Business,
}

/// One measurement.
///
/// Services, plugins and teams that are measured may be gone, so nothing refers to them.
#[derive(Entity)]
#[entity(
    table = "metrics",
    scope = tenant,
    classification = internal,
    audit = none,
    partitioned,
    index(metric_name, time desc),
    index(columns(service_id, time desc), where = "service_id is not null"),
    index(columns(plugin_id, time desc), where = "plugin_id is not null"),
    index(columns(entity_type, entity_id), where = "entity_type is not null"),
    index(time),
    index(columns(time), brin),
    check(name = "entity_whole", "(entity_type is null) = (entity_id is null)")
)]
pub struct Metric {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// When it was measured.
    #[entity(default = now)]
    pub time: Timestamp,
    /// What is measured, such as `http_request_duration_seconds` or `ticket_sales`.
    pub metric_name: Text<255>,
    /// How its points are to be read.
    #[entity(default = "gauge")]
    pub metric_type: MetricType,
    /// What it is measured for.
    #[entity(default = "telemetry")]
    pub origin: MetricOrigin,
    /// What kind of record it is about.
    pub entity_type: Option<Text<100>>,
    /// The record that it is about, as its own table names it.
    pub entity_id: Option<Text<255>>,
    /// The service that it is about.
    pub service_id: Option<Uuid>,
    /// The plugin that it is about.
    pub plugin_id: Option<Uuid>,
    /// The member that it is about.
    #[entity(subject, no_reference)]
    pub user_id: Option<Id<OrganizationMember>>,
    /// The team that it is about.
    #[entity(no_reference)]
    pub team_id: Option<Id<Team>>,
    /// Where it was measured, such as `production`.
    pub environment: Option<Text<50>>,
    /// The number: exact, as some are money, to five digits after the point.
    pub value: Numeric<18, 5>,
    /// What the number counts, such as `seconds` or `USD`.
    pub unit: Option<Text<50>>,
    /// What tells it from others of its name, each label a text.
    #[entity(default = "{}")]
    pub labels: Json<()>,
    /// What it can be grouped by.
    #[entity(default = "{}")]
    pub dimensions: Json<()>,
    /// Whatever else is known of it.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What the points of a period become.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AggregationType {
    Sum,
    Avg,
    Min,
    Max,
    Count,
}

/// How long a period is (S0-B20).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimePeriod {
    Hourly,
    Daily,
    Weekly,
    Monthly,
}

/// The points of a metric over a period, as one number (S0-B74).
#[derive(Entity)]
#[entity(
    table = "metric_rollups",
    scope = tenant,
    classification = internal,
    read_only,
    audit = none,
    unique(
        columns(
            aggregation_type,
            metric_name,
            entity_type,
            entity_id,
            time_period,
            period_start
        ),
        nulls_not_distinct
    ),
    index(metric_name),
    index(entity_type, entity_id),
    index(time_period, period_start),
    index(period_start),
    check(name = "period_order", "period_start < period_end"),
    check(name = "entity_whole", "(entity_type is null) = (entity_id is null)")
)]
pub struct MetricRollup {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// How the points became one number.
    pub aggregation_type: AggregationType,
    /// What was measured.
    pub metric_name: Text<255>,
    /// What kind of record it is about; none for all points of the metric.
    pub entity_type: Option<Text<100>>,
    /// The record that it is about, as its own table names it.
    pub entity_id: Option<Text<255>>,
    /// What the points have in common.
    #[entity(default = "{}")]
    pub dimensions: Json<()>,
    /// How long the period is.
    pub time_period: TimePeriod,
    /// When the period begins.
    pub period_start: Timestamp,
    /// When it ends; points of that moment belong to the next one.
    pub period_end: Timestamp,
    /// The number.
    pub value: Numeric<18, 5>,
    /// What the number counts, such as `seconds` or `USD`.
    pub unit: Option<Text<50>>,
    /// How many points it was made of.
    #[entity(default = 0, min = 0)]
    pub sample_count: i64,
    /// Whatever else is known of it.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The points of each metric, hour by hour (S1-B57).
#[derive(Entity)]
#[entity(
    table = "metrics_hourly",
    scope = tenant,
    classification = internal,
    view(from(point: Metric))
)]
pub struct MetricHour {
    pub organization_id: Id<Organization>,
    /// When the hour begins.
    #[entity(value = hour(point.time))]
    pub hour: Timestamp,
    /// What was measured.
    pub metric_name: Text<255>,
    /// The service that it is about.
    pub service_id: Option<Uuid>,
    /// The plugin that it is about.
    pub plugin_id: Option<Uuid>,
    /// Where it was measured.
    pub environment: Option<Text<50>>,
    /// The mean of the points.
    #[entity(value = avg(point.value))]
    pub avg_value: f64,
    /// The largest point.
    #[entity(value = max(point.value))]
    pub max_value: Numeric<18, 5>,
    /// The smallest point.
    #[entity(value = min(point.value))]
    pub min_value: Numeric<18, 5>,
    /// How many points there are.
    #[entity(value = count(*))]
    pub sample_count: i64,
}
