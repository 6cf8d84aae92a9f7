//! A small catalog with everything that can be declared.

use crate::migrate::{Options, Version};
use crate::schema::DEFAULT_APP_ROLE;

pub(crate) use super::database::{Db, expand};
use jiff::Timestamp;
use mainstay_entity::view::{
    ColumnRef, Comparison, Condition, Function, Join, JoinKind, Operand, Period, Shown, Source,
};
use mainstay_entity::{
    Audit, Catalog, Check, ChoiceMeta, ChoiceValue, Column, DefaultValue, Direction, EntityMeta,
    Index, IndexColumn, ItemKind, Kind, NullsDistinct, OnDelete, OwnerKey, Reference, Scope, Str,
    Unique, View,
};
use std::borrow::Cow;

/// Makes one test per engine of each function.
macro_rules! on_both_engines {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test] async fn $test() { super::$test(crate::Dialect::Sqlite).await })+
        }
        mod on_postgres {
            $(#[tokio::test] async fn $test() { super::$test(crate::Dialect::Postgres).await })+
        }
    };
}
pub(crate) use on_both_engines;

pub(crate) const OPTIONS: Options = Options {
    app_role: String::new(),
    allow_data_loss: false,
    with_own: true,
    now: Timestamp::UNIX_EPOCH,
    binary_version: Version::new(1, 2, 0),
};

pub(crate) fn options() -> Options {
    Options { app_role: DEFAULT_APP_ROLE.to_owned(), ..OPTIONS }
}

/// Options under which everything runs.
pub(crate) fn permissive() -> Options {
    Options { allow_data_loss: true, ..options() }
}

pub(crate) fn text(max: u32) -> Kind {
    Kind::Text { max: Some(max) }
}

pub(crate) fn column(name: &'static str, kind: Kind) -> Column {
    Column { description: Cow::Owned(format!("What {name} is.")), ..Column::new(name, kind) }
}

pub(crate) fn nullable(name: &'static str, kind: Kind) -> Column {
    Column { nullable: true, ..column(name, kind) }
}

pub(crate) fn with_default(name: &'static str, kind: Kind, default: &'static str) -> Column {
    let default = Some(DefaultValue::Literal(Cow::Borrowed(default)));
    Column { default, ..column(name, kind) }
}

pub(crate) fn choice(values: &[(&'static str, &[&'static str])], life_cycle: bool) -> Kind {
    let value = |(name, next): &(&'static str, &[&'static str])| ChoiceValue {
        name: Cow::Borrowed(*name),
        description: Cow::Borrowed(""),
        next: next.iter().map(|next| Cow::Borrowed(*next)).collect(),
    };
    Kind::Choice(Cow::Owned(ChoiceMeta {
        name: Cow::Borrowed("Status"),
        description: Cow::Borrowed(""),
        values: values.iter().map(value).collect(),
        life_cycle,
    }))
}

pub(crate) fn names(names: &[&'static str]) -> Cow<'static, [Str]> {
    names.iter().map(|name| Cow::Borrowed(*name)).collect()
}

pub(crate) fn reference(
    column: &'static str,
    table: &'static str,
    on_delete: OnDelete,
) -> Reference {
    Reference {
        name: None,
        columns: names(&[column]),
        schema: Cow::Borrowed("mainstay"),
        table: Cow::Borrowed(table),
        to: names(&["id"]),
        on_delete,
    }
}

pub(crate) fn unique(columns: &[&'static str]) -> Unique {
    Unique { columns: names(columns), nulls: NullsDistinct::Yes, filter: None }
}

pub(crate) fn index(columns: &[(&'static str, Direction)]) -> Index {
    let column = |(name, direction): &(&'static str, Direction)| IndexColumn {
        name: Cow::Borrowed(*name),
        path: Cow::Borrowed(&[]),
        direction: *direction,
    };
    Index {
        columns: columns.iter().map(column).collect(),
        filter: None,
        global: false,
        brin: false,
    }
}

/// An entity with `id`, and in an organisation with `organization_id`.
pub(crate) fn entity(table: &'static str, scope: Scope, columns: Vec<Column>) -> EntityMeta {
    let mut own = vec![column("id", Kind::Uuid)];
    let mut references = Vec::new();
    let mut primary_key = vec!["id"];
    if scope.is_tenant() {
        own.push(column("organization_id", Kind::Uuid));
        references.push(reference("organization_id", "organizations", OnDelete::Cascade));
        primary_key.insert(0, "organization_id");
    }
    own.extend(columns);
    EntityMeta {
        table: Cow::Borrowed(table),
        schema: Cow::Borrowed("mainstay"),
        description: Cow::Owned(format!("Rows of {table}, whoever's they are.")),
        scope,
        columns: Cow::Owned(own),
        computed: Cow::Borrowed(&[]),
        primary_key: names(&primary_key),
        references: Cow::Owned(references),
        relationships: Cow::Borrowed(&[]),
        uniques: Cow::Borrowed(&[]),
        checks: Cow::Borrowed(&[]),
        indexes: Cow::Borrowed(&[]),
        audit: Audit::Full,
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

pub(crate) fn catalog(entities: Vec<EntityMeta>) -> Catalog {
    Catalog::new(entities.into_iter().map(|entity| (Cow::Borrowed("test"), entity))).unwrap()
}

pub(crate) fn organizations() -> EntityMeta {
    let scope = Scope::Owner(OwnerKey::Organization(Cow::Borrowed("id")));
    entity("organizations", scope, vec![column("name", text(100))])
}

pub(crate) fn users() -> EntityMeta {
    let scope = Scope::Owner(OwnerKey::User(Cow::Borrowed("id")));
    let mut users = entity("users", scope, vec![column("email", text(255))]);
    users.uniques = Cow::Owned(vec![unique(&["email"])]);
    users
}

pub(crate) fn teams() -> EntityMeta {
    let columns = vec![column("label", text(20)), nullable("parent_id", Kind::Uuid)];
    let mut teams = entity("teams", Scope::Tenant, columns);
    teams.uniques = Cow::Owned(vec![unique(&["label"])]);
    teams.references.to_mut().push(reference("parent_id", "teams", OnDelete::SetNull));
    teams
}

/// Every kind of column, constraint and index.
pub(crate) fn tickets() -> EntityMeta {
    let mut tickets = entity("tickets", Scope::Tenant, ticket_columns());
    let references = tickets.references.to_mut();
    references.push(reference("team_id", "teams", OnDelete::SetNull));
    references.push(reference("assignee_id", "users", OnDelete::SetNull));
    let external = unique(&["status", "external_id"]);
    let paid = Some(Cow::Borrowed("is_paid = TRUE"));
    tickets.uniques = Cow::Owned(vec![
        Unique { nulls: NullsDistinct::No, ..external },
        Unique { filter: paid, ..unique(&["amount"]) },
    ]);
    let path = IndexColumn {
        name: Cow::Borrowed("details"),
        path: names(&["error", "Code"]),
        direction: Direction::Ascending,
    };
    let filter = Some(Cow::Borrowed("status = 'open'"));
    tickets.indexes = Cow::Owned(vec![
        index(&[("status", Direction::Ascending), ("opened_at", Direction::Descending)]),
        Index { filter, ..index(&[("priority", Direction::Ascending)]) },
        index(&[("priority", Direction::Ascending)]),
        Index { columns: Cow::Owned(vec![path]), filter: None, global: false, brin: false },
        Index { global: true, ..index(&[("opened_at", Direction::Ascending)]) },
    ]);
    tickets.checks = Cow::Owned(vec![Check {
        name: Cow::Borrowed("paid_amount"),
        condition: Cow::Borrowed("is_paid = FALSE OR amount IS NOT NULL"),
    }]);
    tickets
}

fn ticket_columns() -> Vec<Column> {
    let status = choice(&[("open", &["done", "void"]), ("done", &["open"]), ("void", &[])], true);
    let priority = with_default("priority", Kind::Integer, "3");
    let amount = nullable("amount", Kind::Decimal { precision: 10, scale: 2 });
    let now = |column| Column { default: Some(DefaultValue::Now), ..column };
    let optional = |column| Column { nullable: true, ..column };
    vec![
        nullable("team_id", Kind::Uuid),
        nullable("assignee_id", Kind::Uuid),
        column("status", status),
        Column { min: Some(1), max: Some(5), ..priority },
        Column { min: Some(0), ..amount },
        with_default("is_paid", Kind::Boolean, "false"),
        with_default("details", Kind::Json, r#"{"a": "it's"}"#),
        with_default("tags", Kind::List(ItemKind::Text), r#"["x", "y z"]"#),
        now(column("opened_at", Kind::Timestamp)),
        now(column("opened_on", Kind::Date)),
        nullable("external_id", text(10)),
        nullable("balance", Kind::U256),
        nullable("address", Kind::Inet),
        optional(with_default("ratio", Kind::Double, "0.5")),
        optional(with_default("digest", Kind::Bytes, r"\x00ff")),
        nullable("token", Kind::Secret),
        optional(with_default("due", Kind::Timestamp, "2026-01-31T12:00:00Z")),
    ]
}

pub(crate) fn events() -> EntityMeta {
    let columns = vec![column("action", text(50)), nullable("ticket_id", Kind::Uuid)];
    let mut events = entity("events", Scope::Tenant, columns);
    events.references.to_mut().push(reference("ticket_id", "tickets", OnDelete::Restrict));
    events.append_only = true;
    events
}

pub(crate) fn notes() -> EntityMeta {
    let columns = vec![column("team_id", Kind::Uuid), column("body", Kind::Text { max: None })];
    let mut notes = entity("notes", Scope::Team, columns);
    notes.references.to_mut().push(reference("team_id", "teams", OnDelete::Cascade));
    notes
}

pub(crate) fn items() -> EntityMeta {
    let mut items = entity("items", Scope::Tenant, vec![column("owner", text(10))]);
    items.schema = Cow::Borrowed("public");
    items.indexes = Cow::Owned(vec![index(&[("owner", Direction::Ascending)])]);
    items
}

/// A view of the other entities: what each team has open.
pub(crate) fn team_loads() -> EntityMeta {
    let at = |source: &'static str, column: &'static str| ColumnRef {
        source: Cow::Borrowed(source),
        column: Cow::Borrowed(column),
    };
    let source = |name: &'static str, table: &'static str| Source {
        name: Cow::Borrowed(name),
        schema: Cow::Borrowed("mainstay"),
        table: Cow::Borrowed(table),
    };
    let by_team = Condition {
        left: at("t", "id"),
        comparison: Comparison::Equal,
        right: Operand::Column(at("k", "team_id")),
    };
    let opened = Condition {
        left: at("k", "opened_at"),
        comparison: Comparison::Greater,
        right: Operand::Ago(86_400),
    };
    let columns = vec![
        column("organization_id", Kind::Uuid),
        nullable("label", text(20)),
        column("day", Kind::Timestamp),
        column("tickets", Kind::BigInt),
        nullable("amount", Kind::Decimal { precision: 18, scale: 2 }),
        nullable("urgency", Kind::Double),
    ];
    let view = View {
        from: source("k", "tickets"),
        joins: Cow::Owned(vec![Join {
            kind: JoinKind::Left,
            source: source("t", "teams"),
            on: Cow::Owned(vec![by_team]),
        }]),
        conditions: Cow::Owned(vec![opened]),
        shows: Cow::Owned(vec![
            Shown::Column(at("k", "organization_id")),
            Shown::Column(at("t", "label")),
            Shown::Begin(Period::Day, at("k", "opened_at")),
            Shown::Rows,
            Shown::Aggregate(Function::Sum, at("k", "amount")),
            Shown::Aggregate(Function::Avg, at("k", "priority")),
        ]),
        first: None,
    };
    EntityMeta {
        columns: Cow::Owned(columns),
        primary_key: names(&["organization_id", "label", "day"]),
        references: Cow::Borrowed(&[]),
        relationships: Cow::Borrowed(&[]),
        read_only: true,
        view: Some(view),
        ..entity("team_loads", Scope::Tenant, Vec::new())
    }
}

/// One entity of every scope, and a view.
pub(crate) fn all() -> Vec<EntityMeta> {
    let name = || vec![column("name", text(20))];
    let settings = entity("settings", Scope::Platform, name());
    let countries = entity("countries", Scope::Public, name());
    vec![
        organizations(),
        users(),
        teams(),
        tickets(),
        events(),
        notes(),
        items(),
        settings,
        countries,
        team_loads(),
    ]
}

/// Two organisations, a user, and in the first organisation teams 10 and 11 and ticket 20.
pub(crate) const ROWS: &str = "
    INSERT INTO ~organizations (id, name) VALUES (#1, 'one'), (#2, 'two');
    INSERT INTO ~users (id, email) VALUES (#5, 'a@example.org');
    INSERT INTO ~teams (id, organization_id, label) VALUES (#10, #1, 'a'), (#12, #2, 'a');
    INSERT INTO ~teams (id, organization_id, label, parent_id) VALUES (#11, #1, 'b', #10);
    INSERT INTO ~tickets (id, organization_id, team_id, assignee_id, status)
        VALUES (#20, #1, #10, #5, 'open');";
