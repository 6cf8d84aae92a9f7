//! What the document on audit promises of deliveries and their destinations (S4).

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use mainstay_delivery::module;
use mainstay_entity::{
    ChoiceMeta, ChoiceValue, Column, DefaultValue, EntityMeta, Kind, NullsDistinct, OnDelete,
    Scope, Unique,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DEMONSTRATION: &str = include_str!("../../../mainstay/src/demo/delivery.json");

fn entity(table: &str) -> EntityMeta {
    let found = module().entities.into_iter().find(|entity| entity.table == table);
    found.unwrap_or_else(|| panic!("no table {table}"))
}

fn split(path: &str) -> (&str, &str) {
    path.split_once('.').unwrap_or_else(|| panic!("{path} is no table.column"))
}

fn column(path: &str) -> Column {
    let (table, name) = split(path);
    entity(table).column(name).cloned().unwrap_or_else(|| panic!("no column {path}"))
}

fn choice(path: &str) -> ChoiceMeta {
    match column(path).kind {
        Kind::Choice(choice) => choice.into_owned(),
        other => panic!("{path} is {}", other.name()),
    }
}

/// The values of a choice in their order, each with those that may follow it in a life cycle.
fn choices(path: &str) -> String {
    let choice = choice(path);
    let mut described = Vec::new();
    for value in choice.values.iter() {
        let follows = |other: &&ChoiceValue| value.next.contains(&other.name);
        let next: Vec<&str> = choice.values.iter().filter(follows).map(|v| &*v.name).collect();
        let arrow = if next.is_empty() { "" } else { ">" };
        described.push(format!("{}{arrow}{}", value.name, next.join("|")));
    }
    described.join(" ")
}

/// The default's text; `now` for the time of the request.
fn default(path: &str) -> String {
    match column(path).default {
        Some(DefaultValue::Literal(text)) => text.into_owned(),
        Some(DefaultValue::Now) => "now".to_owned(),
        other => panic!("{path} has the default {other:?}"),
    }
}

/// Every unique key: its columns, then `=` when nulls are equal, then its condition.
fn uniques(table: &str) -> BTreeSet<String> {
    let describe = |unique: &Unique| {
        let nulls = if unique.nulls == NullsDistinct::No { " =" } else { "" };
        let filter = unique.filter.as_ref().map_or_else(String::new, |f| format!(" where {f}"));
        format!("{}{nulls}{filter}", unique.columns.join(" "))
    };
    entity(table).uniques.iter().map(describe).collect()
}

fn set<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
    texts.map(str::to_owned).into()
}

/// The column that a column refers to, and what happens when the row there goes.
fn reference(path: &str) -> (String, OnDelete) {
    let (table, name) = split(path);
    let entity = entity(table);
    let found = entity.references.iter().find(|reference| *reference.columns == [name]);
    let reference = found.unwrap_or_else(|| panic!("{path} refers to nothing"));
    (format!("{}.{}", reference.table, reference.to.join(" ")), reference.on_delete)
}

/// Asserts that a table has columns, each of which may be null if a `?` follows its name.
fn has(table: &str, columns: &str) {
    for word in columns.split_whitespace() {
        let name = word.trim_end_matches('?');
        let column = column(&format!("{table}.{name}"));
        assert_eq!(column.nullable, word.ends_with('?'), "{table}.{name}");
    }
}

/// A table's rows in the demonstration.
fn samples(table: &str) -> Vec<Value> {
    let blocks: Vec<Value> = serde_json::from_str(DEMONSTRATION).unwrap();
    let block = blocks.into_iter().find(|block| block["table"] == table).unwrap();
    block["rows"].as_array().unwrap().clone()
}

/// Whether one of a table's rows in the demonstration holds all these values.
fn assert_sample(table: &str, expected: &Value) {
    let holds = |row: &Value| {
        expected.as_object().unwrap().iter().all(|(name, value)| row.get(name) == Some(value))
    };
    assert!(samples(table).iter().any(holds), "no row of {table} is like {expected}");
}

#[test]
fn choices_of_delivery_are_the_documents() {
    for (path, expected) in [
        ("delivery_destinations.type", "email s3 ftp webhook"),
        (
            "delivery_logs.status",
            "pending>delivered|failed|retrying delivered failed retrying>delivered|failed",
        ),
        (
            "delivery_queue.status",
            "pending>processing|failed processing>pending|completed|failed completed \
             failed>pending",
        ),
        ("destination_health.status", "healthy degraded unhealthy disabled"),
        (
            "destination_health.circuit_breaker_state",
            "closed>open open>half-open half-open>closed|open",
        ),
        ("webhook_secrets.algorithm", "HMAC-SHA256 HMAC-SHA512"),
    ] {
        assert_eq!(choices(path), expected, "{path}");
    }
}

#[test]
fn defaults_of_delivery_are_the_documents() {
    for (path, expected) in [
        ("delivery_destinations.disabled", "false"),
        ("delivery_destinations.count_usage", "0"),
        ("delivery_queue.status", "pending"),
        ("delivery_queue.priority", "0"),
        ("delivery_queue.retry_count", "0"),
        ("delivery_queue.max_retries", "5"),
        ("delivery_logs.attempts", "[]"),
        ("destination_health.consecutive_failures", "0"),
        ("destination_health.success_rate", "0"),
        ("destination_health.circuit_breaker_state", "closed"),
        ("webhook_secrets.algorithm", "HMAC-SHA256"),
        ("webhook_secrets.is_active", "true"),
        ("webhook_secrets.is_primary", "false"),
    ] {
        assert_eq!(default(path), expected, "{path}");
    }
}

/// S4-B51: of one organisation, with a label of its own; its configuration is never read back.
#[test]
fn destinations_have_a_label_of_their_own_and_a_sealed_configuration() {
    assert_eq!(entity("delivery_destinations").scope, Scope::Tenant);
    assert_eq!(uniques("delivery_destinations"), set(["label where deleted_at is null"]));
    assert_eq!(column("delivery_destinations.config").kind, Kind::Secret);
    has("delivery_destinations", "disabled disabled_at? disabled_by? count_usage last_used_at?");
    for name in ["count_usage", "last_used_at"] {
        assert!(column(&format!("delivery_destinations.{name}")).read_only, "{name}");
    }
}

/// S4-B52, S4-D10: priorities from 0 to 10; a key names one delivery, so a repeated request adds
/// none.
#[test]
fn deliveries_have_priorities_and_keys_of_their_own() {
    let priority = column("delivery_queue.priority");
    assert_eq!((priority.min, priority.max), (Some(0), Some(10)));
    assert_eq!(uniques("delivery_queue"), set(["idempotency_key"]));
    has("delivery_queue", "scheduled_at correlation_id? idempotency_key? next_retry_at?");
    assert!(entity("delivery_queue").queue);
    assert_eq!(reference("delivery_queue.destination_id").1, OnDelete::Restrict);
}

/// S4-B55: logs outlast the queue, and only the system writes them.
#[test]
fn logs_hold_every_attempt_and_outlast_the_queue() {
    has(
        "delivery_logs",
        "delivery_id destination_id object_details attempts attempt_count last_attempt_at? \
         delivered_at? failure_reason? cross_system_reference? correlation_id? details?",
    );
    let logs = entity("delivery_logs");
    assert!(logs.read_only);
    assert!(logs.references.iter().all(|reference| reference.table != "delivery_queue"));
}

/// S4-B56, S4-D13: one row for each destination, gone with it.
#[test]
fn health_is_one_to_one_with_destinations() {
    assert_eq!(uniques("destination_health"), set(["destination_id"]));
    assert_eq!(reference("destination_health.destination_id").1, OnDelete::Cascade);
    let rate = column("destination_health.success_rate");
    assert_eq!(rate.kind, Kind::Decimal { precision: 5, scale: 2 });
    assert_eq!((rate.min, rate.max), (Some(0), Some(100)));
    has(
        "destination_health",
        "consecutive_failures total_failures total_deliveries average_response_time? \
         last_failure_at? last_success_at? circuit_breaker_opened_at?",
    );
}

/// S4-B57, S4-D13: keys of a destination can be exchanged; one of them signs first.
#[test]
fn webhook_secrets_are_sealed_and_one_signs_first() {
    assert_eq!(column("webhook_secrets.secret_key").kind, Kind::Secret);
    let one = set(["destination_id where is_primary and is_active"]);
    assert_eq!(uniques("webhook_secrets"), one);
    assert_eq!(reference("webhook_secrets.destination_id").1, OnDelete::Cascade);
    has("webhook_secrets", "expires_at? rotated_at? usage_count last_used_at? created_by?");
}

/// S4-B74 to S4-B78.
#[test]
fn the_demonstration_has_the_documents_deliveries() {
    for (table, expected) in [
        (
            "delivery_destinations",
            json!({
                "type": "email", "label": "Compliance Team Email", "count_usage": 45,
                "config": {"email": {
                    "address": "compliance@medical.org", "smtp_host": "smtp.medical.org",
                    "smtp_port": 587, "use_tls": true,
                }},
            }),
        ),
        (
            "delivery_logs",
            json!({
                "status": "delivered", "cross_system_reference": "ext-del-789",
                "idempotency_key": "idem-del-123",
                "details": {"response_code": 200, "response_message": "Email sent successfully"},
            }),
        ),
        (
            "delivery_queue",
            json!({
                "priority": 5, "status": "completed", "idempotency_key": "idem-del-123",
                "metadata": {"trigger": "scheduled", "source": "report-service"},
            }),
        ),
        (
            "destination_health",
            json!({
                "status": "healthy", "total_failures": 2, "total_deliveries": 45,
                "success_rate": 95.6, "average_response_time": 150,
                "metadata": {"latency_percentiles": {"p95": 200, "p99": 300}},
            }),
        ),
        ("webhook_secrets", json!({"is_primary": true, "usage_count": 45})),
    ] {
        assert_sample(table, &expected);
    }
}
