//! Requests that wait are committed together, and none suffers for another's fault.
//!
//! The tests run on one thread: requests joined in one future are all in the queue before a
//! writer takes the first, and so in one batch.

use super::fixture::{Fixture, team, tenant, text, told, uuid};
use crate::error::Result;
use crate::postgres::quarantine::Quarantine;
use crate::write::Insert;
use futures_util::future::join_all;
use mainstay_entity::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Sends each tenant's inserts as one request, all at the same time.
async fn insert_all(
    fixture: &Fixture,
    requests: impl IntoIterator<Item = (u128, Vec<Insert>)>,
) -> Vec<Result<()>> {
    let insert = async |(number, inserts)| fixture.engine.insert(&tenant(number), inserts).await;
    join_all(requests.into_iter().map(insert)).await
}

#[tokio::test]
async fn waiting_requests_of_all_tenants_share_a_commit() {
    let fixture = Fixture::new().await;
    let requests = (1..=100).map(|n| {
        let tenant = n % 4 + 1;
        // The item's table is declared before its team's, and has to be written after it.
        let item = fixture.item(tenant, n, Some(n));
        (
            tenant,
            vec![
                item,
                fixture.team(tenant, n, &n.to_string()),
                fixture.event(tenant, n, &n.to_string()),
            ],
        )
    });
    let results = insert_all(&fixture, requests).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");

    let superuser = fixture.superuser().await;
    for table in ["items", "teams", "events"] {
        let sql = format!("SELECT count(*), count(DISTINCT xmin::text) FROM mainstay.{table}");
        let row = superuser.query_one(&sql, &[]).await.unwrap();
        assert_eq!((row.get(0), row.get(1)), (100_i64, 1_i64), "rows and commits of {table}");
    }
    for number in 1..=4 {
        assert_eq!(fixture.records(&tenant(number), "teams").await.len(), 25);
    }
}

#[tokio::test]
async fn failing_requests_get_their_own_errors_and_others_commit() {
    let fixture = Fixture::new().await;
    let mut long = team(3, 900, "x");
    long[2] = text(&"x".repeat(21));
    let bad = [
        (1, vec![fixture.team(1, 901, "901"), fixture.item(1, 901, Some(5))]),
        (2, vec![fixture.team(2, 902, "twin")]),
        (2, vec![fixture.team(2, 903, "twin")]),
        (3, vec![fixture.event(3, 904, "904"), fixture.insert("teams", vec![long])]),
    ];
    let good = (10..74).map(|n| (n, vec![fixture.team(n, n, "name"), fixture.event(n, n, "key")]));
    let results = insert_all(&fixture, bad.into_iter().chain(good)).await;

    let errors: Vec<String> = results.iter().filter_map(|r| r.as_ref().err()).map(told).collect();
    assert_eq!(
        errors,
        [
            r#"foreign items items_team_id_fkey ["organization_id", "team_id"]"#,
            r#"unique teams teams_name_key ["organization_id", "name"]"#,
            r#"check teams teams_name_check ["name"]"#,
        ]
    );
    // All or nothing: the failed requests' other rows are not there.
    assert_eq!((fixture.count("teams").await, fixture.count("events").await), (65, 64));
}

#[tokio::test]
async fn a_tenant_that_failed_a_batch_still_writes_and_stays_out_of_batches() {
    let fixture = Fixture::new().await;
    let twin = |id| (1, vec![fixture.team(1, id, "twin")]);
    let results =
        insert_all(&fixture, [twin(1), twin(2), (2, vec![fixture.team(2, 1, "a")])]).await;
    assert_eq!(results.iter().filter(|result| result.is_err()).count(), 1);
    assert!(fixture.engine.quarantine.contains(Uuid::from_u128(1)));
    assert!(!fixture.engine.quarantine.contains(Uuid::from_u128(2)));

    let more = (10..20).flat_map(|n| {
        [1, 2].map(|tenant| (tenant, vec![fixture.event(tenant, n, &n.to_string())]))
    });
    let results = insert_all(&fixture, more).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    let sql = "SELECT count(DISTINCT xmin::text) FROM mainstay.events \
               GROUP BY organization_id ORDER BY organization_id";
    let rows = fixture.superuser().await.query(sql, &[]).await.unwrap();
    let commits: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(commits, [10, 1]);
}

#[tokio::test]
async fn rows_of_another_tenant_are_refused_though_its_batch_is_authorised() {
    let fixture = Fixture::new().await;
    let foreign = vec![fixture.insert("teams", vec![team(1, 1, "own"), team(2, 2, "other")])];
    let own = vec![fixture.team(2, 3, "own")];
    let results = insert_all(&fixture, [(1, foreign), (2, own)]).await;
    assert_eq!(told(results[0].as_ref().unwrap_err()), "out of reach teams");
    assert!(results[1].is_ok());
    assert_eq!(fixture.count("teams").await, 1);
}

#[tokio::test]
async fn a_key_that_another_transaction_holds_delays_its_own_request_alone() {
    let fixture = Fixture::new().await;
    let mut holder = fixture.engine.begin(&tenant(1)).await.unwrap();
    holder.insert(fixture.team(1, 1, "held")).await.unwrap();
    let blocked = vec![fixture.team(1, 2, "held")];
    let free = (2..34).map(|n| (n, vec![fixture.team(n, n, "free")]));
    let others = insert_all(&fixture, free);
    let access = tenant(1);
    let (blocked, ()) = tokio::join!(fixture.engine.insert(&access, blocked), async {
        let results = others.await;
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        holder.rollback().await;
    });
    blocked.unwrap();
    assert_eq!(fixture.count("teams").await, 33);
}

#[tokio::test]
async fn a_large_request_is_written_whole_or_not_at_all() {
    let fixture = Fixture::new().await;
    let rows = |from: u128| (from..from + 2_500).map(|n| team(1, n, &n.to_string())).collect();
    fixture.engine.insert(&tenant(1), vec![fixture.insert("teams", rows(0))]).await.unwrap();
    assert_eq!(fixture.count("teams").await, 2_500);
    let overlapping = vec![fixture.insert("teams", rows(2_499))];
    fixture.engine.insert(&tenant(1), overlapping).await.unwrap_err();
    assert_eq!(fixture.count("teams").await, 2_500);
}

#[tokio::test]
async fn closing_finishes_what_was_accepted_and_takes_no_more() {
    let fixture = Fixture::new().await;
    let accepted = (1..=50).map(|n| (1, vec![fixture.event(1, n, &n.to_string())]));
    let (results, ()) = tokio::join!(insert_all(&fixture, accepted), fixture.engine.close());
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(fixture.count("events").await, 50);
    let late = vec![fixture.event(1, 51, "51")];
    fixture.engine.insert(&tenant(1), late).await.unwrap_err();
}

#[tokio::test]
async fn lost_connections_are_replaced() {
    let fixture = Fixture::new().await;
    fixture.engine.insert(&tenant(1), vec![fixture.event(1, 1, "1")]).await.unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE usename = $1 AND datname = current_database()";
    fixture.superuser().await.execute(end, &[&mainstay_testkit::APP_ROLE]).await.unwrap();
    fixture.engine.insert(&tenant(1), vec![fixture.event(1, 2, "2")]).await.unwrap();
    assert_eq!(fixture.count("events").await, 2);
}

#[tokio::test(start_paused = true)]
async fn a_term_ends_a_minute_after_the_last_failure() {
    let quarantine = Quarantine::new(1, Duration::from_secs(1));
    let tenant = Uuid::from_u128(1);
    quarantine.enter(tenant);
    tokio::time::advance(Duration::from_secs(50)).await;
    quarantine.enter(tenant);
    tokio::time::advance(Duration::from_secs(59)).await;
    assert!(quarantine.contains(tenant));
    tokio::time::advance(Duration::from_secs(2)).await;
    assert!(!quarantine.contains(tenant) && quarantine.turn(tenant).await.unwrap().is_none());
}

/// Committed requests a second of tenants 2 to 9, two clients each, while tenant 1 has `hostile`
/// clients that send nothing but rows that fail.
async fn rate_beside(fixture: &Arc<Fixture>, hostile: u32, next: &Arc<AtomicU64>) -> f64 {
    let stop = Arc::new(AtomicBool::new(false));
    let (committed, failed) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let mut clients = Vec::new();
    for client in 0..16 + hostile {
        let (fixture, stop, next) = (Arc::clone(fixture), Arc::clone(&stop), Arc::clone(next));
        let (committed, failed) = (Arc::clone(&committed), Arc::clone(&failed));
        clients.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let id = u128::from(next.fetch_add(1, Ordering::Relaxed));
                let result = if client >= 16 {
                    let twin = vec![fixture.team(1, id, "twin")];
                    fixture.engine.insert(&tenant(1), twin).await
                } else {
                    let number = 2 + u128::from(client / 2);
                    let rows = vec![
                        fixture.event(number, id, &id.to_string()),
                        fixture.item(number, id, None),
                    ];
                    fixture.engine.insert(&tenant(number), rows).await
                };
                let counter = if client >= 16 { &failed } else { &committed };
                assert_eq!(result.is_err(), client >= 16, "{result:?}");
                counter.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }
    let began = Instant::now();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let rate = committed.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64();
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    assert!(hostile == 0 || failed.load(Ordering::Relaxed) > 0);
    rate
}

/// One ratio a round, with the sides in turn; the median of the rounds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heavy_one_tenant_sending_failing_rows_leaves_others_most_of_their_rate() {
    let fixture = Arc::new(Fixture::new().await);
    let next = Arc::new(AtomicU64::new(1));
    let taken = vec![fixture.team(1, 0, "twin")];
    fixture.engine.insert(&tenant(1), taken).await.unwrap();
    rate_beside(&fixture, 0, &next).await;
    let mut ratios = Vec::new();
    for _ in 0..9 {
        let alone = rate_beside(&fixture, 0, &next).await;
        ratios.push(rate_beside(&fixture, 8, &next).await / alone);
    }
    ratios.sort_by(f64::total_cmp);
    println!("rate beside a failing tenant, of the rate without: {ratios:.2?}");
    assert!(ratios[4] >= 0.8, "{ratios:.2?}");
    let rows = fixture.records(&tenant(1), "teams").await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].0[2], Value::Text("twin".to_owned()));
    assert_eq!(rows[0].0[1], uuid(0));
}
