//! Go verifies a log with its own transparency log code alone.

use super::{WAIT, header, proof, send_events};
use crate::server::{Engine, Server};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mainstay_testkit::temp_dir;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

/// Where Debian's packages keep Go's libraries.
const GO_LIBRARIES: &str = "/usr/share/gocode";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heavy_go_verifies_a_log() {
    let folder = temp_dir();
    let program = folder.path().join("ledger");
    if !build(&program) {
        println!("skipped: Go or its library golang.org/x/mod is not installed");
        return;
    }
    let server = Server::start(Engine::Sqlite).await;
    let caller = server.service(0);
    let (leaf, old) = (folder.path().join("leaf"), folder.path().join("checkpoint"));
    let mut wrong_index = None;
    for round in 0..2 {
        let events: Vec<Value> = (0..300).map(|_| json!({ "action": "for.go" })).collect();
        send_events(&server, &caller, "wait=integrated", &json!(events)).await;
        let response = send_events(&server, &caller, WAIT, &json!({ "action": "go.see" })).await;
        let index = header(&response, "ledger-index").unwrap();
        let row: Value = response.json::<Vec<Value>>().await.unwrap().remove(0);
        let answer = proof(&server, &caller, &row["id"]).await.json();
        std::fs::write(&leaf, STANDARD.decode(answer["leaf"].as_str().unwrap()).unwrap()).unwrap();
        let output = verify(&program, &server, &leaf, &index, &old);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{output:?}");
        assert!(text.contains(&format!("leaf {index} is in it")), "{text}");
        assert_eq!(text.contains("it begins with the"), round > 0, "{text}");
        wrong_index = wrong_index.or(Some(index));
    }
    // What is not so is not verified.
    let output = verify(&program, &server, &leaf, &wrong_index.unwrap(), &old);
    assert!(!output.status.success(), "{output:?}");
}

fn build(program: &Path) -> bool {
    let source =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients/go/ledger/main.go");
    let module = Path::new(GO_LIBRARIES).join("src/golang.org/x/mod/sumdb/tlog");
    if !module.is_dir() {
        return false;
    }
    let mut go = Command::new("go");
    go.args(["build", "-o"]).arg(program).arg(source);
    go.envs([("GO111MODULE", "off"), ("GOPATH", GO_LIBRARIES), ("GOFLAGS", "")]);
    go.env("GOCACHE", program.with_extension("cache"));
    match go.output() {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            true
        }
        Err(_) => false,
    }
}

fn verify(program: &Path, server: &Server, leaf: &Path, index: &str, old: &Path) -> Output {
    Command::new(program)
        .arg("-url")
        .arg(format!("{}/ledger/v1/{}", server.url, server.organization_id(0)))
        .args(["-apikey", &server.service(0).apikey.unwrap(), "-index", index])
        .arg("-leaf")
        .arg(leaf)
        .arg("-old")
        .arg(old)
        .output()
        .unwrap()
}
