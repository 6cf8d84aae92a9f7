//! What the server refuses is told in terms of the model.

use super::fixture::{Fixture, statement, team, tenant, text, told, uuid};
use crate::access::{Access, Caller};
use crate::error::{ErrorKind, Result};
use mainstay_entity::Value;
use std::time::Duration;
use uuid::Uuid;

fn failure<T: std::fmt::Debug>(result: Result<T>) -> String {
    told(&result.unwrap_err())
}

#[tokio::test]
async fn constraints_name_table_constraint_and_columns() {
    let fixture = Fixture::new().await;
    let insert = async |insert| failure(fixture.engine.insert(&tenant(1), vec![insert]).await);
    fixture.engine.insert(&tenant(1), vec![fixture.team(1, 1, "one")]).await.unwrap();

    assert_eq!(
        insert(fixture.team(1, 1, "two")).await,
        r#"unique teams teams_pkey ["organization_id", "id"]"#
    );
    assert_eq!(
        insert(fixture.team(1, 2, "one")).await,
        r#"unique teams teams_name_key ["organization_id", "name"]"#
    );
    assert_eq!(
        insert(fixture.item(1, 1, Some(9))).await,
        r#"foreign items items_team_id_fkey ["organization_id", "team_id"]"#
    );
    let mut row = team(1, 3, "three");
    row[2] = Value::Null;
    assert_eq!(insert(fixture.insert("teams", vec![row])).await, r#"null teams ["name"]"#);
    assert_eq!(
        insert(fixture.team(1, 3, "a name that is too long")).await,
        r#"check teams teams_name_check ["name"]"#
    );
    // The other tenant's key is no key of this one's, and its rows are out of reach.
    assert_eq!(insert(fixture.item(2, 1, None)).await, "out of reach items");
    fixture.engine.insert(&tenant(2), vec![fixture.team(2, 1, "one")]).await.unwrap();
}

#[tokio::test]
async fn triggers_policies_and_values_are_told_apart() {
    let fixture = Fixture::new().await;
    let rows =
        vec![fixture.team(1, 1, "one"), fixture.event(1, 1, "key"), fixture.item(1, 1, Some(1))];
    fixture.engine.insert(&tenant(1), rows).await.unwrap();
    let execute = async |access: &Access, sql: &str| {
        let mut transaction = fixture.engine.begin(access).await.unwrap();
        let result = transaction.execute(statement(sql, vec![])).await;
        transaction.rollback().await;
        failure(result)
    };
    let own = tenant(1);
    let mut transaction = fixture.engine.begin(&own).await.unwrap();
    let done = statement("UPDATE mainstay.teams SET state = 'done'", vec![]);
    assert_eq!(transaction.execute(done).await.unwrap(), 1);
    transaction.commit().await.unwrap();

    for (sql, expected) in [
        ("UPDATE mainstay.teams SET state = 'open'", "transition teams.state done open"),
        ("UPDATE mainstay.events SET key = 'x'", "append only events"),
        ("DELETE FROM mainstay.events", "append only events"),
        (
            "DELETE FROM mainstay.teams",
            r#"foreign items items_team_id_fkey ["organization_id", "team_id"]"#,
        ),
        (
            "UPDATE mainstay.teams SET organization_id = '00000000-0000-0000-0000-000000000002', \
             id = '00000000-0000-0000-0000-000000000002'",
            "out of reach teams",
        ),
        (
            "INSERT INTO mainstay.users VALUES ('00000000-0000-0000-0000-000000000001', 'a@b')",
            "out of reach users",
        ),
        ("SELECT 'x1'::int4", "data 22P02 invalid input syntax for type integer: \"x1\""),
        ("SELECT 1 / 0", "data 22012 division by zero"),
    ] {
        assert_eq!(execute(&own, sql).await, expected, "{sql}");
    }
    let user = Caller { user: Some(Uuid::from_u128(1)), ..Caller::default() };
    let rows = fixture.insert("users", vec![vec![uuid(1), text("a@b")]]);
    fixture.engine.insert(&Access::caller(user), vec![rows]).await.unwrap();
}

#[tokio::test]
async fn a_slow_statement_times_out() {
    let fixture =
        Fixture::with(|config| config.statement_timeout = Duration::from_millis(50)).await;
    let sleep = statement("SELECT 1 FROM pg_sleep(30)", vec![]);
    let result = fixture.engine.fetch(&tenant(1), sleep, vec![]).await;
    assert!(matches!(result.unwrap_err().kind(), ErrorKind::Timeout));
}

#[tokio::test]
async fn a_wait_for_a_connection_ends_as_overload() {
    let fixture = Fixture::with(|config| {
        config.pool_size = 1;
        config.wait_timeout = Duration::from_millis(50);
    })
    .await;
    let holder = fixture.engine.begin(&tenant(1)).await.unwrap();
    let error = fixture.engine.begin(&tenant(1)).await.map(drop).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Overloaded), "{error}");
    holder.rollback().await;
    fixture.engine.ping().await.unwrap();
}

#[tokio::test]
async fn a_failed_transaction_does_not_commit() {
    let fixture = Fixture::new().await;
    let mut transaction = fixture.engine.begin(&tenant(1)).await.unwrap();
    transaction.insert(fixture.team(1, 1, "one")).await.unwrap();
    transaction.insert(fixture.team(1, 1, "two")).await.unwrap_err();
    transaction.commit().await.unwrap_err();
    assert_eq!(fixture.count("teams").await, 0);
}

#[tokio::test]
async fn a_changed_table_costs_one_repeatable_error() {
    let fixture = Fixture::with(|config| config.pool_size = 1).await;
    let read = async || {
        let query = statement("SELECT * FROM mainstay.teams", vec![]);
        fixture.engine.fetch(&tenant(1), query, vec![]).await
    };
    read().await.unwrap();
    let alter = "ALTER TABLE mainstay.teams ADD COLUMN more int";
    fixture.superuser().await.batch_execute(alter).await.unwrap();
    assert!(matches!(read().await.unwrap_err().kind(), ErrorKind::Conflict));
    read().await.unwrap();
}
