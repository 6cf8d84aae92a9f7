//! Views: lists that are computed from other tables.

use crate::api::{Api, Who, id, on_both};
use crate::shop::modules;
use mainstay_kernel::catalog;
use mainstay_rest::{openapi, schema_json};
use serde_json::json;

/// Measurements of two hours, of which one is deleted, one is noise and one is of Globex; their
/// values sum up differently in each order.
async fn seed(api: &Api) {
    api.seed().await;
    let row = |name: &str, customer: u64, value: &str, cost: &str, at: &str, deleted: &str| {
        let customer =
            if customer == 0 { "null".to_owned() } else { format!("\"{}\"", id(customer)) };
        format!(
            r#"{{"name":"{name}","customer_id":{customer},"value":{value},"cost":{cost},"taken_at":"{at}","times":2}}"#
        ) + deleted
    };
    let rows = [
        row("heat", 11, "0.1", "1.10", "2026-03-01T09:59:59.999999Z", ""),
        row("heat", 11, "0.7", "2.00", "2026-03-01T09:30:00Z", ""),
        row("heat", 11, "0.2", "null", "2026-03-01T09:00:00Z", ""),
        row("heat", 11, "1e17", "0.01", "2026-03-01T08:00:00Z", ""),
        row("heat", 11, "-1", "null", "2026-03-01T08:00:01Z", ""),
        row("cold", 0, "5", "null", "1969-12-31T23:59:59Z", ""),
        row("noise", 0, "5", "null", "2026-03-01T09:00:00Z", ""),
    ];
    api.write("POST", "measurements", "", &format!("[{}]", rows.join(","))).await.is(201, "");
    let gone = row("heat", 11, "99", "9", "2026-03-01T09:10:00Z", "");
    api.write("POST", "measurements", "", &gone).await.is(201, "");
    api.write("DELETE", "measurements?value=eq.99", "", "").await.is(204, "");
    let theirs = row("heat", 0, "77", "7", "2026-03-01T09:10:00Z", "");
    api.send(Who::Globex, "POST", "measurements", &[], theirs).await.is(201, "");
}

#[tokio::test]
async fn groups_are_the_same_on_both_engines() {
    on_both(async |api: &Api| {
        seed(api).await;
        let list = "measurements_hourly?select=hour,name,avg_value,sum_value,max_value,min_value,avg_cost,sum_cost,avg_times,samples";
        api.get(list).await.is(
            200,
            "[{\"hour\":\"1969-12-31T23:00:00+00:00\",\"name\":\"cold\",\"avg_value\":5,\"sum_value\":5,\"max_value\":5,\"min_value\":5,\"avg_cost\":null,\"sum_cost\":null,\"avg_times\":2,\"samples\":1},\
             {\"hour\":\"2026-03-01T08:00:00+00:00\",\"name\":\"heat\",\"avg_value\":5e+16,\"sum_value\":1e+17,\"max_value\":1e+17,\"min_value\":-1,\"avg_cost\":0.01,\"sum_cost\":0.01,\"avg_times\":2,\"samples\":2},\
             {\"hour\":\"2026-03-01T09:00:00+00:00\",\"name\":\"heat\",\"avg_value\":0.3333333333333333,\"sum_value\":1,\"max_value\":0.7,\"min_value\":0.1,\"avg_cost\":1.55,\"sum_cost\":3.10,\"avg_times\":2,\"samples\":3}]",
        );
        let theirs = api.send(Who::Globex, "GET", "measurements_hourly?select=max_value", &[], "");
        theirs.await.is(200, r#"[{"max_value":77}]"#);
        for (query, body) in [
            ("select=samples&name=eq.heat&order=hour.desc&limit=1", r#"[{"samples":3}]"#),
            ("select=samples&hour=gte.2026-03-01T09:00:00Z", r#"[{"samples":3}]"#),
            ("select=name,samples.sum()", r#"[{"name":"cold","sum":1},{"name":"heat","sum":5}]"#),
            (
                "select=samples,customers(code)&order=samples.desc,hour&limit=2",
                r#"[{"samples":3,"customers":{"code":"ann"}},{"samples":2,"customers":{"code":"ann"}}]"#,
            ),
            ("select=samples&customer_id=is.null", r#"[{"samples":1}]"#),
        ] {
            let reply = api.get(&format!("measurements_hourly?{query}")).await;
            assert_eq!((reply.status, reply.body.as_str()), (200, body), "{query}");
        }
        let count = [("prefer", "count=exact"), ("range", "0-0")];
        let page = api.send(Who::Acme, "GET", "measurements_hourly", &count, "").await;
        assert_eq!((page.status, page.header("content-range")), (206, "0-0/3"));
        let head = api.send(Who::Acme, "HEAD", "measurements_hourly", &count, "").await;
        assert_eq!(head.header("content-range"), "0-0/3");
        let embedded = "customers?select=code,measurements_hourly(samples)&code=eq.ann&measurements_hourly.order=hour";
        api.get(embedded)
            .await
            .is(200, r#"[{"code":"ann","measurements_hourly":[{"samples":2},{"samples":3}]}]"#);
    })
    .await;
}

#[tokio::test]
async fn related_and_joined_tables_add_to_rows_without_repeating_them() {
    on_both(async |api: &Api| {
        seed(api).await;
        // The request is made at 10:00.
        api.get("customer_facts?select=code,orders,unpaid,heat&order=code").await.is(
            200,
            r#"[{"code":"ann","orders":2,"unpaid":0,"heat":0.39999999999999997},{"code":"cyd","orders":0,"unpaid":0,"heat":null}]"#,
        );
        api.get("customers?select=code,customer_facts(orders)&order=code").await.is(
            200,
            r#"[{"code":"ann","customer_facts":{"orders":2}},{"code":"bob","customer_facts":null},{"code":"cyd","customer_facts":{"orders":0}}]"#,
        );
        api.get("parcels?select=number,receiver,carrier&order=carrier.nullsfirst,number").await.is(
            200,
            r#"[{"number":1,"receiver":"ann","carrier":null},{"number":3,"receiver":"bob","carrier":null},{"number":2,"receiver":"ann","carrier":"Post"}]"#,
        );
        let one = api.get(&format!("parcels?id=eq.{}&select=carrier", id(22))).await;
        one.is(200, r#"[{"carrier":"Post"}]"#);
    })
    .await;
}

#[tokio::test]
async fn views_are_read_with_permission_and_never_written() {
    on_both(async |api: &Api| {
        seed(api).await;
        for (method, target) in [
            ("POST", "parcels"),
            ("PATCH", "parcels?number=eq.1"),
            ("DELETE", "parcels?number=eq.1"),
            ("PUT", &format!("parcels?id=eq.{}", id(21))),
        ] {
            let body = format!(r#"{{"id":"{}","number":1,"receiver":"x"}}"#, id(21));
            let reply = api.write(method, target, "", &body).await;
            reply.refuses(403, "42501", "parcels is a view: it can be read, never written");
        }
        let options = api.send(Who::Acme, "OPTIONS", "parcels", &[], "").await;
        assert_eq!(options.header("allow"), "OPTIONS,GET,HEAD");
        let clerk = api.send(Who::Clerk, "GET", "parcels", &[], "").await;
        clerk.refuses(403, "42501", "permission denied for table parcels");
        let nobody = api.send(Who::Nobody, "GET", "parcels", &[], "").await;
        nobody.refuses(401, "42501", "permission denied");
    })
    .await;
}

#[test]
fn views_are_described() {
    let catalog = catalog(&modules()).expect("a catalog");
    let document = schema_json::document(&catalog);
    let entities = document["entities"].as_array().expect("a list");
    let facts = entities.iter().find(|e| e["table"] == "customer_facts").expect("the view");
    let view = &facts["view"];
    assert_eq!(view["from"]["table"], "customers");
    assert_eq!(
        view["joins"][2]["on"],
        json!([
            "heat.customer_id = c.id",
            "heat.name = \"heat\"",
            "heat.taken_at > ago(3600 seconds)"
        ])
    );
    assert_eq!(view["where"], json!(["c.active = \"true\""]));
    assert_eq!(view["shows"][6], "avg(heat.value)");
    let described = openapi::document(&catalog, &[], "mainstay");
    let path = &described["paths"]["/rest/v1/customer_facts"];
    assert!(path["get"].is_object() && path["x-view"] == true);
    assert!(path["post"].is_null() && path["patch"].is_null() && path["put"].is_null());
}
