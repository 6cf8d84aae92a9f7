//! Time partitions of `PostgreSQL`, and what else partitioned tables promise on both engines.

use super::fixture::{
    Db, all, catalog, column, entity, names, nullable, on_both_engines, options, organizations,
    text, unique,
};
use crate::migrate::Risk;
use crate::render::Dialect;
use mainstay_entity::{Catalog, Column, DefaultValue, EntityMeta, Kind, Scope, Unique};
use std::borrow::Cow;
use tokio_postgres::error::SqlState;

on_both_engines!(keys_hold_over_all_partitions, tables_with_rows_become_partitioned);

/// What was noted, with a key that some notes have.
fn logs() -> EntityMeta {
    let at = Column { default: Some(DefaultValue::Now), ..column("noted_at", Kind::Timestamp) };
    let mut logs = entity(
        "logs",
        Scope::Tenant,
        vec![column("note", text(20)), nullable("token", text(9)), at],
    );
    let given = Some(Cow::Borrowed("token is not null"));
    logs.uniques = Cow::Owned(vec![Unique { filter: given, ..unique(&["token"]) }]);
    let mut brin = super::fixture::index(&[("noted_at", mainstay_entity::Direction::Ascending)]);
    brin.brin = true;
    let by_note = super::fixture::index(&[("note", mainstay_entity::Direction::Ascending)]);
    logs.indexes = Cow::Owned(vec![brin, by_note]);
    logs.append_only = true;
    logs.partitioned = true;
    logs.references = Cow::Borrowed(&[]);
    logs
}

fn entities() -> Vec<EntityMeta> {
    vec![organizations(), logs()]
}

/// An identifier of `organization` 1 made in a month of 2026, or long ago.
fn note(organization: u32, id: &str, token: &str) -> String {
    let token = if token.is_empty() { "NULL".to_owned() } else { format!("'{token}'") };
    format!(
        "INSERT INTO ~logs (id, organization_id, note, token) \
         VALUES ({id}, #{organization}, 'n', {token})"
    )
}

fn id_at(dialect: Dialect, year: i16, month: i8) -> String {
    let at = jiff::civil::date(year, month, 10).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
    let hex = format!("{:012x}7000800000000000000{month:01x}", at.timestamp().as_millisecond());
    match dialect {
        Dialect::Sqlite => format!("x'{hex}'"),
        Dialect::Postgres => format!("'{hex}'::uuid"),
    }
}

async fn keys_hold_over_all_partitions(dialect: Dialect) {
    let mut db = Db::with(dialect, entities()).await;
    assert_eq!(db.compare(entities()).await, Vec::<String>::new());
    assert!(db.plan(entities(), &options()).await.unwrap().is_empty());
    let (old, older) = (id_at(dialect, 2024, 3), id_at(dialect, 2020, 12));
    db.run(&note(1, &old, "a")).await;
    db.run(&note(2, &old, "a")).await;
    db.run(&note(1, &older, "")).await;
    db.run(&note(1, "#1", "")).await;
    db.refused(&note(1, &older, "a"), "logs").await;
    db.refused(&note(1, "#2", "a"), "token").await;
    db.refused(&note(1, &old, "b"), "logs").await;
    // What was refused left no key behind.
    db.run(&note(1, "#2", "b")).await;
    db.refused("UPDATE ~logs SET note = 'm'", "mainstay:append_only:logs").await;
    db.refused("DELETE FROM ~logs", "mainstay:append_only:logs").await;
    assert_eq!(db.read("SELECT count(*) FROM ~logs").await, "5");
}

/// As it was before the entity was partitioned.
fn unpartitioned() -> Vec<EntityMeta> {
    let mut entities = entities();
    entities[1].partitioned = false;
    entities
}

async fn tables_with_rows_become_partitioned(dialect: Dialect) {
    let mut db = Db::with(dialect, unpartitioned()).await;
    let old = id_at(dialect, 2024, 3);
    db.run(&note(1, &old, "a")).await;
    db.run(&note(1, "#1", "")).await;
    let plan = db.plan(entities(), &options()).await.unwrap();
    if dialect == Dialect::Postgres {
        let words: Vec<String> = plan.steps.iter().map(ToString::to_string).collect();
        let expected = "partition table mainstay.logs by month; its rows stay in place";
        assert_eq!(words.last().unwrap(), expected);
        assert!(plan.steps.iter().all(|step| step.risk == Risk::Additive));
    } else {
        assert!(plan.is_empty());
    }
    db.apply(entities(), &options()).await.unwrap();
    assert_eq!(db.compare(entities()).await, Vec::<String>::new());
    assert!(db.plan(entities(), &options()).await.unwrap().is_empty());
    assert_eq!(db.read("SELECT count(*) FROM ~logs").await, "2");
    db.refused(&note(1, "#2", "a"), "token").await;
    db.refused(&note(1, &old, ""), "logs").await;
    db.run(&note(1, &id_at(dialect, 2030, 1), "c")).await;
    db.refused("DELETE FROM ~logs", "mainstay:append_only:logs").await;
    if dialect == Dialect::Postgres {
        let error = db.apply(unpartitioned(), &options()).await.unwrap_err();
        assert!(error.to_string().contains("table mainstay.logs is partitioned"), "{error}");
    }
}

#[tokio::test]
async fn partitions_are_made_ahead_by_servers_that_own_nothing() {
    let mut db = Db::with(Dialect::Postgres, entities()).await;
    let parts = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'mainstay.logs'::regclass";
    // This month, three more, and the default.
    assert_eq!(db.read(parts).await, "5");
    db.run("DROP TABLE mainstay.logs_default").await;
    db.run("CREATE TABLE mainstay.logs_default PARTITION OF mainstay.logs DEFAULT").await;
    let past = id_at(Dialect::Postgres, 2024, 3);
    let lost = id_at(Dialect::Postgres, 2099, 3);
    db.run(&note(1, &past, "past")).await;
    db.run(&note(1, &lost, "lost")).await;
    let app = db.as_app().await;
    let made = app.query_one("SELECT mainstay.make_partitions()", &[]).await.unwrap();
    assert_eq!(made.get::<_, i32>(0), 1);
    assert_eq!(db.read("SELECT count(*) FROM mainstay.logs_2024_03").await, "1");
    // A month that no clock tells stays where it is.
    assert_eq!(db.read("SELECT count(*) FROM mainstay.logs_default").await, "1");
    assert_eq!(db.read("SELECT count(*) FROM mainstay.logs").await, "2");
    assert_eq!(db.read("SELECT mainstay.make_partitions()").await, "0");
    assert_eq!(db.compare(entities()).await, Vec::<String>::new());
    // The key is still held, and the row can't go.
    let again = note(1, "#9", "past");
    db.refused(&again, "logs_token_key").await;
    db.refused("DELETE FROM mainstay.logs_2024_03", "mainstay:append_only").await;
    for denied in [
        "SELECT FROM mainstay.logs_2024_03",
        "SELECT FROM mainstay.logs_default",
        "CREATE TABLE mainstay.x PARTITION OF mainstay.logs FOR VALUES FROM (MINVALUE) TO (MAXVALUE)",
    ] {
        let error = app.batch_execute(denied).await.unwrap_err();
        assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{denied}");
    }
}

/// An index is built for one partition after the other, while the others and it are in use.
#[tokio::test]
async fn indexes_of_partitions_are_built_while_rows_are_written() {
    let mut db = Db::with(Dialect::Postgres, entities()).await;
    db.run(&note(1, &id_at(Dialect::Postgres, 2024, 3), "a")).await;
    let mut wider = entities();
    let by_token = super::fixture::index(&[("token", mainstay_entity::Direction::Ascending)]);
    wider[1].indexes.to_mut().push(by_token);
    let plan = db.plan(wider.clone(), &options()).await.unwrap();
    assert!(plan.steps[0].sql[0].contains(" ON ONLY "), "{plan:#}");
    // What a crash left: the index of the whole, and of one partition what is not attached.
    db.run(&plan.steps[0].sql[0]).await;
    db.run("CREATE INDEX logs_default_logs_token_idx ON mainstay.logs_default (note)").await;
    assert!(!db.compare(wider.clone()).await.is_empty());

    db.apply(wider.clone(), &options()).await.unwrap();
    assert_eq!(db.compare(wider.clone()).await, Vec::<String>::new());
    assert!(db.plan(wider, &options()).await.unwrap().is_empty());
    let parts = "SELECT count(*) FROM pg_inherits \
                 WHERE inhparent = 'mainstay.logs_token_idx'::regclass";
    assert_eq!(db.read(parts).await, "5");
    db.run("SELECT mainstay.make_partitions()").await;
    assert_eq!(db.read(parts).await, "6");
}

/// S4-B42, S2-B78: where a partition lies and how it is vacuumed is the operator's.
#[tokio::test]
async fn old_partitions_can_move_to_slower_storage() {
    let mut db = Db::with(Dialect::Postgres, entities()).await;
    db.run(&note(1, &id_at(Dialect::Postgres, 2024, 3), "old")).await;
    db.run("SELECT mainstay.make_partitions()").await;
    let superuser = db.as_superuser().await;
    let name = db.read("SELECT 'slow_' || replace(gen_random_uuid()::text, '-', '')").await;
    superuser.batch_execute("SET allow_in_place_tablespaces = on").await.unwrap();
    // A folder of the server's own stands for another disk.
    superuser.batch_execute(&format!("CREATE TABLESPACE {name} LOCATION ''")).await.unwrap();
    let grant = format!("GRANT CREATE ON TABLESPACE {name} TO {}", mainstay_testkit::OWNER_ROLE);
    superuser.batch_execute(&grant).await.unwrap();
    db.run(&format!(
        "ALTER TABLE mainstay.logs_2024_03 SET TABLESPACE {name};
         ALTER TABLE mainstay.logs_2024_03 SET (autovacuum_vacuum_scale_factor = 0.05)"
    ))
    .await;

    assert_eq!(db.compare(entities()).await, Vec::<String>::new());
    assert!(db.plan(entities(), &options()).await.unwrap().is_empty());
    db.run(&note(1, &id_at(Dialect::Postgres, 2026, 3), "new")).await;
    assert_eq!(db.read("SELECT token FROM ~logs ORDER BY token").await, "new old");
    db.refused("DELETE FROM ~logs", "mainstay:append_only:logs").await;
    let mut wider = entities();
    wider[1].columns.to_mut().push(nullable("remark", text(10)));
    db.apply(wider.clone(), &options()).await.unwrap();
    assert_eq!(db.compare(wider).await, Vec::<String>::new());
    let place = "SELECT spcname || ' ' || array_to_string(reloptions, ',') FROM pg_class c \
                 JOIN pg_tablespace t ON t.oid = c.reltablespace \
                 WHERE c.oid = 'mainstay.logs_2024_03'::regclass";
    assert_eq!(db.read(place).await, format!("{name} autovacuum_vacuum_scale_factor=0.05"));
    db.run("ALTER TABLE mainstay.logs_2024_03 SET TABLESPACE pg_default").await;
    superuser.batch_execute(&format!("DROP TABLESPACE {name}")).await.unwrap();
}

#[tokio::test]
async fn a_row_that_is_removed_gives_its_key_back() {
    let mut db = Db::with(Dialect::Postgres, entities()).await;
    let id = id_at(Dialect::Postgres, 2024, 3);
    db.run(&note(1, &id, "a")).await;
    db.run("SET app.retention = 'on'; DELETE FROM ~logs; RESET app.retention").await;
    db.run(&note(1, "#3", "a")).await;
}

#[test]
fn keys_that_partitions_cannot_keep_are_refused_with_advice() {
    let refused = |change: fn(&mut EntityMeta)| {
        let mut logs = logs();
        change(&mut logs);
        let metas = [organizations(), logs].map(|meta| (Cow::Borrowed("test"), meta));
        Catalog::new(metas).unwrap_err().to_string()
    };
    let advice = "unique key logs_token_key does not contain: make the entity append_only";
    assert!(refused(|logs| logs.append_only = false).contains(advice));
    let other = |logs: &mut EntityMeta| {
        logs.uniques.to_mut()[0].filter = Some(Cow::Borrowed("note <> ''"));
    };
    assert!(refused(other).contains(advice));
    let key = |logs: &mut EntityMeta| logs.primary_key = names(&["organization_id", "note"]);
    assert!(refused(key).contains("partitioned by id, which its primary key must contain"));
    assert!(catalog(all()).find("mainstay", "events").is_some());
}
