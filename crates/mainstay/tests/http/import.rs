//! CloudTrail's events become audit events; a second run loads none.

use crate::on_both_engines;
use crate::server::Server;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

on_both_engines!(sample_is_loaded_once, real_events_are_loaded_once);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs `mainstay import` against the server; gives its report.
async fn import(server: &Server, file: &Path) -> Value {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mainstay"));
    command
        .args(["import", "--table", "audit_events", "--map", "cloudtrail", "--json"])
        .args(["--url", &server.url, "--key", &server.service(0).apikey.unwrap()])
        .arg(file);
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stdout));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {told}"))
}

async fn count(server: &Server, filter: &str) -> String {
    let headers = [("Prefer", "count=exact")];
    let path = format!("audit_events?details->>eventVersion=not.is.null&{filter}&limit=1");
    let caller = server.service(0);
    let reply = server.send(&caller, reqwest::Method::GET, &path, &headers, "").await;
    let range = reply.content_range.unwrap_or_else(|| panic!("{}", reply.text));
    range.rsplit('/').next().unwrap().to_owned()
}

async fn sample_is_loaded_once(server: Server) {
    let file = root().join("docs/samples/cloudtrail.ndjson");
    let lines = std::fs::read_to_string(&file).unwrap().lines().count();
    assert_eq!(import(&server, &file).await["loaded"], json!(lines));
    assert_eq!(count(&server, "details->>errorCode=eq.AccessDenied").await, "2");
    let again = import(&server, &file).await;
    assert_eq!((&again["loaded"], &again["skipped"]), (&json!(0), &json!(lines)));
}

async fn real_events_are_loaded_once(server: Server) {
    let file = root().join("../shared/data/cloudtrail/events.ndjson");
    if !file.exists() {
        println!("skipped: {} is not there", file.display());
        return;
    }
    let report = import(&server, &file).await;
    assert_eq!((&report["loaded"], &report["rejected"]), (&json!(2_900), &json!(0)), "{report}");
    assert_eq!(count(&server, "id=not.is.null").await, "2900");
    assert_eq!(count(&server, "status=eq.failure").await, "300");
    assert_eq!(count(&server, "details->>errorCode=eq.AccessDenied").await, "16");
    let filter = "select=actor_id,action,status,error_message,details->>eventVersion\
                  &details->>errorCode=eq.AccessDenied&order=occurred_at&limit=1";
    let row = &server.get(&server.service(0), &format!("audit_events?{filter}")).await.rows()[0];
    assert!(row["action"].as_str().unwrap().contains(':'), "{row}");
    assert!(row["eventVersion"].is_string() && row["error_message"].is_string(), "{row}");
    assert_eq!(import(&server, &file).await["loaded"], json!(0));
}
