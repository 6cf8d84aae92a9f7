//! The descriptions of the API.

use crate::api::Api;
use crate::shop::modules;
use mainstay_entity::{Entity, Id, Text};
use mainstay_kernel::entities::Organization;
use mainstay_kernel::{Module, catalog};
use mainstay_rest::{openapi, schema_json};
use serde_json::{Value, json};

#[tokio::test]
async fn the_root_describes_tables_actions_and_life_cycles() {
    let api = Api::sqlite().await;
    let reply = api.get("").await;
    assert_eq!(reply.header("content-type"), "application/openapi+json; charset=utf-8");
    for part in [
        r#""openapi":"3.1.0""#,
        r#""/rest/v1/orders":"#,
        r#""x-moves":{"open":["paid"],"paid":["sent"],"sent":[]}"#,
        r#""/rest/v1/rpc/add":{"get":"#,
        r#""operationId":"list_customers""#,
    ] {
        assert!(reply.body.contains(part), "{part}");
    }
}

#[test]
fn the_schema_lists_what_is_declared() {
    let document = schema_json::document(&catalog(&modules()).expect("a catalog"));
    let entities = document["entities"].as_array().expect("a list");
    let orders = entities.iter().find(|e| e["table"] == "orders").expect("orders");
    assert_eq!(orders["module"], "shop");
    assert_eq!(orders["scope"], "tenant");
    assert_eq!(orders["primary_key"], serde_json::json!(["organization_id", "id"]));
    let state = orders["columns"].as_array().and_then(|c| c.iter().find(|c| c["name"] == "state"));
    let state = state.expect("a column");
    assert_eq!((&state["type"], &state["default"]), (&"choice".into(), &"open".into()));
    assert_eq!(orders["life_cycles"][0]["moves"]["open"], serde_json::json!(["paid"]));
}

/// A table of a product whose name is that of another schema's.
#[derive(Entity)]
#[entity(table = "labels", schema = "public", scope = tenant, classification = internal, append_only)]
struct OtherLabel {
    id: Id<Self>,
    organization_id: Id<Organization>,
    /// Its colour.
    colour: Text<20>,
}

#[test]
fn tables_of_one_name_in_two_schemas_share_a_path_that_describes_both() {
    let mut modules = modules();
    modules.push(Module::new("other").entities([OtherLabel::meta()]));
    let catalog = catalog(&modules).expect("a catalog");
    let document = |default: &str| openapi::document(&catalog, &[], default);
    let labels = &document("mainstay")["paths"]["/rest/v1/labels"];
    assert_eq!(labels["x-schema"], json!(["mainstay", "public"]));
    let list = &labels["get"];
    let rows = &list["responses"]["200"]["content"]["application/json"]["schema"]["anyOf"];
    let refers = |value: &Value, to: &str| value.to_string().contains(&format!("schemas/{to}\""));
    assert!(refers(&rows[0], "labels") && refers(&rows[1], "public.labels"), "{rows}");
    assert_eq!(list["tags"], json!(["shop", "other"]));
    assert_eq!(list["x-permission"], json!(["labels:read", "public.labels:read"]));
    let parameters = list["parameters"].as_array().expect("parameters");
    let named = |name: &str| parameters.iter().find(|p| p["name"] == name).expect("a parameter");
    assert!(named("word")["schema"].is_object() && named("colour")["schema"].is_object());
    let profile = named("Accept-Profile");
    assert_eq!(profile["required"], false);
    let schema = json!({ "type": "string", "enum": ["mainstay", "public"], "default": "mainstay" });
    assert_eq!(profile["schema"], schema);
    // The other's rows can't be changed.
    let body = &labels["patch"]["requestBody"]["content"]["application/json"]["schema"];
    assert!(refers(body, "labels.update"), "{body}");
    // Where the other schema is the default, the tables of this one must be asked for.
    let elsewhere = document("public");
    let names = &elsewhere["paths"]["/rest/v1/labels"]["x-schema"];
    assert_eq!(*names, json!(["public", "mainstay"]));
    let orders = elsewhere["paths"]["/rest/v1/orders"]["get"]["parameters"].as_array();
    let profile = orders.and_then(|p| p.iter().find(|p| p["name"] == "Accept-Profile"));
    assert_eq!(profile.expect("a parameter")["required"], true);
}

/// Every place in a document where a member has a name.
fn each<'a>(value: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                if key == name {
                    found.push(member);
                }
                each(member, name, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| each(item, name, found)),
        _ => {}
    }
}

#[test]
fn what_is_beside_tables_is_described_and_every_reference_leads_somewhere() {
    let catalog = catalog(&modules()).expect("a catalog");
    let mut document = openapi::document(&catalog, &[], "mainstay");
    let own = mainstay_kernel::own_actions(&modules(), &catalog);
    openapi::add_own_actions(&mut document, &own);
    let paths = &document["paths"];
    let batch = &paths["/rest/v1/batch"]["post"]["requestBody"]["content"]["application/json"];
    assert_eq!(batch["schema"]["maxItems"], 1_000);
    assert!(paths["/rest/v1/rpc/may"]["post"].is_object());
    let changes = &paths["/rest/v1/{table}/changes"]["get"]["responses"]["200"]["content"];
    assert!(changes["text/event-stream"].is_object());
    let asks = |path: &str, method: &str, name: &str| {
        let reference = json!({ "$ref": format!("#/components/parameters/{name}") });
        let parameters = paths[path][method]["parameters"].as_array();
        parameters.is_some_and(|list| list.contains(&reference))
    };
    for name in ["cursor", "distinct", "group"] {
        assert!(asks("/rest/v1/orders", "get", name), "{name}");
    }
    for method in ["post", "patch", "put", "delete"] {
        assert!(asks("/rest/v1/orders", method, "idempotency_key"), "{method}");
    }
    for path in ["/rest/v1/batch", "/rest/v1/rpc/pay"] {
        assert!(asks(path, "post", "idempotency_key"), "{path}");
    }
    assert!(asks("/rest/v1/rpc/of_tier", "get", "group"));
    let codes = &document["components"]["schemas"]["error"]["properties"]["code"]["x-codes"];
    for code in ["MS010", "MS011", "MS012"] {
        assert!(codes[code].is_string(), "{code}");
    }

    let (mut references, mut ids) = (Vec::new(), Vec::new());
    each(&document, "$ref", &mut references);
    for reference in references {
        let place = reference.as_str().and_then(|text| text.strip_prefix('#'));
        assert!(document.pointer(place.expect("in the document")).is_some(), "{reference}");
    }
    each(paths, "operationId", &mut ids);
    let count = ids.len();
    let mut ids: Vec<&str> = ids.into_iter().filter_map(Value::as_str).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "each operation has a name of its own");
}
