//! The logs of events, read and verified as outsiders do.

mod crash;
mod go;
mod log;

use crate::on_both_engines;
use crate::server::{Caller, Reply, Server};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use log::Log;
use mainstay_ledger::{Field, Hash, InclusionFile, Leaf, SignedNote, Value as LeafValue};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(
    every_write_gets_its_place_and_proof,
    a_sent_event_is_answered_with_hash_place_and_receipt,
    many_events_fill_tiles_that_never_change,
    a_log_only_grows,
    logs_are_for_those_who_may_read_events,
    a_log_is_public_when_its_organisation_says_so,
    what_makes_no_leaf_is_refused,
    personal_data_is_committed_to_and_not_told,
    checkpoints_are_leaves_of_the_platforms_log,
);

const WAIT: &str = "wait=integrated,return=representation";

/// Sends audit events and gives the answer with its headers.
async fn send_events(
    server: &Server,
    caller: &Caller,
    prefer: &str,
    body: &Value,
) -> reqwest::Response {
    reqwest::Client::new()
        .post(format!("{}/rest/v1/audit_events", server.url))
        .header("apikey", caller.apikey.clone().unwrap())
        .header("Content-Type", "application/json")
        .header("Prefer", prefer)
        .body(body.to_string())
        .send()
        .await
        .unwrap()
}

fn header(response: &reqwest::Response, name: &str) -> Option<String> {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
}

async fn proof(server: &Server, caller: &Caller, id: &Value) -> Reply {
    server.get(caller, &format!("rpc/audit_proof?id={}", id.as_str().unwrap())).await
}

async fn every_write_gets_its_place_and_proof(server: Server) {
    let caller = server.service(0);
    for number in 0..3 {
        let body = json!({ "name": format!("proved {number}") }).to_string();
        let reply = server.send(&caller, Method::POST, "teams", &[], body).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    }
    let path = "audit_events?action=eq.teams.create&select=id,hash,hash_algorithm,action,details\
                &order=id.desc&limit=3";
    let events = server.get(&caller, path).await.rows();
    let log = Log::open(&server, &caller, &server.organization_id(0)).await;
    for event in &events {
        let reply = proof(&server, &caller, &event["id"]).await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        let answer = reply.json();
        let leaf = STANDARD.decode(answer["leaf"].as_str().unwrap()).unwrap();
        let file: InclusionFile = answer["proof"].as_str().unwrap().parse().unwrap();
        assert_eq!(json!(file.index), answer["index"]);
        assert_eq!(file.checkpoint.to_string(), answer["checkpoint"]);
        log.verifier.inclusion(&file, &Hash::leaf(&leaf)).unwrap();
        let hash: String = Hash::leaf(&leaf)
            .as_bytes()
            .iter()
            .fold("\\x".into(), |text, byte| format!("{text}{byte:02x}"));
        assert_eq!(event["hash"], json!(hash));
        assert_eq!(event["hash_algorithm"], json!("rfc6962-sha256"));
        let leaf = Leaf::decode(&leaf).unwrap();
        assert_eq!(leaf.get(Field::ACTION), Some(LeafValue::Text("teams.create")));
    }
    // The whole log is what its checkpoint says.
    let checkpoint = log.checkpoint().await;
    let leaves = log.leaves(checkpoint.size).await;
    assert_eq!(log::root(&leaves), checkpoint.root);
}

async fn a_sent_event_is_answered_with_hash_place_and_receipt(server: Server) {
    let caller = server.service(0);
    let event = json!({ "action": "door.open", "details": { "door": 7 } });
    let response =
        send_events(&server, &caller, "wait=integrated,receipt,return=representation", &event)
            .await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let applied = header(&response, "preference-applied").unwrap();
    assert!(applied.contains("wait=integrated") && applied.contains("receipt"), "{applied}");
    let index: u64 = header(&response, "ledger-index").unwrap().parse().unwrap();
    let receipt = STANDARD.decode(header(&response, "ledger-receipt").unwrap()).unwrap();
    let row: Value = response.json::<Vec<Value>>().await.unwrap().remove(0);

    let log = Log::open(&server, &caller, &server.organization_id(0)).await;
    let note = SignedNote::parse(&String::from_utf8(receipt).unwrap()).unwrap();
    let receipt = log.verifier.receipt(&note).unwrap();
    let leaves = log.leaves(log.checkpoint().await.size).await;
    assert_eq!(Hash::leaf(&leaves[index as usize]), receipt.leaf);
    assert!(receipt.deadline_micros > receipt.time_micros);
    let answer = proof(&server, &caller, &row["id"]).await.json();
    assert_eq!(answer["index"], json!(index));
    // What was not asked for is not confirmed.
    let response = send_events(&server, &caller, "return=minimal", &event).await;
    assert_eq!(header(&response, "preference-applied").as_deref(), Some("return=minimal"));
    assert_eq!(header(&response, "ledger-index"), None);
    let many: Vec<Value> = vec![event; 17];
    let response = send_events(&server, &caller, "receipt", &json!(many)).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

async fn many_events_fill_tiles_that_never_change(server: Server) {
    let caller = server.service(0);
    let events: Vec<Value> =
        (0..600).map(|n| json!({ "action": "many.sent", "details": { "n": n } })).collect();
    let response = send_events(&server, &caller, "wait=integrated", &json!(events)).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let indexes = header(&response, "ledger-index").unwrap();
    let (first, last) = indexes.split_once('-').expect("one range");
    assert_eq!(last.parse::<u64>().unwrap() - first.parse::<u64>().unwrap(), 599);

    let log = Log::open(&server, &caller, &server.organization_id(0)).await;
    let checkpoint = log.checkpoint().await;
    assert!(checkpoint.size > 600);
    let leaves = log.leaves(checkpoint.size).await;
    assert_eq!(log::root(&leaves), checkpoint.root);
    for path in ["tile/0/000", "tile/entries/000"] {
        let response = log.fetch(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let cache = header(&response, "cache-control").unwrap();
        assert!(cache.contains("immutable") && cache.contains("private"), "{cache}");
    }
    // A narrower tile begins like a wider one.
    let full = log.fetch("tile/0/000").await.bytes().await.unwrap();
    let part = log.fetch("tile/0/000.p/5").await.bytes().await.unwrap();
    assert_eq!(part, full[..5 * 32]);
    for path in ["tile/0/999", "tile/entries/999", "tile/0/000.p/0", "tile/0/1", "tiles", "keys"] {
        assert_eq!(log.fetch(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

async fn a_log_only_grows(server: Server) {
    let caller = server.service(0);
    let log = Log::open(&server, &caller, &server.organization_id(0)).await;
    let mut older = Vec::new();
    for number in 0..4 {
        let event = json!({ "action": "grow.more", "details": { "n": number } });
        let response = send_events(&server, &caller, WAIT, &event).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        older.push(log.verified().await);
    }
    let newest = log.verified().await;
    for older in &older {
        let proof = log.consistency(older.checkpoint.size, newest.checkpoint.size).await;
        log.verifier.consistency(older, &newest, &proof).unwrap();
    }
    assert!(older[0].checkpoint.size < newest.checkpoint.size);
}

async fn logs_are_for_those_who_may_read_events(server: Server) {
    let (own, other) = (server.organization_id(0), server.organization_id(1));
    let caller = server.service(0);
    let status = async |caller: &Caller, log: &str, path: &str| {
        log::get(&server, caller, &format!("{log}/{path}")).await.status()
    };
    for path in ["checkpoint", "key", "tile/0/000.p/1", "tile/entries/000.p/1"] {
        assert_eq!(status(&caller, &own, path).await, StatusCode::OK, "{path}");
        assert_eq!(status(&caller, &other, path).await, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            status(&Caller::default(), &own, path).await,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
        let anonymous = server.anonymous(0);
        assert_eq!(status(&anonymous, &own, path).await, StatusCode::FORBIDDEN, "{path}");
    }
    // Another organisation's event is as unknown as none.
    let foreign =
        server.get(&server.service(1), "audit_events?select=id&limit=1").await.rows().remove(0);
    let foreign = proof(&server, &caller, &foreign["id"]).await;
    let unknown = proof(&server, &caller, &json!("018f0000-0000-7000-8000-000000000000")).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{foreign:?}");
    assert_eq!(foreign, unknown);
}

async fn a_log_is_public_when_its_organisation_says_so(server: Server) {
    let own = server.organization_id(0);
    let body = json!({ "settings": { "ledger": { "public": true } } }).to_string();
    let path = format!("organizations?id=eq.{own}");
    let reply = server.send(&server.service(0), Method::PATCH, &path, &[], body).await;
    assert!(reply.status.is_success(), "{reply:?}");
    let nobody = Caller::default();
    for path in ["checkpoint", "key", "tile/0/000.p/1"] {
        let response = log::get(&server, &nobody, &format!("{own}/{path}")).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
    }
    let other = format!("{}/checkpoint", server.organization_id(1));
    assert_eq!(log::get(&server, &nobody, &other).await.status(), StatusCode::UNAUTHORIZED);
}

async fn what_makes_no_leaf_is_refused(server: Server) {
    let caller = server.service(0);
    let late = "2999-01-01T00:00:00Z";
    for (event, code) in [
        (json!({ "action": "big", "details": { "text": "x".repeat(70_000) } }), "54000"),
        (json!({ "action": "late", "occurred_at": late }), "23514"),
        (json!({ "action": "own", "id": "018f0000-0000-7000-8000-000000000000" }), "428C9"),
        (json!({ "action": "own", "hash": "\\x00" }), "428C9"),
    ] {
        let response = send_events(&server, &caller, "return=minimal", &event).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{event}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["code"], json!(code), "{problem}");
    }
    // A change that is too large for a leaf is made; its event tells its hash.
    let text = "y".repeat(70_000);
    let row = json!({ "key": "large", "value": { "text": text } }).to_string();
    let reply = server.send(&caller, Method::POST, "system_settings", &[], row).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let path =
        "audit_events?action=eq.system_settings.create&select=id,new_value&order=id.desc&limit=1";
    let event = server.get(&caller, path).await.rows().remove(0);
    assert!(event["new_value"]["omitted"]["bytes"].as_u64().unwrap() > 70_000, "{event}");
    assert_eq!(proof(&server, &caller, &event["id"]).await.status, StatusCode::OK);
}

async fn personal_data_is_committed_to_and_not_told(server: Server) {
    let caller = server.service(0);
    let event = json!({ "action": "patient.seen", "personal": { "name": "Ada Personal" } });
    let response = send_events(&server, &caller, WAIT, &event).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let index: usize = header(&response, "ledger-index").unwrap().parse().unwrap();
    let row: Value = response.json::<Vec<Value>>().await.unwrap().remove(0);
    assert_eq!(row["personal"], json!({ "name": "Ada Personal" }));
    let log = Log::open(&server, &caller, &server.organization_id(0)).await;
    let leaves = log.leaves(log.checkpoint().await.size).await;
    let leaf = Leaf::decode(&leaves[index]).unwrap();
    assert!(matches!(leaf.get(Field::PERSONAL), Some(LeafValue::Sealed(_))), "{leaf:?}");
    assert!(!String::from_utf8_lossy(&leaves[index]).contains("Ada Personal"));
}

async fn checkpoints_are_leaves_of_the_platforms_log(mut server: Server) {
    let caller = server.service(0);
    let log = Log::open(&server, &caller, &server.organization_id(0)).await;
    send_events(&server, &caller, WAIT, &json!({ "action": "anchored" })).await;
    let grown = log.checkpoint().await.size;
    // A server that stops anchors what has grown.
    let (status, output) = server.process.take().unwrap().stop();
    assert!(status.success(), "{output}");
    server.serve();
    let heads = server
        .get(&caller, "ledger_heads?select=size,anchored_size,origin,checkpoint")
        .await
        .rows();
    let [head] = heads.as_slice() else { panic!("one log of the caller: {heads:?}") };
    assert!(head["anchored_size"].as_u64().unwrap() >= grown, "{head}");
}
