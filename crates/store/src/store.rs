//! The one door to the data: whichever engine runs behind it.

use crate::access::Access;
use crate::assemble::{Answer, Assembly, Bounds, Reading};
use crate::error::{Error, ErrorKind, Result};
use crate::postgres::{PostgresConfig, PostgresEngine, PostgresTransaction};
use crate::query::{Read, Select, Unseal};
use crate::reach;
use crate::render::select::{Item, list};
use crate::render::{Dialect, change};
use crate::sqlite::{SqliteConfig, SqliteEngine, SqliteTransaction};
use crate::statement::Statement;
use crate::stream::Body;
use crate::write::{Change, Delete, Insert, Outcome, Update};
use mainstay_entity::{Catalog, Kind, Record, Table};
use std::sync::Arc;

/// Most rows that one update or delete may touch; they are held in memory to be audited.
pub const MAX_CHANGED_ROWS: u64 = 10_000;

/// Larger answers are sent in pieces. Beyond these rows it is found out by reading in pieces.
const WHOLE: Bounds = Bounds { bytes: 1 << 20, rows: 1_000 };

/// Where the data lives.
#[derive(Clone, Debug)]
pub enum Config {
    /// An embedded file.
    Sqlite(SqliteConfig),
    /// A server.
    Postgres(PostgresConfig),
}

/// The data of one installation. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Arc<Engine>,
    catalog: Arc<Catalog>,
}

enum Engine {
    Sqlite(SqliteEngine),
    Postgres(PostgresEngine),
}

impl Store {
    /// Opens the data of a migrated database.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] when it can't be reached, [`ErrorKind::Refused`] when its role
    /// could get around row-level security.
    pub async fn open(config: Config, catalog: Arc<Catalog>) -> Result<Self> {
        let engine = match config {
            Config::Sqlite(config) => {
                Engine::Sqlite(SqliteEngine::open(config, catalog.clone()).await?)
            }
            Config::Postgres(config) => {
                Engine::Postgres(PostgresEngine::open(config, catalog.clone()).await?)
            }
        };
        Ok(Self { engine: Arc::new(engine), catalog })
    }

    /// The entities that the store knows.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// Reads records into bytes, in one snapshot. What is more than a mebibyte comes in pieces,
    /// while it is read. Sealed columns are opened by `unseal`, or null without one.
    pub async fn read(
        &self,
        access: &Access,
        read: Read,
        unseal: Option<Arc<dyn Unseal>>,
    ) -> Result<Answer<Body>> {
        let assembly = Assembly::new(self.dialect(), access, read).unsealed_by(unseal);
        let assembly = assembly.bounded(WHOLE);
        let reading = match &*self.engine {
            Engine::Sqlite(engine) => engine.read(access, assembly).await?,
            Engine::Postgres(engine) => engine.read(access, assembly).await?,
        };
        match (reading, &*self.engine) {
            (Reading::Done(answer), _) => Ok(answer.into()),
            (Reading::Outgrown(assembly), Engine::Sqlite(engine)) => {
                Box::pin(engine.stream(*assembly)).await
            }
            (Reading::Outgrown(assembly), Engine::Postgres(engine)) => {
                Box::pin(engine.stream(access, *assembly)).await
            }
        }
    }

    /// Reads whole records as values: for the server's own work. Embeds are not looked at.
    pub async fn fetch(&self, access: &Access, select: &Select) -> Result<Vec<Record>> {
        let (statement, kinds) = whole_records(self.dialect(), access, select);
        self.rows(access, statement, kinds).await
    }

    /// The rows of a statement, with columns of these kinds.
    pub(crate) async fn rows(
        &self,
        access: &Access,
        statement: Statement,
        kinds: Vec<Kind>,
    ) -> Result<Vec<Record>> {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.fetch(access, statement, kinds).await,
            Engine::Postgres(engine) => engine.fetch(access, statement, kinds).await,
        }
    }

    /// Reads some columns of records, in the order of `columns`: for the server's own work that
    /// goes over many rows.
    pub async fn fetch_columns(
        &self,
        access: &Access,
        select: &Select,
        columns: &[usize],
    ) -> Result<Vec<Record>> {
        let (statement, kinds) = some_columns(self.dialect(), access, select, columns);
        self.rows(access, statement, kinds).await
    }

    /// Inserts rows that conflict with nothing, all or none, durably. Requests that wait at the
    /// same time are committed together.
    pub async fn insert(&self, access: &Access, inserts: Vec<Insert>) -> Result<()> {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.insert(access, inserts).await,
            Engine::Postgres(engine) => engine.insert(access, inserts).await,
        }
    }

    /// Begins a transaction.
    pub async fn begin(&self, access: &Access) -> Result<Transaction> {
        let inner = match &*self.engine {
            Engine::Sqlite(engine) => Inner::Sqlite(engine.begin(access).await?),
            Engine::Postgres(engine) => Inner::Postgres(engine.begin(access).await?),
        };
        Ok(Transaction { inner, dialect: self.dialect(), access: access.clone() })
    }

    /// Makes the partitions of coming months, which the database's owner has lent a function for.
    /// `SQLite` has no partitions.
    ///
    /// # Errors
    /// [`ErrorKind::Timeout`] when a table stays in use.
    pub async fn make_partitions(&self) -> Result<()> {
        let Engine::Postgres(engine) = &*self.engine else { return Ok(()) };
        if !self.catalog.tables().iter().any(|table| table.meta.partitioned) {
            return Ok(());
        }
        let mut transaction = engine.begin(&Access::system()).await?;
        let sql = "SELECT \"mainstay\".\"make_partitions\"()".to_owned();
        transaction.execute(Statement { sql, params: Vec::new() }).await?;
        transaction.commit().await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.ping().await,
            Engine::Postgres(engine) => engine.ping().await,
        }
    }

    /// Requests that wait for their turn to be written, for the metrics.
    pub fn waiting_writes(&self) -> usize {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.waiting_writes(),
            Engine::Postgres(engine) => engine.waiting_writes(),
        }
    }

    /// Finishes what was accepted and closes.
    pub async fn close(&self) {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.close().await,
            Engine::Postgres(engine) => engine.close().await,
        }
    }

    /// A word for the log and the doctor: `sqlite` or `postgres`.
    pub fn engine_name(&self) -> &'static str {
        match self.dialect() {
            Dialect::Sqlite => "sqlite",
            Dialect::Postgres => "postgres",
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match &*self.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }
}

/// One transaction. Dropped without a commit it leaves nothing behind.
pub struct Transaction {
    inner: Inner,
    dialect: Dialect,
    access: Access,
}

enum Inner {
    Sqlite(SqliteTransaction),
    Postgres(PostgresTransaction),
}

impl Transaction {
    /// Reads records into bytes; sees the transaction's own changes. Sealed columns are opened by
    /// `unseal`, or null without one.
    pub async fn read(&mut self, read: Read, unseal: Option<Arc<dyn Unseal>>) -> Result<Answer> {
        let assembly = Assembly::new(self.dialect, &self.access, read).unsealed_by(unseal);
        match &mut self.inner {
            Inner::Sqlite(inner) => inner.read(assembly).await,
            // Rare among the steps of a transaction, whose futures it would make larger.
            Inner::Postgres(inner) => Box::pin(inner.read(assembly)).await,
        }
    }

    /// Reads whole records as values.
    pub async fn fetch(&mut self, select: &Select) -> Result<Vec<Record>> {
        let (statement, kinds) = whole_records(self.dialect, &self.access, select);
        match &mut self.inner {
            Inner::Sqlite(inner) => inner.fetch(statement, kinds).await,
            Inner::Postgres(inner) => inner.fetch(statement, kinds).await,
        }
    }

    /// Inserts or upserts rows; tells what became of each, in order.
    pub async fn insert(&mut self, insert: Insert) -> Result<Vec<Outcome>> {
        match &mut self.inner {
            Inner::Sqlite(inner) => inner.insert(insert).await,
            Inner::Postgres(inner) => inner.insert(insert).await,
        }
    }

    /// Changes the rows that match and gives them before and after; without columns to change it
    /// locks them.
    ///
    /// # Errors
    /// [`ErrorKind::Data`] with `54000` when more than [`MAX_CHANGED_ROWS`] match;
    /// [`ErrorKind::OutOfReach`] when a row would leave the caller's reach.
    pub async fn update(&mut self, update: Update) -> Result<Vec<Change>> {
        let old = self.matching(&update.table, update.filter).await?;
        let changed = |old: &Record| {
            let mut new = old.clone();
            for (index, value) in &update.set {
                new.0[*index] = value.clone();
            }
            new
        };
        let new: Vec<Record> = old.iter().map(changed).collect();
        if !update.set.is_empty() {
            // No row is moved to where the caller could not have added it.
            for row in &new {
                reach::check(&self.access, &update.table, row)?;
            }
            let statements =
                change::update(self.dialect, &self.access, &update.table, &update.set, &old);
            self.execute_all(statements, old.len()).await?;
            if let Inner::Postgres(inner) = &mut self.inner {
                inner.change_words(&update.table, old.iter().zip(&new)).await?;
            }
        }
        Ok(old.into_iter().zip(new).map(|(old, new)| Change { old, new }).collect())
    }

    /// Removes the rows that match and gives them.
    ///
    /// # Errors
    /// [`ErrorKind::Data`] with `54000` when more than [`MAX_CHANGED_ROWS`] match.
    pub async fn delete(&mut self, delete: Delete) -> Result<Vec<Record>> {
        let old = self.matching(&delete.table, delete.filter).await?;
        let statements = change::delete(self.dialect, &self.access, &delete.table, &old);
        self.execute_all(statements, old.len()).await?;
        Ok(old)
    }

    /// Removes the rows that match, however many, without reading them; gives their number. For
    /// the server's own tables, of which no events tell.
    pub async fn purge(&mut self, delete: Delete) -> Result<u64> {
        let Delete { table, filter } = delete;
        let statement = change::purge(self.dialect, &self.access, &table, &filter);
        match &mut self.inner {
            Inner::Sqlite(inner) => inner.execute(statement).await,
            Inner::Postgres(inner) => inner.execute(statement).await,
        }
    }

    /// Writes the words of rows of a table that is searched later, once for each row. Of a row
    /// nothing but its key and what is searched matters.
    pub async fn add_words(&mut self, table: &Arc<Table>, rows: Vec<Record>) -> Result<()> {
        match &mut self.inner {
            Inner::Sqlite(inner) => inner.add_words_later(table, rows).await,
            Inner::Postgres(inner) => {
                inner.add_words_later(table, &rows.iter().collect::<Vec<_>>()).await
            }
        }
    }

    /// Goes on with another reach, for the server's own work inside a caller's transaction; gives
    /// the former one, to go back to.
    pub async fn switch(&mut self, access: &Access) -> Result<Access> {
        match &mut self.inner {
            Inner::Sqlite(inner) => inner.switch(access),
            Inner::Postgres(inner) => inner.switch(access).await?,
        }
        Ok(std::mem::replace(&mut self.access, access.clone()))
    }

    /// Makes the changes durable; returns when they are.
    pub async fn commit(self) -> Result<()> {
        match self.inner {
            Inner::Sqlite(inner) => inner.commit().await,
            Inner::Postgres(inner) => inner.commit().await,
        }
    }

    /// Undoes the changes.
    pub async fn rollback(self) {
        match self.inner {
            Inner::Sqlite(inner) => inner.rollback().await,
            Inner::Postgres(inner) => inner.rollback().await,
        }
    }

    async fn matching(
        &mut self,
        table: &Arc<Table>,
        filter: crate::query::Filter,
    ) -> Result<Vec<Record>> {
        let mut select = Select::all(table.clone()).filtered(filter);
        select.for_update = true;
        select.limit = Some(MAX_CHANGED_ROWS + 1);
        let rows = self.fetch(&select).await?;
        if rows.len() as u64 > MAX_CHANGED_ROWS {
            return Err(Error::new(ErrorKind::Data {
                sqlstate: "54000".to_owned(),
                message: format!("one request can change at most {MAX_CHANGED_ROWS} rows"),
            }));
        }
        Ok(rows)
    }

    async fn execute_all(&mut self, statements: Vec<Statement>, expected: usize) -> Result<()> {
        let mut touched = 0;
        for statement in statements {
            touched += match &mut self.inner {
                Inner::Sqlite(inner) => inner.execute(statement).await?,
                Inner::Postgres(inner) => inner.execute(statement).await?,
            };
        }
        if touched == expected as u64 {
            Ok(())
        } else {
            // The rows are locked, so only the engine's own policies can hide some.
            Err(Error::internal(format!("changed {touched} rows where {expected} were locked")))
        }
    }
}

/// A statement for whole records, and the kinds of its columns.
fn whole_records(dialect: Dialect, access: &Access, select: &Select) -> (Statement, Vec<Kind>) {
    let columns: Vec<usize> = (0..select.table.meta.columns.len()).collect();
    some_columns(dialect, access, select, &columns)
}

/// A statement for some columns of records, and their kinds.
fn some_columns(
    dialect: Dialect,
    access: &Access,
    select: &Select,
    columns: &[usize],
) -> (Statement, Vec<Kind>) {
    let item = |column: &usize| Item::Expression(crate::query::Expression::column(*column));
    let items: Vec<Item> = columns.iter().map(item).collect();
    let kinds = items.iter().map(|item| item.kind(&select.table)).collect();
    (list(dialect, access, select, &items, None), kinds)
}
