//! What was acknowledged is in the log once, whatever happens to servers.

use super::log::{Log, root};
use crate::server::{Caller, Engine, Server};
use mainstay_ledger::{Field, Leaf, LeafKind, Value as LeafValue, VerifiedCheckpoint};
use mainstay_testkit::{MainstayProcess, serve_command, temp_dir, wait_until};
use reqwest::StatusCode;
use serde_json::json;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const ROUNDS: usize = 5;
const WRITERS: usize = 16;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heavy_acknowledged_events_have_their_places_after_kills_sqlite() {
    acknowledged_events_have_their_places_after_kills(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heavy_acknowledged_events_have_their_places_after_kills_postgres() {
    acknowledged_events_have_their_places_after_kills(Engine::Postgres).await;
}

async fn acknowledged_events_have_their_places_after_kills(engine: Engine) {
    let mut server = Server::start(engine).await;
    let mut acknowledged = Vec::new();
    let mut checkpoints = Vec::new();
    for round in 0..ROUNDS {
        let load = Load::start(&server.url, &server.service(0), &format!("r{round}"));
        // Long enough for writes to be under way; the moment of the kill is arbitrary.
        tokio::time::sleep(Duration::from_millis(300 + 70 * round as u64)).await;
        let log = Log::open(&server, &server.service(0), &server.organization_id(0)).await;
        checkpoints.push(log.verified().await);
        load.stop.store(true, Ordering::Relaxed);
        server.process.take().unwrap().kill();
        acknowledged.extend(load.acknowledged().await);
        server.serve();
    }
    assert!(acknowledged.len() > ROUNDS * WRITERS, "only {} events", acknowledged.len());
    check_log(&server, &acknowledged, &checkpoints).await;
}

/// Two servers make the logs of one database grow; one is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heavy_two_servers_make_one_log_postgres() {
    let server = Server::start(Engine::Postgres).await;
    let second_data = temp_dir();
    copy_keys(server.data.path(), second_data.path());
    let mut command = serve_command(env!("CARGO_BIN_EXE_mainstay"));
    command.arg("--data").arg(second_data.path());
    let database = server.database.as_ref().unwrap();
    command.args(["--database", &database.app_url]);
    let second = MainstayProcess::start(command).unwrap_or_else(|e| panic!("{e:?}"));

    let caller = server.service(0);
    let log = Log::open(&server, &caller, &server.organization_id(0)).await;
    let loads = [Load::start(&server.url, &caller, "a"), Load::start(&second.url(), &caller, "b")];
    let mut checkpoints = Vec::new();
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        checkpoints.push(log.verified().await);
    }
    let [first_load, second_load] = loads;
    second_load.stop.store(true, Ordering::Relaxed);
    second.kill();
    let mut acknowledged = second_load.acknowledged().await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    checkpoints.push(log.verified().await);
    first_load.stop.store(true, Ordering::Relaxed);
    acknowledged.extend(first_load.acknowledged().await);
    assert!(acknowledged.iter().any(|key| key.starts_with('a')));
    assert!(acknowledged.iter().any(|key| key.starts_with('b')));
    check_log(&server, &acknowledged, &checkpoints).await;
}

/// A log is signed with one key for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_another_key_does_not_start() {
    let mut server = Server::start(Engine::Sqlite).await;
    let (status, output) = server.process.take().unwrap().stop();
    assert!(status.success(), "{output}");
    let key = server.data.path().join("keys/ledger.key");
    let right = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&key, "5a".repeat(32)).unwrap();
    let mut command = serve_command(env!("CARGO_BIN_EXE_mainstay"));
    command.arg("--data").arg(server.data.path());
    let refused = MainstayProcess::start(command).err().expect("it does not start");
    assert!(refused.output.contains("was signed with another key"), "{refused}");
    std::fs::write(&key, right).unwrap();
    server.serve();
}

fn copy_keys(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.join("keys")).unwrap();
    for entry in std::fs::read_dir(from.join("keys")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join("keys").join(entry.file_name())).unwrap();
    }
}

/// The log has each acknowledged event once, is what its checkpoint says, and begins with what
/// every older checkpoint said.
async fn check_log(server: &Server, acknowledged: &[String], older: &[VerifiedCheckpoint]) {
    let caller = server.service(0);
    let log = Log::open(server, &caller, &server.organization_id(0)).await;
    let has_pending =
        async || !server.get(&caller, "ledger_pending?limit=1").await.rows().is_empty();
    let settled = wait_until(async || !has_pending().await, Duration::from_secs(30)).await;
    assert!(settled, "events wait for their places");
    let newest = log.verified().await;
    let leaves = log.leaves(newest.checkpoint.size).await;
    assert_eq!(root(&leaves), newest.checkpoint.root);
    let mut found: HashMap<String, usize> = HashMap::new();
    let mut ids: HashMap<[u8; 16], usize> = HashMap::new();
    for leaf in &leaves {
        let leaf = Leaf::decode(leaf).unwrap();
        assert_eq!(leaf.kind(), LeafKind::Event);
        if let Some(LeafValue::Text(key)) = leaf.get(Field::IDEMPOTENCY_KEY) {
            *found.entry(key.to_owned()).or_default() += 1;
        }
        if let Some(LeafValue::Uuid(id)) = leaf.get(Field::ID) {
            *ids.entry(id).or_default() += 1;
        }
    }
    assert!(ids.values().all(|count| *count == 1), "an event has two places");
    let missing: Vec<&String> =
        acknowledged.iter().filter(|key| found.get(*key) != Some(&1)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for older in older {
        let proof = log.consistency(older.checkpoint.size, newest.checkpoint.size).await;
        log.verifier.consistency(older, &newest, &proof).unwrap();
    }
}

/// Writers that send events, each with a key of its own, until they are stopped.
struct Load {
    stop: Arc<AtomicBool>,
    writers: Vec<tokio::task::JoinHandle<Vec<String>>>,
}

impl Load {
    fn start(url: &str, caller: &Caller, name: &str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let url = format!("{url}/rest/v1/audit_events");
        let apikey = caller.apikey.clone().unwrap();
        let writer = |writer: usize| {
            let (stop, url, apikey) = (stop.clone(), url.clone(), apikey.clone());
            let name = format!("{name}-w{writer}");
            tokio::spawn(async move {
                let client = reqwest::Client::new();
                let mut done = Vec::new();
                for number in 0.. {
                    let key = format!("{name}-{number}");
                    let event = json!({ "action": "load.sent", "idempotency_key": key });
                    let request = client
                        .post(&url)
                        .header("apikey", &apikey)
                        .header("Content-Type", "application/json")
                        .body(event.to_string());
                    match request.send().await {
                        Ok(reply) if reply.status() == StatusCode::CREATED => done.push(key),
                        _ if stop.load(Ordering::Relaxed) => break,
                        Ok(reply) => panic!("{:?}", reply.text().await),
                        Err(_) => break,
                    }
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                }
                done
            })
        };
        let writers = (0..WRITERS).map(writer).collect();
        Self { stop, writers }
    }

    async fn acknowledged(self) -> Vec<String> {
        let mut keys = Vec::new();
        for writer in self.writers {
            keys.extend(writer.await.unwrap());
        }
        keys
    }
}
