//! `mainstay audit`: what an auditor can show, and what an attacker can't hide.

pub(crate) mod attacker;
mod ranges;
mod retention;

use crate::on_both_engines;
use crate::server::{Engine, Server};
use attacker::Attacker;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

on_both_engines!(
    exports_of_every_format_verify_offline,
    a_changed_column_of_a_row_is_named,
    removed_and_added_rows_are_named,
    removed_leaves_and_tiles_are_found,
    the_newest_rows_are_missed_by_a_kept_checkpoint,
    a_new_tree_by_who_has_the_key_is_found_by_a_kept_checkpoint,
    damage_is_stated_and_told_for_ever,
    verifications_are_recorded_and_failures_raise_a_security_event,
);

/// An event of the sample, by its key.
const EVENT: &str = "c0ffee00-0000-4000-8000-000000000004";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn mainstay(server: &Server, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
    command.args(arguments).arg("--data").arg(server.data.path());
    if let Some(database) = &server.database {
        command.args(["--database", &database.app_url]);
    }
    command.output().unwrap()
}

pub(crate) fn audit(server: &Server, arguments: &[&str]) -> Output {
    mainstay(server, &[&["audit"], arguments].concat())
}

pub(crate) fn told(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    format!("{out}{err}")
}

/// What a verification finds wrong; none when everything is as it was recorded.
pub(crate) fn finding(server: &Server, arguments: &[&str]) -> Option<String> {
    let output = audit(server, &[&["verify", "--json"], arguments].concat());
    let logs: Vec<Value> =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", told(&output)));
    assert!(!logs.is_empty());
    let findings = logs.iter().filter_map(|log| log["finding"].as_str());
    let findings: Vec<String> = findings.map(str::to_owned).collect();
    assert_eq!(output.status.success(), findings.is_empty(), "{}", told(&output));
    findings.first().cloned()
}

/// Fetches what a log serves into a file.
pub(crate) async fn fetch(server: &Server, what: &str, file: &str) -> String {
    let id = server.organization_id(0);
    let request = reqwest::Client::new()
        .get(format!("{}/ledger/v1/{id}/{what}", server.url))
        .bearer_auth(server.service(0).bearer.unwrap());
    let reply = request.send().await.unwrap();
    assert!(reply.status().is_success(), "{reply:?}");
    keep(server, file, &reply.text().await.unwrap())
}

pub(crate) fn keep(server: &Server, file: &str, text: &str) -> String {
    let path = server.data.path().join(file);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Loads the sample, and waits until every event has its place.
pub(crate) async fn load_sample(server: &Server) {
    let sample = root().join("docs/samples/cloudtrail.ndjson");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
    command
        .args(["import", "--table", "audit_events", "--map", "cloudtrail"])
        .args(["--url", &server.url, "--key", &server.service(0).apikey.unwrap()])
        .arg(sample);
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let event = json!({ "action": "door.open" }).to_string();
    let wait = [("Prefer", "wait=integrated,return=representation")];
    let caller = server.service(0);
    let reply = server.send(&caller, reqwest::Method::POST, "audit_events", &wait, event).await;
    assert!(reply.status.is_success(), "{reply:?}");
}

pub(crate) fn stop(server: &mut Server) {
    let (status, output) = server.process.take().unwrap().stop();
    assert!(status.success(), "{output}");
}

async fn exports_of_every_format_verify_offline(mut server: Server) {
    load_sample(&server).await;
    let key = fetch(&server, "key", "log.key").await;
    let checkpoint = fetch(&server, "checkpoint", "checkpoint").await;
    stop(&mut server);
    assert_eq!(finding(&server, &["--checkpoint", &checkpoint]), None);
    for format in ["ndjson", "csv", "ocsf", "fhir", "cloudevents"] {
        let file = server.data.path().join(format!("{format}.tar"));
        let file = file.to_str().unwrap();
        let export = ["export", "--tenant", "acme", "--format", format, "--with-proofs"];
        let output = audit(&server, &[&export[..], &["-o", file]].concat());
        assert!(output.status.success(), "{}", told(&output));

        let output = Command::new(env!("CARGO_BIN_EXE_mainstay"))
            .args(["audit", "verify", file, "--key", &key, "--checkpoint", &checkpoint, "--json"])
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(output.status.success(), "{report}");
        assert_eq!((&report["is_sound"], &report["events_compared"]), (&json!(true), &json!(true)));
        let listed = Command::new("tar").args(["-tf", file]).output().unwrap();
        assert!(told(&listed).contains("range-proof"), "{}", told(&listed));
        assert!(told(&listed).lines().any(|line| line.starts_with("events/000000000000.")));

        let mut bytes = std::fs::read(file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(file, bytes).unwrap();
        let verify = ["audit", "verify", file, "--key", &key];
        let output = Command::new(env!("CARGO_BIN_EXE_mainstay")).args(verify).output().unwrap();
        assert!(!output.status.success());
        assert!(told(&output).contains("NOT SOUND"), "{}", told(&output));
    }
    let output = audit(&server, &["export", "--tenant", "acme", "--format", "csv"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("index,hash,kind,id,organization_id,"), "{text}");
    assert!(text.contains("s3:PutBucketPolicy"), "{text}");
}

async fn a_changed_column_of_a_row_is_named(mut server: Server) {
    load_sample(&server).await;
    stop(&mut server);
    assert_eq!(finding(&server, &[]), None);
    let attacker = Attacker::open(&server).await;
    let event = attacker.event_by_key(EVENT).await;
    for column in attacker.columns("audit_events").await {
        let before = attacker.change(&event, &column).await;
        let found = finding(&server, &["--tenant", "acme"]);
        let found = found.unwrap_or_else(|| panic!("{column} was changed unseen"));
        assert!(found.contains(&event.id), "{column}: {found}");
        let names = match column.as_str() {
            "id" | "organization_id" => found.contains("missing"),
            "hash" | "hash_algorithm" => found.contains("has hash"),
            _ => found.contains(&format!("changed: {column} is")),
        };
        assert!(names, "{column}: {found}");
        attacker.restore(&event, &column, &before).await;
    }
    if server.engine == Engine::Postgres {
        // PostgreSQL's addresses can have a netmask, which no address of ours has.
        let mask = |bits: u8| {
            format!(
                "UPDATE {{audit_events}} SET ip_address = set_masklen(ip_address, {bits}) \
                  WHERE {} AND family(ip_address) = 4",
                event.filter
            )
        };
        attacker.run(&mask(24)).await;
        let found = finding(&server, &["--tenant", "acme"]).unwrap();
        assert!(found.contains("changed: ip_address is") && found.contains("/24"), "{found}");
        attacker.run(&mask(32)).await;
    }
    assert_eq!(finding(&server, &[]), None);
}

async fn removed_and_added_rows_are_named(mut server: Server) {
    load_sample(&server).await;
    stop(&mut server);
    let attacker = Attacker::open(&server).await;
    let event = attacker.event_by_key(EVENT).await;
    attacker.copy("audit_events", "kept").await;
    attacker.run(&format!("DELETE FROM {{audit_events}} WHERE {}", event.filter)).await;
    let found = finding(&server, &["--tenant", "acme"]).unwrap();
    assert!(found.contains(&event.id) && found.contains("is missing"), "{found}");

    attacker.put_back("audit_events", "kept").await;
    assert_eq!(finding(&server, &["--tenant", "acme"]), None);
    let forged = attacker.add_event(&event).await;
    let found = finding(&server, &["--tenant", "acme"]).unwrap();
    assert!(found.contains(&forged) && found.contains("in no log"), "{found}");
}

async fn removed_leaves_and_tiles_are_found(mut server: Server) {
    load_sample(&server).await;
    stop(&mut server);
    let attacker = Attacker::open(&server).await;
    attacker.copy("ledger_tiles", "kept").await;
    for (level, expected) in [(-1, "missing"), (0, "the tree has no hash")] {
        let delete = format!("DELETE FROM {{ledger_tiles}} WHERE level = {level}");
        attacker.run(&delete).await;
        let found = finding(&server, &["--tenant", "acme"]).unwrap();
        assert!(found.contains(expected), "{found}");
        attacker.put_back("ledger_tiles", "kept").await;
    }
    // Without the key nobody signs another head.
    attacker.run("UPDATE {ledger_heads} SET size = size - 1").await;
    let found = finding(&server, &["--tenant", "acme"]).unwrap();
    assert!(found.contains("checkpoint"), "{found}");
}

/// A whole database of yesterday is sound by itself.
async fn the_newest_rows_are_missed_by_a_kept_checkpoint(mut server: Server) {
    load_sample(&server).await;
    let older = fetch(&server, "checkpoint", "older").await;
    stop(&mut server);
    Attacker::open(&server).await.copy_logs().await;
    server.serve();
    load_sample(&server).await;
    let newer = fetch(&server, "checkpoint", "newer").await;
    stop(&mut server);
    assert_eq!(finding(&server, &["--checkpoint", &older, "--checkpoint", &newer]), None);

    Attacker::open(&server).await.put_logs_back().await;
    assert_eq!(finding(&server, &["--checkpoint", &older]), None);
    let found = finding(&server, &["--checkpoint", &newer]).unwrap();
    assert!(found.contains("leaves and had"), "{found}");
}

/// Somebody with the key begins all logs anew.
async fn a_new_tree_by_who_has_the_key_is_found_by_a_kept_checkpoint(mut server: Server) {
    server.restart_with(&["--public-url", "http://ledger.example"]);
    renew(&mut server).await;
    let kept = keep(&server, "kept", &platform_checkpoint(&server));
    renew(&mut server).await;
    assert_eq!(finding(&server, &["--tenant", "platform"]), None);
    let found = finding(&server, &["--tenant", "platform", "--checkpoint", &kept]).unwrap();
    let is_told = found.contains("are others than those of root") || found.contains("and had");
    assert!(is_told, "{found}");
}

/// Replaces the database by a new one; the keys stay. Leaves the server stopped.
async fn renew(server: &mut Server) {
    if server.process.is_some() {
        stop(server);
    }
    std::fs::remove_file(server.data.path().join("demo.json")).unwrap();
    match server.engine {
        Engine::Sqlite => {
            for entry in std::fs::read_dir(server.data.path()).unwrap() {
                let path = entry.unwrap().path();
                if path.file_name().unwrap().to_str().unwrap().starts_with("mainstay.db") {
                    std::fs::remove_file(path).unwrap();
                }
            }
        }
        Engine::Postgres => {
            server.database = Some(mainstay_testkit::Postgres::shared().database().await);
        }
    }
    server.serve();
    load_sample(server).await;
    stop(server);
}

fn platform_checkpoint(server: &Server) -> String {
    let output = audit(server, &["verify", "--tenant", "platform", "--json"]);
    let logs: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    logs[0]["checkpoint"].as_str().unwrap().to_owned()
}

async fn damage_is_stated_and_told_for_ever(mut server: Server) {
    load_sample(&server).await;
    stop(&mut server);
    let attacker = Attacker::open(&server).await;
    let acme = attacker.uuid(&server.organization_id(0));
    let leaves = format!("{{ledger_tiles}} WHERE level = -1 AND organization_id = {acme}");
    attacker.run(&format!("DELETE FROM {leaves} AND number = 0")).await;
    let size = format!("SELECT CAST(size AS text) FROM {{ledger_heads}} WHERE id = {acme}");
    let next = format!(
        "SELECT CAST(coalesce((SELECT min(number) FROM {leaves}), (SELECT size FROM {{ledger_heads}} \
         WHERE id = {acme})) AS text)"
    );
    let (size, end) = (attacker.list(&size).await.remove(0), attacker.list(&next).await.remove(0));
    let found = finding(&server, &["--tenant", "acme"]).unwrap();
    assert!(found.contains("leaf 0 is missing"), "{found}");

    let state = ["reanchor", "--tenant", "acme", "--from", "0", "--reason", "a disk failed"];
    let output = audit(&server, &[&state[..], &["--to", &end]].concat());
    assert!(told(&output).contains(&format!("in leaf {size}")), "{}", told(&output));
    let output = audit(&server, &["verify", "--tenant", "acme"]);
    assert!(output.status.success(), "{}", told(&output));
    assert!(told(&output).contains("not provable: leaves 0 to"), "{}", told(&output));
    assert!(told(&output).contains("a disk failed"), "{}", told(&output));

    // The log goes on, and other damage is found as before.
    server.serve();
    load_sample(&server).await;
    stop(&mut server);
    let output = audit(&server, &["verify", "--tenant", "acme"]);
    assert!(output.status.success() && told(&output).contains("a disk failed"));
    let last = format!("(SELECT max(number) FROM {leaves})");
    attacker.run(&format!("DELETE FROM {leaves} AND number = {last}")).await;
    let found = finding(&server, &["--tenant", "acme"]).unwrap();
    assert!(found.contains("is missing"), "{found}");
}

async fn verifications_are_recorded_and_failures_raise_a_security_event(mut server: Server) {
    load_sample(&server).await;
    stop(&mut server);
    assert_eq!(finding(&server, &["--tenant", "acme"]), None);
    let attacker = Attacker::open(&server).await;
    let event = attacker.event_by_key(EVENT).await;
    let before = attacker.change(&event, "action").await;
    assert!(finding(&server, &["--tenant", "acme", "--no-record"]).is_some());
    assert!(finding(&server, &["--tenant", "acme"]).is_some());
    attacker.restore(&event, "action", &before).await;
    server.serve();

    let caller = server.service(0);
    let path = "audit_integrity_checks?verified_by=eq.operator&order=id";
    let checks = server.get(&caller, path).await.rows();
    let statuses: Vec<&Value> = checks.iter().map(|row| &row["verification_status"]).collect();
    assert_eq!(statuses, ["success", "failure"]);
    assert_eq!(checks[0]["verification_details"]["algorithm"], "rfc6962-sha256");
    assert_eq!(checks[0]["verification_details"]["signature_valid"], json!(true));
    assert_eq!(checks[1]["audit_event_id"], json!(event.id));
    assert_eq!(checks[1]["expected_hash"].as_str().unwrap().len(), 64);
    let found = checks[1]["verification_details"]["finding"].as_str().unwrap();
    assert!(found.contains("action is"), "{found}");

    let path = "security_events?event_type=eq.audit_integrity_failed";
    let raised = server.get(&caller, path).await.rows();
    assert_eq!((raised.len(), &raised[0]["severity"]), (1, &json!("critical")));
    let path = "audit_events?action=eq.audit_events.verify&status=eq.failure";
    assert_eq!(server.get(&caller, path).await.rows().len(), 1);
    let delete = reqwest::Method::DELETE;
    let reply = server.send(&caller, delete, "audit_integrity_checks?id=not.is.null", &[], "");
    assert_eq!(reply.await.status, reqwest::StatusCode::FORBIDDEN);
}
