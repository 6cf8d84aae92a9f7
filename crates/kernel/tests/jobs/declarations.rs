//! Wrong declarations are refused when the module is registered.

use crate::fixture::{Chore, Database, Errand, leave_trace};
use mainstay_kernel::{Job, Kernel, Module, Parts, Result, SystemClock, Tick};
use mainstay_vault::{MasterKey, SystemEntropy};
use std::sync::Arc;

async fn refused(declare: fn(Module) -> Module) -> String {
    let database = Database::sqlite().await;
    let parts = Parts {
        store: database.store.clone(),
        modules: vec![declare(Module::new("test"))],
        master: MasterKey::generate(&SystemEntropy),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    };
    Kernel::new(parts).err().expect("a wrong declaration is refused").to_string()
}

async fn tidy(_: Tick) -> Result<()> {
    Ok(())
}

#[tokio::test]
async fn a_queue_has_one_handler() {
    let refusal = refused(|m| m.queue::<Errand>(leave_trace).queue::<Errand>(leave_trace)).await;
    assert!(refusal.contains("queue mainstay.errands has two handlers"), "{refusal}");
}

#[tokio::test]
async fn a_schedule_has_one_function_and_an_interval() {
    let refusal = refused(|m| m.every("1 minute", tidy).every("1 hour", tidy)).await;
    assert!(refusal.contains("schedule test.tidy is declared twice"), "{refusal}");
    let refusal = refused(|m| m.every("often", tidy)).await;
    assert!(refusal.contains("write an interval such as"), "{refusal}");
    let refusal = refused(|m| m.every("1 minute", |_: Tick| async { Ok(()) })).await;
    assert!(refusal.contains("a function with a name"), "{refusal}");
}

#[tokio::test]
async fn the_names_of_jobs_are_known() {
    let database = Database::sqlite().await;
    let server = database.server(Arc::new(SystemClock), |module| {
        let chore = |job: Job<Chore>| job.done();
        module.queue::<Errand>(leave_trace).queue::<Chore>(chore).every("1 day", tidy)
    });
    let names: Vec<&str> = server.kernel.job_names().collect();
    assert_eq!(names, ["mainstay.errands", "mainstay.chores", "test.tidy"]);
}
