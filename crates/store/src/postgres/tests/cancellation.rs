//! A request that is given up in the middle leaves nothing behind for the next one.

use super::fixture::{Fixture, statement, tenant, text};
use mainstay_entity::Kind;
use mainstay_testkit::wait_until;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(10);

/// Statements of the application role that the server still runs, and transactions it has open.
async fn unfinished(fixture: &Fixture) -> i64 {
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
               AND usename = $1 AND state <> 'idle'";
    let superuser = fixture.superuser().await;
    superuser.query_one(sql, &[&mainstay_testkit::APP_ROLE]).await.unwrap().get(0)
}

#[tokio::test]
async fn an_abandoned_statement_is_cancelled_and_its_connection_not_used_again() {
    let fixture = Fixture::with(|config| config.pool_size = 1).await;
    let name = || statement("SELECT current_setting('app.current_tenant')", vec![]);
    let kinds = || vec![Kind::Text { max: None }];
    let first = statement("SELECT pg_backend_pid()", vec![]);
    let access = tenant(1);
    let pid = || fixture.engine.fetch(&access, first.clone(), vec![Kind::Integer]);
    let before = pid().await.unwrap();

    let sleep = statement("SELECT 'x' FROM pg_sleep(60)", vec![]);
    let slow = fixture.engine.fetch(&access, sleep, kinds());
    tokio::time::timeout(Duration::from_millis(100), slow).await.unwrap_err();

    assert!(wait_until(async || unfinished(&fixture).await == 0, LIMIT).await);
    let found = fixture.engine.fetch(&tenant(2), name(), kinds()).await.unwrap();
    assert_eq!(found[0].0[0], text("00000000-0000-0000-0000-000000000002"));
    assert_ne!(pid().await.unwrap(), before);
}

#[tokio::test]
async fn connections_are_made_anew_when_they_have_served_their_time() {
    type Limit = fn(&mut crate::PostgresConfig);
    let limits: [(Limit, bool); 3] = [
        (|_| {}, true),
        (|config| config.max_age = Duration::ZERO, false),
        (|config| config.max_unused = Duration::ZERO, false),
    ];
    for (limit, is_kept) in limits {
        let fixture = Fixture::with(|config| {
            config.pool_size = 1;
            limit(config);
        })
        .await;
        let own = statement("SELECT pg_backend_pid()", vec![]);
        let access = tenant(1);
        let pid = || fixture.engine.fetch(&access, own.clone(), vec![Kind::Integer]);
        assert_eq!(pid().await.unwrap() == pid().await.unwrap(), is_kept);
    }
}

#[tokio::test]
async fn a_dropped_transaction_is_rolled_back_and_its_connection_used_again() {
    let fixture = Fixture::with(|config| config.pool_size = 1).await;
    for _ in 0..3 {
        let mut transaction = fixture.engine.begin(&tenant(1)).await.unwrap();
        transaction.insert(fixture.team(1, 1, "one")).await.unwrap();
        drop(transaction);
    }
    fixture.engine.ping().await.unwrap();
    assert_eq!((fixture.count("teams").await, fixture.engine.pool.size()), (0, 1));
    assert!(wait_until(async || unfinished(&fixture).await == 0, LIMIT).await);
}

#[tokio::test]
async fn requests_given_up_at_any_moment_poison_nothing() {
    let fixture = Fixture::with(|config| {
        config.pool_size = 2;
        config.writers = 1;
    })
    .await;
    for number in [1, 2] {
        let rows = (0..20).map(|n| super::fixture::team(number, n, &n.to_string())).collect();
        fixture.engine.insert(&tenant(number), vec![fixture.insert("teams", rows)]).await.unwrap();
    }
    let query = statement("SELECT organization_id FROM mainstay.teams", vec![]);
    for step in 0..400_u64 {
        let number = u128::from(step % 2 + 1);
        let access = tenant(number);
        let read = fixture.engine.fetch(&access, query.clone(), vec![Kind::Uuid]);
        // From before the first message to after the last answer.
        let _ = tokio::time::timeout(Duration::from_micros(step * 5), read).await;
        let write = fixture.engine.insert(&access, vec![fixture.event(number, step.into(), "k")]);
        let _ = tokio::time::timeout(Duration::from_micros(step * 5), write).await;

        let rows = fixture.engine.fetch(&access, query.clone(), vec![Kind::Uuid]).await.unwrap();
        assert_eq!(rows.len(), 20);
        assert!(rows.iter().all(|row| row.0[0] == super::fixture::uuid(number)));
    }
    assert!(wait_until(async || unfinished(&fixture).await == 0, LIMIT).await);
}
