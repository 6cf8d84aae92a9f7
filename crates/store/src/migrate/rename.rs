//! New names: of tables and columns as declared, and of what is named after them.

use super::plan::Step;
use crate::render::{Dialect, quote};
use crate::schema::{Key, Object, ObjectKind, TableName};
use mainstay_entity::Catalog;
use std::collections::HashSet;

/// The steps that rename what `renamed_from` says, and `recorded` as it is after them.
pub(super) fn steps(
    dialect: Dialect,
    catalog: &Catalog,
    declared: &[Object],
    recorded: &mut [Object],
) -> Vec<Step> {
    let mut steps = Vec::new();
    for table in catalog.tables() {
        let name = TableName::of(table);
        if let Some(old) = &table.meta.renamed_from {
            let old = TableName { schema: name.schema.clone(), name: old.to_string() };
            if is_moved(
                declared,
                recorded,
                (&old, ObjectKind::Table, &old.name),
                (&name, &name.name),
            ) {
                steps.push(rename_table(dialect, &old, &name, recorded));
            }
        }
        for column in table.meta.columns.iter() {
            let Some(old) = &column.renamed_from else {
                continue;
            };
            if is_moved(declared, recorded, (&name, ObjectKind::Column, old), (&name, &column.name))
            {
                steps.push(rename_column(dialect, &name, old, &column.name, recorded));
            }
        }
    }
    if dialect == Dialect::Postgres {
        rename_dependents(declared, recorded, &mut steps);
    }
    steps
}

/// Whether something is recorded under its old name only, and declared under its new one only.
fn is_moved(
    declared: &[Object],
    recorded: &[Object],
    (old_table, kind, old): (&TableName, ObjectKind, &str),
    (new_table, new): (&TableName, &str),
) -> bool {
    let has = |objects: &[Object], table: &TableName, name: &str| {
        objects.iter().any(|o| o.kind == kind && o.table == *table && o.name == name)
    };
    has(recorded, old_table, old)
        && !has(declared, old_table, old)
        && !has(recorded, new_table, new)
        && has(declared, new_table, new)
}

fn rename_table(
    dialect: Dialect,
    old: &TableName,
    new: &TableName,
    recorded: &mut [Object],
) -> Step {
    let (old_sql, new_sql) = (old.sql(dialect), new.sql(dialect));
    let bare = match dialect {
        Dialect::Postgres => quote(&new.name),
        Dialect::Sqlite => new_sql.clone(),
    };
    for object in recorded {
        if object.table == *old {
            object.table = new.clone();
            if object.kind == ObjectKind::Table {
                object.name.clone_from(&new.name);
            }
        }
        // The places where a definition names a table; elsewhere the text may be a column's name.
        for before in
            ["REFERENCES ", " ON ", " ON TABLE ", " ON COLUMN ", "UPDATE ", "ALTER TABLE "]
        {
            let (from, to) = (format!("{before}{old_sql}"), format!("{before}{new_sql}"));
            object.definition = object.definition.replace(&from, &to);
        }
    }
    Step::renaming(
        format!("rename table {old} to {}", new.name),
        format!("ALTER TABLE {old_sql} RENAME TO {bare}"),
    )
}

fn rename_column(
    dialect: Dialect,
    table: &TableName,
    old: &str,
    new: &str,
    recorded: &mut [Object],
) -> Step {
    let (old_sql, new_sql) = (quote(old), quote(new));
    let target = format!("REFERENCES {} (", table.sql(dialect));
    for object in recorded {
        let is_own = object.table == *table;
        if is_own
            && matches!(object.kind, ObjectKind::Column | ObjectKind::Comment)
            && object.name == old
        {
            new.clone_into(&mut object.name);
        }
        let replace = |text: &str| text.replace(&old_sql, &new_sql);
        let definition = match object.definition.split_once(&target) {
            Some((own, theirs)) => {
                let own = if is_own { replace(own) } else { own.to_owned() };
                format!("{own}{target}{}", replace(theirs))
            }
            None if is_own && object.kind == ObjectKind::ForeignKey => {
                match object.definition.split_once("REFERENCES ") {
                    Some((own, theirs)) => format!("{}REFERENCES {}", replace(own), theirs),
                    None => continue,
                }
            }
            None if is_own && object.kind != ObjectKind::Column => replace(&object.definition),
            None => continue,
        };
        object.definition = definition;
    }
    Step::renaming(
        format!("rename column {table}.{old} to {new}"),
        format!("ALTER TABLE {} RENAME COLUMN {old_sql} TO {new_sql}", table.sql(dialect)),
    )
}

/// Constraints and indexes that differ in nothing but their name, which usually holds the name
/// of a table or column.
fn rename_dependents(declared: &[Object], recorded: &mut [Object], steps: &mut Vec<Step>) {
    let is_named = |kind: ObjectKind| kind.is_constraint() || kind == ObjectKind::Index;
    let known: HashSet<Key<'_>> = declared.iter().map(Object::key).collect();
    for index in 0..recorded.len() {
        let old = &recorded[index];
        if !is_named(old.kind) || known.contains(&old.key()) {
            continue;
        }
        let same = declared.iter().find(|new| {
            new.table == old.table
                && new.kind == old.kind
                && nameless(new) == nameless(old)
                && !recorded.iter().any(|other| other.key() == new.key())
        });
        let Some(new) = same else { continue };
        let (from, to) = (quote(&old.name), quote(&new.name));
        let sql = if old.kind == ObjectKind::Index {
            format!("ALTER INDEX {}.{from} RENAME TO {to}", quote(&old.table.schema))
        } else {
            let table = old.table.sql(Dialect::Postgres);
            format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {to}")
        };
        let description = format!("rename {} {} to {}", old.kind.as_str(), old.name, new.name);
        steps.push(Step::additive(description, vec![sql]));
        recorded[index] = new.clone();
    }
}

fn nameless(object: &Object) -> String {
    match object.kind {
        ObjectKind::Index => object.definition.replacen(&quote(&object.name), "", 1),
        _ => object.definition.clone(),
    }
}
