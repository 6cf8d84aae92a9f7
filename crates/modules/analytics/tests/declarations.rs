//! What the documents promise of measurements, costs and dashboards, and the declarations say.

use mainstay_declared::lines::{
    checks, confidential, defaults, keeping, moves, references, uniques, values,
};
use mainstay_entity::EntityMeta;

fn entities() -> Vec<EntityMeta> {
    mainstay_analytics::module().entities
}

#[test]
fn measurements_have_no_life_cycle() {
    assert_eq!(moves(&entities()), [""; 0]);
}

/// S0-B20, S0-B22, S1-B24 to S1-B26.
#[test]
fn measurements_take_the_documented_values() {
    assert_eq!(
        values(&entities()),
        [
            "metrics.metric_type counter/gauge/histogram",
            "metrics.origin telemetry/business",
            "metric_rollups.aggregation_type sum/avg/min/max/count",
            "metric_rollups.time_period hourly/daily/weekly/monthly",
            "analytics_events.source ui/api/system/webhook",
            "cost_records.resource_type compute/storage/network/service/integration",
            "dashboards.visibility private/team/public",
        ]
    );
}

/// S0-B75, S1-B52.
#[test]
fn measurements_have_defaults() {
    assert_eq!(
        defaults(&entities()),
        [
            "metrics.metric_type gauge",
            "metrics.origin telemetry",
            "metric_rollups.sample_count 0",
            "cost_records.currency USD",
            "dashboards.type custom",
            "dashboards.visibility private",
            "dashboards.is_default false",
            "dashboards.display_order 0",
            "dashboard_widgets.refresh_interval 60",
        ]
    );
}

#[test]
fn measurements_keep_personal_data_apart() {
    assert_eq!(
        confidential(&entities()),
        [
            "metrics.user_id subject",
            "analytics_events.user_id subject",
            "analytics_events.ip_address pii",
            "analytics_events.user_agent pii",
        ]
    );
}

/// S0-B74; without a record, too.
#[test]
fn rollups_have_one_row_for_a_period() {
    assert_eq!(
        uniques(&entities()),
        [
            "metric_rollups (aggregation_type, metric_name, entity_type, entity_id, time_period, period_start) nulls not distinct"
        ]
    );
}

#[test]
fn measurements_are_checked() {
    assert_eq!(
        checks(&entities()),
        [
            "metric_rollups.sample_count 0..",
            "dashboard_widgets.refresh_interval 1..",
            "metrics: (entity_type is null) = (entity_id is null)",
            "metric_rollups: period_start < period_end",
            "metric_rollups: (entity_type is null) = (entity_id is null)",
            "cost_records: period_start <= period_end",
            "cost_records: length(currency) = 3 and currency = upper(currency)",
        ]
    );
}

/// Costs stay without their service; measurements and events refer to nothing.
#[test]
fn measurements_outlast_what_they_name() {
    assert_eq!(
        references(&entities()),
        [
            "cost_records.connection_id -> connections setnull",
            "cost_records.service_id -> services setnull",
            "cost_records.team_id -> teams setnull",
            "dashboards.created_by -> organization_members setnull",
            "dashboard_widgets.dashboard_id -> dashboards cascade",
        ]
    );
}

/// S1-B56, S1-B60: by month. Business metrics stay, so no term holds for all (S1-B58).
#[test]
fn measurements_are_kept_as_what_they_are() {
    assert_eq!(
        keeping(&entities()),
        [
            "metrics: partitioned, unaudited",
            "metric_rollups: read only, unaudited",
            "metrics_hourly: read only",
            "analytics_events: partitioned, unaudited",
        ]
    );
}

/// S1-B57: one row for a metric, service, plugin and environment in each hour.
#[test]
fn hours_sum_up_measurements() {
    let entities = entities();
    let hours = entities.iter().find(|entity| entity.table == "metrics_hourly");
    let shown = hours.and_then(|hours| Some((&hours.columns, hours.view.as_ref()?)));
    let shown: Vec<String> = shown.map_or_else(Vec::new, |(columns, view)| {
        let pairs = columns.iter().zip(view.shows.iter());
        pairs.map(|(column, shown)| format!("{} = {shown}", column.name)).collect()
    });
    assert_eq!(
        shown,
        [
            "organization_id = point.organization_id",
            "hour = hour(point.time)",
            "metric_name = point.metric_name",
            "service_id = point.service_id",
            "plugin_id = point.plugin_id",
            "environment = point.environment",
            "avg_value = avg(point.value)",
            "max_value = max(point.value)",
            "min_value = min(point.value)",
            "sample_count = count(*)",
        ]
    );
}
