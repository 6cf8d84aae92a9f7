//! Names that are longer than PostgreSQL keeps: errors name the constraint that the database has,
//! on both engines the same, and the columns that it is about.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use jiff::Timestamp;
use mainstay_entity::{Catalog, Entity, Id, Record, Text, Value};
use mainstay_store::migrate::{self, Options};
use mainstay_store::{
    Access, Config, Conflict, Error, ErrorKind, Insert, PostgresConfig, SqliteConfig, Store,
    Violation,
};
use mainstay_testkit::{APP_ROLE, Postgres, temp_dir};
use std::sync::Arc;
use uuid::Uuid;

/// Whose row it is.
#[derive(Entity)]
#[entity(table = "organizations", scope = owner(organization = id), classification = public)]
struct Organization {
    id: Id<Self>,
}

/// One of many measurements.
#[derive(Entity)]
#[entity(
    table = "measurements_of_the_environmental_conditions_in_cold_storage",
    scope = tenant,
    classification = internal,
    unique(serial_number_of_the_instrument),
    check(name = "position_is_within_the_building_that_is_named", "shelf <> 13")
)]
struct Measurement {
    id: Id<Self>,
    organization_id: Id<Organization>,
    /// Which instrument.
    serial_number_of_the_instrument: Text<10>,
    /// The one before.
    earlier_one_that_was_taken_at_the_same_place_id: Option<Id<Self>>,
    /// Where.
    #[entity(min = 1)]
    shelf: i32,
}

fn catalog() -> Arc<Catalog> {
    let entities = [Organization::meta(), Measurement::meta()];
    Arc::new(Catalog::new(entities.map(|meta| ("test".into(), meta.clone()))).unwrap())
}

async fn open(serving: Config, owner: &Config, catalog: &Arc<Catalog>) -> Store {
    let options = Options {
        app_role: APP_ROLE.to_owned(),
        allow_data_loss: false,
        with_own: true,
        now: Timestamp::UNIX_EPOCH,
        binary_version: "0.1.0".parse().unwrap(),
    };
    migrate::apply(owner, catalog, &options).await.unwrap();
    Store::open(serving, catalog.clone()).await.unwrap()
}

fn id(number: u128) -> Id<Measurement> {
    Id::new(Uuid::from_u128(number))
}

fn measurement(number: u128, serial: &str, before: Option<u128>, shelf: i32) -> Record {
    Measurement {
        id: id(number),
        organization_id: Id::new(Uuid::from_u128(1)),
        serial_number_of_the_instrument: Text::new(serial).unwrap(),
        earlier_one_that_was_taken_at_the_same_place_id: before.map(id),
        shelf,
    }
    .into_record()
}

/// What is told of the violated constraint: its kind, name and columns.
fn told(error: &Error) -> (&'static str, String, Vec<String>) {
    let (kind, violation) = match error.kind() {
        ErrorKind::Unique(violation) => ("unique", violation),
        ErrorKind::ForeignKey(violation) => ("reference", violation),
        ErrorKind::Check(violation) => ("check", violation),
        other => panic!("{other:?}"),
    };
    let Violation { table, constraint, columns } = violation.clone();
    assert_eq!(table, Measurement::TABLE);
    assert!(constraint.len() <= 63, "{constraint}");
    (kind, constraint, columns)
}

async fn violations(store: &Store, catalog: &Catalog) -> Vec<(&'static str, String, Vec<String>)> {
    let insert = async |table: &str, rows: Vec<Record>| {
        let table = catalog.find("mainstay", table).unwrap().clone();
        let insert = Insert { table, rows, conflict: Conflict::Fail };
        store.insert(&Access::system(), vec![insert]).await
    };
    let organization = Record(vec![Value::Uuid(Uuid::from_u128(1))]);
    insert(Organization::TABLE, vec![organization]).await.unwrap();
    insert(Measurement::TABLE, vec![measurement(1, "a", None, 1)]).await.unwrap();
    let mut violations = Vec::new();
    for row in [
        measurement(1, "b", None, 1),
        measurement(2, "a", None, 1),
        measurement(2, "b", Some(9), 1),
        measurement(2, "b", None, 0),
        measurement(2, "b", None, 13),
    ] {
        violations.push(told(&insert(Measurement::TABLE, vec![row]).await.unwrap_err()));
    }
    violations
}

#[tokio::test]
async fn violated_constraints_with_long_names_are_told_alike() {
    let catalog = catalog();
    let folder = temp_dir();
    let file = Config::Sqlite(SqliteConfig::new(folder.path().join("data.db")));
    let embedded = open(file.clone(), &file, &catalog).await;
    let embedded = violations(&embedded, &catalog).await;

    let database = Postgres::shared().database().await;
    let config = |url: &str| Config::Postgres(PostgresConfig::new(url));
    let server = open(config(&database.app_url), &config(&database.owner_url), &catalog).await;
    assert_eq!(violations(&server, &catalog).await, embedded);

    let columns: Vec<Vec<&str>> = embedded
        .iter()
        .map(|(_, _, columns)| columns.iter().map(String::as_str).collect())
        .collect();
    let expected: [&[&str]; 5] = [
        &["organization_id", "id"],
        &["organization_id", "serial_number_of_the_instrument"],
        &["organization_id", "earlier_one_that_was_taken_at_the_same_place_id"],
        &["shelf"],
        &[],
    ];
    assert_eq!(columns, expected);
}
