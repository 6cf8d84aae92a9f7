//! Migrations that are safe: rehearsed first, after a backup, which can be restored.

use crate::support::run;
use crate::systems::Client;
use mainstay_testkit::{Postgres, TestDatabase, temp_dir};
use reqwest::StatusCode;
use serde_json::json;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const NARROW: &str = "portal";
const WIDE: &str = "portal,ticketing";

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

/// `mainstay migrate STEP` of an installation.
fn migrate(data: &Path, arguments: &[&str]) -> Output {
    let (step, rest) = arguments.split_first().unwrap();
    run(&[&["migrate", step, "--data", data.to_str().unwrap()], rest].concat())
}

fn succeeds(output: &Output) -> String {
    assert!(output.status.success(), "{}", told(output));
    told(output)
}

/// What is rehearsed is measured and undone, and fails when it takes too long.
fn rehearse(data: &Path, database: &[&str]) {
    let wide = [&["apply", "--rehearse", "--systems", WIDE][..], database].concat();
    let report = succeeds(&migrate(data, &wide));
    assert!(report.contains("Rehearsed: create table mainstay.venues ("), "{report}");
    assert!(report.contains("All of it was undone."), "{report}");
    assert!(!data.join("rehearsal").exists());
    let slow = migrate(data, &[&wide[..], &["--within", "0"]].concat());
    assert!(!slow.status.success() && told(&slow).contains("longer than allowed"));
    succeeds(&migrate(data, &[&wide[..], &["--within", "600"]].concat()));
    let status = migrate(data, &[&["status", "--systems", WIDE][..], database].concat());
    assert!(!status.status.success(), "{}", told(&status));
    succeeds(&migrate(data, &[&["status", "--systems", NARROW][..], database].concat()));
}

fn backups(data: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(data.join("backups")) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

#[tokio::test]
async fn an_embedded_database_is_copied_before_it_is_migrated_and_can_be_restored() {
    let folder = temp_dir();
    let data = folder.path();
    let client = Client::start(data, &[], NARROW);
    let (_, services) = client.get("services?select=name&order=name").await;
    assert!(client.server.stop().0.success());
    assert_eq!(backups(data), Vec::<PathBuf>::new(), "there was nothing to lose");

    rehearse(data, &[]);
    let report = succeeds(&migrate(data, &["apply", "--systems", WIDE]));
    let [backup] = &backups(data)[..] else { panic!("{report}") };
    assert!(report.contains(&format!("Backup: {}", backup.display())), "{report}");
    assert_eq!(backup.metadata().unwrap().permissions().mode() & 0o077, 0);
    let client = Client::start(data, &[], WIDE);
    let (status, reply) = client.post("venues", &json!({ "name": "Late Hall" })).await;
    assert_eq!(status, StatusCode::CREATED, "{reply}");
    assert!(client.server.stop().0.success());
    // Nothing is done twice, and so nothing copied.
    succeeds(&migrate(data, &["apply", "--systems", WIDE]));
    assert_eq!(backups(data).len(), 1);

    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(data.join(format!("mainstay.db{end}")));
    }
    std::fs::copy(backup, data.join("mainstay.db")).unwrap();
    let client = Client::start(data, &[], NARROW);
    assert_eq!(client.get("services?select=name&order=name").await.1, services);
    assert_eq!(client.get("venues").await.0, StatusCode::NOT_FOUND);
    assert!(client.server.stop().0.success());
    succeeds(&migrate(data, &["apply", "--migration-backups", "0", "--systems", WIDE]));
    assert_eq!(backups(data).len(), 1);
}

#[tokio::test]
async fn copies_are_made_at_a_start_too_and_the_newest_are_kept() {
    let folder = temp_dir();
    let data = folder.path();
    let mut systems = "portal".to_owned();
    succeeds(&migrate(data, &["apply", "--systems", &systems]));
    for (more, expected) in [("ticketing", 1), ("exposure", 2), ("assets", 2)] {
        systems = format!("{systems},{more}");
        // Names have whole seconds.
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        let before = backups(data);
        let server =
            crate::support::serve(data, &["--systems", &systems, "--migration-backups", "2"]);
        assert!(server.stop().0.success());
        let after = backups(data);
        assert_eq!(after.len(), expected, "{more}");
        assert!(!before.contains(after.last().unwrap()), "{more}");
    }
}

/// Debian's PostgreSQL programs.
fn program(name: &str) -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        folders.map(|entry| entry.path().join("bin").join(name)).filter(|p| p.is_file()).collect();
    found.sort();
    found.into_iter().next_back().unwrap_or_else(|| name.into())
}

fn urls(database: &TestDatabase) -> [&str; 4] {
    ["--database", &database.app_url, "--migrate-database", &database.owner_url]
}

#[tokio::test]
async fn a_postgres_database_is_backed_up_by_a_command_or_not_migrated() {
    let (database, folder) = (Postgres::shared().database().await, temp_dir());
    let data = folder.path();
    let client = Client::start(data, &urls(&database), NARROW);
    let (_, services) = client.get("services?select=name&order=name").await;
    assert!(client.server.stop().0.success());
    rehearse(data, &urls(&database));

    let apply = |command: &str| {
        let wide = ["apply", "--systems", WIDE, "--backup-command", command];
        migrate(data, &[&wide[..], &urls(&database)].concat())
    };
    let refused = apply("exit 3");
    assert!(!refused.status.success());
    assert!(told(&refused).contains("nothing is migrated"), "{}", told(&refused));
    let status = [&["status", "--systems", WIDE][..], &urls(&database)].concat();
    assert!(!migrate(data, &status).status.success());

    let dump = data.join("dump").to_str().unwrap().to_owned();
    let command =
        format!("{} -Fc -f {dump} '{}'", program("pg_dump").display(), database.superuser_url);
    succeeds(&apply(&command));
    succeeds(&migrate(data, &status));
    std::fs::rename(&dump, format!("{dump}.kept")).unwrap();
    succeeds(&apply(&command));
    assert!(!Path::new(&dump).exists(), "there was nothing to migrate");

    let restored = Postgres::shared().database().await;
    let output = Command::new(program("pg_restore"))
        .args(["--dbname", &restored.superuser_url, &format!("{dump}.kept")])
        .output()
        .unwrap();
    succeeds(&output);
    let client = Client::start(data, &urls(&restored), NARROW);
    assert_eq!(client.get("services?select=name&order=name").await.1, services);
    assert_eq!(client.get("venues").await.0, StatusCode::NOT_FOUND);
}
