//! The descriptions of the API.

use crate::api::Api;
use crate::shop::modules;
use mainstay_kernel::catalog;
use mainstay_rest::schema_json;

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
