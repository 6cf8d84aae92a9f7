//! How assets do, as numbers.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::asset::Asset;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Numeric, Text};
use mainstay_kernel::entities::Organization;

/// The span that a number is about.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssetPeriod {
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    Yearly,
}

/// A number that tells how an asset does, such as its yield, beside what it is measured against
/// (S3-B44).
#[derive(Entity)]
#[entity(
    table = "asset_metrics",
    scope = tenant,
    classification = internal,
    audit = none,
    unique(asset_id, metric_type, period, calculated_at),
    index(metric_type),
    index(calculated_at, asset_id)
)]
pub struct AssetMetric {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The asset.
    #[entity(on_delete = cascade)]
    pub asset_id: Id<Asset>,
    /// What is measured, such as `total_value_locked` or `yield`.
    pub metric_type: Text<100>,
    /// The number.
    pub value: Numeric<18, 6>,
    /// When it was worked out.
    #[entity(default = now)]
    pub calculated_at: Timestamp,
    /// The span that it is about.
    pub period: AssetPeriod,
    /// What it is measured against.
    pub benchmark: Option<Numeric<18, 6>>,
}

/// Sums over an asset's events, as the system works them out.
#[derive(Entity)]
#[entity(
    table = "asset_analytics",
    scope = tenant,
    classification = internal,
    audit = none,
    read_only,
    unique(asset_id, analytics_type, aggregation_period, timestamp)
)]
pub struct AssetAnalytics {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The asset.
    #[entity(on_delete = cascade)]
    pub asset_id: Id<Asset>,
    /// What is summed up, such as `transfer_volume`.
    pub analytics_type: Text<100>,
    /// The sums.
    #[entity(default = "{}")]
    pub data: Json<()>,
    /// When the span begins.
    pub timestamp: Timestamp,
    /// The span that is summed up.
    pub aggregation_period: AssetPeriod,
}
