//! PostgreSQL connections of a server: how many it keeps, and what who gets none is told.

use crate::server::{Engine, Server};
use mainstay_testkit::{APP_ROLE, connect, wait_until};
use reqwest::StatusCode;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_keeps_connections_and_tells_who_gets_none_to_come_back() {
    let mut server = Server::start(Engine::Postgres).await;
    let url = server.database.as_ref().unwrap().superuser_url.clone();
    let superuser = connect(&url).await.unwrap();
    let count = async |condition: &str| -> i64 {
        let sql = format!(
            "SELECT count(*) FROM pg_stat_activity \
             WHERE datname = current_database() AND usename = '{APP_ROLE}' AND {condition}"
        );
        superuser.query_one(&sql, &[]).await.unwrap().get(0)
    };
    assert!(wait_until(async || count("true").await >= 10, LIMIT).await);

    server.restart_with(&["--database-connections", "1", "--database-timeout", "1"]);
    let caller = server.service(0);
    assert_eq!(server.get(&caller, "teams?limit=1").await.status, StatusCode::OK);
    let lock = "BEGIN; LOCK TABLE mainstay.venues IN ACCESS EXCLUSIVE MODE";
    let locker = connect(&url).await.unwrap();
    locker.batch_execute(lock).await.unwrap();
    let waits = async || count("wait_event_type = 'Lock'").await > 0;
    let (blocked, refused) = tokio::join!(server.get(&caller, "venues?limit=1"), async {
        assert!(wait_until(waits, LIMIT).await);
        let began = Instant::now();
        let refused = server.get(&caller, "teams?limit=1").await;
        assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
        locker.batch_execute("ROLLBACK").await.unwrap();
        refused
    });
    assert_eq!(blocked.status, StatusCode::OK, "{blocked:?}");
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{refused:?}");
    assert_eq!(refused.code(), "53300");
    assert_eq!(server.get(&caller, "teams?limit=1").await.status, StatusCode::OK);
}
