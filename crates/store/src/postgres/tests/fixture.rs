//! A small catalog in a database of its own, with the tables and policies that migrations make,
//! and an engine over it.

use crate::access::{Access, Caller};
use crate::error::{Error, ErrorKind};
use crate::postgres::{PostgresConfig, PostgresEngine};
use crate::render::Dialect;
use crate::schema::render_sql;
use crate::statement::{Param, Statement};
use crate::write::{Conflict, Insert};
use mainstay_entity::{
    Audit, Catalog, ChoiceMeta, ChoiceValue, Column, EntityMeta, ItemKind, Kind, NullsDistinct,
    OnDelete, OwnerKey, Record, Reference, Scope, Str, Table, Unique, Value,
};
use mainstay_testkit::{Postgres, TestDatabase, connect};
use std::borrow::Cow;
use std::sync::Arc;
use tokio_postgres::Client;
use uuid::Uuid;

fn strs(names: &[&'static str]) -> Cow<'static, [Str]> {
    names.iter().map(|name| Cow::Borrowed(*name)).collect()
}

fn meta(table: &'static str, scope: Scope, columns: Vec<Column>) -> EntityMeta {
    EntityMeta {
        table: table.into(),
        schema: "mainstay".into(),
        description: "".into(),
        scope,
        columns: columns.into(),
        computed: Cow::Borrowed(&[]),
        primary_key: strs(&["id"]),
        references: Cow::Borrowed(&[]),
        relationships: Cow::Borrowed(&[]),
        uniques: Cow::Borrowed(&[]),
        checks: Cow::Borrowed(&[]),
        indexes: Cow::Borrowed(&[]),
        audit: Audit::None,
        soft_delete: false,
        append_only: false,
        read_only: false,
        partitioned: false,
        global_key: false,
        retain_days: None,
        queue: false,
        renamed_from: None,
        max_rows: None,
        search_later: false,
        view: None,
    }
}

fn unique(column: &'static str, nulls: NullsDistinct) -> Unique {
    Unique { columns: strs(&[column]), nulls, filter: None }
}

fn nullable(name: &'static str, kind: Kind) -> Column {
    Column { nullable: true, ..Column::new(name, kind) }
}

/// `open -> done`.
fn life_cycle() -> Kind {
    let value = |name: &'static str, next: &[&'static str]| ChoiceValue {
        name: name.into(),
        description: "".into(),
        next: strs(next),
    };
    Kind::Choice(Cow::Owned(ChoiceMeta {
        name: "State".into(),
        description: "".into(),
        values: vec![value("open", &["done"]), value("done", &[])].into(),
        life_cycle: true,
    }))
}

/// `items` stands before `teams`, which it refers to; a batch has to write them the other way.
fn catalog() -> Arc<Catalog> {
    let text = || Kind::Text { max: None };
    let tenant = || Column::new("organization_id", Kind::Uuid);
    let id = || Column::new("id", Kind::Uuid);
    let mut items = meta(
        "items",
        Scope::Tenant,
        vec![
            tenant(),
            id(),
            nullable("team_id", Kind::Uuid),
            nullable("small", Kind::SmallInt),
            nullable("plain", Kind::Integer),
            nullable("big", Kind::BigInt),
            nullable("ratio", Kind::Double),
            nullable("amount", Kind::Decimal { precision: 12, scale: 3 }),
            nullable("token", Kind::U256),
            nullable("note", text()),
            nullable("flag", Kind::Boolean),
            nullable("raw", Kind::Bytes),
            nullable("at", Kind::Timestamp),
            nullable("day", Kind::Date),
            nullable("doc", Kind::Json),
            nullable("tags", Kind::List(ItemKind::Text)),
            nullable("counts", Kind::List(ItemKind::BigInt)),
            nullable("ids", Kind::List(ItemKind::Uuid)),
            nullable("ip", Kind::Inet),
        ],
    );
    items.references = vec![Reference {
        name: None,
        columns: strs(&["team_id"]),
        schema: "mainstay".into(),
        table: "teams".into(),
        to: strs(&["id"]),
        on_delete: OnDelete::Restrict,
    }]
    .into();
    let mut teams = meta(
        "teams",
        Scope::Tenant,
        vec![
            tenant(),
            id(),
            Column::new("name", Kind::Text { max: Some(20) }),
            nullable("code", text()),
            Column::new("state", life_cycle()),
        ],
    );
    teams.uniques =
        vec![unique("name", NullsDistinct::Yes), unique("code", NullsDistinct::No)].into();
    let mut events =
        meta("events", Scope::Tenant, vec![tenant(), id(), Column::new("key", text())]);
    events.append_only = true;
    events.uniques = vec![unique("key", NullsDistinct::Yes)].into();
    let owner = Scope::Owner(OwnerKey::User("id".into()));
    let mut users = meta("users", owner, vec![id(), Column::new("email", text())]);
    users.uniques = vec![unique("email", NullsDistinct::Yes)].into();
    let all = [items, teams, events, users];
    Arc::new(Catalog::new(all.map(|meta| ("test".into(), meta))).unwrap())
}

/// A database with the catalog's tables, and an engine on it.
pub(super) struct Fixture {
    pub(super) engine: PostgresEngine,
    pub(super) catalog: Arc<Catalog>,
    pub(super) database: TestDatabase,
}

impl Fixture {
    pub(super) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(super) async fn with(change: impl FnOnce(&mut PostgresConfig)) -> Self {
        let (database, catalog) = migrated().await;
        let mut config = PostgresConfig::new(&database.app_url);
        change(&mut config);
        let engine = PostgresEngine::open(config, Arc::clone(&catalog)).await.unwrap();
        Self { engine, catalog, database }
    }

    /// Sees and may do everything.
    pub(super) async fn superuser(&self) -> Client {
        connect(&self.database.superuser_url).await.unwrap()
    }

    pub(super) fn table(&self, name: &str) -> Arc<Table> {
        self.catalog.find("mainstay", name).unwrap().clone()
    }

    pub(super) fn insert(&self, table: &str, rows: Vec<Vec<Value>>) -> Insert {
        let rows = rows.into_iter().map(Record).collect();
        Insert { table: self.table(table), rows, conflict: Conflict::Fail }
    }

    /// One team.
    pub(super) fn team(&self, tenant: u128, id: u128, name: &str) -> Insert {
        self.insert("teams", vec![team(tenant, id, name)])
    }

    /// An item that is all null, in a team if one is named.
    pub(super) fn item(&self, tenant: u128, id: u128, team: Option<u128>) -> Insert {
        let mut row = vec![Value::Null; self.table("items").meta.columns.len()];
        row[0] = uuid(tenant);
        row[1] = uuid(id);
        row[2] = team.map_or(Value::Null, uuid);
        self.insert("items", vec![row])
    }

    /// One event.
    pub(super) fn event(&self, tenant: u128, id: u128, key: &str) -> Insert {
        self.insert("events", vec![vec![uuid(tenant), uuid(id), text(key)]])
    }

    /// The whole records of a table that a caller reaches, in the order of their keys. The
    /// statement names no tenant: row-level security alone decides.
    pub(super) async fn records(&self, access: &Access, table: &str) -> Vec<Record> {
        let table = self.table(table);
        let kinds: Vec<Kind> = table.meta.columns.iter().map(|c| c.kind.clone()).collect();
        let names: Vec<&str> = table.meta.columns.iter().map(|c| &*c.name).collect();
        let sql =
            format!("SELECT {} FROM {} ORDER BY id", names.join(", "), table.meta.qualified_name());
        self.engine.fetch(access, statement(&sql, vec![]), kinds).await.unwrap()
    }

    /// How many rows a table has, of all tenants.
    pub(super) async fn count(&self, table: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM mainstay.{table}");
        self.superuser().await.query_one(&sql, &[]).await.unwrap().get(0)
    }
}

/// An empty database with the catalog's tables.
pub(super) async fn migrated() -> (TestDatabase, Arc<Catalog>) {
    let database = Postgres::shared().database().await;
    let catalog = catalog();
    let script = render_sql(Dialect::Postgres, &catalog).unwrap();
    connect(&database.owner_url).await.unwrap().batch_execute(&script).await.unwrap();
    (database, catalog)
}

pub(super) fn statement(sql: &str, params: Vec<Value>) -> Statement {
    let params = params.into_iter().map(Param::Value).collect();
    Statement { sql: sql.to_owned(), params }
}

pub(super) fn uuid(number: u128) -> Value {
    Value::Uuid(Uuid::from_u128(number))
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A row of `teams`; its code is its name.
pub(super) fn team(tenant: u128, id: u128, name: &str) -> Vec<Value> {
    vec![uuid(tenant), uuid(id), text(name), text(name), text("open")]
}

/// A caller of an organisation.
pub(super) fn tenant(number: u128) -> Access {
    Access::caller(Caller { tenant: Some(Uuid::from_u128(number)), ..Caller::default() })
}

/// The error's kind in short: what it is and which constraint or table it names.
pub(super) fn told(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Unique(v) => format!("unique {} {} {:?}", v.table, v.constraint, v.columns),
        ErrorKind::ForeignKey(v) => format!("foreign {} {} {:?}", v.table, v.constraint, v.columns),
        ErrorKind::NotNull(v) => format!("null {} {:?}", v.table, v.columns),
        ErrorKind::Check(v) => format!("check {} {} {:?}", v.table, v.constraint, v.columns),
        ErrorKind::Transition { table, column, from, to } => {
            format!("transition {table}.{column} {from} {to}")
        }
        ErrorKind::AppendOnly { table } => format!("append only {table}"),
        ErrorKind::OutOfReach { table } => format!("out of reach {table}"),
        ErrorKind::Data { sqlstate, message } => format!("data {sqlstate} {message}"),
        other => format!("{other:?}"),
    }
}
