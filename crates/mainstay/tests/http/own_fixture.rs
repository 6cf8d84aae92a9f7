//! A server with the own entities of `tests/fixtures/own`, which have each attribute, scope, shape
//! of key and type, and with a row of each table in both organisations.

use crate::server::{Engine, Server, read_json};
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Starts a server that serves them.
pub(crate) async fn start(engine: Engine) -> Server {
    let mut server = Server::start(engine).await;
    load(&mut server).await;
    server
}

/// Has a server serve them. Requests that name no schema then mean `public`.
pub(crate) async fn load(server: &mut Server) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/own");
    let entities = folder.to_str().unwrap();
    server.restart_with(&["--entities", entities, "--default-profile", "public"]);
    let rows = read_json(&folder.join("rows.json"));
    server.own = Some(folder);
    for index in [0, 1] {
        add_rows(server, index, rows.as_array().unwrap()).await;
    }
}

/// Adds the rows to an organisation. `$name.column` is a value of a row that was added `as` name,
/// or of one that is there.
async fn add_rows(server: &Server, index: usize, rows: &[Value]) {
    let caller = server.service(index);
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    let there = [("member", "organization_members"), ("team", "teams"), ("venue", "venues")];
    for (name, table) in there {
        let built_in = json!({ "schema": "mainstay", "table": table });
        let found = server.read(&caller, &built_in, "?limit=1").await.rows();
        known.insert(name.to_owned(), found[0].clone());
    }
    let headers = [("Prefer", "return=representation")];
    for entry in rows {
        let table = entry["table"].as_str().unwrap();
        let given = entry["row"].as_object().unwrap().iter();
        let row: Map<String, Value> =
            given.map(|(column, value)| (column.clone(), resolved(value, &known))).collect();
        let body = Value::from(row).to_string();
        let reply = server.send(&caller, Method::POST, table, &headers, body).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{table}: {reply:?}");
        if let Some(name) = entry["as"].as_str() {
            known.insert(name.to_owned(), reply.rows()[0].clone());
        }
    }
}

fn resolved(value: &Value, known: &BTreeMap<String, Value>) -> Value {
    let place = value.as_str().and_then(|text| text.strip_prefix('$')?.split_once('.'));
    place.map_or_else(|| value.clone(), |(name, column)| known[name][column].clone())
}
