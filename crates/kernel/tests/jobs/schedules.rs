//! What runs again and again.

use crate::fixture::{Database, PATIENCE, on_both_engines, only, trace};
use mainstay_kernel::entities::JobState;
use mainstay_kernel::{Context, Error, Module, Result, Tick};
use mainstay_testkit::wait_until;

on_both_engines! {
    three_servers_run_a_schedule_once_per_interval
    a_failed_run_is_repeated_soon
    a_paused_schedule_rests
}

async fn sweep(tick: Tick) -> Result<()> {
    let label = format!("due at {}", tick.due_at);
    trace(tick.kernel(), tick.context(), &label).await?.commit().await
}

async fn stumble(tick: Tick) -> Result<()> {
    let is_first = tick.kernel().clock().now() == tick.due_at;
    if is_first { Err(Error::rule("PT409", "not yet")) } else { sweep(tick).await }
}

fn each_minute(module: Module) -> Module {
    module.every("1 minute", sweep)
}

async fn three_servers_run_a_schedule_once_per_interval(database: Database) {
    let clock = database.clock();
    let servers = [(); 3].map(|()| database.server(clock.clone(), each_minute));
    let mut runners = Vec::new();
    for server in &servers {
        runners.push(server.start().await);
    }
    let mut expected = Vec::new();
    for minute in 0..8 {
        // Clocks don't tick on the minute.
        clock.set(database.at(minute * 60 + i64::from(minute > 0) * minute));
        expected.push(format!("due at {}", database.at(minute * 60)));
        let ran = async || {
            let state = database.only::<JobState>().await;
            state.run_at == database.at((minute + 1) * 60)
        };
        assert!(wait_until(ran, PATIENCE).await, "minute {minute}");
        assert_eq!(database.traces().await, expected);
    }
    let mut done = 0;
    for runner in runners {
        done += only(&runner.stop().await).done;
    }
    assert_eq!(done, 8);
    assert_eq!(database.traces().await, expected);
    let state = database.only::<JobState>().await;
    assert_eq!((&*state.name, state.attempts), ("test.sweep", 0));
    assert_eq!(state.last_run_at, Some(database.at(7 * 60 + 7)));
}

async fn a_failed_run_is_repeated_soon(database: Database) {
    let clock = database.clock();
    let server = database.server(clock.clone(), |module| module.every("1 day", stumble));
    let runner = server.start().await;
    let failed = async || database.only::<JobState>().await.last_error.is_some();
    assert!(wait_until(failed, PATIENCE).await);
    let state = database.only::<JobState>().await;
    assert_eq!(&*state.last_error.unwrap(), "not yet");
    assert!(state.run_at <= database.at(5), "{}", state.run_at);

    clock.set(database.at(6));
    let succeeded = async || database.only::<JobState>().await.last_run_at.is_some();
    assert!(wait_until(succeeded, PATIENCE).await);
    let state = database.only::<JobState>().await;
    assert_eq!((state.last_error, state.attempts), (None, 0));
    assert_eq!(database.traces().await.len(), 1);
    runner.stop().await;
}

async fn a_paused_schedule_rests(database: Database) {
    let clock = database.clock();
    let server = database
        .server(clock.clone(), |module| module.every("1 minute", sweep).every("1 minute", stumble));
    let platform = Context::system("test", None, database.start);
    server.kernel.set_job_paused(&platform, "test.sweep", true).await.unwrap();
    let runner = server.start().await;
    let state = async |name: &str| {
        let states = database.all::<JobState>().await;
        states.into_iter().find(|state| &*state.name == name).unwrap()
    };
    // One claim would have taken both.
    let other_ran = async || state("test.stumble").await.last_error.is_some();
    assert!(wait_until(other_ran, PATIENCE).await);
    assert_eq!(state("test.sweep").await.attempts, 0);

    server.kernel.set_job_paused(&platform, "test.sweep", false).await.unwrap();
    let ran = async || state("test.sweep").await.last_run_at.is_some();
    assert!(wait_until(ran, PATIENCE).await);
    runner.stop().await;
}
