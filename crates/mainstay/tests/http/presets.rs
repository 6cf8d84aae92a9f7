//! Events that callers send are held to their presets, and personal data is sealed.

use crate::on_both_engines;
use crate::server::{Caller, Reply, Server};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::process::Command;

on_both_engines!(
    events_are_held_to_their_preset,
    a_preset_is_refused_that_says_nothing_sensible,
    rows_of_a_bulk_are_told_by_their_place,
    personal_fields_of_a_preset_are_sealed,
    what_is_classified_phi_is_sealed,
);

const RETURN: (&str, &str) = ("Prefer", "return=representation");

async fn post(server: &Server, caller: &Caller, table: &str, body: &Value) -> Reply {
    server.send(caller, Method::POST, table, &[RETURN], body.to_string()).await
}

async fn send(server: &Server, event: &Value) -> Reply {
    post(server, &server.service(0), "audit_events", event).await
}

/// Accesses of patients' records.
async fn make_preset(server: &Server, name: &str, is_active: bool) {
    let preset = json!({
        "name": name,
        "created_by": "test",
        "is_active": is_active,
        "fields": {
            "required": ["actor_id", "details.patient.id"],
            "optional": ["resource_type", "resource_id", "details.reason"],
            "personal": ["details.patient.name", "resource_name"],
            "subject": "details.patient.id",
        },
        "validation": {
            "action": { "pattern": "^patient\\." },
            "details.reason": { "type": "string", "minLength": 3, "maxLength": 20 },
            "processing_latency_ms": { "maximum": 1000 },
        },
    });
    let reply = post(server, &server.service(0), "audit_presets", &preset).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
}

fn access() -> Value {
    json!({
        "preset": "patient_access",
        "action": "patient.read",
        "actor_id": "practitioner-1",
        "details": { "patient": { "id": "patient-7" }, "reason": "visit" },
    })
}

/// The event with a field changed, or left out by null.
fn with(field: &str, value: Value) -> Value {
    let mut event = access();
    let (parent, name) = field.rsplit_once('/').unwrap_or(("", field));
    let parent = if parent.is_empty() { String::new() } else { format!("/{parent}") };
    let object = event.pointer_mut(&parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        object.remove(name);
    } else {
        object.insert(name.to_owned(), value);
    }
    event
}

async fn events_are_held_to_their_preset(server: Server) {
    make_preset(&server, "patient_access", true).await;
    make_preset(&server, "retired", false).await;
    let sent = send(&server, &access()).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{sent:?}");
    assert_eq!(sent.rows()[0]["preset"], "patient_access");

    let cases = [
        (with("preset", json!("unheard_of")), "22023", "there is no preset \"unheard_of\""),
        (with("preset", json!("retired")), "22023", "the preset \"retired\" is not active"),
        (
            with("actor_id", Value::Null),
            "23502",
            "audit_events.actor_id: preset patient_access, rule required",
        ),
        (
            with("details/patient", json!({ "name": "x" })),
            "23502",
            "audit_events.details.patient.id: preset",
        ),
        (
            with("description", json!("not listed")),
            "22023",
            "audit_events.description: preset patient_access, rule optional",
        ),
        (
            with("details/mood", json!("good")),
            "22023",
            "audit_events.details.mood: preset patient_access, rule optional",
        ),
        (
            with("action", json!("door.open")),
            "23514",
            "audit_events.action: preset patient_access, rule pattern",
        ),
        (
            with("details/reason", json!("ok")),
            "23514",
            "audit_events.details.reason: preset patient_access, rule minLength",
        ),
        (with("details/reason", json!(7)), "23514", "rule type"),
        (
            with("processing_latency_ms", json!(1001)),
            "23514",
            "audit_events.processing_latency_ms: preset patient_access, rule maximum",
        ),
        (
            with("data_classification", json!("TOP SECRET")),
            "22023",
            "audit_events.data_classification: expected one of public, internal",
        ),
    ];
    for (event, code, message) in cases {
        let reply = send(&server, &event).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::BAD_REQUEST, code),
            "{event}: {reply:?}"
        );
        let told = reply.json()["message"].as_str().unwrap().to_owned();
        assert!(told.contains(message), "{event}: {told}");
    }
    presets_count_where_and_while_they_are(&server).await;
}

async fn presets_count_where_and_while_they_are(server: &Server) {
    // Another organisation's presets are its own.
    let reply = post(server, &server.service(1), "audit_events", &access()).await;
    assert_eq!(reply.code(), "22023", "{reply:?}");
    // What a preset says counts from the next event on.
    let path = "audit_presets?name=eq.patient_access";
    let body = json!({ "is_active": false }).to_string();
    let reply = server.send(&server.service(0), Method::PATCH, path, &[], body).await;
    assert!(reply.status.is_success(), "{reply:?}");
    assert_eq!(send(server, &access()).await.code(), "22023");
}

async fn a_preset_is_refused_that_says_nothing_sensible(server: Server) {
    let cases = [
        (json!({ "required": ["nonsense"] }), json!({}), "events have no field nonsense"),
        (json!({ "required": ["action.name"] }), json!({}), "action is no document"),
        (json!({ "personal": ["action"] }), json!({}), "action can't be personal"),
        (json!({ "obligatory": [] }), json!({}), "unknown field `obligatory`"),
        (json!({}), json!({ "action": { "pattern": "(" } }), "audit_presets.validation: action"),
        (
            json!({}),
            json!({ "action": { "minLength": "many" } }),
            "audit_presets.validation: action",
        ),
    ];
    for (fields, validation, message) in cases {
        let preset = json!({
            "name": "wrong", "created_by": "test", "fields": fields, "validation": validation,
        });
        let reply = post(&server, &server.service(0), "audit_presets", &preset).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::BAD_REQUEST, "22023"),
            "{preset}"
        );
        let told = reply.json()["message"].as_str().unwrap().to_owned();
        assert!(told.contains(message), "{preset}: {told}");
    }
}

async fn rows_of_a_bulk_are_told_by_their_place(server: Server) {
    make_preset(&server, "patient_access", true).await;
    let caller = server.service(0);
    let key = |mut event: Value, number: usize| {
        event["idempotency_key"] = json!(format!("bulk-{number}"));
        event
    };
    let wrong = with("details/reason", json!("no"));
    let rows = json!([key(access(), 1), key(wrong.clone(), 2)]);
    let reply = send(&server, &rows).await;
    assert_eq!(reply.code(), "23514", "{reply:?}");
    assert!(reply.text.contains("Row 2"), "{reply:?}");

    let lines = |rows: &[Value]| rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let headers = [
        ("Content-Type", "application/x-ndjson"),
        ("Prefer", "resolution=ignore-duplicates,return=representation"),
    ];
    let path = "audit_events?on_conflict=idempotency_key";
    let ndjson = async |rows: &[Value]| {
        server.send(&caller, Method::POST, path, &headers, lines(rows)).await
    };
    let refused = ndjson(&[key(access(), 1), key(access(), 2), key(wrong, 3)]).await;
    assert!(refused.text.contains("Row 3"), "{refused:?}");
    assert_eq!(ndjson(&[key(access(), 1), key(access(), 2)]).await.rows().len(), 2);
    assert_eq!(ndjson(&[key(access(), 2), key(access(), 3)]).await.rows().len(), 1);
    let stored = server.get(&caller, "audit_events?idempotency_key=like.bulk-*&select=hash").await;
    assert_eq!(stored.rows().len(), 3);
}

async fn personal_fields_of_a_preset_are_sealed(server: Server) {
    make_preset(&server, "patient_access", true).await;
    let mut event = with("details/patient/name", json!("Ada Personal"));
    event["resource_name"] = json!("File of Ada Personal");
    let sent = send(&server, &event).await.rows().remove(0);
    assert_eq!(sent["details"], json!({ "patient": { "id": "patient-7" }, "reason": "visit" }));
    assert_eq!(sent["resource_name"], Value::Null);
    let personal = json!({
        "details": { "patient": { "name": "Ada Personal" } },
        "resource_name": "File of Ada Personal",
    });
    assert_eq!(sent["personal"], personal);
    // The same person is the same subject, and another one another.
    let again = send(&server, &access()).await.rows().remove(0);
    assert_eq!(again["subject_id"], sent["subject_id"]);
    assert!(again["subject_id"].is_string(), "{again}");
    let other =
        send(&server, &with("details/patient/id", json!("patient-8"))).await.rows().remove(0);
    assert_ne!(other["subject_id"], sent["subject_id"]);

    // Who may read events but not personal data sees none.
    let path =
        format!("audit_events?id=eq.{}&select=personal,details", sent["id"].as_str().unwrap());
    let analyst = server.person(0, "analyst").await;
    let seen = server.get(&analyst, &path).await;
    assert!(!seen.text.contains("Ada Personal") && seen.rows().len() == 1, "{seen:?}");
    // Where a field goes, nothing may stand already.
    event["personal"] = json!({ "resource_name": "taken" });
    let reply = send(&server, &event).await;
    assert_eq!(reply.code(), "22023", "{reply:?}");
}

async fn what_is_classified_phi_is_sealed(mut server: Server) {
    let event = json!({
        "action": "fhir.patient.read",
        "actor_id": "practitioner-1",
        "resource_type": "Patient",
        "resource_id": "patient-7",
        "ip_address": "192.0.2.1",
        "data_classification": "PHI",
        "description": "Diagnosis unspeakable",
        "details": { "finding": "unspeakable", "size": 1.5 },
    });
    // Numbers keep their digits.
    let body = event.to_string().replace("1.5", "1.50");
    let headers = [("Prefer", "wait=integrated,return=representation")];
    let caller = server.service(0);
    let reply = server.send(&caller, Method::POST, "audit_events", &headers, body).await;
    let row = reply.rows().remove(0);
    assert_eq!((&row["data_classification"], &row["description"]), (&json!("phi"), &Value::Null));
    assert_eq!(row["details"], json!({}));
    assert!(reply.text.contains("1.50"), "{reply:?}");
    let sealed = json!({ "description": event["description"], "details": event["details"] });
    assert_eq!(row["personal"], sealed);
    let path = format!("audit_events?id=eq.{}", row["id"].as_str().unwrap());
    let analyst = server.person(0, "analyst").await;
    let seen = server.get(&analyst, &path).await;
    assert!(!seen.text.contains("unspeakable") && seen.rows().len() == 1, "{seen:?}");

    let (status, output) = server.process.take().unwrap().stop();
    assert!(status.success(), "{output}");
    for format in ["fhir", "ocsf", "ndjson"] {
        let text = export(&server, format);
        let line = text.lines().find(|line| line.contains("fhir.patient.read"));
        let line = line.unwrap_or_else(|| panic!("{format}: {text}"));
        serde_json::from_str::<Value>(line).unwrap();
        assert!(!text.contains("unspeakable"), "{format}: {text}");
    }
}

fn export(server: &Server, format: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
    command.args(["audit", "export", "--tenant", "acme", "--format", format, "--data"]);
    command.arg(server.data.path());
    if let Some(database) = &server.database {
        command.args(["--database", &database.app_url]);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
