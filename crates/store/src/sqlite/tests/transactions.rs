use super::fixture::{Fixture, statement, team, tenant, violation};
use crate::access::Access;
use crate::error::ErrorKind;
use mainstay_entity::{Kind, Value};
use std::time::Duration;

const COUNT: &str = "SELECT count(*) FROM teams";

#[tokio::test]
async fn a_transaction_sees_its_own_changes_and_nobody_else_does_before_the_commit() {
    let fixture = Fixture::new().await;
    let mut transaction = fixture.engine.begin(&tenant(1)).await.unwrap();
    transaction.insert(fixture.team(1, "a")).await.unwrap();
    let own = transaction.fetch(statement(COUNT, vec![]), vec![Kind::BigInt]).await.unwrap();
    assert_eq!(own[0].0, [Value::Int(1)]);
    assert_eq!(fixture.number(COUNT).await, 0);
    transaction.commit().await.unwrap();
    assert_eq!(fixture.number(COUNT).await, 1);
}

#[tokio::test]
async fn what_is_dropped_or_rolled_back_leaves_nothing() {
    let fixture = Fixture::new().await;
    let mut dropped = fixture.engine.begin(&tenant(1)).await.unwrap();
    dropped.insert(fixture.team(1, "a")).await.unwrap();
    drop(dropped);
    let mut undone = fixture.engine.begin(&tenant(1)).await.unwrap();
    undone.insert(fixture.team(2, "b")).await.unwrap();
    undone.rollback().await;
    fixture.write(vec![fixture.team(3, "c")]).await.unwrap();
    assert_eq!(fixture.number(COUNT).await, 1);
}

#[tokio::test]
async fn other_writes_wait_and_then_succeed() {
    let fixture = Fixture::new().await;
    let mut transaction = fixture.engine.begin(&tenant(1)).await.unwrap();
    transaction.insert(fixture.team(1, "a")).await.unwrap();
    let write = fixture.write(vec![fixture.team(2, "b")]);
    let finish = async {
        while fixture.engine.writes.len() < 1 {
            tokio::task::yield_now().await;
        }
        transaction.insert(fixture.team(3, "c")).await.unwrap();
        transaction.commit().await
    };
    let (written, committed) = tokio::join!(biased; write, finish);
    written.unwrap();
    committed.unwrap();
    assert_eq!(fixture.number(COUNT).await, 3);
}

#[tokio::test]
async fn after_an_error_nothing_goes_on() {
    let fixture = Fixture::new().await;
    fixture.write(vec![fixture.team(1, "a")]).await.unwrap();
    let mut transaction = fixture.engine.begin(&tenant(1)).await.unwrap();
    transaction.insert(fixture.team(2, "b")).await.unwrap();
    let rows = vec![team(1, 3, "c"), team(1, 4, "a")];
    let refused = transaction.insert(fixture.insert("teams", rows)).await.map(drop);
    assert_eq!(violation(&refused).1, "teams_name_key");
    let again = transaction.insert(fixture.team(5, "e")).await.map(drop);
    assert_eq!(violation(&again).1, "teams_name_key");
    assert_eq!(violation(&transaction.commit().await).1, "teams_name_key");
    assert_eq!(fixture.number(COUNT).await, 1);
}

#[tokio::test]
async fn a_transaction_that_pauses_too_long_is_undone() {
    let fixture = Fixture::with(|config| config.idle_timeout = Duration::from_millis(20)).await;
    let mut transaction = fixture.engine.begin(&tenant(1)).await.unwrap();
    transaction.insert(fixture.team(1, "a")).await.unwrap();
    // Gets its turn when the transaction is given up.
    fixture.write(vec![fixture.team(2, "b")]).await.unwrap();
    let late = transaction.insert(fixture.team(3, "c")).await.unwrap_err();
    assert!(matches!(late.kind(), ErrorKind::Timeout));
    assert!(matches!(transaction.commit().await.unwrap_err().kind(), ErrorKind::Timeout));
    assert_eq!(fixture.number("SELECT count(*) FROM teams WHERE name = 'b'").await, 1);
    assert_eq!(fixture.number(COUNT).await, 1);
}

#[tokio::test]
async fn a_change_that_takes_too_long_is_stopped() {
    let fixture = Fixture::with(|config| config.write_timeout = Duration::from_millis(20)).await;
    let mut transaction = fixture.engine.begin(&Access::system()).await.unwrap();
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                   INSERT INTO users SELECT randomblob(16), i FROM n";
    let stopped = transaction.execute(statement(endless, vec![])).await.unwrap_err();
    assert!(matches!(stopped.kind(), ErrorKind::Timeout));
    assert!(matches!(transaction.commit().await.unwrap_err().kind(), ErrorKind::Timeout));
    fixture.write(vec![fixture.team(1, "a")]).await.unwrap();
    assert_eq!(fixture.number("SELECT count(*) FROM users").await, 0);
}

#[tokio::test]
async fn a_transaction_without_steps_holds_nobody_up() {
    let fixture = Fixture::new().await;
    let idle = fixture.engine.begin(&tenant(1)).await.unwrap();
    fixture.write(vec![fixture.team(1, "a")]).await.unwrap();
    idle.commit().await.unwrap();
}
