//! What becomes of rows whose handlers fail.

use crate::fixture::{
    Chore, Database, Errand, PATIENCE, leave_trace, on_both_engines, only, organization, trace,
};
use mainstay_entity::Value;
use mainstay_kernel::entities::{AuditEvent, EventStatus, JobStatus};
use mainstay_kernel::{Error, Failure, Finished, Job, SystemClock};
use mainstay_testkit::wait_until;
use mainstay_vault::Entropy;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

on_both_engines! {
    failed_rows_wait_longer_each_time_and_end_as_dead_letters
    a_failure_can_say_when_to_try_again
    a_failure_can_be_final
    what_a_failed_handler_wrote_is_gone
    internal_faults_are_not_told_to_tenants
    a_panic_is_a_failure
    an_endless_handler_is_stopped
    rows_that_crash_every_server_end_as_dead_letters
}

/// The largest random number: delays are as long as they can be.
struct Ones;

impl Entropy for Ones {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0xff);
    }
}

async fn failed_rows_wait_longer_each_time_and_end_as_dead_letters(database: Database) {
    let clock = database.clock();
    let server = database.server_with(clock.clone(), Arc::new(Ones), |module| {
        let fail = |job: Job<Errand>| async move {
            Err(Failure::retry(format!("no answer to attempt {}", job.attempt())))
        };
        module.queue::<Errand>(fail)
    });
    server.add_one("errand").await;
    let runner = server.start().await;
    for (attempt, at, delay) in [(1, 0, 10), (2, 10, 20)] {
        clock.set(database.at(at));
        let failed = async || {
            let errand = database.errand("errand").await;
            (errand.status, errand.attempts) == (JobStatus::Retrying, attempt)
        };
        assert!(wait_until(failed, PATIENCE).await, "{:?}", database.errand("errand").await);
        let errand = database.errand("errand").await;
        assert_eq!(errand.run_at, database.at(at + delay));
        assert_eq!((&errand.leased_by, errand.leased_until), (&None, None));
        assert_eq!(*errand.last_error.unwrap(), *format!("no answer to attempt {attempt}"));
    }
    clock.set(database.at(30));
    database.reaches("errand", JobStatus::Dead).await;
    let errand = database.errand("errand").await;
    assert_eq!(errand.attempts, 3);
    assert_eq!(&*errand.last_error.unwrap(), "no answer to attempt 3");
    let stats = runner.stop().await;
    assert_eq!((only(&stats).claimed, only(&stats).failed, only(&stats).dead), (3, 2, 1));

    let actions = database.events().await;
    assert_eq!(
        actions,
        ["errands.create", "errands.retry", "errands.retry", "errands.dead_letter"]
    );
    let dead = database.all::<AuditEvent>().await.pop().unwrap();
    assert_eq!(dead.status, EventStatus::Failure);
    assert_eq!(&*dead.error_message.unwrap(), "no answer to attempt 3");
    assert_eq!(dead.details.as_str(), r#"{"attempt": 3}"#);
    assert_eq!(dead.organization_id.uuid(), organization(1));
}

async fn a_failure_can_say_when_to_try_again(database: Database) {
    let clock = database.clock();
    let server = database.runs_at(&clock, |job: Job<Errand>| async move {
        if job.attempt() == 1 {
            return Err(Failure::retry_after(Duration::from_secs(42), "busy"));
        }
        leave_trace(job).await
    });
    server.add_one("errand").await;
    let runner = server.start().await;
    database.reaches("errand", JobStatus::Retrying).await;
    assert_eq!(database.errand("errand").await.run_at, database.at(42));
    clock.set(database.at(42));
    database.reaches("errand", JobStatus::Done).await;
    assert_eq!(database.errand("errand").await.last_error, None);
    runner.stop().await;
}

async fn a_failure_can_be_final(database: Database) {
    let server = database.runs(|_: Job<Errand>| async { Err(Failure::dead("no such address")) });
    server.add_one("errand").await;
    let runner = server.start().await;
    database.reaches("errand", JobStatus::Dead).await;
    assert_eq!(database.errand("errand").await.attempts, 1);
    runner.stop().await;
}

async fn what_a_failed_handler_wrote_is_gone(database: Database) {
    let server = database.runs(|job: Job<Errand>| async move {
        let work = trace(job.kernel(), job.context(), "unfinished").await?;
        drop(work);
        Err::<Finished, _>(Failure::dead("changed my mind"))
    });
    server.add_one("errand").await;
    let runner = server.start().await;
    database.reaches("errand", JobStatus::Dead).await;
    assert!(database.traces().await.is_empty());
    runner.stop().await;
}

async fn internal_faults_are_not_told_to_tenants(database: Database) {
    let server = database.runs(|_: Job<Errand>| async {
        Err::<Finished, Failure>(Error::internal("pool of 10.0.0.7 is empty").into())
    });
    server.add_one("errand").await;
    let runner = server.start().await;
    database.reaches("errand", JobStatus::Retrying).await;
    let errand = database.errand("errand").await;
    assert_eq!(&*errand.last_error.unwrap(), "internal error");
    runner.stop().await;
}

async fn a_panic_is_a_failure(database: Database) {
    let server = database.runs(|job: Job<Errand>| async move {
        assert!(job.attempt() > 99, "a fault of the handler");
        job.done().await
    });
    server.add_one("errand").await;
    let runner = server.start().await;
    database.reaches("errand", JobStatus::Retrying).await;
    let errand = database.errand("errand").await;
    assert_eq!(&*errand.last_error.unwrap(), "the handler panicked");
    runner.stop().await;
}

async fn an_endless_handler_is_stopped(database: Database) {
    let server = database
        .server(Arc::new(SystemClock), |module| module.queue::<Chore>(|_: Job<Chore>| pending()));
    let row = vec![("label", Value::Text("endless".to_owned())), ("max_tries", Value::Int(1))];
    server.add_rows::<Chore>(organization(1), vec![row]).await;
    let runner = server.start().await;
    let dead = async || database.only::<Chore>().await.state == JobStatus::Dead;
    assert!(wait_until(dead, PATIENCE).await);
    // The column holds 20 characters.
    assert_eq!(&*database.only::<Chore>().await.fault.unwrap(), "it took longer than ");
    runner.stop().await;
}

async fn rows_that_crash_every_server_end_as_dead_letters(database: Database) {
    let clock = database.clock();
    let server = database.runs_at(&clock, leave_trace);
    let row = vec![
        ("label", Value::Text("poison".to_owned())),
        ("status", Value::Text("running".to_owned())),
        ("attempts", Value::Int(3)),
        ("leased_by", Value::Text("a server that is gone".to_owned())),
        ("leased_until", Value::Timestamp(database.at(0).as_microsecond())),
    ];
    server.add_rows::<Errand>(organization(1), vec![row]).await;
    let runner = server.start().await;
    database.reaches("poison", JobStatus::Dead).await;
    assert!(database.traces().await.is_empty());
    runner.stop().await;
}
