//! Places of the benchmark's own; on `PostgreSQL` with a server whose durability is left on.

use crate::Engine;
use crate::installation::{Database, Place};
use crate::spine::engine_name;
use anyhow::{Context, Result};
use mainstay_testkit::{APP_ROLE, Cluster, OWNER_ROLE, connect};
use tempfile::TempDir;
use tokio_postgres::Client;

/// The password of both roles on a server that ends with the benchmark.
const PASSWORD: &str = "benchmark";

/// Makes the roles of owner and servers.
async fn make_roles(client: &Client) -> Result<()> {
    for role in [OWNER_ROLE, APP_ROLE] {
        let sql = format!("CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{PASSWORD}'");
        client.batch_execute(&sql).await?;
    }
    Ok(())
}

/// An empty place on an engine, with the folder and the server that last as long as it is used.
pub(crate) async fn empty_place(engine: Engine) -> Result<(Place, TempDir, Option<Cluster>)> {
    let folder = tempfile::Builder::new().prefix("mainstay-benches-").tempdir()?;
    let (cluster, database) = match engine {
        Engine::Sqlite => (None, None),
        Engine::Postgres => {
            let cluster = Cluster::start()?;
            let database = database(&cluster, "bench").await?;
            (Some(cluster), Some(database))
        }
    };
    let place = Place { folder: folder.path().join(engine_name(engine)), database };
    std::fs::create_dir(&place.folder)?;
    Ok((place, folder, cluster))
}

/// Makes an empty database on a cluster, and the roles with the first one.
async fn database(cluster: &Cluster, name: &str) -> Result<Database> {
    let client = connect(cluster.url()).await.context("the cluster refuses connections")?;
    let known = client.query("SELECT FROM pg_roles WHERE rolname = $1", &[&APP_ROLE]).await?;
    if known.is_empty() {
        make_roles(&client).await?;
    }
    let sql = format!(
        "CREATE DATABASE {name} OWNER {OWNER_ROLE} TEMPLATE template0 \
         ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    );
    client.batch_execute(&sql).await?;
    let (_, rest) = cluster.url().rsplit_once('@').context("the cluster's URL has no host")?;
    let (host, _) = rest.split_once('/').context("the cluster's URL has no database")?;
    let (base, _) = cluster.url().rsplit_once('/').context("the cluster's URL has no database")?;
    let url = |role| format!("postgresql://{role}:{PASSWORD}@{host}/{name}");
    Ok(Database { owner: url(OWNER_ROLE), app: url(APP_ROLE), superuser: format!("{base}/{name}") })
}
