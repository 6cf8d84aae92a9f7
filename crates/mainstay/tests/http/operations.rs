//! Every operation of the served OpenAPI document, tried by those who may not do it.

use crate::on_both_engines;
use crate::server::{Caller, Reply, Server, is_of_an_organization};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The only path that names its table by a parameter.
const CHANGES: &str = "/rest/v1/{table}/changes";
const UNKNOWN_ID: &str = "018f0000-0000-7000-8000-000000000000";

/// What everybody may do. An entry that is not needed fails. A `HEAD` goes with its `GET`.
const PUBLIC: [&str; 23] = [
    "GET /auth/v1/.well-known/jwks.json",
    "GET /auth/v1/.well-known/openid-configuration",
    // Where browsers come that nobody knows yet; a state and a cookie belong to what follows.
    "GET /auth/v1/authorize",
    "GET /auth/v1/callback",
    "GET /auth/v1/health",
    "GET /auth/v1/settings",
    // A link that was sent proves who opens it.
    "GET /auth/v1/verify",
    // What there is to connect to, before one has an account.
    "GET /rest/v1/integrations",
    // A government's list, published by it.
    "GET /rest/v1/ofac_sdn_entries",
    // What a newcomer will be asked.
    "GET /rest/v1/onboarding_steps",
    // The catalog of permissions is the same for all.
    "GET /rest/v1/permissions",
    // The library of tasks that the product ships.
    "GET /rest/v1/roadmap_library_versions",
    "GET /rest/v1/roadmap_tasks",
    // What there is to subscribe to.
    "GET /rest/v1/subscription_plans",
    // How somebody proves who they are, so these can't ask.
    "POST /auth/v1/otp",
    "POST /auth/v1/passkeys/authentication/options",
    "POST /auth/v1/passkeys/authentication/verify",
    "POST /auth/v1/recover",
    "POST /auth/v1/resend",
    "POST /auth/v1/signup",
    "POST /auth/v1/token",
    "POST /auth/v1/verify",
    // Everybody may ask what they may do, and learns no more than by trying.
    "POST /rest/v1/rpc/may",
];

/// What a key without permissions may do besides.
const WITH_A_KEY: [&str; 1] = [
    // Its own organisation's row, as the row's scope says.
    "GET /rest/v1/organizations",
];

on_both_engines!(operations_are_refused, operations_stay_in_their_organization);

/// An operation of the document.
#[derive(Clone, Debug)]
struct Operation {
    method: Method,
    path: String,
    /// Whether it can be filtered by `id`.
    has_id: bool,
    /// Whether its answer has no end.
    streams: bool,
}

impl Operation {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The path with what the operation needs to get as far as permission, aimed at one row.
    fn aimed_at(&self, id: &str) -> String {
        if self.path == CHANGES {
            return CHANGES.replace("{table}", "teams");
        }
        if self.path == "/auth/v1/token" {
            return format!("{}?grant_type=password", self.path);
        }
        let aims = [Method::PATCH, Method::PUT, Method::DELETE].contains(&self.method);
        if aims && self.has_id { format!("{}?id=eq.{id}", self.path) } else { self.path.clone() }
    }

    fn body(&self, id: &str) -> String {
        match self.method {
            Method::POST if self.path == "/rest/v1/batch" => {
                let row =
                    json!({ "method": "PATCH", "path": format!("/teams?id=eq.{id}"), "body": {} });
                json!([{ "method": "GET", "path": "/teams" }, row]).to_string()
            }
            Method::PUT => json!({ "id": id }).to_string(),
            Method::POST | Method::PATCH => "{}".to_owned(),
            _ => String::new(),
        }
    }
}

async fn operations(server: &Server) -> Vec<Operation> {
    let document = server.request(&Caller::default(), Method::GET, "/openapi.json", &[], "").await;
    let document = document.json();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            if !operation["responses"].is_object() {
                continue;
            }
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let has_id = parameters.iter().any(|parameter| parameter["name"] == "id");
            let streams = operation["responses"]["200"]["content"]["text/event-stream"].is_object();
            if method == Method::GET {
                let (path, method) = (path.clone(), Method::HEAD);
                operations.push(Operation { method, path, has_id, streams });
            }
            operations.push(Operation { method, path: path.clone(), has_id, streams });
        }
    }
    assert!(operations.len() > 60, "{operations:?}");
    assert!(operations.iter().any(|o| o.name() == "DELETE /rest/v1/teams"));
    operations
}

async fn try_one(server: &Server, caller: &Caller, operation: &Operation, id: &str) -> Reply {
    let headers = [("Prefer", "return=representation")];
    let (path, body) = (operation.aimed_at(id), operation.body(id));
    server.request(caller, operation.method.clone(), &path, &headers, body).await
}

async fn operations_are_refused(server: Server) {
    let with_a_key = [&PUBLIC[..], &WITH_A_KEY].concat();
    for (caller, exceptions) in
        [(Caller::default(), &PUBLIC[..]), (server.anonymous(0), &with_a_key)]
    {
        let heads = exceptions.iter().filter(|name| name.starts_with("GET"));
        let heads = heads.map(|name| name.replace("GET", "HEAD"));
        let expected: BTreeSet<String> =
            exceptions.iter().map(ToString::to_string).chain(heads).collect();
        let mut allowed = BTreeSet::new();
        for operation in operations(&server).await {
            let reply = try_one(&server, &caller, &operation, UNKNOWN_ID).await;
            let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&reply.status);
            if !refused {
                assert!(!reply.status.is_server_error(), "{}: {reply:?}", operation.name());
                allowed.insert(operation.name());
            }
        }
        assert_eq!(allowed, expected, "as {caller:?}");
    }
}

/// Rows of an organisation's tables as its own server sees them, without what counts uses.
async fn rows(server: &Server, index: usize) -> BTreeMap<String, Vec<Value>> {
    let mut rows = BTreeMap::new();
    for entity in Server::entities() {
        let table = entity["table"].as_str().unwrap().to_owned();
        // The logs follow their events by themselves, in their own time.
        if !is_of_an_organization(&entity) || table.starts_with("ledger_") {
            continue;
        }
        let mut found = server.get(&server.service(index), &table).await.rows();
        for row in &mut found {
            let row = row.as_object_mut().unwrap();
            row.retain(|column, _| !column.starts_with("last_used") && column != "usage_count");
        }
        rows.insert(table, found);
    }
    rows
}

async fn operations_stay_in_their_organization(server: Server) {
    let before = rows(&server, 0).await;
    // Lists of groups have no identifiers of their own.
    let ids: Vec<&str> = before.values().flatten().filter_map(|row| row["id"].as_str()).collect();
    assert!(ids.len() > 50, "{}", ids.len());
    let organization = server.organization_id(0);
    let stranger = server.service(1);
    // Who listens waits for what comes; the tests of changes are about that.
    for operation in operations(&server).await.into_iter().filter(|o| !o.streams) {
        let table = operation.path.rsplit('/').next().unwrap();
        let aims = before.get(table).into_iter().flatten().take(3);
        let aims = aims.filter_map(|row| row["id"].as_str()).chain([UNKNOWN_ID]);
        for id in aims {
            let reply = try_one(&server, &stranger, &operation, id).await;
            let shown = ids.iter().find(|other| **other != id && reply.text.contains(**other));
            assert_eq!(shown, None, "{}: {reply:?}", operation.name());
            assert!(!reply.text.contains(&organization), "{}: {reply:?}", operation.name());
            if [Method::PATCH, Method::DELETE].contains(&operation.method)
                && reply.status.is_success()
            {
                assert_eq!(reply.text, "[]", "{} of {id}", operation.name());
            }
        }
        let body = json!({ "organization_id": organization }).to_string();
        if operation.method == Method::POST && operation.path.starts_with("/rest/v1/") {
            let planted = server.request(&stranger, Method::POST, &operation.path, &[], body).await;
            assert!(planted.status.is_client_error(), "{}: {planted:?}", operation.name());
        }
    }
    assert_eq!(rows(&server, 0).await, before);
}
