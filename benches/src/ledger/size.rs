//! How many bytes the ledger takes for each event beside its leaf.

use super::Site;
use crate::by_hand;
use crate::installation::Place;
use crate::report::{Comparison, Goal, Round};
use anyhow::{Context as _, Result};
use mainstay_kernel::ledger::HASH_ALGORITHM;
use mainstay_testkit::connect;
use std::sync::Arc;

const BYTES_MAX: f64 = 150.0;
/// Before each leaf stands its length.
const LENGTH: f64 = 2.0;
/// What `audit_events` holds of it in each row: the hash, and how it was made.
const IN_ROW: f64 = 32.0 + HASH_ALGORITHM.len() as f64;

/// The pages of the ledger's tables and their indexes, without the leaves in them.
const SQLITE: &str = "SELECT \
    (SELECT sum(pgsize) FROM dbstat JOIN sqlite_schema USING (name) \
     WHERE tbl_name IN ('ledger_tiles', 'ledger_entries', 'ledger_heads')), \
    (SELECT sum(length(bytes)) FROM ledger_tiles WHERE level = -1), \
    (SELECT sum(size) FROM ledger_heads)";
const POSTGRES: &str = "SELECT \
    (pg_total_relation_size('mainstay.ledger_tiles') \
     + pg_total_relation_size('mainstay.ledger_entries') \
     + pg_total_relation_size('mainstay.ledger_heads'))::int8, \
    (SELECT sum(pg_column_size(bytes)) FROM mainstay.ledger_tiles WHERE level = -1)::int8, \
    (SELECT sum(size) FROM mainstay.ledger_heads)::int8";

/// Measures what the runs before have written.
pub(super) async fn measure(site: &Arc<Site>, place: &Place) -> Result<Comparison> {
    site.settle().await?;
    let (pages, leaves, count): (i64, i64, i64) = match &place.database {
        None => {
            let connection = by_hand::sqlite::connect(&place.file())?;
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            connection.query_row(SQLITE, [], row)?
        }
        Some(database) => {
            let client = connect(&database.superuser).await.context("no connection")?;
            client.batch_execute("VACUUM mainstay.ledger_tiles").await?;
            let row = client.query_one(POSTGRES, &[]).await?;
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)
        }
    };
    let about = "bytes for each event beside its leaf / 150";
    let mut comparison = Comparison::new(&site.name("bytes"), about, "B", Goal::AtMost(1.0));
    let ours = (pages - leaves) as f64 / count as f64 + LENGTH + IN_ROW;
    comparison.rounds.push(Round { ours, other: BYTES_MAX });
    comparison.print();
    Ok(comparison)
}
