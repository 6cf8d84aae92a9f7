//! A role or server that row-level security would not bind is refused, with words that help.

use super::fixture::migrated;
use crate::error::{ErrorKind, Result};
use crate::postgres::{PostgresConfig, PostgresEngine};
use mainstay_testkit::{APP_ROLE, OWNER_ROLE, connect};

/// Why the engine refuses to open.
fn refusal(opened: Result<PostgresEngine>) -> String {
    match opened.map(drop).unwrap_err().kind() {
        ErrorKind::Refused(why) => why.clone(),
        other => panic!("{other:?} is no refusal"),
    }
}

/// The URL with another role, whose password is the same.
fn renamed(url: &str, role: &str) -> String {
    let (_, rest) = url.trim_start_matches("postgresql://").split_once(':').unwrap();
    format!("postgresql://{role}:{rest}")
}

#[tokio::test]
async fn roles_that_could_lift_row_level_security_are_refused() {
    let (database, catalog) = migrated().await;
    let open = |url: &str| PostgresEngine::open(PostgresConfig::new(url), catalog.clone());
    assert!(refusal(open(&database.superuser_url).await).contains("superuser"));
    assert!(refusal(open(&database.owner_url).await).contains("owns nothing"));

    let admin = connect(&database.superuser_url).await.unwrap();
    let (bypassing, member) = (format!("{}_b", database.name), format!("{}_m", database.name));
    let password = database.app_url.split(&[':', '@'][..]).nth(2).unwrap();
    let create = format!(
        "CREATE ROLE {bypassing} LOGIN BYPASSRLS PASSWORD '{password}'; \
         CREATE ROLE {member} LOGIN IN ROLE {OWNER_ROLE} PASSWORD '{password}'"
    );
    admin.batch_execute(&create).await.unwrap();
    for (role, reason) in [(&bypassing, "BYPASSRLS"), (&member, "owner it is a member of")] {
        let why = refusal(open(&renamed(&database.app_url, role)).await);
        assert!(why.contains(reason), "{why}");
    }
    let drop_roles = format!("DROP ROLE {bypassing}; DROP ROLE {member}");
    admin.batch_execute(&drop_roles).await.unwrap();
}

#[tokio::test]
async fn tables_without_forced_row_level_security_are_refused() {
    let (database, catalog) = migrated().await;
    let owner = connect(&database.owner_url).await.unwrap();
    owner.batch_execute("ALTER TABLE mainstay.teams NO FORCE ROW LEVEL SECURITY").await.unwrap();
    let opened = PostgresEngine::open(PostgresConfig::new(&database.app_url), catalog).await;
    let why = refusal(opened);
    assert!(why.contains("mainstay.teams") && why.contains("migrate apply"), "{why}");
}

#[tokio::test]
async fn targets_that_cannot_be_used_are_told_apart() {
    let (database, catalog) = migrated().await;
    let open = |url: String| PostgresEngine::open(PostgresConfig::new(url), catalog.clone());
    assert!(refusal(open("nonsense://".to_owned()).await).contains("connection string"));
    let allow = format!("{}?sslmode=allow", database.app_url);
    assert!(refusal(open(allow).await).contains("sslmode"));
    let wrong = renamed(&database.app_url, &format!("{APP_ROLE}:x")).replacen(":x:", ":x", 1);
    assert!(refusal(open(wrong).await).contains("password authentication"));
    let nowhere = format!("postgresql://{APP_ROLE}@127.0.0.1:1/x");
    let error = open(nowhere).await.map(drop).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unavailable(_)), "{error}");
}

#[test]
fn configuration_keeps_its_password() {
    let config = PostgresConfig::new("postgresql://role:hunter2@localhost/db");
    assert!(!format!("{config:?}").contains("hunter2"));
}
