//! A product's own actions: declared sequences of reads and changes, in one transaction.
//!
//! A declaration is data ([`ActionMeta`]). Names are resolved and expressions compiled once, when
//! the server starts; whatever is wrong is told then, with its place. A call runs the steps through
//! the kernel as the caller, each with the permission that it needs, unless the action is declared
//! to work as the system. What it answers with rows is a [`Select`] that whoever called shapes
//! further, and reads before the commit.

mod compile;
mod expression;
mod filter;
mod needs;
mod registry;
mod run;
mod scope;
mod value;

use crate::context::Context;
use crate::error::Result;
use crate::kernel::Kernel;
use crate::work::Work;
use compile::{Program, Result as Outcome};
use mainstay_entity::action::{ActionMeta, Callers, Place};
use mainstay_entity::{Catalog, Kind, Table, Value};
use mainstay_store::Select;
use std::sync::Arc;

pub use needs::Need;
pub(crate) use registry::OwnActions;
pub use registry::{check_own_actions, own_actions};

/// An own action, ready to run. Cheap to clone.
#[derive(Clone)]
pub struct OwnAction {
    meta: Arc<ActionMeta>,
    program: Arc<Program>,
}

/// What is wrong in a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionFault {
    /// The file.
    pub file: String,
    /// Where in it.
    pub place: Place,
    /// What is wrong.
    pub message: String,
}

/// A value for an argument.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// Of the argument's kind.
    Value(Value),
    /// A row of the argument's table, in its columns' order; none for null.
    Row(Option<Vec<Value>>),
}

/// What an argument takes, resolved.
#[derive(Clone, Debug)]
pub enum Parameter {
    /// A value of a kind.
    Value(Kind),
    /// A row of a table.
    Row(Arc<Table>),
}

/// What a call has come to, before its changes are committed.
pub struct Performed {
    /// What is answered.
    pub reply: Reply,
    /// The transaction to commit; none when nothing was changed or read so far.
    pub work: Option<Work>,
}

/// What an action answers.
#[derive(Debug)]
pub enum Reply {
    /// Nothing.
    Nothing,
    /// A value.
    Value(Value),
    /// Rows, to be read as the caller.
    Rows(Box<ReplyRows>),
}

/// The rows that an action answers with.
#[derive(Debug)]
pub struct ReplyRows {
    /// Which rows, in which order; it shows no columns yet.
    pub select: Select,
    /// It is one row, or null.
    pub one: bool,
    /// The columns that may be shown and asked about; none for all.
    pub columns: Option<Vec<usize>>,
}

impl OwnAction {
    /// Resolves and compiles a declaration.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn compile(meta: ActionMeta, catalog: &Catalog) -> Result<Self, Vec<ActionFault>> {
        let program = compile::compile(&meta, catalog)?;
        Ok(Self { meta: Arc::new(meta), program: Arc::new(program) })
    }

    /// The declaration.
    pub fn meta(&self) -> &ActionMeta {
        &self.meta
    }

    /// What its arguments take, in their order.
    pub fn parameters(&self) -> impl ExactSizeIterator<Item = &Parameter> {
        self.program.parameters.iter()
    }

    /// Whether it changes nothing.
    pub fn is_read_only(&self) -> bool {
        !self.program.writes
    }

    /// The table of its rows, when it answers with some.
    pub fn returns_table(&self) -> Option<&Arc<Table>> {
        match &self.program.returns {
            Outcome::Rows { table, .. } => Some(table),
            _ => None,
        }
    }

    /// The columns that its rows show; none for all.
    pub fn shown_columns(&self) -> Option<&[usize]> {
        match &self.program.returns {
            Outcome::Rows { columns, .. } => columns.as_deref(),
            _ => None,
        }
    }

    /// Whether its calls are events of their own: those that change or that work as the system.
    pub(crate) fn is_audited(&self) -> bool {
        self.program.writes || self.meta.elevated
    }

    /// Whether a caller may call it; what its steps need they ask for by themselves.
    pub(crate) fn admits(&self, context: &Context) -> bool {
        match &self.meta.callers {
            Callers::Everybody => true,
            Callers::Known => !context.principal.is_anonymous(),
            Callers::Permitted(resource, action) => {
                let pair = crate::permissions::PermissionPair::new(resource, action);
                crate::policy::may(context, &pair)
            }
        }
    }

    /// Runs it for a caller who was admitted.
    pub(crate) async fn run(
        &self,
        kernel: &Kernel,
        context: &Context,
        arguments: Vec<Option<Argument>>,
        work: Option<Work>,
    ) -> Result<Performed> {
        run::run(self, kernel, context, arguments, work).await
    }
}

impl ActionFault {
    pub(crate) fn new(file: &str, place: &Place, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), place: place.clone(), message: message.into() }
    }
}
