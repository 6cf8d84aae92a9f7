//! A module: a list of entities, actions and jobs, and nothing else.

use crate::action::{Action, Handler};
use crate::guard::Guard;
use crate::intake::Intake;
use crate::job::{JobHandler, Queue, QueueJob, Schedule, ScheduleHandler};
use crate::per_entity::Declared;
use crate::permissions::PermissionPair;
use mainstay_entity::{ActionMeta, Entity, EntityMeta};
use std::borrow::Cow;

/// What one domain declares.
pub struct Module {
    /// Its name, unique.
    pub name: &'static str,
    /// Its kinds of record.
    pub entities: Vec<EntityMeta>,
    /// What can be done with them beyond plain reads and writes.
    pub actions: Vec<Action>,
    /// What a product has declared can be done with them.
    pub own_actions: Vec<ActionMeta>,
    /// Its kinds of record whose rows are jobs, with their handlers.
    pub queues: Vec<QueueJob>,
    /// What it does again and again.
    pub schedules: Vec<Schedule>,
    pub(crate) intakes: Vec<Declared<Intake>>,
    pub(crate) guards: Vec<Declared<Guard>>,
}

impl Module {
    /// An empty module.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            entities: Vec::new(),
            actions: Vec::new(),
            own_actions: Vec::new(),
            queues: Vec::new(),
            schedules: Vec::new(),
            intakes: Vec::new(),
            guards: Vec::new(),
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
        self.actions.push(Action::new(Cow::Borrowed(name), permission, handler));
        self
    }

    /// Adds actions that are declared as data.
    #[must_use]
    pub fn own_actions(mut self, actions: impl IntoIterator<Item = ActionMeta>) -> Self {
        self.own_actions.extend(actions);
        self
    }

    /// Has a function look at all new rows of an entity before they are written: the rules that
    /// types and constraints can't say.
    #[must_use]
    pub fn intake<E: Entity>(mut self, intake: Intake) -> Self {
        self.intakes.push(((E::SCHEMA, E::TABLE), intake));
        self
    }

    /// Has a function look at all changes of an entity's rows before they are committed: the
    /// rules that more than one row decides.
    #[must_use]
    pub fn guard<E: Entity>(mut self, guard: Guard) -> Self {
        self.guards.push(((E::SCHEMA, E::TABLE), guard));
        self
    }

    /// Runs a handler for each row of a queue entity, an `async fn(Job<E>) -> Result<Finished,
    /// Failure>`. The entity is listed too.
    #[must_use]
    pub fn queue<E: Queue>(mut self, handler: impl JobHandler<E>) -> Self {
        self.queues.push(QueueJob::new::<E>(handler));
        self
    }

    /// Runs a function, an `async fn(Tick) -> Result<()>`, once per interval over all servers.
    /// The interval is at least a second: `30 seconds`, `1 minute`, `1 day`.
    #[must_use]
    pub fn every(mut self, interval: &'static str, handler: impl ScheduleHandler) -> Self {
        self.schedules.push(Schedule::new(self.name, interval, handler));
        self
    }
}
