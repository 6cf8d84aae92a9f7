//! What the planner is told of tables that are clustered by organisation.
//!
//! Knowing nothing it takes an organisation's rows to be ten, and reads them all where an index
//! would find the few that are asked for. The numbers are fixed, so that plans are the same on every
//! machine and day; who runs ANALYZE has their own.

use rusqlite::{Connection, params};

/// Rows of a table.
const ROWS: u32 = 1_000_000;
/// Rows of one organisation.
const ROWS_OF_ONE: u32 = 1_000;
/// Rows of one organisation with the same value of another column.
const ROWS_ALIKE: u32 = 10;

/// The indexes of clustered tables that nothing is known of: table, name, whether it is unique,
/// columns, whether the organisation comes first. The key's index has the table's name.
const INDEXES: &str = "
SELECT list.name, iif(own.origin = 'pk', list.name, own.name), own.\"unique\",
    (SELECT count(*) FROM pragma_index_info(own.name)),
    (SELECT name IS 'organization_id' FROM pragma_index_info(own.name) WHERE seqno = 0)
FROM pragma_table_list AS list, pragma_index_list(list.name) AS own
WHERE list.schema = 'main' AND list.wr
    AND (SELECT name FROM pragma_table_info(list.name) WHERE pk = 1) = 'organization_id'
    AND NOT EXISTS (
        SELECT 1 FROM sqlite_stat1
        WHERE tbl = list.name AND idx = iif(own.origin = 'pk', list.name, own.name))";

/// Tells the planner of indexes that are new to it.
pub(super) fn write(connection: &Connection) -> rusqlite::Result<()> {
    // Makes the table of statistics where there is none.
    connection.execute_batch("ANALYZE sqlite_schema")?;
    let indexes: Vec<(String, String, String)> = connection
        .prepare(INDEXES)?
        .query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, statistics(row.get(3)?, row.get(2)?, row.get(4)?)))
        })?
        .collect::<Result<_, _>>()?;
    let mut insert =
        connection.prepare("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)")?;
    for (table, index, statistics) in indexes {
        insert.execute(params![table, index, statistics])?;
    }
    // And has this connection read it.
    connection.execute_batch("ANALYZE sqlite_schema")
}

/// The number of rows, then how many have the same values in the first column of an index, in the
/// first two, and so on.
fn statistics(columns: usize, is_unique: bool, of_organizations: bool) -> String {
    let mut text = ROWS.to_string();
    let mut rows = if of_organizations { ROWS_OF_ONE } else { ROWS_ALIKE };
    for column in 1..=columns {
        let alike = if is_unique && column == columns { 1 } else { rows };
        text = format!("{text} {alike}");
        rows = if rows > ROWS_ALIKE { ROWS_ALIKE } else { (rows / 2).max(2) };
    }
    text
}
