//! How many connections there are, and how long anybody waits for one.

use super::fixture::{Fixture, migrated, tenant};
use crate::error::ErrorKind;
use crate::postgres::{PostgresConfig, PostgresEngine};
use mainstay_testkit::wait_until;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(20);

/// The server's processes for the application role.
async fn processes(fixture: &Fixture) -> Vec<i32> {
    let sql = "SELECT pid FROM pg_stat_activity \
               WHERE datname = current_database() AND usename = $1 ORDER BY pid";
    let superuser = fixture.superuser().await;
    let rows = superuser.query(sql, &[&mainstay_testkit::APP_ROLE]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn ten_connections_are_open_before_they_are_needed_and_made_anew_when_lost() {
    let fixture = Fixture::with(|config| {
        config.pool_min = 10;
        config.max_unused = Duration::from_secs(5);
    })
    .await;
    assert!(wait_until(async || fixture.engine.pool.size() == 10, LIMIT).await);
    let before = processes(&fixture).await;
    assert_eq!(before.len(), 10);

    let superuser = fixture.superuser().await;
    superuser
        .query("SELECT pg_terminate_backend(p) FROM unnest($1::int4[]) AS p", &[&before])
        .await
        .unwrap();
    let is_renewed = async || {
        let now = processes(&fixture).await;
        now.len() == 10 && now.iter().all(|pid| !before.contains(pid))
    };
    assert!(wait_until(is_renewed, LIMIT).await);
    fixture.engine.ping().await.unwrap();
}

#[tokio::test]
async fn connections_that_nobody_uses_are_closed() {
    let fixture = Fixture::with(|config| config.max_unused = Duration::from_millis(500)).await;
    fixture.engine.ping().await.unwrap();
    assert!(wait_until(async || fixture.engine.pool.size() == 0, LIMIT).await);
    fixture.engine.ping().await.unwrap();
}

#[tokio::test]
async fn a_hundred_connections_serve_a_hundred_requests_at_a_time() {
    const MAX: usize = 100;
    let fixture = Fixture::with(|config| {
        config.pool_size = MAX;
        config.wait_timeout = Duration::from_millis(200);
    })
    .await;
    let mut open = Vec::new();
    for _ in 0..MAX {
        open.push(fixture.engine.begin(&tenant(1)).await.unwrap());
    }
    let refused = fixture.engine.ping().await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Overloaded), "{refused}");
    assert_eq!((fixture.engine.pool.size(), processes(&fixture).await.len()), (MAX, MAX));
    for transaction in open {
        transaction.rollback().await;
    }
    fixture.engine.ping().await.unwrap();
}

#[tokio::test]
async fn a_server_that_accepts_and_never_answers_is_given_up_in_time() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let mut config = PostgresConfig::new(format!("postgresql://u@127.0.0.1:{port}/d"));
    assert_eq!(config.connect_timeout, Duration::from_secs(5));
    config.connect_timeout = Duration::from_millis(300);
    let (_database, catalog) = migrated().await;
    let began = Instant::now();
    let refused = PostgresEngine::open(config, catalog).await.err().unwrap();
    assert!(matches!(refused.kind(), ErrorKind::Unavailable(_)), "{refused}");
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
}
