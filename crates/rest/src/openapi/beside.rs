//! What is served beside tables and actions: batches, what callers may do, and changes as they
//! happen.

use super::{BASE, error_ref, parameter_ref, reference};
use crate::{batch, may};
use serde_json::{Map, Value, json};

/// Adds the paths. A table named `batch` comes first, and so does a declared action named `may`,
/// which is added later.
pub(super) fn add(paths: &mut Map<String, Value>) {
    let batches = format!("{BASE}/{}", batch::NAME);
    paths.entry(batches).or_insert_with(|| json!({ "post": batch() }));
    paths.insert(format!("{BASE}/rpc/{}", may::NAME), json!({ "post": may() }));
    paths.insert(format!("{BASE}/{{table}}/changes"), json!({ "get": changes() }));
}

fn batch() -> Value {
    let parameters = ["prefer", "content_profile", "idempotency_key"].map(parameter_ref);
    let operations = json!({
        "type": "array",
        "maxItems": batch::OPERATIONS,
        "items": reference("batch-operation"),
    });
    json!({
        "operationId": "batch",
        "tags": ["data"],
        "summary": "Does operations on tables and actions in one transaction.",
        "description": "Each is authorised, checked and audited as if it were alone; one that is \
                        refused undoes all. A reference to what does not come before it is refused \
                        with MS012.",
        "parameters": parameters,
        "requestBody": { "required": true, "content": content(&operations) },
        "responses": {
            "200": {
                "description": "The answers, in the order of the operations.",
                "content": content(&json!({ "type": "array", "items": reference("batch-answer") })),
            },
            "default": {
                "description": "Refused, or failed: nothing was changed.",
                "content": content(&reference("batch-error")),
            },
        },
    })
}

fn may() -> Value {
    json!({
        "operationId": "may",
        "tags": ["data"],
        "summary": "Tells whether the caller could do something, and why or why not.",
        "description": "Everybody may ask. Nothing is changed.",
        "parameters": [parameter_ref("content_profile")],
        "requestBody": { "required": true, "content": content(&reference("may-question")) },
        "responses": {
            "200": { "description": "The answer.", "content": content(&reference("may-answer")) },
            "default": error_ref(),
        },
    })
}

fn changes() -> Value {
    let since = json!({
        "name": "since",
        "in": "query",
        "description": "A place in the log, from which on changes are told; `now`, or none, tells \
                        what comes.",
        "schema": text(),
    });
    let last = json!({
        "name": "Last-Event-ID",
        "in": "header",
        "description": "The `id` that was told last; it goes on behind it.",
        "schema": text(),
    });
    let table = json!({
        "name": "table",
        "in": "path",
        "required": true,
        "description": "A table of organizations whose changes are recorded; others are refused \
                        with PGRST127.",
        "schema": text(),
    });
    json!({
        "operationId": "changes",
        "tags": ["data"],
        "summary": "Tells committed changes of a table as they happen.",
        "description": "Server-Sent Events `create`, `update`, `delete` and `leave`, each with a \
                        `change` as its data; `revoked` and `cut` are the last. Filters are those \
                        of a read. It needs the permission to read the table.",
        "parameters": [
            table, since, last, parameter_ref("select"), parameter_ref("and"), parameter_ref("or"),
            parameter_ref("profile"),
        ],
        "responses": {
            "200": {
                "description": "The changes, without an end.",
                "content": { "text/event-stream": { "schema": text() } },
            },
            "default": error_ref(),
        },
    })
}

fn content(schema: &Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

/// The schemas that these paths refer to, and that of what an event tells. No table has such a
/// name.
pub(super) fn schemas() -> [(&'static str, Value); 6] {
    let number = json!({ "type": "integer", "format": "int64" });
    let event = json!({ "type": "string", "format": "uuid" });
    let reasons = json!({ "type": "array", "items": text() });
    let properties = [
        ("position", number),
        ("event", event),
        ("key", text()),
        ("row", json!({ "type": "object" })),
    ];
    [
        ("batch-operation", batch_operation()),
        ("batch-answer", batch_answer()),
        ("batch-error", batch_error()),
        ("may-question", may_question()),
        (
            "may-answer",
            object(
                &["allowed", "reasons"],
                [("allowed", json!({ "type": "boolean" })), ("reasons", reasons)],
            ),
        ),
        ("change", object(&["position", "event", "key"], properties)),
    ]
}

fn batch_operation() -> Value {
    let methods = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"];
    let properties = [
        ("id", json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$" })),
        ("method", json!({ "type": "string", "enum": methods })),
        ("path", described("A table or `rpc/{action}`, with its query string.")),
        ("headers", texts()),
        ("body", json!({})),
    ];
    object(&["method", "path"], properties)
}

fn batch_answer() -> Value {
    let properties = [
        ("id", text()),
        ("status", json!({ "type": "integer" })),
        ("headers", texts()),
        ("body", json!({})),
    ];
    object(&["id", "status", "headers", "body"], properties)
}

fn batch_error() -> Value {
    let properties = [("id", text()), ("index", json!({ "type": "integer" }))];
    let operation = object(&["id", "index"], properties);
    json!({ "allOf": [reference("error"), object(&[], [("operation", operation)])] })
}

fn may_question() -> Value {
    let row =
        "A row by its identifier or an object of its key; with `POST` the values of a new one.";
    let properties = [
        ("table", described("A table, asked about with a `method`.")),
        ("action", described("An action, as in `rpc/{action}`.")),
        ("schema", described("The schema of either.")),
        ("method", described("An HTTP method, or the action of a permission.")),
        ("row", json!({ "description": row })),
    ];
    object(&[], properties)
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn texts() -> Value {
    json!({ "type": "object", "additionalProperties": text() })
}

fn described(text: &str) -> Value {
    json!({ "type": "string", "description": text })
}

fn object<const COUNT: usize>(required: &[&str], properties: [(&str, Value); COUNT]) -> Value {
    let properties: Map<String, Value> =
        properties.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}
