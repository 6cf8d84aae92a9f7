//! Reading the audit trail: counts, threads, places in documents.

use crate::on_both_engines;
use crate::server::Server;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(
    events_are_counted_by_time_actor_and_action,
    threads_and_places_in_documents_are_found,
    events_of_the_documents_are_kept_and_found,
    versions_of_events_live_side_by_side,
);

async fn send(server: &Server, index: usize, events: &Value) {
    let caller = server.service(index);
    let reply = server.send(&caller, Method::POST, "audit_events", &[], events.to_string()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
}

async fn counts(server: &Server, arguments: &str) -> Value {
    let path = format!("rpc/audit_counts?{arguments}");
    let reply = server.get(&server.service(0), &path).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    reply.json()
}

async fn events_are_counted_by_time_actor_and_action(server: Server) {
    let event = |actor: &str, action: &str, at: &str| json!({ "actor_id": actor, "action": action, "occurred_at": at });
    let events = json!([
        event("ada", "door.open", "2001-02-03T04:05:06.7Z"),
        event("ada", "door.open", "2001-02-03T04:59:59.999999Z"),
        event("eve", "door.open", "2001-02-03T05:00:00Z"),
        event("eve", "door.close", "2001-02-03T23:59:59Z"),
        event("eve", "door.close", "2001-02-04T01:00:00+02:00"),
        event("ada", "door.open", "1969-12-31T23:30:00Z"),
    ]);
    send(&server, 0, &events).await;
    // Another organisation's events are its own.
    send(&server, 1, &json!([event("ada", "door.open", "2001-02-03T04:00:00Z")])).await;
    let year = "since=2001-01-01T00:00:00Z&until=2002-01-01T00:00:00Z";
    assert_eq!(
        counts(&server, &format!("by=hour&{year}")).await,
        json!([
            { "hour": "2001-02-03T04:00:00+00:00", "count": 2 },
            { "hour": "2001-02-03T05:00:00+00:00", "count": 1 },
            { "hour": "2001-02-03T23:00:00+00:00", "count": 2 },
        ])
    );
    assert_eq!(
        counts(&server, "by=day&until=2002-01-01T00:00:00Z").await,
        json!([
            { "day": "1969-12-31T00:00:00+00:00", "count": 1 },
            { "day": "2001-02-03T00:00:00+00:00", "count": 5 },
        ])
    );
    assert_eq!(
        counts(&server, &format!("by=actor&action=door.open&{year}")).await,
        json!([{ "actor_id": "ada", "count": 2 }, { "actor_id": "eve", "count": 1 }])
    );
    assert_eq!(
        counts(&server, &format!("by=action&actor=eve&{year}&groups=1&skip=1")).await,
        json!([{ "action": "door.open", "count": 1 }])
    );
    assert_eq!(counts(&server, "by=day&until=1950-01-01T00:00:00Z").await, json!([]));

    let caller = server.service(0);
    for (arguments, status) in [
        ("by=month", StatusCode::NOT_FOUND),
        ("by=day&since=today", StatusCode::BAD_REQUEST),
        ("by=day&groups=10001", StatusCode::BAD_REQUEST),
    ] {
        let reply = server.get(&caller, &format!("rpc/audit_counts?{arguments}")).await;
        assert_eq!(reply.status, status, "{arguments}: {reply:?}");
    }
    let viewer = server.person(0, "viewer").await;
    let reply = server.get(&viewer, "rpc/audit_counts?by=day").await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN, "{reply:?}");
}

async fn threads_and_places_in_documents_are_found(server: Server) {
    let step = |number: i64, thread: &str| {
        json!({
            "action": "order.step",
            "correlation_id": thread,
            "event_version": "2.1",
            "processing_latency_ms": 10 * number,
            "details": { "order": { "id": format!("o-{number}"), "lines": [{ "sku": "a" }, { "sku": "b" }] } },
        })
    };
    let events: Value =
        [step(1, "t-1"), step(2, "t-2"), step(3, "t-1"), step(4, "t-1")].into_iter().collect();
    send(&server, 0, &events).await;
    send(&server, 1, &json!([step(9, "t-1")])).await;
    let caller = server.service(0);
    let ids = async |path: &str| -> Vec<String> {
        let rows = server.get(&caller, path).await.rows();
        rows.iter().map(|row| row["order"].as_str().unwrap().to_owned()).collect()
    };
    let shown = "select=order:details->order->>id";
    let thread = format!("audit_events?correlation_id=eq.t-1&order=id&{shown}");
    assert_eq!(ids(&thread).await, ["o-1", "o-3", "o-4"]);
    // Page by page, by the key of the last one.
    let first =
        server.get(&caller, "audit_events?correlation_id=eq.t-1&order=id&limit=1&select=id").await;
    let last = first.rows()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(ids(&format!("{thread}&id=gt.{last}&limit=1")).await, ["o-3"]);
    let place = format!("audit_events?details->order->>id=eq.o-2&{shown}");
    assert_eq!(ids(&place).await, ["o-2"]);
    let deep =
        format!("audit_events?details->order->lines->1->>sku=eq.b&correlation_id=eq.t-2&{shown}");
    assert_eq!(ids(&deep).await, ["o-2"]);
    let slow =
        format!("audit_events?processing_latency_ms=gte.30&action=eq.order.step&order=id&{shown}");
    assert_eq!(ids(&slow).await, ["o-3", "o-4"]);
    let version = "audit_events?action=eq.order.step&select=event_version&limit=1";
    assert_eq!(server.get(&caller, version).await.rows()[0]["event_version"], "2.1");
}

/// S0-B12, S4-B7, S4-B66: whatever an application calls what happened.
async fn events_of_the_documents_are_kept_and_found(server: Server) {
    let actions = [
        "created",
        "sent",
        "failed",
        "read",
        "userLoginAttempt",
        "dataAccess",
        "authentication.mfa.enabled",
        "fhir.patient.access",
    ];
    let event = |action: &&str| {
        json!({
            "actor_id": "user-88888",
            "action": action,
            "resource_type": "documented",
            "status": if *action == "failed" { "failure" } else { "success" },
            "data_classification": "INTERNAL",
            "retention_policy": "standard",
            "session_id": "sess-abc123",
            "ip_address": "192.168.1.100",
            "user_agent": "Mozilla/5.0",
        })
    };
    send(&server, 0, &actions.iter().map(event).collect()).await;
    let caller = server.service(0);
    for action in actions {
        let path = format!("audit_events?resource_type=eq.documented&action=eq.{action}");
        let rows = server.get(&caller, &path).await.rows();
        assert_eq!(rows.len(), 1, "{action}");
        let mut sent = event(&action);
        sent["data_classification"] = json!("internal");
        for (name, value) in sent.as_object().unwrap() {
            assert_eq!(&rows[0][name], value, "{action}");
        }
    }
}

/// S4-B39: an event that names no version is of the first one. Events of a version that is not
/// known yet are kept, proved and read like any other.
async fn versions_of_events_live_side_by_side(server: Server) {
    let event = |version: Option<&str>| match version {
        None => json!({ "action": "versioned" }),
        Some(version) => json!({ "action": "versioned", "event_version": version }),
    };
    send(&server, 0, &json!([event(Some("1.0")), event(Some("2.0")), event(Some("9.7"))])).await;
    send(&server, 0, &json!([event(None)])).await;
    let caller = server.service(0);
    let path = "audit_events?action=eq.versioned&order=event_version,id&select=event_version";
    let versions: Vec<Value> =
        server.get(&caller, path).await.rows().iter().map(|r| r["event_version"].clone()).collect();
    assert_eq!(versions, ["1.0", "1.0", "2.0", "9.7"]);
    let own = "audit_events?action=eq.audit_events.read&limit=1&select=event_version";
    for row in server.get(&caller, own).await.rows() {
        assert_eq!(row["event_version"], "1.0");
    }
}
