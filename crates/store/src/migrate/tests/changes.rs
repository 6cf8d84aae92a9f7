//! Steps that run at start, and steps that must be allowed.

use crate::migrate::Risk;
use crate::render::Dialect;
use crate::schema::tests::fixture::{
    Db, ROWS, all, choice, column, entity, index, names, nullable, on_both_engines, options,
    organizations, permissive, reference, teams, text, unique, users, with_default,
};
use mainstay_entity::{
    Check, Column, DefaultValue, Direction, EntityMeta, Kind, NullsDistinct, OnDelete, Scope,
    Unique,
};
use std::borrow::Cow;

on_both_engines!(
    additive_changes_keep_rows,
    numbers_and_text_convert,
    other_types_lose_their_values,
    required_columns_are_filled,
    undeclared_columns_are_kept_until_dropped,
    undeclared_tables_are_kept,
    keys_change_under_their_references,
    storage_follows_the_declaration,
    nothing_changes_twice,
);

/// The small catalog without tickets: organisations, users, teams, and one more.
fn with(last: EntityMeta) -> Vec<EntityMeta> {
    vec![organizations(), users(), teams(), last]
}

fn things(columns: Vec<Column>) -> EntityMeta {
    entity("things", Scope::Tenant, columns)
}

const BASE: &str = "INSERT INTO ~organizations (id, name) VALUES (#1, 'one');
    INSERT INTO ~users (id, email) VALUES (#5, 'a@example.org');
    INSERT INTO ~teams (id, organization_id, label) VALUES (#10, #1, 'a');";

/// The catalog with more of everything, and without some rules.
fn wider() -> Vec<EntityMeta> {
    let mut entities = all();
    let [_, _, teams, tickets, events, ..] = &mut entities[..] else { panic!() };
    // A longer text, a new reference, a dropped key.
    teams.columns.to_mut()[2].kind = text(40);
    teams.columns.to_mut().push(nullable("lead_id", Kind::Uuid));
    teams.references.to_mut().push(reference("lead_id", "users", OnDelete::SetNull));
    teams.uniques = Cow::Borrowed(&[]);
    // A wider life cycle, wider bounds, a rule, columns; other indexes.
    let columns = tickets.columns.to_mut();
    columns[4].kind = choice(
        &[("open", &["done", "void"]), ("done", &["open"]), ("void", &[]), ("new", &["open"])],
        true,
    );
    columns[5].max = Some(9);
    columns[6].nullable = true;
    columns[3].description = Cow::Borrowed("Whoever works on it.");
    columns.push(Column { max: Some(9), ..with_default("level", Kind::SmallInt, "2") });
    columns.push(nullable("remark", text(10)));
    tickets.indexes = Cow::Owned(vec![index(&[("level", Direction::Ascending)])]);
    tickets.checks = Cow::Owned(vec![Check {
        name: Cow::Borrowed("level"),
        condition: Cow::Borrowed("level <> 7"),
    }]);
    // A column that needs no more than being added.
    events.columns.to_mut().push(with_default("source", text(10), "unknown"));
    entities.push(entity("labels", Scope::Tenant, vec![column("name", text(10))]));
    entities
}

async fn additive_changes_keep_rows(dialect: Dialect) {
    let mut db = Db::with(dialect, all()).await;
    db.run(ROWS).await;
    db.run(
        "INSERT INTO ~events (id, organization_id, action, ticket_id) VALUES (#40, #1, 'x', #20)",
    )
    .await;

    let entities = wider();
    let plan = db.plan(entities.clone(), &options()).await.unwrap();
    assert!(plan.steps.iter().all(|step| step.risk == Risk::Additive), "{plan:#}");
    let applied = db.apply(entities.clone(), &options()).await.unwrap();
    assert_eq!(applied.steps, plan.steps);
    assert_eq!(db.compare(entities.clone()).await, Vec::<String>::new());
    assert!(db.plan(entities, &options()).await.unwrap().is_empty());

    assert_eq!(db.read("SELECT level FROM ~tickets").await, "2");
    assert_eq!(db.read("SELECT source FROM ~events").await, "unknown");
    assert_eq!(db.read("SELECT label FROM ~teams ORDER BY id").await, "a b a");
    db.run("UPDATE ~tickets SET priority = 9; UPDATE ~tickets SET status = 'void'").await;
    db.refused("UPDATE ~tickets SET status = 'new'", "mainstay:transition:tickets:status:void:new")
        .await;
    db.refused("UPDATE ~tickets SET level = 7", "tickets_level_check").await;
    db.refused("UPDATE ~tickets SET level = 10", "tickets_level_check").await;
    db.refused("DELETE FROM ~tickets", "").await;
    db.refused("DELETE FROM ~events", "mainstay:append_only:events").await;
    db.run("DELETE FROM ~teams WHERE label = 'a'").await;
    let left = "SELECT count(*) FROM ~tickets WHERE team_id IS NULL AND organization_id = #1";
    assert_eq!(db.read(left).await, "1");
}

async fn numbers_and_text_convert(dialect: Dialect) {
    let decimal = |precision, scale| Kind::Decimal { precision, scale };
    let mut old = things(vec![
        column("count", Kind::Integer),
        column("price", decimal(8, 2)),
        column("rate", decimal(8, 4)),
        Column { min: Some(0), ..column("total", Kind::Integer) },
        column("on_at", Kind::Date),
        column("flag", Kind::Boolean),
        nullable("ref", Kind::Uuid),
    ]);
    old.indexes = Cow::Owned(vec![index(&[("count", Direction::Ascending)])]);
    let mut db = Db::with(dialect, with(old.clone())).await;
    db.run(BASE).await;
    let price = if dialect == Dialect::Sqlite { "1234, 12345" } else { "12.34, 1.2345" };
    db.run(&format!(
        "INSERT INTO ~things VALUES (#7, #1, 7, {price}, 3, '2026-01-31', TRUE, #171)"
    ))
    .await;

    let mut new = old;
    let columns = new.columns.to_mut();
    columns[2].kind = Kind::BigInt;
    columns[3].kind = decimal(12, 4);
    columns[4].kind = decimal(8, 2);
    columns[5].kind = decimal(15, 2);
    for column in &mut columns[6..] {
        column.kind = Kind::Text { max: None };
    }
    let refused = db.apply(with(new.clone()), &options()).await.unwrap_err();
    assert!(refused.to_string().contains("things.rate (from numeric(8,4)"), "{refused}");
    db.apply(with(new.clone()), &permissive()).await.unwrap();
    assert_eq!(db.compare(with(new)).await, Vec::<String>::new());
    let found = db
        .read("SELECT concat_ws(' ', count, price, rate, total, on_at, flag, ref) FROM ~things")
        .await;
    let numbers = match dialect {
        Dialect::Sqlite => "7 123400 123 300",
        Dialect::Postgres => "7 12.3400 1.23 3.00",
    };
    assert_eq!(found, format!("{numbers} 2026-01-31 true 00000000-0000-0000-0000-0000000000ab"));
}

async fn other_types_lose_their_values(dialect: Dialect) {
    let mut old = things(vec![column("state", text(10)), nullable("team_id", Kind::Uuid)]);
    old.references.to_mut().push(reference("team_id", "teams", OnDelete::SetNull));
    old.uniques = Cow::Owned(vec![unique(&["state"])]);
    let mut db = Db::with(dialect, with(old.clone())).await;
    db.run(BASE).await;
    db.run("INSERT INTO ~things VALUES (#7, #1, 'x', #10)").await;
    let mut new = old;
    new.columns.to_mut()[2] = with_default("state", Kind::Timestamp, "2026-01-01T00:00:00Z");
    let plan = db.plan(with(new.clone()), &options()).await.unwrap();
    assert_eq!(plan.steps.iter().map(|step| step.risk).max(), Some(Risk::DataLoss), "{plan:#}");
    db.apply(with(new.clone()), &options()).await.unwrap_err();
    assert_eq!(db.read("SELECT state FROM ~things").await, "x");
    db.apply(with(new.clone()), &permissive()).await.unwrap();
    assert_eq!(db.compare(with(new)).await, Vec::<String>::new());
    let expected = match dialect {
        Dialect::Sqlite => "1767225600000000",
        Dialect::Postgres => "2026-01-01 00:00:00+00",
    };
    assert_eq!(db.read("SELECT state FROM ~things").await, expected);
    db.run("DELETE FROM ~teams").await;
    assert_eq!(db.read("SELECT count(*) FROM ~things WHERE team_id IS NULL").await, "1");
}

async fn required_columns_are_filled(dialect: Dialect) {
    let old = things(vec![nullable("rank", Kind::Integer), nullable("state", text(9))]);
    let mut db = Db::with(dialect, with(old)).await;
    db.run(BASE).await;
    db.run("INSERT INTO ~things VALUES (#7, #1, NULL, 'x'), (#8, #1, 4, NULL)").await;
    let moment = Column { default: Some(DefaultValue::Now), ..column("seen_at", Kind::Timestamp) };
    let filled = things(vec![
        with_default("rank", Kind::Integer, "1"),
        nullable("state", text(9)),
        moment.clone(),
    ]);
    db.apply(with(filled.clone()), &options()).await.unwrap_err();
    db.apply(with(filled.clone()), &permissive()).await.unwrap();
    assert_eq!(db.compare(with(filled)).await, Vec::<String>::new());
    assert_eq!(db.read("SELECT rank FROM ~things ORDER BY id").await, "1 4");
    assert_eq!(db.read("SELECT count(*) FROM ~things WHERE seen_at IS NOT NULL").await, "2");

    let rank = || with_default("rank", Kind::Integer, "1");
    let strict = things(vec![rank(), column("state", text(9)), moment.clone()]);
    let failed = db.apply(with(strict.clone()), &permissive()).await.unwrap_err();
    assert!(failed.to_string().contains("it fails if there are nulls"), "{failed}");
    db.run("UPDATE ~things SET state = 'y'").await;
    db.apply(with(strict.clone()), &permissive()).await.unwrap();
    let more =
        things(vec![rank(), column("state", text(9)), moment, column("size", Kind::Integer)]);
    db.apply(with(more), &permissive()).await.unwrap_err();
    assert_eq!(db.compare(with(strict)).await, Vec::<String>::new());
}

async fn undeclared_columns_are_kept_until_dropped(dialect: Dialect) {
    let mut old =
        things(vec![column("name", text(9)), column("code", text(9)), nullable("x", Kind::Date)]);
    old.uniques = Cow::Owned(vec![unique(&["code"])]);
    let mut db = Db::with(dialect, with(old.clone())).await;
    db.run(BASE).await;
    db.run("INSERT INTO ~things VALUES (#7, #1, 'a', 'b', '2026-01-31')").await;
    let new = things(vec![column("name", text(9))]);
    let applied = db.apply(with(new.clone()), &options()).await.unwrap();
    let held: Vec<&str> = applied.held.iter().map(|step| step.description.as_str()).collect();
    assert_eq!(
        held,
        [
            "drop column mainstay.things.code, which is no longer declared",
            "drop column mainstay.things.x, which is no longer declared"
        ]
    );
    db.run("INSERT INTO ~things (id, organization_id, name) VALUES (#8, #1, 'c')").await;
    assert_eq!(db.read("SELECT code FROM ~things ORDER BY id").await, "b -");
    let status = db.status(with(new.clone()), &options()).await;
    assert_eq!((status.pending, status.blocked, status.held, status.is_ready()), (0, 0, 2, true));
    assert!(db.apply(with(new.clone()), &options()).await.unwrap().steps.is_empty());
    // It can be declared again; then it must hold again.
    let wanted = things(vec![column("name", text(9)), nullable("code", text(9))]);
    db.apply(with(wanted), &permissive()).await.unwrap();
    assert_eq!(db.read("SELECT code FROM ~things ORDER BY id").await, "b -");

    db.apply(with(new.clone()), &options()).await.unwrap();
    assert_ne!(db.compare(with(new.clone())).await, Vec::<String>::new());
    db.apply(with(new.clone()), &permissive()).await.unwrap();
    assert_eq!(db.compare(with(new.clone())).await, Vec::<String>::new());
    assert_eq!(db.read("SELECT name FROM ~things ORDER BY id").await, "a c");
    assert!(db.plan(with(new), &options()).await.unwrap().is_empty());
}

async fn undeclared_tables_are_kept(dialect: Dialect) {
    let mut gone = things(vec![nullable("team_id", Kind::Uuid)]);
    gone.references.to_mut().push(reference("team_id", "teams", OnDelete::SetNull));
    let mut db = Db::with(dialect, with(gone.clone())).await;
    db.run(BASE).await;
    db.run("INSERT INTO ~things VALUES (#7, #1, #10)").await;
    let mut rest = vec![organizations(), users(), teams()];
    // The table that the kept one refers to is made anew on SQLite.
    rest[2].columns.to_mut()[2].kind = text(50);
    let applied = db.apply(rest.clone(), &permissive()).await.unwrap();
    assert_eq!(applied.kept, ["mainstay.things"]);
    assert_eq!(db.read("SELECT count(*) FROM ~things WHERE team_id = #10").await, "1");
    db.run("DELETE FROM ~teams").await;
    assert_eq!(db.read("SELECT count(*) FROM ~things WHERE team_id IS NULL").await, "1");
    let unexpected = db.compare(rest).await;
    assert!(unexpected.iter().any(|line| line.contains("things")), "{unexpected:?}");
    // Declared again, it is as it was.
    let mut again = with(gone);
    again[2].columns.to_mut()[2].kind = text(50);
    assert!(db.apply(again.clone(), &options()).await.unwrap().steps.is_empty());
    assert_eq!(db.compare(again).await, Vec::<String>::new());
}

async fn keys_change_under_their_references(dialect: Dialect) {
    let mut parent = entity("parents", Scope::Tenant, vec![column("code", text(9))]);
    parent.uniques = Cow::Owned(vec![unique(&["code"])]);
    let mut child = things(vec![column("parent_code", text(9)), column("n", Kind::Integer)]);
    let mut to_code = reference("parent_code", "parents", OnDelete::Cascade);
    to_code.to = names(&["code"]);
    child.references.to_mut().push(to_code);
    let both = |parent: &EntityMeta, child: &EntityMeta| {
        vec![organizations(), parent.clone(), child.clone()]
    };
    let mut db = Db::with(dialect, both(&parent, &child)).await;
    db.run(
        "INSERT INTO ~organizations VALUES (#1, 'one'); INSERT INTO ~parents VALUES (#2, #1, 'a')",
    )
    .await;
    db.run("INSERT INTO ~things VALUES (#3, #1, 'a', 1)").await;
    // Another form of the referenced key, and another primary key of the referring table.
    parent.uniques = Cow::Owned(vec![Unique { nulls: NullsDistinct::No, ..unique(&["code"]) }]);
    parent.columns.to_mut()[2].nullable = true;
    child.columns.to_mut()[2].nullable = true;
    child.primary_key = names(&["organization_id", "id", "n"]);
    db.apply(both(&parent, &child), &permissive()).await.unwrap();
    assert_eq!(db.compare(both(&parent, &child)).await, Vec::<String>::new());
    db.run("INSERT INTO ~things VALUES (#3, #1, 'a', 2); DELETE FROM ~parents").await;
    assert_eq!(db.read("SELECT count(*) FROM ~things").await, "0");
}

async fn storage_follows_the_declaration(dialect: Dialect) {
    let mut db = Db::with(dialect, with(things(vec![column("name", text(9))]))).await;
    db.run(BASE).await;
    db.run("INSERT INTO ~things VALUES (#7, #1, 'a')").await;
    let mut wide = things(vec![column("name", text(9)), with_default("data", Kind::Json, "{}")]);
    wide.append_only = true;
    db.apply(with(wide.clone()), &options()).await.unwrap();
    assert_eq!(db.compare(with(wide)).await, Vec::<String>::new());
    assert_eq!(db.read("SELECT name FROM ~things WHERE id = #7").await, "a");
    db.refused("UPDATE ~things SET name = 'b'", "mainstay:append_only:things").await;
}

async fn nothing_changes_twice(dialect: Dialect) {
    let mut db = Db::empty(dialect).await;
    assert!(db.status(all(), &options()).await.state.is_none());
    let plan = db.plan(all(), &options()).await.unwrap();
    let shown = plan.to_string();
    assert!(shown.contains(". create table mainstay.tickets\n"), "{shown}");
    assert!(format!("{plan:#}").contains("CREATE TABLE"), "{plan:#}");
    db.apply(all(), &options()).await.unwrap();
    let before = db.status(all(), &options()).await;
    assert!(
        before.is_ready() && before.to_string().contains("migrated by version 1.2.0"),
        "{before}"
    );
    let applied = db.apply(all(), &permissive()).await.unwrap();
    assert_eq!(
        (applied.steps.len(), applied.to_string().as_str()),
        (0, "The schema is up to date.\n")
    );
    assert_eq!(db.status(all(), &options()).await.state, before.state);
    // Entities come in any order.
    let mut reversed = all();
    reversed.reverse();
    assert!(db.plan(reversed, &options()).await.unwrap().is_empty());
}
