//! Computed columns: read by name like a table's own, and kept nowhere.

use super::{Table, fault};
use crate::error::Result;
use crate::meta::{Column, Computed, Personal};

impl Table {
    /// The position of a column that can be read: one of the table's own or, behind them, a
    /// computed one.
    pub fn readable_index(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The column at a position of [`Table::readable_index`].
    pub fn readable(&self, index: usize) -> &Column {
        let own = &self.meta.columns;
        own.get(index).unwrap_or_else(|| &self.meta.computed[index - own.len()].column)
    }

    /// The names of all columns that can be read.
    pub fn readable_names(&self) -> impl Iterator<Item = &str> {
        let computed = self.meta.computed.iter().map(|computed| &computed.column);
        self.meta.columns.iter().chain(computed).map(|column| column.name.as_ref())
    }

    /// The computed column at a position; none at that of a column of the table's own.
    pub fn computed(&self, index: usize) -> Option<&Computed> {
        self.meta.computed.get(index.checked_sub(self.meta.columns.len())?)
    }
}

/// Computed columns have names of their own, read columns that are there, and tell no less of how
/// confidential they are than what they read.
pub(super) fn resolve(table: &mut Table) -> Result<()> {
    let first = table.meta.columns.len();
    for (position, computed) in table.meta.computed.iter().enumerate() {
        let Column { name, kind, classification, personal, .. } = &computed.column;
        let wrong = |what: &str| {
            Err(fault(&table.meta, format_args!("has a computed column {name} that {what}")))
        };
        if table.by_name.insert(name.to_string(), first + position).is_some() {
            return wrong("is named like another");
        }
        if kind.is_confidential() || table.meta.view.is_some() {
            return wrong("can't be computed");
        }
        for (read, as_kind) in computed.formula.columns() {
            let Some(column) = table.meta.column(read).filter(|column| column.kind == *as_kind)
            else {
                return wrong(&format!("reads {read}, which is no such column"));
            };
            if column.kind.is_confidential() {
                return wrong(&format!("reads {read}, which is ciphertext"));
            }
            if column.classification > *classification {
                return wrong(&format!("shows what is {}", column.classification.as_str()));
            }
            if column.personal != Personal::None && *personal == Personal::None {
                return wrong("shows personal data and does not say so");
            }
        }
    }
    Ok(())
}
