//! Rows that are indexed a little later.
//!
//! A small write costs what it costs to write the pages that it touches, and in a table of many
//! organisations every index is one page more. Rows that conflict with nothing
//! ([`Conflict::Never`]), such as the events of the audit trail, are therefore appended to a
//! table without keys and indexes, in the same commit as the change that they belong to. They
//! settle in their own table later, many of an organisation at once. Whoever looks at that table
//! has the rows in his reach settled first, so that nobody sees a difference.
//!
//! [`Conflict::Never`]: crate::Conflict::Never

use super::error::{fault, resolve};
use super::tables::{Tables, unquote};
use crate::assemble::Assembly;
use crate::error::Result;
use crate::render::{Dialect, flat_name, quote, table_name};
use crate::schema::{self, Object, ObjectKind, create_table};
use mainstay_entity::view::ViewPlan;
use mainstay_entity::{Catalog, Record, Table, TableId};
use parking_lot::Mutex;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value as Engine;
use rusqlite::vtab::array::Array;
use rusqlite::{Connection, Params, params};
use std::collections::HashMap;
use std::rc::Rc;
use uuid::Uuid;

/// Before the name of the table where rows wait for their own.
pub(super) const PREFIX: &str = "ms_recent_";

/// The tables whose rows may wait, and which organisations have some that do.
pub(super) struct Recent {
    tables: Vec<Kept>,
    /// By table: whether it is one of them or refers to one.
    concerned: Vec<bool>,
    waiting: Mutex<Waiting>,
}

/// A table whose rows may wait.
struct Kept {
    id: TableId,
    tenant: usize,
    /// The table's name as statements have it.
    name: String,
    /// The quoted name of the table where they wait.
    recent: String,
    /// Makes that table.
    make: String,
    /// The columns of the key, which tells rows that have settled already.
    key: String,
    columns: String,
    texts: Texts,
}

/// Statements about the rows that wait.
struct Texts {
    /// Adds one, all columns in declared order.
    insert: String,
    /// How many each organisation has.
    count: String,
    /// Where they end.
    end: String,
    settle_all: String,
    /// Those of organisations up to an end.
    settle_some: String,
    forget_all: String,
    /// Those of organisations.
    forget_some: String,
    /// Those up to an end.
    forget_round: String,
}

#[derive(Default)]
struct Waiting {
    /// Grows with every row.
    ticket: u64,
    /// Each organisation's last row. Rows that were undone count too; nothing is lost by looking
    /// for them.
    last: HashMap<Uuid, u64>,
    /// Rows that came since the last round began.
    rows: usize,
}

/// What was settled, once it is committed.
#[derive(Clone, Copy)]
pub(super) struct Settled {
    tenant: Option<Uuid>,
    ticket: u64,
}

/// All rows that waited at one time, on their way.
pub(super) struct Round {
    ticket: u64,
    /// The last row of each table that belongs to it.
    ends: Vec<i64>,
    /// Organisations with their numbers of rows.
    left: Vec<(Uuid, usize)>,
}

impl Recent {
    pub(super) fn new(catalog: &Catalog) -> Result<Self> {
        let objects = schema::objects(Dialect::Sqlite, catalog, "")?;
        let tables: Vec<Kept> =
            catalog.tables().iter().filter_map(|table| Kept::new(table, &objects)).collect();
        let is_kept = |id: TableId| tables.iter().any(|kept| kept.id == id);
        let concerned = catalog
            .tables()
            .iter()
            .map(|t| {
                let shows = |view: &ViewPlan| view.sources.iter().any(|s| is_kept(s.table.id));
                is_kept(t.id)
                    || t.foreign_keys.iter().any(|key| is_kept(key.target))
                    || t.view.as_ref().is_some_and(shows)
            })
            .collect();
        Ok(Self { tables, concerned, waiting: Mutex::default() })
    }

    /// Settles what an earlier process left and makes the tables where rows wait.
    pub(super) fn open(&self, connection: &Connection) -> Result<()> {
        // No other connection has it, so that nobody else removes rows.
        connection
            .create_scalar_function("ms_settles", 0, FunctionFlags::SQLITE_INNOCUOUS, |_| Ok(true))
            .map_err(fault)?;
        self.tables.iter().try_for_each(|kept| kept.open(connection))
    }

    /// The statement that lets a row wait.
    pub(super) fn insert(&self, table: &Table) -> Option<&str> {
        self.kept(table.id).map(|kept| kept.texts.insert.as_str())
    }

    /// Notes rows that wait. Called before they are committed.
    pub(super) fn note(&self, table: &Table, rows: &[Record]) {
        let Some(kept) = self.kept(table.id) else { return };
        let mut waiting = self.waiting.lock();
        for row in rows {
            waiting.ticket += 1;
            waiting.rows += 1;
            if let Some(tenant) = row.0[kept.tenant].as_uuid() {
                let ticket = waiting.ticket;
                waiting.last.insert(tenant, ticket);
            }
        }
    }

    /// Whether rows that a read may look at wait.
    pub(super) fn concerns_read(&self, assembly: &Assembly, tenant: Option<Uuid>) -> bool {
        self.waits(tenant) && assembly.any_table(|table| self.concerned[table.id.index()])
    }

    /// Whether rows that a statement may look at wait.
    pub(super) fn concerns_text(&self, sql: &str, tenant: Option<Uuid>) -> bool {
        self.waits(tenant) && self.tables.iter().any(|kept| sql.contains(&kept.name))
    }

    /// Whether rows that new rows of a table may conflict with or refer to wait.
    pub(super) fn concerns_insert(&self, table: &Table, tenant: Option<Uuid>) -> bool {
        self.waits(tenant) && self.concerned[table.id.index()]
    }

    /// Rows that wait for the next round.
    pub(super) fn rows(&self) -> usize {
        self.waiting.lock().rows
    }

    fn waits(&self, tenant: Option<Uuid>) -> bool {
        let waiting = self.waiting.lock();
        match tenant {
            Some(tenant) => waiting.last.contains_key(&tenant),
            None => !waiting.last.is_empty(),
        }
    }

    /// Settles the rows of one organisation or of all, within the transaction that is open.
    /// [`Recent::confirm`] follows its commit.
    pub(super) fn settle(
        &self,
        connection: &Connection,
        tables: &Tables,
        tenant: Option<Uuid>,
    ) -> Result<Settled> {
        let ticket = self.waiting.lock().ticket;
        for Kept { texts, .. } in &self.tables {
            if let Some(tenant) = tenant {
                let tenant = tenants([tenant]);
                run(connection, tables, &texts.settle_some, params![tenant, i64::MAX])?;
                run(connection, tables, &texts.forget_some, params![tenant])?;
            } else {
                run(connection, tables, &texts.settle_all, [])?;
                run(connection, tables, &texts.forget_all, [])?;
            }
        }
        Ok(Settled { tenant, ticket })
    }

    /// Notes that what was settled is committed.
    pub(super) fn confirm(&self, settled: Settled) {
        let mut waiting = self.waiting.lock();
        let done = |last: &u64| *last <= settled.ticket;
        match settled.tenant {
            Some(tenant) => {
                if waiting.last.get(&tenant).is_some_and(done) {
                    waiting.last.remove(&tenant);
                }
            }
            None => waiting.last.retain(|_, last| !done(last)),
        }
    }

    /// Begins to settle everything that waits.
    pub(super) fn round(&self, connection: &Connection, tables: &Tables) -> Result<Round> {
        let ticket = {
            let mut waiting = self.waiting.lock();
            waiting.rows = 0;
            waiting.ticket
        };
        let failed = |error| resolve(error, tables);
        let mut left: HashMap<Uuid, usize> = HashMap::new();
        let mut ends = Vec::with_capacity(self.tables.len());
        for kept in &self.tables {
            let mut end = connection.prepare_cached(&kept.texts.end).map_err(failed)?;
            ends.push(end.query_row([], |row| row.get(0)).map_err(failed)?);
            let mut count = connection.prepare_cached(&kept.texts.count).map_err(failed)?;
            let mut rows = count.raw_query();
            while let Some(row) = rows.next().map_err(failed)? {
                let tenant: [u8; 16] = row.get(0).map_err(failed)?;
                let count: usize = row.get(1).map_err(failed)?;
                *left.entry(Uuid::from_bytes(tenant)).or_default() += count;
            }
        }
        Ok(Round { ticket, ends, left: left.into_iter().collect() })
    }

    /// Settles some organisations' rows of a round within the transaction that is open; true when
    /// these were the last.
    pub(super) fn step(
        &self,
        connection: &Connection,
        tables: &Tables,
        round: &mut Round,
        rows: usize,
    ) -> Result<bool> {
        let mut taken = Vec::new();
        let mut total = 0;
        while total < rows
            && let Some((tenant, count)) = round.left.pop()
        {
            taken.push(tenant);
            total += count;
        }
        if taken.is_empty() {
            for (kept, end) in self.tables.iter().zip(&round.ends) {
                run(connection, tables, &kept.texts.forget_round, [end])?;
            }
            return Ok(true);
        }
        let taken = tenants(taken);
        for (kept, end) in self.tables.iter().zip(&round.ends) {
            run(connection, tables, &kept.texts.settle_some, params![taken, end])?;
        }
        Ok(false)
    }

    /// What a finished round has settled.
    pub(super) fn finished(round: &Round) -> Settled {
        Settled { tenant: None, ticket: round.ticket }
    }

    fn kept(&self, id: TableId) -> Option<&Kept> {
        self.tables.iter().find(|kept| kept.id == id)
    }
}

impl Kept {
    /// None for a table whose rows can't wait: only what is never changed, belongs to an
    /// organisation and refers to nothing may.
    fn new(table: &Table, objects: &[Object]) -> Option<Self> {
        let meta = &table.meta;
        let tenant = table.tenant_column()?;
        let may_wait = meta.append_only
            && meta.partitioned
            && table.foreign_keys.is_empty()
            && !table.primary_key.is_empty();
        if !may_wait {
            return None;
        }
        let flat = flat_name(&meta.schema, &meta.table);
        let recent = quote(&format!("{PREFIX}{flat}"));
        let parts: Vec<&Object> = objects
            .iter()
            .filter(|object| object.table.flat() == flat)
            .filter(|object| matches!(object.kind, ObjectKind::Column | ObjectKind::Check))
            .collect();
        let all: Vec<usize> = (0..meta.columns.len()).collect();
        let (columns, key) = (names(table, &all), names(table, &table.primary_key));
        let name = table_name(Dialect::Sqlite, table);
        let texts = Texts::new(&name, &recent, &columns, &key, &quote(table.column_name(tenant)));
        let make = create_table(&recent, "STRICT", &parts);
        Some(Self { id: table.id, tenant, name, recent, make, key, columns, texts })
    }

    fn open(&self, connection: &Connection) -> Result<()> {
        let Self { name, recent, make, .. } = self;
        connection.execute_batch("BEGIN IMMEDIATE").map_err(fault)?;
        let opened = self.settle_left(connection).and_then(|()| {
            let refuse = format!("SELECT RAISE(ABORT, 'mainstay:append_only:{}')", unquote(name));
            let trigger = |event: &str| {
                let own = quote(&format!("{}_{}", unquote(recent), event.to_lowercase()));
                let guard = if event == "DELETE" { " WHEN NOT ms_settles()" } else { "" };
                format!("CREATE TRIGGER {own} BEFORE {event} ON {recent} FOR EACH ROW{guard} BEGIN {refuse}; END;")
            };
            let sql = format!("{make}; {} {} COMMIT", trigger("UPDATE"), trigger("DELETE"));
            connection.execute_batch(&sql).map_err(fault)
        });
        if opened.is_err() {
            // The error that led here is the one to tell.
            let _ = connection.execute_batch("ROLLBACK");
        }
        opened
    }

    /// Settles what a process left that did not end well. The table may have other columns since.
    fn settle_left(&self, connection: &Connection) -> Result<()> {
        let Self { name, recent, key, columns, .. } = self;
        let mut had = connection
            .prepare("SELECT group_concat(name, char(10)) FROM pragma_table_info(?1)")
            .map_err(fault)?;
        let had: Option<String> =
            had.query_row([unquote(recent)], |row| row.get(0)).map_err(fault)?;
        let Some(had) = had else { return Ok(()) };
        let had: Vec<String> = had.lines().map(quote).collect();
        let both: Vec<&str> =
            columns.split(", ").filter(|column| had.iter().any(|h| h == column)).collect();
        let both = both.join(", ");
        let sql = format!(
            "INSERT INTO {name} ({both}) SELECT {both} FROM {recent} WHERE true ORDER BY rowid \
             ON CONFLICT ({key}) DO NOTHING; DROP TABLE {recent}"
        );
        connection.execute_batch(&sql).map_err(fault)
    }
}

impl Texts {
    fn new(name: &str, recent: &str, columns: &str, key: &str, tenant: &str) -> Self {
        let values: Vec<String> =
            (1..=columns.split(", ").count()).map(|n| format!("?{n}")).collect();
        let values = values.join(", ");
        let settle = |which: &str| {
            format!(
                "INSERT INTO {name} ({columns}) SELECT {columns} FROM {recent} WHERE {which} \
                 ORDER BY {tenant}, rowid ON CONFLICT ({key}) DO NOTHING"
            )
        };
        let forget = |which: &str| format!("DELETE FROM {recent} WHERE {which}");
        Self {
            insert: format!("INSERT INTO {recent} ({columns}) VALUES ({values})"),
            count: format!("SELECT {tenant}, count(*) FROM {recent} GROUP BY {tenant}"),
            end: format!("SELECT coalesce(max(rowid), 0) FROM {recent}"),
            settle_all: settle("true"),
            settle_some: settle(&format!("{tenant} IN rarray(?1) AND rowid <= ?2")),
            forget_all: forget("true"),
            forget_some: forget(&format!("{tenant} IN rarray(?1)")),
            forget_round: forget("rowid <= ?1"),
        }
    }
}

/// The quoted names of columns.
fn names(table: &Table, columns: &[usize]) -> String {
    let names: Vec<String> = columns.iter().map(|c| quote(table.column_name(*c))).collect();
    names.join(", ")
}

fn tenants(ids: impl IntoIterator<Item = Uuid>) -> Array {
    Rc::new(ids.into_iter().map(|id| Engine::Blob(id.as_bytes().to_vec())).collect())
}

fn run(connection: &Connection, tables: &Tables, sql: &str, params: impl Params) -> Result<()> {
    let failed = |error| resolve(error, tables);
    connection.prepare_cached(sql).map_err(failed)?.execute(params).map_err(failed)?;
    Ok(())
}
