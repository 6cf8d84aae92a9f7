//! The jobs that the modules of one server declare.

use super::handler::{Handle, JobHandler, TypedHandler};
use super::line::Line;
use super::queue::{Queue, QueueMeta, QueueTable, equals};
use super::schedule::{Dispatcher, Planned, ScheduleHandler, parse_interval};
use crate::entities::JobState;
use crate::error::{Error, Result};
use mainstay_entity::{Catalog, Entity, Table, TableId, Value};
use mainstay_store::{Expression, Filter};
use parking_lot::RwLock;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// What the line of all schedules is called.
const SCHEDULES: &str = "schedules";

/// A queue entity with its handler, as a module declares it.
pub struct QueueJob {
    schema: &'static str,
    table: &'static str,
    meta: QueueMeta,
    handler: Arc<dyn Handle>,
}

impl QueueJob {
    pub(crate) fn new<E: Queue>(handler: impl JobHandler<E>) -> Self {
        Self {
            schema: E::SCHEMA,
            table: E::TABLE,
            meta: E::QUEUE,
            handler: Arc::new(TypedHandler::<E, _>::new(handler)),
        }
    }
}

/// A function with its interval, as a module declares it.
pub struct Schedule {
    name: String,
    purpose: &'static str,
    interval: Result<Duration, String>,
    handler: Arc<dyn ScheduleHandler>,
}

impl Schedule {
    pub(crate) fn new<H: ScheduleHandler>(
        module: &str,
        interval: &'static str,
        handler: H,
    ) -> Self {
        // Schedules are known by their function: `mainstay_delivery::probe::probe_destinations`.
        let path = std::any::type_name::<H>();
        let function = path.rsplit("::").next().unwrap_or(path);
        let is_named = function.chars().all(|c| c.is_alphanumeric() || c == '_');
        let interval = if is_named {
            parse_interval(interval)
        } else {
            Err("a schedule is a function with a name, not a closure".to_owned())
        };
        Self {
            name: format!("{module}.{function}"),
            purpose: function,
            interval,
            handler: Arc::new(handler),
        }
    }
}

/// The jobs of one server, checked.
pub(crate) struct Jobs {
    pub(super) lines: Vec<Arc<Line>>,
    /// The table of states; absent where there are no jobs.
    pub(super) states: Option<Arc<Table>>,
    /// Everything that can be paused, with the interval of schedules.
    pub(super) names: Vec<(String, Option<Duration>)>,
    pub(super) paused: RwLock<HashSet<String>>,
    wakes: HashMap<TableId, Arc<Notify>>,
}

impl Jobs {
    /// Resolves and checks what the modules declare.
    ///
    /// # Errors
    /// Names what is wrong with a declaration.
    pub(crate) fn new(
        catalog: &Catalog,
        queues: Vec<QueueJob>,
        schedules: Vec<Schedule>,
    ) -> Result<Self> {
        let states = catalog.find(JobState::SCHEMA, JobState::TABLE).cloned();
        if states.is_none() && !(queues.is_empty() && schedules.is_empty()) {
            return Err(Error::internal("the catalog lacks job_states"));
        }
        let mut jobs = Self {
            lines: Vec::new(),
            states,
            names: Vec::new(),
            paused: RwLock::default(),
            wakes: HashMap::new(),
        };
        for queue in queues {
            jobs.add_queue(catalog, queue)?;
        }
        if !schedules.is_empty() {
            jobs.add_schedules(catalog, schedules)?;
        }
        Ok(jobs)
    }

    fn add_queue(&mut self, catalog: &Catalog, declared: QueueJob) -> Result<()> {
        let QueueJob { schema, table, meta, handler } = declared;
        let queue = Arc::new(QueueTable::new(catalog, schema, table, &meta)?);
        let name = queue.table.meta.qualified_name();
        let wake = Arc::new(Notify::new());
        if self.wakes.insert(queue.table.id, wake.clone()).is_some() {
            return Err(Error::internal(format!("queue {name} has two handlers")));
        }
        self.names.push((name.clone(), None));
        self.lines.push(Arc::new(Line {
            name,
            purpose: table,
            queue,
            handler,
            eligible: Filter::All,
            wake,
        }));
        Ok(())
    }

    fn add_schedules(&mut self, catalog: &Catalog, declared: Vec<Schedule>) -> Result<()> {
        let (schema, table) = (JobState::SCHEMA, JobState::TABLE);
        let queue = QueueTable::new(catalog, schema, table, &JobState::QUEUE)?;
        let column = |name| {
            let index = queue.table.column_index(name);
            index.ok_or_else(|| Error::internal(format!("{table} lacks {name}")))
        };
        let mut schedules = HashMap::new();
        for Schedule { name, purpose, interval, handler } in declared {
            let interval = interval
                .map_err(|problem| Error::internal(format!("schedule {name}: {problem}")))?;
            self.names.push((name.clone(), Some(interval)));
            let planned = Planned { purpose, interval, handler };
            if schedules.insert(name.clone(), planned).is_some() {
                return Err(Error::internal(format!("schedule {name} is declared twice")));
            }
        }
        let eligible = Filter::And(vec![
            Filter::In {
                left: Expression::column(column("name")?),
                list: schedules.keys().cloned().map(Value::Text).collect(),
            },
            equals(column("paused")?, Value::Bool(false)),
        ]);
        let handler = Arc::new(Dispatcher { schedules, last_run_at: column("last_run_at")? });
        self.lines.push(Arc::new(Line {
            name: SCHEDULES.to_owned(),
            purpose: SCHEDULES,
            queue: Arc::new(queue),
            handler,
            eligible,
            wake: Arc::default(),
        }));
        Ok(())
    }

    /// Rows of a table came or changed: a worker of this server looks at once.
    pub(crate) fn wake(&self, table: TableId) {
        if let Some(wake) = self.wakes.get(&table) {
            wake.notify_one();
        }
    }
}
