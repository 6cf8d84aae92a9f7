//! Guards: what a module says of changes that were made and are not committed yet.

use crate::error::{Error, Result};
use crate::module::Module;
use crate::work::Work;
use mainstay_entity::{Catalog, Record, Table, TableId};
use std::collections::BTreeMap;
use std::pin::Pin;

/// One row before and after a change.
#[derive(Clone, Debug)]
pub struct RowChange {
    /// As it was; none when it is new.
    pub old: Option<Record>,
    /// As it is; none when it was removed, or marked as deleted.
    pub new: Option<Record>,
}

/// Looks at changes of one entity inside their transaction, whoever made them by whatever request,
/// and refuses those that break a rule. A refused work can't be committed.
pub type Guard = for<'a> fn(&'a mut Work, Vec<RowChange>) -> GuardFuture<'a>;

/// What a [`Guard`] answers.
pub type GuardFuture<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// The guards of all modules, by entity.
pub(crate) struct Guards(BTreeMap<TableId, Guard>);

impl Guards {
    /// The guards that modules declare.
    ///
    /// # Errors
    /// When one is for an entity that nobody lists, or for one that has another.
    pub(crate) fn of(catalog: &Catalog, modules: &[Module]) -> Result<Self> {
        let mut guards = BTreeMap::new();
        for ((schema, name), guard) in modules.iter().flat_map(|module| &module.guards) {
            let table = catalog.find(schema, name);
            let table =
                table.ok_or_else(|| Error::internal(format!("the catalog lacks {name}")))?;
            if guards.insert(table.id, *guard).is_some() {
                return Err(Error::internal(format!("{name} has two guards")));
            }
        }
        Ok(Self(guards))
    }

    /// The guard of an entity.
    pub(crate) fn get(&self, table: &Table) -> Option<Guard> {
        self.0.get(&table.id).copied()
    }
}
