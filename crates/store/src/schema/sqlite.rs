//! What only `SQLite` has: physical options, and triggers for what it has no constraint for.

use super::constraint::{set_null_columns, sets_null_partly};
use super::life_cycle;
use super::name::{TableName, identifier};
use super::object::{Object, ObjectKind};
use crate::render::{Dialect, quote};
use mainstay_entity::{Catalog, Kind, Table};

/// Narrow tenant tables are clustered by their organisation's key. Rows with documents are long, and those only
/// ever appended are in order anyway.
pub(super) fn table_options(table: &Table) -> &'static str {
    let is_wide = |kind: &Kind| *kind == Kind::Json;
    let clustered = table.meta.scope.is_tenant()
        && !table.meta.global_key
        && !table.meta.append_only
        && !table.meta.columns.iter().any(|column| is_wide(&column.kind) || column.search);
    if clustered { "STRICT, WITHOUT ROWID" } else { "STRICT" }
}

/// The triggers that a table's declaration needs.
pub(super) fn triggers(catalog: &Catalog, table: &Table) -> Vec<Object> {
    let name = TableName::of(table);
    let mut triggers = Triggers { name, objects: Vec::new() };
    for (column, choice) in life_cycle::columns(table) {
        let quoted = quote(&column.name);
        let condition = life_cycle::refused(column, choice);
        let message = format!("'mainstay:transition:{}:{}:'", table.meta.table, column.name);
        triggers.push(
            &format!("{}_{}_life_cycle", triggers.name.flat(), column.name),
            &format!("BEFORE UPDATE OF {quoted} ON {}", triggers.own_table()),
            Some(&condition),
            &format!(
                "SELECT RAISE(ABORT, {message} || OLD.{quoted} || ':' || coalesce(NEW.{quoted}, ''))"
            ),
        );
    }
    if table.meta.append_only {
        let refuse = format!("SELECT RAISE(ABORT, 'mainstay:append_only:{}')", table.meta.table);
        let (flat, own) = (triggers.name.flat(), triggers.own_table());
        let name = format!("{flat}_append_only_update");
        triggers.push(&name, &format!("BEFORE UPDATE ON {own}"), None, &refuse);
        let name = format!("{flat}_append_only_delete");
        let guard = Some("NOT ms_write_guard()");
        triggers.push(&name, &format!("BEFORE DELETE ON {own}"), guard, &refuse);
        triggers.objects.push(own_program_alone(table));
    }
    for key in table.foreign_keys.iter().filter(|key| sets_null_partly(table, key)) {
        set_null(catalog, table, key, &mut triggers);
    }
    triggers.objects
}

/// An empty index that lets this program alone add rows. INSERT OR REPLACE removes rows without
/// asking a trigger, unless a setting of the connection says so; other programs lack the function
/// of the index's condition, and can't write what has such an index. A trigger that refuses would
/// do the same, for half the time of an insert.
fn own_program_alone(table: &Table) -> Object {
    let owner = TableName::of(table);
    let name = identifier(&format!("{}_append_only_guard", owner.flat()));
    let key = table.primary_key.first().map_or("id", |column| table.column_name(*column));
    let definition = format!(
        "CREATE INDEX {} ON {} ({}) WHERE NOT ms_governed()",
        quote(&name),
        owner.sql(Dialect::Sqlite),
        quote(key)
    );
    Object::new(&owner, ObjectKind::Index, name, definition)
}

/// Sets some columns of a composite reference null when its target goes. `AFTER`, since a table
/// may refer to itself, and a row must not change before it is deleted by the same statement.
fn set_null(
    catalog: &Catalog,
    table: &Table,
    key: &mainstay_entity::ForeignKey,
    triggers: &mut Triggers,
) {
    let target = catalog.table(key.target);
    let set: Vec<String> = set_null_columns(table, key)
        .into_iter()
        .map(|column| format!("{} = NULL", quote(table.column_name(column))))
        .collect();
    let same: Vec<String> = key
        .columns
        .iter()
        .zip(&key.target_columns)
        .map(|(own, theirs)| {
            format!(
                "{} = OLD.{}",
                quote(table.column_name(*own)),
                quote(target.column_name(*theirs))
            )
        })
        .collect();
    let own = key.name.strip_prefix(&triggers.name.name).unwrap_or(&key.name);
    triggers.push(
        &format!("{}{own}_set_null", triggers.name.flat()),
        &format!("AFTER DELETE ON {}", TableName::of(target).sql(Dialect::Sqlite)),
        None,
        &format!(
            "UPDATE {} SET {} WHERE {}",
            triggers.own_table(),
            set.join(", "),
            same.join(" AND ")
        ),
    );
}

struct Triggers {
    name: TableName,
    objects: Vec<Object>,
}

impl Triggers {
    fn own_table(&self) -> String {
        self.name.sql(Dialect::Sqlite)
    }

    fn push(&mut self, name: &str, event: &str, condition: Option<&str>, action: &str) {
        let name = identifier(name);
        let when = condition.map(|c| format!(" WHEN {c}")).unwrap_or_default();
        let definition = format!(
            "CREATE TRIGGER {} {event} FOR EACH ROW{when} BEGIN {action}; END",
            quote(&name)
        );
        self.objects.push(Object::new(&self.name, ObjectKind::Trigger, name, definition));
    }
}
