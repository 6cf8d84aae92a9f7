//! The API's description, made from the declarations: OpenAPI 3.1.

mod schema;

use crate::resolve::is_companion;
use crate::rpc::is_read_only;
use crate::schema_json::scope;
use mainstay_entity::{Catalog, Kind, Table};
use mainstay_kernel::{Action, policy};
use serde_json::{Map, Value, json};

/// Where the data API is mounted.
const BASE: &str = "/rest/v1";
/// The schema whose tables are named without it.
const PLAIN_SCHEMA: &str = "mainstay";

/// The document of some entities and actions.
pub fn document(catalog: &Catalog, actions: &[&Action]) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    schemas.insert("error".to_owned(), error_schema());
    for table in catalog.tables() {
        let path = format!("{BASE}/{}", table.meta.table);
        // Tables of one name in two schemas share a path; the header of the schema tells them
        // apart, the path describes the built-in one.
        paths.entry(path).or_insert_with(|| Value::Object(table_path(table)));
        schemas.insert(component(table), schema::row(table));
        schemas.insert(format!("{}.update", component(table)), schema::update(table));
        schemas.insert(
            format!("{}.insert", component(table)),
            schema::insert(table, &reference(&format!("{}.update", component(table)))),
        );
    }
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

/// The name of a table's schema component.
fn component(table: &Table) -> String {
    if table.meta.schema == PLAIN_SCHEMA {
        table.meta.table.to_string()
    } else {
        table.meta.qualified_name()
    }
}

fn reference(component: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{component}") })
}

fn table_path(table: &Table) -> Map<String, Value> {
    let meta = &table.meta;
    let mut path = Map::new();
    path.insert("description".to_owned(), json!(meta.description));
    path.insert("x-schema".to_owned(), json!(meta.schema));
    path.insert("x-scope".to_owned(), json!(scope(&meta.scope)));
    path.insert("get".to_owned(), list(table));
    if meta.read_only {
        return path;
    }
    path.insert("post".to_owned(), add(table));
    if !meta.append_only {
        path.insert("patch".to_owned(), change(table));
        path.insert("delete".to_owned(), remove(table));
        path.insert("put".to_owned(), replace(table));
    }
    path
}

fn operation(table: &Table, verb: &str, summary: &str, permission: &str) -> Map<String, Value> {
    let mut operation = Map::new();
    let id = component(table).replace('.', "_");
    operation.insert("operationId".to_owned(), json!(format!("{verb}_{id}")));
    operation.insert("tags".to_owned(), json!([table.module]));
    operation.insert("summary".to_owned(), json!(summary));
    let permission = format!("{}:{permission}", policy::resource_name(table));
    operation.insert("x-permission".to_owned(), json!(permission));
    operation
}

fn list(table: &Table) -> Value {
    let mut operation = operation(table, "list", "Reads the rows that match.", "read");
    let shared = ["select", "order", "limit", "offset", "and", "or", "range", "prefer", "profile"];
    let mut parameters: Vec<Value> = shared.iter().map(|name| parameter_ref(name)).collect();
    parameters.extend(filters(table));
    operation.insert("parameters".to_owned(), Value::Array(parameters));
    let rows = rows_content(table);
    let responses = json!({
        "200": { "description": "The rows.", "content": rows },
        "206": { "description": "Some of the rows.", "content": rows },
        "default": error_ref(),
    });
    operation.insert("responses".to_owned(), responses);
    Value::Object(operation)
}

fn add(table: &Table) -> Value {
    let mut operation = operation(table, "create", "Adds rows, or merges them.", "create");
    let shared = ["select", "columns", "on_conflict", "prefer", "content_profile"];
    let parameters: Vec<Value> = shared.iter().map(|name| parameter_ref(name)).collect();
    operation.insert("parameters".to_owned(), Value::Array(parameters));
    let row = reference(&format!("{}.insert", component(table)));
    let body = json!({
        "required": true,
        "content": {
            "application/json": {
                "schema": { "oneOf": [row, { "type": "array", "items": row }] },
            },
            "application/x-ndjson": { "schema": { "type": "string" } },
            "text/csv": { "schema": { "type": "string" } },
        },
    });
    operation.insert("requestBody".to_owned(), body);
    let rows = rows_content(table);
    let responses = json!({
        "201": { "description": "Added.", "content": rows },
        "200": { "description": "Merged into rows that existed.", "content": rows },
        "default": error_ref(),
    });
    operation.insert("responses".to_owned(), responses);
    Value::Object(operation)
}

fn change(table: &Table) -> Value {
    let operation = operation(table, "update", "Changes the rows that match.", "update");
    with_filters(table, operation, true)
}

fn remove(table: &Table) -> Value {
    let operation = operation(table, "delete", "Removes the rows that match.", "delete");
    with_filters(table, operation, false)
}

fn replace(table: &Table) -> Value {
    let summary = "Makes or replaces the row whose key the filters name.";
    with_filters(table, operation(table, "put", summary, "update"), true)
}

fn with_filters(table: &Table, mut operation: Map<String, Value>, has_body: bool) -> Value {
    let shared = ["select", "and", "or", "prefer", "content_profile"];
    let mut parameters: Vec<Value> = shared.iter().map(|name| parameter_ref(name)).collect();
    parameters.extend(filters(table));
    operation.insert("parameters".to_owned(), Value::Array(parameters));
    if has_body {
        let row = reference(&format!("{}.update", component(table)));
        let content = json!({ "application/json": { "schema": row } });
        let body = json!({ "required": true, "content": content });
        operation.insert("requestBody".to_owned(), body);
    }
    let responses = json!({
        "200": { "description": "The rows.", "content": rows_content(table) },
        "204": { "description": "Done." },
        "default": error_ref(),
    });
    operation.insert("responses".to_owned(), responses);
    Value::Object(operation)
}

/// One parameter per column that can be compared.
fn filters(table: &Table) -> Vec<Value> {
    let filter = |column: &mainstay_entity::Column| {
        json!({
            "name": column.name,
            "in": "query",
            "description": format!("A condition such as eq.value. {}", column.description),
            "schema": { "type": "string" },
        })
    };
    // A column named like a parameter of the dialect can't be filtered by its plain name.
    let reserved = ["select", "order", "limit", "offset", "and", "or", "columns", "on_conflict"];
    let columns = table.meta.columns.iter().enumerate();
    columns
        .filter(|(index, _)| !is_companion(table, *index))
        .map(|(_, column)| column)
        .filter(|c| c.kind != Kind::Secret && !reserved.contains(&c.name.as_ref()))
        .map(filter)
        .collect()
}

fn rows_content(table: &Table) -> Value {
    let row = reference(&component(table));
    json!({
        "application/json": { "schema": { "type": "array", "items": row } },
        "application/vnd.pgrst.object+json": { "schema": row },
        "application/x-ndjson": { "schema": { "type": "string" } },
        "text/csv": { "schema": { "type": "string" } },
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
        "range": header("Range", "Rows by number, 0-24."),
        "prefer": header("Prefer", "return=, count=, resolution=, missing=, tx=, handling=, max-affected="),
        "profile": header("Accept-Profile", "The schema of the table."),
        "content_profile": header("Content-Profile", "The schema of the table."),
    })
}

fn error_schema() -> Value {
    json!({
        "type": "object",
        "required": ["code", "message", "details", "hint"],
        "properties": {
            "code": { "type": "string", "description": "A stable code: PGRST…, an SQLSTATE or our own." },
            "message": { "type": "string" },
            "details": {},
            "hint": { "type": ["string", "null"] },
        },
    })
}

fn error_response() -> Value {
    json!({
        "description": "Refused, or failed.",
        "content": { "application/json": { "schema": reference("error") } },
    })
}
