//! The engine behind a real `PgBouncer` in transaction mode (S1-B87).

use super::fixture::{Fixture, migrated, statement, team, tenant, text, uuid};
use crate::assemble::Assembly;
use crate::postgres::{PostgresConfig, PostgresEngine};
use crate::query::{Count, Format, Read, Select};
use crate::render::Dialect;
use crate::stream::Body;
use crate::write::{Conflict, Insert, Outcome};
use mainstay_entity::{Kind, Record};
use mainstay_testkit::{APP_ROLE, TestDatabase, free_port, wait_until};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;

/// Server connections of the pooler; fewer than the engine's.
const SERVERS: u32 = 3;

/// A pooler that ends with the test.
struct Pooler {
    process: Child,
    url: String,
    _home: TempDir,
}

impl Pooler {
    /// None where `PgBouncer` is not installed.
    async fn start(database: &TestDatabase) -> Option<Self> {
        let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"];
        let program = program.into_iter().find(|path| Path::new(path).is_file())?;
        let home = tempfile::tempdir().unwrap();
        let port = free_port();
        let (_, server) = database.app_url.split_once('@').unwrap();
        let (host, server_port) = server.split('/').next().unwrap().split_once(':').unwrap();
        let password = database.app_url.split(&[':', '@'][..]).nth(2).unwrap();
        let users = home.path().join("users.txt");
        std::fs::write(&users, format!("\"{APP_ROLE}\" \"{password}\"\n")).unwrap();
        let configuration = home.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n{name} = host={host} port={server_port}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             pool_mode = transaction\ndefault_pool_size = {SERVERS}\nmax_client_conn = 100\n\
             auth_type = scram-sha-256\nauth_file = {users}\n",
            name = database.name,
            users = users.display(),
        );
        std::fs::write(&configuration, text).unwrap();
        let mut command = Command::new(program);
        if std::fs::metadata("/proc/self")
            .is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
        {
            // PgBouncer refuses to run as root.
            for path in [home.path(), &users, &configuration] {
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
            }
            command.args(["--user", "nobody"]);
        }
        command.arg("--quiet").arg(&configuration).stdin(Stdio::null());
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let url = database.app_url.replace(server, &format!("127.0.0.1:{port}/{}", database.name));
        let pooler = Self { process, url, _home: home };
        let answers = async || mainstay_testkit::connect(&pooler.url).await.is_ok();
        assert!(wait_until(answers, Duration::from_secs(10)).await, "pgbouncer does not answer");
        Some(pooler)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_share_the_poolers_connections_without_meeting() {
    let (database, catalog) = migrated().await;
    let Some(pooler) = Pooler::start(&database).await else {
        println!("skipped: PgBouncer is not installed");
        return;
    };
    let mut config = PostgresConfig::new(&pooler.url);
    config.pgbouncer = true;
    config.pool_size = 8;
    let engine = PostgresEngine::open(config, catalog.clone()).await.unwrap();
    let fixture = Arc::new(Fixture { engine, catalog, database });
    let clients: Vec<_> = (0..8_u128)
        .map(|client| {
            let fixture = Arc::clone(&fixture);
            tokio::spawn(async move { ask(&fixture, client).await })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    assert_eq!(fixture.count("events").await, 8 * 100);
    fixture.engine.close().await;
}

/// What one client of one of two tenants does, all of it through the pooler.
async fn ask(fixture: &Fixture, client: u128) {
    let number = client % 2 + 1;
    let access = tenant(number);
    let mut transaction = fixture.engine.begin(&access).await.unwrap();
    let row = vec![team(number, 1, "shared")];
    let conflict = Conflict::Merge { key: vec![1], set: vec![3] };
    let outcome = transaction.insert(Insert { conflict, ..fixture.insert("teams", row) }).await;
    assert!(!matches!(outcome.unwrap()[0], Outcome::Ignored));
    transaction.commit().await.unwrap();
    for n in 0..100 {
        let id = client * 1_000 + n;
        let event = vec![fixture.event(number, id, &id.to_string())];
        fixture.engine.insert(&access, event).await.unwrap();
        let query = "SELECT organization_id, current_setting('TimeZone') FROM mainstay.teams \
                     WHERE name = $1";
        let query = statement(query, vec![text("shared")]);
        let kinds = vec![Kind::Uuid, Kind::Text { max: None }];
        let rows = fixture.engine.fetch(&access, query, kinds).await.unwrap();
        assert_eq!(rows, [Record(vec![uuid(number), text("UTC")])]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_answers_come_through_the_pooler() {
    const ROWS: u128 = 1_200;
    let (database, catalog) = migrated().await;
    let Some(pooler) = Pooler::start(&database).await else {
        println!("skipped: PgBouncer is not installed");
        return;
    };
    let mut config = PostgresConfig::new(&pooler.url);
    config.pgbouncer = true;
    let engine = PostgresEngine::open(config, catalog.clone()).await.unwrap();
    let fixture = Fixture { engine, catalog, database };
    for number in [1, 2] {
        let event = |id| fixture.event(number, id, &format!("{id:02000}")).rows.remove(0);
        let rows = (0..ROWS).map(|id| event(id + 10_000 * number)).collect();
        let events = Insert { rows, ..fixture.event(number, 0, "") };
        fixture.engine.insert(&tenant(number), vec![events]).await.unwrap();
    }
    let read = async |number: u128| {
        let select = Select::all(fixture.table("events"));
        let (count, format) = (Count::Exact, Format::Lines);
        let read = Read { select, count, format, strip_nulls: false, zone: None };
        let access = tenant(number);
        let assembly = Assembly::new(Dialect::Postgres, &access, read);
        let answer = fixture.engine.stream(&access, assembly).await.unwrap();
        assert!(matches!(answer.body, Body::Chunks(_)), "{answer:?}");
        assert_eq!((u128::from(answer.rows), answer.total), (ROWS, Some(answer.rows)));
        let body = answer.body.collect().await.unwrap();
        let own = format!(r#"{{"organization_id":"{}","#, Uuid::from_u128(number));
        let lines: Vec<&[u8]> = body.split(|byte| *byte == b'\n').collect();
        assert_eq!(lines.len() as u128, ROWS + 1);
        assert!(lines[..lines.len() - 1].iter().all(|line| line.starts_with(own.as_bytes())));
    };
    tokio::join!(read(1), read(2), read(1), read(2));
    fixture.engine.close().await;
}
