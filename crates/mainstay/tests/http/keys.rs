//! `mainstay keys`: an operator sees, makes and withdraws API keys.

use crate::on_both_engines;
use crate::server::{Caller, Engine, Server};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::process::{Command, Output};
use std::time::Duration;

on_both_engines!(
    keys_are_listed_with_their_use_and_without_secrets,
    a_new_key_works_and_a_withdrawn_one_does_not,
);

/// A withdrawn key is refused within a second; machines that run tests may be slow.
const SOON: Duration = Duration::from_secs(20);

fn command(server: &Server, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
    command.arg("keys").args(arguments).arg("--data").arg(server.data.path());
    if let Some(database) = &server.database {
        command.args(["--database", &database.app_url]);
    }
    command.output().unwrap()
}

/// Runs `mainstay keys`, beside the server where the engine allows it, and gives what it prints.
fn keys(server: &mut Server, arguments: &[&str]) -> String {
    let beside = server.engine == Engine::Postgres;
    if !beside {
        server.process.take().unwrap().stop();
    }
    let output = command(server, arguments);
    if !beside {
        server.serve();
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn bearer(key: &str) -> Caller {
    Caller { apikey: None, bearer: Some(key.to_owned()) }
}

async fn keys_are_listed_with_their_use_and_without_secrets(mut server: Server) {
    let service = server.service(0);
    let (key, other) = (service.bearer.clone().unwrap(), server.service(1).bearer.unwrap());
    for _ in 0..3 {
        assert_eq!(server.get(&service, "teams?limit=1").await.status, StatusCode::OK);
    }
    // Use is written each minute and when the server stops.
    server.process.take().unwrap().stop();
    server.serve();
    let listed = keys(&mut server, &["list", "--json"]);
    assert!(!listed.contains(&key) && !listed.contains("hash"), "{listed}");
    let listed: Vec<Value> = serde_json::from_str(&listed).unwrap();
    let known = |text: &str| {
        let of = |row: &&Value| text.starts_with(row["prefix"].as_str().unwrap());
        listed.iter().find(of).unwrap_or_else(|| panic!("no {text} in {listed:?}"))
    };
    assert_eq!(known(&key)["organization"], "acme");
    assert_eq!(known(&key)["usage_count"], 3);
    assert!(known(&key)["last_used_at"].is_string());
    assert_eq!(known(&other)["organization"], "globex");
    assert_eq!(known(&other)["last_used_at"], Value::Null);

    let text = keys(&mut server, &["list", "--organization", "globex"]);
    assert!(text.contains(&other[..32]) && !text.contains(&key[..32]), "{text}");
    assert!(!text.contains(&other), "{text}");
}

async fn a_new_key_works_and_a_withdrawn_one_does_not(mut server: Server) {
    let create = ["create", "--organization", "acme", "--name", "Reporter"];
    let key = keys(&mut server, &[&create[..], &["--scope", "teams:read"]].concat());
    let caller = bearer(key.trim());
    assert_eq!(server.get(&caller, "teams?limit=1").await.status, StatusCode::OK);
    assert_eq!(server.get(&caller, "roles?limit=1").await.status, StatusCode::FORBIDDEN);

    let prefix = &key[..32];
    let revoked = keys(&mut server, &["revoke", prefix, "--reason", "leaked"]);
    assert!(revoked.contains("Reporter"), "{revoked}");
    let is_refused =
        async || server.get(&caller, "teams?limit=1").await.status == StatusCode::UNAUTHORIZED;
    assert!(mainstay_testkit::wait_until(is_refused, SOON).await);
    let text = keys(&mut server, &["list"]);
    let line = text.lines().find(|line| line.contains(prefix)).unwrap();
    assert!(line.contains("revoked") && line.contains("leaked"), "{line}");
    assert!(keys(&mut server, &["revoke", prefix]).contains("already"));

    let path = "audit_events?resource_type=eq.api_keys&actor_id=eq.system:api-keys\
                &select=action,new_value&order=occurred_at,id";
    let events = server.get(&server.service(0), path).await.rows();
    let withdrawn = events.last().unwrap();
    assert_eq!(withdrawn["action"], "api_keys.update");
    assert_eq!(withdrawn["new_value"]["revoked_reason"], json!("leaked"));
    let made = events.iter().any(|event| {
        event["action"] == "api_keys.create" && event["new_value"]["name"] == "Reporter"
    });
    assert!(made, "{events:?}");
    assert!(events.iter().all(|event| !event.to_string().contains(key.trim())));

    let unknown = command(&server, &["revoke", "ms_nobody"]);
    let why = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(!unknown.status.success(), "{why}");
    let expected = match server.engine {
        Engine::Sqlite => "stop the server first",
        Engine::Postgres => "no key has this",
    };
    assert!(why.contains(expected), "{why}");
}
