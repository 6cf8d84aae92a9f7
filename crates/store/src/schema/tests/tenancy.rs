//! `PostgreSQL` keeps organisations apart by itself.

use super::fixture::{Db, ROWS, all, column, entity, expand, nullable, organizations, text};
use crate::render::Dialect;
use mainstay_entity::{EntityMeta, Kind, Scope};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, SimpleQueryMessage};

const NOTES: &str = "
    INSERT INTO ~notes (id, organization_id, team_id, body)
        VALUES (#50, #1, #10, 'a'), (#51, #1, #11, 'b'), (#52, #2, #12, 'c');
    INSERT INTO public.items (id, organization_id, owner) VALUES (#60, #1, 'x');
    INSERT INTO ~events (id, organization_id, action) VALUES (#70, #1, 'x');
    INSERT INTO ~settings (id, name) VALUES (#80, 'x');
    INSERT INTO ~countries (id, name) VALUES (#90, 'x');";

async fn filled() -> (Db, Client) {
    let mut db = Db::with(Dialect::Postgres, all()).await;
    db.run(ROWS).await;
    db.run(NOTES).await;
    let app = db.as_app().await;
    (db, app)
}

fn id(number: u32) -> String {
    format!("{number:032x}")
}

async fn set(client: &Client, settings: &[(&str, &str)]) {
    for (name, value) in settings {
        client.execute("SELECT set_config($1, $2, false)", &[name, value]).await.unwrap();
    }
}

async fn count(client: &Client, table: &str) -> usize {
    let sql = expand(Dialect::Postgres, &format!("SELECT FROM {table}"));
    let messages = client.simple_query(&sql).await.unwrap();
    messages.iter().filter(|message| matches!(message, SimpleQueryMessage::Row(_))).count()
}

async fn changed(client: &Client, sql: &str) -> u64 {
    client.execute(&expand(Dialect::Postgres, sql), &[]).await.unwrap()
}

async fn code(client: &Client, sql: &str) -> SqlState {
    let error = client.batch_execute(&expand(Dialect::Postgres, sql)).await.expect_err(sql);
    error.code().unwrap().clone()
}

fn tables() -> Vec<(String, EntityMeta)> {
    let tables = all().into_iter().filter(|entity| entity.view.is_none());
    tables.map(|e| (format!("{}.{}", e.schema, e.table), e)).collect()
}

#[tokio::test]
async fn a_session_that_says_nothing_reaches_no_rows() {
    let (_db, app) = filled().await;
    for (table, entity) in tables() {
        let expected = usize::from(entity.scope == Scope::Public);
        assert_eq!(count(&app, &table).await, expected, "{table}");
        if !entity.append_only {
            assert_eq!(changed(&app, &format!("DELETE FROM {table}")).await, 0, "{table}");
        }
    }
    // After a transaction that set it, the setting is empty.
    app.batch_execute("BEGIN; SELECT set_config('app.current_tenant', '', true); COMMIT")
        .await
        .unwrap();
    assert_eq!(count(&app, "~teams").await, 0);
    let insert = "INSERT INTO ~teams (id, organization_id, label) VALUES (#31, #1, 'x')";
    assert_eq!(code(&app, insert).await, SqlState::INSUFFICIENT_PRIVILEGE);
}

#[tokio::test]
async fn an_organisation_reaches_its_own_rows_only() {
    let (_db, app) = filled().await;
    set(&app, &[("app.current_tenant", &id(1)), ("app.write_tenants", &id(1))]).await;
    for (table, expected) in [
        ("~organizations", 1),
        ("~users", 0),
        ("~teams", 2),
        ("~tickets", 1),
        ("~events", 1),
        ("~notes", 0),
        ("public.items", 1),
        ("~settings", 0),
        ("~countries", 1),
    ] {
        assert_eq!(count(&app, table).await, expected, "{table}");
    }
    assert_eq!(changed(&app, "UPDATE ~teams SET label = label || 'x'").await, 2);
    assert_eq!(changed(&app, "DELETE FROM ~teams WHERE organization_id = #2").await, 0);
    let insert = |tenant: u32| {
        format!(
            "INSERT INTO ~teams (id, organization_id, label) VALUES (#3{tenant}, #{tenant}, 'n')"
        )
    };
    assert_eq!(changed(&app, &insert(1)).await, 1);
    for foreign in [&insert(2), "UPDATE ~teams SET organization_id = #2 WHERE label = 'n'"] {
        assert_eq!(code(&app, foreign).await, SqlState::INSUFFICIENT_PRIVILEGE, "{foreign}");
    }
    // A batch adds rows for each of the organisations that were authorised, and reads none.
    set(
        &app,
        &[("app.write_tenants", &format!("{},{}", id(1), id(2))), ("app.current_tenant", "")],
    )
    .await;
    assert_eq!(changed(&app, &insert(2)).await, 1);
    assert_eq!(count(&app, "~teams").await, 0);
    for refused in ["UPDATE ~events SET action = 'y'", "DELETE FROM ~events", "TRUNCATE ~teams"] {
        assert_eq!(code(&app, refused).await, SqlState::INSUFFICIENT_PRIVILEGE, "{refused}");
    }
}

#[tokio::test]
async fn narrower_and_wider_scopes_hold() {
    let (_db, app) = filled().await;
    set(&app, &[("app.current_tenant", &id(1)), ("app.current_user_id", &id(5))]).await;
    for (teams, expected) in
        [("", 0), ("*", 2), (&*id(11), 1), (&*format!("{},{}", id(10), id(12)), 1)]
    {
        set(&app, &[("app.teams", teams)]).await;
        assert_eq!(count(&app, "~notes").await, expected, "teams {teams}");
    }
    assert_eq!(count(&app, "~users").await, 1, "one's own row");
    set(&app, &[("app.current_user_id", &id(6))]).await;
    assert_eq!(count(&app, "~users").await, 0, "another's row");
    let setting = "INSERT INTO ~settings (id, name) VALUES (#81, 'y')";
    let country = "INSERT INTO ~countries (id, name) VALUES (#91, 'y')";
    for refused in [setting, country] {
        assert_eq!(code(&app, refused).await, SqlState::INSUFFICIENT_PRIVILEGE, "{refused}");
    }
    set(&app, &[("app.platform", "on"), ("app.current_tenant", "")]).await;
    assert_eq!(changed(&app, setting).await + changed(&app, country).await, 2);
    assert_eq!((count(&app, "~users").await, count(&app, "~organizations").await), (1, 2));
    assert_eq!(count(&app, "~teams").await, 0, "not even an administrator, outside");
    set(&app, &[("app.system", "on")]).await;
    assert_eq!((count(&app, "~teams").await, count(&app, "~notes").await), (3, 3));
}

#[tokio::test]
async fn venues_narrow_what_a_program_sees() {
    let columns = vec![nullable("venue_id", Kind::Uuid), column("label", text(20))];
    let stalls = entity("stalls", Scope::Venue, columns);
    let mut db = Db::with(Dialect::Postgres, vec![organizations(), stalls]).await;
    db.run(
        "INSERT INTO ~organizations (id, name) VALUES (#1, 'one'), (#2, 'two');
         INSERT INTO ~stalls (id, organization_id, venue_id, label) VALUES
            (#31, #1, #21, 'a'), (#32, #1, #22, 'b'), (#33, #1, NULL, 'c'), (#34, #2, #21, 'd')",
    )
    .await;
    let app = db.as_app().await;
    set(&app, &[("app.current_tenant", &id(1))]).await;
    let both = format!("{},{}", id(21), id(22));
    for (venues, expected) in [("", 0), ("*", 3), (&*id(21), 1), (&*both, 2), (&*id(29), 0)] {
        set(&app, &[("app.venues", venues)]).await;
        assert_eq!(count(&app, "~stalls").await, expected, "venues {venues}");
    }
    set(&app, &[("app.venues", &id(21))]).await;
    assert_eq!(changed(&app, "UPDATE ~stalls SET label = 'x'").await, 1);
    assert_eq!(changed(&app, "DELETE FROM ~stalls WHERE label = 'b'").await, 0);
    let moved = "UPDATE ~stalls SET venue_id = #22";
    assert_eq!(code(&app, moved).await, SqlState::INSUFFICIENT_PRIVILEGE);
}

#[tokio::test]
async fn settings_are_read_once_per_statement() {
    let (_db, app) = filled().await;
    let rows = app.query("EXPLAIN SELECT * FROM mainstay.notes", &[]).await.unwrap();
    let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let filter = plan.iter().find(|line| line.contains("Filter:")).unwrap();
    assert!(!filter.contains("current_setting") && filter.contains("$0"), "{plan:?}");
}
