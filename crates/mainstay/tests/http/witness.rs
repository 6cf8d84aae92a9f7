//! Witnesses: processes of others that cosign the installation's log, and no second history of it.

use crate::audit_cli::attacker::Attacker;
use crate::audit_cli::{audit, finding, keep, load_sample, mainstay, stop, told};
use crate::on_both_engines;
use crate::server::Server;
use mainstay_ledger::{LogVerifier, SignedNote, VerifiedCheckpoint, VerifierKey};
use mainstay_testkit::{MainstayProcess, temp_dir, wait_until};
use serde_json::{Value, json};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

on_both_engines!(
    witnesses_cosign_what_exports_and_verifications_demand,
    a_witness_refuses_a_database_of_yesterday,
);

const PLATFORM: &str = "00000000-0000-0000-0000-000000000000";
/// Organisations' checkpoints become leaves of the platform's log every ten seconds.
const SOON: Duration = Duration::from_mins(1);

/// A running witness. Its memory goes with it.
struct Witness {
    process: Option<MainstayProcess>,
    key: VerifierKey,
    log: String,
    folder: TempDir,
}

impl Witness {
    fn start(name: &str, log: &str) -> Self {
        let folder = temp_dir();
        let output = command(&folder, &["--name", name, "--print-key"]).output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
        let key = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
        let mut witness = Self { process: None, key, log: log.to_owned(), folder };
        witness.serve("127.0.0.1:0");
        witness
    }

    fn serve(&mut self, listen: &str) {
        let command = command(&self.folder, &["--listen", listen, "--log", &self.log]);
        self.process = Some(MainstayProcess::start(command).unwrap_or_else(|e| panic!("{e}")));
    }

    /// How a server's configuration names it.
    fn named(&self) -> String {
        format!("{} {}", self.process.as_ref().unwrap().url(), self.key)
    }
}

fn command(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
    command.arg("witness").arg("--data").arg(folder.path()).args(arguments);
    command
}

async fn get(server: &Server, path: &str) -> String {
    let request = reqwest::Client::new()
        .get(format!("{}/ledger/v1/{path}", server.url))
        .bearer_auth(server.service(0).bearer.unwrap());
    let reply = request.send().await.unwrap();
    assert!(reply.status().is_success(), "{path}: {reply:?}");
    reply.text().await.unwrap()
}

/// A server with two witnesses, and their keys as arguments.
async fn start(server: &mut Server) -> ([Witness; 2], String) {
    let key = get(server, &format!("{PLATFORM}/key")).await;
    let witnesses = ["one.example", "two.example"].map(|name| Witness::start(name, key.trim()));
    let named = witnesses.iter().map(Witness::named).collect::<Vec<_>>().join(",");
    server.restart_with(&["--witnesses", &named]);
    (witnesses, named)
}

/// The platform's checkpoint once both witnesses have cosigned it.
async fn cosigned(server: &Server, witnesses: &[Witness; 2]) -> (String, VerifiedCheckpoint) {
    let key: VerifierKey = get(server, &format!("{PLATFORM}/key")).await.trim().parse().unwrap();
    let keys = witnesses.iter().map(|witness| witness.key.clone());
    let log = LogVerifier::new(key.name(), [key.clone()]).with_witnesses(keys, 2);
    let mut found = None;
    let is_cosigned = wait_until(
        async || {
            let text = get(server, &format!("{PLATFORM}/checkpoint")).await;
            let verified = log.checkpoint(&SignedNote::parse(&text).unwrap());
            found = verified.ok().map(|verified| (text, verified));
            found.is_some()
        },
        SOON,
    );
    assert!(is_cosigned.await, "not cosigned: {}", server.process.as_ref().unwrap().output());
    found.unwrap()
}

async fn witnesses_cosign_what_exports_and_verifications_demand(mut server: Server) {
    let (mut witnesses, _) = start(&mut server).await;
    load_sample(&server).await;
    let (_, first) = cosigned(&server, &witnesses).await;
    assert!(first.checkpoint.size > 0);
    let acme = get(&server, &format!("{}/key", server.organization_id(0))).await;
    let leaves = format!("{}/ledger/v1/{PLATFORM}/tile/entries/000.p/1", server.url);
    let client = reqwest::Client::new();
    let reply = client.get(leaves).bearer_auth(server.service(0).bearer.unwrap()).send().await;
    assert_eq!(reply.unwrap().status(), 404, "the leaves name organisations");
    // What is written last is shown to the witnesses before the server ends.
    stop(&mut server);

    let keys = witnesses.each_ref().map(|witness| witness.key.to_string());
    let demand = ["--witness", &keys[0], "--witness", &keys[1]];
    let output = audit(&server, &[&["verify", "--json"], &demand[..]].concat());
    let logs: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success(), "{}", told(&output));
    assert!(logs.iter().all(|log| log["witnessed"].as_u64().is_some_and(|size| size > 0)));

    for (tenant, key) in [("acme", acme.trim()), ("platform", witnesses[0].log.as_str())] {
        let file = server.data.path().join(format!("{tenant}.tar"));
        let file = file.to_str().unwrap();
        let export = ["export", "--tenant", tenant, "--with-proofs", "--witnessed", "-o", file];
        let output = audit(&server, &export);
        assert!(output.status.success(), "{}", told(&output));
        let verify = |demand: &[&str]| {
            let arguments = [&["audit", "verify", file, "--key", key], demand].concat();
            Command::new(env!("CARGO_BIN_EXE_mainstay")).args(arguments).output().unwrap()
        };
        let output = verify(&demand);
        assert!(output.status.success(), "{tenant}: {}", told(&output));
        assert!(told(&output).contains("seen by the witness two.example"), "{}", told(&output));
        let stranger = Witness::start("stranger.example", &witnesses[0].log);
        let output = verify(&["--witness", &stranger.key.to_string()]);
        assert!(!output.status.success(), "{tenant}: {}", told(&output));
        let either = ["--witness", &keys[0], "--witness", &stranger.key.to_string()];
        assert!(verify(&[&either[..], &["--quorum", "1"]].concat()).status.success());
    }
    // A witness that is away keeps nothing waiting, and the quorum decides whether it is missed.
    drop(witnesses[1].process.take());
    server.serve();
    load_sample(&server).await;
    stop(&mut server);
    let found = finding(&server, &demand).unwrap();
    assert!(found.contains("1 of the demanded witnesses"), "{found}");
    assert_eq!(finding(&server, &[&demand[..], &["--quorum", "1"]].concat()), None);
}

async fn a_witness_refuses_a_database_of_yesterday(mut server: Server) {
    let (witnesses, named) = start(&mut server).await;
    load_sample(&server).await;
    cosigned(&server, &witnesses).await;
    stop(&mut server);
    Attacker::open(&server).await.copy_logs().await;
    server.serve();
    load_sample(&server).await;
    stop(&mut server);
    let shown = ["--witnesses", &named];
    assert_eq!(finding(&server, &shown), None);
    let lost = platform_checkpoint(&server);
    Attacker::open(&server).await.put_logs_back().await;
    // By itself a database of yesterday is sound.
    assert_eq!(finding(&server, &["--no-record"]), None);
    let found = finding(&server, &shown).unwrap();
    assert!(found.contains("the witness one.example refuses the log"), "{found}");
    assert!(found.contains("was rolled back"), "{found}");
    // It is kept: who verifies later is told as well.
    assert!(finding(&server, &["--tenant", "platform"]).unwrap().contains("refuses the log"));

    // The log goes on for its own people, and no cosignature is ever given again.
    server.serve();
    load_sample(&server).await;
    let output = async || server.process.as_ref().unwrap().output();
    let refuses = async || output().await.contains("a witness refuses the log");
    assert!(wait_until(refuses, SOON).await, "{}", output().await);
    stop(&mut server);
    let refused = audit(&server, &["verify", "--tenant", "platform", "--no-record"]);
    assert!(!refused.status.success());

    // The operator says so in the log, for ever.
    let lost = keep(&server, "lost", &lost);
    let state = ["reanchor", "--tenant", "platform", "--from", "0", "--to", "0"];
    let reason = ["--abandon", &lost, "--reason", "a backup was restored"];
    let output = audit(&server, &[&state[..], &reason].concat());
    assert!(output.status.success(), "{}", told(&output));
    let output = mainstay(&server, &["audit", "verify", "--tenant", "platform"]);
    assert!(output.status.success(), "{}", told(&output));
    assert!(told(&output).contains("a backup was restored"), "{}", told(&output));
}

fn platform_checkpoint(server: &Server) -> String {
    let output = audit(server, &["verify", "--tenant", "platform", "--json"]);
    let logs: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    logs[0]["checkpoint"].as_str().unwrap().to_owned()
}

#[test]
fn a_witness_that_is_asked_nonsense_says_so() {
    let key = mainstay_ledger::SignerKey::from_seed("log.example", &[1; 32]).unwrap();
    let witness = Witness::start("witness.example", &key.verifier().to_string());
    let url = format!("{}/add-checkpoint", witness.process.as_ref().unwrap().url());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let unknown = mainstay_ledger::SignerKey::from_seed("other.example", &[1; 32]).unwrap();
    let checkpoint =
        mainstay_ledger::Checkpoint::new("other.example", 0, mainstay_ledger::Hash::empty_root());
    let unknown = checkpoint.unwrap().sign(&unknown).unwrap();
    let long = "x".repeat(100_000);
    runtime.block_on(async {
        let client = reqwest::Client::new();
        let status = async |body: String| {
            client.post(&url).body(body).send().await.unwrap().status().as_u16()
        };
        assert_eq!(status(String::new()).await, 400);
        assert_eq!(status(long).await, 400);
        assert_eq!(status(json!({}).to_string()).await, 400);
        assert_eq!(status(format!("old 0\n\n{unknown}")).await, 404);
        assert_eq!(client.get(&url).send().await.unwrap().status(), 405);
        let elsewhere = url.replace("add-checkpoint", "checkpoint");
        assert_eq!(client.get(elsewhere).send().await.unwrap().status(), 404);
    });
}
