//! The difference between declared and recorded objects.

use super::column_change::ColumnChange;
use crate::render::Dialect;
use crate::schema::{ColumnDefinition, Key, Object, ObjectKind, TableName};
use std::collections::{BTreeSet, HashMap};

/// Declared and recorded objects side by side.
pub(super) struct Difference<'a> {
    pub(super) dialect: Dialect,
    pub(super) declared: &'a [Object],
    pub(super) recorded: &'a [Object],
    new: HashMap<Key<'a>, &'a Object>,
    old: HashMap<Key<'a>, &'a Object>,
    /// The declared objects of each table.
    declared_of: HashMap<&'a TableName, Vec<&'a Object>>,
    declared_tables: BTreeSet<TableName>,
    recorded_tables: BTreeSet<TableName>,
    undeclared_columns: Vec<&'a Object>,
}

impl<'a> Difference<'a> {
    pub(super) fn new(dialect: Dialect, declared: &'a [Object], recorded: &'a [Object]) -> Self {
        let tables = |objects: &[Object]| {
            let tables = objects.iter().filter(|object| object.kind == ObjectKind::Table);
            tables.map(|object| object.table.clone()).collect()
        };
        let mut declared_of: HashMap<&TableName, Vec<&Object>> = HashMap::new();
        for object in declared {
            declared_of.entry(&object.table).or_default().push(object);
        }
        let mut difference = Self {
            dialect,
            declared_of,
            declared,
            recorded,
            new: declared.iter().map(|object| (object.key(), object)).collect(),
            old: recorded.iter().map(|object| (object.key(), object)).collect(),
            declared_tables: tables(declared),
            recorded_tables: tables(recorded),
            undeclared_columns: Vec::new(),
        };
        let undeclared = recorded.iter().filter(|object| {
            object.kind == ObjectKind::Column
                && difference.is_common(&object.table)
                && difference.declared_form(object).is_none()
        });
        difference.undeclared_columns = undeclared.collect();
        difference
    }

    /// Declared tables that the database does not have, in declared order.
    pub(super) fn new_tables(&self) -> impl Iterator<Item = &'a Object> {
        let is_new = |table| !self.recorded_tables.contains(table);
        self.tables().filter(move |object| is_new(&object.table))
    }

    /// Declared tables that the database has, in declared order.
    pub(super) fn common_tables(&self) -> impl Iterator<Item = &'a TableName> {
        self.tables()
            .map(|object| &object.table)
            .filter(|table| self.recorded_tables.contains(table))
    }

    fn tables(&self) -> impl Iterator<Item = &'a Object> {
        self.declared.iter().filter(|object| object.kind == ObjectKind::Table)
    }

    /// Whether a table is both declared and there.
    pub(super) fn is_common(&self, table: &TableName) -> bool {
        self.recorded_tables.contains(table) && self.declared_tables.contains(table)
    }

    /// Tables that are there and no longer declared.
    pub(super) fn kept_tables(&self) -> impl Iterator<Item = &TableName> {
        self.recorded_tables.difference(&self.declared_tables)
    }

    /// The declared objects of a table.
    pub(super) fn declared_of(&self, table: &TableName) -> Vec<&'a Object> {
        self.declared_of.get(table).cloned().unwrap_or_default()
    }

    /// The recorded form of a declared object.
    pub(super) fn old(&self, object: &Object) -> Option<&'a Object> {
        self.old.get(&object.key()).copied()
    }

    /// The declared form of a recorded object.
    pub(super) fn declared_form(&self, object: &Object) -> Option<&'a Object> {
        self.new.get(&object.key()).copied()
    }

    /// Whether an object is declared and recorded with the same text.
    pub(super) fn is_unchanged(&self, object: &Object) -> bool {
        match (self.new.get(&object.key()), self.old.get(&object.key())) {
            (Some(new), Some(old)) => new.definition == old.definition,
            _ => false,
        }
    }

    /// Columns of common tables that are recorded and no longer declared.
    pub(super) fn undeclared_columns(&self) -> impl Iterator<Item = &'a Object> {
        self.undeclared_columns.iter().copied()
    }

    /// The columns of a common table that differ, in declared order; those no longer declared
    /// only if something is to be done about them.
    pub(super) fn column_changes(&self, table: &TableName) -> Vec<ColumnChange> {
        let change = |new: Option<&Object>, old: Option<&Object>| {
            let object = new.or(old)?;
            let parse = |object: &Object| ColumnDefinition::parse(&object.definition);
            Some(ColumnChange {
                table: table.clone(),
                column: object.name.clone(),
                old: old.map(parse),
                new: new.map(parse),
            })
        };
        let changed = self
            .declared_of(table)
            .into_iter()
            .filter(|object| object.kind == ObjectKind::Column)
            .filter(|object| !self.is_unchanged(object))
            .filter_map(|object| change(Some(object), self.old(object)));
        let relaxed = self
            .undeclared_columns()
            .filter(|object| object.table == *table)
            .filter_map(|object| change(None, Some(object)))
            .filter(ColumnChange::needs_relaxing);
        changed.chain(relaxed).collect()
    }

    /// A column no longer declared as it stands after the migration: rows can be added without it.
    pub(super) fn relaxed(column: &Object) -> Object {
        let mut definition = ColumnDefinition::parse(&column.definition);
        if !definition.is_optional() {
            definition.not_null = false;
        }
        Object { definition: definition.to_string(), ..column.clone() }
    }

    /// What the database holds after all steps but optional ones: what is declared, tables and
    /// columns no longer declared, and what belongs to no table.
    pub(super) fn outcome(&self) -> Vec<Object> {
        let mut outcome = self.declared.to_vec();
        for object in self.recorded {
            let is_gone = object.kind == ObjectKind::View;
            if is_gone || self.declared_form(object).is_some() {
                continue;
            }
            if object.table.is_none() {
                if object.kind != ObjectKind::Grant {
                    outcome.push(object.clone());
                }
            } else if !self.declared_tables.contains(&object.table) {
                outcome.push(object.clone());
            } else if object.kind == ObjectKind::Column {
                outcome.push(Self::relaxed(object));
            } else if self.is_comment_of_kept_column(object) {
                outcome.push(object.clone());
            }
        }
        outcome
    }

    /// Whether an undeclared comment stays with its undeclared column.
    pub(super) fn is_comment_of_kept_column(&self, object: &Object) -> bool {
        object.kind == ObjectKind::Comment
            && self
                .undeclared_columns()
                .any(|column| column.table == object.table && column.name == object.name)
    }
}
