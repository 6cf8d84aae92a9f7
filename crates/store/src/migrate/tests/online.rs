//! Indexes of tables that are there, on `PostgreSQL`: built while rows are written.

use crate::migrate::{Applied, postgres};
use crate::render::Dialect;
use crate::schema::tests::fixture::{Db, all, catalog, index, options, unique};
use mainstay_entity::{Direction, EntityMeta, NullsDistinct, Unique};
use mainstay_testkit::wait_until;
use std::borrow::Cow;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_postgres::Client;

const LIMIT: Duration = Duration::from_secs(20);

const INDEX: &str = "SELECT CASE WHEN indisvalid THEN 'valid' ELSE 'invalid' END FROM pg_index \
                     WHERE indexrelid = to_regclass('mainstay.teams_label_idx')";
const TEAM: &str = "INSERT INTO ~teams (id, organization_id, label) VALUES ";

/// The catalog with an index of teams by label that the database does not have.
fn indexed() -> Vec<EntityMeta> {
    let mut entities = all();
    entities[2].indexes = Cow::Owned(vec![index(&[("label", Direction::Descending)])]);
    entities
}

async fn filled() -> Db {
    let mut db = Db::with(Dialect::Postgres, all()).await;
    db.run("INSERT INTO ~organizations (id, name) VALUES (#1, 'one')").await;
    db.run(&format!("{TEAM} (#10, #1, 'a')")).await;
    db
}

/// A migration on a connection of its own, and the server's process for it.
async fn migrate(db: &Db, entities: Vec<EntityMeta>) -> (i32, JoinHandle<crate::Result<Applied>>) {
    let mut client = db.again().await;
    let pid = client.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    let apply = async move { postgres::apply(&mut client, &catalog(entities), &options()).await };
    (pid, tokio::spawn(apply))
}

/// A transaction that has written to teams and goes on.
async fn writer(db: &Db) -> Client {
    let client = db.again().await;
    client.batch_execute("SET app.system = 'on'; BEGIN").await.unwrap();
    client.batch_execute(&db.expand(&format!("{TEAM} (#11, #1, 'b')"))).await.unwrap();
    client
}

/// Waits until the migration waits for the writer.
async fn builds(db: &mut Db, pid: i32) {
    let observer = db.again().await;
    let sql = "SELECT coalesce(query LIKE 'CREATE INDEX CONCURRENTLY%' \
                               AND wait_event_type = 'Lock', false) \
               FROM pg_stat_activity WHERE pid = $1";
    let is_building = async || observer.query_one(sql, &[&pid]).await.unwrap().get(0);
    assert!(wait_until(is_building, LIMIT).await);
}

#[tokio::test]
async fn rows_are_written_while_an_index_is_built() {
    let mut db = filled().await;
    let open = writer(&db).await;
    let (pid, migration) = migrate(&db, indexed()).await;
    builds(&mut db, pid).await;

    // Servers do without it meanwhile, and others write.
    let status = db.status(indexed(), &options()).await;
    assert_eq!((status.is_ready(), status.building, status.pending), (true, 1, 0), "{status}");
    db.run("SET statement_timeout = '5s'").await;
    db.run(&format!("{TEAM} (#12, #1, 'c')")).await;
    db.run("UPDATE ~teams SET label = 'd' WHERE label = 'a'").await;
    open.batch_execute("COMMIT").await.unwrap();

    assert_eq!(migration.await.unwrap().unwrap().steps.len(), 1);
    assert_eq!(db.read(INDEX).await, "valid");
    assert_eq!(db.compare(indexed()).await, Vec::<String>::new());
    assert!(db.plan(indexed(), &options()).await.unwrap().is_empty());
    let found = "SET enable_seqscan = off; SELECT label FROM ~teams ORDER BY label";
    assert_eq!(db.read(found).await, "b c d");
}

#[tokio::test]
async fn a_build_that_was_cut_off_is_made_anew() {
    let mut db = filled().await;
    let open = writer(&db).await;
    let (pid, migration) = migrate(&db, indexed()).await;
    builds(&mut db, pid).await;
    let observer = db.again().await;
    observer.query("SELECT pg_terminate_backend($1)", &[&pid]).await.unwrap();
    migration.await.unwrap().unwrap_err();
    open.batch_execute("COMMIT").await.unwrap();
    assert_eq!(db.read(INDEX).await, "invalid");

    let plan = db.plan(indexed(), &options()).await.unwrap();
    assert!(plan.steps[0].sql[0].contains("CONCURRENTLY"), "{plan:#}");
    assert_eq!(db.apply(indexed(), &options()).await.unwrap().steps, plan.steps);
    assert_eq!(db.read(INDEX).await, "valid");
    assert_eq!(db.compare(indexed()).await, Vec::<String>::new());
    assert!(db.plan(indexed(), &options()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_key_that_rows_break_leaves_no_index_behind() {
    let mut db = filled().await;
    db.run(&format!("{TEAM} (#13, #1, 'e'), (#14, #1, 'f')")).await;
    let mut entities = all();
    let column = crate::schema::tests::fixture::nullable("place", mainstay_entity::Kind::Integer);
    entities[2].columns.to_mut().push(column);
    db.apply(entities.clone(), &options()).await.unwrap();
    db.run("UPDATE ~teams SET place = 1").await;
    let filter = Some(Cow::Borrowed("place is not null"));
    let key = Unique { filter, nulls: NullsDistinct::Yes, ..unique(&["place"]) };
    entities[2].uniques.to_mut().push(key);
    // Servers rely on a key, so they wait for it.
    assert!(!db.status(entities.clone(), &options()).await.is_ready());
    let error = db.apply(entities.clone(), &options()).await.unwrap_err();
    assert!(error.to_string().contains("could not add index teams_place_key"), "{error}");
    let left = "SELECT count(*) FROM pg_class WHERE relname LIKE 'teams_place%'";
    assert_eq!(db.read(left).await, "0");
    db.run("UPDATE ~teams SET place = NULL WHERE label <> 'e'").await;
    db.apply(entities.clone(), &options()).await.unwrap();
    assert_eq!(db.compare(entities.clone()).await, Vec::<String>::new());
    db.refused("UPDATE ~teams SET place = 1", "teams_place_key").await;

    // A key that takes another's place comes with the migration: there is always one that holds.
    entities[2].uniques.to_mut().last_mut().unwrap().filter = Some(Cow::Borrowed("place > 0"));
    let plan = format!("{:#}", db.plan(entities.clone(), &options()).await.unwrap());
    assert!(plan.contains("place > 0") && !plan.contains("CONCURRENTLY"), "{plan}");
    db.apply(entities, &options()).await.unwrap();
    db.refused("UPDATE ~teams SET place = 1", "teams_place_key").await;
}
