//! Commands beside `serve`.

use crate::support::{run, serve};
use mainstay_testkit::temp_dir;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;

fn stdout(arguments: &[&str]) -> String {
    let output = run(arguments);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_schema_is_printed_without_a_database() {
    let schema: Value = serde_json::from_str(&stdout(&["schema", "--format", "json"])).unwrap();
    let entities = schema["entities"].as_array().unwrap();
    let module = |table: &str| {
        let entity = entities.iter().find(|entity| entity["table"] == json!(table));
        entity.unwrap_or_else(|| panic!("no {table}"))["module"].clone()
    };
    assert_eq!(module("users"), json!("identity"));
    assert_eq!(module("audit_events"), json!("audit"));
    assert_eq!(module("system_settings"), json!("governance"));
    for engine in ["sqlite", "postgres"] {
        let sql = stdout(&["schema", "--format", "sql", "--engine", engine]);
        assert!(sql.contains("CREATE TABLE"), "{engine}");
    }
    let openapi: Value = serde_json::from_str(&stdout(&["schema", "--format", "openapi"])).unwrap();
    assert!(openapi["openapi"].as_str().unwrap().starts_with("3.1"));
}

#[test]
fn migrations_are_planned_applied_and_reported() {
    let folder = temp_dir();
    let data = folder.path().to_str().unwrap();
    assert!(!run(&["migrate", "status", "--data", data]).status.success());
    let plan = stdout(&["migrate", "plan", "--sql", "--data", data]);
    assert!(plan.contains("CREATE TABLE"), "{plan}");
    assert!(!run(&["migrate", "status", "--data", data]).status.success());
    stdout(&["migrate", "apply", "--data", data]);
    stdout(&["migrate", "status", "--data", data]);
    let plan = stdout(&["migrate", "plan", "--data", data]);
    assert!(plan.contains("up to date"), "{plan}");
}

fn doctor(data: &str) -> (bool, Vec<(String, String)>) {
    let output = run(&["doctor", "--json", "--data", data]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["healthy"], json!(output.status.success()));
    let findings = report["findings"].as_array().unwrap().iter().map(|finding| {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        (text("check"), text("state"))
    });
    (output.status.success(), findings.collect())
}

#[test]
fn the_doctor_finds_a_served_folder_healthy_and_an_open_key_not() {
    let folder = temp_dir();
    let data = folder.path().join("data");
    let text = data.to_str().unwrap();
    serve(&data, &[]).stop();
    let (healthy, findings) = doctor(text);
    assert!(healthy, "{findings:?}");
    for check in [
        "configuration",
        "clock",
        "listen",
        "data folder",
        "master key",
        "database",
        "durability",
        "migrations",
        "schema",
        "isolation",
    ] {
        let ok = findings.iter().any(|(name, state)| name == check && state == "ok");
        assert!(ok, "{check} is not ok in {findings:?}");
    }
    let key = data.join("keys/master.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (healthy, findings) = doctor(text);
    assert!(!healthy);
    assert!(findings.contains(&("master key".to_owned(), "problem".to_owned())), "{findings:?}");
}

#[test]
fn the_doctor_warns_of_plain_text_in_a_network() {
    let folder = temp_dir();
    let data = folder.path().to_str().unwrap();
    let listen = |url: &[&str]| {
        let open = ["doctor", "--json", "--data", data, "--listen", "0.0.0.0:8420"];
        let report: Value =
            serde_json::from_slice(&run(&[&open[..], url].concat()).stdout).unwrap();
        let findings = report["findings"].as_array().unwrap();
        findings.iter().find(|finding| finding["check"] == "listen").unwrap()["state"].clone()
    };
    assert_eq!(listen(&[]), json!("warning"));
    assert_eq!(listen(&["--public-url", "https://app.example.com"]), json!("ok"));
}

#[test]
fn what_is_not_there_is_refused() {
    for (arguments, named) in [
        (["serve", "--entities", "folder"], "folder: can't be read"),
        (["serve", "--systems", "portal,tickets"], "tickets"),
        (["serve", "--config", "nowhere.toml"], "nowhere.toml"),
    ] {
        let output = run(&arguments);
        assert!(!output.status.success(), "{arguments:?}");
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(message.contains(named), "{message}");
    }
}
