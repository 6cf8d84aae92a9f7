//! Every governed write leaves its event, in the same transaction.

use crate::on_both_engines;
use crate::server::{Caller, Reply, Server};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;

on_both_engines!(
    every_mutation_leaves_its_event,
    refused_writes_leave_nothing,
    rolled_back_writes_leave_nothing,
    events_hold_no_personal_data,
    events_cannot_be_changed,
    repeated_events_are_recognised,
    bulk_writes_name_their_rows,
    events_tell_outcome_latency_and_thread,
    people_see_their_own_trail_and_administrators_all,
);

const RETURN: (&str, &str) = ("Prefer", "return=representation");

async fn events_of(server: &Server, caller: &Caller, resource_id: &str) -> Vec<Value> {
    let path = format!(
        "audit_events?resource_id=eq.{resource_id}&order=occurred_at,id\
         &select=action,actor_id,status,old_value,new_value,details,request_id"
    );
    server.get(caller, &path).await.rows()
}

async fn all_events(server: &Server, caller: &Caller) -> Option<String> {
    let headers = [("Prefer", "count=exact")];
    server.send(caller, Method::HEAD, "audit_events?limit=1", &headers, "").await.content_range
}

async fn create_team(server: &Server, caller: &Caller, body: Value) -> Reply {
    server.send(caller, Method::POST, "teams", &[RETURN], body.to_string()).await
}

async fn every_mutation_leaves_its_event(server: Server) {
    let caller = server.service(0);
    let reply = create_team(&server, &caller, json!({ "name": "observed" })).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let id = reply.rows()[0]["id"].as_str().unwrap().to_owned();
    let path = format!("teams?id=eq.{id}");
    let body = json!({ "description": "changed" }).to_string();
    let reply = server.send(&caller, Method::PATCH, &path, &[RETURN], body).await;
    assert_eq!(reply.rows()[0]["description"], json!("changed"));
    let reply = server.send(&caller, Method::DELETE, &path, &[], "").await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    assert_eq!(server.get(&caller, &path).await.text, "[]");

    let events = events_of(&server, &caller, &id).await;
    let actions: Vec<&str> = events.iter().map(|e| e["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["teams.create", "teams.update", "teams.delete"]);
    assert_eq!(events[0]["new_value"]["name"], json!("observed"));
    assert_eq!(events[1]["old_value"]["description"], Value::Null);
    assert_eq!(events[1]["new_value"]["description"], json!("changed"));
    for event in &events {
        assert!(event["actor_id"].as_str().unwrap().starts_with("key:"), "{event}");
        assert!(event["request_id"].is_string(), "{event}");
        assert_eq!(event["status"], json!("success"));
    }
}

async fn refused_writes_leave_nothing(server: Server) {
    let caller = server.service(0);
    let first = create_team(&server, &caller, json!({ "name": "taken" })).await;
    assert_eq!(first.status, StatusCode::CREATED);
    let before = all_events(&server, &caller).await;
    for body in [json!({ "name": "taken" }), json!({ "display_name": "nameless" })] {
        let reply = create_team(&server, &caller, body).await;
        assert!(reply.status.is_client_error(), "{reply:?}");
    }
    let rows = json!([{ "name": "new" }, { "name": "taken" }]);
    let reply = create_team(&server, &caller, rows).await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::CONFLICT, "23505"));
    assert_eq!(server.get(&caller, "teams?name=eq.new").await.text, "[]");
    assert_eq!(all_events(&server, &caller).await, before);
}

async fn rolled_back_writes_leave_nothing(server: Server) {
    let caller = server.service(0);
    let before = all_events(&server, &caller).await;
    let headers = [("Prefer", "tx=rollback,return=representation")];
    let body = json!({ "name": "tried" }).to_string();
    let reply = server.send(&caller, Method::POST, "teams", &headers, body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    assert_eq!(reply.rows()[0]["name"], json!("tried"));
    assert_eq!(server.get(&caller, "teams?name=eq.tried").await.text, "[]");
    assert_eq!(all_events(&server, &caller).await, before);
}

async fn events_hold_no_personal_data(server: Server) {
    let caller = server.service(0);
    let member = &server
        .get(&caller, "organization_members?select=id&order=id&limit=1")
        .await
        .rows()[0]["id"];
    let path = format!("organization_members?id=eq.{}", member.as_str().unwrap());
    let body = json!({ "display_name": "Personal Name", "email": "personal@example.com" });
    let reply = server.send(&caller, Method::PATCH, &path, &[], body.to_string()).await;
    assert!(reply.status.is_success(), "{reply:?}");
    let events = events_of(&server, &caller, member.as_str().unwrap()).await;
    let last = events.last().unwrap();
    assert_eq!(last["action"], json!("organization_members.update"));
    let columns = last["details"]["columns"].as_array().unwrap();
    assert!(columns.contains(&json!("email")), "{last}");
    let everything = serde_json::to_string(&events).unwrap();
    assert!(!everything.contains("Personal Name") && !everything.contains("personal@example.com"));
}

async fn events_cannot_be_changed(server: Server) {
    let caller = server.service(0);
    let events = async || server.get(&caller, "audit_events?order=id").await.rows();
    let before = events().await;
    for (method, body) in [(Method::PATCH, r#"{"action": "forged"}"#), (Method::DELETE, "")] {
        let reply = server.send(&caller, method.clone(), "audit_events", &[], body).await;
        assert_eq!((reply.status, reply.code().as_str()), (StatusCode::FORBIDDEN, "42501"));
    }
    // What follows are the events of these refusals.
    assert!(events().await.starts_with(&before));
}

async fn repeated_events_are_recognised(server: Server) {
    let caller = server.service(0);
    let event = json!({ "action": "door.open", "idempotency_key": "door-1" }).to_string();
    let send = async |prefer: &str| {
        let headers = [("Prefer", prefer)];
        let path = "audit_events?on_conflict=idempotency_key";
        server.send(&caller, Method::POST, path, &headers, event.clone()).await
    };
    let prefer = "resolution=ignore-duplicates,return=representation";
    assert_eq!(send(prefer).await.rows().len(), 1);
    assert_eq!(send(prefer).await.rows().len(), 0);
    let reply = send("return=minimal").await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::CONFLICT, "23505"));
    // The same key is another organisation's own affair.
    let headers = [("Prefer", prefer)];
    let path = "audit_events?on_conflict=idempotency_key";
    let reply = server.send(&server.service(1), Method::POST, path, &headers, event.clone()).await;
    assert_eq!(reply.rows().len(), 1);
}

async fn bulk_writes_name_their_rows(server: Server) {
    let caller = server.service(0);
    let rows: Vec<Value> = (0..2_500).map(|n| json!({ "name": format!("bulk {n:04}") })).collect();
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    let headers = [("Content-Type", "application/x-ndjson"), ("Prefer", "return=minimal")];
    let reply = server.send(&caller, Method::POST, "teams", &headers, lines.join("\n")).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let path = "audit_events?action=eq.teams.create&details->>rows=not.is.null&select=details";
    let events = server.get(&caller, path).await.rows();
    let named: Vec<&Value> =
        events.iter().flat_map(|event| event["details"]["ids"].as_array().unwrap()).collect();
    assert_eq!(named.len(), 2_500);
}

/// What an event says of how it ended, how long it took and what it belongs to.
async fn events_tell_outcome_latency_and_thread(server: Server) {
    let caller = server.service(0);
    for (number, status) in ["success", "failure", "error"].into_iter().enumerate() {
        let event = json!({
            "action": "traced", "status": status, "correlation_id": "thread-1",
            "processing_latency_ms": number,
        });
        let reply =
            server.send(&caller, Method::POST, "audit_events", &[RETURN], event.to_string()).await;
        assert_eq!(reply.rows()[0]["status"], json!(status));
    }
    for refused in [json!({ "status": "unknown" }), json!({ "processing_latency_ms": -1 })] {
        let mut event = json!({ "action": "traced" });
        event.as_object_mut().unwrap().extend(refused.as_object().unwrap().clone());
        let reply =
            server.send(&caller, Method::POST, "audit_events", &[], event.to_string()).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{reply:?}");
    }
    let path = "audit_events?correlation_id=eq.thread-1&processing_latency_ms=gte.1\
                &select=status&order=processing_latency_ms";
    let slow = server.get(&caller, path).await.rows();
    assert_eq!(slow, [json!({ "status": "failure" }), json!({ "status": "error" })]);
}

/// S3-B63: access by the user and administrators.
async fn people_see_their_own_trail_and_administrators_all(server: Server) {
    let (member, analyst) = (server.person(0, "member").await, server.person(0, "analyst").await);
    let reply = create_team(&server, &member, json!({ "name": "mine" })).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let own = server.get(&member, "audit_events?select=actor_id,action").await.rows();
    let actors: BTreeSet<&str> = own.iter().map(|row| row["actor_id"].as_str().unwrap()).collect();
    assert_eq!(actors.len(), 1, "{own:?}");
    let user = actors.first().unwrap();

    for all in [analyst, server.person(0, "admin").await] {
        let others = format!("audit_events?actor_id=not.eq.{user}&select=id&limit=1");
        let others = server.get(&all, &others).await.rows();
        assert_eq!(others.len(), 1);
        let other = format!("audit_events?id=eq.{}", others[0]["id"].as_str().unwrap());
        assert!(server.get(&member, &other).await.rows().is_empty());
        assert_ne!(all_events(&server, &all).await, all_events(&server, &member).await);
    }
    let counts = server.get(&member, "rpc/audit_counts?by=actor").await;
    assert_eq!(counts.status, StatusCode::FORBIDDEN, "{counts:?}");
    let reply = server.get(&member, &format!("audit_events?actor_id=neq.{user}")).await;
    assert!(reply.rows().is_empty(), "{reply:?}");
}
