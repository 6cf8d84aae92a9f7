use super::fixture::{Fixture, child, json, statement, team, tenant, text, uuid};
use crate::access::{Access, Caller};
use crate::error::ErrorKind;
use crate::sqlite::{checkpoint, connection};
use mainstay_entity::{Decimal, Kind, Record, Value};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use uuid::Uuid;

/// Holds the writer until the returned sender is dropped, so that requests gather behind it.
async fn hold(fixture: &Fixture) -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel::<()>();
    let (started, running) = tokio::sync::oneshot::channel();
    let job = crate::sqlite::writer::Job::Exclusive(Box::new(move |_| {
        started.send(()).unwrap();
        // Ends when the sender is dropped.
        held.recv().unwrap_err();
    }));
    assert!(fixture.engine.writes.push(job).await.is_ok());
    running.await.unwrap();
    release
}

#[tokio::test]
async fn values_of_every_kind_come_back_as_they_went_in() {
    let fixture = Fixture::new().await;
    let row = vec![
        uuid(1),
        uuid(7),
        Value::Null,
        text("open"),
        Value::Decimal(Decimal::new(-1250, 2)),
        text("1000000000000000000000"),
        Value::List(vec![text("a"), Value::Null, text("b\"c")]),
        Value::Date(jiff::civil::date(2026, 1, 31)),
        Value::Timestamp(1_700_000_000_123_456),
        json("{\"a\": 1}"),
        Value::Inet("2001:db8::1".parse().unwrap()),
        Value::Double(0.1),
        Value::Bytes(vec![0, 255]),
        Value::Bool(true),
    ];
    fixture.write(vec![fixture.insert("items", vec![row.clone()])]).await.unwrap();
    let table = fixture.table("items");
    let kinds: Vec<Kind> = table.meta.columns.iter().map(|c| c.kind.clone()).collect();
    let all = statement("SELECT * FROM items", vec![]);
    let rows = fixture.engine.fetch(&tenant(1), all, kinds).await.unwrap();
    assert_eq!(rows, [Record(row)]);
    // Stored so that text compares as numbers do, and money as an integer.
    let stored = "SELECT count(*) FROM items WHERE length(token) = 78 AND amount = -1250
                  AND tags = '[\"a\",null,\"b\\\"c\"]' AND day = '2026-01-31'";
    assert_eq!(fixture.number(stored).await, 1);
}

#[tokio::test]
async fn requests_in_one_commit_fail_alone() {
    let fixture = Fixture::new().await;
    let release = hold(&fixture).await;
    let good = fixture.write(vec![fixture.team(1, "a"), fixture.event(1, "a")]);
    // Its first row is fine, its second repeats a key.
    let bad = fixture.write(vec![fixture.team(2, "b"), fixture.event(2, "a")]);
    let also_good = fixture.write(vec![fixture.team(3, "c"), fixture.event(3, "c")]);
    let all = async { tokio::join!(biased; good, bad, also_good) };
    let free = async {
        while fixture.engine.writes.len() < 3 {
            tokio::task::yield_now().await;
        }
        let before = fixture.engine.commits();
        drop(release);
        before
    };
    let ((good, bad, also_good), before) = tokio::join!(biased; all, free);
    good.unwrap();
    also_good.unwrap();
    assert!(
        matches!(bad.unwrap_err().kind(), ErrorKind::Unique(v) if v.constraint == "events_key_key")
    );
    // The held work counts as one, the three requests share another.
    assert_eq!(fixture.engine.commits() - before, 2);
    assert_eq!(fixture.number("SELECT count(*) FROM teams").await, 2);
    assert_eq!(fixture.number("SELECT count(*) FROM events").await, 2);
}

#[tokio::test]
async fn a_request_that_fails_spares_a_transaction_in_the_same_commit() {
    let fixture = Fixture::new().await;
    let release = hold(&fixture).await;
    let transaction = async {
        let mut transaction = fixture.engine.begin(&tenant(1)).await.unwrap();
        transaction.insert(fixture.team(1, "a")).await.unwrap();
        transaction.insert(fixture.event(1, "a")).await.unwrap();
        transaction.commit().await
    };
    let bad = fixture.write(vec![fixture.team(2, "b"), fixture.event(2, "a")]);
    let free = async {
        while fixture.engine.writes.len() < 2 {
            tokio::task::yield_now().await;
        }
        let before = fixture.engine.commits();
        drop(release);
        before
    };
    let (transaction, bad, before) = tokio::join!(biased; transaction, bad, free);
    transaction.unwrap();
    assert!(matches!(bad.unwrap_err().kind(), ErrorKind::Unique(_)));
    assert_eq!(fixture.engine.commits() - before, 2);
    assert_eq!(fixture.number("SELECT count(*) FROM teams").await, 1);
}

#[tokio::test]
async fn a_stopped_change_spares_the_others_in_its_commit() {
    let fixture = Fixture::with(|config| config.write_timeout = Duration::from_millis(20)).await;
    let release = hold(&fixture).await;
    let good = fixture.write(vec![fixture.team(1, "a"), fixture.event(1, "a")]);
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                   INSERT INTO users SELECT randomblob(16), i FROM n";
    let stopped = async {
        let mut transaction = fixture.engine.begin(&tenant(1)).await.unwrap();
        transaction.execute(statement(endless, vec![])).await
    };
    let free = async {
        while fixture.engine.writes.len() < 2 {
            tokio::task::yield_now().await;
        }
        drop(release);
    };
    let (good, stopped, ()) = tokio::join!(biased; good, stopped, free);
    good.unwrap();
    assert!(matches!(stopped.unwrap_err().kind(), ErrorKind::Timeout));
    assert_eq!(fixture.number("SELECT count(*) FROM events").await, 1);
}

#[tokio::test]
async fn readers_see_what_was_acknowledged() {
    let fixture = Fixture::new().await;
    for id in 1..=100 {
        fixture.write(vec![fixture.team(id, &format!("t{id}"))]).await.unwrap();
        assert_eq!(fixture.number("SELECT count(*) FROM teams").await, id as i64);
    }
}

#[tokio::test]
async fn rows_of_one_insert_may_refer_to_each_other_in_any_order() {
    let fixture = Fixture::new().await;
    let rows = vec![child(1, 1, 2, "child"), team(1, 2, "parent")];
    fixture.write(vec![fixture.insert("teams", rows)]).await.unwrap();
    let rows = vec![child(1, 3, 4, "x"), child(1, 4, 99, "y")];
    let refused = fixture.write(vec![fixture.insert("teams", rows)]).await.unwrap_err();
    assert!(
        matches!(refused.kind(), ErrorKind::ForeignKey(v) if v.constraint == "teams_parent_id_fkey")
    );
    // References are checked at once again.
    let refused = fixture.write(vec![fixture.insert("teams", vec![child(1, 5, 99, "z")])]).await;
    assert!(matches!(refused.unwrap_err().kind(), ErrorKind::ForeignKey(_)));
    assert_eq!(fixture.number("SELECT count(*) FROM teams").await, 2);
}

#[tokio::test]
async fn rows_out_of_reach_are_refused() {
    let fixture = Fixture::new().await;
    let user = Access::caller(Caller { user: Some(Uuid::from_u128(5)), ..Caller::default() });
    let foreign = || vec![fixture.insert("teams", vec![team(2, 1, "a")])];
    let own = || vec![fixture.insert("users", vec![vec![uuid(5), text("a@b")]])];
    let other = || vec![fixture.insert("users", vec![vec![uuid(6), text("c@d")]])];
    for (access, inserts, allowed) in [
        (tenant(1), foreign(), false),
        (user.clone(), foreign(), false),
        (tenant(2), foreign(), true),
        (user.clone(), own(), true),
        (user, other(), false),
        (Access::system(), other(), true),
    ] {
        match fixture.engine.insert(&access, inserts).await {
            Ok(()) => assert!(allowed),
            Err(error) => {
                assert!(!allowed && matches!(error.kind(), ErrorKind::OutOfReach { .. }));
            }
        }
    }
}

#[tokio::test]
async fn a_full_queue_refuses() {
    let fixture = Fixture::with(|config| {
        config.queue = 1;
        config.patience = Duration::from_millis(1);
    })
    .await;
    let release = hold(&fixture).await;
    let first = fixture.write(vec![fixture.team(1, "a")]);
    let second = async {
        while fixture.engine.writes.len() < 1 {
            tokio::task::yield_now().await;
        }
        let refused = fixture.write(vec![fixture.team(2, "b")]).await.unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::Overloaded));
        drop(release);
    };
    let (first, ()) = tokio::join!(biased; first, second);
    first.unwrap();
}

#[tokio::test]
async fn closing_finishes_what_was_accepted() {
    let fixture = Fixture::new().await;
    let release = hold(&fixture).await;
    let first = fixture.write(vec![fixture.team(1, "a")]);
    let close = async {
        while fixture.engine.writes.len() < 1 {
            tokio::task::yield_now().await;
        }
        drop(release);
        fixture.engine.close().await;
    };
    let (first, ()) = tokio::join!(biased; first, close);
    first.unwrap();
    let refused = fixture.write(vec![fixture.team(2, "b")]).await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Unavailable(_)));
    assert!(fixture.engine.ping().await.is_err());
    let log = std::fs::metadata(fixture.path.with_extension("db-wal"));
    assert!(log.is_err(), "the log is moved into the file");
}

#[tokio::test]
async fn a_panic_leaves_the_writer_working() {
    let fixture = Fixture::new().await;
    let gone = fixture.engine.with_connection::<()>(|_| panic!("on purpose")).await.unwrap_err();
    assert!(matches!(gone.kind(), ErrorKind::Unavailable(_)));
    fixture.write(vec![fixture.team(1, "a")]).await.unwrap();
}

#[tokio::test]
async fn a_read_that_takes_too_long_is_stopped() {
    let fixture = Fixture::with(|config| config.read_timeout = Duration::from_millis(20)).await;
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                   SELECT count(*) FROM n";
    let stopped =
        fixture.engine.fetch(&tenant(1), statement(endless, vec![]), vec![Kind::BigInt]).await;
    assert!(matches!(stopped.unwrap_err().kind(), ErrorKind::Timeout));
    assert_eq!(fixture.number("SELECT 1").await, 1);
}

#[tokio::test]
async fn the_file_is_private_and_every_commit_synced() {
    let fixture = Fixture::new().await;
    let settings = fixture
        .engine
        .with_connection(|connection| {
            let read = |name: &str| connection.pragma_query_value(None, name, |row| row.get(0));
            let names = ["synchronous", "foreign_keys", "secure_delete", "trusted_schema"];
            names
                .map(read)
                .into_iter()
                .collect::<Result<Vec<i64>, _>>()
                .map_err(crate::Error::internal)
        })
        .await;
    assert_eq!(settings.unwrap(), [2, 1, 1, 0], "2 is FULL");
    let mode = std::fs::metadata(&fixture.path).unwrap().permissions();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    std::fs::write(&path, "not a database, but long enough to be read as its first page").unwrap();
    let refused = connection::open_writer(&path).unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Refused(_)), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heavy_the_log_stays_bounded_while_reads_never_pause() {
    let fixture = Arc::new(Fixture::new().await);
    let done = Arc::new(AtomicBool::new(false));
    // Long enough that there is always one in each reader.
    let slow = "SELECT (SELECT count(*) FROM teams) + (SELECT count(*) FROM (
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000)
                SELECT i FROM n))";
    let readers: Vec<_> = (0..8)
        .map(|_| {
            let (fixture, done) = (fixture.clone(), done.clone());
            tokio::spawn(async move {
                while !done.load(Ordering::Relaxed) {
                    fixture.number(slow).await;
                }
            })
        })
        .collect();
    let details = json(&format!("{{\"kind\": \"{}\"}}", "x".repeat(100_000)));
    let log = fixture.path.with_extension("db-wal");
    let mut longest = 0;
    for id in 1..=2_000 {
        let row = vec![uuid(1), uuid(id), text(&id.to_string()), details.clone()];
        fixture.write(vec![fixture.insert("events", vec![row])]).await.unwrap();
        longest = longest.max(std::fs::metadata(&log).unwrap().len());
    }
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
    assert!(longest < 4 * 4096 * checkpoint::PAGES as u64, "{longest} bytes");
}
