//! Calls of a product's own actions: who may make them and why, and the clocks that they go by.

use crate::on_both_engines;
use crate::server::{Caller, Server};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

on_both_engines!(
    calls_of_own_actions_are_explained,
    instants_of_calls_are_read_and_shown_by_the_clocks_that_are_preferred,
);

const TICKETS: &str = "
table: tickets
columns: {subject: text, state: {type: choice, values: [open, closed], default: open}}
";
const NOTES: &str = "
table: notes
columns: {text: text}
";
/// Notes are added in some calls alone.
const CLOSE: &str = "
action: close
arguments: {id: uuid, note: {type: text, default: null}}
steps:
  - update: tickets
    set: {state: \"'closed'\"}
    where: {id: args.id}
  - insert: notes
    if: args.note != null
    values: {text: args.note}
";
/// In a schema that has no tables.
const PING: &str = "
action: ping
schema: tools
returns: {type: text, value: \"'pong'\"}
";
const COUNT: &str = "
action: count_open
permission: tickets:count
runs_as: system
steps: [{read: tickets, as: found, where: {state: \"'open'\"}}]
returns: {type: integer, value: size(found)}
";

const READINGS: &str = "
table: readings
columns: {taken_at: timestamptz}
";
const TAKEN: &str = "
action: taken
arguments: {since: timestamptz}
returns: {rows: readings, where: {taken_at: {gte: args.since}}}
";
const MOMENT: &str = "
action: moment
arguments: {at: timestamptz}
returns: {type: timestamptz, value: args.at}
";

/// Serves declarations, in the schema of requests that name none.
fn serve(server: &mut Server, files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (index, text) in files.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{index}.yaml")), text).unwrap();
    }
    let path = folder.path().to_str().unwrap();
    server.restart_with(&["--entities", path, "--default-profile", "public"]);
    folder
}

/// Asks as somebody; gives whether it is allowed, and all that is said.
async fn ask(server: &Server, caller: &Caller, path: &str, body: Value) -> (bool, String) {
    let headers = [("Content-Profile", "mainstay")];
    let headers = if path == "rpc/may" { &[][..] } else { &headers[..] };
    let reply = server.send(caller, Method::POST, path, headers, body.to_string()).await;
    assert_eq!(reply.status, StatusCode::OK, "{body}: {reply:?}");
    (reply.json()["allowed"].as_bool().unwrap(), reply.text)
}

async fn calls_of_own_actions_are_explained(mut server: Server) {
    let _folder = serve(&mut server, &[TICKETS, NOTES, CLOSE, COUNT, PING]);
    let admin = server.person(0, "admin").await;
    let viewer = server.person(0, "viewer").await;
    let key = json!({ "name": "closer", "scopes": ["public.tickets:*"] }).to_string();
    let profile = [("Content-Profile", "mainstay")];
    let made = server.send(&admin, Method::POST, "rpc/create_api_key", &profile, key).await;
    let made = made.json();
    let closer = Caller { apikey: None, bearer: Some(made["key"].as_str().unwrap().to_owned()) };

    for (caller, asked, allowed, words) in [
        (&admin, "close", true, "public.tickets:update for every row within reach"),
        (&viewer, "close", false, "public.tickets:update: permission denied for table tickets"),
        (&closer, "close", true, "not in every call: public.notes:create"),
        (&admin, "count_open", true, "tickets:count permits the call"),
        (&viewer, "count_open", false, "permission denied for function count_open: tickets:count"),
    ] {
        let (answer, told) = ask(&server, caller, "rpc/may", json!({ "action": asked })).await;
        assert_eq!(answer, allowed, "{asked}: {told}");
        assert!(told.contains(words), "{asked}: {told} lacks {words}");
        let called = json!({ "id": "018f0000-0000-7000-8000-000000000000" }).to_string();
        let called = if asked == "close" { called } else { "{}".to_owned() };
        let reply = server.send(caller, Method::POST, &format!("rpc/{asked}"), &[], called).await;
        assert_eq!(reply.status.is_success(), allowed, "it is so: {reply:?}");
    }
    let tools = [("Content-Profile", "tools")];
    let pong = server.send(&viewer, Method::POST, "rpc/ping", &tools, "{}").await;
    assert_eq!(pong.text, r#""pong""#, "{pong:?}");
    let by_get = json!({ "action": "close", "method": "GET" });
    let (answer, told) = ask(&server, &admin, "rpc/may", by_get).await;
    assert!(!answer && told.contains("called by POST"), "{told}");

    let user = json!({ "api_key_id": made["id"], "method": "POST" });
    let explain = async |action: &str| {
        let mut asked = user.clone();
        asked["action"] = json!(action);
        ask(&server, &admin, "rpc/explain_access", asked).await
    };
    for name in ["close", "public.close"] {
        let (allowed, told) = explain(name).await;
        assert!(allowed, "{told}");
        assert!(told.contains(r#""resource":"public.close","action":"call""#), "{told}");
        assert!(told.contains("not in every call: public.notes:create"), "{told}");
    }
    let (allowed, told) = explain("count_open").await;
    assert!(!allowed && told.contains("the key does not allow tickets:count"), "{told}");
    assert!(told.contains(r#""resource":"tickets","action":"count""#), "{told}");
    let body = json!({ "action": "public.opne", "method": "POST" }).to_string();
    let unknown = server.send(&admin, Method::POST, "rpc/explain_access", &profile, body).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{unknown:?}");
}

async fn instants_of_calls_are_read_and_shown_by_the_clocks_that_are_preferred(mut server: Server) {
    let _folder = serve(&mut server, &[READINGS, TAKEN, MOMENT]);
    let caller = server.service(0);
    let row = json!({ "taken_at": "2026-02-01T12:00:00Z" }).to_string();
    let added = server.send(&caller, Method::POST, "readings", &[], row).await;
    assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
    let berlin = [("Prefer", "timezone=Europe/Berlin")];
    let call = async |target: &str, body: Value| {
        server.send(&caller, Method::POST, target, &berlin, body.to_string()).await
    };
    let moment = call("rpc/moment", json!({ "at": "2026-07-01 12:00" })).await;
    assert_eq!(moment.text, r#""2026-07-01T12:00:00+02:00""#);
    let taken = "rpc/taken?select=taken_at";
    let shown = r#"[{"taken_at":"2026-02-01T13:00:00+01:00"}]"#;
    assert_eq!(call(taken, json!({ "since": "2026-02-01 13:00" })).await.text, shown);
    assert_eq!(call(taken, json!({ "since": "2026-02-01 13:01" })).await.text, "[]");
    // By GET too, where a filter is read by the same clocks.
    let target = format!("{taken}&since=2026-02-01 13:00&taken_at=lt.2026-02-01 13:01");
    let read = server.send(&caller, Method::GET, &target, &berlin, "").await;
    assert_eq!(read.text, shown);
    // In a batch an operation has clocks of its own.
    let body = json!({ "since": "2026-02-01 13:00" });
    let headers = json!({ "Prefer": "timezone=Europe/Berlin" });
    let path = "/rpc/taken?select=taken_at";
    let batch = json!([
        { "method": "POST", "path": path, "headers": headers, "body": body },
        { "method": "POST", "path": path, "body": { "since": "2026-02-01 12:00" } },
    ]);
    let batch = server.send(&caller, Method::POST, "batch", &[], batch.to_string()).await.rows();
    assert_eq!(batch[0]["body"].to_string(), shown);
    assert_eq!(batch[1]["body"].to_string(), r#"[{"taken_at":"2026-02-01T12:00:00+00:00"}]"#);

    let strict = [("Prefer", "handling=strict, timezone=Nowhere/Land")];
    let body = json!({ "at": "2026-07-01 12:00" }).to_string();
    let refused = server.send(&caller, Method::POST, "rpc/moment", &strict, body).await;
    assert_eq!(refused.code(), "PGRST122", "{refused:?}");
    let cast = call("rpc/taken?select=taken_at::text", json!({ "since": "2026-02-01" })).await;
    assert_eq!(cast.code(), "PGRST127", "{cast:?}");
}
