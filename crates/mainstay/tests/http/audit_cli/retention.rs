//! What retention and erasure do to a log, and what can still be shown of it.

use super::attacker::Attacker;
use super::{audit, fetch, finding, keep, load_sample, stop, told};
use crate::changes::Listener;
use crate::on_both_engines;
use crate::server::Server;
use mainstay_audit::ledger::{EvidenceReport, verify_evidence};
use mainstay_ledger::LogVerifier;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

on_both_engines!(
    what_retention_removes_leaves_every_proof_valid,
    damage_is_never_removed,
    evidence_shows_that_nothing_was_left_out,
    empty_expired_and_erased_are_told_apart,
    who_is_forgotten_is_erased_from_every_event,
);

/// Sends events and waits for their places; gives the rows with the index of the first.
async fn send(server: &Server, events: &Value) -> (Vec<Value>, u64) {
    let key = server.service(0).apikey.unwrap();
    let request = reqwest::Client::new()
        .post(format!("{}/rest/v1/audit_events", server.url))
        .header("apikey", key)
        .header("Content-Type", "application/json")
        .header("Prefer", "wait=integrated,return=representation")
        .body(events.to_string());
    let reply = request.send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::CREATED);
    let indexes = reply.headers()["ledger-index"].to_str().unwrap().to_owned();
    let first = indexes.split(['-', ',']).next().unwrap().parse().unwrap();
    (reply.json().await.unwrap(), first)
}

fn doors(count: usize) -> Value {
    let event = |n| json!({ "action": "door.open", "actor_id": "ada", "details": { "door": n } });
    (0..count).map(event).collect()
}

/// Removes leaves as the owner of the database.
fn expire(server: &Server, arguments: &[&str]) -> std::process::Output {
    let mut all = vec!["expire", "--tenant", "acme", "--policy", "minimal", "--reason", "90 days"];
    all.extend(arguments);
    if let Some(database) = &server.database {
        all.extend(["--migrate-database", &database.owner_url]);
    }
    audit(server, &all)
}

async fn evidence(server: &Server, arguments: &str) -> String {
    let path = format!("rpc/audit_evidence?{arguments}");
    let reply = server.get(&server.service(0), &path).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    reply.text
}

async fn verifier(server: &Server) -> LogVerifier {
    let path = fetch(server, "key", "log.key").await;
    let key: mainstay_ledger::VerifierKey =
        std::fs::read_to_string(path).unwrap().trim().parse().unwrap();
    LogVerifier::new(key.name(), [key.clone()])
}

fn ask(log: &LogVerifier, text: &str, question: &[(&str, &str)]) -> EvidenceReport {
    let question: Vec<(String, String)> =
        question.iter().map(|(f, v)| ((*f).to_owned(), (*v).to_owned())).collect();
    verify_evidence(text.as_bytes(), log, &question).unwrap_or_else(|e| panic!("{e}: {text}"))
}

async fn what_retention_removes_leaves_every_proof_valid(mut server: Server) {
    load_sample(&server).await;
    let (rows, first) = send(&server, &doors(700)).await;
    let key = fetch(&server, "key", "log.key").await;
    let checkpoint = fetch(&server, "checkpoint", "checkpoint").await;
    stop(&mut server);
    // Over the ends of bundles, and a single one.
    for (from, to) in [(first + 100, first + 600), (first + 2, first + 3)] {
        let output = expire(&server, &["--from", &from.to_string(), "--to", &to.to_string()]);
        let count = format!("removed {} events", to - from);
        assert!(output.status.success() && told(&output).contains(&count), "{}", told(&output));
    }
    let output = audit(&server, &["verify", "--tenant", "acme", "--checkpoint", &checkpoint]);
    assert!(output.status.success(), "{}", told(&output));
    assert!(told(&output).contains("501 removed"), "{}", told(&output));

    // What is exported later says so too, and verifies with nothing but the key.
    let file = server.data.path().join("after.tar");
    let file = file.to_str().unwrap();
    let output = audit(&server, &["export", "--tenant", "acme", "--with-proofs", "-o", file]);
    assert!(output.status.success(), "{}", told(&output));
    let arguments = ["verify", file, "--key", &key, "--checkpoint", &checkpoint, "--json"];
    let output = audit(&server, &arguments);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["is_sound"], &report["removed"]), (&json!(true), &json!(501)), "{report}");

    // The log goes on, its remaining events are proved as before, and those removed are gone.
    server.serve();
    send(&server, &doors(300)).await;
    let caller = server.service(0);
    for (n, expected) in [
        (0, StatusCode::OK),
        (2, StatusCode::NOT_FOUND),
        (99, StatusCode::OK),
        (100, StatusCode::NOT_FOUND),
        (599, StatusCode::NOT_FOUND),
        (600, StatusCode::OK),
        (699, StatusCode::OK),
    ] {
        let path = format!("rpc/audit_proof?id={}", rows[n]["id"].as_str().unwrap());
        assert_eq!(server.get(&caller, &path).await.status, expected, "{n}");
    }
    // Who listens from before is told that some of the changes are told no more.
    let target = format!("teams/changes?since={first}");
    let (event, data) = Listener::open(&server, &caller, &target, None).await.next().await;
    assert!(event == "gap" && data["since"].as_u64() > Some(first + 600), "{event} {data}");
    let statements =
        "ledger_statements?kind=eq.tombstone&select=policy,reason,first_index,end_index";
    let statements = server.get(&caller, statements).await.rows();
    assert!(statements.iter().all(|row| row["policy"] == "minimal" && row["reason"] == "90 days"));
    let told_of = server.get(&caller, "audit_events?action=eq.audit_events.expire").await.rows();
    assert_eq!(told_of.len(), 2);
    stop(&mut server);
    assert_eq!(finding(&server, &["--checkpoint", &checkpoint]), None);

    others_removals_are_found(&server, rows[50]["id"].as_str().unwrap()).await;
}

/// Nobody else's removal passes for retention's.
async fn others_removals_are_found(server: &Server, event: &str) {
    let attacker = Attacker::open(server).await;
    let id = attacker.uuid(event);
    attacker.copy("audit_events", "kept").await;
    attacker.run(&format!("DELETE FROM {{audit_events}} WHERE id = {id}")).await;
    let found = finding(server, &["--tenant", "acme"]).unwrap();
    assert!(found.contains(event) && found.contains("is missing"), "{found}");
    attacker.put_back("audit_events", "kept").await;
    let acme = attacker.uuid(&server.organization_id(0));
    let leaves = format!("{{ledger_tiles}} WHERE level = -1 AND organization_id = {acme}");
    attacker
        .run(&format!("DELETE FROM {leaves} AND number = (SELECT max(number) FROM {leaves})"))
        .await;
    let found = finding(server, &["--tenant", "acme"]).unwrap();
    assert!(found.contains("is missing"), "{found}");
}

async fn damage_is_never_removed(mut server: Server) {
    load_sample(&server).await;
    let (rows, first) = send(&server, &doors(5)).await;
    stop(&mut server);
    if server.database.is_some() {
        let without_owner =
            ["expire", "--tenant", "acme", "--policy", "p", "--reason", "r", "--to", "1"];
        let output = audit(&server, &without_owner);
        assert!(!output.status.success() && told(&output).contains("owner"), "{}", told(&output));
    }
    let attacker = Attacker::open(&server).await;
    let id = attacker.uuid(rows[3]["id"].as_str().unwrap());
    attacker.run(&format!("UPDATE {{audit_events}} SET action = 'forged' WHERE id = {id}")).await;
    let (from, to) = (first.to_string(), (first + 5).to_string());
    let output = expire(&server, &["--from", &from, "--to", &to]);
    let why = format!("leaf {}: the event is not as it was recorded", first + 3);
    assert!(!output.status.success() && told(&output).contains(&why), "{}", told(&output));
    attacker
        .run(&format!("UPDATE {{audit_events}} SET action = 'door.open' WHERE id = {id}"))
        .await;
    assert_eq!(finding(&server, &["--tenant", "acme"]), None);
    let output = expire(&server, &["--from", &from, "--to", &to, "--classification", "phi"]);
    assert!(told(&output).contains("removed 0 events"), "{}", told(&output));
    let before = ["--from", &from, "--to", &to, "--before", "2020-01-01T00:00:00Z"];
    assert!(told(&expire(&server, &before)).contains("removed 0 events"));
    let output = expire(&server, &["--from", &from, "--to", &to, "--classification", "internal"]);
    assert!(told(&output).contains("removed 5 events"), "{}", told(&output));
    assert_eq!(finding(&server, &["--tenant", "acme"]), None);
}

async fn evidence_shows_that_nothing_was_left_out(server: Server) {
    load_sample(&server).await;
    let (rows, first) = send(&server, &doors(20)).await;
    let begun = rows[0]["created_at"].as_str().unwrap().replace("+00:00", "Z");
    let log = verifier(&server).await;
    let all = evidence(&server, "").await;
    let report = ask(&log, &all, &[]);
    assert!(report.leaves.start == 0 && report.leaves.end >= first + 20 && report.next.is_none());
    assert_eq!(report.events, report.leaves.end);

    let some = evidence(&server, &format!("from={first}&to={}", first + 20)).await;
    let report = ask(&log, &some, &[("action", "door.open"), ("details.door", "7")]);
    assert_eq!((report.outcome(), report.matches), ("found", vec![first + 7]));
    assert_eq!(ask(&log, &some, &[("actor_id", "eve")]).outcome(), "empty");
    let since = evidence(&server, &format!("since={begun}")).await;
    assert!(ask(&log, &since, &[("action", "door.open")]).matches.len() >= 20, "{since}");
    let before = evidence(&server, &format!("until={begun}")).await;
    assert!(ask(&log, &before, &[]).leaves.end <= first + 20);

    // The command says the same.
    let (key, file) = (fetch(&server, "key", "log.key").await, keep(&server, "evidence", &some));
    let verify = ["verify", &file, "--key", &key, "--where", "details.door=7", "--json"];
    let output = audit_offline(&verify);
    let outcome: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&outcome["outcome"], &outcome["is_sound"]), (&json!("found"), &json!(true)));

    // Whatever is left out, put in or changed is noticed.
    let parsed: Value = serde_json::from_str(&some).unwrap();
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut evidence = parsed.clone();
        change(&mut evidence);
        verify_evidence(evidence.to_string().as_bytes(), &log, &[]).is_err()
    };
    assert!(refused(&|e| drop(e["leaves"].as_array_mut().unwrap().remove(3))));
    assert!(refused(&|e| {
        let leaves = e["leaves"].as_array_mut().unwrap();
        leaves.swap(3, 4);
    }));
    assert!(refused(&|e| {
        e["leaves"].as_array_mut().unwrap().remove(19);
        e["range"][1] = json!(first + 19);
    }));
    assert!(refused(&|e| e["leaves"][3] = json!({ "hash": "AAAA" })));
    assert!(refused(&|e| e["next"] = json!(first + 5)));
    for at in (0..some.len()).step_by(41) {
        let mut bytes = some.clone().into_bytes();
        bytes[at] ^= 1;
        if let Ok(report) = verify_evidence(&bytes, &log, &[]) {
            // Base64 and signatures of others leave no room; what remains says the same.
            assert_eq!((report.leaves, report.events), (first..first + 20, 20), "byte {at}");
        }
    }
    // Ranges outside the log are refused, and another organisation's log is its own.
    let reply = server.get(&server.service(0), "rpc/audit_evidence?from=5&to=4").await;
    assert_eq!(reply.code(), "22023", "{reply:?}");
    let reply = server.get(&server.service(0), "rpc/audit_evidence?since=yesterday").await;
    assert_eq!(reply.code(), "22007", "{reply:?}");
    let viewer = server.person(0, "viewer").await;
    let reply = server.get(&viewer, "rpc/audit_evidence").await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
}

fn audit_offline(arguments: &[&str]) -> std::process::Output {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mainstay"));
    command.arg("audit").args(arguments).output().unwrap()
}

async fn empty_expired_and_erased_are_told_apart(mut server: Server) {
    load_sample(&server).await;
    let (_, first) = send(&server, &doors(10)).await;
    let person = json!({
        "action": "patient.seen", "personal": { "name": "Ada Personal" },
        "subject_id": "0193aaaa-0000-7000-8000-000000000001",
    });
    let (_, seen) = send(&server, &person).await;
    let log = verifier(&server).await;
    stop(&mut server);
    let to = (first + 10).to_string();
    let output = expire(&server, &["--from", &(first + 4).to_string(), "--to", &to]);
    assert!(output.status.success(), "{}", told(&output));
    let forget =
        ["forget", "--tenant", "acme", "--subject", "0193aaaa-0000-7000-8000-000000000001"];
    let output = audit(&server, &forget);
    assert!(output.status.success(), "{}", told(&output));
    server.serve();

    let range = |from, to| format!("from={from}&to={to}");
    let text = evidence(&server, &range(first, first + 4)).await;
    assert_eq!(ask(&log, &text, &[("actor_id", "eve")]).outcome(), "empty");
    let text = evidence(&server, &range(first + 2, first + 10)).await;
    let report = ask(&log, &text, &[("actor_id", "eve")]);
    assert_eq!((report.outcome(), report.events), ("expired", 2));
    assert_eq!(
        (report.expired[0].leaves.clone(), &*report.expired[0].policy),
        (first + 4..first + 10, "minimal")
    );
    assert_eq!(ask(&log, &text, &[("details.door", "2")]).outcome(), "found");
    let mut unsaid: Value = serde_json::from_str(&text).unwrap();
    unsaid["statements"] = json!([]);
    let error = verify_evidence(unsaid.to_string().as_bytes(), &log, &[]).unwrap_err();
    assert!(error.to_string().contains("nothing says why"), "{error}");

    let text = evidence(&server, &range(seen, seen + 1)).await;
    let report = ask(&log, &text, &[("action", "patient.seen")]);
    assert_eq!((report.outcome(), report.erased), ("found", vec![seen]));
    // A time when there were events is told apart from one without.
    let file = keep(&server, "evidence", &evidence(&server, &range(first, first + 10)).await);
    let key = fetch(&server, "key", "log.key").await;
    let output = audit_offline(&["verify", &file, "--key", &key, "--where", "actor_id=eve"]);
    assert!(told(&output).contains("expired: leaves"), "{}", told(&output));
}

/// The visits, as they are read.
const VISITS: &str = "audit_events?action=eq.patient.visit&order=id&select=personal";

fn visit(patient: &str, name: &str) -> Value {
    json!({
        "action": "patient.visit", "preset": "visit",
        "details": { "patient": patient, "name": name },
    })
}

/// Sends visits of two patients, sealed by a preset.
async fn send_visits(server: &Server) -> (Vec<Value>, u64) {
    let preset = json!({
        "name": "visit", "created_by": "test", "validation": {},
        "fields": { "personal": ["details.name"], "subject": "details.patient" },
    });
    let caller = server.service(0);
    let reply = server.send(&caller, Method::POST, "audit_presets", &[], preset.to_string()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let events = json!([
        visit("patient-1", "Ada Personal"),
        visit("patient-2", "Bob Personal"),
        visit("patient-1", "Ada Again"),
    ]);
    send(server, &events).await
}

async fn who_is_forgotten_is_erased_from_every_event(mut server: Server) {
    let (caller, path) = (server.service(0), VISITS);
    let (rows, _) = send_visits(&server).await;
    let before = server.get(&caller, path).await.text;
    assert!(before.contains("Ada Personal") && before.contains("Bob Personal"), "{before}");
    let checkpoint = fetch(&server, "checkpoint", "checkpoint").await;

    // On PostgreSQL the server goes on, and learns of it.
    let is_shared = server.database.is_some();
    if !is_shared {
        stop(&mut server);
    }
    let output = audit(&server, &["forget", "--tenant", "acme", "--subject", "patient-1"]);
    assert!(output.status.success(), "{}", told(&output));
    let unknown = audit(&server, &["forget", "--tenant", "acme", "--subject", "nobody"]);
    assert!(
        !unknown.status.success() && told(&unknown).contains("not found"),
        "{}",
        told(&unknown)
    );
    if !is_shared {
        server.serve();
    }
    let caller = server.service(0);
    let deadline = Instant::now() + Duration::from_secs(10);
    let after = loop {
        let rows = server.get(&caller, path).await.rows();
        if rows[0]["personal"] == json!({ "erased": true }) || Instant::now() > deadline {
            break rows;
        }
    };
    let personal: Vec<&Value> = after.iter().map(|row| &row["personal"]).collect();
    let erased = json!({ "erased": true });
    assert_eq!(personal, [&erased, &json!({ "details": { "name": "Bob Personal" } }), &erased]);
    let reply = server
        .send(&caller, Method::POST, "audit_events", &[], visit("patient-1", "Ada").to_string())
        .await;
    assert!(reply.text.contains("erased"), "{reply:?}");
    let reply = server
        .send(
            &caller,
            Method::POST,
            "audit_events",
            &[],
            json!({ "action": "x", "personal": { "erased": true } }).to_string(),
        )
        .await;
    assert_eq!(reply.code(), "22023", "{reply:?}");
    let proof = server
        .get(&caller, &format!("rpc/audit_proof?id={}", rows[0]["id"].as_str().unwrap()))
        .await;
    assert_eq!(proof.status, StatusCode::OK, "{proof:?}");
    let told_of = server.get(&caller, "audit_events?action=eq.data_subjects.erase").await.rows();
    assert_eq!(told_of[0]["resource_id"], rows[0]["subject_id"]);
    stop(&mut server);
    assert_eq!(finding(&server, &["--checkpoint", &checkpoint]), None);
}
