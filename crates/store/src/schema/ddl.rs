//! Statements that make and remove objects.

use super::object::{Object, ObjectKind};
use super::partition;
use crate::render::{Dialect, quote};

impl Object {
    /// The line that declares a column or constraint inside `CREATE TABLE`.
    pub(crate) fn clause(&self) -> String {
        let name = quote(&self.name);
        match self.kind {
            ObjectKind::Column => format!("{name} {}", self.definition),
            _ => format!("CONSTRAINT {name} {}", self.definition),
        }
    }

    /// The statement that adds this to what exists. Tables are made by [`super::create_table`].
    pub(crate) fn create_sql(&self, dialect: Dialect) -> String {
        match self.kind {
            ObjectKind::Column => self.alter(dialect, &format!("ADD COLUMN {}", self.clause())),
            kind if kind.is_constraint() => self.alter(dialect, &format!("ADD {}", self.clause())),
            _ => self.definition.clone(),
        }
    }

    /// The statement that removes this.
    pub(crate) fn drop_sql(&self, dialect: Dialect) -> String {
        let name = quote(&self.name);
        let table = self.table.sql(dialect);
        match (self.kind, dialect) {
            (ObjectKind::Table, _) => format!("DROP TABLE {table}"),
            (ObjectKind::HeldKey, _) => partition::drop_held_key(self),
            (ObjectKind::Words, Dialect::Sqlite) => format!("DROP TABLE IF EXISTS {name}"),
            (ObjectKind::Words, Dialect::Postgres) => {
                format!("DROP TABLE IF EXISTS {}.{name}", quote(&self.table.schema))
            }
            (ObjectKind::View, _) => format!("DROP VIEW IF EXISTS {table}"),
            (ObjectKind::Column, _) => self.alter(dialect, &format!("DROP COLUMN {name}")),
            (ObjectKind::Index, Dialect::Postgres) => {
                format!("DROP INDEX IF EXISTS {}.{name}", quote(&self.table.schema))
            }
            (ObjectKind::Index, Dialect::Sqlite) => format!("DROP INDEX IF EXISTS {name}"),
            (ObjectKind::Trigger, Dialect::Sqlite) => format!("DROP TRIGGER IF EXISTS {name}"),
            (ObjectKind::Trigger, _) => format!("DROP TRIGGER IF EXISTS {name} ON {table}"),
            (ObjectKind::Policy, _) => format!("DROP POLICY IF EXISTS {name} ON {table}"),
            (ObjectKind::Comment, _) if self.name.is_empty() => {
                format!("COMMENT ON TABLE {table} IS NULL")
            }
            (ObjectKind::Comment, _) => format!("COMMENT ON COLUMN {table}.{name} IS NULL"),
            (ObjectKind::Grant, _) => {
                self.definition.replacen("GRANT ", "REVOKE ", 1).replacen(" TO ", " FROM ", 1)
            }
            (ObjectKind::RowSecurity, _) => {
                self.alter(dialect, "NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
            }
            (ObjectKind::Schema, _) => format!("DROP SCHEMA {name}"),
            (ObjectKind::Function, _) => format!("DROP FUNCTION \"mainstay\".{name}()"),
            _ => self.alter(dialect, &format!("DROP CONSTRAINT IF EXISTS {name}")),
        }
    }

    fn alter(&self, dialect: Dialect, action: &str) -> String {
        format!("ALTER TABLE {} {action}", self.table.sql(dialect))
    }
}
