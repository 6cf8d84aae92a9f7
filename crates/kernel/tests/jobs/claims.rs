//! Who gets which row, and when.

use crate::fixture::{
    Chore, Database, Errand, PATIENCE, leave_trace, on_both_engines, only, organization, trace,
};
use mainstay_entity::Value;
use mainstay_kernel::entities::JobStatus;
use mainstay_kernel::{Context, Job, JobSettings, SystemClock};
use mainstay_store::{Access, Compare, Expression, Filter, Select};
use mainstay_testkit::wait_until;
use parking_lot::Mutex;
use std::collections::BTreeSet;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

on_both_engines! {
    four_servers_run_each_of_500_rows_once
    a_crash_gives_rows_back_when_their_lease_ends
    a_handler_that_outlives_its_lease_writes_nothing
    a_running_handler_keeps_its_lease
    rows_of_this_server_are_seen_at_once
    rows_wait_for_their_time
    urgent_rows_go_first
    equal_keys_of_two_organisations_stay_apart
    a_paused_queue_rests_on_all_servers
}

async fn four_servers_run_each_of_500_rows_once(database: Database) {
    let servers: Vec<_> = (0..4).map(|_| database.runs(leave_trace)).collect();
    for number in 0..5 {
        let labels = (0..100).map(|row| format!("{number}-{row}"));
        servers[0].add(organization(number + 1), labels).await;
    }
    let mut runners = Vec::new();
    for server in &servers {
        runners.push(server.start().await);
    }
    let done = async || {
        database.all::<Errand>().await.iter().all(|errand| errand.status == JobStatus::Done)
    };
    assert!(wait_until(done, PATIENCE).await);
    let (mut claimed, mut finished) = (0, 0);
    for runner in runners {
        let stats = runner.stop().await;
        claimed += only(&stats).claimed;
        finished += only(&stats).done;
    }
    assert_eq!((claimed, finished), (500, 500));
    let traces = database.traces().await;
    assert_eq!(traces.len(), 500);
    assert_eq!(traces.iter().collect::<BTreeSet<_>>().len(), 500);
    for errand in database.all::<Errand>().await {
        assert_eq!((errand.attempts, &errand.leased_by, errand.leased_until), (1, &None, None));
    }
    let events = database.events().await;
    assert_eq!(events.iter().filter(|action| *action == "errands.complete").count(), 500);
}

async fn a_crash_gives_rows_back_when_their_lease_ends(database: Database) {
    let clock = database.clock();
    let started = Arc::new(Notify::new());
    let begun = started.clone();
    let crashing = database.runs_at(&clock, move |_: Job<Errand>| {
        begun.notify_one();
        pending()
    });
    crashing.add_one("held").await;
    let runner = crashing.start().await;
    started.notified().await;
    drop(runner);

    let other = database.runs_at(&clock, leave_trace);
    clock.set(database.at(59));
    other.add_one("free").await;
    let runner = other.start().await;
    database.reaches("free", JobStatus::Done).await;
    // One claim would have taken both.
    let held = database.errand("held").await;
    assert_eq!((held.status, held.attempts), (JobStatus::Running, 1));

    clock.set(database.at(60));
    database.reaches("held", JobStatus::Done).await;
    assert_eq!(database.errand("held").await.attempts, 2);
    assert_eq!(database.traces().await, ["free", "held"]);
    runner.stop().await;
}

async fn a_handler_that_outlives_its_lease_writes_nothing(database: Database) {
    let clock = database.clock();
    let (started, gate) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (begun, wait) = (started.clone(), gate.clone());
    let slow = database.runs_at(&clock, move |job: Job<Errand>| {
        begun.notify_one();
        let wait = wait.clone();
        async move {
            wait.notified().await;
            leave_trace(job).await
        }
    });
    slow.add_one("errand").await;
    // It looks once: it would claim its own row again.
    let settings = JobSettings { poll: Duration::from_hours(1), ..JobSettings::new("slow") };
    let slow_runner = slow.start_with(settings).await;
    started.notified().await;

    clock.set(database.at(61));
    let quick_runner = database.runs_at(&clock, leave_trace).start().await;
    database.reaches("errand", JobStatus::Done).await;
    gate.notify_one();
    let slow_stats = slow_runner.stop().await;
    assert_eq!((only(&slow_stats).done, only(&slow_stats).lost), (0, 1));
    assert_eq!(only(&quick_runner.stop().await).done, 1);
    assert_eq!(database.traces().await, ["errand"]);
    let completions = database.events().await;
    assert_eq!(completions.iter().filter(|action| *action == "errands.complete").count(), 1);
}

async fn a_running_handler_keeps_its_lease(database: Database) {
    // Longer than two leases.
    let handler = |job: Job<Chore>| async move {
        tokio::time::sleep(Duration::from_millis(3_200)).await;
        let work = trace(job.kernel(), job.context(), &job.row.label).await?;
        job.finish(work).await
    };
    let clock = Arc::new(SystemClock);
    let servers =
        [(); 2].map(|()| database.server(clock.clone(), |module| module.queue::<Chore>(handler)));
    let label = ("label", Value::Text("long".to_owned()));
    servers[0].add_rows::<Chore>(organization(1), vec![vec![label]]).await;
    let runners = [servers[0].start().await, servers[1].start().await];
    let done = async || database.only::<Chore>().await.state == JobStatus::Done;
    assert!(wait_until(done, PATIENCE).await, "{:?}", database.only::<Chore>().await);
    assert_eq!(database.only::<Chore>().await.tries, 1);
    assert_eq!(database.traces().await, ["long"]);
    for runner in runners {
        runner.stop().await;
    }
}

async fn rows_of_this_server_are_seen_at_once(database: Database) {
    let server = database.runs(leave_trace);
    // The first look is at the start; after it nothing is looked for.
    let settings = JobSettings { poll: Duration::from_hours(1), ..JobSettings::new("test") };
    let runner = server.start_with(settings).await;
    server.add_one("first").await;
    database.reaches("first", JobStatus::Done).await;
    // In a unit of work too.
    let context = Context::system("test", Some(organization(1)), server.kernel.clock().now());
    let mut work = server.kernel.begin(&context).await.unwrap();
    let table = database.table::<Errand>();
    let mut row = mainstay_kernel::NewRow::empty(&table);
    row.set(&table, "label", Value::Text("second".to_owned())).unwrap();
    let conflict = mainstay_store::Conflict::Fail;
    work.create(mainstay_kernel::Create { table, rows: vec![row], conflict }).await.unwrap();
    work.commit().await.unwrap();
    database.reaches("second", JobStatus::Done).await;
    runner.stop().await;
}

async fn rows_wait_for_their_time(database: Database) {
    let clock = database.clock();
    let server = database.runs_at(&clock, leave_trace);
    let row = |label: &str, seconds| {
        let run_at = Value::Timestamp(database.at(seconds).as_microsecond());
        vec![("label", Value::Text(label.to_owned())), ("run_at", run_at)]
    };
    server.add_rows::<Errand>(organization(1), vec![row("now", 0), row("later", 1)]).await;
    let runner = server.start().await;
    database.reaches("now", JobStatus::Done).await;
    assert_eq!(database.errand("later").await.attempts, 0);
    clock.set(database.at(1));
    database.reaches("later", JobStatus::Done).await;
    runner.stop().await;
}

async fn urgent_rows_go_first(database: Database) {
    let order = Arc::new(Mutex::new(Vec::new()));
    let seen = order.clone();
    let server = database.server(Arc::new(SystemClock), |module| {
        module.queue::<Chore>(move |job: Job<Chore>| {
            seen.lock().push(job.row.label.to_string());
            job.done()
        })
    });
    let row = |label: &str, urgency| {
        vec![("label", Value::Text(label.to_owned())), ("urgency", Value::Int(urgency))]
    };
    let rows = vec![row("low", -1), row("high", 9), row("middle", 3), row("middle too", 3)];
    server.add_rows::<Chore>(organization(1), rows).await;
    let runner = server.start().await;
    let done = async || order.lock().len() == 4;
    assert!(wait_until(done, PATIENCE).await);
    runner.stop().await;
    assert_eq!(*order.lock(), ["high", "middle", "middle too", "low"]);
}

/// A tenant may choose an identifier that another one has.
async fn equal_keys_of_two_organisations_stay_apart(database: Database) {
    let server = database.runs(leave_trace);
    let row = |label: &str, seconds| {
        let run_at = Value::Timestamp(database.at(seconds).as_microsecond());
        let id = Value::Uuid(organization(77));
        vec![("id", id), ("label", Value::Text(label.to_owned())), ("run_at", run_at)]
    };
    server.add_rows::<Errand>(organization(1), vec![row("due", 0)]).await;
    let far = i64::from(u32::MAX);
    server.add_rows::<Errand>(organization(2), vec![row("far", far)]).await;
    let runner = server.start().await;
    database.reaches("due", JobStatus::Done).await;
    runner.stop().await;
    let far = database.errand("far").await;
    assert_eq!((far.status, far.attempts), (JobStatus::Pending, 0));
}

async fn a_paused_queue_rests_on_all_servers(database: Database) {
    let [here, there] = [(); 2].map(|()| database.runs(leave_trace));
    let platform = Context::system("test", None, here.kernel.clock().now());
    let runner = here.start().await;
    here.add_one("first").await;
    database.reaches("first", JobStatus::Done).await;

    there.kernel.set_job_paused(&platform, "mainstay.errands", true).await.unwrap();
    // Another server learns it with its next look for changes; one that starts knows it.
    drop(runner);
    let runner = here.start().await;
    here.add_one("second").await;
    let looked = async || only(&runner.stats()).oldest_due.is_some();
    assert!(wait_until(looked, PATIENCE).await);
    assert_eq!((only(&runner.stats()).claimed, database.errand("second").await.attempts), (0, 0));

    there.kernel.set_job_paused(&platform, "mainstay.errands", false).await.unwrap();
    database.reaches("second", JobStatus::Done).await;
    runner.stop().await;
    let events = database.events().await;
    let told = |action: &str| events.iter().any(|event| event == action);
    assert!(told("job_states.pause") && told("job_states.resume"), "{events:?}");
    let unknown = here.kernel.set_job_paused(&platform, "mainstay.nothing", true).await;
    assert!(unknown.is_err());
}

/// `SQLite` has one writer, and so nothing that could be locked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_waits_for_no_other() {
    let database = Database::postgres().await;
    let server = database.runs(leave_trace);
    server.add(organization(1), ["locked".to_owned(), "free".to_owned()]).await;
    let table = database.table::<Errand>();
    let label = Expression::column(table.column_index("label").unwrap());
    let mut select = Select::all(table).filtered(Filter::Compare {
        left: label,
        op: Compare::Eq,
        right: Value::Text("locked".to_owned()),
    });
    select.for_update = true;
    let mut other_claim = database.store.begin(&Access::system()).await.unwrap();
    assert_eq!(other_claim.fetch(&select).await.unwrap().len(), 1);

    let runner = server.start().await;
    database.reaches("free", JobStatus::Done).await;
    assert_eq!(database.errand("locked").await.status, JobStatus::Pending);
    other_claim.rollback().await;
    database.reaches("locked", JobStatus::Done).await;
    runner.stop().await;
}
