//! The own actions of one server, found by schema and name.

use super::{ActionFault, Argument, OwnAction, Performed};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::kernel::Kernel;
use crate::module::Module;
use mainstay_entity::Catalog;
use mainstay_entity::action::ArgumentType;
use std::collections::BTreeMap;

/// What the refusal of a call says was to be done.
const CALL: &str = "call";

/// All own actions; those of one name stand together, ordered by their arguments.
#[derive(Default)]
pub(crate) struct OwnActions(BTreeMap<(String, String), Vec<OwnAction>>);

impl OwnActions {
    /// Compiles what modules declare.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub(crate) fn new(modules: &[Module], catalog: &Catalog) -> Result<Self, Vec<ActionFault>> {
        let mut faults = Vec::new();
        let mut actions: BTreeMap<_, Vec<OwnAction>> = BTreeMap::new();
        for meta in modules.iter().flat_map(|module| &module.own_actions) {
            match OwnAction::compile(meta.clone(), catalog) {
                Ok(action) => {
                    let key = (meta.schema.clone(), meta.name.clone());
                    let overloads = actions.entry(key).or_default();
                    if overloads.iter().any(|other| signature(other) == signature(&action)) {
                        let message =
                            format!("{} is declared twice with the same arguments", meta.name);
                        faults.push(ActionFault::new(&meta.file, &meta.place, message));
                    }
                    overloads.push(action);
                }
                Err(wrong) => faults.extend(wrong),
            }
        }
        for overloads in actions.values_mut() {
            overloads.sort_by_cached_key(signature);
        }
        if faults.is_empty() { Ok(Self(actions)) } else { Err(faults) }
    }

    fn named(&self, schema: &str, name: &str) -> &[OwnAction] {
        let key = (schema.to_owned(), name.to_owned());
        self.0.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// What tells overloads apart.
fn signature(action: &OwnAction) -> Vec<(String, String)> {
    let argument = |argument: &mainstay_entity::action::ArgumentMeta| {
        let r#type = match &argument.r#type {
            ArgumentType::Value(kind) => kind.name().into_owned(),
            ArgumentType::Row(table) => {
                let schema = table.schema.as_deref().unwrap_or(&action.meta().schema);
                format!("{schema}.{}", table.name)
            }
        };
        (argument.name.clone(), r#type)
    };
    action.meta().arguments.iter().map(argument).collect()
}

/// What is wrong with the own actions of some modules, each with its place.
pub fn check_own_actions(modules: &[Module], catalog: &Catalog) -> Vec<ActionFault> {
    OwnActions::new(modules, catalog).err().unwrap_or_default()
}

impl OwnAction {
    /// The names and types of its arguments, in their order.
    pub fn signature(&self) -> Vec<(String, String)> {
        signature(self)
    }
}

impl Kernel {
    /// All own actions, by schema, name and arguments.
    pub fn own_actions(&self) -> impl Iterator<Item = &OwnAction> {
        self.own().0.values().flatten()
    }

    /// The own actions of a name.
    pub fn own_actions_named(&self, schema: &str, name: &str) -> &[OwnAction] {
        self.own().named(schema, name)
    }

    /// Runs an own action. `arguments` are in the order of its parameters, none where a call gives
    /// nothing. Its changes wait for the commit of what is given back.
    ///
    /// # Errors
    /// [`Error::Denied`] when the caller may not call it or may not do one of its steps, and
    /// whatever its steps raise.
    pub async fn perform(
        &self,
        context: &Context,
        action: &OwnAction,
        arguments: Vec<Option<Argument>>,
    ) -> Result<Performed> {
        if action.admits(context) {
            return action.run(self, context, arguments).await;
        }
        let meta = action.meta();
        let message = format!("permission denied for function {}", meta.name);
        self.record_refusal(context, &meta.qualified_name(), CALL, &message);
        Err(Error::Denied { message, anonymous: context.principal.is_anonymous() })
    }
}
