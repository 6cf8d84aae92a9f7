//! What a module declares, in words that its tests can state. Whatever is asked for and not there
//! fails the test.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

pub mod lines;

use mainstay_entity::{
    ChoiceMeta, ChoiceValue, Column, DefaultValue, EntityMeta, Kind, NullsDistinct, OnDelete,
    Unique,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// The entities of a module, asked by name: a `path` is `table.column`.
#[derive(Debug)]
pub struct Declared {
    entities: Vec<EntityMeta>,
    /// What the module has in the demonstration, as JSON.
    story: &'static str,
}

impl Declared {
    /// The declarations of a module.
    #[must_use]
    pub const fn new(entities: Vec<EntityMeta>) -> Self {
        Self { entities, story: "[]" }
    }

    /// With the module's part of the demonstration.
    #[must_use]
    pub fn with_story(self, story: &'static str) -> Self {
        Self { story, ..self }
    }

    /// All entities of the module.
    #[must_use]
    pub fn entities(&self) -> &[EntityMeta] {
        &self.entities
    }

    /// One entity.
    #[must_use]
    pub fn entity(&self, table: &str) -> &EntityMeta {
        let found = self.entities.iter().find(|entity| entity.table == table);
        found.unwrap_or_else(|| panic!("no table {table}"))
    }

    /// One column.
    #[must_use]
    pub fn column(&self, path: &str) -> &Column {
        let (table, name) = split(path);
        self.entity(table).column(name).unwrap_or_else(|| panic!("no column {path}"))
    }

    /// The choice that a column is.
    #[must_use]
    pub fn choice(&self, path: &str) -> &ChoiceMeta {
        match &self.column(path).kind {
            Kind::Choice(choice) => choice,
            other => panic!("{path} is {}", other.name()),
        }
    }

    /// The values of a choice in their order.
    #[must_use]
    pub fn values(&self, path: &str) -> String {
        let names = self.choice(path).values.iter().map(|value| value.name.as_ref());
        names.collect::<Vec<_>>().join(" ")
    }

    /// The values of a choice in their order, each with those that may follow it in a life cycle:
    /// `a>b|c b c`.
    #[must_use]
    pub fn choices(&self, path: &str) -> String {
        let choice = self.choice(path);
        let mut described = Vec::new();
        for value in choice.values.iter() {
            let follows = |other: &&ChoiceValue| value.next.contains(&other.name);
            let next: Vec<&str> = choice.values.iter().filter(follows).map(|v| &*v.name).collect();
            let arrow = if next.is_empty() { "" } else { ">" };
            described.push(format!("{}{arrow}{}", value.name, next.join("|")));
        }
        described.join(" ")
    }

    /// Every move of a life cycle, as `from>to`.
    #[must_use]
    pub fn moves(&self, path: &str) -> BTreeSet<String> {
        let choice = self.choice(path);
        assert!(choice.life_cycle, "{path} is no life cycle");
        let from = choice.values.iter();
        from.flat_map(|from| from.next.iter().map(move |to| format!("{}>{to}", from.name)))
            .collect()
    }

    /// The default's text; `now` for the time of the request.
    #[must_use]
    pub fn default(&self, path: &str) -> Option<String> {
        self.column(path).default.as_ref().map(|default| match default {
            DefaultValue::Literal(text) => text.to_string(),
            DefaultValue::Now => "now".to_owned(),
            DefaultValue::NewId => "new id".to_owned(),
            DefaultValue::Identity => "identity".to_owned(),
        })
    }

    /// Every unique key of a table: its columns, then `=` when nulls are equal, then its condition.
    #[must_use]
    pub fn uniques(&self, table: &str) -> BTreeSet<String> {
        let describe = |unique: &Unique| {
            let nulls = if unique.nulls == NullsDistinct::No { " =" } else { "" };
            let filter = unique.filter.as_ref().map_or_else(String::new, |f| format!(" where {f}"));
            format!("{}{nulls}{filter}", unique.columns.join(" "))
        };
        self.entity(table).uniques.iter().map(describe).collect()
    }

    /// The `table.column` that a column refers to, and what happens when the row there goes.
    #[must_use]
    pub fn reference(&self, path: &str) -> Option<(String, OnDelete)> {
        let (table, name) = split(path);
        let references = &self.entity(table).references;
        let found = references.iter().find(|reference| *reference.columns == [name]);
        found.map(|r| (format!("{}.{}", r.table, r.to.join(" ")), r.on_delete))
    }

    /// The table that a column refers to, and what happens when the row there goes.
    #[must_use]
    pub fn parent(&self, path: &str) -> Option<(String, OnDelete)> {
        self.reference(path).map(|(to, action)| (split(&to).0.to_owned(), action))
    }

    /// What happens when the row goes that a column refers to.
    #[must_use]
    pub fn on_delete(&self, path: &str) -> OnDelete {
        self.reference(path).unwrap_or_else(|| panic!("{path} refers to nothing")).1
    }

    /// Asserts that a table has columns, each of which may be null if a `?` follows its name.
    pub fn assert_columns(&self, table: &str, columns: &str) {
        for word in columns.split_whitespace() {
            let name = word.trim_end_matches('?');
            let column = self.column(&format!("{table}.{name}"));
            assert_eq!(column.nullable, word.ends_with('?'), "{table}.{name}");
        }
    }

    /// A table's rows in the demonstration.
    #[must_use]
    pub fn samples(&self, table: &str) -> Vec<Value> {
        let blocks: Vec<Value> = serde_json::from_str(self.story).unwrap();
        let block = blocks.into_iter().find(|block| block["table"] == table).unwrap();
        block["rows"].as_array().unwrap().clone()
    }

    /// Asserts that one of a table's rows in the demonstration holds all these values.
    pub fn assert_sample(&self, table: &str, expected: &Value) {
        let holds = |row: &Value| {
            expected.as_object().unwrap().iter().all(|(name, value)| row.get(name) == Some(value))
        };
        assert!(self.samples(table).iter().any(holds), "no row of {table} is like {expected}");
    }
}

fn split(path: &str) -> (&str, &str) {
    path.split_once('.').unwrap_or_else(|| panic!("{path} is no table.column"))
}

/// A set of texts.
#[must_use]
pub fn set<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
    texts.map(str::to_owned).into()
}

/// The words of a text as a set.
#[must_use]
pub fn words(text: &str) -> BTreeSet<String> {
    text.split_whitespace().map(str::to_owned).collect()
}
