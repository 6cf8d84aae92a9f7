//! Constraints: keys, checks, references.

use super::name::{TableName, column_list, identifier, unused};
use super::object::{Object, ObjectKind};
use super::partition;
use crate::render::{Dialect, literal, quote};
use mainstay_entity::{Catalog, Column, ForeignKey, Kind, OnDelete, Table, UniqueKey};

/// The constraints of a table: primary key, unique keys, checks, references.
pub(super) fn all(dialect: Dialect, catalog: &Catalog, table: &Table) -> Vec<Object> {
    let name = TableName::of(table);
    let mut objects = Vec::new();
    if !table.primary_key.is_empty() {
        let definition = format!("PRIMARY KEY ({})", columns(table, &table.primary_key));
        let key = primary_key_name(table);
        objects.push(Object::new(&name, ObjectKind::PrimaryKey, key, definition));
    }
    let is_own = |unique: &&UniqueKey| {
        unique.filter.is_none() && !partition::is_held_apart(dialect, table, unique)
    };
    for unique in table.uniques.iter().filter(is_own) {
        let key = identifier(&unique.name);
        objects.push(Object::new(
            &name,
            ObjectKind::Unique,
            key,
            self::unique(dialect, table, unique),
        ));
    }
    // A row that breaks several is refused for the first: `PostgreSQL` looks at its keys in the
    // order of their making, `SQLite` at the last one first.
    if dialect == Dialect::Sqlite {
        objects.reverse();
    }
    objects.extend(checks(dialect, table, &name));
    for key in &table.foreign_keys {
        let definition = foreign_key(dialect, catalog, table, key);
        objects.push(Object::new(&name, ObjectKind::ForeignKey, identifier(&key.name), definition));
    }
    objects
}

/// The quoted names of columns.
pub(super) fn columns(table: &Table, columns: &[usize]) -> String {
    column_list(columns.iter().map(|column| table.column_name(*column)))
}

fn unique(dialect: Dialect, table: &Table, unique: &UniqueKey) -> String {
    let columns = columns(table, &unique.columns);
    if unique.nulls_not_distinct && dialect == Dialect::Postgres {
        format!("UNIQUE NULLS NOT DISTINCT ({columns})")
    } else {
        // On SQLite an index over expressions adds what nulls need.
        format!("UNIQUE ({columns})")
    }
}

fn checks(dialect: Dialect, table: &Table, name: &TableName) -> Vec<Object> {
    let mut declared = table.meta.checks.iter();
    let mut objects = Vec::new();
    for (check, column) in check_names(dialect, table) {
        let condition = match column {
            Some(column) => column_terms(dialect, &table.meta.columns[column]).join(" AND "),
            None => declared.next().map(|check| check.condition.to_string()).unwrap_or_default(),
        };
        let definition = format!("CHECK ({condition})");
        objects.push(Object::new(name, ObjectKind::Check, check, definition));
    }
    // `PostgreSQL` tries them by name, `SQLite` in the order of declaration.
    objects.sort_by(|a, b| a.name.cmp(&b.name));
    objects
}

/// The name of a table's primary key.
pub(crate) fn primary_key_name(table: &Table) -> String {
    identifier(&format!("{}_pkey", table.meta.table))
}

/// The names of a table's checks: those of columns with their columns, then the declared ones.
pub(crate) fn check_names(dialect: Dialect, table: &Table) -> Vec<(String, Option<usize>)> {
    let name = TableName::of(table);
    let mut checks = Vec::new();
    for (index, column) in table.meta.columns.iter().enumerate() {
        if !column_terms(dialect, column).is_empty() {
            checks.push((column_check_name(&name, &column.name), Some(index)));
        }
    }
    let mut names: Vec<String> = checks.iter().map(|(check, _)| check.clone()).collect();
    for declared in table.meta.checks.iter() {
        let check = unused(&format!("{}_{}_check", name.name, declared.name), &names);
        names.push(check.clone());
        checks.push((check, None));
    }
    checks
}

/// The name of the check of a column's own declaration.
pub(crate) fn column_check_name(table: &TableName, column: &str) -> String {
    identifier(&format!("{}_{column}_check", table.name))
}

/// What a column's own declaration demands of its values. `migrate::bounds` reads these terms.
fn column_terms(dialect: Dialect, column: &Column) -> Vec<String> {
    let name = quote(&column.name);
    let mut terms = Vec::new();
    match (&column.kind, dialect) {
        (Kind::Choice(choice), _) => {
            let values: Vec<String> = choice.values.iter().map(|v| literal(&v.name)).collect();
            terms.push(format!("{name} IN ({})", values.join(", ")));
        }
        (Kind::Text { max: Some(max) }, Dialect::Postgres) => {
            terms.push(format!("char_length({name}) <= {max}"));
        }
        (Kind::Text { max: Some(max) }, Dialect::Sqlite) => {
            terms.push(format!("length({name}) <= {max}"));
        }
        (Kind::Uuid, Dialect::Sqlite) => terms.push(format!("length({name}) = 16")),
        (Kind::Boolean, Dialect::Sqlite) => terms.push(format!("{name} IN (0, 1)")),
        (Kind::U256, Dialect::Sqlite) => terms.push(format!("length({name}) = 78")),
        _ => {}
    }
    if let Some(min) = column.min {
        terms.push(format!("{name} >= {}", bound(dialect, &column.kind, min)));
    }
    if let Some(max) = column.max {
        terms.push(format!("{name} <= {}", bound(dialect, &column.kind, max)));
    }
    terms
}

/// A bound in the form in which an engine keeps the numbers of a kind.
fn bound(dialect: Dialect, kind: &Kind, bound: i64) -> String {
    match (dialect, kind) {
        (Dialect::Sqlite, Kind::Decimal { scale, .. }) => {
            (i128::from(bound) * 10_i128.pow(u32::from(*scale))).to_string()
        }
        (Dialect::Sqlite, Kind::U256) => format!("'{:0>78}'", bound.max(0)),
        _ => bound.to_string(),
    }
}

/// The columns of a reference that become null when the target goes: `organization_id` stays.
pub(super) fn set_null_columns(table: &Table, key: &ForeignKey) -> Vec<usize> {
    let tenant = table.tenant_column();
    key.columns.iter().copied().filter(|column| Some(*column) != tenant).collect()
}

/// Whether a reference sets null only some of its columns.
pub(super) fn sets_null_partly(table: &Table, key: &ForeignKey) -> bool {
    key.on_delete == OnDelete::SetNull && set_null_columns(table, key).len() < key.columns.len()
}

fn foreign_key(dialect: Dialect, catalog: &Catalog, table: &Table, key: &ForeignKey) -> String {
    let target = catalog.table(key.target);
    let mut sql = format!(
        "FOREIGN KEY ({}) REFERENCES {} ({})",
        columns(table, &key.columns),
        TableName::of(target).sql(dialect),
        columns(target, &key.target_columns),
    );
    match (key.on_delete, dialect) {
        (OnDelete::Cascade, _) => sql.push_str(" ON DELETE CASCADE"),
        (OnDelete::SetNull, _) if !sets_null_partly(table, key) => {
            sql.push_str(" ON DELETE SET NULL");
        }
        (OnDelete::SetNull, Dialect::Postgres) => {
            let columns = columns(table, &set_null_columns(table, key));
            sql = format!("{sql} ON DELETE SET NULL ({columns})");
        }
        // SQLite would set organization_id null too; a trigger does what is wanted. RESTRICT is
        // NO ACTION, which looks when the statement ends: otherwise deleting an organisation
        // would depend on the order in which its tables are cascaded to.
        (OnDelete::SetNull, Dialect::Sqlite) | (OnDelete::Restrict, _) => {}
    }
    sql
}
