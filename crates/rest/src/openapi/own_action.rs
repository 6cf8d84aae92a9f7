//! Own actions, whose arguments and results are declared.

use super::endpoint::component;
use super::schema::{kind, nullable};
use super::{BASE, error_ref, parameter_ref, reference};
use mainstay_entity::action::{ArgumentMeta, Callers, Returns};
use mainstay_kernel::{OwnAction, Parameter};
use serde_json::{Map, Value, json};

/// The parameters by which rows of an action are shaped.
const SHAPING: [&str; 9] =
    ["select", "order", "limit", "offset", "and", "or", "distinct", "group", "prefer"];

/// Adds the own actions to a document. Those of one name share a path.
pub fn add_own_actions<'a>(document: &mut Value, actions: impl IntoIterator<Item = &'a OwnAction>) {
    let mut by_name: Map<String, Value> = Map::new();
    let mut named: Vec<(String, Vec<&OwnAction>)> = Vec::new();
    for action in actions {
        let path = format!("{BASE}/rpc/{}", action.meta().name);
        match named.iter_mut().find(|(known, _)| *known == path) {
            Some((_, overloads)) => overloads.push(action),
            None => named.push((path, vec![action])),
        }
    }
    for (path, overloads) in named {
        by_name.insert(path, path_item(&overloads));
    }
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        paths.append(&mut by_name);
    }
}

fn path_item(overloads: &[&OwnAction]) -> Value {
    let mut post = operation("call", overloads);
    if let Some(Value::Array(list)) = post.get_mut("parameters") {
        list.push(parameter_ref("idempotency_key"));
    }
    post["requestBody"] = json!({
        "content": { "application/json": { "schema": any(overloads, body) } },
    });
    let mut path = json!({ "post": post });
    let readers: Vec<&OwnAction> =
        overloads.iter().copied().filter(|action| action.is_read_only()).collect();
    if !readers.is_empty() {
        let mut get = operation("get", &readers);
        if let (Some(Value::Array(list)), [one]) = (get.get_mut("parameters"), readers.as_slice()) {
            let own = arguments(one).filter(|(meta, _)| !SHAPING.contains(&meta.name.as_str()));
            list.extend(own.map(|(meta, schema)| {
                json!({
                    "name": meta.name,
                    "in": "query",
                    "required": meta.default.is_none(),
                    "description": meta.description,
                    "schema": schema,
                })
            }));
        }
        path["get"] = get;
    }
    path
}

fn operation(verb: &str, overloads: &[&OwnAction]) -> Value {
    let name = overloads.first().map_or("", |action| action.meta().name.as_str());
    let descriptions: Vec<&str> = overloads
        .iter()
        .map(|action| action.meta().description.as_str())
        .filter(|description| !description.is_empty())
        .collect();
    let mut schemas: Vec<&str> = overloads.iter().map(|a| a.meta().schema.as_str()).collect();
    schemas.dedup();
    let mut operation = json!({
        "operationId": format!("{verb}_{name}"),
        "tags": ["actions"],
        "description": descriptions.join("\n\n"),
        "x-schema": schemas,
        "parameters": [],
        "responses": responses(overloads),
    });
    let permissions: Vec<String> = overloads.iter().filter_map(|a| permission(a)).collect();
    if !permissions.is_empty() {
        operation["x-permission"] = json!(permissions);
    }
    if overloads.iter().any(|action| action.returns_table().is_some())
        && let Some(Value::Array(list)) = operation.get_mut("parameters")
    {
        list.extend(SHAPING.map(parameter_ref));
    }
    operation
}

fn permission(action: &OwnAction) -> Option<String> {
    match &action.meta().callers {
        Callers::Permitted(resource, action) => Some(format!("{resource}:{action}")),
        Callers::Everybody | Callers::Known => None,
    }
}

fn responses(overloads: &[&OwnAction]) -> Value {
    let answers: Vec<&OwnAction> = overloads
        .iter()
        .copied()
        .filter(|action| action.meta().returns != Returns::Nothing)
        .collect();
    let mut responses = Map::new();
    if answers.len() < overloads.len() {
        responses.insert("204".to_owned(), json!({ "description": "Done." }));
    }
    if !answers.is_empty() {
        let content = json!({ "application/json": { "schema": any(&answers, answer) } });
        let ok = json!({ "description": "The answer.", "content": content });
        responses.insert("200".to_owned(), ok);
    }
    responses.insert("default".to_owned(), error_ref());
    Value::Object(responses)
}

/// What an action answers.
fn answer(action: &OwnAction) -> Value {
    match &action.meta().returns {
        Returns::Nothing => json!({}),
        Returns::Value { kind, .. } => Value::Object(nullable(self::kind(kind))),
        Returns::Rows { one, .. } => {
            let row =
                action.returns_table().map_or_else(|| json!({}), |t| reference(&component(t)));
            if *one {
                json!({ "anyOf": [row, { "type": "null" }] })
            } else {
                json!({ "type": "array", "items": row })
            }
        }
    }
}

/// What an action is called with.
fn body(action: &OwnAction) -> Value {
    if let [(meta, schema)] = arguments(action).collect::<Vec<_>>().as_slice()
        && meta.name.is_empty()
    {
        return schema.clone();
    }
    let properties: Map<String, Value> =
        arguments(action).map(|(meta, schema)| (meta.name.clone(), schema)).collect();
    let required: Vec<&str> = action
        .meta()
        .arguments
        .iter()
        .filter(|argument| argument.default.is_none())
        .map(|argument| argument.name.as_str())
        .collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn arguments(action: &OwnAction) -> impl Iterator<Item = (&ArgumentMeta, Value)> {
    action.meta().arguments.iter().zip(action.parameters()).map(|(meta, parameter)| {
        let schema = match parameter {
            Parameter::Row(table) => reference(&component(table)),
            Parameter::Value(kind) => {
                let mut schema = self::kind(kind);
                if meta.nullable {
                    schema = nullable(schema);
                }
                if !meta.description.is_empty() {
                    schema.insert("description".to_owned(), json!(meta.description));
                }
                Value::Object(schema)
            }
        };
        (meta, schema)
    })
}

/// The schema of one action, or of each where there are several.
fn any(overloads: &[&OwnAction], schema: impl Fn(&OwnAction) -> Value) -> Value {
    match overloads {
        [action] => schema(action),
        several => json!({ "anyOf": several.iter().map(|a| schema(a)).collect::<Vec<_>>() }),
    }
}
