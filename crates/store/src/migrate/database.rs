//! Migrations of a database, whichever engine keeps it.

use super::{Applied, Options, Plan, Status, postgres, sqlite};
use crate::error::{Error, Result};
use crate::postgres::{Target, connect_owner};
use crate::schema::DEFAULT_APP_ROLE;
use crate::sqlite::connection::open_writer;
use crate::store::Config;
use mainstay_entity::Catalog;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How safe the connection is: `encrypted`, on this machine alone (`local`), or `plain`.
const CONNECTION: &str = "SELECT CASE
        WHEN (SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid())
            THEN 'encrypted'
        WHEN inet_server_addr() IS NULL OR inet_server_addr() << '127.0.0.0/8'
            OR inet_server_addr() = '::1' THEN 'local'
        ELSE 'plain'
    END";

/// The role that migrations grant servers what they need: the one that `serving` connects as.
///
/// # Errors
/// [`ErrorKind::Refused`] when the URL is no connection string.
pub fn app_role(serving: &Config) -> Result<String> {
    let Config::Postgres(config) = serving else {
        return Ok(DEFAULT_APP_ROLE.to_owned());
    };
    let target = Target::parse(&config.url)?;
    Ok(target.user().unwrap_or(DEFAULT_APP_ROLE).to_owned())
}

/// What [`apply`] would do. On `PostgreSQL` the configuration is the owner's.
///
/// # Errors
/// [`ErrorKind::Refused`] when this version can't use the database or a declaration is wrong.
pub async fn plan(config: &Config, catalog: &Arc<Catalog>, options: &Options) -> Result<Plan> {
    match config {
        Config::Sqlite(config) => {
            let (catalog, options) = (catalog.clone(), options.clone());
            on_file(config.path.clone(), move |c| sqlite::plan(c, &catalog, &options)).await
        }
        Config::Postgres(config) => {
            let mut client = connect_owner(&config.url).await?;
            postgres::plan(&mut client, catalog, options).await
        }
    }
}

/// How the database stands to this program. On `PostgreSQL` any role of the installation may ask.
///
/// # Errors
/// When the database can't be read.
pub async fn status(config: &Config, catalog: &Arc<Catalog>, options: &Options) -> Result<Status> {
    match config {
        Config::Sqlite(config) => {
            let (catalog, options) = (catalog.clone(), options.clone());
            on_file(config.path.clone(), move |c| sqlite::status(c, &catalog, &options)).await
        }
        Config::Postgres(config) => {
            let mut client = connect_owner(&config.url).await?;
            postgres::status(&mut client, catalog, options).await
        }
    }
}

/// Brings the database to what the catalog declares. On `PostgreSQL` the configuration is the
/// owner's.
///
/// # Errors
/// [`ErrorKind::Refused`] when this version can't use the database, a needed step must be allowed
/// explicitly, or the rows don't meet what a step demands; nothing is changed then.
pub async fn apply(config: &Config, catalog: &Arc<Catalog>, options: &Options) -> Result<Applied> {
    match config {
        Config::Sqlite(config) => {
            let (catalog, options) = (catalog.clone(), options.clone());
            on_file(config.path.clone(), move |c| sqlite::apply(c, &catalog, &options)).await
        }
        Config::Postgres(config) => {
            let mut client = connect_owner(&config.url).await?;
            postgres::apply(&mut client, catalog, options).await
        }
    }
}

/// Does what [`apply`] would do and undoes it; tells how long each step took. `PostgreSQL` does it
/// in a transaction, which locks the tables that it changes; of an embedded database `copy` is
/// made and changed, a new file that is the caller's to remove.
///
/// # Errors
/// As [`apply`]; nothing is changed in any case.
pub async fn rehearse(
    config: &Config,
    catalog: &Arc<Catalog>,
    options: &Options,
    copy: &Path,
) -> Result<Applied> {
    match config {
        Config::Sqlite(_) => {
            copy_file(config, copy).await?;
            let (catalog, options) = (catalog.clone(), options.clone());
            on_file(copy.to_owned(), move |c| sqlite::apply(c, &catalog, &options)).await
        }
        Config::Postgres(config) => {
            let mut client = connect_owner(&config.url).await?;
            postgres::rehearse(&mut client, catalog, options).await
        }
    }
}

/// Writes a consistent copy of an embedded database to a new file that its owner alone may read,
/// and checks it; false on `PostgreSQL`, which has programs of its own for that.
///
/// # Errors
/// [`ErrorKind::Unavailable`] when there is no room for it.
pub async fn copy_file(config: &Config, to: &Path) -> Result<bool> {
    let Config::Sqlite(config) = config else { return Ok(false) };
    let to = to.to_owned();
    on_file(config.path.clone(), move |c| sqlite::copy(c, &to)).await?;
    Ok(true)
}

/// The differences between the declared schema and the one that the database really has.
///
/// # Errors
/// When the database can't be read.
pub async fn compare_live(
    config: &Config,
    catalog: &Arc<Catalog>,
    app_role: &str,
) -> Result<Vec<String>> {
    match config {
        Config::Sqlite(config) => {
            let catalog = catalog.clone();
            on_file(config.path.clone(), move |c| sqlite::compare_live(c, &catalog)).await
        }
        Config::Postgres(config) => {
            let mut client = connect_owner(&config.url).await?;
            postgres::compare_live(&mut client, catalog, app_role).await
        }
    }
}

/// Settings of the database that durability hangs on, by name, as they are in force, and how safe
/// the connection to a server is.
///
/// # Errors
/// When the database can't be read.
pub async fn settings(config: &Config) -> Result<Vec<(String, String)>> {
    match config {
        Config::Sqlite(config) => on_file(config.path.clone(), |c| file_settings(c)).await,
        Config::Postgres(config) => {
            let client = connect_owner(&config.url).await?;
            let names = ["server_version", "synchronous_commit", "fsync", "full_page_writes"];
            let sql = "SELECT name, setting FROM pg_catalog.pg_settings WHERE name = ANY($1)";
            let rows = client.query(sql, &[&&names[..]]).await.map_err(Error::internal)?;
            let mut settings: Vec<(String, String)> =
                rows.iter().map(|row| (row.get(0), row.get(1))).collect();
            let connection = client.query_one(CONNECTION, &[]).await.map_err(Error::internal)?;
            settings.push(("connection".to_owned(), connection.get(0)));
            settings.sort();
            Ok(settings)
        }
    }
}

fn file_settings(connection: &Connection) -> Result<Vec<(String, String)>> {
    let value = |name: &str| {
        let sql = format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}");
        let value = connection.query_row(&sql, [], |row| row.get::<_, String>(0));
        value.map(|value| (name.to_owned(), value)).map_err(Error::internal)
    };
    ["foreign_keys", "journal_mode", "quick_check", "secure_delete", "synchronous"]
        .into_iter()
        .map(value)
        .collect()
}

async fn on_file<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
) -> Result<T> {
    let work = move || work(&mut open_writer(&path)?);
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
