//! A server that stops.

use crate::fixture::{Database, Errand, POLL, leave_trace, on_both_engines, only};
use mainstay_kernel::entities::JobStatus;
use mainstay_kernel::{Job, JobSettings};
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

on_both_engines! {
    a_stop_waits_for_running_handlers_and_starts_no_more
    a_stop_gives_back_what_takes_too_long
}

async fn a_stop_waits_for_running_handlers_and_starts_no_more(database: Database) {
    let (started, gate) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (begun, wait) = (started.clone(), gate.clone());
    let server = database.runs(move |job: Job<Errand>| {
        begun.notify_one();
        let wait = wait.clone();
        async move {
            wait.notified().await;
            leave_trace(job).await
        }
    });
    server.add_one("running").await;
    let runner = server.start().await;
    started.notified().await;
    let mut stop = std::pin::pin!(runner.stop());
    // The first poll tells the workers to stop.
    let stopped = tokio::time::timeout(POLL * 3, &mut stop).await;
    assert!(stopped.is_err(), "a handler still runs");
    server.add_one("new").await;
    gate.notify_one();
    let stats = stop.await;
    assert_eq!((only(&stats).claimed, only(&stats).done), (1, 1));
    assert_eq!(database.errand("running").await.status, JobStatus::Done);
    assert_eq!(database.errand("new").await.status, JobStatus::Pending);
}

async fn a_stop_gives_back_what_takes_too_long(database: Database) {
    let clock = database.clock();
    let started = Arc::new(Notify::new());
    let begun = started.clone();
    let server = database.runs_at(&clock, move |_: Job<Errand>| {
        begun.notify_one();
        pending()
    });
    server.add_one("errand").await;
    let settings = JobSettings {
        poll: POLL,
        stop_deadline: Duration::from_millis(50),
        ..JobSettings::new("test")
    };
    let runner = server.start_with(settings).await;
    started.notified().await;
    assert_eq!(only(&runner.stop().await).lost, 1);
    let errand = database.errand("errand").await;
    assert_eq!((errand.leased_by, errand.attempts), (None, 0));

    // The clock has not moved: the lease would still run.
    let runner = database.runs_at(&clock, leave_trace).start().await;
    database.reaches("errand", JobStatus::Done).await;
    assert_eq!(database.errand("errand").await.attempts, 1);
    runner.stop().await;
}
