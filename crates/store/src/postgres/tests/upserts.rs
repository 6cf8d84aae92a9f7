//! Inserts that meet existing keys tell what became of each row.

use super::fixture::{Fixture, team, tenant, text, told, uuid};
use crate::error::Result;
use crate::write::{Change, Conflict, Insert, Outcome};
use mainstay_entity::{Record, Value};

/// Columns of `teams`.
const NAME: usize = 2;
const CODE: usize = 3;
const STATE: usize = 4;

async fn upsert(fixture: &Fixture, insert: Insert) -> Result<Vec<Outcome>> {
    let mut transaction = fixture.engine.begin(&tenant(1)).await?;
    let outcomes = transaction.insert(insert).await?;
    transaction.commit().await?;
    Ok(outcomes)
}

fn teams(fixture: &Fixture, conflict: Conflict, rows: Vec<Vec<Value>>) -> Insert {
    Insert { conflict, ..fixture.insert("teams", rows) }
}

/// A team with a code of its own.
fn coded(id: u128, name: &str, code: Value, state: &str) -> Vec<Value> {
    vec![uuid(1), uuid(id), text(name), code, text(state)]
}

#[tokio::test]
async fn existing_keys_are_left_out() {
    for pgbouncer in [false, true] {
        let fixture = Fixture::with(|config| config.pgbouncer = pgbouncer).await;
        fixture.engine.insert(&tenant(1), vec![fixture.team(1, 1, "one")]).await.unwrap();
        let rows = vec![team(1, 2, "one"), team(1, 3, "three"), team(1, 4, "three")];
        let by_name = Conflict::Ignore { key: vec![NAME] };
        let outcomes = upsert(&fixture, teams(&fixture, by_name, rows)).await.unwrap();
        assert_eq!(outcomes, [Outcome::Ignored, Outcome::Inserted, Outcome::Ignored]);

        let rows = vec![team(1, 3, "other"), team(1, 5, "five")];
        let any = Conflict::Ignore { key: Vec::new() };
        let outcomes = upsert(&fixture, teams(&fixture, any, rows)).await.unwrap();
        assert_eq!(outcomes, [Outcome::Ignored, Outcome::Inserted]);
        assert_eq!(fixture.count("teams").await, 3);
    }
}

#[tokio::test]
async fn existing_keys_are_merged_and_told_before_and_after() {
    for pgbouncer in [false, true] {
        let fixture = Fixture::with(|config| config.pgbouncer = pgbouncer).await;
        let old = team(1, 1, "one");
        fixture
            .engine
            .insert(&tenant(1), vec![fixture.insert("teams", vec![old.clone()])])
            .await
            .unwrap();
        let merge = Conflict::Merge { key: vec![NAME], set: vec![STATE] };
        let rows =
            vec![coded(2, "two", Value::Null, "open"), coded(9, "one", text("unused"), "done")];
        let outcomes = upsert(&fixture, teams(&fixture, merge, rows)).await.unwrap();
        let mut new = old.clone();
        new[STATE] = text("done");
        let change = Change { old: Record(old), new: Record(new) };
        assert_eq!(outcomes, [Outcome::Inserted, Outcome::Merged(change)]);
        assert_eq!(fixture.records(&tenant(1), "teams").await[0].0[STATE], text("done"));
    }
}

#[tokio::test]
async fn nulls_meet_where_the_key_says_so() {
    let fixture = Fixture::new().await;
    let first = fixture.insert("teams", vec![coded(1, "one", Value::Null, "open")]);
    fixture.engine.insert(&tenant(1), vec![first]).await.unwrap();
    let merge = Conflict::Merge { key: vec![CODE], set: vec![NAME] };
    let rows = vec![coded(2, "renamed", Value::Null, "open")];
    let outcomes = upsert(&fixture, teams(&fixture, merge, rows)).await.unwrap();
    assert!(
        matches!(&outcomes[..], [Outcome::Merged(change)] if change.new.0[NAME] == text("renamed"))
    );
    assert_eq!(fixture.count("teams").await, 1);
}

#[tokio::test]
async fn many_rows_are_merged_in_order() {
    let fixture = Fixture::new().await;
    let rows = |from: u128, state: &str| {
        (from..from + 1_500)
            .map(|n| coded(n, &n.to_string(), text(&n.to_string()), state))
            .collect::<Vec<_>>()
    };
    fixture
        .engine
        .insert(&tenant(1), vec![fixture.insert("teams", rows(0, "open"))])
        .await
        .unwrap();
    let merge = Conflict::Merge { key: vec![1], set: vec![STATE] };
    let outcomes = upsert(&fixture, teams(&fixture, merge, rows(700, "done"))).await.unwrap();
    for (index, outcome) in outcomes.iter().enumerate() {
        match outcome {
            Outcome::Merged(Change { old, new }) => {
                assert!(index < 800);
                assert_eq!((&old.0[1], &new.0[1]), (&uuid(700 + index as u128), &old.0[1]));
                assert_eq!((&old.0[STATE], &new.0[STATE]), (&text("open"), &text("done")));
            }
            outcome => assert!(*outcome == Outcome::Inserted && index >= 800),
        }
    }
    assert_eq!(fixture.count("teams").await, 2_200);
}

#[tokio::test]
async fn merges_that_meet_wait_for_each_other() {
    let fixture = Fixture::new().await;
    let merge = |id, state: &str| {
        let conflict = Conflict::Merge { key: vec![NAME], set: vec![STATE] };
        teams(&fixture, conflict, vec![coded(id, "same", Value::Null, state)])
    };
    let mut first = fixture.engine.begin(&tenant(1)).await.unwrap();
    assert_eq!(first.insert(merge(1, "open")).await.unwrap(), [Outcome::Inserted]);
    let second = upsert(&fixture, merge(2, "done"));
    let (outcomes, committed) = tokio::join!(second, first.commit());
    committed.unwrap();
    assert!(matches!(&outcomes.unwrap()[..], [Outcome::Merged(_)]));
    assert_eq!(fixture.count("teams").await, 1);
}

#[tokio::test]
async fn what_cannot_be_merged_is_refused() {
    let fixture = Fixture::new().await;
    let merge = || Conflict::Merge { key: vec![NAME], set: vec![CODE] };
    let twice = vec![team(1, 1, "same"), team(1, 2, "same")];
    let error = upsert(&fixture, teams(&fixture, merge(), twice)).await.unwrap_err();
    assert!(told(&error).starts_with("data 21000"), "{error}");
    let foreign = teams(&fixture, merge(), vec![team(2, 1, "theirs")]);
    let error = upsert(&fixture, foreign).await.unwrap_err();
    assert_eq!(told(&error), "out of reach teams");
    let no_key = Conflict::Merge { key: vec![STATE], set: vec![CODE] };
    let error = upsert(&fixture, teams(&fixture, no_key, vec![team(1, 1, "x")])).await.unwrap_err();
    assert!(told(&error).starts_with("Unsupported"), "{error}");
    assert_eq!(fixture.count("teams").await, 0);
}

/// An e-mail is unique over the platform: a merge must neither show nor change another's row.
#[tokio::test]
async fn keys_of_rows_out_of_reach_are_not_merged() {
    use crate::access::{Access, Caller};
    let fixture = Fixture::new().await;
    let user = |n: u128| {
        Access::caller(Caller { user: Some(uuid::Uuid::from_u128(n)), ..Caller::default() })
    };
    let row = |n| fixture.insert("users", vec![vec![uuid(n), text("a@b")]]);
    fixture.engine.insert(&user(1), vec![row(1)]).await.unwrap();
    let mut transaction = fixture.engine.begin(&user(2)).await.unwrap();
    let merge = Insert { conflict: Conflict::Merge { key: vec![1], set: vec![1] }, ..row(2) };
    let error = transaction.insert(merge).await.unwrap_err();
    assert_eq!(told(&error), "out of reach users");
}
