//! Indexes of tables that are there, built while rows are read and written (S2-B76, S3-B112).
//!
//! A build waits for the transactions that run, so it has none of its own. What a crash or a broken
//! key leaves behind is an index that is not recorded; it is made anew. A partitioned table's index
//! is made of those of its partitions, which are built one after the other.

use super::{DIALECT, fault};
use crate::error::Result;
use crate::render::quote;
use crate::schema::{Object, identifier};
use tokio_postgres::Client;

/// Partitions of the table `$1` without their part of the index `$2`.
const LACKING: &str = "
SELECT format('%I.%I', n.nspname, c.relname), n.nspname::text, c.relname::text
FROM pg_inherits h
JOIN pg_class c ON c.oid = h.inhrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE h.inhparent = $1::text::regclass AND NOT EXISTS (
    SELECT FROM pg_index i JOIN pg_inherits part ON part.inhrelid = i.indexrelid
    WHERE i.indrelid = c.oid AND part.inhparent = $2::text::regclass)
ORDER BY c.relname";

/// The statement that builds an index while its table is in use.
pub(super) fn concurrently(definition: &str) -> String {
    definition.replacen("INDEX ", "INDEX CONCURRENTLY ", 1)
}

/// The statement that makes the index of a partitioned table, which holds nothing yet.
pub(super) fn on_parent(index: &Object) -> String {
    index.definition.replacen(" ON ", " ON ONLY ", 1)
}

/// Builds an index; what an earlier build left of it goes.
///
/// # Errors
/// When rows break its key, and when the server is not there any more.
pub(super) async fn build(client: &Client, index: &Object) -> Result<()> {
    let table = index.table.sql(DIALECT);
    let sql = "SELECT relkind = 'p' FROM pg_class WHERE oid = $1::text::regclass";
    let is_partitioned = client.query_one(sql, &[&table]).await.map_err(fault)?.get(0);
    if is_partitioned {
        return build_parts(client, index, &table).await;
    }
    let name = format!("{}.{}", quote(&index.table.schema), quote(&index.name));
    build_one(client, &name, &concurrently(&index.definition)).await
}

async fn build_one(client: &Client, name: &str, create: &str) -> Result<()> {
    let drop = format!("DROP INDEX CONCURRENTLY IF EXISTS {name}");
    run(client, &drop).await?;
    let built = run(client, create).await;
    if built.is_err() {
        // What it leaves slows writes down; should this fail, the next migration removes it.
        let _ = run(client, &drop).await;
    }
    built
}

async fn build_parts(client: &Client, index: &Object, table: &str) -> Result<()> {
    let own = format!("{}.{}", quote(&index.table.schema), quote(&index.name));
    let exists = client.query_one("SELECT to_regclass($1) IS NOT NULL", &[&own]).await;
    if !exists.map_err(fault)?.get::<_, bool>(0) {
        run(client, &on_parent(index)).await?;
    }
    let lacking = client.query(LACKING, &[&table, &own]).await.map_err(fault)?;
    for row in &lacking {
        let (partition, schema, part): (String, String, String) =
            (row.get(0), row.get(1), row.get(2));
        let part = identifier(&format!("{part}_{}", index.name));
        let create = index.definition.replacen(&quote(&index.name), &quote(&part), 1).replacen(
            &format!(" ON {table} "),
            &format!(" ON {partition} "),
            1,
        );
        let name = format!("{}.{}", quote(&schema), quote(&part));
        build_one(client, &name, &concurrently(&create)).await?;
        run(client, &format!("ALTER INDEX {own} ATTACH PARTITION {name}")).await?;
    }
    Ok(())
}

async fn run(client: &Client, sql: &str) -> Result<()> {
    client.batch_execute(sql).await.map_err(fault)
}
