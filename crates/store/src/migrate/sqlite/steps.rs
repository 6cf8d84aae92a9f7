//! The steps of a migration on `SQLite`, which can add columns, indexes and triggers in place.
//! Anything else makes a table anew, as <https://sqlite.org/lang_altertable.html#otheralter>
//! tells.

use super::super::bounds::check_risk;
use super::super::column_change::{ColumnChange, Conversion};
use super::super::difference::Difference;
use super::super::plan::{Risk, Step};
use crate::render::{Dialect, quote};
use crate::schema::{Object, ObjectKind, TableName, create_table, in_table, mentions};

const DIALECT: Dialect = Dialect::Sqlite;

/// Adds all steps but renaming and dropping columns.
pub(in crate::migrate) fn add(difference: &Difference<'_>, steps: &mut Vec<Step>) {
    remove(difference, steps);
    for table in difference.common_tables() {
        let change = TableChange::new(difference, table);
        if change.is_in_place() {
            change.add_columns(steps);
        } else {
            steps.push(change.rebuild());
        }
    }
    for table in difference.new_tables() {
        let own = difference.declared_of(&table.table);
        let parts = in_table(DIALECT, &own);
        let mut sql = vec![create_table(&table.table.sql(DIALECT), &table.definition, &parts)];
        let indexes = own.iter().filter(|object| object.kind == ObjectKind::Index);
        sql.extend(indexes.map(|index| index.create_sql(DIALECT)));
        steps.push(Step::additive(format!("create table {}", table.table), sql));
    }
    // Triggers may name any table.
    let is_late = |object: &&Object| match object.kind {
        ObjectKind::Index => difference.is_common(&object.table),
        ObjectKind::Trigger | ObjectKind::Words => true,
        _ => false,
    };
    for object in difference.declared.iter().filter(is_late) {
        if !difference.is_unchanged(object) {
            let (kind, name) = (object.kind.as_str(), &object.name);
            let sql = vec![object.create_sql(DIALECT)];
            steps.push(Step::additive(format!("add {kind} {name} of {}", object.table), sql));
        }
    }
}

/// Drops triggers and indexes that change or are no longer declared.
fn remove(difference: &Difference<'_>, steps: &mut Vec<Step>) {
    for kind in [ObjectKind::Trigger, ObjectKind::Index, ObjectKind::Words] {
        for object in difference.recorded.iter().filter(|object| object.kind == kind) {
            if difference.is_common(&object.table) && !difference.is_unchanged(object) {
                let description =
                    format!("drop {} {} of {}", kind.as_str(), object.name, object.table);
                steps.push(Step::additive(description, vec![object.drop_sql(DIALECT)]));
            }
        }
    }
}

/// What changes in the body of one table.
struct TableChange<'a> {
    difference: &'a Difference<'a>,
    table: &'a TableName,
    declared: Vec<&'a Object>,
    columns: Vec<ColumnChange>,
    /// Declared constraints that are new or changed.
    added: Vec<&'a Object>,
    /// Recorded constraints that change or are no longer declared.
    removed: Vec<&'a Object>,
}

impl<'a> TableChange<'a> {
    fn new(difference: &'a Difference<'a>, table: &'a TableName) -> Self {
        let declared = difference.declared_of(table);
        let is_changed = |object: &&Object| {
            let is_part = object.kind.is_constraint() || object.kind == ObjectKind::Table;
            is_part && !difference.is_unchanged(object)
        };
        let own = difference.recorded.iter().filter(|object| object.table == *table);
        Self {
            difference,
            table,
            columns: difference.column_changes(table),
            added: declared.iter().copied().filter(is_changed).collect(),
            removed: own.filter(is_changed).collect(),
            declared,
        }
    }

    /// Whether new columns, with checks of their own, are all that changes.
    fn is_in_place(&self) -> bool {
        let is_added = |change: &ColumnChange| {
            let new = change.new.as_ref();
            change.old.is_none()
                && new.is_some_and(|new| new.is_optional() && new.has_constant_default())
        };
        self.removed.is_empty()
            && self.columns.iter().all(is_added)
            && self.added.iter().all(|check| self.column_of(check).is_some())
    }

    /// The new column that a check is about, if it is about that one alone.
    fn column_of(&self, check: &Object) -> Option<&ColumnChange> {
        let mut mentioned = self.declared.iter().filter(|object| {
            object.kind == ObjectKind::Column && mentions(&check.definition, &object.name)
        });
        let only = mentioned.next().filter(|_| check.kind == ObjectKind::Check)?;
        let is_alone = mentioned.next().is_none();
        self.columns.iter().find(|change| is_alone && change.column == only.name)
    }

    fn add_columns(&self, steps: &mut Vec<Step>) {
        let objects = self.declared.iter().filter(|object| object.kind == ObjectKind::Column);
        for column in objects.filter(|object| !self.difference.is_unchanged(object)) {
            let mut sql = column.create_sql(DIALECT);
            let is_own = |check: &&&Object| {
                self.column_of(check).is_some_and(|change| change.column == column.name)
            };
            for check in self.added.iter().filter(is_own) {
                sql.push(' ');
                sql.push_str(&check.clause());
            }
            let description = format!("add column {}.{}", self.table, column.name);
            steps.push(Step::additive(description, vec![sql]));
        }
    }

    /// Makes the table anew and copies its rows.
    fn rebuild(&self) -> Step {
        let name = self.table.sql(DIALECT);
        let new = quote(&format!("mainstay_rebuild_{}", self.table.flat()));
        let relaxed: Vec<Object> = self.kept_columns().map(Difference::relaxed).collect();
        let mut parts = in_table(DIALECT, &self.declared);
        let columns = parts.iter().take_while(|part| part.kind == ObjectKind::Column).count();
        parts.splice(columns..columns, relaxed.iter());
        let options = self.declared.first().map_or("", |table| &table.definition);
        let (targets, sources) = self.copied();
        let mut sql = vec![
            create_table(&new, options, &parts),
            format!("INSERT INTO {new} ({targets}) SELECT {sources} FROM {name}"),
            format!("DROP TABLE {name}"),
            // What else names the table goes on doing so.
            "PRAGMA legacy_alter_table = ON".to_owned(),
            format!("ALTER TABLE {new} RENAME TO {name}"),
            "PRAGMA legacy_alter_table = OFF".to_owned(),
        ];
        sql.extend(self.surviving().map(|object| object.create_sql(DIALECT)));
        let reasons = self.reasons();
        let description = format!("make table {} anew: {}", self.table, reasons.join("; "));
        Step::new(description, sql, self.risk())
    }

    fn kept_columns(&self) -> impl Iterator<Item = &'a Object> {
        self.difference.undeclared_columns().filter(|column| column.table == *self.table)
    }

    /// The columns that take values of the old table, and the expressions that give them.
    fn copied(&self) -> (String, String) {
        let mut targets = Vec::new();
        let mut sources = Vec::new();
        let declared = self.declared.iter().copied().filter(|o| o.kind == ObjectKind::Column);
        for column in declared.chain(self.kept_columns()) {
            let name = quote(&column.name);
            let change = self.columns.iter().find(|change| change.column == column.name);
            let source = match change {
                Some(change) => change_source(change, &name),
                None => Some(name.clone()),
            };
            if let Some(source) = source {
                targets.push(name);
                sources.push(source);
            }
        }
        (targets.join(", "), sources.join(", "))
    }

    /// Indexes and triggers that went with the old table and don't change.
    fn surviving(&self) -> impl Iterator<Item = &'a Object> {
        let on = format!(" ON {} ", self.table.sql(DIALECT));
        let difference = self.difference;
        difference.recorded.iter().filter(move |object| {
            let stays = !difference.is_common(&object.table) || difference.is_unchanged(object);
            let is_attached = matches!(object.kind, ObjectKind::Index | ObjectKind::Trigger)
                && object.definition.contains(&on);
            stays && is_attached
        })
    }

    fn risk(&self) -> Risk {
        let columns = self.columns.iter().map(|change| change.risk(DIALECT));
        let is_renamed = |object: &&&Object| {
            let same =
                |old: &&Object| old.kind == object.kind && old.definition == object.definition;
            self.removed.iter().any(|old| same(old) && self.difference.declared_form(old).is_none())
        };
        let added = self.added.iter().filter(|object| !is_renamed(object));
        let constraints = added.map(|object| match object.kind {
            ObjectKind::PrimaryKey => Risk::Rewrite,
            ObjectKind::Check => check_risk(self.difference, &self.columns, object),
            _ => Risk::Additive,
        });
        columns.chain(constraints).max().unwrap_or(Risk::Additive)
    }

    fn reasons(&self) -> Vec<String> {
        let columns = self.columns.iter().map(|change| change.describe(DIALECT));
        let describe = |verb: &str, object: &Object| match object.kind {
            ObjectKind::Table => "change how its rows are stored".to_owned(),
            kind => format!("{verb} {} {}", kind.as_str(), object.name),
        };
        let added = self.added.iter().map(|object| {
            let is_old = self.difference.old(object).is_some();
            describe(if is_old { "change" } else { "add" }, object)
        });
        let removed = self.removed.iter();
        let gone = removed.filter(|object| self.difference.declared_form(object).is_none());
        columns.chain(added).chain(gone.map(|object| describe("drop", object))).collect()
    }
}

/// What a changed column takes from the old table; nothing if its default is to be taken.
fn change_source(change: &ColumnChange, name: &str) -> Option<String> {
    change.old.as_ref()?;
    let value = match change.conversion(DIALECT) {
        Conversion::Keep => name.to_owned(),
        Conversion::Compute { expression, .. } => expression,
        Conversion::Replace => return None,
    };
    match change.new.as_ref().and_then(|new| new.default.as_ref()) {
        Some(default) if change.becomes_required() => Some(format!("coalesce({value}, {default})")),
        _ => Some(value),
    }
}
