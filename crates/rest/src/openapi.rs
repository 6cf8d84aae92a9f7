//! The API's description, made from the declarations: OpenAPI 3.1.

mod beside;
mod endpoint;
mod own_action;
mod schema;

pub use own_action::add_own_actions;

use crate::rpc::is_read_only;
use endpoint::{Endpoint, component};
use mainstay_entity::{Catalog, Column};
use mainstay_kernel::Action;
use serde_json::{Map, Value, json};

/// Where the data API is mounted.
const BASE: &str = "/rest/v1";

/// The document of some entities and actions, of which requests that name no schema mean those of
/// `default_schema`.
pub fn document(catalog: &Catalog, actions: &[&Action], default_schema: &str) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    schemas.insert("error".to_owned(), error_schema());
    schemas.extend(beside::schemas().map(|(name, schema)| (name.to_owned(), schema)));
    for table in catalog.tables() {
        let name = &table.meta.table;
        paths.entry(format!("{BASE}/{name}")).or_insert_with(|| {
            let tables = catalog.tables().iter().filter(|other| other.meta.table == *name);
            Endpoint::new(tables.map(AsRef::as_ref).collect(), default_schema).path()
        });
        schemas.insert(component(table), schema::row(table));
        schemas.insert(format!("{}.update", component(table)), schema::update(table));
        schemas.insert(
            format!("{}.insert", component(table)),
            schema::insert(table, &reference(&format!("{}.update", component(table)))),
        );
    }
    beside::add(&mut paths);
    let mut actions = actions.to_vec();
    actions.sort_by(|a, b| a.name.cmp(&b.name));
    for action in actions {
        paths.insert(format!("{BASE}/rpc/{}", action.name), action_path(action));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Mainstay",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Governed records of an organization, in PostgREST's dialect.",
        },
        "servers": [{ "url": "/" }],
        "security": [{ "apikey": [] }, { "bearer": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": parameters(),
            "responses": { "error": error_response() },
            "securitySchemes": {
                "apikey": { "type": "apiKey", "in": "header", "name": "apikey" },
                "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
            },
        },
    })
}

fn reference(component: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{component}") })
}

/// A condition on a column.
fn filter_parameter(column: &Column) -> Value {
    json!({
        "name": column.name,
        "in": "query",
        "description": format!("A condition such as eq.value. {}", column.description),
        "schema": { "type": "string" },
    })
}

fn action_path(action: &Action) -> Value {
    let operation = |verb: &str| {
        json!({
            "operationId": format!("{verb}_{}", action.name),
            "tags": ["actions"],
            "x-permission": action.permission.to_string(),
            "responses": {
                "200": {
                    "description": "The answer.",
                    "content": { "application/json": { "schema": {} } },
                },
                "204": { "description": "Done." },
                "default": error_ref(),
            },
        })
    };
    let mut post = operation("call");
    post["parameters"] = json!([parameter_ref("idempotency_key")]);
    post["requestBody"] = json!({
        "content": { "application/json": { "schema": { "type": "object" } } },
    });
    let mut path = json!({ "post": post });
    if is_read_only(action) {
        path["get"] = operation("get");
    }
    path
}

fn parameter_ref(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn error_ref() -> Value {
    json!({ "$ref": "#/components/responses/error" })
}

fn parameters() -> Value {
    let query = |name: &str, description: &str| {
        let schema = json!({ "type": "string" });
        json!({ "name": name, "in": "query", "description": description, "schema": schema })
    };
    let number = |name: &str, description: &str| {
        let schema = json!({ "type": "integer", "minimum": 0 });
        json!({ "name": name, "in": "query", "description": description, "schema": schema })
    };
    let header = |name: &str, description: &str| {
        let schema = json!({ "type": "string" });
        json!({ "name": name, "in": "header", "description": description, "schema": schema })
    };
    json!({
        "select": query("select", "What to show: columns, alias:column, column::type, relation(..)."),
        "order": query("order", "column.asc|desc.nullsfirst|nullslast, separated by commas."),
        "limit": number("limit", "At most so many rows."),
        "offset": number("offset", "After skipping so many."),
        "and": query("and", "Conditions that all hold: (a.eq.1,b.gt.2)."),
        "or": query("or", "Conditions of which one holds: (a.eq.1,b.gt.2)."),
        "columns": query("columns", "The columns to take from the body."),
        "on_conflict": query("on_conflict", "The columns whose key decides an upsert."),
        "cursor": query(
            "cursor",
            "A page behind a cursor, at first an empty one; `next` in the header Link leads on. One \
             that was altered, or belongs to another request, is refused with MS010.",
        ),
        "distinct": query("distinct", "Rows that are alike once: true, or on(columns) for the first of each."),
        "group": query("group", "The columns that make the groups around aggregates."),
        "range": header("Range", "Rows by number, 0-24."),
        "prefer": header(
            "Prefer",
            "return=, count=, resolution=, missing=, tx=, handling=, max-affected=, timezone=",
        ),
        "idempotency_key": header(
            "Idempotency-Key",
            "A write that is sent again with its key is answered again, and done once. A key that \
             was used for another request is refused with MS011.",
        ),
        "profile": header("Accept-Profile", "The schema of the table."),
        "content_profile": header("Content-Profile", "The schema of the table."),
    })
}

fn error_schema() -> Value {
    json!({
        "type": "object",
        "required": ["code", "message", "details", "hint"],
        "properties": {
            "code": {
                "type": "string",
                "description": "A stable code: PGRST…, an SQLSTATE or our own.",
                "x-codes": codes(),
            },
            "message": { "type": "string" },
            "details": {},
            "hint": { "type": ["string", "null"] },
        },
    })
}

/// The codes that neither PostgREST nor PostgreSQL has.
fn codes() -> Value {
    json!({
        "MS001": "The caller belongs to several organizations, or to none, and names none.",
        "MS002": "The server is starting.",
        "MS010": "A cursor was altered, or belongs to another request.",
        "MS011": "An idempotency key was used for another request.",
        "MS012": "An operation of a batch refers to what does not come before it.",
        "MS020": "A key has made as many requests as it may for now.",
        "MS408": "The body did not come in time.",
        "MS413": "The body is too large.",
        "MS500": "Something failed; the server's log has more under the request's identifier.",
        "MS503": "The server has too much to do.",
        "MS504": "The work took too long.",
    })
}

fn error_response() -> Value {
    json!({
        "description": "Refused, or failed.",
        "content": { "application/json": { "schema": reference("error") } },
    })
}
