//! A module: a list of entities, actions and jobs, and nothing else.

use crate::action::{Action, Handler};
use crate::permissions::PermissionPair;
use mainstay_entity::EntityMeta;
use std::borrow::Cow;

/// What one domain declares.
pub struct Module {
    /// Its name, unique.
    pub name: &'static str,
    /// Its kinds of record.
    pub entities: Vec<EntityMeta>,
    /// What can be done with them beyond plain reads and writes.
    pub actions: Vec<Action>,
}

impl Module {
    /// An empty module.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            entities: Vec::new(),
            actions: Vec::new(),
        }
    }

    /// Adds kinds of record.
    #[must_use]
    pub fn entities<'a>(mut self, metas: impl IntoIterator<Item = &'a EntityMeta>) -> Self {
        self.entities.extend(metas.into_iter().cloned());
        self
    }

    /// Adds an action, callable at `rpc/{name}` with the permission.
    #[must_use]
    pub fn action(
        mut self,
        name: &'static str,
        permission: PermissionPair,
        handler: impl Handler,
    ) -> Self {
        self.actions
            .push(Action::new(Cow::Borrowed(name), permission, handler));
        self
    }
}
