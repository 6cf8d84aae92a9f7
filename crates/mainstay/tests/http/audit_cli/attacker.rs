//! Somebody with full access to the database: a superuser, or who can write the file.

use crate::server::Server;
use mainstay_testkit::connect;
use rusqlite::functions::FunctionFlags;
use tokio::task::spawn_blocking;

/// The tables that statements name.
const TABLES: [&str; 6] = [
    "audit_events",
    "ledger_heads",
    "ledger_tiles",
    "ledger_entries",
    "ledger_pending",
    "ledger_cosignatures",
];

/// What logs are made of once their events have places.
const LOGS: [&str; 5] =
    ["audit_events", "ledger_heads", "ledger_tiles", "ledger_entries", "ledger_cosignatures"];

pub(crate) enum Attacker {
    Sqlite(std::path::PathBuf),
    Postgres(tokio_postgres::Client),
}

/// An event, and what finds its row.
pub(crate) struct Target {
    pub(crate) id: String,
    pub(crate) filter: String,
}

impl Attacker {
    /// Opens the database and takes away all that protects it.
    pub(crate) async fn open(server: &Server) -> Self {
        let attacker = match &server.database {
            None => Self::Sqlite(server.data.path().join("mainstay.db")),
            Some(database) => Self::Postgres(connect(&database.superuser_url).await.unwrap()),
        };
        attacker.disarm().await;
        attacker
    }

    async fn disarm(&self) {
        let drops = match self {
            Self::Sqlite(_) => {
                "SELECT 'DROP TRIGGER \"' || name || '\"' FROM sqlite_master WHERE type = 'trigger'"
            }
            Self::Postgres(_) => {
                "SELECT format('ALTER TABLE mainstay.%I DROP CONSTRAINT %I', r.relname, c.conname)
                   FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
                  WHERE c.contype = 'c' AND r.relname = 'audit_events' AND c.conislocal
                 UNION ALL
                 SELECT format('ALTER TABLE mainstay.%I DISABLE TRIGGER ALL', relname)
                   FROM pg_class r WHERE relname IN ('audit_events', 'ledger_heads', 'ledger_tiles')"
            }
        };
        for statement in self.list(drops).await {
            self.run(&statement).await;
        }
    }

    /// Runs a statement; `{table}` is the table's name in this engine.
    pub(crate) async fn run(&self, sql: &str) {
        let sql = self.named(sql);
        match self {
            Self::Sqlite(path) => {
                let path = path.clone();
                let run = move || {
                    let connection = sqlite(&path);
                    connection.execute_batch(&sql).unwrap_or_else(|e| panic!("{e}: {sql}"));
                };
                spawn_blocking(run).await.unwrap();
            }
            Self::Postgres(client) => {
                client.batch_execute(&sql).await.unwrap_or_else(|e| panic!("{e:?}: {sql}"));
            }
        }
    }

    /// The texts of a query's first column.
    pub(crate) async fn list(&self, sql: &str) -> Vec<String> {
        let sql = self.named(sql);
        match self {
            Self::Sqlite(path) => {
                let path = path.clone();
                let list = move || {
                    let connection = sqlite(&path);
                    let mut statement = connection.prepare(&sql).unwrap();
                    let rows = statement.query_map([], |row| row.get(0)).unwrap();
                    rows.collect::<Result<_, _>>().unwrap()
                };
                spawn_blocking(list).await.unwrap()
            }
            Self::Postgres(client) => {
                let rows = client.query(&sql, &[]).await.unwrap_or_else(|e| panic!("{e:?}: {sql}"));
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }

    fn named(&self, sql: &str) -> String {
        let schema = if matches!(self, Self::Sqlite(_)) { "" } else { "mainstay." };
        let name = |sql: String, table: &&str| {
            sql.replace(&format!("{{{table}}}"), &format!("{schema}{table}"))
        };
        TABLES.iter().fold(sql.to_owned(), name)
    }

    pub(crate) async fn columns(&self, table: &str) -> Vec<String> {
        let sql = match self {
            Self::Sqlite(_) => format!("SELECT name FROM pragma_table_info('{table}')"),
            Self::Postgres(_) => format!(
                "SELECT attname::text FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped
                    AND attrelid = 'mainstay.{table}'::regclass"
            ),
        };
        self.list(&sql).await
    }

    /// The event with an idempotency key.
    pub(crate) async fn event_by_key(&self, key: &str) -> Target {
        let filter = format!("idempotency_key = '{key}'");
        let id = self.text("id", &filter).await;
        // What finds the row whichever column is changed.
        let place = match self {
            Self::Sqlite(_) => self.one("rowid", &filter).await,
            Self::Postgres(_) => String::new(),
        };
        let filter = match self {
            Self::Sqlite(_) => format!("rowid = {place}"),
            Self::Postgres(_) => format!("(idempotency_key = '{key}' OR id = '{id}')"),
        };
        Target { id, filter }
    }

    async fn one(&self, expression: &str, filter: &str) -> String {
        let cast = if matches!(self, Self::Sqlite(_)) { "TEXT" } else { "text" };
        let sql = format!(
            "SELECT CAST({expression} AS {cast}) FROM {{audit_events}} WHERE {filter} LIMIT 1"
        );
        self.list(&sql).await.remove(0)
    }

    /// An identifier as text.
    async fn text(&self, column: &str, filter: &str) -> String {
        match self {
            Self::Sqlite(_) => {
                let hex = self.one(&format!("lower(hex({column}))"), filter).await;
                let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
                parts.join("-")
            }
            Self::Postgres(_) => self.one(column, filter).await,
        }
    }

    /// Changes one character or bit of a column, and gives what was there as a literal.
    pub(crate) async fn change(&self, target: &Target, column: &str) -> String {
        let (quote, kind) = match self {
            Self::Sqlite(_) => (format!("quote(\"{column}\")"), format!("typeof(\"{column}\")")),
            Self::Postgres(_) => {
                let kind = format!("pg_typeof(\"{column}\")::text");
                let literal = format!("quote_nullable(\"{column}\"::text) || '::' || {kind}");
                (literal, kind)
            }
        };
        let before = self.one(&quote, &target.filter).await;
        let kind = self.one(&kind, &target.filter).await;
        let changed = self.changed(column, &before, &kind).await;
        let sql =
            format!("UPDATE {{audit_events}} SET \"{column}\" = {changed} WHERE {}", target.filter);
        self.run(&sql).await;
        before
    }

    async fn changed(&self, column: &str, before: &str, kind: &str) -> String {
        if before.starts_with("NULL") {
            let sql = match self {
                Self::Sqlite(_) => format!(
                    "SELECT CASE type WHEN 'INTEGER' THEN '1' WHEN 'BLOB' THEN 'randomblob(16)' \
                     ELSE '''1''' END FROM pragma_table_info('audit_events') \
                     WHERE name = '{column}'"
                ),
                Self::Postgres(_) => format!(
                    "SELECT CASE '{kind}' WHEN 'timestamp with time zone' THEN 'now()'
                        WHEN 'bytea' THEN '''\\x01''::bytea' WHEN 'inet' THEN '''::1''::inet'
                        WHEN 'uuid' THEN 'gen_random_uuid()'
                        ELSE '''1''::{kind}' END"
                ),
            };
            return self.list(&sql).await.remove(0);
        }
        if kind == "timestamp with time zone" {
            return format!("{before} + interval '1 microsecond'");
        }
        if kind == "integer" || kind == "inet" {
            return format!("{before} + 1");
        }
        // The last digit becomes another, else the last letter.
        let (literal, cast) = match before.rsplit_once("'::") {
            Some((literal, cast)) => (literal, format!("'::{cast}")),
            None => (before.trim_end_matches('\''), "'".to_owned()),
        };
        let digit = literal.rfind(|c: char| c.is_ascii_digit());
        let at = digit.or_else(|| literal.rfind(|c: char| c.is_ascii_lowercase())).unwrap();
        let other = match literal.as_bytes()[at] {
            b'0' => '1',
            b'1'..=b'9' => '0',
            b'a' => 'b',
            _ => 'a',
        };
        format!("{}{other}{}{cast}", &literal[..at], &literal[at + 1..])
    }

    pub(crate) async fn restore(&self, target: &Target, column: &str, before: &str) {
        let filter = &target.filter;
        let sql = format!("UPDATE {{audit_events}} SET \"{column}\" = {before} WHERE {filter}");
        self.run(&sql).await;
    }

    /// An identifier as a literal.
    pub(crate) fn uuid(&self, id: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("x'{}'", id.replace('-', "")),
            Self::Postgres(_) => format!("'{id}'::uuid"),
        }
    }

    /// Keeps a copy of a table.
    pub(crate) async fn copy(&self, table: &str, name: &str) {
        let sql = format!(
            "DROP TABLE IF EXISTS {name}; CREATE TABLE {name} AS SELECT * FROM {{{table}}}"
        );
        self.run(&sql).await;
    }

    /// Puts a copy in a table's place.
    pub(crate) async fn put_back(&self, table: &str, name: &str) {
        let sql = format!("DELETE FROM {{{table}}}; INSERT INTO {{{table}}} SELECT * FROM {name}");
        self.run(&sql).await;
    }

    /// Keeps a copy of all that logs are made of.
    pub(crate) async fn copy_logs(&self) {
        for table in LOGS {
            self.copy(table, &format!("old_{table}")).await;
        }
    }

    /// Puts the copies in their tables' place: a database of yesterday.
    pub(crate) async fn put_logs_back(&self) {
        for table in LOGS {
            self.put_back(table, &format!("old_{table}")).await;
        }
    }

    /// Adds a row like another, and gives its identifier.
    pub(crate) async fn add_event(&self, like: &Target) -> String {
        let columns: Vec<String> = self.columns("audit_events").await;
        let last = &like.id[like.id.len() - 12..];
        let other: String = last.chars().rev().collect();
        let id = format!("{}{other}", &like.id[..like.id.len() - 12]);
        let value = |column: &String| match column.as_str() {
            "id" => self.uuid(&id),
            "idempotency_key" => "'forged'".to_owned(),
            _ => format!("\"{column}\""),
        };
        let values: Vec<String> = columns.iter().map(value).collect();
        let names: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
        let sql = format!(
            "INSERT INTO {{audit_events}} ({}) SELECT {} FROM {{audit_events}} WHERE {}",
            names.join(", "),
            values.join(", "),
            like.filter
        );
        self.run(&sql).await;
        id
    }
}

fn sqlite(path: &std::path::Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).unwrap();
    let pragmas = "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;";
    connection.execute_batch(pragmas).unwrap();
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    // What keeps other programs from writing is no obstacle to one that defines it.
    connection.create_scalar_function("ms_governed", 0, flags, |_| Ok(1)).unwrap();
    connection
}
