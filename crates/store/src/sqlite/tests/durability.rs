//! What was acknowledged is found after a kill, and is synced before it is acknowledged.

use super::fixture::{Fixture, statement, tenant};
use mainstay_entity::Kind;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Tells the child where to write.
const FILE: &str = "MAINSTAY_TEST_FILE";
/// Tells the child how many rows to write; without it, it writes until it is killed.
const ROWS: &str = "MAINSTAY_TEST_ROWS";
/// Tells the child who it is, so that its rows are its own.
const ROUND: &str = "MAINSTAY_TEST_ROUND";

/// The process that is killed: writes rows and prints the number of each that is acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child_that_writes() {
    let Ok(path) = std::env::var(FILE) else {
        return;
    };
    let number = |name| std::env::var(name).ok().and_then(|v| v.parse::<u128>().ok());
    let fixture = Arc::new(Fixture::at(Path::new(&path), |_| {}).await);
    let first = number(ROUND).unwrap() * 1_000_000;
    let (tasks, last) = match number(ROWS) {
        Some(rows) => (1, first + rows),
        None => (8, first + 1_000_000),
    };
    let work = (0..tasks).map(|task| {
        let fixture = fixture.clone();
        tokio::spawn(async move {
            for id in (first..last).skip(task).step_by(tasks) {
                let name = format!("{id:x}");
                fixture
                    .write(vec![fixture.team(id, &name), fixture.own_event(id, &name)])
                    .await
                    .unwrap();
                // One call, so that lines stay whole.
                std::io::stdout().write_all(format!("ack {id}\n").as_bytes()).unwrap();
            }
        })
    });
    for task in work.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

fn child(program: &str, before: &[&str], path: &Path, round: usize) -> Command {
    let mut command = Command::new(program);
    command
        .args(before)
        .args(["--exact", "sqlite::tests::durability::child_that_writes", "--nocapture"])
        .env(FILE, path)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

#[tokio::test]
async fn heavy_every_acknowledged_write_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    let program = std::env::current_exe().unwrap();
    let mut acknowledged = Vec::new();
    for round in 1..=50 {
        let mut running = child(program.to_str().unwrap(), &[], &path, round).spawn().unwrap();
        let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
        // The moment differs from round to round, counted in acknowledgements.
        let wanted = 1 + (round * 37) % 400;
        let mut seen = 0;
        while let Some(Ok(line)) = lines.next() {
            if let Some(id) = line.strip_prefix("ack ") {
                acknowledged.push(id.parse::<u128>().unwrap());
                seen += 1;
            }
            if seen == wanted {
                running.kill().unwrap();
            }
        }
        running.wait().unwrap();
        assert!(seen >= wanted, "the child wrote {seen} rows");
    }
    let fixture = Fixture::at(&path, |_| {}).await;
    assert_eq!(
        fixture
            .number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'")
            .await,
        0
    );
    // A row and its event are both there or both absent.
    let apart = "SELECT count(*) FROM teams t FULL JOIN events e
                 ON e.organization_id = t.organization_id AND e.id = t.id
                 WHERE e.id IS NULL OR t.id IS NULL";
    assert_eq!(fixture.number(apart).await, 0);
    let ids = statement("SELECT id FROM teams", vec![]);
    let rows = fixture.engine.fetch(&tenant(1), ids, vec![Kind::Uuid]).await.unwrap();
    let found: HashSet<u128> = rows.iter().map(|r| r.0[0].as_uuid().unwrap().as_u128()).collect();
    let lost: Vec<_> = acknowledged.iter().filter(|id| !found.contains(id)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
}

#[test]
fn heavy_strace_shows_a_sync_before_each_acknowledgement() {
    let strace = Command::new("strace").arg("-V").output();
    if !strace.is_ok_and(|o| o.status.success()) {
        eprintln!("skipped: there is no strace here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let program = std::env::current_exe().unwrap();
    let before = [
        "-f",
        "-e",
        "trace=write,fsync,fdatasync",
        "-o",
        trace.to_str().unwrap(),
        program.to_str().unwrap(),
    ];
    let path = folder.path().join("data.db");
    let output = child("strace", &before, &path, 1).env(ROWS, "50").output().unwrap();
    assert!(output.status.success());
    let mut synced = false;
    let mut acknowledged = 0;
    for line in std::fs::read_to_string(&trace).unwrap().lines() {
        if line.contains("write(1, \"ack ") {
            assert!(synced, "no sync came before {line}");
            acknowledged += 1;
            synced = false;
        } else if line.contains("sync") && line.ends_with("= 0") {
            synced = true;
        }
    }
    assert_eq!(acknowledged, 50);
}
