//! A small catalog with its tables, and an engine over them in a folder of its own.

use crate::access::{Access, Caller};
use crate::error::{ErrorKind, Result, Violation};
use crate::sqlite::{SqliteConfig, SqliteEngine, connection};
use crate::statement::{Param, Statement};
use crate::write::{Conflict, Insert};
use mainstay_entity::{
    Audit, Catalog, Column, EntityMeta, ItemKind, Kind, NullsDistinct, OnDelete, OwnerKey, Record,
    Reference, Scope, Str, Table, Unique, Value,
};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use uuid::Uuid;

/// What migrations would make of [`catalog`].
const SCHEMA: &str = r"
    CREATE TABLE organizations (id BLOB PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE teams (
        organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
        id BLOB NOT NULL, name TEXT NOT NULL, parent_id BLOB, code TEXT,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, name),
        FOREIGN KEY (organization_id, parent_id) REFERENCES teams (organization_id, id),
        CONSTRAINT teams_name_check CHECK (length(name) <= 10)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX teams_code_key_ ON teams (organization_id, code);
    CREATE UNIQUE INDEX teams_code_key ON teams (organization_id, coalesce(code, x''))
        WHERE code IS NULL;
    CREATE TABLE items (
        organization_id BLOB NOT NULL, id BLOB NOT NULL, team_id BLOB, state TEXT NOT NULL,
        amount INTEGER NOT NULL, token TEXT NOT NULL, tags TEXT NOT NULL, day TEXT NOT NULL,
        at INTEGER NOT NULL, doc TEXT, ip TEXT, ratio REAL, secret BLOB, flag INTEGER NOT NULL,
        PRIMARY KEY (organization_id, id),
        FOREIGN KEY (organization_id, team_id) REFERENCES teams (organization_id, id)
    ) STRICT;
    CREATE TRIGGER items_state BEFORE UPDATE OF state ON items
        WHEN OLD.state = 'done' AND NEW.state <> 'done'
        BEGIN SELECT RAISE(ABORT, 'mainstay:transition:items:state:' || OLD.state || ':' || NEW.state); END;
    CREATE TABLE events (
        organization_id BLOB NOT NULL, id BLOB NOT NULL, key TEXT NOT NULL, details TEXT NOT NULL,
        PRIMARY KEY (organization_id, id), UNIQUE (organization_id, key)
    ) STRICT;
    CREATE INDEX events_details_idx ON events (organization_id, ms_json_text(details, 'kind'));
    CREATE TRIGGER events_append_only BEFORE DELETE ON events WHEN NOT ms_write_guard()
        BEGIN SELECT RAISE(ABORT, 'mainstay:append_only:events'); END;
    CREATE TABLE users (id BLOB PRIMARY KEY, email TEXT NOT NULL UNIQUE) STRICT;
";

fn strs(names: &[&'static str]) -> Cow<'static, [Str]> {
    names.iter().map(|n| Cow::Borrowed(*n)).collect()
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

fn reference(column: &'static str, table: &'static str, on_delete: OnDelete) -> Reference {
    Reference {
        name: None,
        columns: strs(&[column]),
        schema: "mainstay".into(),
        table: table.into(),
        to: strs(&["id"]),
        on_delete,
    }
}

fn unique(column: &'static str, nulls: NullsDistinct) -> Unique {
    Unique { columns: strs(&[column]), nulls, filter: None }
}

fn nullable(name: &'static str, kind: Kind) -> Column {
    Column { nullable: true, ..Column::new(name, kind) }
}

fn catalog() -> Arc<Catalog> {
    let text = Kind::Text { max: None };
    let tenant = || Column::new("organization_id", Kind::Uuid);
    let id = || Column::new("id", Kind::Uuid);
    let own = Scope::Owner(OwnerKey::Organization("id".into()));
    let mut organizations =
        meta("organizations", own, vec![id(), Column::new("name", text.clone())]);
    organizations.uniques = vec![unique("name", NullsDistinct::Yes)].into();
    let columns = vec![
        tenant(),
        id(),
        Column::new("name", Kind::Text { max: Some(10) }),
        nullable("parent_id", Kind::Uuid),
        nullable("code", text.clone()),
    ];
    let mut teams = meta("teams", Scope::Tenant, columns);
    teams.references = vec![
        reference("organization_id", "organizations", OnDelete::Cascade),
        reference("parent_id", "teams", OnDelete::Restrict),
    ]
    .into();
    teams.uniques =
        vec![unique("name", NullsDistinct::Yes), unique("code", NullsDistinct::No)].into();
    let columns = vec![
        tenant(),
        id(),
        nullable("team_id", Kind::Uuid),
        Column::new("state", text.clone()),
        Column::new("amount", Kind::Decimal { precision: 10, scale: 2 }),
        Column::new("token", Kind::U256),
        Column::new("tags", Kind::List(ItemKind::Text)),
        Column::new("day", Kind::Date),
        Column::new("at", Kind::Timestamp),
        nullable("doc", Kind::Json),
        nullable("ip", Kind::Inet),
        nullable("ratio", Kind::Double),
        nullable("secret", Kind::Secret),
        Column::new("flag", Kind::Boolean),
    ];
    let mut items = meta("items", Scope::Tenant, columns);
    items.references = vec![reference("team_id", "teams", OnDelete::Restrict)].into();
    let columns =
        vec![tenant(), id(), Column::new("key", text.clone()), Column::new("details", Kind::Json)];
    let mut events = meta("events", Scope::Tenant, columns);
    events.append_only = true;
    events.partitioned = true;
    events.uniques = vec![unique("key", NullsDistinct::Yes)].into();
    let owner = Scope::Owner(OwnerKey::User("id".into()));
    let mut users = meta("users", owner, vec![id(), Column::new("email", text)]);
    users.uniques = vec![unique("email", NullsDistinct::Yes)].into();
    let all = [organizations, teams, items, events, users];
    Arc::new(Catalog::new(all.map(|meta| ("test".into(), meta))).unwrap())
}

/// An engine over the test catalog.
pub(super) struct Fixture {
    pub(super) engine: SqliteEngine,
    pub(super) path: PathBuf,
    catalog: Arc<Catalog>,
    _folder: Option<TempDir>,
}

impl Fixture {
    /// With organisations 1 to 3.
    pub(super) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(super) async fn with(change: impl FnOnce(&mut SqliteConfig)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fixture = Self::at(&folder.path().join("data.db"), change).await;
        Self { _folder: Some(folder), ..fixture }
    }

    /// In a given file, which is made if there is none.
    pub(super) async fn at(path: &Path, change: impl FnOnce(&mut SqliteConfig)) -> Self {
        if !path.exists() {
            connection::open_writer(path).unwrap().execute_batch(SCHEMA).unwrap();
        }
        let mut config = SqliteConfig::new(path);
        change(&mut config);
        let catalog = catalog();
        let engine = SqliteEngine::open(config, catalog.clone()).await.unwrap();
        let fixture = Self { engine, path: path.to_owned(), catalog, _folder: None };
        let rows = (1..=3).map(|n| vec![uuid(n), text(&format!("organization {n}"))]).collect();
        let mut insert = fixture.insert("organizations", rows);
        insert.conflict = Conflict::Ignore { key: Vec::new() };
        let mut transaction = fixture.engine.begin(&Access::system()).await.unwrap();
        transaction.insert(insert).await.unwrap();
        transaction.commit().await.unwrap();
        fixture
    }

    pub(super) fn table(&self, name: &str) -> Arc<Table> {
        self.catalog.find("mainstay", name).unwrap().clone()
    }

    pub(super) fn insert(&self, table: &str, rows: Vec<Vec<Value>>) -> Insert {
        let rows = rows.into_iter().map(Record).collect();
        Insert { table: self.table(table), rows, conflict: Conflict::Fail }
    }

    /// A team of organisation 1.
    pub(super) fn team(&self, id: u128, name: &str) -> Insert {
        self.insert("teams", vec![team(1, id, name)])
    }

    /// An event of organisation 1.
    pub(super) fn event(&self, id: u128, key: &str) -> Insert {
        self.insert("events", vec![vec![uuid(1), uuid(id), text(key), json("{\"kind\": \"t\"}")]])
    }

    /// The same with keys that nobody else has, so that it may wait to be indexed.
    pub(super) fn own_event(&self, id: u128, key: &str) -> Insert {
        Insert { conflict: Conflict::Never, ..self.event(id, key) }
    }

    pub(super) async fn write(&self, inserts: Vec<Insert>) -> Result<()> {
        self.engine.insert(&tenant(1), inserts).await
    }

    /// The one number that a statement gives.
    pub(super) async fn number(&self, sql: &str) -> i64 {
        let rows = self.engine.fetch(&tenant(1), statement(sql, vec![]), vec![Kind::BigInt]).await;
        match rows.unwrap()[0].0[0] {
            Value::Int(number) => number,
            ref other => panic!("{other:?} is no number"),
        }
    }
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

pub(super) fn json(text: &str) -> Value {
    Value::Json(text.to_owned())
}

/// A row of `teams`; its code is its name.
pub(super) fn team(organization: u128, id: u128, name: &str) -> Vec<Value> {
    vec![uuid(organization), uuid(id), text(name), Value::Null, text(name)]
}

/// The same below another one.
pub(super) fn child(organization: u128, id: u128, parent: u128, name: &str) -> Vec<Value> {
    let mut row = team(organization, id, name);
    row[3] = uuid(parent);
    row
}

/// A caller of an organisation.
pub(super) fn tenant(number: u128) -> Access {
    Access::caller(Caller { tenant: Some(Uuid::from_u128(number)), ..Caller::default() })
}

/// What a constraint error tells: table, constraint, columns.
pub(super) fn violation(result: &Result<()>) -> (String, String, Vec<String>) {
    let Err(error) = result else { panic!("expected an error") };
    match error.kind() {
        ErrorKind::Unique(v)
        | ErrorKind::ForeignKey(v)
        | ErrorKind::NotNull(v)
        | ErrorKind::Check(v) => {
            let Violation { table, constraint, columns } = v.clone();
            (table, constraint, columns)
        }
        other => panic!("{other:?} is no violation"),
    }
}
