//! The kernel: the one way to the data for everything above the store.

use crate::action::{Action, Arguments, Done};
use crate::clock::{Clock, Identifiers};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::guard::Guard;
use crate::intake::Intake;
use crate::job::Jobs;
use crate::ledger::{self, Ledger};
use crate::module::Module;
use crate::numbering::{self, Numbers};
use crate::own_action::OwnActions;
use crate::per_entity::PerEntity;
use crate::permissions::{CREATE, PermissionPair, READ};
use crate::policy;
use crate::policy_watch::{self, PolicyWatch};
use crate::prepare;
use crate::refusal::Refusals;
use crate::sealing::{self, NewKeys, Unsealer};
use crate::vaults::Vaults;
use crate::work::{self, Create, Work};
use bytes::Bytes;
use mainstay_entity::{Catalog, Record, Table};
use mainstay_store::{
    Answer, Body, CommonReads, Conflict, Explain, Insert, OrderBy, OutputValue, Read, Select, Store,
};
use mainstay_vault::{Entropy, MacKey, MasterKey};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Everything that requests share. Cheap to clone.
#[derive(Clone)]
pub struct Kernel {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    vaults: Vaults,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    identifiers: Identifiers,
    numbers: Numbers,
    actions: HashMap<String, Action>,
    own_actions: OwnActions,
    ledger: Ledger,
    policy: PolicyWatch,
    refusals: Refusals,
    jobs: Jobs,
    intakes: PerEntity<Intake>,
    guards: PerEntity<Guard>,
    cursors: MacKey,
}

/// What a kernel is built from.
pub struct Parts {
    /// The data, of a catalog made by [`catalog`] from the same modules.
    pub store: Store,
    /// What the modules declare.
    pub modules: Vec<Module>,
    /// The key that wraps all others.
    pub master: MasterKey,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

/// The entities of some modules.
///
/// # Errors
/// When declarations contradict each other.
pub fn catalog(modules: &[Module]) -> mainstay_entity::Result<Catalog> {
    let entities = modules.iter().flat_map(|module| {
        module.entities.iter().map(|meta| (Cow::Borrowed(module.name), meta.clone()))
    });
    Catalog::new(entities)
}

impl Kernel {
    /// A kernel over an open store.
    ///
    /// # Errors
    /// When the catalog lacks what the kernel itself needs, an action is declared twice, or a
    /// queue or schedule is declared wrongly.
    pub fn new(parts: Parts) -> Result<Self> {
        let catalog = parts.store.catalog().clone();
        let cursors = parts.master.mac_key("cursors");
        let ledger = Ledger::new(&catalog, &parts.master, &*parts.entropy)?;
        let vaults =
            Vaults::new(parts.store.clone(), &catalog, parts.master, parts.entropy.clone())?;
        let intakes = parts.modules.iter().flat_map(|module| &module.intakes);
        let intakes = PerEntity::of(&catalog, intakes, "intakes")?;
        let guards = parts.modules.iter().flat_map(|module| &module.guards);
        let guards = PerEntity::of(&catalog, guards, "guards")?;
        let own_actions = OwnActions::new(&parts.modules, &catalog).map_err(|faults| {
            let faults: Vec<String> = faults.iter().map(|f| f.message.clone()).collect();
            Error::internal(format!("own actions: {}", faults.join("; ")))
        })?;
        let mut actions = HashMap::new();
        let (mut queues, mut schedules) = (Vec::new(), Vec::new());
        for module in parts.modules {
            for action in module.actions {
                let name = action.name.to_string();
                if actions.insert(name.clone(), action).is_some() {
                    return Err(Error::internal(format!("action {name} is declared twice")));
                }
            }
            queues.extend(module.queues);
            schedules.extend(module.schedules);
        }
        let jobs = Jobs::new(&catalog, queues, schedules)?;
        let policy = PolicyWatch::new(&catalog)?;
        let identifiers = Identifiers::new(parts.entropy.clone());
        Ok(Self {
            inner: Arc::new(Inner {
                store: parts.store,
                vaults,
                clock: parts.clock,
                entropy: parts.entropy,
                identifiers,
                numbers: Numbers::default(),
                actions,
                own_actions,
                ledger,
                policy,
                refusals: Refusals::default(),
                jobs,
                intakes,
                guards,
                cursors,
            }),
        })
    }

    /// The entities.
    pub fn catalog(&self) -> &Arc<Catalog> {
        self.inner.store.catalog()
    }

    /// The store, for the server's own work. What callers shape goes through the kernel.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The actions, by name.
    pub fn actions(&self) -> impl Iterator<Item = &Action> {
        self.inner.actions.values()
    }

    pub(crate) fn own(&self) -> &OwnActions {
        &self.inner.own_actions
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// Randomness.
    pub fn entropy(&self) -> &Arc<dyn Entropy> {
        &self.inner.entropy
    }

    /// A new identifier for a record of this request.
    pub fn new_id(&self, context: &Context) -> Uuid {
        self.inner.identifiers.next(context.now)
    }

    /// The key of cursors: marks where pages begin, so that callers can't make such places up.
    pub fn cursors(&self) -> &MacKey {
        &self.inner.cursors
    }

    /// Tells when who may do what has changed.
    pub fn policy(&self) -> &PolicyWatch {
        &self.inner.policy
    }

    /// Learns what other servers changed; run each second.
    pub async fn poll_policy(&self) -> Result<()> {
        let epoch = self.inner.policy.epoch();
        self.inner.policy.poll(&self.inner.store).await?;
        if self.inner.policy.epoch() != epoch {
            // People may have been erased, and their keys with them.
            self.inner.vaults.forget_all();
        }
        Ok(())
    }

    /// Opens a secret of a row that the system looked up, for its own use.
    pub async fn open_secret(
        &self,
        table: &Table,
        record: &Record,
        column: usize,
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        sealing::open(self, table, record, column).await
    }

    /// Writes what is not written yet: the events of refusals.
    pub async fn flush(&self) {
        if let Err(error) = self.report_refusals(None).await {
            tracing::error!(%error, "events of refused requests are lost");
        }
    }

    /// Writes what is not written yet and closes the store.
    pub async fn close(&self) {
        self.flush().await;
        self.inner.store.close().await;
    }

    /// What is known of the logs of events.
    pub fn ledger(&self) -> &Ledger {
        &self.inner.ledger
    }

    pub(crate) fn refusals(&self) -> &Refusals {
        &self.inner.refusals
    }

    pub(crate) fn jobs(&self) -> &Jobs {
        &self.inner.jobs
    }

    pub(crate) fn guards(&self) -> &PerEntity<Guard> {
        &self.inner.guards
    }

    pub(crate) fn numbers(&self) -> &Numbers {
        &self.inner.numbers
    }

    pub(crate) fn vaults(&self) -> &Vaults {
        &self.inner.vaults
    }

    /// Reads records into bytes, as far as the caller may see them. A large answer comes in pieces,
    /// while it is read.
    pub async fn read(&self, context: &Context, read: Read) -> Result<Answer<Body>> {
        self.read_for(context, read, None).await
    }

    /// As [`Kernel::read`], for one of those who ask the same at the same time.
    ///
    /// # Errors
    /// As [`Kernel::read`].
    pub async fn read_in_common(
        &self,
        context: &Context,
        read: Read,
        common: &CommonReads,
    ) -> Result<Answer<Body>> {
        self.read_for(context, read, Some(common)).await
    }

    async fn read_for(
        &self,
        context: &Context,
        mut read: Read,
        common: Option<&CommonReads>,
    ) -> Result<Answer<Body>> {
        let authorized = self.authorize_read(context, &mut read).await;
        authorized
            .inspect_err(|error| self.note_refusal(context, &read.select.table, READ, error))?;
        let access = context.access();
        let access = if context.stale_reads { access.stale() } else { access };
        if !sealing::shows_sealed(&read.select) {
            let store = &self.inner.store;
            return Ok(match common {
                Some(common) => store.read_in_common(&access, read, common).await?,
                None => store.read(&access, read, None).await?,
            });
        }
        let unsealer = Unsealer::new(self, context, NewKeys::default());
        let store = &self.inner.store;
        let answer = store.read(&access, read.clone(), Some(unsealer.clone())).await?;
        // One that comes in pieces reads its keys by itself.
        if matches!(answer.body, Body::Chunks(_)) || !unsealer.load_missing().await? {
            return Ok(answer);
        }
        Ok(store.read(&access, read, Some(unsealer)).await?)
    }

    /// How the engine would run a read that fits the caller, without running it.
    pub async fn explain(
        &self,
        context: &Context,
        mut read: Read,
        explain: Explain,
    ) -> Result<String> {
        let authorized = self.authorize_read(context, &mut read).await;
        authorized
            .inspect_err(|error| self.note_refusal(context, &read.select.table, READ, error))?;
        Ok(self.inner.store.explain(&context.access(), read, explain).await?)
    }

    /// Makes a read fit the caller; part of every read.
    pub(crate) async fn authorize_read(&self, context: &Context, read: &mut Read) -> Result<()> {
        show_deleted(&mut read.select);
        policy::authorize_select(context, &mut read.select)?;
        self.seal_filters(context, &mut read.select).await
    }

    /// Makes a look-up of whole records fit the caller.
    pub(crate) async fn authorize_look_up(
        &self,
        context: &Context,
        select: &mut Select,
    ) -> Result<()> {
        show_deleted(select);
        policy::authorize_select(context, select)?;
        self.seal_filters(context, select).await
    }

    /// Filters on sealed columns, embedded ones included, ask blind indexes.
    async fn seal_filters(&self, context: &Context, select: &mut Select) -> Result<()> {
        let mut open = vec![select];
        while let Some(select) = open.pop() {
            let table = select.table.clone();
            sealing::seal_filter(self, context, &table, &mut select.filter).await?;
            for order in &mut select.order {
                if let OrderBy::Related { table, filter, .. } = &mut order.by {
                    sealing::seal_filter(self, context, table, filter).await?;
                }
            }
            for output in &mut select.output {
                if let OutputValue::Embed(embed) = &mut output.value {
                    open.push(&mut embed.select);
                }
            }
        }
        Ok(())
    }

    /// Adds rows that conflict with nothing, with their events, in one durable commit shared
    /// with other requests. Gives the full rows.
    pub async fn create(
        &self,
        context: &Context,
        table: &Arc<Table>,
        rows: Vec<prepare::NewRow>,
    ) -> Result<Vec<Record>> {
        let created = self.try_create(context, table, rows).await;
        created.inspect_err(|error| self.note_refusal(context, table, CREATE, error))
    }

    async fn try_create(
        &self,
        context: &Context,
        table: &Arc<Table>,
        rows: Vec<prepare::NewRow>,
    ) -> Result<Vec<Record>> {
        let writable = work::check_create(context, table, &Conflict::Fail)?;
        let mut rows = self.take_in(context, table, rows).await?;
        let sealed = |row: &prepare::NewRow| {
            row.values.iter().any(|v| matches!(v, Some(prepare::Input::Plain(_))))
        };
        let is_guarded =
            policy_watch::affects_policy(table, []) || self.inner.guards.get(table).is_some();
        if is_guarded || rows.iter().any(sealed) {
            return self.create_in_work(context, table, rows).await;
        }
        numbering::number_rows(self, context, table, &mut rows, None).await?;
        let ledger = &self.inner.ledger;
        // Events that are like no other may be indexed later.
        let is_unlike_any = ledger.is_events(table) && ledger.rows().are_unlike_any(&rows);
        let conflict = if is_unlike_any { Conflict::Never } else { Conflict::Fail };
        let mut records = Vec::with_capacity(rows.len());
        for (position, row) in rows.into_iter().enumerate() {
            let record = prepare::new_record(self, context, table, row);
            let record = record.map_err(|e| e.at_row(position + 1))?.0;
            writable.check_new(table, &record)?;
            records.push(record);
        }
        let mut further = if ledger.is_events(table) {
            ledger::check_times(context, ledger.rows(), &records)?;
            vec![ledger.enter(&mut records, &[])?]
        } else {
            let events = work::created(table, &records.iter().collect::<Vec<_>>());
            self.event_rows(context, events)?
        };
        let rows = records.clone();
        let mut inserts = vec![Insert { table: table.clone(), rows, conflict }];
        inserts.append(&mut further);
        let has_events = inserts.len() > 1;
        self.inner.store.insert(&context.principal.access(), inserts).await?;
        self.inner.jobs.wake(table.id);
        if has_events {
            ledger.wake();
        }
        Ok(records)
    }

    /// Has the entity's module look at new rows.
    pub(crate) async fn take_in(
        &self,
        context: &Context,
        table: &Table,
        rows: Vec<prepare::NewRow>,
    ) -> Result<Vec<prepare::NewRow>> {
        match self.inner.intakes.get(table) {
            Some(intake) => intake(self, context, rows).await,
            None => Ok(rows),
        }
    }

    /// Rows that change who may do what, that a module guards, and that need keys, take a
    /// transaction of their own.
    async fn create_in_work(
        &self,
        context: &Context,
        table: &Arc<Table>,
        rows: Vec<prepare::NewRow>,
    ) -> Result<Vec<Record>> {
        let mut work = self.begin_unwatched(context).await?;
        let create = Create { table: table.clone(), rows, conflict: Conflict::Fail };
        let written = work.write_new(create).await?;
        work.commit().await?;
        Ok(written.into_iter().map(|(_, record)| record).collect())
    }

    /// Begins a unit of work.
    pub async fn begin(&self, context: &Context) -> Result<Work> {
        self.begin_unwatched(context).await.map(Work::watched)
    }

    /// A unit of work whose refusals somebody else notes.
    async fn begin_unwatched(&self, context: &Context) -> Result<Work> {
        let transaction = self.inner.store.begin(&context.access()).await?;
        Ok(Work::new(self.clone(), context.clone(), transaction))
    }

    /// Calls an action; gives its answer as JSON.
    pub async fn call(
        &self,
        context: &Context,
        name: &str,
        arguments: Arguments<'_>,
    ) -> Result<Bytes> {
        let Some(action) = self.inner.actions.get(name) else {
            return Err(Error::NotFound(format!("action {name}")));
        };
        let answer = self.run(context, action, arguments).await;
        answer.inspect_err(|error| {
            if error.is_refusal() {
                let PermissionPair { resource, action } = &action.permission;
                self.record_refusal(context, resource, action, &error.to_string());
            }
        })
    }

    async fn run(
        &self,
        context: &Context,
        action: &Action,
        arguments: Arguments<'_>,
    ) -> Result<Bytes> {
        let (name, pair) = (&action.name, &action.permission);
        if !policy::may(context, pair) {
            return Err(Error::Denied {
                message: format!("permission denied for function {name}"),
                anonymous: context.principal.is_anonymous(),
            });
        }
        let mut work = self.begin_unwatched(context).await?;
        work.record(Event::new(&pair.resource, &pair.action));
        let Done { body } = action.run(work, arguments).await?;
        Ok(body)
    }
}

/// Soft-deleted rows are shown to a query that asks about `deleted_at`.
fn show_deleted(select: &mut Select) {
    select.with_deleted = policy::asks_for_deleted(&select.table, &select.filter);
}
