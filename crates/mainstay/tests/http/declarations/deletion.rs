//! What a deletion does to the rows that refer to the deleted one, against a model of the
//! declarations.

use super::key;
use crate::over_every_catalog;
use crate::server::{Server, is_of_an_organization};
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

over_every_catalog!(deletions_restrict_cascade_and_set_null_as_declared);

type Row = Map<String, Value>;
/// A row: its table and its place in it.
type Place = (String, usize);

/// The rows of one organisation, and how they refer to each other.
struct Model {
    entities: BTreeMap<String, Value>,
    rows: BTreeMap<String, Vec<Row>>,
}

/// What a deletion would do.
#[derive(Default)]
struct Outcome {
    gone: BTreeSet<Place>,
    emptied: BTreeSet<(Place, String)>,
    restricted: bool,
}

impl Model {
    async fn load(server: &Server) -> Self {
        let mut model = Self { entities: BTreeMap::new(), rows: BTreeMap::new() };
        let is_table = |entity: &Value| is_of_an_organization(entity) && entity["view"].is_null();
        for entity in server.tables().into_iter().filter(is_table) {
            let table = entity["table"].as_str().unwrap().to_owned();
            model.reload(server, &table).await;
            model.entities.insert(table, entity);
        }
        model
    }

    async fn reload(&mut self, server: &Server, table: &str) {
        let found = server.get(&server.service(0), table).await.rows();
        let rows = found.into_iter().map(|row| row.as_object().unwrap().clone()).collect();
        self.rows.insert(table.to_owned(), rows);
    }

    /// The rows that refer to one, with the reference.
    fn children(&self, place: &Place) -> Vec<(Place, &Value)> {
        let parent = &self.rows[&place.0][place.1];
        let mut children = Vec::new();
        for (table, entity) in &self.entities {
            for reference in entity["references"].as_array().unwrap() {
                if reference["table"] != place.0.as_str() {
                    continue;
                }
                let columns = reference["columns"].as_array().unwrap();
                let pairs = columns.iter().zip(reference["to"].as_array().unwrap());
                let pairs: Vec<_> =
                    pairs.map(|(a, b)| (a.as_str().unwrap(), b.as_str().unwrap())).collect();
                for (index, row) in self.rows[table].iter().enumerate() {
                    let refers = pairs.iter().all(|(own, to)| row.get(*own) == parent.get(*to));
                    if refers {
                        children.push(((table.clone(), index), reference));
                    }
                }
            }
        }
        children
    }

    fn delete(&self, place: Place) -> Outcome {
        let mut outcome = Outcome::default();
        let mut open = vec![place];
        let mut restricting = BTreeSet::new();
        while let Some(place) = open.pop() {
            if !outcome.gone.insert(place.clone()) {
                continue;
            }
            for (child, reference) in self.children(&place) {
                match reference["on_delete"].as_str().unwrap() {
                    "cascade" => open.push(child),
                    "set_null" => {
                        let columns = reference["columns"].as_array().unwrap().iter();
                        let own = columns.filter(|column| *column != "organization_id");
                        for column in own {
                            outcome
                                .emptied
                                .insert((child.clone(), column.as_str().unwrap().into()));
                        }
                    }
                    _ => {
                        restricting.insert(child);
                    }
                }
            }
        }
        outcome.restricted = !restricting.is_empty();
        outcome
    }
}

/// Tries one row of each table that others refer to, whose deletion is really one.
async fn deletions_restrict_cascade_and_set_null_as_declared(server: &Server) {
    let caller = server.service(0);
    if server.own.is_none() {
        add_role(server).await;
    }
    let mut model = Model::load(server).await;
    let (mut deleted, mut restricted) = (0, 0);
    let tables: Vec<String> = model.entities.keys().cloned().collect();
    for table in tables {
        let entity = &model.entities[&table];
        let is_kept = ["soft_delete", "append_only", "read_only"].iter().any(|f| entity[f] == true);
        // What is shipped stays, whatever is declared.
        let own =
            model.rows[&table].iter().position(|row| row.get("is_system") != Some(&json!(true)));
        let Some(index) = own.filter(|_| !is_kept) else {
            continue;
        };
        let place = (table.clone(), index);
        if model.children(&place).is_empty() {
            continue;
        }
        let outcome = model.delete(place);
        let path = format!("{table}?{}", key(entity, &model.rows[&table][index]));
        let reply = server.send(&caller, Method::DELETE, &path, &[], "").await;
        if outcome.restricted {
            assert_eq!(reply.status, StatusCode::CONFLICT, "{path}: {reply:?}");
            assert_eq!(reply.code(), "23503", "{path}: {reply:?}");
            restricted += 1;
            continue;
        }
        assert!(reply.status.is_success(), "{path}: {reply:?}");
        deleted += 1;
        for table in compare(server, &model, &outcome).await {
            model.reload(server, &table).await;
        }
    }
    let enough = deleted >= server.expected(10) && restricted >= server.expected(5);
    assert!(enough, "{deleted} deleted, {restricted} restricted");
}

/// A role that is not shipped, with a permission.
async fn add_role(server: &Server) {
    let caller = server.service(0);
    let headers = [("Prefer", "return=representation")];
    let permission = server.get(&caller, "permissions?name=eq.teams:read").await.rows();
    let body = json!({ "name": "guide" }).to_string();
    let role = server.send(&caller, Method::POST, "roles", &headers, body).await.rows();
    let body = json!({ "role_id": role[0]["id"], "permission_id": permission[0]["id"] });
    let reply = server.send(&caller, Method::POST, "role_permissions", &[], body.to_string()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
}

/// Compares what is left with what the model says, in the tables that the deletion concerns; gives
/// these.
async fn compare(server: &Server, before: &Model, outcome: &Outcome) -> BTreeSet<String> {
    let emptied = outcome.emptied.iter().map(|((table, _), _)| table.clone());
    let concerned: BTreeSet<String> =
        outcome.gone.iter().map(|(table, _)| table.clone()).chain(emptied).collect();
    for table in &concerned {
        let entity = &before.entities[table];
        for (index, row) in before.rows[table].iter().enumerate() {
            let place = (table.clone(), index);
            let path = format!("{table}?{}", key(entity, row));
            let found = server.get(&server.service(0), &path).await.rows();
            assert_eq!(found.is_empty(), outcome.gone.contains(&place), "{path}");
            let Some(after) = found.first() else { continue };
            for (_, column) in outcome.emptied.iter().filter(|(other, _)| *other == place) {
                assert_eq!(after[column], Value::Null, "{path}: {column}");
            }
        }
    }
    concerned
}
