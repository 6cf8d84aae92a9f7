use super::fixture::{Fixture, child, statement, team, tenant, text, uuid, violation};
use crate::error::{ErrorKind, Result};
use crate::statement::Statement;
use mainstay_entity::{Decimal, Value};

fn told(table: &str, constraint: &str, columns: &[&str]) -> (String, String, Vec<String>) {
    let columns = columns.iter().map(ToString::to_string).collect();
    (table.to_owned(), constraint.to_owned(), columns)
}

fn item(id: u128, team: Value) -> Vec<Value> {
    vec![
        uuid(1),
        uuid(id),
        team,
        text("open"),
        Value::Decimal(Decimal::new(1, 2)),
        text("1"),
        Value::List(Vec::new()),
        Value::Date(jiff::civil::date(2026, 1, 31)),
        Value::Timestamp(0),
        Value::Null,
        Value::Null,
        Value::Null,
        Value::Null,
        Value::Bool(false),
    ]
}

/// What a change gives that is committed if it succeeds.
async fn change(fixture: &Fixture, change: Statement) -> Result<()> {
    let mut transaction = fixture.engine.begin(&tenant(1)).await.unwrap();
    let result = transaction.execute(change).await.map(drop);
    if result.is_ok() {
        transaction.commit().await.unwrap();
    }
    result
}

#[tokio::test]
async fn refused_inserts_name_table_constraint_and_columns() {
    let fixture = Fixture::new().await;
    let write = |row| fixture.write(vec![fixture.insert("teams", vec![row])]);
    write(team(1, 1, "a")).await.unwrap();

    let key = write(team(1, 1, "b")).await;
    assert_eq!(violation(&key), told("teams", "teams_pkey", &["organization_id", "id"]));
    let name = write(team(1, 2, "a")).await;
    assert_eq!(violation(&name), told("teams", "teams_name_key", &["organization_id", "name"]));
    let mut row = team(1, 3, "c");
    row[4] = Value::Null;
    write(row).await.unwrap();
    let mut row = team(1, 4, "d");
    row[4] = Value::Null;
    let nulls = write(row).await;
    assert_eq!(violation(&nulls), told("teams", "teams_code_key", &["organization_id", "code"]));
    let long = write(team(1, 5, "longer than ten")).await;
    assert_eq!(violation(&long), told("teams", "teams_name_check", &["name"]));
    let mut row = team(1, 6, "f");
    row[2] = Value::Null;
    let missing = write(row).await;
    assert_eq!(violation(&missing), told("teams", "", &["name"]));
    let orphan = write(child(1, 7, 99, "g")).await;
    let columns = ["organization_id", "parent_id"];
    assert_eq!(violation(&orphan), told("teams", "teams_parent_id_fkey", &columns));
}

#[tokio::test]
async fn a_reference_does_not_reach_another_organisation() {
    let fixture = Fixture::new().await;
    fixture
        .engine
        .insert(&tenant(2), vec![fixture.insert("teams", vec![team(2, 1, "a")])])
        .await
        .unwrap();
    let across = fixture.write(vec![fixture.insert("teams", vec![child(1, 2, 1, "b")])]).await;
    assert_eq!(violation(&across).1, "teams_parent_id_fkey");
}

#[tokio::test]
async fn refused_changes_name_the_reference() {
    let fixture = Fixture::new().await;
    fixture.write(vec![fixture.team(1, "a"), fixture.team(2, "b")]).await.unwrap();
    fixture.write(vec![fixture.insert("items", vec![item(1, uuid(1))])]).await.unwrap();

    let delete = r#"DELETE FROM "teams" AS t WHERE t."organization_id" = ?1 AND t."id" = ?2"#;
    let referred = change(&fixture, statement(delete, vec![uuid(1), uuid(1)])).await;
    let columns = ["organization_id", "team_id"];
    assert_eq!(violation(&referred), told("items", "items_team_id_fkey", &columns));
    change(&fixture, statement(delete, vec![uuid(1), uuid(2)])).await.unwrap();

    let update = r#"UPDATE "items" AS t SET "flag" = ?1, "team_id" = ?2 WHERE t."id" = ?3"#;
    let values = vec![Value::Bool(true), uuid(99), uuid(1)];
    let missing = change(&fixture, statement(update, values)).await;
    assert_eq!(violation(&missing), told("items", "items_team_id_fkey", &columns));

    // Behind a cascade only the table is known.
    let delete = r#"DELETE FROM "organizations" AS t WHERE t."id" = ?1"#;
    let behind = change(&fixture, statement(delete, vec![uuid(1)])).await;
    assert_eq!(violation(&behind), told("organizations", "", &[]));
}

#[tokio::test]
async fn triggers_and_functions_raise_typed_errors() {
    let fixture = Fixture::new().await;
    fixture.write(vec![fixture.event(1, "a")]).await.unwrap();
    let mut done = item(1, Value::Null);
    done[3] = text("done");
    fixture.write(vec![fixture.insert("items", vec![done])]).await.unwrap();

    let reopen = statement("UPDATE items SET state = ?1", vec![text("open")]);
    let Err(error) = change(&fixture, reopen).await else { panic!("a broken transition") };
    assert!(matches!(error.kind(), ErrorKind::Transition { table, column, from, to }
        if [table, column, from, to] == ["items", "state", "done", "open"]));

    let error = change(&fixture, statement("DELETE FROM events", vec![])).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::AppendOnly { table } if table == "events"));

    let cast = statement("SELECT ms_cast('x', 'text', 'int4')", vec![]);
    let error = fixture.engine.fetch(&tenant(1), cast, vec![]).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Data { sqlstate, message }
        if sqlstate == "22P02" && message == "invalid input syntax for type integer: \"x\""));
}
