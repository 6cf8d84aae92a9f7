//! What a database really holds, read from the system catalogs.

use super::super::live::differences;
use super::super::record;
use super::{DIALECT, fault};
use crate::error::Result;
use crate::schema::{ColumnDefinition, Object, ObjectKind, objects};
use mainstay_entity::Catalog;
use std::collections::BTreeSet;
use tokio_postgres::{Client, Transaction};

/// One line per table that is there, for the schemas in `$1`: row security, and the privileges of
/// the role `$2`.
const TABLES: &str = "
SELECT format('table %s.%s%s, granted %s', n.nspname, c.relname,
    CASE WHEN c.relrowsecurity AND c.relforcerowsecurity THEN ', row security forced' END,
    concat_ws(', ', VARIADIC ARRAY(
        SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p
        WHERE has_table_privilege($2, c.oid, p))))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition";

const COLUMNS: &str = "
SELECT format('column %s.%s.%s: %s%s%s', n.nspname, c.relname, a.attname,
    format_type(a.atttypid, a.atttypmod),
    CASE WHEN l.collname = 'C' THEN ' COLLATE \"C\"' END,
    CASE WHEN a.attnotnull THEN ' NOT NULL' END)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
    AND $2::text IS NOT NULL";

const CONSTRAINTS: &str = "
SELECT format('constraint %s of %s.%s: %s', o.conname, n.nspname, c.relname,
    CASE WHEN o.contype <> 'c' THEN pg_get_constraintdef(o.oid) END)
FROM pg_constraint o
JOIN pg_class c ON c.oid = o.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY ($1) AND o.contype IN ('p', 'u', 'f', 'c') AND o.convalidated
    AND NOT c.relispartition AND o.conparentid = 0
    AND $2::text IS NOT NULL";

const INDEXES: &str = "
SELECT replace(split_part(pg_get_indexdef(i.indexrelid), ' WHERE ', 1), ' ON ONLY ', ' ON ')
    || CASE WHEN i.indpred IS NULL THEN '' ELSE ' WHERE' END
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY ($1) AND i.indisvalid AND $2::text IS NOT NULL AND NOT c.relispartition
    AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid
        AND o.contype IN ('p', 'u'))";

const TRIGGERS: &str = "
SELECT format('trigger %s of %s.%s', t.tgname, n.nspname, c.relname)
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY ($1) AND NOT t.tgisinternal AND t.tgenabled = 'O'
    AND NOT c.relispartition AND $2::text IS NOT NULL";

const POLICIES: &str = "
SELECT format('policy %s of %s.%s', p.polname, n.nspname, c.relname)
FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY ($1) AND NOT c.relispartition AND $2::text IS NOT NULL";

/// Partitions that take what no other does.
const SPARE: &str = "
SELECT format('partitions %s of %s.%s', s.relname, n.nspname, c.relname)
FROM pg_partitioned_table t
JOIN pg_class c ON c.oid = t.partrelid
JOIN pg_class s ON s.oid = t.partdefid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY ($1) AND $2::text IS NOT NULL";

const VIEWS: &str = "
SELECT format('view %s.%s%s, granted %s', n.nspname, c.relname,
    CASE WHEN 'security_invoker=true' = ANY (c.reloptions) THEN ', as its reader' END,
    concat_ws(', ', VARIADIC ARRAY(
        SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p
        WHERE has_table_privilege($2, c.oid, p))))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY ($1) AND c.relkind = 'v'";

/// How the live schema differs from the declared one, in lines that begin with `missing` or
/// `unexpected`; none if it does not. Tables and columns that were kept count as unexpected.
///
/// # Errors
/// When the database can't be read, or a declaration is wrong.
pub async fn compare_live(
    client: &mut Client,
    catalog: &Catalog,
    app_role: &str,
) -> Result<Vec<String>> {
    let declared = objects(DIALECT, catalog, app_role)?;
    let expected = declared.iter().filter_map(|object| expected_line(object, &declared)).collect();
    let transaction = client.transaction().await.map_err(fault)?;
    // Definitions then name schemas always.
    transaction.batch_execute("SET LOCAL search_path = ''").await.map_err(fault)?;
    let mut live = BTreeSet::new();
    for sql in [TABLES, COLUMNS, CONSTRAINTS, INDEXES, TRIGGERS, POLICIES, SPARE, VIEWS] {
        live.extend(lines(&transaction, sql, &catalog.schemas(), app_role).await?);
    }
    let own = [record::objects_table(DIALECT), record::state_table(DIALECT)];
    let own = own.map(|table| table.replace('"', ""));
    live.retain(|line| !own.iter().any(|table| line.contains(table.as_str())));
    // A table that holds a key, with its triggers, is one thing; so is a table of words.
    let is_apart = |o: &&Object| matches!(o.kind, ObjectKind::HeldKey | ObjectKind::Words);
    for held in declared.iter().filter(is_apart) {
        let count = live.len();
        let stays = |line: &str| held.kind == ObjectKind::Words && line.starts_with("trigger ");
        live.retain(|line| !line.contains(&held.name) || stays(line));
        if live.len() < count {
            live.extend(expected_line(held, &declared));
        }
    }
    Ok(differences(&expected, &live))
}

async fn lines(
    transaction: &Transaction<'_>,
    sql: &str,
    schemas: &[&str],
    app_role: &str,
) -> Result<Vec<String>> {
    let rows = transaction.query(sql, &[&schemas, &app_role]).await.map_err(fault)?;
    Ok(rows.iter().map(|row| normal(row.get(0))).collect())
}

/// The text of a definition without what `PostgreSQL` writes in its own way.
fn normal(text: &str) -> String {
    text.replace('"', "")
        .replace(['(', ')'], " ")
        .replace("::text", "")
        .replace(" USING btree", "")
        .replace(',', " , ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn expected_line(object: &Object, declared: &[Object]) -> Option<String> {
    let Object { table, kind, name, definition } = object;
    if table.is_none() {
        return None;
    }
    let line = match kind {
        ObjectKind::Table => {
            let grant =
                declared.iter().find(|o| o.kind == ObjectKind::Grant && o.table == *table)?;
            let granted = grant.definition.strip_prefix("GRANT ")?.split(" ON TABLE ").next()?;
            format!("table {table}, row security forced, granted {granted}")
        }
        ObjectKind::View => format!("view {table}, as its reader, granted SELECT"),
        ObjectKind::Column => format!("column {table}.{name}: {}", live_type(definition)),
        ObjectKind::Check => format!("constraint {name} of {table}: "),
        kind if kind.is_constraint() => format!("constraint {name} of {table}: {definition}"),
        ObjectKind::Index => match definition.split_once(" WHERE ") {
            Some((head, _)) => format!("{head} WHERE"),
            None => definition.clone(),
        },
        ObjectKind::Trigger
        | ObjectKind::Policy
        | ObjectKind::HeldKey
        | ObjectKind::Words
        | ObjectKind::Partitions => format!("{} {name} of {table}", kind.as_str()),
        _ => return None,
    };
    Some(normal(&line))
}

/// A declared type as `PostgreSQL` prints it.
fn live_type(definition: &str) -> String {
    let column = ColumnDefinition::parse(definition);
    let not_null = if column.not_null { " NOT NULL" } else { "" };
    format!("{}{not_null}", column.data_type.replace("timestamptz", "timestamp with time zone"))
}
