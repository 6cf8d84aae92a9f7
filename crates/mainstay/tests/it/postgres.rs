//! Commands on PostgreSQL: one role migrates, another serves.

use crate::support::run;
use mainstay_testkit::{MainstayProcess, Postgres, serve_command, temp_dir};
use std::path::Path;

fn serve(data: &Path, database: &[&str]) -> Result<MainstayProcess, mainstay_testkit::NotReady> {
    let mut command = serve_command(crate::support::BINARY);
    command.arg("--data").arg(data).args(database);
    MainstayProcess::start(command)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_migrated_by_its_owner_and_served_by_another_role() {
    let (database, folder) = (Postgres::shared().database().await, temp_dir());
    let data = folder.path().to_str().unwrap();
    let serving = ["--database", &database.app_url];
    let both = [&serving[..], &["--migrate-database", &database.owner_url]].concat();

    let refused = serve(folder.path(), &serving).err().expect("nothing is migrated yet");
    assert!(refused.output.contains("migrate apply"), "{refused}");
    let migrated = run(&[&["migrate", "apply", "--data", data], &both[..]].concat());
    assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
    let status = run(&[&["migrate", "status", "--data", data], &serving[..]].concat());
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stdout));

    let server = serve(folder.path(), &serving).unwrap_or_else(|error| panic!("{error}"));
    let ready = reqwest::get(format!("{}/readyz", server.url())).await.unwrap();
    assert!(ready.status().is_success());
    assert!(server.stop().0.success());

    let doctor = run(&[&["doctor", "--data", data], &both[..]].concat());
    let report = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(doctor.status.success(), "{report}");
    assert!(!report.contains("postgresql://"), "{report}");
    assert!(report.contains("database connection: connection = "), "{report}");

    // The owner could lift row-level security.
    let owner = ["--database", &database.owner_url];
    let refused = serve(folder.path(), &owner).err().expect("the owner may not serve");
    assert!(refused.output.contains("row-level security"), "{refused}");
    let doctor = run(&[&["doctor", "--data", data], &owner[..]].concat());
    assert!(!doctor.status.success());
}
