//! What a call of an own action needs, and whether the caller has it.

use super::OwnAction;
use super::compile::{Do, Result as Outcome, Step};
use crate::context::Context;
use crate::permissions::{CREATE, DELETE, READ, UPDATE};
use crate::policy;
use mainstay_entity::Table;
use mainstay_entity::action::Callers;
use mainstay_store::{Conflict, Filter};
use std::sync::Arc;

/// One thing that a call of an own action needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Whether the caller has it.
    pub is_met: bool,
    /// Whether every call needs it, and not only one that comes to a certain step.
    pub is_certain: bool,
    /// What it is, or why the caller lacks it.
    pub why: String,
}

/// What is done with a table.
struct Use<'a> {
    table: &'a Arc<Table>,
    action: &'static str,
    is_certain: bool,
}

impl OwnAction {
    /// What a call by the caller needs, in the order in which it is asked for: to be admitted, then
    /// the permissions of the steps and of the rows that are answered. `reads` is whether the call
    /// may change nothing, as one by `GET`.
    pub fn needs(&self, context: &Context, reads: bool) -> Vec<Need> {
        let mut needs = vec![self.admission(context)];
        if reads && !self.is_read_only() {
            let why = "it changes rows, and is called by POST".to_owned();
            needs.push(Need { is_met: false, is_certain: true, why });
        }
        needs.extend(self.uses().iter().map(|used| used.judged(context)));
        needs
    }

    fn admission(&self, context: &Context) -> Need {
        let meta = self.meta();
        let is_met = self.admits(context);
        let why = match &meta.callers {
            Callers::Everybody => "everybody may call it".to_owned(),
            Callers::Known => "whoever has said who they are may call it".to_owned(),
            Callers::Permitted(resource, action) => format!("{resource}:{action} permits the call"),
        };
        let why = match (is_met, &meta.callers) {
            (true, _) => why,
            (false, Callers::Permitted(resource, action)) => {
                format!("permission denied for function {}: {resource}:{action}", meta.name)
            }
            (false, _) => format!("permission denied for function {}: {why}", meta.name),
        };
        Need { is_met, is_certain: true, why }
    }

    /// What it does with tables as the caller, each once.
    fn uses(&self) -> Vec<Use<'_>> {
        let mut uses = Vec::new();
        if !self.meta().elevated {
            of_steps(&self.program.steps, true, &mut uses);
        }
        if let Outcome::Rows { table, .. } = &self.program.returns {
            add(&mut uses, Use { table, action: READ, is_certain: true });
        }
        uses
    }
}

impl Use<'_> {
    fn judged(&self, context: &Context) -> Need {
        let permission = format!("{}:{}", policy::resource_name(self.table), self.action);
        let (is_met, why) = match policy::grant(context, self.table, self.action) {
            Ok(Filter::All) => (true, format!("{permission} for every row within reach")),
            Ok(_) => (true, format!("{permission} for the rows that a condition keeps")),
            Err(error) => (false, format!("{permission}: {error}")),
        };
        Need { is_met, is_certain: self.is_certain, why }
    }
}

/// Collects what steps do; those of a loop may be done for no item.
fn of_steps<'a>(steps: &'a [Step], is_certain: bool, uses: &mut Vec<Use<'a>>) {
    for step in steps {
        let is_certain = is_certain && step.when.is_none();
        let mut uses_table = |table, action| add(uses, Use { table, action, is_certain });
        match &step.r#do {
            Do::Read { rows, .. } => uses_table(&rows.table, READ),
            Do::Insert { table, conflict, .. } => {
                uses_table(table, CREATE);
                if matches!(conflict, Conflict::Merge { .. }) {
                    uses_table(table, UPDATE);
                }
            }
            Do::Update { table, .. } => uses_table(table, UPDATE),
            Do::Delete { table, .. } => uses_table(table, DELETE),
            Do::ForEach { steps, .. } => of_steps(steps, false, uses),
            Do::Assert(_) | Do::Set { .. } => {}
        }
    }
}

fn add<'a>(uses: &mut Vec<Use<'a>>, new: Use<'a>) {
    let is_same = |used: &&mut Use<'_>| {
        used.action == new.action
            && used.table.meta.qualified_name() == new.table.meta.qualified_name()
    };
    match uses.iter_mut().find(is_same) {
        Some(known) => known.is_certain |= new.is_certain,
        None => uses.push(new),
    }
}
