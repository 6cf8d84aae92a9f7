//! `mainstay schema --format sql --distributed`: what Citus needs to know beside the tables.
//!
//! Tables of organisations are distributed by `organization_id`, and all their keys and references
//! carry it; those of the installation are reference tables, which every node has in full. Rows
//! that the system reads whosever they are stay where they are.

use mainstay_entity::{Catalog, TENANT_COLUMN, Table};
use std::fmt::Write;

/// The calls, to be run by the owner behind the schema's script.
pub(super) fn render(catalog: &Catalog) -> String {
    let mut sql = String::from(
        "\n-- Distribution by organisation, for Citus 12 or newer.\n\
         -- The life cycles' triggers look at their own row alone.\n\
         SET citus.enable_unsafe_triggers TO on;\n",
    );
    let (tenant, platform): (Vec<&Table>, Vec<&Table>) = catalog
        .tables()
        .iter()
        .map(AsRef::as_ref)
        .filter(|table| !table.meta.global_key)
        .partition(|table| table.tenant_column().is_some());
    for table in platform {
        call(&mut sql, "create_reference_table", table, "");
    }
    // The first table makes the group that all others join: references need that.
    let mut first: Option<String> = None;
    for table in tenant {
        let group = first.as_ref().map(|first| format!(", colocate_with => '{first}'"));
        let by = format!(", '{TENANT_COLUMN}'{}", group.unwrap_or_default());
        call(&mut sql, "create_distributed_table", table, &by);
        let first = first.get_or_insert_with(|| table.meta.qualified_name());
        if let Some(words) = mainstay_store::words_table_name(table) {
            let by = format!("'{TENANT_COLUMN}', colocate_with => '{first}'");
            // Writing to a `String` does not fail.
            let _ = writeln!(sql, "SELECT create_distributed_table('{words}', {by});");
        }
    }
    sql
}

fn call(sql: &mut String, function: &str, table: &Table, arguments: &str) {
    // Writing to a `String` does not fail.
    let _ = writeln!(sql, "SELECT {function}('{}'{arguments});", table.meta.qualified_name());
}
