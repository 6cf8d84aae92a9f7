//! Both engines find what the definition says, and what `PostgreSQL`'s own search finds where the
//! definition means to agree.

use crate::fixture::{catalog, engines, found, insert, member, note, notes};
use mainstay_entity::search::{Language, Mode, Query, Words};
use mainstay_entity::{Entity, Json, Record, Value};
use mainstay_store::{Filter, Store};
use mainstay_testkit::{Postgres, connect};
use std::sync::Arc;

const VOCABULARY: [&str; 14] = [
    "fat",
    "rats",
    "rat",
    "the",
    "cat",
    "running",
    "ran",
    "runs",
    "Café",
    "cafe",
    "x1",
    "東京",
    "of",
    "categories",
];

/// Numbers that a seed decides.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % bound
    }

    fn word(&mut self) -> &'static str {
        VOCABULARY[self.below(VOCABULARY.len())]
    }

    fn text(&mut self, most: usize) -> String {
        let count = self.below(most + 1);
        let words: Vec<&str> = (0..count).map(|_| self.word()).collect();
        words.join([" ", ", ", "-", ". "][self.below(4)])
    }

    fn operators(&mut self, depth: usize) -> String {
        match if depth == 0 { self.below(2) } else { self.below(7) } {
            0 => self.word().to_owned(),
            1 => format!("{}:*", self.word().chars().take(2).collect::<String>()),
            2 => format!("({} & {})", self.operators(depth - 1), self.operators(depth - 1)),
            3 => format!("({} | {})", self.operators(depth - 1), self.operators(depth - 1)),
            4 => format!("!({})", self.operators(depth - 1)),
            5 => format!("({} <-> {})", self.operators(depth - 1), self.operators(depth - 1)),
            _ => format!("({} <2> {})", self.operators(depth - 1), self.operators(depth - 1)),
        }
    }

    fn query(&mut self) -> Query {
        let language = [Language::English, Language::Simple][self.below(2)];
        let (mode, text) = match self.below(5) {
            0 => (Mode::Plain, self.text(3)),
            1 => (Mode::Phrase, self.text(3)),
            2 => (Mode::Web, format!("{} -{} or \"{}\"", self.word(), self.word(), self.text(2))),
            _ => (Mode::Operators, self.operators(3)),
        };
        Query::parse(mode, language, &text).unwrap()
    }
}

/// SQL's three values.
fn truth(filter: &Filter, row: &Record) -> Option<bool> {
    match filter {
        Filter::And(parts) => decide(parts, row, false),
        Filter::Or(parts) => decide(parts, row, true),
        Filter::Not(inner) => truth(inner, row).map(|value| !value),
        Filter::Search { column, query } => {
            let value = &row.0[*column];
            (!value.is_null()).then(|| query.matches(&Words::of_value(value)))
        }
        _ => None,
    }
}

/// What parts come to, of which one of this value decides.
fn decide(parts: &[Filter], row: &Record, decisive: bool) -> Option<bool> {
    let known: Vec<Option<bool>> = parts.iter().map(|part| truth(part, row)).collect();
    if known.contains(&Some(decisive)) {
        return Some(decisive);
    }
    if known.contains(&None) { None } else { Some(!decisive) }
}

fn filter(random: &mut Random, columns: &[usize], depth: usize) -> Filter {
    if depth == 0 {
        let column = columns[random.below(columns.len())];
        return Filter::Search { column, query: Arc::new(random.query()) };
    }
    let one = filter(random, columns, depth - 1);
    match random.below(3) {
        0 => Filter::And(vec![one, filter(random, columns, depth - 1)]),
        1 => Filter::Or(vec![one, filter(random, columns, depth - 1)]),
        _ => Filter::Not(Box::new(one)),
    }
}

#[tokio::test]
async fn random_searches_find_the_same_on_both_engines() {
    let catalog = catalog(true);
    let table = notes(&catalog);
    let columns: Vec<usize> = table.search_columns().collect();
    let mut random = Random(7);
    let engines = engines().await;
    let mut stores: Vec<Store> = Vec::new();
    for engine in &engines {
        stores.push(engine.open(&catalog).await);
    }
    let mut rows: Vec<(u128, Record)> = Vec::new();
    for number in 1..=60 {
        let tenant = 1 + number % 2;
        let title = random.text(8);
        let mut row = note(tenant, number, Some(&title).filter(|_| number % 7 > 0).map(|t| &**t));
        row.tags = (0..random.below(3)).map(|_| random.text(2)).collect();
        let facts = serde_json::json!({ "a": random.text(3), "b": [random.text(2), 1, "fat rat"] });
        row.facts =
            Json::from_canonical(mainstay_entity::json::canonical(&facts.to_string()).unwrap());
        rows.push((tenant, row.into_record()));
    }
    for store in &stores {
        for (tenant, row) in &rows {
            let mut insert = insert(&catalog, Vec::new());
            insert.rows.push(row.clone());
            store.insert(&member(*tenant), vec![insert]).await.unwrap();
        }
    }
    let number = table.column_index("number").unwrap();
    let mut hits = 0;
    for round in 0..400 {
        let filter = filter(&mut random, &columns, round % 3);
        for tenant in [1, 2] {
            let mut expected: Vec<i64> = rows
                .iter()
                .filter(|(owner, row)| *owner == tenant && truth(&filter, row) == Some(true))
                .map(|(_, row)| match row.0[number] {
                    Value::Int(number) => number,
                    _ => 0,
                })
                .collect();
            expected.sort_unstable();
            hits += expected.len();
            for store in &stores {
                let found = found(store, &member(tenant), filter.clone()).await;
                assert_eq!(found, expected, "{} {filter:?}", store.engine_name());
            }
        }
    }
    assert!(hits > 1_000, "searches that find something: {hits}");
}

/// The cases that the definition is tested with hold on a server.
#[tokio::test]
async fn postgresql_agrees_with_the_cases() {
    let cases = include_str!("../../../entity/src/search/cases.tsv");
    let database = Postgres::shared().database().await;
    let client = connect(&database.superuser_url).await.unwrap();
    for case in cases.lines() {
        let [function, asked, text, expected] =
            case.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let sql = format!("SELECT to_tsvector('english', $1) @@ {function}('english', $2)");
        let row = client.query_one(&sql, &[&text, &asked]).await.unwrap();
        assert_eq!(row.get::<_, bool>(0).to_string(), expected, "{case}");
    }
}
