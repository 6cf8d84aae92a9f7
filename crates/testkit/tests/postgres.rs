//! The databases that tests get are real, separate, and owned as production ones are.

use mainstay_testkit::{APP_ROLE, OWNER_ROLE, Postgres, connect};
use tokio_postgres::error::SqlState;

#[tokio::test]
async fn roles_can_do_what_production_roles_can_and_no_more() {
    let database = Postgres::shared().database().await;
    let owner = connect(&database.owner_url).await.unwrap();
    owner.batch_execute("CREATE TABLE notes (id int PRIMARY KEY)").await.unwrap();

    let app = connect(&database.app_url).await.unwrap();
    let refused = app.batch_execute("CREATE TABLE more (id int)").await.unwrap_err();
    assert_eq!(refused.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE));
    let refused = app.batch_execute("SELECT * FROM notes").await.unwrap_err();
    assert_eq!(refused.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE));

    let powers = "SELECT count(*) FROM pg_roles \
                  WHERE rolname = ANY ($1) AND rolcanlogin AND NOT (rolsuper OR rolbypassrls)";
    let row = app.query_one(powers, &[&vec![OWNER_ROLE, APP_ROLE]]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 2);
}

#[tokio::test]
async fn server_is_durable_and_collates_by_code_point() {
    let database = Postgres::shared().database().await;
    let client = connect(&database.superuser_url).await.unwrap();
    for (setting, expected) in [("fsync", "on"), ("synchronous_commit", "on")] {
        let row = client.query_one("SELECT current_setting($1)", &[&setting]).await.unwrap();
        assert_eq!(row.get::<_, &str>(0), expected, "{setting}");
    }
    let row = client.query_one("SELECT 'a' > 'B'", &[]).await.unwrap();
    assert!(row.get::<_, bool>(0));
}

#[tokio::test]
async fn databases_are_made_concurrently_and_dropped_with_their_value() {
    let postgres = Postgres::shared();
    let (first, second) = tokio::join!(postgres.database(), postgres.database());
    assert_ne!(first.name, second.name);

    let first_name = first.name.clone();
    let _still_connected = connect(&first.app_url).await.unwrap();
    drop(first);
    let admin = connect(postgres.superuser_url()).await.unwrap();
    let left = "SELECT datname::text FROM pg_database WHERE datname = ANY ($1)";
    let rows = admin.query(left, &[&vec![&first_name, &second.name]]).await.unwrap();
    let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(names, [second.name.as_str()]);
}
