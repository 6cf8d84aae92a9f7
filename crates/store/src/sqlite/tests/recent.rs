use super::fixture::{Fixture, json, statement, tenant, text, uuid, violation};
use crate::sqlite::connection;
use crate::write::{Conflict, Insert};
use mainstay_entity::{Kind, Value};
use rusqlite::Connection;

/// As statements of the store name their tables.
const COUNT: &str = "SELECT count(*) FROM \"events\"";
/// How many wait.
const WAITING: &str = "SELECT count(*) FROM ms_recent_events";

fn raw(fixture: &Fixture, sql: &str) -> i64 {
    Connection::open(&fixture.path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn rows_are_seen_as_soon_as_they_are_acknowledged() {
    let fixture = Fixture::new().await;
    for count in 1..=50 {
        let id = u128::try_from(count).unwrap();
        fixture.write(vec![fixture.own_event(id, &id.to_string())]).await.unwrap();
        assert_eq!(fixture.number(COUNT).await, count);
    }
}

#[tokio::test]
async fn a_transaction_sees_its_own_rows_and_takes_them_with_it() {
    let fixture = Fixture::new().await;
    fixture.write(vec![fixture.own_event(1, "a")]).await.unwrap();
    let mut transaction = fixture.engine.begin(&tenant(1)).await.unwrap();
    transaction.insert(fixture.own_event(2, "b")).await.unwrap();
    let seen = transaction.fetch(statement(COUNT, vec![]), vec![Kind::BigInt]).await.unwrap();
    assert_eq!(seen[0].0, [Value::Int(2)]);
    transaction.rollback().await;
    assert_eq!(fixture.number(COUNT).await, 1);
}

#[tokio::test]
async fn keys_conflict_with_rows_that_wait() {
    let fixture = Fixture::new().await;
    fixture.write(vec![fixture.own_event(1, "a")]).await.unwrap();
    let refused = fixture.write(vec![fixture.event(2, "a")]).await;
    assert_eq!(violation(&refused).1, "events_key_key");
    let mut transaction = fixture.engine.begin(&tenant(1)).await.unwrap();
    let insert = Insert { conflict: Conflict::Ignore { key: Vec::new() }, ..fixture.event(1, "b") };
    let outcomes = transaction.insert(insert).await.unwrap();
    assert_eq!(outcomes, [crate::write::Outcome::Ignored]);
}

#[tokio::test]
async fn all_settle_when_there_are_many_and_when_the_file_is_closed() {
    let fixture = Fixture::new().await;
    for start in (0..12_000_u128).step_by(500) {
        let row = |id: u128| vec![uuid(1 + id % 3), uuid(id), text(&id.to_string()), json("{}")];
        let rows = (start..start + 500).map(row).collect();
        let insert = Insert { conflict: Conflict::Never, ..fixture.insert("events", rows) };
        fixture.engine.insert(&crate::access::Access::system(), vec![insert]).await.unwrap();
    }
    assert!(raw(&fixture, WAITING) < 12_000, "some settle while others come");
    fixture.engine.close().await;
    assert_eq!(raw(&fixture, "SELECT count(*) FROM events"), 12_000);
    assert_eq!(raw(&fixture, WAITING), 0);
}

#[tokio::test]
async fn what_a_killed_process_left_settles_at_the_next_start() {
    let fixture = Fixture::new().await;
    fixture.engine.close().await;
    let left = "INSERT INTO ms_recent_events VALUES \
                (x'00000000000000000000000000000001', zeroblob(16), 'k', '{}')";
    connection::open_writer(&fixture.path).unwrap().execute_batch(left).unwrap();
    let again = Fixture::at(&fixture.path, |_| {}).await;
    assert_eq!(again.number(COUNT).await, 1);
    assert_eq!(raw(&again, WAITING), 0);
}

#[tokio::test]
async fn rows_that_wait_are_not_removed_or_changed_by_others() {
    let fixture = Fixture::new().await;
    fixture.engine.close().await;
    let other = Connection::open(&fixture.path).unwrap();
    let row = "INSERT INTO ms_recent_events VALUES (zeroblob(16), zeroblob(16), 'k', '{}')";
    other.execute_batch(row).unwrap();
    let deleted = other.execute_batch("DELETE FROM ms_recent_events").unwrap_err();
    assert!(deleted.to_string().contains("ms_settles"), "{deleted}");
    let changed = other.execute_batch("UPDATE ms_recent_events SET key = 'l'").unwrap_err();
    assert!(changed.to_string().contains("append_only"), "{changed}");
}
