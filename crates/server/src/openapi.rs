//! `/openapi.json`: the description of the data API, with that of `/auth/v1`.

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
        let document = document(kernel.catalog(), &actions, rest.default_schema());
        Bytes::from(document.to_string())
    };
    let document = app.description.get_or_init(described).clone();
    with_type(StatusCode::OK, "application/openapi+json; charset=utf-8", document)
}

fn paths() -> Value {
    json!({
        "/auth/v1/token": { "post": token() },
        "/auth/v1/user": {
            "get": operation("get_user", "Tells who the access token names.", &json!([{ "bearer": [] }]), "auth-user"),
        },
        "/auth/v1/health": {
            "get": operation("get_auth_health", "Tells that sign-in is served.", &json!([]), "auth-health"),
        },
        "/auth/v1/.well-known/jwks.json": {
            "get": operation("get_jwks", "The keys that verify access tokens.", &json!([]), "auth-jwks"),
        },
    })
}

fn token() -> Value {
    let mut operation = operation(
        "create_token",
        "Signs a person in by e-mail and password.",
        &json!([]),
        "auth-token",
    );
    operation["parameters"] = json!([
        {
            "name": "grant_type",
            "in": "query",
            "required": true,
            "schema": { "type": "string", "enum": ["password"] },
        },
        {
            "name": "apikey",
            "in": "header",
            "description": "An organisation's key, which chooses one of several memberships.",
            "schema": { "type": "string" },
        },
    ]);
    let schema = reference("auth-credentials");
    let content = json!({ "application/json": { "schema": schema } });
    operation["requestBody"] = json!({ "required": true, "content": content });
    operation
}

fn operation(id: &str, summary: &str, security: &Value, answer: &str) -> Value {
    let content = |schema: &str| json!({ "application/json": { "schema": reference(schema) } });
    json!({
        "operationId": id,
        "tags": ["auth"],
        "summary": summary,
        "security": security,
        "responses": {
            "200": { "description": "The answer.", "content": content(answer) },
            "default": { "description": "Refused, or failed.", "content": content("auth-error") },
        },
    })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn schemas() -> Value {
    let text = json!({ "type": "string" });
    let number = json!({ "type": "integer" });
    let id = json!({ "type": "string", "format": "uuid" });
    let time = json!({ "type": "string", "format": "date-time" });
    let time_or_null = json!({ "type": ["string", "null"], "format": "date-time" });
    let ids = json!({ "type": "array", "items": id });
    let keys = json!({ "type": "array", "items": { "type": "object" } });
    json!({
        "auth-credentials": object(&["email", "password"], &[
            ("email", &text), ("password", &text), ("organization_id", &id),
        ]),
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
            ("email_confirmed_at", &time_or_null),
            ("last_sign_in_at", &time_or_null),
            ("app_metadata", &object(&[], &[("organizations", &ids), ("provider", &text)])),
            ("user_metadata", &json!({ "type": "object" })),
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
