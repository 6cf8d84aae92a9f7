//! Verifications of a part of a log, by several tasks, and what one damaged log does to others.

use super::attacker::Attacker;
use super::{audit, fetch, finding, stop, told};
use crate::on_both_engines;
use crate::server::Server;
use mainstay_testkit::wait_until;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

on_both_engines!(
    the_first_of_many_faults_is_named,
    a_verification_begins_where_it_is_told,
    forged_events_get_no_place,
    a_damaged_log_leaves_the_others_alone,
);

const SOON: Duration = Duration::from_secs(30);

/// Sends events that are told apart by `resource_id`, and waits until they have their places.
async fn send(server: &Server, organization: usize, numbers: std::ops::Range<u32>) -> StatusCode {
    let event = |n: u32| json!({ "action": "bulk.sent", "resource_id": n.to_string() });
    let events: Vec<Value> = numbers.map(event).collect();
    let wait = [("Prefer", "wait=integrated,return=minimal")];
    let caller = server.service(organization);
    let body = json!(events).to_string();
    server.send(&caller, Method::POST, "audit_events", &wait, body).await.status
}

async fn change(attacker: &Attacker, resource_id: u32) {
    let filter = format!("action = 'bulk.sent' AND resource_id = '{resource_id}'");
    attacker.run(&format!("UPDATE {{audit_events}} SET description = 'x' WHERE {filter}")).await;
}

async fn restore(attacker: &Attacker) {
    let filter = "action = 'bulk.sent'";
    attacker.run(&format!("UPDATE {{audit_events}} SET description = NULL WHERE {filter}")).await;
}

/// What a verification says of Acme's log.
fn report(server: &Server, arguments: &[&str]) -> Value {
    let verify = ["verify", "--json", "--no-record", "--tenant", "acme"];
    let output = audit(server, &[&verify[..], arguments].concat());
    let logs: Vec<Value> =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", told(&output)));
    logs[0].clone()
}

async fn the_first_of_many_faults_is_named(mut server: Server) {
    for first in [0, 1_000, 2_000] {
        assert_eq!(send(&server, 0, first..first + 1_000).await, StatusCode::CREATED);
    }
    stop(&mut server);
    let attacker = Attacker::open(&server).await;
    let mut places = Vec::new();
    for number in [2_900, 1_400, 30] {
        change(&attacker, number).await;
        let found: Vec<String> =
            (0..3).map(|_| report(&server, &[])["finding"].as_str().unwrap().to_owned()).collect();
        assert!(found.iter().all(|other| *other == found[0]), "{found:?}");
        let place = found[0].split("leaf ").nth(1).and_then(|rest| rest.split(',').next());
        places.push(place.unwrap().parse::<u64>().unwrap());
    }
    assert!(places.is_sorted_by(|a, b| a > b), "{places:?}");
    restore(&attacker).await;
    assert_eq!(report(&server, &[])["finding"], Value::Null);
}

async fn a_verification_begins_where_it_is_told(mut server: Server) {
    assert_eq!(send(&server, 0, 0..700).await, StatusCode::CREATED);
    let middle = fetch(&server, "checkpoint", "middle").await;
    // Events of one request have one time.
    assert_eq!(send(&server, 0, 700..701).await, StatusCode::CREATED);
    let path = "audit_events?select=created_at&order=id.desc&limit=1";
    let before = server.get(&server.service(0), path).await.rows().remove(0);
    let before = before["created_at"].as_str().unwrap().to_owned();
    assert_eq!(send(&server, 0, 701..1_500).await, StatusCode::CREATED);
    let newest = fetch(&server, "checkpoint", "newest").await;
    stop(&mut server);

    let whole = report(&server, &[]);
    let after = report(&server, &["--since", &middle]);
    let size = |file: &str| -> u64 {
        std::fs::read_to_string(file).unwrap().lines().nth(1).unwrap().parse().unwrap()
    };
    assert_eq!(after["begin"], json!(size(&middle)), "{after}");
    let leaves = |report: &Value| report["leaves"].as_u64().unwrap();
    assert_eq!(leaves(&after), leaves(&whole) - size(&middle));
    assert!(leaves(&after) >= 800 && after["is_sound"] == json!(true), "{after}");
    let by_time = report(&server, &["--since", &before]);
    assert_eq!(by_time["is_sound"], json!(true), "{by_time}");
    assert!((800..leaves(&whole)).contains(&leaves(&by_time)), "{by_time}");
    // Older and newer checkpoints are compared all the same.
    let kept = ["--since", &middle, "--checkpoint", &newest, "--checkpoint", &middle];
    assert_eq!(report(&server, &kept)["finding"], Value::Null);

    let attacker = Attacker::open(&server).await;
    change(&attacker, 100).await;
    assert_eq!(report(&server, &["--since", &middle])["finding"], Value::Null);
    assert!(report(&server, &[])["finding"].as_str().unwrap().contains("description is"));
    change(&attacker, 1_400).await;
    for since in [&middle, &before] {
        let found = report(&server, &["--since", since])["finding"].to_string();
        assert!(found.contains("description is"), "{found}");
    }
    restore(&attacker).await;
    // What was before is held fast by the hashes of its subtrees.
    let acme = attacker.uuid(&server.organization_id(0));
    let tile = format!("level = 1 AND organization_id = {acme}");
    let flipped = match server.engine {
        crate::server::Engine::Sqlite => "zeroblob(length(bytes))",
        crate::server::Engine::Postgres => "set_byte(bytes, 0, 255 - get_byte(bytes, 0))",
    };
    attacker.run(&format!("UPDATE {{ledger_tiles}} SET bytes = {flipped} WHERE {tile}")).await;
    assert_ne!(report(&server, &["--since", &middle])["finding"], Value::Null);
}

/// Who has the database alone brings nothing into a log.
async fn forged_events_get_no_place(mut server: Server) {
    stop(&mut server);
    let attacker = Attacker::open(&server).await;
    let acme = attacker.uuid(&server.organization_id(0));
    let bytes = |hex: &str| match server.engine {
        crate::server::Engine::Sqlite => format!("x'{hex}'"),
        crate::server::Engine::Postgres => format!("'\\x{hex}'::bytea"),
    };
    let (leaf, mac) = (bytes("0101"), bytes(&"00".repeat(32)));
    attacker
        .run(&format!(
            "INSERT INTO {{ledger_pending}} (number, organization_id, leaf, mac) \
             VALUES (1, {acme}, {leaf}, {mac})"
        ))
        .await;
    drop(attacker);
    server.serve();
    let caller = server.service(0);
    let path = "audit_events?action=eq.ledger_pending.refuse&select=status,details";
    let mut told = Vec::new();
    let is_told = wait_until(
        async || {
            told = server.get(&caller, path).await.rows();
            !told.is_empty()
        },
        SOON,
    );
    assert!(is_told.await);
    assert_eq!(told[0]["status"], json!("failure"));
    assert_eq!(send(&server, 0, 0..3).await, StatusCode::CREATED);
    let pending = "ledger_pending?select=number&number=eq.1";
    assert!(server.get(&caller, pending).await.rows().is_empty());
    stop(&mut server);
    assert_eq!(finding(&server, &["--tenant", "acme"]), None);
}

async fn a_damaged_log_leaves_the_others_alone(mut server: Server) {
    for organization in [0, 1] {
        assert_eq!(send(&server, organization, 0..3).await, StatusCode::CREATED);
    }
    stop(&mut server);
    {
        let attacker = Attacker::open(&server).await;
        attacker.copy("ledger_tiles", "kept").await;
        let acme = attacker.uuid(&server.organization_id(0));
        let tiles = format!("level >= 0 AND organization_id = {acme}");
        attacker.run(&format!("DELETE FROM {{ledger_tiles}} WHERE {tiles}")).await;
    }
    server.serve();
    let caller = server.service(0);
    let event = json!({ "action": "of.damaged" }).to_string();
    let reply = server.send(&caller, Method::POST, "audit_events", &[], event).await;
    // The change itself is made, and its event waits for its place.
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let wait = [("Prefer", "wait=integrated,return=minimal")];
    let body = json!({ "action": "of.sound" }).to_string();
    let other = server.service(1);
    let reply = server.send(&other, Method::POST, "audit_events", &wait, body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let output = async || server.process.as_ref().unwrap().output();
    assert!(wait_until(async || output().await.contains("a log can't grow"), SOON).await);
    let pending = server.get(&caller, "ledger_pending?select=number").await.rows();
    assert!(!pending.is_empty(), "events wait");
    assert!(server.get(&other, "ledger_pending?select=number").await.rows().is_empty());
    stop(&mut server);
    assert_eq!(finding(&server, &["--tenant", "globex", "--no-record"]), None);
    assert!(finding(&server, &["--tenant", "acme", "--no-record"]).is_some());

    // Repaired, it takes what waited.
    {
        let attacker = Attacker::open(&server).await;
        let acme = attacker.uuid(&server.organization_id(0));
        let kept = format!("SELECT * FROM kept WHERE level >= 0 AND organization_id = {acme}");
        attacker.run(&format!("INSERT INTO {{ledger_tiles}} {kept}")).await;
    }
    server.serve();
    assert_eq!(send(&server, 0, 10..13).await, StatusCode::CREATED);
    assert!(server.get(&caller, "ledger_pending?select=number").await.rows().is_empty());
    stop(&mut server);
    assert_eq!(finding(&server, &["--tenant", "acme"]), None);
}
