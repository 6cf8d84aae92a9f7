//! A database in memory: transactions with row locks, isolated as `READ COMMITTED`, over lines
//! that are slow, stall and break.

use super::super::database::{Database, Transaction};
use super::super::tables::{Tables, entity};
use super::random::Random;
use mainstay_entity::{Record, Table, TableId, Value};
use mainstay_kernel::Result;
use mainstay_kernel::entities::{LedgerHead, LedgerPending};
use mainstay_store::{
    Change, Compare, Conflict, Delete, Error, ErrorKind, Filter, Insert, OrderBy, Outcome, Select,
    Violation,
};
use parking_lot::Mutex;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

/// How long a transaction waits for another's rows; then it counts as a deadlock's victim.
const LOCK_WAIT: Duration = Duration::from_secs(1);

/// A row's table and key.
type Place = (TableId, String);

/// The database server, which never fails: what it has committed is there.
#[derive(Clone)]
pub(super) struct Engine(Arc<Shared>);

struct Shared {
    tables: Tables,
    state: Mutex<State>,
    released: Notify,
}

#[derive(Default)]
struct State {
    rows: BTreeMap<TableId, BTreeMap<String, Record>>,
    locks: BTreeMap<Place, u64>,
    transactions: u64,
    history: History,
}

/// What was ever committed, in that order.
#[derive(Default)]
pub(super) struct History {
    /// States of logs.
    pub(super) heads: Vec<LedgerHead>,
    /// Pending leaves.
    pub(super) pending: Vec<LedgerPending>,
}

impl Engine {
    pub(super) fn new(tables: Tables) -> Self {
        let (state, released) = (Mutex::default(), Notify::new());
        Self(Arc::new(Shared { tables, state, released }))
    }

    /// The rows of a table, in the order of their keys as text.
    pub(super) fn rows(&self, table: &Table) -> Vec<Record> {
        self.matching(table, &Filter::All)
    }

    /// The rows of a table that match.
    fn matching(&self, table: &Table, filter: &Filter) -> Vec<Record> {
        let state = self.0.state.lock();
        let rows = state.rows.get(&table.id).into_iter().flat_map(BTreeMap::values);
        rows.filter(|row| holds(filter, row)).cloned().collect()
    }

    /// Whether some row of a table is so.
    pub(super) fn any(&self, table: &Table, is_so: impl Fn(&Record) -> bool) -> bool {
        let state = self.0.state.lock();
        state.rows.get(&table.id).is_some_and(|rows| rows.values().any(is_so))
    }

    pub(super) fn with_history<T>(&self, read: impl FnOnce(&History) -> T) -> T {
        read(&self.0.state.lock().history)
    }

    /// Writes a row past everybody, as who has the database can.
    pub(super) fn force(&self, table: &Table, row: Record) {
        let place = place(table, &row);
        self.0.state.lock().rows.entry(place.0).or_default().insert(place.1, row);
    }

    fn apply(&self, id: u64, changes: BTreeMap<Place, Option<Record>>) {
        let mut state = self.0.state.lock();
        for ((table, key), row) in changes {
            if let Some(row) = &row {
                if table == self.0.tables.heads.id {
                    state.history.heads.push(entity(row.clone()).unwrap());
                } else if table == self.0.tables.pending.id {
                    state.history.pending.push(entity(row.clone()).unwrap());
                }
            }
            let rows = state.rows.entry(table).or_default();
            match row {
                Some(row) => rows.insert(key, row),
                None => rows.remove(&key),
            };
        }
        drop(state);
        self.release(id);
    }

    fn release(&self, id: u64) {
        self.0.state.lock().locks.retain(|_, holder| *holder != id);
        self.0.released.notify_waiters();
    }
}

/// The way from one server to the database.
#[derive(Clone)]
pub(super) struct Line {
    engine: Engine,
    random: Random,
    trouble: Arc<Mutex<Trouble>>,
}

/// What is wrong with a line, or with the server that uses it.
#[derive(Clone, Copy)]
pub(super) struct Trouble {
    /// Whether now and then something is slow or gets lost.
    pub(super) chance: bool,
    /// Nothing gets through until then: the line or the whole process stands still.
    pub(super) stalled_until: Instant,
    /// Everything fails until then.
    pub(super) cut_until: Instant,
}

impl Line {
    pub(super) fn new(engine: Engine, random: Random) -> Self {
        let now = Instant::now();
        let trouble = Trouble { chance: true, stalled_until: now, cut_until: now };
        Self { engine, random, trouble: Arc::new(Mutex::new(trouble)) }
    }

    pub(super) fn trouble(&self) -> parking_lot::MutexGuard<'_, Trouble> {
        self.trouble.lock()
    }

    /// A message's way, in either direction.
    async fn pass(&self) -> Result<()> {
        let chance = self.trouble().chance;
        let delay = match self.random.below(400) {
            0 if chance => self.random.millis(3_000),
            1..10 if chance => self.random.millis(200),
            _ => self.random.millis(4),
        };
        sleep(delay).await;
        let Trouble { stalled_until, .. } = *self.trouble();
        sleep_until(stalled_until).await;
        let is_lost = chance && self.random.once_in(200);
        if is_lost || Instant::now() < self.trouble().cut_until {
            return Err(Error::new(ErrorKind::Unavailable("the line broke".to_owned())).into());
        }
        Ok(())
    }
}

impl Database for Line {
    type Transaction = Open;

    async fn fetch(&self, select: &Select) -> Result<Vec<Record>> {
        self.pass().await?;
        let rows = self.engine.matching(&select.table, &select.filter);
        // What was read is old when it arrives.
        self.pass().await?;
        Ok(ordered(rows, select))
    }

    async fn begin(&self) -> Result<Open> {
        self.pass().await?;
        let mut state = self.engine.0.state.lock();
        state.transactions += 1;
        let id = state.transactions;
        Ok(Open { line: self.clone(), id, changes: BTreeMap::new(), is_over: false })
    }
}

/// An open transaction.
pub(super) struct Open {
    line: Line,
    id: u64,
    /// Its own changes; none for a removed row.
    changes: BTreeMap<Place, Option<Record>>,
    is_over: bool,
}

impl Open {
    /// A row as this transaction sees it.
    fn row(&self, place: &Place) -> Option<Record> {
        if let Some(own) = self.changes.get(place) {
            return own.clone();
        }
        let state = self.line.engine.0.state.lock();
        state.rows.get(&place.0).and_then(|rows| rows.get(&place.1)).cloned()
    }

    /// The rows of a table that match, as this transaction sees them, by their keys.
    fn rows(&self, table: &Table, filter: &Filter) -> BTreeMap<String, Record> {
        let state = self.line.engine.0.state.lock();
        let rows = state.rows.get(&table.id).into_iter().flatten();
        let is_own = |key: &String| self.changes.contains_key(&(table.id, key.clone()));
        let others = rows.filter(|(key, row)| holds(filter, row) && !is_own(key));
        let mut rows: BTreeMap<String, Record> =
            others.map(|(key, row)| (key.clone(), row.clone())).collect();
        drop(state);
        for ((id, key), row) in &self.changes {
            if let Some(row) = row.as_ref().filter(|row| *id == table.id && holds(filter, row)) {
                rows.insert(key.clone(), row.clone());
            }
        }
        rows
    }

    async fn lock(&self, place: &Place) -> Result<()> {
        let deadline = Instant::now() + LOCK_WAIT;
        let shared = &self.line.engine.0;
        loop {
            let mut released = pin!(shared.released.notified());
            released.as_mut().enable();
            let holder = *shared.state.lock().locks.entry(place.clone()).or_insert(self.id);
            if holder == self.id {
                return Ok(());
            }
            if timeout_at(deadline, released).await.is_err() {
                return Err(Error::new(ErrorKind::Conflict).into());
            }
        }
    }

    /// Locks the rows that match; gives those that still do then.
    async fn lock_matching(&self, table: &Table, filter: &Filter) -> Result<Vec<Place>> {
        let mut locked = Vec::new();
        for key in self.rows(table, filter).into_keys() {
            let place = (table.id, key);
            self.lock(&place).await?;
            if self.row(&place).is_some_and(|row| holds(filter, &row)) {
                locked.push(place);
            }
        }
        Ok(locked)
    }

    async fn insert_row(&mut self, table: &Table, row: Record, on: &Conflict) -> Result<Outcome> {
        let place = place(table, &row);
        self.lock(&place).await?;
        let outcome = match (self.row(&place), on) {
            (None, _) => Outcome::Inserted,
            (Some(_), Conflict::Ignore { .. }) => return Ok(Outcome::Ignored),
            (Some(old), Conflict::Merge { set, .. }) => {
                let mut new = old.clone();
                for column in set {
                    new.0[*column] = row.0[*column].clone();
                }
                self.changes.insert(place, Some(new.clone()));
                return Ok(Outcome::Merged(Change { old, new }));
            }
            (Some(_), Conflict::Fail | Conflict::Never) => {
                let table = table.meta.table.to_string();
                let violation = Violation { table, ..Violation::default() };
                return Err(Error::new(ErrorKind::Unique(violation)).into());
            }
        };
        self.changes.insert(place, Some(row));
        Ok(outcome)
    }
}

impl Transaction for Open {
    async fn fetch(&mut self, select: &Select) -> Result<Vec<Record>> {
        self.line.pass().await?;
        if select.for_update {
            self.lock_matching(&select.table, &select.filter).await?;
        }
        let rows = self.rows(&select.table, &select.filter).into_values().collect();
        self.line.pass().await?;
        Ok(ordered(rows, select))
    }

    async fn insert(&mut self, insert: Insert) -> Result<Vec<Outcome>> {
        self.line.pass().await?;
        let mut outcomes = Vec::with_capacity(insert.rows.len());
        for row in insert.rows {
            outcomes.push(self.insert_row(&insert.table, row, &insert.conflict).await?);
        }
        self.line.pass().await?;
        Ok(outcomes)
    }

    async fn purge(&mut self, delete: Delete) -> Result<u64> {
        self.line.pass().await?;
        let places = self.lock_matching(&delete.table, &delete.filter).await?;
        let count = places.len() as u64;
        self.changes.extend(places.into_iter().map(|place| (place, None)));
        self.line.pass().await?;
        Ok(count)
    }

    async fn commit(mut self) -> Result<()> {
        self.line.pass().await?;
        self.is_over = true;
        let (engine, id) = (self.line.engine.clone(), self.id);
        let changes = std::mem::take(&mut self.changes);
        let delay = self.line.random.millis(6);
        // The database goes on by itself, whether or not the server still lives.
        let committed = tokio::spawn(async move {
            sleep(delay).await;
            engine.apply(id, changes);
        });
        committed.await.unwrap();
        // The answer can get lost.
        self.line.pass().await
    }

    async fn rollback(mut self) {
        self.is_over = true;
        self.line.engine.release(self.id);
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let (engine, id) = (self.line.engine.clone(), self.id);
        if self.is_over {
            return;
        }
        // The database notices after a while that nobody goes on.
        let delay = self.line.random.millis(500);
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                sleep(delay).await;
                engine.release(id);
            });
        }
    }
}

fn place(table: &Table, row: &Record) -> Place {
    let key: Vec<&Value> = table.primary_key.iter().map(|column| &row.0[*column]).collect();
    (table.id, format!("{key:?}"))
}

/// Rows that match, in a select's order and up to its limit.
fn ordered(mut rows: Vec<Record>, select: &Select) -> Vec<Record> {
    for order in select.order.iter().rev() {
        let OrderBy::Expression(by) = &order.by else { panic!("unknown order {order:?}") };
        rows.sort_by(|a, b| compare(&a.0[by.column], &b.0[by.column]));
    }
    rows.truncate(select.limit.map_or(usize::MAX, |limit| limit as usize));
    rows
}

fn holds(filter: &Filter, row: &Record) -> bool {
    match filter {
        Filter::All => true,
        Filter::And(parts) => parts.iter().all(|part| holds(part, row)),
        Filter::Or(parts) => parts.iter().any(|part| holds(part, row)),
        Filter::Not(inner) => !holds(inner, row),
        Filter::In { left, list } => list.contains(&row.0[left.column]),
        Filter::Compare { left, op, right } => {
            let order = compare(&row.0[left.column], right);
            match op {
                Compare::Eq => order == Ordering::Equal,
                Compare::Gt => order == Ordering::Greater,
                Compare::Ge => order != Ordering::Less,
                Compare::Lt => order == Ordering::Less,
                _ => panic!("unknown operator {op:?}"),
            }
        }
        _ => panic!("unknown filter {filter:?}"),
    }
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) | (Value::Timestamp(a), Value::Timestamp(b)) => a.cmp(b),
        (Value::Uuid(a), Value::Uuid(b)) => a.cmp(b),
        _ => panic!("can't compare {a:?} with {b:?}"),
    }
}
