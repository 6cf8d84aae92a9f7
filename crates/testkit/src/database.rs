//! Fresh databases on the shared PostgreSQL.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls};

use crate::cluster::Cluster;
use crate::local::{block_on, random_hex};
use crate::shared::SharedCluster;

/// The role that owns every test database: it may create tables and is no superuser.
pub const OWNER_ROLE: &str = "mainstay_owner";

/// The role of the application: it owns nothing and cannot bypass row-level security.
pub const APP_ROLE: &str = "mainstay_app";

/// What an empty database is made with.
const EMPTY: &str = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'";

/// A real PostgreSQL server, shared by the tests of a run.
#[derive(Clone)]
pub struct Postgres {
    cluster: Arc<SharedCluster>,
}

impl Postgres {
    /// The PostgreSQL that `MAINSTAY_TEST_POSTGRES` names (the URL of a superuser); without it a
    /// cluster that is started now, or was by an earlier test of this user. Panics if there is none.
    pub fn shared() -> Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED
            .get_or_init(|| {
                let cluster = SharedCluster::attach()
                    .unwrap_or_else(|error| panic!("no PostgreSQL for the tests: {error}"));
                Self { cluster: Arc::new(cluster) }
            })
            .clone()
    }

    /// The PostgreSQL of a cluster that the caller keeps running.
    pub fn of(cluster: &Cluster) -> Self {
        Self { cluster: Arc::new(SharedCluster::at(cluster.url())) }
    }

    /// The URL of the superuser, in its own database.
    pub fn superuser_url(&self) -> &str {
        &self.cluster.url
    }

    /// Creates an empty database (UTF-8, code-point collation) that is dropped with the value.
    pub async fn database(&self) -> TestDatabase {
        self.create(format!("test_{}", random_hex()), EMPTY, false).await
    }

    /// Creates an empty database that stays, for copies; an older one of this name goes.
    pub(crate) async fn template(&self, name: &str) -> TestDatabase {
        drop_database(&self.cluster.url, name).await.expect("an old template can be dropped");
        self.create(name.to_owned(), EMPTY, true).await
    }

    /// Copies a database that nobody is connected to. The copy is dropped with the value.
    pub(crate) async fn copy_of(&self, template: &str) -> TestDatabase {
        self.create(format!("test_{}", random_hex()), &format!("TEMPLATE {template}"), false).await
    }

    /// Whether there is a database of this name.
    pub(crate) async fn has_database(&self, name: &str) -> bool {
        let client = self.client().await;
        let sql = "SELECT FROM pg_database WHERE datname = $1";
        client.query_opt(sql, &[&name]).await.expect("databases can be listed").is_some()
    }

    async fn create(&self, name: String, options: &str, is_kept: bool) -> TestDatabase {
        let admin_url = self.cluster.url.clone();
        let admin: Config = admin_url.parse().expect("MAINSTAY_TEST_POSTGRES is a PostgreSQL URL");
        let client = self.client().await;
        client.batch_execute(&roles_sql(&admin)).await.expect("the test roles exist");
        let create = format!("CREATE DATABASE {name} OWNER {OWNER_ROLE} {options}");
        client.batch_execute(&create).await.expect("a database can be created");
        let superuser = admin.get_user().unwrap_or("postgres");
        TestDatabase {
            owner_url: url(&admin, OWNER_ROLE, &name),
            app_url: url(&admin, APP_ROLE, &name),
            superuser_url: url(&admin, superuser, &name),
            name,
            admin_url,
            is_kept,
        }
    }

    async fn client(&self) -> Client {
        connect(&self.cluster.url).await.expect("the test PostgreSQL accepts connections")
    }
}

/// A database of one test. Dropping it drops the database, with whoever is still connected.
pub struct TestDatabase {
    /// Connects as [`OWNER_ROLE`], for migrations.
    pub owner_url: String,
    /// Connects as [`APP_ROLE`], for the server.
    pub app_url: String,
    /// Connects as the superuser, for what a test must see or break from outside.
    pub superuser_url: String,
    /// The name of the database.
    pub name: String,
    admin_url: String,
    is_kept: bool,
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        let dropping = drop_database(&self.admin_url, &self.name);
        let limit = Duration::from_secs(30);
        // Best effort: what is left goes with the cluster.
        drop(block_on(async { tokio::time::timeout(limit, dropping).await }));
    }
}

async fn drop_database(admin_url: &str, name: &str) -> Result<(), tokio_postgres::Error> {
    let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    connect(admin_url).await?.batch_execute(&sql).await
}

/// Opens a connection that ends when the client is dropped; it needs a Tokio runtime.
pub async fn connect(url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // Its errors reach the client too.
    tokio::spawn(connection);
    Ok(client)
}

/// Creates the two roles once per cluster, with the superuser's password, whoever comes first.
fn roles_sql(admin: &Config) -> String {
    let password = admin.get_password().map_or_else(
        || "NULL".to_owned(),
        |bytes| format!("'{}'", String::from_utf8_lossy(bytes).replace('\'', "''")),
    );
    let create = |role| {
        format!(
            "IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                 CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {password};
             END IF;"
        )
    };
    let (owner, app) = (create(OWNER_ROLE), create(APP_ROLE));
    // The number is arbitrary: it names the lock under which concurrent tests take turns.
    format!("DO $do$ BEGIN PERFORM pg_advisory_xact_lock(6027001501); {owner} {app} END $do$")
}

fn url(server: &Config, user: &str, database: &str) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let host = match server.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        Some(Host::Unix(path)) => encode(&path.to_string_lossy()),
        None => "127.0.0.1".to_owned(),
    };
    let port = server.get_ports().first().copied().unwrap_or(5432);
    let password = server
        .get_password()
        .map(|bytes| format!(":{}", encode(&String::from_utf8_lossy(bytes))))
        .unwrap_or_default();
    format!("postgresql://{}{password}@{host}:{port}/{}", encode(user), encode(database))
}

#[cfg(test)]
mod tests {
    use super::url;

    #[test]
    fn urls_keep_host_and_password_and_change_role_and_database() {
        for (server, expected) in [
            ("postgresql://root:p%40ss@db.test:6000/x", "postgresql://app:p%40ss@db.test:6000/d"),
            ("host=/run/pg user=root", "postgresql://app@%2Frun%2Fpg:5432/d"),
        ] {
            let server = server.parse().expect("a valid connection string");
            assert_eq!(url(&server, "app", "d"), expected);
        }
    }
}
