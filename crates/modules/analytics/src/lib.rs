//! Analytics: measurements, what happened in products, costs, and the dashboards that show them.

mod cost;
mod dashboard;
mod event;
mod metric;

pub use cost::{CostRecord, CostResourceType};
pub use dashboard::{Dashboard, DashboardVisibility, DashboardWidget};
pub use event::{AnalyticsEvent, AnalyticsSource};
pub use metric::{
    AggregationType, Metric, MetricHour, MetricOrigin, MetricRollup, MetricType, TimePeriod,
};

use mainstay_entity::Entity;
use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("analytics").entities([
        Metric::meta(),
        MetricRollup::meta(),
        MetricHour::meta(),
        AnalyticsEvent::meta(),
        CostRecord::meta(),
        Dashboard::meta(),
        DashboardWidget::meta(),
    ])
}
