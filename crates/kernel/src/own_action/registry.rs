//! The own actions of one server, found by schema and name.

use super::{ActionFault, Argument, OwnAction, Performed};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::kernel::Kernel;
use crate::module::Module;
use crate::permissions::READ;
use crate::work::Work;
use mainstay_entity::action::ArgumentType;
use mainstay_entity::{Catalog, Record, Table, Value};
use mainstay_store::{Compare, Expression, Filter, IsState, MAX_CHANGED_ROWS, Select};
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

/// The own actions of some modules; none when one of them is wrong.
pub fn own_actions(modules: &[Module], catalog: &Catalog) -> Vec<OwnAction> {
    let actions = OwnActions::new(modules, catalog).unwrap_or_default();
    actions.0.into_values().flatten().collect()
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

    /// The first rows of a limited result as a filter by their keys; none where they have no key.
    /// Read as the caller, in the action's transaction when it has one.
    ///
    /// # Errors
    /// [`Error::Denied`] when the caller may not read them.
    pub async fn first_rows(
        &self,
        context: &Context,
        work: Option<&mut Work>,
        select: &Select,
    ) -> Result<Option<Filter>> {
        let table = &select.table;
        if table.primary_key.is_empty() {
            return Ok(None);
        }
        let mut select = select.clone();
        let most = select.limit.map_or(MAX_CHANGED_ROWS, |limit| limit.min(MAX_CHANGED_ROWS));
        select.limit = Some(most);
        let records = match work {
            Some(work) => work.look_up(select.clone()).await?,
            None => {
                let authorized = self.authorize_look_up(context, &mut select).await;
                authorized.inspect_err(|error| self.note_refusal(context, table, READ, error))?;
                self.store().fetch(&context.access(), &select).await?
            }
        };
        let records: Vec<&Record> = records.iter().collect();
        Ok(Some(by_key(table, &records)))
    }

    /// Runs an own action. `arguments` are in the order of its parameters, none where a call gives
    /// nothing. It goes on with the work that is given, else with its own; its changes wait for the
    /// commit of what is given back.
    ///
    /// # Errors
    /// [`Error::Denied`] when the caller may not call it or may not do one of its steps, and
    /// whatever its steps raise.
    pub async fn perform(
        &self,
        context: &Context,
        action: &OwnAction,
        arguments: Vec<Option<Argument>>,
        work: Option<Work>,
    ) -> Result<Performed> {
        if action.admits(context) {
            return action.run(self, context, arguments, work).await;
        }
        let meta = action.meta();
        let message = format!("permission denied for function {}", meta.name);
        self.record_refusal(context, &meta.qualified_name(), CALL, &message);
        Err(Error::Denied { message, anonymous: context.principal.is_anonymous() })
    }
}

/// The rows with the keys of some records.
pub(super) fn by_key(table: &Table, records: &[&Record]) -> Filter {
    let key: Vec<usize> = table.row_key().collect();
    if let [column] = key.as_slice()
        && records.iter().all(|record| !record.0[*column].is_null())
    {
        let list = records.iter().map(|record| record.0[*column].clone()).collect();
        return Filter::In { left: Expression::column(*column), list };
    }
    let row = |record: &&Record| {
        // The key of a view may hold nulls.
        let equal = |column: &usize| match &record.0[*column] {
            Value::Null => Filter::Is { left: Expression::column(*column), state: IsState::Null },
            value => Filter::Compare {
                left: Expression::column(*column),
                op: Compare::Eq,
                right: value.clone(),
            },
        };
        Filter::And(key.iter().map(equal).collect())
    };
    Filter::Or(records.iter().map(row).collect())
}
