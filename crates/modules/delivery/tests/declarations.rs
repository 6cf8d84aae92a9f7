//! What the document on audit promises of deliveries and their destinations (S4).

use mainstay_declared::{Declared, set};
use mainstay_entity::{Kind, OnDelete, Scope};
use serde_json::json;
use std::sync::LazyLock;

static DECLARED: LazyLock<Declared> = LazyLock::new(|| {
    Declared::new(mainstay_delivery::module().entities)
        .with_story(include_str!("../../../mainstay/src/demo/delivery.json"))
});

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
        assert_eq!(DECLARED.choices(path), expected, "{path}");
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
        assert_eq!(DECLARED.default(path).as_deref(), Some(expected), "{path}");
    }
}

/// S4-B51: of one organisation, with a label of its own; its configuration is never read back.
#[test]
fn destinations_have_a_label_of_their_own_and_a_sealed_configuration() {
    assert_eq!(DECLARED.entity("delivery_destinations").scope, Scope::Tenant);
    assert_eq!(DECLARED.uniques("delivery_destinations"), set(["label where deleted_at is null"]));
    assert_eq!(DECLARED.column("delivery_destinations.config").kind, Kind::Secret);
    DECLARED.assert_columns(
        "delivery_destinations",
        "disabled disabled_at? disabled_by? count_usage last_used_at?",
    );
    for name in ["count_usage", "last_used_at"] {
        assert!(DECLARED.column(&format!("delivery_destinations.{name}")).read_only, "{name}");
    }
}

/// S4-B52, S4-D10: priorities from 0 to 10; a key names one delivery, so a repeated request adds
/// none.
#[test]
fn deliveries_have_priorities_and_keys_of_their_own() {
    let priority = DECLARED.column("delivery_queue.priority");
    assert_eq!((priority.min, priority.max), (Some(0), Some(10)));
    assert_eq!(DECLARED.uniques("delivery_queue"), set(["idempotency_key"]));
    DECLARED.assert_columns(
        "delivery_queue",
        "scheduled_at correlation_id? idempotency_key? next_retry_at?",
    );
    assert!(DECLARED.entity("delivery_queue").queue);
    assert_eq!(DECLARED.on_delete("delivery_queue.destination_id"), OnDelete::Restrict);
}

/// S4-B55: logs outlast the queue, and only the system writes them.
#[test]
fn logs_hold_every_attempt_and_outlast_the_queue() {
    DECLARED.assert_columns(
        "delivery_logs",
        "delivery_id destination_id object_details attempts attempt_count last_attempt_at? \
         delivered_at? failure_reason? cross_system_reference? correlation_id? details?",
    );
    let logs = DECLARED.entity("delivery_logs");
    assert!(logs.read_only);
    assert!(logs.references.iter().all(|reference| reference.table != "delivery_queue"));
}

/// S4-B56, S4-D13: one row for each destination, gone with it.
#[test]
fn health_is_one_to_one_with_destinations() {
    assert_eq!(DECLARED.uniques("destination_health"), set(["destination_id"]));
    assert_eq!(DECLARED.on_delete("destination_health.destination_id"), OnDelete::Cascade);
    let rate = DECLARED.column("destination_health.success_rate");
    assert_eq!(rate.kind, Kind::Decimal { precision: 5, scale: 2 });
    assert_eq!((rate.min, rate.max), (Some(0), Some(100)));
    DECLARED.assert_columns(
        "destination_health",
        "consecutive_failures total_failures total_deliveries average_response_time? \
         last_failure_at? last_success_at? circuit_breaker_opened_at?",
    );
}

/// S4-B57, S4-D13: keys of a destination can be exchanged; one of them signs first.
#[test]
fn webhook_secrets_are_sealed_and_one_signs_first() {
    assert_eq!(DECLARED.column("webhook_secrets.secret_key").kind, Kind::Secret);
    let one = set(["destination_id where is_primary and is_active"]);
    assert_eq!(DECLARED.uniques("webhook_secrets"), one);
    assert_eq!(DECLARED.on_delete("webhook_secrets.destination_id"), OnDelete::Cascade);
    DECLARED.assert_columns(
        "webhook_secrets",
        "expires_at? rotated_at? usage_count last_used_at? created_by?",
    );
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
        DECLARED.assert_sample(table, &expected);
    }
}
