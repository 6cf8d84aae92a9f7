//! A small catalog with two queues, a database of either engine, and servers over it.

use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Catalog, Entity, Id, Table, Text, Value};
use mainstay_kernel::entities::{
    AuditEvent, JobState, JobStatus, LedgerEntry, LedgerPending, LedgerTile, Organization,
    PolicyVersion, VaultKey,
};
use mainstay_kernel::{
    Backoff, Clock, Context, Failure, Finished, Input, Job, JobHandler, JobRunner, JobSettings,
    JobStats, Kernel, ManualClock, Module, NewRow, Parts, Queue, QueueColumns, QueueMeta,
    SystemClock, catalog,
};
use mainstay_store::migrate::{self, Options, Version};
use mainstay_store::{Access, Config, PostgresConfig, Select, SqliteConfig, Store};
use mainstay_testkit::{Postgres, temp_dir, wait_until};
use mainstay_vault::{Entropy, MasterKey, SystemEntropy};
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Something to do once, with the conventional columns.
#[derive(Entity, Debug)]
#[entity(
    table = "errands",
    scope = tenant,
    classification = internal,
    queue,
    index(columns(status, run_at), global)
)]
pub(crate) struct Errand {
    /// Identifier.
    pub(crate) id: Id<Self>,
    /// Organisation.
    #[entity(no_reference)]
    pub(crate) organization_id: Id<Organization>,
    /// What.
    pub(crate) label: Text<100>,
    /// State.
    #[entity(default = "pending")]
    pub(crate) status: JobStatus,
    /// Attempts.
    #[entity(default = 0)]
    pub(crate) attempts: i32,
    /// Due.
    #[entity(default = now)]
    pub(crate) run_at: Timestamp,
    /// Holder.
    #[entity(read_only)]
    pub(crate) leased_by: Option<Text<255>>,
    /// End of the lease.
    #[entity(read_only)]
    pub(crate) leased_until: Option<Timestamp>,
    /// Fault.
    pub(crate) last_error: Option<Text<4000>>,
}

impl Queue for Errand {
    const QUEUE: QueueMeta = QueueMeta {
        max_attempts: 3,
        backoff: Backoff { base: Duration::from_secs(10), cap: Duration::from_mins(1) },
        ..QueueMeta::STANDARD
    };
}

/// The same under other names, one at a time, with a short lease.
#[derive(Entity, Debug)]
#[entity(table = "chores", scope = tenant, classification = internal, queue)]
pub(crate) struct Chore {
    /// Identifier.
    pub(crate) id: Id<Self>,
    /// Organisation.
    #[entity(no_reference)]
    pub(crate) organization_id: Id<Organization>,
    /// What.
    pub(crate) label: Text<100>,
    /// State.
    #[entity(default = "pending")]
    pub(crate) state: JobStatus,
    /// Larger first.
    #[entity(default = 0)]
    pub(crate) urgency: i16,
    /// Attempts.
    #[entity(default = 0)]
    pub(crate) tries: i64,
    /// Most attempts.
    #[entity(default = 5)]
    pub(crate) max_tries: i32,
    /// Due, at once if empty.
    pub(crate) not_before: Option<Timestamp>,
    /// Holder.
    #[entity(read_only)]
    pub(crate) worker: Option<Text<255>>,
    /// End of the lease.
    #[entity(read_only)]
    pub(crate) worker_until: Option<Timestamp>,
    /// Fault.
    pub(crate) fault: Option<Text<20>>,
}

impl Queue for Chore {
    const QUEUE: QueueMeta = QueueMeta {
        columns: QueueColumns {
            status: "state",
            attempts: "tries",
            run_at: "not_before",
            leased_by: "worker",
            leased_until: "worker_until",
            last_error: "fault",
            priority: "urgency",
            max_attempts: "max_tries",
        },
        concurrency: 1,
        lease: Duration::from_millis(1_500),
        timeout: Duration::from_secs(5),
        ..QueueMeta::STANDARD
    };
}

/// What a handler left behind.
#[derive(Entity, Debug)]
#[entity(table = "traces", scope = tenant, classification = internal, audit = none)]
pub(crate) struct Trace {
    /// Identifier.
    pub(crate) id: Id<Self>,
    /// Organisation.
    #[entity(no_reference)]
    pub(crate) organization_id: Id<Organization>,
    /// Of what.
    pub(crate) label: Text<100>,
}

fn module() -> Module {
    Module::new("test").entities([
        AuditEvent::meta(),
        LedgerEntry::meta(),
        LedgerPending::meta(),
        LedgerTile::meta(),
        VaultKey::meta(),
        PolicyVersion::meta(),
        JobState::meta(),
        Errand::meta(),
        Chore::meta(),
        Trace::meta(),
    ])
}

/// How long a test waits for what must happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Looks of runners under test.
pub(crate) const POLL: Duration = Duration::from_millis(20);

/// An engine with the database of one test.
pub(crate) struct Database {
    pub(crate) store: Store,
    /// Of the first time of manual clocks.
    pub(crate) start: Timestamp,
    /// Removed with this value.
    _home: Box<dyn Any + Send + Sync>,
}

impl Database {
    pub(crate) async fn sqlite() -> Self {
        let file = temp_dir();
        let config = Config::Sqlite(SqliteConfig::new(file.path().join("mainstay.db")));
        let store = open(&config, config.clone()).await;
        Self { store, start: start(), _home: Box::new(file) }
    }

    pub(crate) async fn postgres() -> Self {
        let database = Postgres::shared().database().await;
        let owner = Config::Postgres(PostgresConfig::new(&database.owner_url));
        let store = open(&owner, Config::Postgres(PostgresConfig::new(&database.app_url))).await;
        Self { store, start: start(), _home: Box::new(database) }
    }

    /// A server with the module of this test.
    pub(crate) fn server(
        &self,
        clock: Arc<dyn Clock>,
        declare: impl FnOnce(Module) -> Module,
    ) -> Server {
        self.server_with(clock, Arc::new(SystemEntropy), declare)
    }

    /// The same with its own randomness.
    pub(crate) fn server_with(
        &self,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        declare: impl FnOnce(Module) -> Module,
    ) -> Server {
        let parts = Parts {
            store: self.store.clone(),
            modules: vec![declare(module())],
            master: MasterKey::generate(&SystemEntropy),
            clock,
            entropy,
        };
        Server { kernel: Kernel::new(parts).unwrap() }
    }

    /// A server that runs errands, by the machine's clock.
    pub(crate) fn runs(&self, handler: impl JobHandler<Errand>) -> Server {
        self.server(Arc::new(SystemClock), |module| module.queue::<Errand>(handler))
    }

    /// The same by a clock that the test moves.
    pub(crate) fn runs_at(
        &self,
        clock: &Arc<ManualClock>,
        handler: impl JobHandler<Errand>,
    ) -> Server {
        self.server(clock.clone(), |module| module.queue::<Errand>(handler))
    }

    /// A clock that stands at the start.
    pub(crate) fn clock(&self) -> Arc<ManualClock> {
        Arc::new(ManualClock::new(self.start))
    }

    /// A time after the start, in seconds.
    pub(crate) fn at(&self, seconds: i64) -> Timestamp {
        self.start + SignedDuration::from_secs(seconds)
    }

    pub(crate) async fn all<E: Entity>(&self) -> Vec<E> {
        let table = self.table::<E>();
        let rows = self.store.fetch(&Access::system(), &Select::all(table)).await.unwrap();
        rows.into_iter().map(|row| E::from_record(row).unwrap()).collect()
    }

    /// The only row.
    pub(crate) async fn only<E: Entity>(&self) -> E {
        let mut rows = self.all().await;
        assert_eq!(rows.len(), 1, "rows of {}", E::TABLE);
        rows.remove(0)
    }

    /// Errands by label.
    pub(crate) async fn errand(&self, label: &str) -> Errand {
        let found = self.all::<Errand>().await.into_iter().find(|errand| &*errand.label == label);
        found.unwrap()
    }

    pub(crate) async fn reaches(&self, label: &str, status: JobStatus) {
        let reached = async || self.errand(label).await.status == status;
        assert!(wait_until(reached, PATIENCE).await, "{:?}", self.errand(label).await);
    }

    /// The labels of all traces.
    pub(crate) async fn traces(&self) -> Vec<String> {
        let mut labels: Vec<String> =
            self.all::<Trace>().await.into_iter().map(|trace| trace.label.into_string()).collect();
        labels.sort();
        labels
    }

    /// The actions of all audit events, in their order.
    pub(crate) async fn events(&self) -> Vec<String> {
        let events = self.all::<AuditEvent>().await;
        events.into_iter().map(|event| event.action.into_string()).collect()
    }

    pub(crate) fn table<E: Entity>(&self) -> Arc<Table> {
        self.store.catalog().find(E::SCHEMA, E::TABLE).unwrap().clone()
    }
}

async fn open(owner: &Config, serving: Config) -> Store {
    let catalog: Arc<Catalog> = Arc::new(catalog(&[module()]).unwrap());
    let options = Options {
        app_role: migrate::app_role(&serving).unwrap(),
        allow_data_loss: false,
        with_own: true,
        now: start(),
        binary_version: Version::new(0, 1, 0),
    };
    migrate::apply(owner, &catalog, &options).await.unwrap();
    Store::open(serving, catalog).await.unwrap()
}

fn start() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

/// One server of an installation.
pub(crate) struct Server {
    pub(crate) kernel: Kernel,
}

impl Server {
    pub(crate) async fn start(&self) -> JobRunner {
        self.start_with(JobSettings { poll: POLL, ..JobSettings::new("test") }).await
    }

    pub(crate) async fn start_with(&self, settings: JobSettings) -> JobRunner {
        JobRunner::start(self.kernel.clone(), settings).await.unwrap()
    }

    /// Adds errands of an organisation, due now.
    pub(crate) async fn add(&self, organization: Uuid, labels: impl IntoIterator<Item = String>) {
        let rows = labels.into_iter().map(|label| vec![("label", Value::Text(label))]);
        self.add_rows::<Errand>(organization, rows.collect()).await;
    }

    /// Adds one errand.
    pub(crate) async fn add_one(&self, label: &str) {
        self.add(organization(1), [label.to_owned()]).await;
    }

    pub(crate) async fn add_rows<E: Entity>(
        &self,
        organization: Uuid,
        rows: Vec<Vec<(&str, Value)>>,
    ) {
        let context = Context::system("test", Some(organization), self.kernel.clock().now());
        let table = self.kernel.catalog().find(E::SCHEMA, E::TABLE).unwrap().clone();
        let row = |values: Vec<(&str, Value)>| {
            let mut row = NewRow::empty(&table);
            for (column, value) in values {
                row.values[table.column_index(column).unwrap()] = Some(Input::Value(value));
            }
            row
        };
        let rows = rows.into_iter().map(row).collect();
        self.kernel.create(&context, &table, rows).await.unwrap();
    }
}

pub(crate) fn organization(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Leaves a trace of an errand and finishes it, in one transaction.
pub(crate) async fn leave_trace(job: Job<Errand>) -> Result<Finished, Failure> {
    let work = trace(job.kernel(), job.context(), &job.row.label).await?;
    job.finish(work).await
}

/// A unit of work with a trace.
pub(crate) async fn trace(
    kernel: &Kernel,
    context: Context,
    label: &str,
) -> mainstay_kernel::Result<mainstay_kernel::Work> {
    let table = kernel.catalog().find(Trace::SCHEMA, Trace::TABLE).unwrap().clone();
    let mut row = NewRow::empty(&table);
    row.set(&table, "label", Value::Text(label.to_owned()))?;
    if context.principal.organization_id.is_none() {
        row.set(&table, "organization_id", Value::Uuid(organization(1)))?;
    }
    let mut work = kernel.begin(&context).await?;
    let create = mainstay_kernel::Create {
        table,
        rows: vec![row],
        conflict: mainstay_store::Conflict::Fail,
    };
    work.create(create).await?;
    Ok(work)
}

/// The figures of the only queue.
pub(crate) fn only(stats: &[JobStats]) -> &JobStats {
    let [stats] = stats else { panic!("{stats:?}") };
    stats
}

/// Runs each test on both engines.
macro_rules! on_both_engines {
    ($($test:ident)*) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    super::$test($crate::fixture::Database::sqlite().await).await;
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    super::$test($crate::fixture::Database::postgres().await).await;
                }
            )*
        }
    };
}
pub(crate) use on_both_engines;
