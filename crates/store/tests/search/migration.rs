//! A table with rows becomes one that is searched.

use crate::fixture::{catalog, engines, found, insert, member, note, notes};
use mainstay_entity::search::{Language, Mode, Query};
use mainstay_store::{Filter, Store};
use std::sync::Arc;

#[tokio::test]
async fn rows_that_are_there_get_their_words() {
    let (before, after) = (catalog(false), catalog(true));
    for engine in engines().await {
        let store = engine.open(&before).await;
        for number in 1..=2_500 {
            let tenant = 1 + number % 2;
            let mut row = note(tenant, number, Some(&format!("Rats of {number}")));
            row.tags = vec!["White mice".to_owned(), "x".to_owned()];
            store.insert(&member(tenant), vec![insert(&before, vec![row])]).await.unwrap();
        }
        store.close().await;
        assert!(!engine.migrate(&after).await.steps.is_empty());
        // Nothing is left to do, as after a restart.
        assert_eq!(engine.migrate(&after).await.steps, []);
        assert_eq!(engine.words().await.len(), 2_500 * 5);
        let store = Store::open(engine.serving.clone(), after.clone()).await.unwrap();
        let table = notes(&after);
        let sought = |column: &str, text: &str| {
            let query = Query::parse(Mode::Phrase, Language::English, text).unwrap();
            let column = table.column_index(column).unwrap();
            Filter::Search { column, query: Arc::new(query) }
        };
        assert_eq!(found(&store, &member(1), sought("title", "rat of 42")).await, [42]);
        assert_eq!(found(&store, &member(2), sought("title", "rat of 42")).await, [0; 0]);
        assert_eq!(found(&store, &member(2), sought("tags", "white mice")).await.len(), 1_250);
        store.close().await;
        // What is no longer searched keeps no words.
        engine.migrate(&before).await;
        assert!(!engine.has_words().await);
    }
}
