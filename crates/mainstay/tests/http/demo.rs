//! The demonstration, and what the server offers beside data.

use crate::on_both_engines;
use crate::server::{Caller, Server, read_json};
use reqwest::StatusCode;
use serde_json::json;
use std::os::unix::fs::PermissionsExt;

on_both_engines!(
    demonstration_tells_how_to_reach_it,
    every_list_answers_an_administrator,
    answers_are_capped,
    probes_and_documents_answer,
    restart_keeps_the_demonstration,
    stops_gracefully,
);

async fn demonstration_tells_how_to_reach_it(server: Server) {
    let demo = read_json(&server.data.path().join("demo.json"));
    assert_eq!(demo["url"], json!(server.url));
    let slugs: Vec<&str> = demo["organizations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|organization| organization["slug"].as_str().unwrap())
        .collect();
    assert_eq!(slugs, ["acme", "globex"]);
    for index in [0, 1] {
        for user in server.organization(index)["users"].as_array().unwrap() {
            let apikey = server.anonymous(index).apikey.unwrap();
            let reply = server.sign_in(&apikey, &user["email"], &user["password"]).await;
            assert_eq!(reply.status, StatusCode::OK, "{user}: {reply:?}");
        }
    }
    let keys = server.data.path().join("keys");
    for entry in std::fs::read_dir(keys).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "keys are their owner's alone");
    }
}

async fn every_list_answers_an_administrator(server: Server) {
    let admin = server.person(0, "admin").await;
    for entity in Server::entities() {
        let table = entity["table"].as_str().unwrap();
        let reply = server.get(&admin, &format!("{table}?limit=5")).await;
        let for_platform = entity["scope"] == "platform";
        let expected = if for_platform { StatusCode::FORBIDDEN } else { StatusCode::OK };
        assert_eq!(reply.status, expected, "{table}: {reply:?}");
    }
}

async fn answers_are_capped(server: Server) {
    let caller = server.service(0);
    let lines: Vec<String> =
        (0..1_200).map(|n| json!({ "name": format!("many {n:04}") }).to_string()).collect();
    let headers = [("Content-Type", "application/x-ndjson")];
    let reply =
        server.send(&caller, reqwest::Method::POST, "teams", &headers, lines.join("\n")).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    assert_eq!(server.get(&caller, "teams?select=id").await.rows().len(), 1_000);
    assert_eq!(server.get(&caller, "teams?select=id&limit=5000").await.rows().len(), 1_000);
}

async fn probes_and_documents_answer(server: Server) {
    let get = async |path: &str| reqwest::get(format!("{}{path}", server.url)).await.unwrap();
    for path in ["/livez", "/readyz", "/metrics", "/docs"] {
        assert_eq!(get(path).await.status(), StatusCode::OK, "{path}");
    }
    let document: serde_json::Value =
        serde_json::from_str(&get("/openapi.json").await.text().await.unwrap()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for entity in Server::entities() {
        let path = format!("/rest/v1/{}", entity["table"].as_str().unwrap());
        let listed = document["paths"].get(&path).is_some()
            || document["paths"].get(path.trim_start_matches("/rest/v1")).is_some();
        assert!(listed, "{path} is not documented");
    }
    let jwks = get("/auth/v1/.well-known/jwks.json").await.text().await.unwrap();
    assert!(jwks.contains("\"kty\""), "{jwks}");
}

async fn restart_keeps_the_demonstration(mut server: Server) {
    let before = server.demo.clone();
    let path = "organization_members?select=id,user_id&order=id";
    let rows = server.get(&server.service(0), path).await;
    server.process.take().unwrap().stop();
    server.serve();
    assert_eq!(before["organizations"], server.demo["organizations"]);
    assert_eq!(server.get(&server.service(0), path).await, rows);
}

async fn stops_gracefully(mut server: Server) {
    let reply = server.get(&Caller::default(), "permissions").await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let (status, output) = server.process.take().unwrap().stop();
    assert!(status.success(), "{status}: {output}");
}
