//! A database of either engine, to run statements in.

use super::fixture::{catalog, options};
use crate::error::Result;
use crate::migrate::{Applied, Options, Plan, Status, postgres, sqlite};
use crate::render::Dialect;
use crate::schema::DEFAULT_APP_ROLE;
use mainstay_entity::EntityMeta;
use mainstay_testkit::{Postgres, TestDatabase, connect};
use tempfile::TempDir;
use tokio_postgres::Client;

/// An empty database.
pub(crate) struct Db {
    pub(crate) dialect: Dialect,
    engine: Engine,
}

enum Engine {
    Sqlite(rusqlite::Connection, TempDir),
    Postgres(Client, TestDatabase),
}

impl Db {
    pub(crate) async fn empty(dialect: Dialect) -> Self {
        let engine = match dialect {
            Dialect::Sqlite => {
                let folder = mainstay_testkit::temp_dir();
                Engine::Sqlite(open(&folder), folder)
            }
            Dialect::Postgres => {
                let database = Postgres::shared().database().await;
                let owner = connect(&database.owner_url).await.unwrap();
                owner.batch_execute("SET app.system = 'on'").await.unwrap();
                Engine::Postgres(owner, database)
            }
        };
        Self { dialect, engine }
    }

    /// A database with the tables of some entities.
    pub(crate) async fn with(dialect: Dialect, entities: Vec<EntityMeta>) -> Self {
        let mut db = Self::empty(dialect).await;
        db.apply(entities, &options()).await.unwrap();
        db
    }

    /// A second connection to the same database.
    pub(crate) async fn again(&self) -> Client {
        let Engine::Postgres(_, database) = &self.engine else { panic!("for PostgreSQL only") };
        connect(&database.owner_url).await.unwrap()
    }

    /// A second connection to the same file.
    pub(crate) fn again_sqlite(&self) -> rusqlite::Connection {
        let Engine::Sqlite(_, folder) = &self.engine else { panic!("for SQLite only") };
        open(folder)
    }

    /// A connection that may do everything.
    pub(crate) async fn as_superuser(&self) -> Client {
        let Engine::Postgres(_, database) = &self.engine else { panic!("for PostgreSQL only") };
        connect(&database.superuser_url).await.unwrap()
    }

    /// A connection as servers have it.
    pub(crate) async fn as_app(&self) -> Client {
        let Engine::Postgres(_, database) = &self.engine else { panic!("for PostgreSQL only") };
        connect(&database.app_url).await.unwrap()
    }

    /// The database as a program's configuration names it.
    pub(crate) fn config(&self) -> crate::Config {
        match &self.engine {
            Engine::Sqlite(_, folder) => {
                crate::Config::Sqlite(crate::SqliteConfig::new(folder.path().join("test.db")))
            }
            Engine::Postgres(_, database) => {
                crate::Config::Postgres(crate::PostgresConfig::new(&database.owner_url))
            }
        }
    }

    pub(crate) async fn apply(
        &mut self,
        entities: Vec<EntityMeta>,
        options: &Options,
    ) -> Result<Applied> {
        let catalog = catalog(entities);
        match &mut self.engine {
            Engine::Sqlite(connection, _) => sqlite::apply(connection, &catalog, options),
            Engine::Postgres(client, _) => {
                // A migration must see all rows by itself.
                client.batch_execute("RESET app.system").await.unwrap();
                let applied = postgres::apply(client, &catalog, options).await;
                client.batch_execute("SET app.system = 'on'").await.unwrap();
                applied
            }
        }
    }

    pub(crate) async fn plan(
        &mut self,
        entities: Vec<EntityMeta>,
        options: &Options,
    ) -> Result<Plan> {
        let catalog = catalog(entities);
        match &mut self.engine {
            Engine::Sqlite(connection, _) => sqlite::plan(connection, &catalog, options),
            Engine::Postgres(client, _) => postgres::plan(client, &catalog, options).await,
        }
    }

    pub(crate) async fn status(&mut self, entities: Vec<EntityMeta>, options: &Options) -> Status {
        let catalog = catalog(entities);
        match &mut self.engine {
            Engine::Sqlite(connection, _) => sqlite::status(connection, &catalog, options),
            Engine::Postgres(client, _) => postgres::status(client, &catalog, options).await,
        }
        .unwrap()
    }

    /// How the live schema differs from the declared one.
    pub(crate) async fn compare(&mut self, entities: Vec<EntityMeta>) -> Vec<String> {
        let catalog = catalog(entities);
        match &mut self.engine {
            Engine::Sqlite(connection, _) => sqlite::compare_live(connection, &catalog),
            Engine::Postgres(client, _) => {
                postgres::compare_live(client, &catalog, DEFAULT_APP_ROLE).await
            }
        }
        .unwrap()
    }

    /// Runs statements; `#1` stands for the identifier with this number, `~t` for the table `t`
    /// of the schema `mainstay`.
    pub(crate) async fn try_run(&mut self, sql: &str) -> Result<(), String> {
        let sql = self.expand(sql);
        match &mut self.engine {
            Engine::Sqlite(connection, _) => {
                connection.execute_batch(&sql).map_err(|error| error.to_string())
            }
            Engine::Postgres(client, _) => client.batch_execute(&sql).await.map_err(|error| {
                let database = error.as_db_error().expect("an error of the database");
                format!("{} {}", database.message(), database.constraint().unwrap_or_default())
            }),
        }
    }

    pub(crate) async fn run(&mut self, sql: &str) {
        self.try_run(sql).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    /// Runs a statement that must be refused with an error that holds this text.
    pub(crate) async fn refused(&mut self, sql: &str, expected: &str) {
        let error = self.try_run(sql).await.expect_err(sql);
        assert!(error.contains(expected), "{sql}: expected {expected}, got {error}");
    }

    /// The first column of all rows as text, separated by spaces; null is `-`.
    pub(crate) async fn read(&mut self, sql: &str) -> String {
        let sql = self.expand(sql);
        let values: Vec<Option<String>> = match &mut self.engine {
            Engine::Sqlite(connection, _) => {
                let mut statement = connection.prepare(&sql).unwrap();
                let rows = statement.query_map([], |row| {
                    Ok(match row.get_ref(0)? {
                        rusqlite::types::ValueRef::Null => None,
                        rusqlite::types::ValueRef::Integer(value) => Some(value.to_string()),
                        rusqlite::types::ValueRef::Real(value) => Some(value.to_string()),
                        rusqlite::types::ValueRef::Text(text) => {
                            Some(String::from_utf8_lossy(text).into_owned())
                        }
                        rusqlite::types::ValueRef::Blob(blob) => Some(format!("{blob:02x?}")),
                    })
                });
                rows.unwrap().map(Result::unwrap).collect()
            }
            Engine::Postgres(client, _) => {
                let messages = client.simple_query(&sql).await.unwrap();
                let rows = messages.iter().filter_map(|message| match message {
                    tokio_postgres::SimpleQueryMessage::Row(row) => Some(row),
                    _ => None,
                });
                rows.map(|row| row.get(0).map(str::to_owned)).collect()
            }
        };
        let words: Vec<String> =
            values.into_iter().map(|value| value.unwrap_or_else(|| "-".to_owned())).collect();
        words.join(" ")
    }

    pub(crate) fn expand(&self, sql: &str) -> String {
        expand(self.dialect, sql)
    }
}

fn open(folder: &TempDir) -> rusqlite::Connection {
    crate::sqlite::connection::open_writer(&folder.path().join("test.db")).unwrap()
}

/// See [`Db::try_run`].
pub(crate) fn expand(dialect: Dialect, sql: &str) -> String {
    let mut expanded = String::new();
    let mut characters = sql.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '#' => {
                let mut number = 0;
                while let Some(digit) = characters.peek().and_then(|c| c.to_digit(10)) {
                    number = number * 10 + digit;
                    characters.next();
                }
                let literal = match dialect {
                    Dialect::Sqlite => format!("x'{number:032x}'"),
                    Dialect::Postgres => format!("'{number:032x}'::uuid"),
                };
                expanded.push_str(&literal);
            }
            '~' if dialect == Dialect::Postgres => expanded.push_str("mainstay."),
            '~' => {}
            other => expanded.push(other),
        }
    }
    expanded
}
