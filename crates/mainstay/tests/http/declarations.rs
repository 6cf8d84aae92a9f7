//! What declarations promise, tried on every entity: each column refuses what does not fit it, each
//! reference, unique key and life cycle holds, and what nobody may write or read is neither
//! written nor read.

mod deletion;

use crate::server::{Caller, Reply, Server, is_of_an_organization};
use crate::{on_both_engines, over_every_catalog};
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};

pub(crate) const UNKNOWN_ID: &str = "018f0000-0000-7000-8000-000000000000";

on_both_engines!(every_table_has_rows);

over_every_catalog!(
    values_of_a_wrong_kind_are_refused,
    values_out_of_bounds_are_refused,
    moves_that_a_life_cycle_does_not_have_are_refused,
    dangling_references_are_refused,
    rows_can_be_copied_unless_a_key_forbids_it,
    columns_of_the_system_are_not_written,
    secrets_are_not_read,
    rows_that_are_never_changed_are_not,
);

/// An entity with a row of the demonstration.
pub(crate) struct Sample {
    pub(crate) entity: Value,
    pub(crate) row: Map<String, Value>,
}

impl Sample {
    pub(crate) fn table(&self) -> &str {
        self.entity["table"].as_str().unwrap()
    }

    fn columns(&self) -> impl Iterator<Item = &Value> {
        self.entity["columns"].as_array().unwrap().iter()
    }

    /// The columns that callers write.
    fn writable(&self) -> impl Iterator<Item = &Value> {
        self.columns()
            .filter(|column| column["read_only"] == false && column["name"] != "organization_id")
    }

    fn is(&self, fact: &str) -> bool {
        self.entity[fact] == true
    }

    fn column(&self, name: &str) -> &Value {
        self.columns().find(|column| column["name"] == name).unwrap()
    }

    /// A body for a new row like the sample: what callers write, with an identifier of its own.
    fn copy(&self) -> Map<String, Value> {
        let mut body = Map::new();
        for column in self.writable() {
            let name = column["name"].as_str().unwrap();
            let value = match self.row.get(name) {
                _ if name == "id" || name == "organization_id" => continue,
                Some(value) => value.clone(),
                None if column["nullable"] == true || !column["default"].is_null() => continue,
                None => stand_in(column),
            };
            body.insert(name.to_owned(), value);
        }
        body
    }

    /// Writes one value to the sample: changes the row, or adds a copy of it that has the value.
    async fn write(&self, server: &Server, column: &str, value: Value) -> Reply {
        let caller = server.service(0);
        if self.is("append_only") {
            let mut body = self.copy();
            body.insert(column.to_owned(), value);
            let body = Value::from(body).to_string();
            return server.send(&caller, Method::POST, self.table(), &[], body).await;
        }
        let body = Value::from(Map::from_iter([(column.to_owned(), value)])).to_string();
        let path = format!("{}?{}", self.table(), self.key());
        server.send(&caller, Method::PATCH, &path, &[], body).await
    }

    /// A filter for the row alone.
    pub(crate) fn key(&self) -> String {
        key(&self.entity, &self.row)
    }
}

/// A filter for one row.
pub(crate) fn key(entity: &Value, row: &Map<String, Value>) -> String {
    let columns = entity["primary_key"].as_array().unwrap().iter();
    let conditions = columns.map(|column| {
        let column = column.as_str().unwrap();
        let value = row.get(column).unwrap_or_else(|| panic!("no {column} in {row:?}"));
        format!("{column}=eq.{}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    });
    conditions.collect::<Vec<_>>().join("&")
}

/// A value for a column that must have one and is not shown.
fn stand_in(column: &Value) -> Value {
    match column["type"].as_str().unwrap() {
        "bytea" => json!(format!("\\x{}", "5a".repeat(32))),
        "jsonb" => json!({}),
        "uuid" => json!(UNKNOWN_ID),
        _ => json!("stand-in"),
    }
}

/// Entities that an organisation's server may write, each with a row.
async fn samples(server: &Server) -> Vec<Sample> {
    let mut samples = Vec::new();
    for entity in server.tables() {
        if !is_of_an_organization(&entity) || entity["read_only"] == true {
            continue;
        }
        let path = format!("{}?limit=1", entity["table"].as_str().unwrap());
        let rows = server.get(&server.service(0), &path).await.rows();
        if let Some(Value::Object(row)) = rows.into_iter().next() {
            samples.push(Sample { entity, row });
        }
    }
    assert!(samples.len() >= server.expected(90), "{}", samples.len());
    samples
}

/// Asserts that a write was refused by a code, in words that name the column.
fn refused(reply: &Reply, codes: &[&str], sample: &Sample, column: &str) {
    let what = format!("{}.{column}: {reply:?}", sample.table());
    assert!(reply.status.is_client_error(), "{what}");
    assert!(codes.contains(&reply.code().as_str()), "{what}");
    assert!(reply.text.contains(column), "{what}");
}

/// Logs and their like, which are made when something happens.
const EMPTY: [&str; 7] = [
    "ledger_pending",
    "ledger_leases",
    "ledger_cosignatures",
    "ledger_statements",
    "job_states",
    "idempotency_keys",
    "identity_sequences",
];

async fn every_table_has_rows(server: Server) {
    for index in [0, 1] {
        let admin = server.person(index, "admin").await;
        for entity in Server::entities() {
            let table = entity["table"].as_str().unwrap();
            if entity["scope"] == "platform" || EMPTY.contains(&table) {
                continue;
            }
            // An owner sees own rows; others' are the platform's to show.
            let owned = entity["scope"].as_str().unwrap().starts_with("owner(user");
            let reply = server.get(&admin, table).await;
            assert_eq!(reply.status, StatusCode::OK, "{table}: {reply:?}");
            assert!(owned || !reply.rows().is_empty(), "{table} is empty");
            assert!(!reply.text.contains(&server.organization_id(1 - index)), "{table}");
            // Identifiers of the server grow with time: they are UUIDs of version 7.
            let ids =
                reply.rows().into_iter().filter_map(|row| Some(row["id"].as_str()?.to_owned()));
            for id in ids {
                assert_eq!(&id[14..15], "7", "{table}: {id}");
            }
        }
    }
}

async fn values_of_a_wrong_kind_are_refused(server: &Server) {
    for sample in samples(server).await {
        for column in sample.writable() {
            let name = column["name"].as_str().unwrap();
            let wrong = match column["type"].as_str().unwrap() {
                "text" | "jsonb" | "secret" | "sealed" => continue,
                "numeric(78,0)" => json!("-1"),
                "boolean" => json!("perhaps"),
                // Any text would be the bytes of it.
                "bytea" => json!("\\x0g"),
                _ => json!("no such value"),
            };
            let reply = sample.write(server, name, wrong).await;
            refused(&reply, &["22P02", "22007", "22003", "22023"], &sample, name);
        }
    }
}

async fn values_out_of_bounds_are_refused(server: &Server) {
    for sample in samples(server).await {
        for column in sample.writable() {
            let name = column["name"].as_str().unwrap();
            if let Some(max) = column["max_length"].as_u64()
                && max <= 100_000
            {
                let long = "x".repeat(usize::try_from(max).unwrap() + 1);
                let reply = sample.write(server, name, json!(long)).await;
                refused(&reply, &["22001"], &sample, name);
            }
            let below = column["min"].as_i64().map(|min| min - 1);
            let above = column["max"].as_i64().map(|max| max + 1);
            for wrong in [below, above].into_iter().flatten() {
                let reply = sample.write(server, name, json!(wrong)).await;
                refused(&reply, &["23514", "22003"], &sample, name);
            }
            // Bounds hold for the part behind the point too.
            if column["type"].as_str().unwrap().ends_with(",2)")
                && let Some(min) = column["min"].as_f64()
            {
                let reply = sample.write(server, name, json!(min - 0.5)).await;
                refused(&reply, &["23514"], &sample, name);
                assert!(reply.text.contains("expected a number"), "{reply:?}");
            }
            if column["nullable"] == false {
                let reply = sample.write(server, name, Value::Null).await;
                refused(&reply, &["23502"], &sample, name);
            }
        }
    }
}

async fn moves_that_a_life_cycle_does_not_have_are_refused(server: &Server) {
    let mut tried = 0;
    for sample in samples(server).await.iter().filter(|sample| !sample.is("append_only")) {
        for cycle in sample.entity["life_cycles"].as_array().unwrap() {
            let name = cycle["column"].as_str().unwrap();
            let moves = &cycle["moves"];
            let now = sample.row.get(name).unwrap_or(&Value::Null);
            if sample.column(name)["read_only"] == true || now.is_null() {
                continue;
            }
            let allowed = moves[now.as_str().unwrap()].as_array().unwrap();
            for value in moves.as_object().unwrap().keys() {
                if allowed.contains(&json!(value)) || *now == json!(value) {
                    continue;
                }
                let reply = sample.write(server, name, json!(value)).await;
                refused(&reply, &["23514"], sample, name);
                tried += 1;
            }
        }
    }
    assert!(tried >= server.expected(60), "only {tried} moves were tried");
}

async fn dangling_references_are_refused(server: &Server) {
    let entities = server.catalog();
    for sample in samples(server).await {
        for reference in sample.entity["references"].as_array().unwrap() {
            let columns = reference["columns"].as_array().unwrap().iter();
            let columns: Vec<&str> =
                columns.map(|c| c.as_str().unwrap()).filter(|c| *c != "organization_id").collect();
            let [column] = columns[..] else { continue };
            if sample.column(column)["read_only"] == true {
                continue;
            }
            let is_it = |e: &&Value| ["schema", "table"].iter().all(|key| e[key] == reference[key]);
            let target = entities.iter().find(is_it).unwrap();
            let unknown = match sample.column(column)["type"].as_str().unwrap() {
                "uuid" => json!(UNKNOWN_ID),
                "integer" => json!(i32::MAX),
                _ => json!("nothing"),
            };
            let dangling = sample.write(server, column, unknown.clone()).await;
            // A rule over several columns may be broken as well, and is looked at first.
            if dangling.code() == "23514" {
                continue;
            }
            refused(&dangling, &["23503"], &sample, column);
            if !is_of_an_organization(target) {
                continue;
            }
            let to = reference["to"].as_array().unwrap().last().unwrap().as_str().unwrap();
            let query = format!("?select={to}&limit=1");
            let theirs = server.read(&server.service(1), target, &query).await.rows();
            let Some(foreign) = theirs.first().and_then(|row| row[to].as_str()) else { continue };
            let shared = format!("{query}&{to}=eq.{foreign}");
            if !server.read(&server.service(0), target, &shared).await.rows().is_empty() {
                continue;
            }
            let crossing = sample.write(server, column, json!(foreign)).await;
            let told = crossing.text.replace(foreign, unknown.as_str().unwrap_or_default());
            assert_eq!((crossing.status, told), (dangling.status, dangling.text), "{column}");
        }
    }
}

async fn rows_can_be_copied_unless_a_key_forbids_it(server: &Server) {
    let mut conflicts = 0;
    for sample in samples(server).await {
        let body = Value::from(sample.copy()).to_string();
        let reply = server.send(&server.service(0), Method::POST, sample.table(), &[], body).await;
        let mut uniques = sample.entity["uniques"].as_array().unwrap().clone();
        // A copy gets an identifier of its own, and no other key.
        let primary = &sample.entity["primary_key"];
        if primary.as_array().unwrap().iter().all(|column| column != "id") {
            uniques.push(json!({ "columns": primary }));
        }
        // A key over values that the copy has in common with the sample, nulls aside.
        let binds = |unique: &Value| {
            unique["columns"].as_array().unwrap().iter().all(|column| {
                let column = sample.column(column.as_str().unwrap());
                let name = column["name"].as_str().unwrap();
                let is_null = sample.row.get(name).is_none_or(Value::is_null);
                name == "organization_id"
                    || column["read_only"] == false
                        && (!is_null || unique["nulls_not_distinct"] == true)
            })
        };
        let always = uniques.iter().any(|unique| unique["where"].is_null() && binds(unique));
        let perhaps = uniques.iter().any(binds);
        let what = format!("{}: {reply:?}", sample.table());
        if reply.status == StatusCode::CONFLICT {
            assert!(perhaps, "{what}");
            assert_eq!(reply.code(), "23505", "{what}");
            assert!(reply.text.contains("duplicate key"), "{what}");
            conflicts += 1;
        } else {
            assert!(!always && reply.status == StatusCode::CREATED, "{what}");
        }
    }
    assert!(conflicts >= server.expected(40), "only {conflicts} keys were tried");
}

async fn columns_of_the_system_are_not_written(server: &Server) {
    for sample in samples(server).await {
        let written = sample.columns().filter(|column| column["read_only"] == true);
        for column in written {
            let name = column["name"].as_str().unwrap();
            // The hash beside a blindly indexed column is no column to callers.
            if !sample.row.contains_key(name) {
                continue;
            }
            let reply = sample.write(server, name, sample.row[name].clone()).await;
            refused(&reply, &["428C9"], &sample, name);
        }
    }
    for entity in server.tables() {
        if entity["read_only"] != true {
            continue;
        }
        let table = entity["table"].as_str().unwrap();
        let caller = server.service(0);
        for (method, path) in [(Method::POST, table.to_owned()), (Method::DELETE, table.to_owned())]
        {
            let reply = server.send(&caller, method, &path, &[], "{}").await;
            assert!(reply.status.is_client_error(), "{table}: {reply:?}");
        }
    }
}

async fn secrets_are_not_read(server: &Server) {
    let caller: Caller = server.service(0);
    let mut tried = 0;
    for entity in server.tables().iter().filter(|entity| is_of_an_organization(entity)) {
        let table = entity["table"].as_str().unwrap();
        let secrets = entity["columns"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|column| column["type"] == "secret");
        for column in secrets {
            let name = column["name"].as_str().unwrap();
            let whole = server.get(&caller, table).await.rows();
            assert!(whole.iter().all(|row| row.get(name).is_none()), "{table}.{name}");
            for query in [format!("select={name}"), format!("{name}=eq.x"), format!("order={name}")]
            {
                let reply = server.get(&caller, &format!("{table}?{query}")).await;
                assert!(reply.status.is_client_error(), "{table}?{query}: {reply:?}");
            }
            tried += 1;
        }
    }
    assert!(tried >= server.expected(5), "only {tried} secrets were tried");
}

async fn rows_that_are_never_changed_are_not(server: &Server) {
    for sample in samples(server).await.iter().filter(|sample| sample.is("append_only")) {
        let path = format!("{}?{}", sample.table(), sample.key());
        let own = Value::from(sample.copy()).to_string();
        for method in [Method::PATCH, Method::DELETE] {
            let body = own.clone();
            let reply = server.send(&server.service(0), method.clone(), &path, &[], body).await;
            assert!(reply.status.is_client_error(), "{method} {path}: {reply:?}");
        }
        let after = server.get(&server.service(0), &path).await.rows();
        assert_eq!(after, [Value::from(sample.row.clone())], "{path}");
    }
}
