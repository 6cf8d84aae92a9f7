//! How fast rows are written and read. Run by hand, in release mode:
//! `cargo test --release -p mainstay-store sqlite::tests::rate -- --ignored --nocapture`.

use super::fixture::{Fixture, statement, tenant};
use mainstay_entity::Kind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A row with its event per request.
async fn writes(fixture: &Arc<Fixture>, clients: usize, next: &Arc<AtomicU64>) -> (f64, Duration) {
    let began = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (fixture, next) = (fixture.clone(), next.clone());
            tokio::spawn(async move {
                let mut times = Vec::new();
                while began.elapsed() < Duration::from_secs(2) {
                    let id = next.fetch_add(1, Ordering::Relaxed);
                    let name = format!("{:x}", id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24);
                    let inserts = vec![
                        fixture.team(u128::from(id), &name),
                        fixture.event(u128::from(id), &name),
                    ];
                    let sent = Instant::now();
                    fixture.write(inserts).await.unwrap();
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
    (times.len() as f64 / began.elapsed().as_secs_f64(), times[times.len() * 99 / 100])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn heavy_rates() {
    let fixture = Arc::new(Fixture::new().await);
    let next = Arc::new(AtomicU64::new(1));
    for clients in [1, 32, 256, 1, 32, 256] {
        let (rate, p99) = writes(&fixture, clients, &next).await;
        println!("{clients} writers: {rate:.0} requests of 2 rows a second, p99 {p99:?}");
    }
    for clients in [1, 32] {
        let began = Instant::now();
        let tasks: Vec<_> = (0..clients)
            .map(|task| {
                let fixture = fixture.clone();
                tokio::spawn(async move {
                    let mut reads = 0_u64;
                    while began.elapsed() < Duration::from_secs(2) {
                        let one = statement(
                            "SELECT * FROM events WHERE organization_id = ?1 AND id = ?2",
                            vec![super::fixture::uuid(1), super::fixture::uuid(1 + task)],
                        );
                        let kinds =
                            vec![Kind::Uuid, Kind::Uuid, Kind::Text { max: None }, Kind::Json];
                        fixture.engine.fetch(&tenant(1), one, kinds).await.unwrap();
                        reads += 1;
                    }
                    reads
                })
            })
            .collect();
        let mut reads = 0;
        for task in tasks {
            reads += task.await.unwrap();
        }
        println!("{clients} readers: {:.0} a second", reads as f64 / began.elapsed().as_secs_f64());
    }
}
