//! What was acknowledged is in the log once, whatever happens to servers.

use super::log::{Log, root};
use super::proof;
use crate::server::{Caller, Engine, Server};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mainstay_ledger::{
    Field, Hash, InclusionFile, Leaf, LeafKind, Value as LeafValue, VerifiedCheckpoint,
};
use mainstay_testkit::{MainstayProcess, serve_command, temp_dir, wait_until};
use reqwest::StatusCode;
use serde_json::json;
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Kills of one server, and after how many of them its log is verified.
const KILLS: usize = 50;
const GROUP: usize = 10;
/// Kills of one of two servers.
const KILLS_OF_TWO: usize = 8;
/// Events of each group whose proofs are asked for one by one.
const PROOFS: usize = 5;

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
    let caller = server.service(0);
    let client = reqwest::Client::new();
    let mut acknowledged = Vec::new();
    let mut checkpoints = Vec::new();
    for kill in 0..KILLS {
        let load = Load::start(&client, &server.url, &caller, &format!("k{kill}"), 16);
        // Writes, growths and the lease are each met in other moments.
        tokio::time::sleep(moment(kill)).await;
        server.process.take().unwrap().kill();
        acknowledged.extend(load.stop().await);
        let process = server.serve_at(server.data.path());
        server.url = process.url();
        server.process = Some(process);
        let log = Log::open(&server, &caller, &server.organization_id(0)).await;
        checkpoints.push(log.verified().await);
        if (kill + 1).is_multiple_of(GROUP) {
            check_log(&server, &acknowledged, &checkpoints).await;
        }
    }
    assert!(acknowledged.len() > 4 * KILLS, "only {} events", acknowledged.len());
}

/// Two servers make the logs of one database grow for 64 writers; again and again one is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heavy_two_servers_make_one_log_postgres() {
    let mut server = Server::start(Engine::Postgres).await;
    let caller = server.service(0);
    let second_data = temp_dir();
    let (client, folder) = (reqwest::Client::new(), server.data.path().to_owned());
    let mut nodes = [
        Node::new(server.process.take().unwrap(), &folder),
        Node::new(server.serve_at(second_data.path()), second_data.path()),
    ];
    for (name, node) in ["a", "b"].into_iter().zip(&mut nodes) {
        node.load(&client, &caller, name);
    }
    let mut acknowledged = Vec::new();
    let mut checkpoints = Vec::new();
    for kill in 0..KILLS_OF_TWO {
        tokio::time::sleep(moment(kill) + Duration::from_millis(200)).await;
        let victim = (random(kill as u64) % 2) as usize;
        server.url = nodes[1 - victim].process.url();
        let log = Log::open(&server, &caller, &server.organization_id(0)).await;
        checkpoints.push(log.verified().await);
        acknowledged.extend(nodes[victim].kill().await);
        // The other one goes on alone.
        tokio::time::sleep(moment(kill + 1)).await;
        checkpoints.push(log.verified().await);
        nodes[victim].process = server.serve_at(nodes[victim].folder);
        nodes[victim].load(&client, &caller, &format!("k{kill}"));
    }
    for node in &mut nodes {
        acknowledged.extend(node.load.take().unwrap().stop().await);
    }
    assert!(acknowledged.iter().any(|key| key.starts_with('a')));
    assert!(acknowledged.iter().any(|key| key.starts_with('b')));
    check_log(&server, &acknowledged, &checkpoints).await;
}

/// One of several servers, with half of the writers.
struct Node<'a> {
    process: MainstayProcess,
    folder: &'a Path,
    load: Option<Load>,
}

impl<'a> Node<'a> {
    fn new(process: MainstayProcess, folder: &'a Path) -> Self {
        Self { process, folder, load: None }
    }

    fn load(&mut self, client: &reqwest::Client, caller: &Caller, name: &str) {
        self.load = Some(Load::start(client, &self.process.url(), caller, name, 32));
    }

    /// Kills the server; gives what it has acknowledged.
    async fn kill(&mut self) -> Vec<String> {
        let kill = format!("kill -KILL {}", self.process.pid());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        assert!(self.process.wait(Duration::from_secs(10)).is_some(), "it was killed");
        self.load.take().unwrap().stop().await
    }
}

/// Starts a server on the data that is there.
/// How long writes go on before a kill: writes, growths and leases are met in ever other moments.
fn moment(kill: usize) -> Duration {
    Duration::from_millis(40 + random(kill as u64) % 200)
}

/// `SplitMix64`: the same numbers in each run.
fn random(number: u64) -> u64 {
    let z = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 8
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
    for key in acknowledged.iter().rev().take(PROOFS) {
        check_proof(server, &caller, &log, key).await;
    }
}

/// The proof that the server gives for an event holds.
async fn check_proof(server: &Server, caller: &Caller, log: &Log, key: &str) {
    let path = format!("audit_events?select=id&idempotency_key=eq.{key}");
    let rows = server.get(caller, &path).await.rows();
    assert_eq!(rows.len(), 1, "{key}");
    let answer = proof(server, caller, &rows[0]["id"]).await.json();
    let leaf = STANDARD.decode(answer["leaf"].as_str().unwrap()).unwrap();
    let file: InclusionFile = answer["proof"].as_str().unwrap().parse().unwrap();
    log.verifier.inclusion(&file, &Hash::leaf(&leaf)).unwrap();
    assert_eq!(
        Leaf::decode(&leaf).unwrap().get(Field::IDEMPOTENCY_KEY),
        Some(LeafValue::Text(key))
    );
}

/// Writers that send events, each with a key of its own, until they are stopped.
struct Load {
    stop: Arc<AtomicBool>,
    writers: Vec<tokio::task::JoinHandle<Vec<String>>>,
}

impl Load {
    fn start(
        client: &reqwest::Client,
        url: &str,
        caller: &Caller,
        name: &str,
        writers: usize,
    ) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let url = format!("{url}/rest/v1/audit_events");
        let apikey = caller.apikey.clone().unwrap();
        let writer = |writer: usize| {
            let (stop, url, apikey) = (stop.clone(), url.clone(), apikey.clone());
            let client = client.clone();
            let name = format!("{name}-w{writer}");
            tokio::spawn(async move {
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
        let writers = (0..writers).map(writer).collect();
        Self { stop, writers }
    }

    /// Sends no more; gives the keys of the events that were acknowledged.
    async fn stop(self) -> Vec<String> {
        self.stop.store(true, Ordering::Relaxed);
        let mut keys = Vec::new();
        for writer in self.writers {
            keys.extend(writer.await.unwrap());
        }
        keys
    }
}
