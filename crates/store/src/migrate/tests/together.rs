//! Servers that start together migrate once.

use crate::migrate::{postgres, sqlite};
use crate::render::Dialect;
use crate::schema::tests::fixture::{Db, all, catalog, options};
use std::sync::Barrier;

const SERVERS: usize = 4;

/// Of servers that migrated at once, one did all of it and the others found it done.
fn assert_once(mut counts: Vec<usize>, all: usize) {
    counts.sort_unstable();
    let last = counts.pop();
    assert_eq!((last, counts), (Some(all), vec![0; SERVERS - 1]));
}

#[tokio::test]
async fn postgres_migrates_once() {
    let mut db = Db::empty(Dialect::Postgres).await;
    let expected = db.plan(all(), &options()).await.unwrap().steps.len();
    let mut servers = tokio::task::JoinSet::new();
    for _ in 0..SERVERS {
        let mut client = db.again().await;
        servers.spawn(async move {
            postgres::apply(&mut client, &catalog(all()), &options()).await.unwrap().steps.len()
        });
    }
    assert_once(servers.join_all().await, expected);
    assert_eq!(db.compare(all()).await, Vec::<String>::new());
}

#[tokio::test]
async fn sqlite_migrates_once() {
    let mut db = Db::empty(Dialect::Sqlite).await;
    let expected = db.plan(all(), &options()).await.unwrap().steps.len();
    let connections: Vec<_> = (0..SERVERS).map(|_| db.again_sqlite()).collect();
    let start = Barrier::new(SERVERS);
    let counts = std::thread::scope(|scope| {
        let migrate = |mut connection| {
            start.wait();
            sqlite::apply(&mut connection, &catalog(all()), &options()).unwrap().steps.len()
        };
        let threads: Vec<_> = connections
            .into_iter()
            .map(|connection| scope.spawn(move || migrate(connection)))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_once(counts, expected);
    assert_eq!(db.compare(all()).await, Vec::<String>::new());
}
