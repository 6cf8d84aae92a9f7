//! `/openapi.json`: the description of the data API, with that of `/auth/v1`.

mod auth_paths;
mod factor_paths;

use self::auth_paths::{Caller, Operation};
use crate::answer::{Refusal, with_type};
use crate::app::App;
use axum::body::Body;
use axum::extract::State;
use bytes::Bytes;
use http::{Response, StatusCode};
use mainstay_entity::Catalog;
use mainstay_kernel::Action;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The document of everything that clients call: [`mainstay_rest::openapi::document`] and
/// `/auth/v1`.
pub fn document(catalog: &Catalog, actions: &[&Action], default_schema: &str) -> Value {
    let mut document = mainstay_rest::openapi::document(catalog, actions, default_schema);
    for (place, more) in [("/paths", paths()), ("/components/schemas", schemas())] {
        if let (Some(Value::Object(members)), Value::Object(more)) =
            (document.pointer_mut(place), more)
        {
            members.extend(more);
        }
    }
    document
}

/// `GET /openapi.json`.
pub(crate) async fn get(State(app): State<Arc<App>>) -> Response<Body> {
    let Some(services) = app.services() else {
        return Refusal::Starting.response(None);
    };
    let described = || {
        let (kernel, rest) = (&services.kernel, &services.rest);
        let actions: Vec<&Action> = kernel.actions().collect();
        let mut document = document(kernel.catalog(), &actions, rest.default_schema());
        mainstay_rest::openapi::add_own_actions(&mut document, kernel.own_actions());
        Bytes::from(document.to_string())
    };
    let document = app.description.get_or_init(described).clone();
    with_type(StatusCode::OK, "application/openapi+json; charset=utf-8", document)
}

fn paths() -> Value {
    let mut paths = Map::new();
    for described in auth_paths::OPERATIONS.iter().chain(factor_paths::OPERATIONS) {
        let item = paths.entry(format!("/auth/v1/{}", described.path)).or_insert_with(|| json!({}));
        item[described.method] = operation(described);
    }
    Value::Object(paths)
}

fn operation(described: &Operation) -> Value {
    let content = |schema: &Value| json!({ "application/json": { "schema": schema } });
    let (nobody, person, program) =
        (json!([]), json!([{ "bearer": [] }]), json!([{ "apikey": [] }]));
    let security = match described.caller {
        Caller::Anybody => nobody,
        Caller::Person => person,
        Caller::Program => program,
    };
    let answer = described.answer.map_or_else(|| json!({ "type": "object" }), reference);
    let mut operation = json!({
        "operationId": described.id,
        "tags": ["auth"],
        "summary": described.summary,
        "security": security,
        "responses": {
            "2XX": { "description": "The answer.", "content": content(&answer) },
            "default": {
                "description": "Refused, or failed.", "content": content(&reference("auth-error")),
            },
        },
    });
    let mut parameters: Vec<Value> = described.query.iter().map(|name| parameter(name)).collect();
    let places = described.path.split('/').filter_map(|part| part.strip_prefix('{'));
    for name in places.filter_map(|part| part.strip_suffix('}')) {
        let schema = json!({ "type": "string", "format": "uuid" });
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    if !parameters.is_empty() {
        operation["parameters"] = Value::from(parameters);
    }
    if !described.body.is_empty() {
        let properties: Map<String, Value> =
            described.body.iter().map(|name| ((*name).to_owned(), member(name))).collect();
        let schema = json!({ "type": "object", "properties": properties });
        operation["requestBody"] = json!({ "content": content(&schema) });
    }
    operation
}

/// A parameter of a query.
fn parameter(name: &str) -> Value {
    let schema = match name {
        "grant_type" => json!({ "type": "string", "enum": ["password", "refresh_token", "pkce"] }),
        "scope" => json!({ "type": "string", "enum": ["global", "local", "others"] }),
        "page" | "per_page" => json!({ "type": "integer", "minimum": 1 }),
        _ => json!({ "type": "string" }),
    };
    json!({ "name": name, "in": "query", "required": name == "grant_type", "schema": schema })
}

/// A member of a body.
fn member(name: &str) -> Value {
    match name {
        "data" | "user_metadata" | "app_metadata" | "webauthn" | "credential" => {
            json!({ "type": "object" })
        }
        "factor_type" => {
            json!({ "type": "string", "enum": ["totp", "phone", "email", "webauthn"] })
        }
        "create_user" | "email_confirm" | "must_change_password" | "unlock" => {
            json!({ "type": "boolean" })
        }
        "organization_id" | "challenge_id" => json!({ "type": "string", "format": "uuid" }),
        _ => json!({ "type": "string" }),
    }
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn schemas() -> Value {
    let text = json!({ "type": "string" });
    let number = json!({ "type": "integer" });
    let id = json!({ "type": "string", "format": "uuid" });
    let time = json!({ "type": "string", "format": "date-time" });
    let ids = json!({ "type": "array", "items": id });
    let keys = json!({ "type": "array", "items": { "type": "object" } });
    json!({
        "auth-token": object(&["access_token", "token_type", "user"], &[
            ("access_token", &text),
            ("token_type", &text),
            ("expires_in", &number),
            ("expires_at", &number),
            ("refresh_token", &text),
            ("user", &reference("auth-user")),
        ]),
        "auth-user": object(&["id"], &[
            ("id", &id),
            ("aud", &text),
            ("role", &text),
            ("email", &text),
            ("email_confirmed_at", &time),
            ("last_sign_in_at", &time),
            ("app_metadata", &object(&[], &[("organizations", &ids), ("provider", &text)])),
            ("user_metadata", &json!({ "type": "object" })),
            ("identities", &keys),
            ("is_anonymous", &json!({ "type": "boolean" })),
            ("created_at", &time),
            ("updated_at", &time),
        ]),
        "auth-health": object(&[], &[("name", &text), ("version", &text), ("description", &text)]),
        "auth-jwks": object(&["keys"], &[("keys", &keys)]),
        "auth-error": object(&["code", "error_code", "msg"], &[
            ("code", &number), ("error_code", &text), ("msg", &text),
        ]),
    })
}

fn object(required: &[&str], properties: &[(&str, &Value)]) -> Value {
    let properties: Map<String, Value> =
        properties.iter().map(|(name, schema)| ((*name).to_owned(), (*schema).clone())).collect();
    let mut schema = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}
