//! What the documents promise of alerts and system events, and the declarations say.

use mainstay_declared::lines::{
    checks, confidential, defaults, keeping, moves, references, uniques, values,
};
use mainstay_entity::{EntityMeta, Kind};

fn entities() -> Vec<EntityMeta> {
    mainstay_monitoring::module().entities
}

/// S0-B21, S0-B24, S4-B11.
#[test]
fn alerts_move_as_documented() {
    assert_eq!(
        moves(&entities()),
        ["alerts.status active -> acknowledged | resolved; acknowledged -> resolved"]
    );
}

/// S0-B21, S4-B10, S4-B12. SX-D4: severities in lower case.
#[test]
fn alerts_take_the_documented_values() {
    assert_eq!(
        values(&entities()),
        [
            "alert_rules.severity low/medium/high/critical",
            "alerts.severity low/medium/high/critical",
            "alerts.trend stable/increasing/decreasing",
            "system_events.severity info/low/medium/high/critical",
        ]
    );
}

/// S4-B12, S4-B61.
#[test]
fn alerts_have_defaults() {
    assert_eq!(
        defaults(&entities()),
        [
            "alert_rules.severity medium",
            "alert_rules.is_enabled true",
            "alerts.source monitoring",
            "alerts.status active",
            "alerts.occurrence_count 0",
            "alerts.error_rate 0",
            "alerts.trend stable",
            "system_events.severity info",
        ]
    );
}

#[test]
fn alerts_keep_personal_data_apart() {
    assert_eq!(confidential(&entities()), ["alerts.affected_users pii"]);
}

#[test]
fn alerts_have_no_unique_keys() {
    assert_eq!(uniques(&entities()), [""; 0]);
}

/// S4-B61: a rate is a percentage.
#[test]
fn alerts_are_checked() {
    assert_eq!(
        checks(&entities()),
        [
            "alerts.occurrence_count 0..",
            "alerts.error_rate 0..100",
            "alerts: first_occurrence_at <= last_occurrence_at",
            "alerts: resolved_at is null or status = 'resolved'",
        ]
    );
}

#[test]
fn alerts_outlast_rules_and_members() {
    assert_eq!(
        references(&entities()),
        [
            "alerts.rule_id -> alert_rules setnull",
            "alerts.acknowledged_by -> organization_members setnull",
            "alerts.resolved_by -> organization_members setnull",
        ]
    );
}

/// S3-B62.
#[test]
fn system_events_are_kept_for_seven_years() {
    assert_eq!(
        keeping(&entities()),
        ["system_events: append only, unaudited, 2555 days", "system_errors: 2555 days"]
    );
}

/// S4-B9: SECURITY, PERFORMANCE and COMPLIANCE are examples.
#[test]
fn alert_types_are_open() {
    let entities = entities();
    let alerts = entities.iter().find(|entity| entity.table == "alerts");
    let alert_type = alerts.and_then(|alerts| alerts.column("alert_type"));
    assert_eq!(alert_type.map(|column| &column.kind), Some(&Kind::Text { max: Some(50) }));
}
