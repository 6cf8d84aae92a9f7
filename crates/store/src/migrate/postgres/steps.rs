//! The steps of a migration on `PostgreSQL`, where every object can be changed in place.
//!
//! What hangs on columns and keys goes first, then columns change, then it comes back: policies
//! and triggers forbid a change of their columns, references one of their keys.

use super::super::bounds::check_risk;
use super::super::column_change::{ColumnChange, Conversion};
use super::super::difference::Difference;
use super::super::plan::{Risk, Step};
use super::online;
use crate::render::{Dialect, quote};
use crate::schema::{
    Key, Object, ObjectKind, TableName, convert, create_table, in_table, mentions,
};
use std::collections::HashSet;

const DIALECT: Dialect = Dialect::Postgres;

/// The order in which objects are removed.
const REMOVAL: [ObjectKind; 9] = [
    ObjectKind::Words,
    ObjectKind::HeldKey,
    ObjectKind::Policy,
    ObjectKind::Trigger,
    ObjectKind::ForeignKey,
    ObjectKind::Index,
    ObjectKind::Check,
    ObjectKind::Unique,
    ObjectKind::PrimaryKey,
];

/// The order in which objects are added to tables that are there.
const ADDITION: [ObjectKind; 4] =
    [ObjectKind::PrimaryKey, ObjectKind::Unique, ObjectKind::Check, ObjectKind::Index];

/// What is added when all tables and references are there.
const PROTECTION: [ObjectKind; 7] = [
    ObjectKind::RowSecurity,
    ObjectKind::Trigger,
    ObjectKind::Policy,
    ObjectKind::Grant,
    ObjectKind::Comment,
    ObjectKind::HeldKey,
    ObjectKind::Words,
];

/// Adds all steps but renaming and dropping columns.
pub(in crate::migrate) fn add(difference: &Difference<'_>, steps: &mut Vec<Step>) {
    let changes: Vec<ColumnChange> =
        difference.common_tables().flat_map(|table| difference.column_changes(table)).collect();
    let remade = remade(difference, &changes);
    let planner = Planner { difference, changes, remade, converted: converted(difference) };
    planner.shared(steps);
    for kind in REMOVAL {
        planner.remove(kind, steps);
    }
    for change in &planner.changes {
        let risk = change.risk(DIALECT);
        steps.push(Step::new(change.describe(DIALECT), column_sql(change), risk));
    }
    planner.new_tables(steps);
    for kind in ADDITION {
        planner.add(kind, steps);
    }
    planner.add(ObjectKind::ForeignKey, steps);
    for kind in PROTECTION {
        planner.add(kind, steps);
    }
    planner.convert(steps);
}

/// Tables that are there and are to be partitioned from now on.
fn converted<'a>(difference: &Difference<'a>) -> Vec<&'a TableName> {
    let is_converted = |object: &&Object| {
        let old = difference.old(object);
        object.kind == ObjectKind::Table
            && old.is_some_and(|old| old.definition.is_empty() && !object.definition.is_empty())
    };
    difference.declared.iter().filter(is_converted).map(|object| &object.table).collect()
}

struct Planner<'a> {
    difference: &'a Difference<'a>,
    changes: Vec<ColumnChange>,
    /// Objects that don't change, and yet must go for a while.
    remade: HashSet<Key<'a>>,
    /// Tables that become partitioned.
    converted: Vec<&'a TableName>,
}

impl Planner<'_> {
    /// Schemas, functions and the use of schemas, which come before anything else.
    fn shared(&self, steps: &mut Vec<Step>) {
        let is_old_grant = |object: &&Object| {
            object.table.is_none()
                && object.kind == ObjectKind::Grant
                && self.difference.declared_form(object).is_none()
        };
        for grant in self.difference.recorded.iter().filter(is_old_grant) {
            let sql = grant.drop_sql(DIALECT);
            steps.push(Step::additive(sql.replace('"', ""), vec![sql]));
        }
        for object in self.difference.declared.iter().filter(|object| object.table.is_none()) {
            if self.difference.is_unchanged(object) {
                continue;
            }
            let sql = object.create_sql(DIALECT);
            let description = match object.kind {
                ObjectKind::Grant => sql.replace('"', ""),
                kind => format!("create {} {}", kind.as_str(), object.name),
            };
            steps.push(Step::additive(description, vec![sql]));
        }
    }

    fn remove(&self, kind: ObjectKind, steps: &mut Vec<Step>) {
        for object in self.difference.recorded.iter().filter(|object| object.kind == kind) {
            let is_common = self.difference.is_common(&object.table);
            let goes = is_common && !self.difference.is_unchanged(object);
            if goes || self.remade.contains(&object.key()) {
                steps.push(step("drop", object, vec![object.drop_sql(DIALECT)], Risk::Additive));
            }
        }
    }

    fn new_tables(&self, steps: &mut Vec<Step>) {
        for table in self.difference.new_tables() {
            let own = self.difference.declared_of(&table.table);
            let name = table.table.sql(DIALECT);
            let options = &table.definition;
            let mut sql = vec![create_table(&name, options, &in_table(DIALECT, &own))];
            let rest = own.iter().filter(|object| object.kind > ObjectKind::ForeignKey);
            sql.extend(rest.map(|object| object.create_sql(DIALECT)));
            steps.push(Step::additive(format!("create table {}", table.table), sql));
        }
    }

    /// Adds what is new, changed or was removed for a while. References of new tables come here
    /// too.
    fn add(&self, kind: ObjectKind, steps: &mut Vec<Step>) {
        for object in self.difference.declared.iter().filter(|object| object.kind == kind) {
            let is_common = self.difference.is_common(&object.table);
            if !is_common && kind != ObjectKind::ForeignKey || object.table.is_none() {
                continue;
            }
            if kind == ObjectKind::HeldKey && self.converted.contains(&&object.table) {
                continue;
            }
            if kind == ObjectKind::Index && self.is_online(object) {
                steps.push(self.build(object));
            } else if !self.difference.is_unchanged(object) || self.remade.contains(&object.key()) {
                let mut sql = vec![object.create_sql(DIALECT)];
                if let Some(old) = self.difference.old(object).filter(|_| kind == ObjectKind::Grant)
                {
                    sql.insert(0, old.drop_sql(DIALECT));
                }
                let step = step("add", object, sql, self.risk(object));
                steps.push(if kind == ObjectKind::Words {
                    step.filling(&object.table)
                } else {
                    step
                });
            }
        }
        // References of tables no longer declared stay, but their targets may have changed.
        let kept = self.difference.recorded.iter().filter(|object| {
            object.kind == kind && self.difference.declared_form(object).is_none()
        });
        for object in kept.filter(|object| !self.difference.is_common(&object.table)) {
            if self.remade.contains(&object.key()) {
                steps.push(step("add", object, vec![object.create_sql(DIALECT)], Risk::Additive));
            }
        }
        if matches!(kind, ObjectKind::Grant | ObjectKind::Comment) {
            self.withdraw(kind, steps);
        }
    }

    /// Whether an index is built while its table is in use. What a change of columns or partitions
    /// needs comes in its transaction, and so does a key that replaces another: in between none
    /// would hold.
    fn is_online(&self, index: &Object) -> bool {
        if self.difference.is_unchanged(index)
            || self.remade.contains(&index.key())
            || self.converted.contains(&&index.table)
        {
            return false;
        }
        let goes = |old: &Object| {
            old.is_unique_index() && old.table == index.table && !self.difference.is_unchanged(old)
        };
        let replaces_a_key = index.is_unique_index() && self.difference.recorded.iter().any(goes);
        !replaces_a_key
    }

    fn build(&self, index: &Object) -> Step {
        let own = self.difference.declared_of(&index.table);
        let is_partitioned = own.first().is_some_and(|table| !table.definition.is_empty());
        let sql = if is_partitioned {
            let each = "-- The same CONCURRENTLY on each partition, whose index is then attached.";
            vec![online::on_parent(index), each.to_owned()]
        } else {
            vec![online::concurrently(&index.definition)]
        };
        Step::building(format!("add index {} of {}", index.name, index.table), index, sql)
    }

    /// Tables that become partitioned, when all else is as it is declared.
    fn convert(&self, steps: &mut Vec<Step>) {
        for table in &self.converted {
            let own = self.difference.declared_of(table);
            let options = own.first().map_or("", |object| &object.definition);
            let undeclared = self.difference.undeclared_columns();
            let kept: Vec<Object> = undeclared
                .filter(|column| column.table == **table)
                .map(Difference::relaxed)
                .collect();
            let target = format!("REFERENCES {} (", table.sql(DIALECT));
            let undeclared = self.difference.recorded.iter().filter(|object| {
                !self.difference.is_common(&object.table)
                    && self.difference.declared_form(object).is_none()
            });
            let references = self.difference.declared.iter().chain(undeclared);
            let referring: Vec<&Object> = references
                .filter(|object| {
                    object.kind == ObjectKind::ForeignKey && object.definition.contains(&target)
                })
                .collect();
            let create = |name: &str, parts: &[&Object]| create_table(name, options, parts);
            let sql = convert(table, &own, &kept, &referring, create);
            let description = format!("partition table {table} by month; its rows stay in place");
            steps.push(Step::additive(description, sql));
        }
    }

    /// Grants and comments no longer declared.
    fn withdraw(&self, kind: ObjectKind, steps: &mut Vec<Step>) {
        for object in self.difference.recorded.iter().filter(|object| object.kind == kind) {
            let goes = self.difference.is_common(&object.table)
                && self.difference.declared_form(object).is_none()
                && !self.difference.is_comment_of_kept_column(object);
            if goes {
                steps.push(step("drop", object, vec![object.drop_sql(DIALECT)], Risk::Additive));
            }
        }
    }

    /// What an object that is added to a table asks of its rows.
    fn risk(&self, object: &Object) -> Risk {
        if self.difference.is_unchanged(object) {
            return Risk::Additive;
        }
        match object.kind {
            ObjectKind::PrimaryKey => Risk::Rewrite,
            ObjectKind::Check => check_risk(self.difference, &self.changes, object),
            _ => Risk::Additive,
        }
    }
}

fn step(verb: &str, object: &Object, sql: Vec<String>, risk: Risk) -> Step {
    let name = if object.name.is_empty() { String::new() } else { format!(" {}", object.name) };
    Step::new(format!("{verb} {}{name} of {}", object.kind.as_str(), object.table), sql, risk)
}

/// What hangs on columns whose type changes, and the references to keys that go.
fn remade<'a>(difference: &Difference<'a>, changes: &[ColumnChange]) -> HashSet<Key<'a>> {
    let mut remade = HashSet::new();
    for change in changes {
        let conversion = change.conversion(DIALECT);
        if conversion == Conversion::Keep {
            continue;
        }
        for object in difference.recorded {
            let hangs = match object.kind {
                ObjectKind::Comment => {
                    conversion == Conversion::Replace
                        && object.table == change.table
                        && object.name == change.column
                }
                kind if REMOVAL.contains(&kind) && object.table == change.table => {
                    mentions(&object.definition, &change.column)
                }
                ObjectKind::ForeignKey => refers_to(object, change),
                _ => false,
            };
            if hangs {
                remade.insert(object.key());
            }
        }
    }
    let keys = difference.recorded.iter().filter(|object| {
        matches!(object.kind, ObjectKind::PrimaryKey | ObjectKind::Unique)
            && difference.is_common(&object.table)
            && (!difference.is_unchanged(object) || remade.contains(&object.key()))
    });
    let targets: HashSet<String> =
        keys.map(|key| format!("REFERENCES {} (", key.table.sql(DIALECT))).collect();
    for object in difference.recorded.iter().filter(|o| o.kind == ObjectKind::ForeignKey) {
        if targets.iter().any(|target| object.definition.contains(target)) {
            remade.insert(object.key());
        }
    }
    remade
}

fn refers_to(foreign_key: &Object, change: &ColumnChange) -> bool {
    let target = format!("REFERENCES {} (", change.table.sql(DIALECT));
    let columns = foreign_key.definition.split_once(&target).map(|(_, columns)| columns);
    columns.is_some_and(|columns| mentions(columns, &change.column))
}

fn column_sql(change: &ColumnChange) -> Vec<String> {
    let table = change.table.sql(DIALECT);
    let column = quote(&change.column);
    let alter = |action: &str| format!("ALTER TABLE {table} ALTER COLUMN {column} {action}");
    let (old, new) = match (&change.old, &change.new) {
        (Some(old), Some(new)) => (old, new),
        (None, Some(new)) => return vec![format!("ALTER TABLE {table} ADD COLUMN {column} {new}")],
        (_, None) => return vec![alter("DROP NOT NULL")],
    };
    let mut sql = Vec::new();
    let mut default = old.default.as_ref();
    match change.conversion(DIALECT) {
        Conversion::Keep => {}
        Conversion::Replace => {
            return vec![
                format!("ALTER TABLE {table} DROP COLUMN {column}"),
                format!("ALTER TABLE {table} ADD COLUMN {column} {new}"),
            ];
        }
        Conversion::Compute { expression, .. } => {
            if default.take().is_some() {
                sql.push(alter("DROP DEFAULT"));
            }
            sql.push(alter(&format!("TYPE {} USING {expression}", new.data_type)));
        }
    }
    if change.becomes_required() {
        if let Some(default) = &new.default {
            sql.push(format!("UPDATE {table} SET {column} = {default} WHERE {column} IS NULL"));
        }
        sql.push(alter("SET NOT NULL"));
    } else if old.not_null && !new.not_null {
        sql.push(alter("DROP NOT NULL"));
    }
    match (&new.default, default) {
        (Some(new), old) if Some(new) != old => sql.push(alter(&format!("SET DEFAULT {new}"))),
        (None, Some(_)) => sql.push(alter("DROP DEFAULT")),
        _ => {}
    }
    sql
}
