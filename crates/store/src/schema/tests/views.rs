//! Views in the database, for programs that are not servers.

use super::fixture::{Db, ROWS, all, on_both_engines, options, permissive, text};
use crate::migrate::Risk;
use crate::render::Dialect;
use crate::schema::DEFAULT_APP_ROLE;
use mainstay_entity::{EntityMeta, Kind};
use std::borrow::Cow;

on_both_engines!(views_show_groups, views_give_way_to_changes_of_their_tables, views_come_and_go);

const LOADS: &str = "SELECT coalesce(label, 'none') || ' ' || tickets || ' ' || urgency
    FROM ~team_loads ORDER BY organization_id, label NULLS LAST, day";

async fn views_show_groups(dialect: Dialect) {
    let mut db = Db::with(dialect, all()).await;
    db.run(ROWS).await;
    db.run(
        "INSERT INTO ~tickets (id, organization_id, team_id, status, priority, external_id)
            VALUES (#21, #1, #10, 'open', 4, 'a'), (#22, #1, NULL, 'open', 1, 'b'),
                (#23, #2, #12, 'open', 5, 'c')",
    )
    .await;
    let old = if dialect == Dialect::Sqlite { "0" } else { "'1970-01-01T00:00:00Z'" };
    db.run(&format!(
        "INSERT INTO ~tickets (id, organization_id, status, opened_at) VALUES (#24, #2, 'open', {old})"
    ))
    .await;
    let loads = db.read(LOADS).await.replace(".0", "");
    assert_eq!(loads, "a 2 3.5 none 1 1 a 1 5");
    db.refused("INSERT INTO ~team_loads (tickets) VALUES (1)", "team_loads").await;
}

/// A view shows the column, so that neither engine would let it change.
async fn views_give_way_to_changes_of_their_tables(dialect: Dialect) {
    let mut db = Db::with(dialect, all()).await;
    db.run(ROWS).await;
    let mut changed = all();
    changed[3].columns.to_mut()[5].kind = Kind::BigInt;
    changed[2].renamed_from = Some(Cow::Borrowed("teams"));
    changed[2].table = Cow::Borrowed("crews");
    for entity in &mut changed {
        for reference in entity.references.to_mut() {
            if reference.table == "teams" {
                reference.table = Cow::Borrowed("crews");
            }
        }
    }
    let view = changed.last_mut().unwrap().view.as_mut().unwrap();
    view.joins.to_mut()[0].source.table = Cow::Borrowed("crews");
    let applied = db.apply(changed.clone(), &permissive()).await.unwrap();
    let words: Vec<String> = applied.steps.iter().map(ToString::to_string).collect();
    assert_eq!(words.first().unwrap(), "drop view mainstay.team_loads");
    assert_eq!(words.last().unwrap(), "create view mainstay.team_loads");
    assert_eq!(db.compare(changed.clone()).await, Vec::<String>::new());
    assert_eq!(db.read(LOADS).await.replace(".0", ""), "a 1 3");
    assert!(db.plan(changed, &options()).await.unwrap().is_empty());
}

async fn views_come_and_go(dialect: Dialect) {
    let without = |entities: Vec<EntityMeta>| -> Vec<EntityMeta> {
        entities.into_iter().filter(|entity| entity.view.is_none()).collect()
    };
    let mut db = Db::with(dialect, without(all())).await;
    let plan = db.plan(all(), &options()).await.unwrap();
    let steps: Vec<(String, Risk)> =
        plan.steps.iter().map(|step| (step.to_string(), step.risk)).collect();
    assert_eq!(steps, [("create view mainstay.team_loads".to_owned(), Risk::Additive)]);
    db.apply(all(), &options()).await.unwrap();
    // A column that its table no longer declares waits, and so does nothing else.
    let mut fewer = all();
    fewer[2].columns.to_mut().pop();
    fewer[2].references.to_mut().pop();
    fewer[2].columns.to_mut()[2].kind = text(20);
    db.apply(fewer.clone(), &options()).await.unwrap();
    assert_eq!(db.status(fewer.clone(), &options()).await.pending, 0);
    db.apply(fewer.clone(), &permissive()).await.unwrap();
    assert_eq!(db.compare(fewer).await, Vec::<String>::new());
    let applied = db.apply(without(all()), &options()).await.unwrap();
    assert_eq!(applied.kept, Vec::<String>::new());
    assert_eq!(db.compare(without(all())).await, Vec::<String>::new());
}

/// A view shows its reader what the tables below it do.
#[tokio::test]
async fn row_security_holds_through_views() {
    let mut db = Db::with(Dialect::Postgres, all()).await;
    db.run(ROWS).await;
    db.run("INSERT INTO ~tickets (id, organization_id, status) VALUES (#23, #2, 'open')").await;
    let app = db.as_app().await;
    let seen = async |tenant: &str| {
        let set = "SELECT set_config('app.current_tenant', $1, false)";
        app.execute(set, &[&tenant]).await.unwrap();
        let sql = "SELECT coalesce(label, '') FROM mainstay.team_loads";
        let rows = app.query(sql, &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect::<Vec<String>>()
    };
    assert_eq!(seen("").await, Vec::<String>::new(), "{DEFAULT_APP_ROLE} sees nothing by itself");
    assert_eq!(seen("00000000-0000-0000-0000-000000000001").await, ["a"]);
    assert_eq!(seen("00000000-0000-0000-0000-000000000002").await, [""]);
}
