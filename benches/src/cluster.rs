//! A `PostgreSQL` server of the benchmark's own, with its durability left on.

use crate::installation::Database;
use anyhow::{Context, Result};
use mainstay_testkit::{APP_ROLE, Cluster, OWNER_ROLE, connect};
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

/// Makes an empty database on a cluster, and the roles with the first one.
pub(crate) async fn database(cluster: &Cluster, name: &str) -> Result<Database> {
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
