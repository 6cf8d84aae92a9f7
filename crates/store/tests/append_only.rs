//! What is only ever added stays, whatever program opens the file.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::Timestamp;
use mainstay_entity::{Catalog, Entity, Id, Record, Text, Value};
use mainstay_store::migrate::{self, Options};
use mainstay_store::{
    Access, Compare, Config, Conflict, DEFAULT_APP_ROLE, Delete, ErrorKind, Expression, Filter,
    Insert, Outcome, SqliteConfig, Store,
};
use mainstay_testkit::temp_dir;
use rusqlite::Connection;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use uuid::Uuid;

/// Whose row it is.
#[derive(Entity)]
#[entity(table = "organizations", scope = owner(organization = id), classification = public)]
struct Organization {
    id: Id<Self>,
}

/// What happened.
#[derive(Entity)]
#[entity(
    table = "happenings",
    scope = tenant,
    classification = internal,
    append_only,
    unique(number)
)]
struct Happening {
    id: Id<Self>,
    #[entity(no_reference)]
    organization_id: Id<Organization>,
    /// Its number.
    number: Text<10>,
    /// In words.
    words: Text<50>,
}

/// What another program may try, by keys, by the number of the row and by the unique number.
const FORGERIES: [&str; 9] = [
    "INSERT OR REPLACE INTO happenings (id, organization_id, number, words) SELECT id, organization_id, number, 'forged' FROM happenings",
    "REPLACE INTO happenings (rowid, id, organization_id, number, words) SELECT rowid, randomblob(16), organization_id, '2', 'forged' FROM happenings",
    "REPLACE INTO happenings (id, organization_id, number, words) SELECT randomblob(16), organization_id, number, 'forged' FROM happenings",
    "INSERT INTO happenings (id, organization_id, number, words) SELECT id, organization_id, number, 'forged' FROM happenings WHERE TRUE ON CONFLICT DO UPDATE SET words = 'forged'",
    "INSERT INTO happenings (id, organization_id, number, words) SELECT randomblob(16), organization_id, '3', 'forged' FROM happenings",
    "UPDATE happenings SET words = 'forged'",
    "UPDATE OR REPLACE happenings SET words = 'forged'",
    "DELETE FROM happenings",
    "PRAGMA recursive_triggers = OFF; DELETE FROM happenings WHERE TRUE",
];

async fn open(path: &Path, catalog: &Arc<Catalog>) -> Store {
    let config = Config::Sqlite(SqliteConfig::new(path));
    let options = Options {
        app_role: DEFAULT_APP_ROLE.to_owned(),
        allow_data_loss: false,
        with_own: true,
        now: Timestamp::UNIX_EPOCH,
        binary_version: "0.1.0".parse().unwrap(),
    };
    migrate::apply(&config, catalog, &options).await.unwrap();
    Store::open(config, catalog.clone()).await.unwrap()
}

fn happening(catalog: &Catalog, id: u128, number: &str) -> Insert {
    let row = Happening {
        id: Id::new(Uuid::from_u128(id)),
        organization_id: Id::new(Uuid::from_u128(1)),
        number: Text::new(number).unwrap(),
        words: Text::new("as it was").unwrap(),
    };
    let table = catalog.find(Happening::SCHEMA, Happening::TABLE).unwrap().clone();
    Insert { table, rows: vec![row.into_record()], conflict: Conflict::Fail }
}

fn words(connection: &Connection) -> Vec<String> {
    let mut statement = connection.prepare("SELECT words FROM happenings").unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test]
async fn rows_that_are_only_added_stay_whatever_program_writes() {
    let entities = [Organization::meta(), Happening::meta()];
    let catalog = entities.map(|meta| ("test".into(), meta.clone()));
    let catalog = Arc::new(Catalog::new(catalog).unwrap());
    let folder = temp_dir();
    let path = folder.path().join("data.db");
    let store = open(&path, &catalog).await;
    let access = Access::system();
    let table = catalog.find(Organization::SCHEMA, Organization::TABLE).unwrap().clone();
    let rows = vec![Record(vec![Value::Uuid(Uuid::from_u128(1))])];
    let organization = Insert { table, rows, conflict: Conflict::Fail };
    let first = happening(&catalog, 1, "1");
    store.insert(&access, vec![organization, first.clone()]).await.unwrap();

    let outsider = Connection::open(&path).unwrap();
    for forgery in FORGERIES {
        let refused = outsider.execute_batch(forgery);
        assert!(refused.is_err(), "{forgery}");
        assert_eq!(words(&outsider), ["as it was"], "{forgery}");
    }
    for forgery in FORGERIES {
        match Command::new("sqlite3").arg(&path).arg(forgery).output() {
            Ok(output) => assert!(!output.status.success(), "{forgery}: {output:?}"),
            Err(error) => {
                println!("skipped: no sqlite3 here ({error})");
                break;
            }
        }
    }
    assert_eq!(words(&outsider), ["as it was"]);

    // This program's own way is open: new rows, and keys that exist told as ever.
    store.insert(&access, vec![happening(&catalog, 2, "2")]).await.unwrap();
    let error = store.insert(&access, vec![first.clone()]).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unique(_)), "{error}");
    let mut transaction = store.begin(&access).await.unwrap();
    let again = Insert { conflict: Conflict::Ignore { key: Vec::new() }, ..first.clone() };
    assert_eq!(transaction.insert(again).await.unwrap(), [Outcome::Ignored]);
    transaction.commit().await.unwrap();
    assert_eq!(words(&outsider).len(), 2);

    // Rows go for retention alone, and for nobody beside it.
    let table = first.table.clone();
    let number = Expression::column(table.column_index("number").unwrap());
    let right = Value::Text("2".to_owned());
    let filter = Filter::Compare { left: number, op: Compare::Eq, right };
    let delete = Delete { table, filter };
    for (access, is_allowed) in [(Access::system(), false), (Access::retention(), true)] {
        let mut transaction = store.begin(&access).await.unwrap();
        let removed = transaction.purge(delete.clone()).await;
        match removed {
            Ok(count) => assert!(is_allowed && count == 1),
            Err(error) => {
                assert!(!is_allowed, "{error}");
                assert!(matches!(error.kind(), ErrorKind::AppendOnly { .. }), "{error}");
            }
        }
        if is_allowed {
            transaction.commit().await.unwrap();
        }
    }
    assert_eq!(words(&outsider).len(), 1);
    assert!(outsider.execute_batch("DELETE FROM happenings").is_err());
}
