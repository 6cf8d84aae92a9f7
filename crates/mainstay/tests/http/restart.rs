//! What was acknowledged is there after a crash.

use crate::server::{Engine, Server};
use reqwest::{Method, StatusCode};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const ROUNDS: usize = 5;
const WRITERS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heavy_acknowledged_writes_survive_kills_sqlite() {
    acknowledged_writes_survive_kills(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heavy_acknowledged_writes_survive_kills_postgres() {
    acknowledged_writes_survive_kills(Engine::Postgres).await;
}

/// Each acknowledged row is found with its event, each event with its row.
async fn acknowledged_writes_survive_kills(engine: Engine) {
    let mut server = Server::start(engine).await;
    let mut acknowledged = Vec::new();
    for round in 0..ROUNDS {
        acknowledged.extend(write_until_killed(&mut server, round).await);
        server.serve();
    }
    assert!(acknowledged.len() > ROUNDS * WRITERS, "only {} writes", acknowledged.len());
    let caller = server.service(0);
    for names in acknowledged.chunks(50) {
        let list = names.join(",");
        let path = format!("teams?select=id,name&name=in.({list})");
        let rows = server.get(&caller, &path).await.rows();
        assert_eq!(rows.len(), names.len(), "an acknowledged row is missing");
        let ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
        let path = format!(
            "audit_events?select=id&action=eq.teams.create&resource_id=in.({})",
            ids.join(",")
        );
        assert_eq!(server.get(&caller, &path).await.rows().len(), names.len());
    }
}

/// Writes from several callers until the server is killed; gives the acknowledged names.
async fn write_until_killed(server: &mut Server, round: usize) -> Vec<String> {
    let process = server.process.take().unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let url = format!("{}/rest/v1/teams", server.url);
    let key = server.service(0).apikey.unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (stop, url, key) = (stop.clone(), url.clone(), key.clone());
            tokio::spawn(async move {
                let client = reqwest::Client::new();
                let mut done = Vec::new();
                for n in 0.. {
                    let name = format!("r{round}-w{writer}-{n}");
                    let body = json!({ "name": name }).to_string();
                    let request = client
                        .request(Method::POST, &url)
                        .header("apikey", &key)
                        .header("Content-Type", "application/json")
                        .body(body);
                    match request.send().await {
                        Ok(reply) if reply.status() == StatusCode::CREATED => done.push(name),
                        _ if stop.load(Ordering::Relaxed) => break,
                        Ok(reply) => panic!("{:?}", reply.text().await),
                        Err(_) => break,
                    }
                }
                done
            })
        })
        .collect();
    // Long enough for writes to be under way; the moment of the kill is arbitrary.
    tokio::time::sleep(Duration::from_millis(300 + 70 * round as u64)).await;
    stop.store(true, Ordering::Relaxed);
    process.kill();
    let mut names = Vec::new();
    for writer in writers {
        names.extend(writer.await.unwrap());
    }
    names
}
