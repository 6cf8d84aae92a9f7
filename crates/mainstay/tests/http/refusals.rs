//! What callers were not allowed to do leaves events of its own, few and in full.

use crate::on_both_engines;
use crate::server::{Caller, Server};
use futures_util::StreamExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

on_both_engines!(
    a_flood_of_refusals_leaves_few_events_that_count_them_all,
    each_kind_of_refusal_is_told_to_its_organization,
    credentials_that_no_longer_hold_are_told,
    nobody_leaves_nothing,
);

const FLOOD: usize = 1_000;
/// Refusals of one kind leave an event at once and then one a minute.
const EVENTS_MAX: usize = 3;
/// The first refusal of a kind is told within a second; machines that run tests may be slow.
const SOON: Duration = Duration::from_secs(20);

/// The events of refusals that a caller sees, oldest first.
async fn refusals(server: &Server, caller: &Caller) -> Vec<Value> {
    let path = "audit_events?status=eq.failure&details->>count=not.is.null&order=occurred_at,id\
                &select=action,actor_id,error_message,details,occurred_at,request_id,resource_type";
    server.get(caller, path).await.rows()
}

fn count(events: &[Value]) -> u64 {
    events.iter().map(|event| event["details"]["count"].as_u64().unwrap()).sum()
}

/// Waits until a caller sees an event of some action and gives it.
async fn told(server: &Server, caller: &Caller, action: &str) -> Value {
    let mut found = None;
    let is_there = async || {
        let all = refusals(server, caller).await;
        found = all.into_iter().find(|event| event["action"] == action);
        found.is_some()
    };
    assert!(mainstay_testkit::wait_until(is_there, SOON).await, "no event of {action}");
    found.unwrap()
}

async fn a_flood_of_refusals_leaves_few_events_that_count_them_all(mut server: Server) {
    let viewer = server.person(0, "viewer").await;
    let user = server.get(&viewer, "users?select=id").await.rows()[0]["id"].clone();
    let body = json!({ "name": "refused" }).to_string();
    let requests = (0..FLOOD).map(|_| {
        let (server, viewer, body) = (&server, &viewer, body.clone());
        async move { server.send(viewer, Method::POST, "teams", &[], body).await.status }
    });
    let statuses: Vec<StatusCode> =
        futures_util::stream::iter(requests).buffer_unordered(16).collect().await;
    assert!(statuses.iter().all(|status| *status == StatusCode::FORBIDDEN));
    // The rest is told when the server stops.
    let (status, output) = server.process.take().unwrap().stop();
    assert!(status.success(), "{status}: {output}");
    server.serve();

    let events = refusals(&server, &server.service(0)).await;
    assert!((1..=EVENTS_MAX).contains(&events.len()), "{events:?}");
    assert_eq!(count(&events), FLOOD as u64);
    for event in &events {
        assert_eq!(event["action"], "teams.create");
        assert_eq!(event["resource_type"], "teams");
        assert_eq!(event["actor_id"], user);
        assert_eq!(event["error_message"], "permission denied for table teams");
        assert!(event["request_id"].is_string(), "{event}");
    }
    assert_eq!(refusals(&server, &server.service(1)).await, Vec::<Value>::new());
}

async fn each_kind_of_refusal_is_told_to_its_organization(server: Server) {
    let (auditor, own) = (server.person(0, "analyst").await, server.service(0));
    let viewer = server.person(0, "viewer").await;
    let foreign = json!({ "name": "x", "organization_id": server.organization_id(1) }).to_string();
    let refused = [
        (&viewer, Method::GET, "api_keys", String::new(), "api_keys.read"),
        (
            &viewer,
            Method::PATCH,
            "roles?name=eq.x",
            json!({"name": "y"}).to_string(),
            "roles.update",
        ),
        (&viewer, Method::DELETE, "roles?name=eq.x", String::new(), "roles.delete"),
        (
            &viewer,
            Method::GET,
            "organization_members?email=eq.x",
            String::new(),
            "organization_members.read",
        ),
        // Another organisation's row, and the trail itself.
        (&own, Method::POST, "teams", foreign.clone(), "teams.create"),
        (
            &own,
            Method::PATCH,
            "audit_events",
            json!({"action": "z"}).to_string(),
            "audit_events.update",
        ),
        (&own, Method::DELETE, "audit_events", String::new(), "audit_events.delete"),
    ];
    for (caller, method, path, body, action) in &refused {
        let reply = server.send(caller, method.clone(), path, &[], body.clone()).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{action}: {reply:?}");
    }
    for (.., action) in refused {
        let event = told(&server, &auditor, action).await;
        assert_eq!(event["details"]["count"], 1, "{event}");
    }
    let upsert = [("Prefer", "resolution=merge-duplicates")];
    let reply = server.send(&own, Method::POST, "teams", &upsert, foreign).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN, "{reply:?}");
    assert_eq!(refusals(&server, &server.service(1)).await, Vec::<Value>::new());
}

async fn credentials_that_no_longer_hold_are_told(server: Server) {
    let own = server.service(0);
    let viewer = server.person(0, "viewer").await;
    // A key and a token of different organisations: the key's organisation learns of it.
    let mixed = Caller { apikey: server.service(1).apikey, bearer: viewer.bearer.clone() };
    let reply = server.get(&mixed, "teams").await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::UNAUTHORIZED, "PGRST302"));
    let event = told(&server, &server.service(1), "api_key.authenticate").await;
    assert!(event["actor_id"].as_str().unwrap().starts_with("key:"), "{event}");
    assert_eq!(refusals(&server, &own).await, Vec::<Value>::new());

    // The token of somebody who has left.
    let user = server.get(&viewer, "users?select=id").await.rows()[0]["id"].clone();
    let path = format!("organization_members?user_id=eq.{}", user.as_str().unwrap());
    let body = json!({ "status": "suspended" }).to_string();
    let reply = server.send(&own, Method::PATCH, &path, &[], body).await;
    assert!(reply.status.is_success(), "{reply:?}");
    let alone = Caller { apikey: None, bearer: viewer.bearer };
    assert_eq!(server.get(&alone, "teams").await.status, StatusCode::UNAUTHORIZED);
    let event = told(&server, &own, "session.authenticate").await;
    assert_eq!(event["actor_id"], user);
}

async fn nobody_leaves_nothing(server: Server) {
    let nobody = Caller::default();
    let unknown = Caller { apikey: None, bearer: Some("nonsense".to_owned()) };
    for caller in [&nobody, &unknown] {
        assert_eq!(server.get(caller, "teams").await.status, StatusCode::UNAUTHORIZED);
    }
    let text = reqwest::get(format!("{}/metrics", server.url)).await.unwrap().text().await.unwrap();
    for audited in ["true", "false"] {
        let line = format!("mainstay_refusals_total{{audited=\"{audited}\"}} 0");
        assert!(text.contains(&line), "{line} is not in\n{text}");
    }
}
