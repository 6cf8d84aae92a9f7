//! Module rules: what a module makes of new rows before they are written.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::kernel::Kernel;
use crate::module::Module;
use crate::prepare::NewRow;
use mainstay_entity::{Catalog, Table, TableId};
use std::collections::BTreeMap;
use std::pin::Pin;

/// Looks at new rows of one entity as requests give them, refuses those that break a rule (told by
/// their position), and gives the others as they are to be written. Values that are left out take
/// their defaults afterwards.
pub type Intake = for<'a> fn(&'a Kernel, &'a Context, Vec<NewRow>) -> IntakeFuture<'a>;

/// What an [`Intake`] answers.
pub type IntakeFuture<'a> = Pin<Box<dyn Future<Output = Result<Vec<NewRow>>> + Send + 'a>>;

/// The rules of all modules, by entity.
pub(crate) struct Intakes(BTreeMap<TableId, Intake>);

impl Intakes {
    /// The rules that modules declare.
    ///
    /// # Errors
    /// When one is for an entity that nobody lists, or for one that has another.
    pub(crate) fn of(catalog: &Catalog, modules: &[Module]) -> Result<Self> {
        let mut intakes = BTreeMap::new();
        for ((schema, name), intake) in modules.iter().flat_map(|module| &module.intakes) {
            let table = catalog.find(schema, name);
            let table =
                table.ok_or_else(|| Error::internal(format!("the catalog lacks {name}")))?;
            if intakes.insert(table.id, *intake).is_some() {
                return Err(Error::internal(format!("{name} has two intakes")));
            }
        }
        Ok(Self(intakes))
    }

    /// The rule of an entity's new rows.
    pub(crate) fn get(&self, table: &Table) -> Option<Intake> {
        self.0.get(&table.id).copied()
    }
}
