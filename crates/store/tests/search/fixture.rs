//! Notes of two organisations, on both engines.

use jiff::Timestamp;
use mainstay_entity::{Catalog, Entity, EntityMeta, Id, Json, Record, Table, Text, Value};
use mainstay_store::migrate::{self, Applied, Options};
use mainstay_store::{
    Access, Caller, Config, Conflict, Filter, Insert, PostgresConfig, Select, SqliteConfig, Store,
};
use mainstay_testkit::{APP_ROLE, Postgres, TestDatabase, connect, temp_dir};
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use uuid::Uuid;

/// Whose row it is.
#[derive(Entity)]
#[entity(table = "organizations", scope = owner(organization = id), classification = public)]
pub(crate) struct Organization {
    id: Id<Self>,
}

/// Where notes are.
#[derive(Entity)]
#[entity(table = "books", scope = tenant, classification = internal)]
pub(crate) struct Book {
    id: Id<Self>,
    organization_id: Id<Organization>,
}

/// A note.
#[derive(Entity)]
#[entity(table = "notes", scope = tenant, classification = internal, unique(number))]
pub(crate) struct Note {
    pub(crate) id: Id<Self>,
    pub(crate) organization_id: Id<Organization>,
    /// Where it is.
    #[entity(on_delete = cascade)]
    pub(crate) book_id: Option<Id<Book>>,
    /// Its number.
    pub(crate) number: i64,
    /// What it is about.
    #[entity(search)]
    pub(crate) title: Option<Text<200>>,
    /// Labels.
    #[entity(search)]
    pub(crate) tags: Vec<String>,
    /// Facts.
    #[entity(search)]
    pub(crate) facts: Json<()>,
}

/// The declarations; without search when notes are not searched yet.
pub(crate) fn catalog(is_searched: bool) -> Arc<Catalog> {
    let mut metas: Vec<EntityMeta> =
        [Organization::meta(), Book::meta(), Note::meta()].into_iter().cloned().collect();
    for column in metas.iter_mut().flat_map(|meta| meta.columns.to_mut()) {
        column.search &= is_searched;
    }
    Arc::new(Catalog::new(metas.into_iter().map(|meta| ("test".into(), meta))).unwrap())
}

/// A database of one engine.
pub(crate) struct Engine {
    pub(crate) serving: Config,
    owner: Config,
    pub(crate) place: Place,
}

pub(crate) enum Place {
    File(PathBuf, #[expect(dead_code, reason = "the folder goes with it")] TempDir),
    Server(TestDatabase),
}

/// An empty database of each engine.
pub(crate) async fn engines() -> [Engine; 2] {
    let folder = temp_dir();
    let path = folder.path().join("data.db");
    let file = Config::Sqlite(SqliteConfig::new(&path));
    let database = Postgres::shared().database().await;
    let config = |url: &str| Config::Postgres(PostgresConfig::new(url));
    [
        Engine { serving: file.clone(), owner: file, place: Place::File(path, folder) },
        Engine {
            serving: config(&database.app_url),
            owner: config(&database.owner_url),
            place: Place::Server(database),
        },
    ]
}

impl Engine {
    pub(crate) async fn migrate(&self, catalog: &Arc<Catalog>) -> Applied {
        let options = Options {
            app_role: APP_ROLE.to_owned(),
            allow_data_loss: false,
            with_own: true,
            now: Timestamp::UNIX_EPOCH,
            binary_version: "0.1.0".parse().unwrap(),
        };
        let applied = migrate::apply(&self.owner, catalog, &options).await.unwrap();
        let differences = migrate::compare_live(&self.owner, catalog, APP_ROLE).await.unwrap();
        assert_eq!(differences, Vec::<String>::new());
        applied
    }

    /// A store with the two organisations and a book of each.
    pub(crate) async fn open(&self, catalog: &Arc<Catalog>) -> Store {
        self.migrate(catalog).await;
        let store = Store::open(self.serving.clone(), catalog.clone()).await.unwrap();
        for tenant in [1, 2] {
            let insert = |table: &str, row: Vec<Value>| Insert {
                table: catalog.find("mainstay", table).unwrap().clone(),
                rows: vec![Record(row)],
                conflict: Conflict::Fail,
            };
            let id = || Value::Uuid(Uuid::from_u128(tenant));
            let rows = vec![insert("organizations", vec![id()]), insert("books", vec![id(), id()])];
            store.insert(&Access::system(), rows).await.unwrap();
        }
        store
    }

    /// Whether there is a table of words.
    pub(crate) async fn has_words(&self) -> bool {
        match &self.place {
            Place::File(path, _) => {
                let connection = rusqlite::Connection::open(path).unwrap();
                let sql = "SELECT count(*) FROM sqlite_master WHERE name LIKE 'notes_words%'";
                connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap() > 0
            }
            Place::Server(database) => {
                let client = connect(&database.superuser_url).await.unwrap();
                let sql = "SELECT to_regclass('mainstay.notes_words') IS NOT NULL";
                client.query_one(sql, &[]).await.unwrap().get(0)
            }
        }
    }

    /// The rows of words: organisation, note, field and word, as text in order.
    pub(crate) async fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = match &self.place {
            Place::File(path, _) => {
                let connection = rusqlite::Connection::open(path).unwrap();
                let sql = "SELECT lower(hex(organization_id)) || lower(hex(id)) || field || word \
                           FROM notes_words";
                let mut statement = connection.prepare(sql).unwrap();
                statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
            }
            Place::Server(database) => {
                let client = connect(&database.superuser_url).await.unwrap();
                let sql = "SELECT replace(organization_id::text || id::text, '-', '') || field \
                           || word FROM mainstay.notes_words";
                let rows = client.query(sql, &[]).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        };
        words.sort();
        words
    }
}

/// A member of an organisation.
pub(crate) fn member(tenant: u128) -> Access {
    Access::caller(Caller { tenant: Some(Uuid::from_u128(tenant)), ..Caller::default() })
}

pub(crate) fn notes(catalog: &Catalog) -> Arc<Table> {
    catalog.find("mainstay", "notes").unwrap().clone()
}

pub(crate) fn note(tenant: u128, number: u128, title: Option<&str>) -> Note {
    Note {
        id: Id::new(Uuid::from_u128(number)),
        organization_id: Id::new(Uuid::from_u128(tenant)),
        book_id: None,
        number: i64::try_from(number).unwrap(),
        title: title.map(|title| Text::new(title).unwrap()),
        tags: Vec::new(),
        facts: Json::from_canonical("{}".to_owned()),
    }
}

pub(crate) fn insert(catalog: &Catalog, notes: Vec<Note>) -> Insert {
    let rows = notes.into_iter().map(Entity::into_record).collect();
    Insert { table: self::notes(catalog), rows, conflict: Conflict::Fail }
}

/// The numbers of the notes that a member finds, in order.
pub(crate) async fn found(store: &Store, access: &Access, filter: Filter) -> Vec<i64> {
    let table = notes(store.catalog());
    let number = table.column_index("number").unwrap();
    let rows = store.fetch(access, &Select::all(table).filtered(filter)).await.unwrap();
    let number = |row: Record| match row.0[number] {
        Value::Int(number) => number,
        _ => 0,
    };
    let mut found: Vec<i64> = rows.into_iter().map(number).collect();
    found.sort_unstable();
    found
}
