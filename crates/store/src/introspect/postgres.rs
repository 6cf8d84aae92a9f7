//! The system catalog of `PostgreSQL`.

use super::{Action, Check, Column, Index, Part, Reference, Schema, Table, View};
use crate::error::{Error, ErrorKind, Result};
use crate::postgres::connect_owner;
use std::collections::BTreeMap;
use tokio_postgres::{Row, Transaction};

/// Tables and the like of schema `$1`, without those of extensions and the partitions of others.
const RELATIONS: &str = "
SELECT c.oid, c.relname::text, c.relkind::text, obj_description(c.oid, 'pg_class'),
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid, true) END,
    CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
    ARRAY(SELECT 'trigger ' || t.tgname FROM pg_trigger t
        WHERE t.tgrelid = c.oid AND NOT t.tgisinternal ORDER BY t.tgname)
    || ARRAY(SELECT 'policy ' || p.polname FROM pg_policy p
        WHERE p.polrelid = c.oid ORDER BY p.polname)
    || ARRAY(SELECT 'rule ' || r.rulename FROM pg_rewrite r
        WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN' ORDER BY r.rulename)
    || ARRAY(SELECT 'inheritance from ' || p.relname FROM pg_inherits i
        JOIN pg_class p ON p.oid = i.inhparent WHERE i.inhrelid = c.oid ORDER BY p.relname)
    || ARRAY(SELECT format('constraint %s: %s', o.conname, pg_get_constraintdef(o.oid))
        FROM pg_constraint o WHERE o.conrelid = c.oid AND o.contype = 'x' ORDER BY o.conname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.relname";

/// Columns of the tables in `$1`. `t` is the type, `b` the one below a domain, `e` the one of a
/// list's items.
const COLUMNS: &str = "
SELECT a.attrelid, a.attname::text,
    CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
        ELSE format_type(a.atttypid, a.atttypmod) END,
    ARRAY(SELECT l.enumlabel::text FROM pg_enum l
        WHERE l.enumtypid IN (b.oid, b.typelem) ORDER BY l.enumsortorder),
    NOT (a.attnotnull OR t.typnotnull),
    CASE WHEN a.attgenerated = '' THEN coalesce(pg_get_expr(d.adbin, d.adrelid), t.typdefault) END,
    a.attidentity <> '',
    CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
    CASE WHEN a.attcollation <> b.typcollation AND l.collname NOT IN ('C', 'POSIX', 'ucs_basic')
        THEN l.collname::text END,
    ARRAY(SELECT o.conname::text FROM pg_constraint o
        WHERE o.contypid = t.oid AND o.contype = 'c' ORDER BY o.conname),
    ARRAY(SELECT pg_get_constraintdef(o.oid) FROM pg_constraint o
        WHERE o.contypid = t.oid AND o.contype = 'c' ORDER BY o.conname),
    col_description(a.attrelid, a.attnum)
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
LEFT JOIN pg_collation l ON l.oid = a.attcollation
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum";

const CONSTRAINTS: &str = "
SELECT o.conrelid, o.contype::text, o.conname::text,
    ARRAY(SELECT a.attname::text FROM unnest(o.conkey) WITH ORDINALITY AS k(n, place)
        JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.n ORDER BY k.place),
    coalesce(n.nspname::text, ''), coalesce(f.relname::text, ''),
    ARRAY(SELECT a.attname::text FROM unnest(o.confkey) WITH ORDINALITY AS k(n, place)
        JOIN pg_attribute a ON a.attrelid = o.confrelid AND a.attnum = k.n ORDER BY k.place),
    o.confdeltype::text, o.confupdtype::text, o.condeferrable, pg_get_constraintdef(o.oid),
    coalesce((SELECT (to_jsonb(i) ->> 'indnullsnotdistinct')::boolean FROM pg_index i
        WHERE i.indexrelid = o.conindid), false)
FROM pg_constraint o
LEFT JOIN pg_class f ON f.oid = o.confrelid
LEFT JOIN pg_namespace n ON n.oid = f.relnamespace
WHERE o.conrelid = ANY ($1) AND o.contype IN ('p', 'u', 'f', 'c') AND o.conparentid = 0
ORDER BY o.conrelid, o.conname";

/// Indexes that are no constraint's, a row for each of their parts.
const INDEXES: &str = "
SELECT i.indrelid, c.relname::text, m.amname::text, i.indisunique,
    coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
    pg_get_expr(i.indpred, i.indrelid), k.place > i.indnkeyatts, k.n = 0,
    CASE WHEN k.n = 0 THEN pg_get_indexdef(i.indexrelid, k.place::integer, true)
        ELSE (SELECT a.attname::text FROM pg_attribute a
            WHERE a.attrelid = i.indrelid AND a.attnum = k.n) END,
    coalesce(i.indoption[k.place::integer - 1] & 1 = 1, false)
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am m ON m.oid = c.relam
CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(n, place)
WHERE i.indrelid = ANY ($1)
    AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid
        AND o.contype IN ('p', 'u', 'x'))
ORDER BY i.indrelid, c.relname, k.place";

/// A table by the number that the catalog knows it by.
type Tables = BTreeMap<u32, Table>;

pub(super) async fn read(url: &str, schema: &str) -> Result<Schema> {
    let mut client = connect_owner(url).await?;
    let transaction = client.build_transaction().read_only(true).start().await.map_err(fault)?;
    // Types and tables outside of `pg_catalog` are then told with their schema.
    transaction.batch_execute("SET LOCAL search_path = ''").await.map_err(fault)?;
    let known = "SELECT FROM pg_namespace WHERE nspname = $1";
    if transaction.query_opt(known, &[&schema]).await.map_err(fault)?.is_none() {
        let message = format!("the database has no schema {schema}");
        return Err(Error::new(ErrorKind::Refused(message)));
    }
    let mut views = Vec::new();
    let mut tables = Tables::new();
    for row in transaction.query(RELATIONS, &[&schema]).await.map_err(fault)? {
        relation(&row, &mut tables, &mut views);
    }
    let all: Vec<u32> = tables.keys().copied().collect();
    for (sql, add) in [
        (COLUMNS, add_column as fn(&mut Table, &Row)),
        (CONSTRAINTS, add_constraint),
        (INDEXES, add_index_part),
    ] {
        each(&transaction, sql, &all, &mut tables, add).await?;
    }
    let mut tables: Vec<Table> = tables.into_values().collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Schema { tables, views })
}

async fn each(
    transaction: &Transaction<'_>,
    sql: &str,
    all: &[u32],
    tables: &mut Tables,
    add: fn(&mut Table, &Row),
) -> Result<()> {
    for row in transaction.query(sql, &[&all]).await.map_err(fault)? {
        if let Some(table) = tables.get_mut(&row.get::<_, u32>(0)) {
            add(table, &row);
        }
    }
    Ok(())
}

fn relation(row: &Row, tables: &mut Tables, views: &mut Vec<View>) {
    let name: String = row.get(1);
    let what = match row.get::<_, &str>(2) {
        "v" => "view",
        "m" => "materialized view",
        "f" => "foreign table",
        _ => {
            let mut others: Vec<String> = row.get(6);
            let partitions: Option<String> = row.get(5);
            others.extend(partitions.map(|key| format!("partitions by {key}")));
            let table = Table { name, comment: row.get(3), others, ..Table::default() };
            tables.insert(row.get(0), table);
            return;
        }
    };
    views.push(View { name, what, query: row.get(4) });
}

fn add_column(table: &mut Table, row: &Row) {
    let (names, texts): (Vec<String>, Vec<String>) = (row.get(9), row.get(10));
    let checks = names.into_iter().zip(texts.iter());
    let checks = checks.map(|(name, text)| Check { name, expression: condition(text) });
    table.columns.push(Column {
        name: row.get(1),
        data_type: row.get(2),
        labels: row.get(3),
        nullable: row.get(4),
        default: row.get(5),
        identity: row.get(6),
        generated: row.get(7),
        collation: row.get(8),
        checks: checks.collect(),
        comment: row.get(11),
    });
}

/// The expression of `CHECK (expression)`.
fn condition(definition: &str) -> String {
    let inner = definition.strip_prefix("CHECK (").map(|rest| rest.trim_end_matches(" NOT VALID"));
    inner.and_then(|rest| rest.strip_suffix(')')).unwrap_or(definition).to_owned()
}

fn add_constraint(table: &mut Table, row: &Row) {
    let (name, columns): (String, Vec<String>) = (row.get(2), row.get(3));
    match row.get::<_, &str>(1) {
        "p" => table.primary_key = columns,
        "c" => {
            let expression = condition(row.get(10));
            table.checks.push(Check { name, expression });
        }
        "u" => {
            let parts = columns.into_iter().map(|text| Part {
                text,
                is_expression: false,
                descending: false,
                is_included: false,
            });
            table.uniques.push(Index {
                name,
                method: "btree".to_owned(),
                unique: true,
                nulls_not_distinct: row.get(11),
                parts: parts.collect(),
                filter: None,
            });
        }
        _ => table.references.push(Reference {
            name,
            columns,
            schema: row.get(4),
            table: row.get(5),
            to: row.get(6),
            on_delete: action(row.get(7)),
            on_update: action(row.get(8)),
            deferrable: row.get(9),
        }),
    }
}

/// `pg_constraint.confdeltype`.
fn action(letter: &str) -> Action {
    match letter {
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::Refuse,
    }
}

fn add_index_part(table: &mut Table, row: &Row) {
    let name: String = row.get(1);
    if table.indexes.last().is_none_or(|last| last.name != name) {
        table.indexes.push(Index {
            name,
            method: row.get(2),
            unique: row.get(3),
            nulls_not_distinct: row.get(4),
            parts: Vec::new(),
            filter: row.get(5),
        });
    }
    if let Some(index) = table.indexes.last_mut() {
        index.parts.push(Part {
            text: row.get(8),
            is_expression: row.get(7),
            descending: row.get(9),
            is_included: row.get(6),
        });
    }
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over like this")]
fn fault(error: tokio_postgres::Error) -> Error {
    let text = error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
    Error::new(ErrorKind::Refused(format!("the catalog can't be read: {text}")))
}
