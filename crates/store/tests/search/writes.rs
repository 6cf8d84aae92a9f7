//! Words follow every change of their rows.

use crate::fixture::{Engine, Note, catalog, engines, found, insert, member, note, notes};
use mainstay_entity::search::{Language, Mode, Query};
use mainstay_entity::{Catalog, Entity, Id, Table, Text, Value};
use mainstay_store::{
    Access, Compare, Conflict, Delete, Expression, Filter, Insert, Outcome, Store, Update,
};
use std::sync::Arc;
use uuid::Uuid;

fn titled(table: &Table, word: &str) -> Filter {
    let query = Query::parse(Mode::Plain, Language::English, word).unwrap();
    Filter::Search { column: table.column_index("title").unwrap(), query: Arc::new(query) }
}

fn numbered(table: &Table, number: i64) -> Filter {
    let left = Expression::column(table.column_index("number").unwrap());
    Filter::Compare { left, op: Compare::Eq, right: Value::Int(number) }
}

async fn upsert(store: &Store, access: &Access, notes: Vec<Note>, merges: bool) -> Vec<Outcome> {
    let mut insert: Insert = insert(store.catalog(), notes);
    let column = |name| insert.table.column_index(name).unwrap();
    let (number, title) = (column("number"), column("title"));
    insert.conflict = if merges {
        Conflict::Merge { key: vec![number], set: vec![title] }
    } else {
        Conflict::Ignore { key: vec![number] }
    };
    let mut transaction = store.begin(access).await.unwrap();
    let outcomes = transaction.insert(insert).await.unwrap();
    transaction.commit().await.unwrap();
    outcomes
}

async fn changes(engine: &Engine, catalog: &Arc<Catalog>) -> Vec<(&'static str, Vec<i64>)> {
    let (store, access) = (engine.open(catalog).await, member(1));
    let table = notes(catalog);
    let mut seen = Vec::new();
    let mut see = async |step: &'static str, word: &str| {
        seen.push((step, found(&store, &access, titled(&table, word)).await));
    };
    let mut in_book = note(1, 3, Some("a fat dog in a book"));
    in_book.book_id = Some(Id::new(Uuid::from_u128(1)));
    let rows = vec![note(1, 1, Some("fat cats")), note(1, 2, None), in_book];
    store.insert(&access, vec![insert(catalog, rows)]).await.unwrap();
    // The server itself writes past the batches.
    let system = Access::system();
    store.insert(&system, vec![insert(catalog, vec![note(2, 4, Some("fat"))])]).await.unwrap();
    see("inserted", "fat").await;

    let title = table.column_index("title").unwrap();
    let set = vec![(title, Value::Text("Thin cats".to_owned()))];
    let update = Update { table: table.clone(), set, filter: titled(&table, "cat") };
    let mut transaction = store.begin(&access).await.unwrap();
    assert_eq!(transaction.update(update.clone()).await.unwrap().len(), 1);
    transaction.commit().await.unwrap();
    see("updated, old word", "fat").await;
    see("updated, new word", "thin").await;

    let mut transaction = store.begin(&access).await.unwrap();
    let set = vec![(title, Value::Text("lost".to_owned()))];
    transaction.update(Update { set, ..update }).await.unwrap();
    transaction.rollback().await;
    see("rolled back", "lost").await;

    let again = vec![note(1, 1, Some("merged")), note(1, 5, Some("new one"))];
    let ignored = upsert(&store, &access, again, false).await;
    assert_eq!(ignored, [Outcome::Ignored, Outcome::Inserted]);
    see("ignored", "merged").await;
    see("inserted beside", "new").await;
    let again = vec![note(1, 1, Some("merged")), note(1, 6, Some("merged too"))];
    upsert(&store, &access, again, true).await;
    see("merged", "merged").await;
    see("merged, old word", "thin").await;

    let mut transaction = store.begin(&access).await.unwrap();
    let delete = Delete { table: table.clone(), filter: numbered(&table, 6) };
    transaction.delete(delete).await.unwrap();
    let books = catalog.find("mainstay", "books").unwrap().clone();
    transaction.delete(Delete { table: books, filter: Filter::All }).await.unwrap();
    let purge = Delete { table: table.clone(), filter: numbered(&table, 5) };
    assert_eq!(transaction.purge(purge).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    see("deleted", "merged").await;
    see("gone with its book", "dog").await;
    seen
}

#[tokio::test]
async fn words_follow_every_change_of_a_row() {
    let catalog = catalog(true);
    for engine in engines().await {
        let seen = changes(&engine, &catalog).await;
        let expected: [(&str, &[i64]); 10] = [
            ("inserted", &[1, 3]),
            ("updated, old word", &[3]),
            ("updated, new word", &[1]),
            ("rolled back", &[]),
            ("ignored", &[]),
            ("inserted beside", &[5]),
            ("merged", &[1, 6]),
            ("merged, old word", &[]),
            ("deleted", &[1]),
            ("gone with its book", &[]),
        ];
        assert_eq!(seen, expected.map(|(step, found)| (step, found.to_vec())));
        // Nothing is left of what went.
        let id = |tenant: u128, note: u128| format!("{tenant:032x}{note:032x}");
        let left = [format!("{}0merg", id(1, 1)), format!("{}0fat", id(2, 4))];
        assert_eq!(engine.words().await, left);
    }
}

#[tokio::test]
async fn a_row_that_moves_takes_its_words_along() {
    let catalog = catalog(true);
    let table = notes(&catalog);
    for engine in engines().await {
        let (store, access) = (engine.open(&catalog).await, member(1));
        store.insert(&access, vec![insert(&catalog, vec![note(1, 1, Some("fat"))])]).await.unwrap();
        let id = table.column_index("id").unwrap();
        let set = vec![(id, Value::Uuid(Uuid::from_u128(9)))];
        let update = Update { table: table.clone(), set, filter: titled(&table, "fat") };
        let mut transaction = store.begin(&access).await.unwrap();
        transaction.update(update).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(found(&store, &access, titled(&table, "fat")).await, [1]);
        assert_eq!(engine.words().await.len(), 1);
    }
}

/// The longest texts and words that a column takes are written and found by what is kept of them.
#[tokio::test]
async fn long_texts_are_searched_as_far_as_words_are_kept() {
    let catalog = catalog(true);
    let table = notes(&catalog);
    let facts: Vec<String> = (0..30_000).map(|number| format!("fact{number}x fat")).collect();
    let facts = serde_json::json!([facts, "z".repeat(5_000), "end"]).to_string();
    for engine in engines().await {
        let (store, access) = (engine.open(&catalog).await, member(1));
        let mut long = note(1, 1, Some(&"word ".repeat(40)));
        long.facts = mainstay_entity::Json::from_canonical(facts.clone());
        store.insert(&access, vec![insert(&catalog, vec![long])]).await.unwrap();
        let column = table.column_index("facts").unwrap();
        let sought = |text: &str| {
            let query = Query::parse(Mode::Operators, Language::English, text).unwrap();
            Filter::Search { column, query: Arc::new(query) }
        };
        for (text, is_found) in [("fact1x <-> fat", true), ("fact29999x", false), ("end", false)] {
            let found = found(&store, &access, sought(text)).await;
            assert_eq!(!found.is_empty(), is_found, "{} {text}", store.engine_name());
        }
        // All words of a prefix fit what the engine takes.
        assert_eq!(found(&store, &access, sought("f:* <-> fat & !dog")).await, [1]);
    }
    assert!(Note::meta().column("title").is_some_and(|c| c.search && Text::<200>::new("").is_ok()));
}
