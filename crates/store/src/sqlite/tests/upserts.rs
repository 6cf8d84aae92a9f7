use super::fixture::{Fixture, child, team, tenant, text, uuid, violation};
use crate::access::{Access, Caller};
use crate::error::{ErrorKind, Result};
use crate::write::{Change, Conflict, Insert, Outcome};
use mainstay_entity::{Record, Value};
use uuid::Uuid;

/// Positions of columns of `teams`.
const NAME: usize = 2;
const PARENT: usize = 3;
const CODE: usize = 4;

async fn write(fixture: &Fixture, access: &Access, insert: Insert) -> Result<Vec<Outcome>> {
    let mut transaction = fixture.engine.begin(access).await?;
    let outcomes = transaction.insert(insert).await?;
    transaction.commit().await?;
    Ok(outcomes)
}

fn upsert(fixture: &Fixture, rows: Vec<Vec<Value>>, conflict: Conflict) -> Insert {
    Insert { conflict, ..fixture.insert("teams", rows) }
}

#[tokio::test]
async fn existing_keys_are_left_out() {
    let fixture = Fixture::new().await;
    fixture.write(vec![fixture.team(1, "a")]).await.unwrap();
    let rows = || vec![team(1, 9, "a"), team(1, 2, "b"), team(1, 3, "b")];
    for (key, last) in [(vec![NAME], 10), (Vec::new(), 20)] {
        let mut rows = rows();
        rows[1] = team(1, last, &format!("b{last}"));
        rows[2] = team(1, last + 1, &format!("b{last}"));
        let insert = upsert(&fixture, rows, Conflict::Ignore { key });
        let outcomes = write(&fixture, &tenant(1), insert).await.unwrap();
        assert_eq!(outcomes, [Outcome::Ignored, Outcome::Inserted, Outcome::Ignored]);
    }
    // Another key than the one named still fails.
    let insert = upsert(&fixture, vec![team(1, 1, "c")], Conflict::Ignore { key: vec![NAME] });
    let refused = write(&fixture, &tenant(1), insert).await.map(drop);
    assert_eq!(violation(&refused).1, "teams_pkey");
}

#[tokio::test]
async fn merged_rows_are_told_before_and_after() {
    let fixture = Fixture::new().await;
    fixture.write(vec![fixture.team(1, "a")]).await.unwrap();
    let mut changed = team(1, 9, "a");
    changed[CODE] = text("new");
    let conflict = Conflict::Merge { key: vec![NAME], set: vec![CODE] };
    let insert = upsert(&fixture, vec![changed, team(1, 2, "b")], conflict);
    let outcomes = write(&fixture, &tenant(1), insert).await.unwrap();
    let old = Record(team(1, 1, "a"));
    let mut new = old.clone();
    new.0[CODE] = text("new");
    assert_eq!(outcomes, [Outcome::Merged(Change { old, new }), Outcome::Inserted]);
    assert_eq!(fixture.number("SELECT count(*) FROM teams WHERE code = 'new'").await, 1);
}

#[tokio::test]
async fn nulls_are_equal_where_the_key_says_so() {
    let fixture = Fixture::new().await;
    let mut row = team(1, 1, "a");
    row[CODE] = Value::Null;
    let mut other = team(1, 2, "b");
    other[CODE] = Value::Null;
    let conflict = Conflict::Merge { key: vec![CODE], set: vec![NAME] };
    for (row, merged) in [(row, false), (other, true)] {
        let insert = upsert(&fixture, vec![row], conflict.clone());
        let outcomes = write(&fixture, &tenant(1), insert).await.unwrap();
        assert_eq!(matches!(outcomes[0], Outcome::Merged(_)), merged);
    }
}

#[tokio::test]
async fn a_merge_is_refused_as_postgres_refuses_it() {
    let fixture = Fixture::new().await;
    fixture.write(vec![fixture.team(1, "a")]).await.unwrap();
    let conflict = |set| Conflict::Merge { key: vec![NAME], set };
    let twice = upsert(&fixture, vec![team(1, 2, "b"), team(1, 3, "b")], conflict(vec![CODE]));
    let refused = write(&fixture, &tenant(1), twice).await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Data { sqlstate, .. } if sqlstate == "21000"));

    let orphan = upsert(&fixture, vec![child(1, 1, 99, "a")], conflict(vec![PARENT]));
    let refused = write(&fixture, &tenant(1), orphan).await.map(drop);
    assert_eq!(violation(&refused).1, "teams_parent_id_fkey");
    assert_eq!(fixture.number("SELECT count(*) FROM teams").await, 1);
}

#[tokio::test]
async fn a_merge_does_not_reach_a_row_of_someone_else() {
    let fixture = Fixture::new().await;
    let user = |n| Access::caller(Caller { user: Some(Uuid::from_u128(n)), ..Caller::default() });
    let row = |n| fixture.insert("users", vec![vec![uuid(n), text("a@b")]]);
    fixture.engine.insert(&user(1), vec![row(1)]).await.unwrap();
    let conflict = Conflict::Merge { key: vec![1], set: vec![0] };
    let theft = Insert { conflict, ..row(2) };
    let refused = write(&fixture, &user(2), theft).await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::OutOfReach { table } if table == "users"));
}
