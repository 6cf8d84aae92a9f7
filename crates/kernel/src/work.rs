//! A unit of work: the governed changes of one request, with their events, in one transaction.

mod authority;
mod erasure;
mod events;
mod guarded;
mod idempotency;
mod within;

pub(crate) use events::created;
pub(crate) use guarded::Writable;
pub use idempotency::{Kept, Repeatable, remove_old_answers};

use self::events::{changed, details, removed};
use crate::action::Done;
use crate::context::Context;
use crate::error::{Error, Invalid, Result};
use crate::event::Event;
use crate::kernel::Kernel;
use crate::ledger;
use crate::numbering;
use crate::permissions::{CREATE, DELETE, READ, UPDATE};
use crate::policy;
use crate::policy_watch::affects_policy;
use crate::prepare::{self, Input, NewRow};
use crate::sealing::{self, NewKeys, Unsealer};
use crate::vaults::KeyName;
use mainstay_entity::{Kind, Record, Table, TableId, Value};
use mainstay_ledger::Field;
use mainstay_store::{
    Answer, Change, Compare, Conflict, Delete, Expression, Filter, Insert, Outcome, Read, Select,
    Transaction, Update,
};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::oneshot;

/// New rows of one table.
#[derive(Clone, Debug)]
pub struct Create {
    /// The table.
    pub table: Arc<Table>,
    /// The rows.
    pub rows: Vec<NewRow>,
    /// What happens when a key exists. `Merge` overwrites what the rows say.
    pub conflict: Conflict,
}

/// The open transaction of one request. Dropped without a commit it leaves nothing behind.
pub struct Work {
    kernel: Kernel,
    context: Context,
    transaction: Transaction,
    events: Vec<Event>,
    policy_changed: bool,
    /// Whether rows of events are written already.
    has_events: bool,
    keys: NewKeys,
    /// Keys that were destroyed.
    forgotten: Vec<KeyName>,
    /// Queues with new or changed rows.
    queues: BTreeSet<TableId>,
    /// Whether refusals are noted here.
    is_watched: bool,
    /// What a change was refused with; nothing is committed then.
    refused: Option<Error>,
    /// Whether each new row leaves an event of its own, however many are written together.
    is_apart: bool,
    /// Who goes on with this work when it would be committed.
    returns_to: Option<oneshot::Sender<Self>>,
}

/// The outcome of a job, as a change of its row.
pub(crate) struct Settle {
    /// Columns and their new values.
    pub(crate) set: Vec<(usize, Value)>,
    /// The row, while it is held.
    pub(crate) filter: Filter,
    /// What the event says was done.
    pub(crate) verb: &'static str,
    /// Why it failed.
    pub(crate) failure: Option<String>,
    /// Which attempt it was.
    pub(crate) attempt: i64,
}

impl Work {
    pub(crate) fn new(kernel: Kernel, context: Context, transaction: Transaction) -> Self {
        Self {
            kernel,
            context,
            transaction,
            events: Vec::new(),
            policy_changed: false,
            has_events: false,
            keys: NewKeys::default(),
            forgotten: Vec::new(),
            queues: BTreeSet::new(),
            is_watched: false,
            refused: None,
            is_apart: false,
            returns_to: None,
        }
    }

    /// The same work, noting what it refuses.
    pub(crate) fn watched(mut self) -> Self {
        self.is_watched = true;
        self
    }

    /// Notes a failed operation if it is a refusal.
    fn note_refusal(&self, table: &Table, operation: &str, error: &Error) {
        if self.is_watched {
            self.kernel.note_refusal(&self.context, table, operation, error);
        }
    }

    /// Who asks, from where and when.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The kernel.
    pub fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// Adds rows, or merges them into existing ones; tells what became of each with its full row.
    pub async fn create(&mut self, create: Create) -> Result<Vec<(Outcome, Record)>> {
        let table = create.table.clone();
        let created = self.try_create(create).await;
        created.inspect_err(|error| self.note_refusal(&table, CREATE, error))
    }

    /// The same for the rows of several requests: each leaves an event of its own.
    pub async fn create_apart(&mut self, create: Create) -> Result<Vec<(Outcome, Record)>> {
        self.is_apart = true;
        let created = self.create(create).await;
        self.is_apart = false;
        created
    }

    async fn try_create(&mut self, mut create: Create) -> Result<Vec<(Outcome, Record)>> {
        check_create(&self.context, &create.table, &create.conflict)?;
        create.rows = self.kernel.take_in(&self.context, &create.table, create.rows).await?;
        self.write_new(create).await
    }

    /// Writes new rows that the entity's module has looked at.
    pub(crate) async fn write_new(&mut self, create: Create) -> Result<Vec<(Outcome, Record)>> {
        let Create { table, mut rows, conflict } = create;
        let writable = check_create(&self.context, &table, &conflict)?;
        let conflict = merged_columns(&table, &rows, conflict);
        let transaction = Some(&mut self.transaction);
        numbering::number_rows(&self.kernel, &self.context, &table, &mut rows, transaction).await?;
        let overwritten = if let Conflict::Merge { set, .. } = &conflict { &set[..] } else { &[] };
        self.policy_changed |= affects_policy(&table, overwritten.iter().copied());
        let mut records = Vec::with_capacity(rows.len());
        for (position, row) in rows.into_iter().enumerate() {
            let record = self.new_record(&table, &conflict, row).await;
            records.push(record.map_err(|e| e.at_row(position + 1))?);
        }
        let mut pending = self.enter(&table, &mut records).await?;
        let insert = Insert { table: table.clone(), rows: records.clone(), conflict };
        self.note_queue(&table);
        let outcomes = self.transaction.insert(insert).await?;
        if let Some(pending) = &mut pending {
            let mut outcome = outcomes.iter();
            pending.rows.retain(|_| outcome.next() == Some(&Outcome::Inserted));
        }
        if let Some(pending) = pending.filter(|pending| !pending.rows.is_empty()) {
            self.transaction.insert(pending).await?;
            self.has_events = true;
        }
        let written: Vec<(Outcome, Record)> = outcomes
            .into_iter()
            .zip(records)
            .map(|(outcome, record)| match outcome {
                Outcome::Merged(change) => {
                    let new = change.new.clone();
                    (Outcome::Merged(change), new)
                }
                other => (other, record),
            })
            .collect();
        self.check_written(&table, &writable, &written).await?;
        let added: Vec<&Record> = written
            .iter()
            .filter(|(outcome, _)| *outcome == Outcome::Inserted)
            .map(|(_, record)| record)
            .collect();
        if self.is_apart {
            self.events.extend(added.into_iter().flat_map(|row| created(&table, &[row])));
        } else {
            self.events.extend(created(&table, &added));
        }
        let merged: Vec<&Change> = written
            .iter()
            .filter_map(
                |(outcome, _)| {
                    if let Outcome::Merged(c) = outcome { Some(c) } else { None }
                },
            )
            .collect();
        self.events.extend(changed(&table, "update", &merged));
        Ok(written)
    }

    /// Of new events: gives them their hashes, and the rows that bring them into the ledger.
    async fn enter(&self, table: &Table, records: &mut [Record]) -> Result<Option<Insert>> {
        let ledger = self.kernel.ledger();
        if !ledger.is_events(table) {
            return Ok(None);
        }
        ledger::check_times(&self.context, ledger.rows(), records)?;
        let mut sealed = Vec::with_capacity(records.len());
        for record in &*records {
            let column = ledger.rows().personal_column();
            let place = (table, record, column);
            sealed.push(self.keys.commit(&self.kernel, place, Field::PERSONAL).await?);
        }
        ledger.enter(records, &sealed).map(Some)
    }

    /// Makes a full row and seals what it gives in plain. A row that a merge will find takes over
    /// the existing row's key first: envelopes are bound to it.
    async fn new_record(
        &mut self,
        table: &Arc<Table>,
        conflict: &Conflict,
        row: NewRow,
    ) -> Result<Record> {
        let (mut record, plain) = prepare::new_record(&self.kernel, &self.context, table, row)?;
        if plain.is_empty() {
            return Ok(record);
        }
        let mut bound = record.clone();
        if let Conflict::Merge { key, .. } = conflict
            && let Some(existing) = self.existing(table, key, &record).await?
        {
            bound = existing;
        }
        for (column, text) in plain {
            let place = (&**table, &bound, column);
            let (kernel, context) = (self.kernel.clone(), self.context.clone());
            let sealed =
                self.keys.seal(&kernel, &context, &mut self.transaction, place, &text).await?;
            for (column, value) in sealed {
                record.0[column] = value;
            }
        }
        Ok(record)
    }

    /// The row that has the same key, locked.
    async fn existing(
        &mut self,
        table: &Arc<Table>,
        key: &[usize],
        record: &Record,
    ) -> Result<Option<Record>> {
        let mut select = Select::all(table.clone()).filtered(same_key(key, record));
        select.for_update = true;
        select.with_deleted = true;
        Ok(self.transaction.fetch(&select).await?.pop())
    }

    /// Seals columns of rows that were just changed, each for its row.
    async fn seal_changes(
        &mut self,
        table: &Arc<Table>,
        sealed: &[(usize, Input)],
        changes: &mut [Change],
    ) -> Result<()> {
        if sealed.is_empty() {
            return Ok(());
        }
        let (kernel, context) = (self.kernel.clone(), self.context.clone());
        for change in changes {
            let row = (&**table, &change.new);
            let set = self
                .keys
                .seal_inputs(&kernel, &context, &mut self.transaction, row, sealed)
                .await?;
            let filter = same_key(&table.row_key().collect::<Vec<_>>(), &change.new);
            let update = Update { table: table.clone(), set: set.clone(), filter };
            self.transaction.update(update).await?;
            for (column, value) in set {
                change.new.0[column] = value;
            }
        }
        Ok(())
    }

    /// Changes the rows that match; gives them before and after.
    pub async fn update(
        &mut self,
        table: &Arc<Table>,
        set: Vec<(usize, Input)>,
        filter: Filter,
    ) -> Result<Vec<Change>> {
        let updated = self.try_update(table, set, filter).await;
        updated.inspect_err(|error| self.note_refusal(table, UPDATE, error))
    }

    async fn try_update(
        &mut self,
        table: &Arc<Table>,
        set: Vec<(usize, Input)>,
        mut filter: Filter,
    ) -> Result<Vec<Change>> {
        let rows = check_change(&self.context, table, UPDATE)?;
        self.narrow(table, &mut filter, rows.clone()).await?;
        let prepare::Changes { set, sealed } = prepare::changes(&self.context, table, set)?;
        self.policy_changed |= affects_policy(table, set.iter().map(|(column, _)| *column));
        self.note_queue(table);
        let mut changes =
            self.transaction.update(Update { table: table.clone(), set, filter }).await?;
        self.seal_changes(table, &sealed, &mut changes).await?;
        for change in &changes {
            check_transitions(table, change)?;
        }
        self.check_changed(table, &rows, &changes).await?;
        self.events.extend(changed(table, "update", &changes.iter().collect::<Vec<_>>()));
        Ok(changes)
    }

    /// Writes the outcome of a job; false when its row is held no longer.
    pub(crate) async fn settle(&mut self, table: &Arc<Table>, settle: Settle) -> Result<bool> {
        let set = settle.set.into_iter().map(|(column, value)| (column, Input::Value(value)));
        let update = Update {
            table: table.clone(),
            set: prepare::changes(&self.context, table, set.collect())?.set,
            filter: settle.filter,
        };
        let changes = self.transaction.update(update).await?;
        for mut event in changed(table, settle.verb, &changes.iter().collect::<Vec<_>>()) {
            event.details = details(&serde_json::json!({ "attempt": settle.attempt }));
            event.failure.clone_from(&settle.failure);
            self.events.push(event);
        }
        Ok(!changes.is_empty())
    }

    /// Removes the rows that match, or marks them as deleted; gives them as they were.
    pub async fn delete(&mut self, table: &Arc<Table>, filter: Filter) -> Result<Vec<Record>> {
        let deleted = self.try_delete(table, filter).await;
        deleted.inspect_err(|error| self.note_refusal(table, DELETE, error))
    }

    async fn try_delete(&mut self, table: &Arc<Table>, mut filter: Filter) -> Result<Vec<Record>> {
        let rows = check_change(&self.context, table, DELETE)?;
        self.narrow(table, &mut filter, rows).await?;
        self.policy_changed |= affects_policy(table, 0..table.meta.columns.len());
        let deleted: Vec<Record> = if table.meta.soft_delete
            && let Some(column) = table.column_index("deleted_at")
        {
            let now = Value::Timestamp(self.context.now.as_microsecond());
            let mut set = vec![(column, now.clone())];
            set.extend(prepare::touched(table).map(|index| (index, now.clone())));
            let update = Update { table: table.clone(), set, filter };
            self.transaction.update(update).await?.into_iter().map(|c| c.old).collect()
        } else {
            self.transaction.delete(Delete { table: table.clone(), filter }).await?
        };
        self.check_removed(table, &deleted).await?;
        self.events.extend(removed(table, &deleted.iter().collect::<Vec<_>>()));
        Ok(deleted)
    }

    /// Makes the filter of a change fit the caller: of rows that it may read, those that it may
    /// change.
    async fn narrow(&self, table: &Table, filter: &mut Filter, rows: Filter) -> Result<()> {
        policy::authorize_filter(&self.context, table, filter)?;
        sealing::seal_filter(&self.kernel, &self.context, table, filter).await?;
        policy::narrow(filter, rows);
        // Who may read none changes by key alone, as before.
        if let Ok(readable) = policy::grant(&self.context, table, READ) {
            policy::narrow(filter, readable);
        }
        Ok(())
    }

    /// Reads records into bytes; sees this work's own changes.
    pub async fn read(&mut self, mut read: Read) -> Result<Answer> {
        let authorized = self.kernel.authorize_read(&self.context, &mut read).await;
        authorized.inspect_err(|error| self.note_refusal(&read.select.table, READ, error))?;
        if !sealing::shows_sealed(&read.select) {
            return Ok(self.transaction.read(read, None).await?);
        }
        let unsealer = Unsealer::new(&self.kernel, &self.context, self.keys.clone());
        let answer = self.transaction.read(read.clone(), Some(unsealer.clone())).await?;
        if !unsealer.load_missing().await? {
            return Ok(answer);
        }
        Ok(self.transaction.read(read, Some(unsealer)).await?)
    }

    /// Reads whole records that the caller may read, for the steps of a declared action. What the
    /// caller may not see of them is in them still.
    pub(crate) async fn look_up(&mut self, mut select: Select) -> Result<Vec<Record>> {
        select.output.clear();
        let authorized = self.kernel.authorize_look_up(&self.context, &mut select).await;
        authorized.inspect_err(|error| self.note_refusal(&select.table, READ, error))?;
        self.fetch(&select).await
    }

    /// Reads whole records for the handler's own logic, within the caller's reach.
    pub async fn fetch(&mut self, select: &Select) -> Result<Vec<Record>> {
        Ok(self.transaction.fetch(select).await?)
    }

    /// Notes something that happened beside changed rows.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Writes the events, commits, and makes the answer of an action.
    pub async fn commit_with(self, reply: &impl Serialize) -> Result<Done> {
        let done = Done::new(reply)?;
        self.commit().await?;
        Ok(done)
    }

    /// Writes the events and commits.
    pub async fn commit(mut self) -> Result<()> {
        if let Some(error) = self.refused {
            return Err(error);
        }
        if let Some(next) = self.returns_to.take() {
            // Who is not there any more has given the work up.
            let _ = next.send(self);
            return Ok(());
        }
        let events = std::mem::take(&mut self.events);
        for insert in self.kernel.event_rows(&self.context, events)? {
            self.transaction.insert(insert).await?;
            self.has_events = true;
        }
        if self.policy_changed {
            let version = self.kernel.new_id(&self.context);
            self.transaction.insert(self.kernel.policy().row(&self.context, version)).await?;
        }
        self.transaction.commit().await?;
        self.keys.committed(self.kernel.vaults());
        for name in self.forgotten {
            self.kernel.vaults().forget(name);
        }
        if self.policy_changed {
            self.kernel.policy().moved();
        }
        if self.has_events {
            self.kernel.ledger().wake();
        }
        for queue in self.queues {
            self.kernel.jobs().wake(queue);
        }
        Ok(())
    }

    /// Rows of a queue may be due once this is committed.
    fn note_queue(&mut self, table: &Table) {
        if table.meta.queue {
            self.queues.insert(table.id);
        }
    }

    /// Undoes everything.
    pub async fn rollback(self) {
        self.transaction.rollback().await;
    }
}

/// A merge overwrites the columns that some row gives, beside its key.
fn merged_columns(table: &Table, rows: &[NewRow], conflict: Conflict) -> Conflict {
    let Conflict::Merge { key, .. } = conflict else {
        return conflict;
    };
    let given = |index: &usize| rows.iter().any(|row| row.values[*index].is_some());
    let mut set: Vec<usize> = (0..table.meta.columns.len())
        .filter(|index| given(index) && !key.contains(index))
        .filter(|index| Some(*index) != table.tenant_column())
        .filter(|index| !table.primary_key.contains(index))
        .collect();
    let companions: Vec<usize> = set.iter().filter_map(|c| table.blind_column(*c)).collect();
    set.extend(companions);
    set.extend(prepare::touched(table));
    set.dedup();
    Conflict::Merge { key, set }
}

/// The rows that have the same values in a key as a record.
fn same_key(key: &[usize], record: &Record) -> Filter {
    let equal = |column: &usize| Filter::Compare {
        left: Expression::column(*column),
        op: Compare::Eq,
        right: record.0[*column].clone(),
    };
    Filter::And(key.iter().map(equal).collect())
}

/// The rows that the caller may add in this way.
pub(crate) fn check_create(
    context: &Context,
    table: &Table,
    conflict: &Conflict,
) -> Result<Writable> {
    let create = check_change(context, table, CREATE)?;
    let update = if matches!(conflict, Conflict::Merge { .. }) {
        check_change(context, table, UPDATE)?
    } else {
        Filter::All
    };
    Ok(Writable { create, update })
}

/// The rows that the caller may change.
fn check_change(context: &Context, table: &Table, action: &str) -> Result<Filter> {
    let rows = policy::grant(context, table, action)?;
    if table.is_view() {
        let message = format!("{} is a view: it can be read, never written", table.meta.table);
        return Err(Error::denied(message));
    }
    let system = context.principal.access().is_system();
    if table.meta.read_only && !system {
        let message = format!("table {} is written by the system alone", table.meta.table);
        return Err(Error::denied(message));
    }
    if table.primary_key.is_empty() && action != CREATE {
        let message = format!(
            "rows of {} have no key by which they could be changed or removed",
            table.meta.table
        );
        return Err(Error::rule("PGRST127", message));
    }
    if table.meta.append_only && action != CREATE {
        let message = format!("rows of {} can't be changed or removed", table.meta.table);
        return Err(Error::denied(message));
    }
    Ok(rows)
}

fn check_transitions(table: &Table, change: &Change) -> Result<()> {
    for (index, column) in table.meta.columns.iter().enumerate() {
        let Kind::Choice(choice) = &column.kind else {
            continue;
        };
        let (Some(from), Some(to)) = (change.old.0[index].as_text(), change.new.0[index].as_text())
        else {
            continue;
        };
        if !choice.allows(from, to) {
            return Err(Error::Invalid(Invalid {
                sqlstate: "23514",
                message: format!("{} can't move from {from} to {to}", column.name),
                column: prepare::column_name(table, column),
                row: None,
            }));
        }
    }
    Ok(())
}
