//! Whatever is sent, the answer is a clear error, and nothing changes.

use crate::on_both_engines;
use crate::server::Server;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;

on_both_engines!(
    unknown_names_are_told,
    values_of_a_wrong_kind_name_their_column,
    texts_that_no_engine_can_hold_are_refused,
    columns_that_callers_may_not_write_are_refused,
    broken_transitions_are_refused,
    malformed_bodies_are_refused,
    bodies_over_the_limit_are_refused,
    half_sent_bodies_change_nothing,
    sql_in_every_string_is_text,
    unsupported_preferences_are_told_when_strict,
    queries_out_of_range_are_told,
);

/// Asserts status and code of a refusal, and that it is told in words.
async fn refuses(server: &Server, path: &str, status: StatusCode, code: &str, word: &str) {
    let reply = server.get(&server.service(0), path).await;
    assert_eq!((reply.status, reply.code().as_str()), (status, code), "{path}: {reply:?}");
    assert!(reply.text.contains(word), "{path}: {reply:?}");
}

async fn refuses_body(server: &Server, table: &str, body: &str, code: &str, word: &str) {
    let reply = server.send(&server.service(0), Method::POST, table, &[], body.to_owned()).await;
    assert!(reply.status.is_client_error(), "{body}: {reply:?}");
    assert_eq!(reply.code(), code, "{body}: {reply:?}");
    assert!(reply.text.contains(word), "{body}: {reply:?}");
}

async fn unknown_names_are_told(server: Server) {
    let not_found = StatusCode::NOT_FOUND;
    let bad = StatusCode::BAD_REQUEST;
    refuses(&server, "team", not_found, "PGRST205", "teams").await;
    refuses(&server, "teams?select=nome", bad, "42703", "nome").await;
    refuses(&server, "teams?nome=eq.x", bad, "42703", "nome").await;
    refuses(&server, "teams?order=nome", bad, "42703", "nome").await;
    refuses(&server, "teams?name=equals.x", bad, "PGRST100", "equals").await;
    refuses(&server, "teams?select=name::money", bad, "PGRST127", "money").await;
    refuses(&server, "teams?select=sessions(*)", bad, "PGRST200", "sessions").await;
    refuses(&server, "rpc/nothing", not_found, "PGRST202", "nothing").await;
    let headers = [("Accept-Profile", "elsewhere")];
    let reply = server.send(&server.service(0), Method::GET, "teams", &headers, "").await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (406, "PGRST106"));
}

async fn values_of_a_wrong_kind_name_their_column(server: Server) {
    let bad = StatusCode::BAD_REQUEST;
    refuses(&server, "teams?id=eq.seven", bad, "22P02", "id").await;
    refuses(&server, "teams?is_active=eq.maybe", bad, "22P02", "is_active").await;
    refuses(&server, "teams?created_at=gt.yesteryear", bad, "22007", "created_at").await;
    refuses(&server, "organization_members?status=eq.lost", bad, "22P02", "status").await;
    refuses_body(&server, "teams", r#"{"name": "x", "is_active": "maybe"}"#, "22P02", "is_active")
        .await;
    refuses_body(&server, "teams", r#"{"name": "x", "parent_team_id": 7}"#, "22P02", "parent_team")
        .await;
    refuses_body(&server, "teams", r#"{"name": null}"#, "23502", "name").await;
    refuses_body(&server, "teams", r#"{"display_name": "nameless"}"#, "23502", "name").await;
    let long = json!({ "name": "x".repeat(101) }).to_string();
    refuses_body(&server, "teams", &long, "22001", "100").await;
    refuses_body(
        &server,
        "audit_events",
        r#"{"action": "a", "processing_latency_ms": -1}"#,
        "23514",
        "processing_latency_ms",
    )
    .await;
}

async fn texts_that_no_engine_can_hold_are_refused(server: Server) {
    refuses_body(&server, "teams", r#"{"name": "a\u0000b"}"#, "22P05", "name").await;
    refuses_body(
        &server,
        "teams",
        r#"{"name": "x", "settings": {"a": "\u0000"}}"#,
        "22P05",
        "settings",
    )
    .await;
    let deep =
        format!(r#"{{"name": "x", "settings": {}{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    let reply = server.send(&server.service(0), Method::POST, "teams", &[], deep).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{reply:?}");
    let reply =
        server.send(&server.service(0), Method::POST, "teams", &[], vec![b'{', 0xff, b'}']).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{reply:?}");
    let reply = server.get(&server.service(0), "teams?name=eq.%00").await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{reply:?}");
    let reply = server.get(&server.service(0), "teams?name=eq.%ff").await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{reply:?}");
}

async fn columns_that_callers_may_not_write_are_refused(server: Server) {
    refuses_body(&server, "roles", r#"{"name": "x", "is_system": true}"#, "428C9", "is_system")
        .await;
    refuses_body(
        &server,
        "teams",
        r#"{"name": "x", "created_at": "2020-01-01"}"#,
        "428C9",
        "created_at",
    )
    .await;
    refuses_body(&server, "api_keys", r#"{"name": "x"}"#, "42501", "api_keys").await;
    let forbidden = StatusCode::FORBIDDEN;
    refuses(&server, "api_keys?select=key_hash", forbidden, "42501", "key_hash").await;
    refuses(&server, "api_keys?key_hash=not.is.null", forbidden, "42501", "key_hash").await;
    refuses(&server, "api_keys?order=key_hash", forbidden, "42501", "key_hash").await;
    let keys = server.get(&server.service(0), "api_keys").await;
    assert!(!keys.text.contains("key_hash"), "{keys:?}");
}

async fn broken_transitions_are_refused(server: Server) {
    let caller = server.service(0);
    let member =
        &server.get(&caller, "organization_members?select=id,status&limit=1").await.rows()[0];
    let path = format!("organization_members?id=eq.{}", member["id"].as_str().unwrap());
    let reply = server.send(&caller, Method::PATCH, &path, &[], r#"{"status": "invited"}"#).await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::BAD_REQUEST, "23514"));
    assert!(reply.text.contains("status") && reply.text.contains("invited"), "{reply:?}");
    let after = server.get(&caller, &format!("{path}&select=status")).await.rows();
    assert_eq!(after[0]["status"], member["status"]);
}

async fn malformed_bodies_are_refused(server: Server) {
    for body in ["", "{", "[{}", "7", "\"text\"", "{\"name\": \"a\"} trailing", "[1]"] {
        let reply = server.send(&server.service(0), Method::POST, "teams", &[], body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}: {reply:?}");
    }
    refuses_body(&server, "teams", r#"{"name": "a", "name": "b"}"#, "PGRST102", "name").await;
    refuses_body(&server, "teams", r#"{"name": "a", "colour": "b"}"#, "PGRST204", "colour").await;
    refuses_body(&server, "teams", r#"[{"name": "a"}, {"display_name": "b"}]"#, "PGRST102", "keys")
        .await;
    let headers = [("Content-Type", "application/pdf")];
    let reply = server.send(&server.service(0), Method::POST, "teams", &headers, "%PDF").await;
    assert!(reply.status.is_client_error(), "{reply:?}");
    assert_eq!(server.get(&server.service(0), "teams?name=in.(a,b)").await.text, "[]");
}

async fn bodies_over_the_limit_are_refused(server: Server) {
    let body = format!(r#"{{"name": "{}"}}"#, "x".repeat(20 << 20));
    let reply = server.send(&server.service(0), Method::POST, "teams", &[], body).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE, "{reply:?}");
    assert!(reply.json()["message"].is_string());
}

async fn half_sent_bodies_change_nothing(server: Server) {
    let key = server.service(0).apikey.unwrap();
    let address = server.process.as_ref().unwrap().address();
    let mut stream = TcpStream::connect(address).unwrap();
    let body = r#"{"name": "half"}"#;
    let head = format!(
        "POST /rest/v1/teams HTTP/1.1\r\nHost: x\r\napikey: {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len() + 10
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    // The server closes or answers with an error; either way the stream ends.
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(!String::from_utf8_lossy(&answer).contains(" 201 "));
    assert_eq!(server.get(&server.service(0), "teams?name=eq.half").await.text, "[]");
}

async fn sql_in_every_string_is_text(server: Server) {
    let caller = server.service(0);
    let nasty = [
        "'; DROP TABLE teams; --",
        "\" OR \"\"=\"",
        "a' OR '1'='1",
        "$1 ?1 :name @p {x} %s",
        "\\'; select 1; \\",
        "𝒳 ünï 漢字 \u{202e}",
    ];
    for text in nasty {
        let body = json!({ "name": text, "settings": { text: text } }).to_string();
        let headers = [("Prefer", "return=representation")];
        let reply = server.send(&caller, Method::POST, "teams", &headers, body).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{text}: {reply:?}");
        assert_eq!(reply.rows()[0]["name"], json!(text));
        assert_eq!(reply.rows()[0]["settings"], json!({ text: text }));
        let quoted = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let encoded: Vec<String> = quoted.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let encoded = encoded.concat();
        for filter in [format!("name=in.({encoded})"), format!("or=(name.eq.{encoded})")] {
            let reply = server.get(&caller, &format!("teams?{filter}&select=name")).await;
            assert_eq!(reply.rows(), [json!({ "name": text })], "{filter}");
        }
    }
    assert!(server.get(&caller, "teams").await.rows().len() >= nasty.len());
}

async fn unsupported_preferences_are_told_when_strict(server: Server) {
    let headers = [("Prefer", "handling=strict, flavour=sweet")];
    let reply = server.send(&server.service(0), Method::GET, "teams", &headers, "").await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::BAD_REQUEST, "PGRST122"));
    let headers = [("Prefer", "flavour=sweet")];
    let reply = server.send(&server.service(0), Method::GET, "teams", &headers, "").await;
    assert_eq!(reply.status, StatusCode::OK);
}

async fn queries_out_of_range_are_told(server: Server) {
    let headers = [("Prefer", "count=exact")];
    let path = "teams?offset=100000";
    let reply = server.send(&server.service(0), Method::GET, path, &headers, "").await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (416, "PGRST103"));
    let many: Vec<String> = (0..3_000).map(|n| format!("name=neq.{n}")).collect();
    let reply = server.get(&server.service(0), &format!("teams?{}", many.join("&"))).await;
    assert!(reply.status.is_client_error(), "{reply:?}");
    let deep = format!("teams?and={}name.eq.x{}", "(and".repeat(200), ")".repeat(200));
    let reply = server.get(&server.service(0), &deep).await;
    assert!(reply.status.is_client_error(), "{reply:?}");
    let nothing: Value = server.get(&server.service(0), "teams?limit=0").await.json();
    assert_eq!(nothing, json!([]));
}
