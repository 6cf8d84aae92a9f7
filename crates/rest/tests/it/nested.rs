//! Nested inserts: rows with their related rows.

use crate::api::{Api, Reply, Who, on_both};

const SHOWN: &str =
    "select=number,state,customers!customer_id(code),shipments(carrier),labels(word)";

async fn post(api: &Api, target: &str, body: &str) -> Reply {
    api.write("POST", target, "return=representation", body).await
}

#[tokio::test]
async fn related_rows_are_written_with_theirs() {
    on_both(async |api: &Api| {
        let target = format!("orders?{SHOWN}&labels.order=word");
        let body = r#"{"number":1,"customers!customer_id":{"code":"ann","name":"Ann"},
            "shipments":{"carrier":"Post"},
            "labels":[{"word":"big"},{"word":"late","parent_id":null}]}"#;
        post(api, &target, body).await.is(
            201,
            r#"[{"number":1,"state":"open","customers":{"code":"ann"},"shipments":{"carrier":"Post"},"labels":[{"word":"big"},{"word":"late"}]}]"#,
        );
        // A list, several levels, and columns that not every row gives.
        let body = r#"[{"code":"bob","orders!customer_id":[
                {"number":2,"shipments":{"carrier":"Bike"}},
                {"number":3,"state":"open","labels":[{"word":"new"}]}]},
            {"code":"cyd","name":"Cyd"}]"#;
        let target = "customers?select=code,orders!customer_id(number,shipments(carrier),labels(word))&order=code&orders.order=number";
        post(api, target, body).await.is(
            201,
            r#"[{"code":"bob","orders":[{"number":2,"shipments":{"carrier":"Bike"},"labels":[]},{"number":3,"shipments":null,"labels":[{"word":"new"}]}]},{"code":"cyd","orders":[]}]"#,
        );
        let events = "audit_events?select=resource_type,count()&resource_type=in.(customers,order_labels)";
        let events = api.get(events).await;
        assert!(events.body.contains("order_labels"), "{}", events.body);
        // Clients name the columns of lists, relations among them.
        let target = r#"customers?columns="code","orders!customer_id"&select=code"#;
        let body = r#"[{"code":"dan","name":"left out","orders!customer_id":[{"number":4}]}]"#;
        post(api, target, body).await.is(201, r#"[{"code":"dan"}]"#);
        api.get("orders?select=customers!customer_id(name)&number=eq.4")
            .await
            .is(200, r#"[{"customers":{"name":null}}]"#);
    })
    .await;
}

#[tokio::test]
async fn a_fault_anywhere_undoes_all_and_says_where() {
    on_both(async |api: &Api| {
        for (body, status, code, words) in [
            (
                r#"{"code":"a","orders!customer_id":[{"number":1},{"number":"x"}]}"#,
                400,
                "22P02",
                "orders!customer_id[1].number",
            ),
            (
                r#"[{"code":"a"},{"code":"b","orders!customer_id":[{"number":1,"labels":[{"word":"w"},{"wort":"x"}]}]}]"#,
                400,
                "PGRST204",
                "[1].orders!customer_id[0].labels[1].wort",
            ),
            (
                r#"{"code":"a","orders!customer_id":[{"number":1},{"state":"open"}]}"#,
                400,
                "23502",
                "orders!customer_id[1].number",
            ),
            (
                r#"{"code":"a","orders!customer_id":[{"number":1},{"number":1}]}"#,
                409,
                "23505",
                "orders!customer_id",
            ),
            (r#"{"code":"a","orders!customer_id":{"number":1}}"#, 400, "PGRST102", "a list of objects"),
            (r#"{"code":"a","orders!customer_id":[1]}"#, 400, "PGRST102", "orders!customer_id[0]"),
            (
                r#"{"code":"a","orders!customer_id":[{"number":1,"customer_id":"00000000-0000-7000-8000-000000000001"}]}"#,
                400,
                "PGRST102",
                "given by a related row",
            ),
            (r#"{"code":"a","orders":[{"number":1}]}"#, 300, "PGRST201", "orders"),
            (r#"{"code":"a","nothing":[{"number":1}]}"#, 400, "PGRST204", "nothing"),
        ] {
            post(api, "customers", body).await.refuses(status, code, words);
        }
        assert_eq!(api.get("customers").await.body, "[]");
        assert_eq!(api.get("orders").await.body, "[]");
        // Who may not write one of the tables writes none.
        let reply = api.send(Who::Clerk, "POST", "orders", &[], r#"{"number":1,"shipments":{"carrier":"x"}}"#);
        reply.await.refuses(403, "42501", "orders");
        let undone = [("prefer", "tx=rollback")];
        let body = r#"{"code":"a","orders!customer_id":[{"number":1}]}"#;
        let reply = api.send(Who::Acme, "POST", "customers", &undone, body).await;
        assert_eq!(reply.status, 201);
        assert_eq!(api.get("orders").await.body, "[]");
    })
    .await;
}
