//! How fast rows are written and read. Run by hand, in release mode:
//! `cargo test --release -p mainstay-store postgres::tests::rate -- --ignored --nocapture`.

use super::fixture::{Fixture, statement, team, tenant, uuid};
use crate::access::Access;
use crate::assemble::Assembly;
use crate::query::{Count, Format, Read, Select};
use crate::render::Dialect;
use crate::write::Insert;
use mainstay_entity::Kind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const TIME: Duration = Duration::from_secs(2);

/// Requests a second of so many clients, and the time that 99 of 100 stay below.
async fn rate<F>(clients: u64, request: impl Fn(u64) -> F + Clone + Send + 'static) -> String
where
    F: Future<Output = ()> + Send,
{
    let began = Instant::now();
    let number = Arc::new(AtomicU64::new(1));
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (request, number) = (request.clone(), Arc::clone(&number));
            tokio::spawn(async move {
                let mut times = Vec::new();
                while began.elapsed() < TIME {
                    let sent = Instant::now();
                    request(number.fetch_add(1, Ordering::Relaxed)).await;
                    times.push(sent.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    times.sort();
    let rate = times.len() as f64 / began.elapsed().as_secs_f64();
    format!("{clients} clients: {rate:.0} a second, p99 {:.1?}", times[times.len() * 99 / 100])
}

/// A row with its event.
fn pair(fixture: &Fixture, number: u64) -> Vec<Insert> {
    let id = u128::from(number);
    let name = format!("{:x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8);
    vec![fixture.team(1, id, &name), fixture.event(1, id, &name)]
}

async fn clear(fixture: &Fixture) {
    let truncate = "ALTER TABLE mainstay.events DISABLE TRIGGER ALL; \
                    TRUNCATE mainstay.teams, mainstay.events, mainstay.items";
    fixture.superuser().await.batch_execute(truncate).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn heavy_rates() {
    let fixture = Arc::new(Fixture::with(|config| config.pool_size = 4).await);
    for round in 1..=2 {
        for clients in [1, 32, 256] {
            clear(&fixture).await;
            let own = Arc::clone(&fixture);
            let batched = rate(clients, move |number| {
                let fixture = Arc::clone(&own);
                async move {
                    let inserts = pair(&fixture, number);
                    fixture.engine.insert(&tenant(1), inserts).await.unwrap();
                }
            });
            println!("{round}: row and event, batched, {}", batched.await);
        }
        clear(&fixture).await;
        let own = Arc::clone(&fixture);
        let alone = rate(32, move |number| {
            let fixture = Arc::clone(&own);
            async move {
                let inserts = pair(&fixture, number);
                fixture.engine.commit_alone(&tenant(1), &inserts).await.unwrap();
            }
        });
        println!("{round}: row and event, own transaction, 4 connections, {}", alone.await);
        bulk(&fixture, round).await;
        reads(&fixture, round).await;
    }
}

async fn bulk(fixture: &Fixture, round: u32) {
    clear(fixture).await;
    let rows = (0..10_000).map(|n| team(1, n, &format!("{n:x}"))).collect();
    let insert = vec![fixture.insert("teams", rows)];
    let began = Instant::now();
    fixture.engine.insert(&tenant(1), insert).await.unwrap();
    println!(
        "{round}: 10,000 rows in one request, {:.0} a second",
        1e4 / began.elapsed().as_secs_f64()
    );
}

/// Of the 10,000 rows that [`bulk`] left.
async fn reads(fixture: &Arc<Fixture>, round: u32) {
    fixture.superuser().await.batch_execute("ANALYZE mainstay.teams").await.unwrap();
    for clients in [1, 32] {
        let own = Arc::clone(fixture);
        let one = rate(clients, move |number| {
            let fixture = Arc::clone(&own);
            async move {
                let sql = "SELECT organization_id, id, name FROM mainstay.teams \
                           WHERE organization_id = $1 AND id = $2";
                let key = vec![uuid(1), uuid(u128::from(number) % 10_000)];
                let kinds = vec![Kind::Uuid, Kind::Uuid, Kind::Text { max: None }];
                fixture.engine.fetch(&tenant(1), statement(sql, key), kinds).await.unwrap();
            }
        });
        println!("{round}: one row, {}", one.await);
        let own = Arc::clone(fixture);
        let list = rate(clients, move |_| {
            let fixture = Arc::clone(&own);
            async move {
                let access = tenant(1);
                let answer = fixture.engine.read(&access, list_of_50(&fixture, &access));
                assert_eq!(answer.await.unwrap().whole().unwrap().rows, 50);
            }
        });
        println!("{round}: a list of 50 as JSON, {}", list.await);
    }
}

fn list_of_50(fixture: &Fixture, access: &Access) -> Assembly {
    let mut select = Select::all(fixture.table("teams"));
    select.limit = Some(50);
    select.offset = 100;
    let format = Format::JsonArray;
    let read = Read { select, count: Count::None, format, strip_nulls: false, zone: None };
    Assembly::new(Dialect::Postgres, access, read)
}
