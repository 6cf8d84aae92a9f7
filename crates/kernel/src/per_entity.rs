//! What modules declare of entities: one thing of its kind for each.

use crate::error::{Error, Result};
use mainstay_entity::{Catalog, Table, TableId};
use std::collections::BTreeMap;

/// Schema and table of an entity, and what is declared of it.
pub(crate) type Declared<T> = ((&'static str, &'static str), T);

/// One thing for each entity that has one.
pub(crate) struct PerEntity<T>(BTreeMap<TableId, T>);

impl<T: Copy> PerEntity<T> {
    /// What modules declare; `kind` names it in errors.
    ///
    /// # Errors
    /// When one is for an entity that nobody lists, or for one that has another.
    pub(crate) fn of<'a>(
        catalog: &Catalog,
        declared: impl Iterator<Item = &'a Declared<T>>,
        kind: &str,
    ) -> Result<Self>
    where
        T: 'a,
    {
        let mut all = BTreeMap::new();
        for ((schema, name), one) in declared {
            let table = catalog.find(schema, name);
            let table =
                table.ok_or_else(|| Error::internal(format!("the catalog lacks {name}")))?;
            if all.insert(table.id, *one).is_some() {
                return Err(Error::internal(format!("{name} has two {kind}")));
            }
        }
        Ok(Self(all))
    }

    /// That of an entity.
    pub(crate) fn get(&self, table: &Table) -> Option<T> {
        self.0.get(&table.id).copied()
    }
}
