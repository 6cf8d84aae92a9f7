//! Every row of every answer belongs to the tenant that asked.
//!
//! The statements name no tenant, and the assembly of answers, which would check it, is left out:
//! row-level security alone decides, and with it the settings that each transaction made.

use super::fixture::{Fixture, statement, team, tenant, uuid};
use crate::access::{Access, Caller};
use mainstay_entity::Kind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Answers asserted.
const ANSWERS: u64 = 200_000;
/// Rows of each tenant, and so of each answer.
const ROWS: u128 = 8;
/// Requests at the same time; far more than connections.
const CLIENTS: u64 = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn heavy_two_tenants_on_three_connections_see_their_own_rows_alone() {
    let fixture = Arc::new(Fixture::with(|config| config.pool_size = 3).await);
    for number in [1, 2] {
        let rows = (0..ROWS).map(|n| team(number, n, &n.to_string())).collect();
        fixture.engine.insert(&tenant(number), vec![fixture.insert("teams", rows)]).await.unwrap();
    }
    let query = statement("SELECT organization_id FROM mainstay.teams", vec![]);
    let asked = Arc::new(AtomicU64::new(0));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (fixture, asked, query) = (Arc::clone(&fixture), Arc::clone(&asked), query.clone());
            let number = u128::from(client % 2 + 1);
            tokio::spawn(async move {
                let access = tenant(number);
                while asked.fetch_add(1, Ordering::Relaxed) < ANSWERS {
                    let read = fixture.engine.fetch(&access, query.clone(), vec![Kind::Uuid]);
                    let rows = read.await.unwrap();
                    assert_eq!(rows.len() as u128, ROWS);
                    assert!(rows.iter().all(|row| row.0[0] == uuid(number)), "{rows:?}");
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
}

#[tokio::test]
async fn who_says_nothing_of_a_tenant_reaches_no_row() {
    let fixture = Fixture::with(|config| config.pool_size = 1).await;
    fixture.engine.insert(&tenant(1), vec![fixture.team(1, 1, "one")]).await.unwrap();
    let nobody = Access::caller(Caller::default());
    assert_eq!(fixture.records(&tenant(1), "teams").await.len(), 1);
    // On the connection that the tenant used before.
    assert_eq!(fixture.records(&nobody, "teams").await.len(), 0);
    assert_eq!(fixture.records(&tenant(2), "teams").await.len(), 0);
    assert_eq!(fixture.records(&Access::system(), "teams").await.len(), 1);

    let app = mainstay_testkit::connect(&fixture.database.app_url).await.unwrap();
    let seen = app.query_one("SELECT count(*) FROM mainstay.teams", &[]).await.unwrap();
    assert_eq!(seen.get::<_, i64>(0), 0);
}

#[tokio::test]
async fn reads_cannot_write() {
    let fixture = Fixture::new().await;
    let write =
        statement("INSERT INTO mainstay.events VALUES ($1, $1, 'k') RETURNING id", vec![uuid(1)]);
    fixture.engine.fetch(&tenant(1), write, vec![Kind::Uuid]).await.unwrap_err();
    assert_eq!(fixture.count("events").await, 0);
}
