//! Related records inside records.

use crate::api::{Api, Who, id, on_both};

/// Requests and their answers.
const RELATED: &[(&str, &str)] = &[
    (
        "orders?select=number,customer_id(code)&order=number",
        r#"[{"number":1,"customer_id":{"code":"ann"}},{"number":2,"customer_id":{"code":"ann"}},{"number":3,"customer_id":{"code":"bob"}}]"#,
    ),
    (
        "orders?select=number,payer:customers!payer_id(code)&order=number&limit=2",
        r#"[{"number":1,"payer":{"code":"bob"}},{"number":2,"payer":null}]"#,
    ),
    (
        "customers?select=code,orders!orders_customer_id_fkey(number)&order=code&orders.order=number.desc",
        r#"[{"code":"ann","orders":[{"number":2},{"number":1}]},{"code":"bob","orders":[{"number":3}]},{"code":"cyd","orders":[]}]"#,
    ),
    (
        "customers?select=code,bought:orders!customer_id!inner(number)&bought.number=gt.1&order=code",
        r#"[{"code":"ann","bought":[{"number":2}]},{"code":"bob","bought":[{"number":3}]}]"#,
    ),
    (
        "customers?select=code,orders!customer_id(number)&orders.limit=1&orders.offset=1&orders.order=number&code=eq.ann",
        r#"[{"code":"ann","orders":[{"number":2}]}]"#,
    ),
    ("customers?select=code,orders!customer_id()&orders=is.null", r#"[{"code":"cyd"}]"#),
    (
        "customers?select=code,orders!customer_id()&orders=not.is.null&order=code",
        r#"[{"code":"ann"},{"code":"bob"}]"#,
    ),
    (
        "orders?select=number,labels(word)&labels.order=word&order=number",
        r#"[{"number":1,"labels":[{"word":"all"},{"word":"big"}]},{"number":2,"labels":[]},{"number":3,"labels":[{"word":"big"}]}]"#,
    ),
    (
        "labels?select=word,orders!inner(number)&word=eq.big&orders.order=number",
        r#"[{"word":"big","orders":[{"number":1},{"number":3}]}]"#,
    ),
    (
        "orders?select=number,shipments(carrier)&order=number",
        r#"[{"number":1,"shipments":null},{"number":2,"shipments":{"carrier":"Post"}},{"number":3,"shipments":null}]"#,
    ),
    (
        "shipments?select=carrier,...orders(number,state)",
        r#"[{"carrier":"Post","number":2,"state":"open"}]"#,
    ),
    (
        "labels?select=word,up:parent_id(word),labels(word)&order=word",
        r#"[{"word":"all","up":null,"labels":[{"word":"big"}]},{"word":"big","up":{"word":"all"},"labels":[]}]"#,
    ),
    (
        "orders?select=number,customer_id(code)&order=customer_id(code).desc,number",
        r#"[{"number":3,"customer_id":{"code":"bob"}},{"number":1,"customer_id":{"code":"ann"}},{"number":2,"customer_id":{"code":"ann"}}]"#,
    ),
    // 4 comes before 30, as numbers and not as texts.
    (
        "orders?select=number,customer_id()&order=customer_id(notes->age),number",
        r#"[{"number":3},{"number":1},{"number":2}]"#,
    ),
    (
        "shipments?select=orders(customer_id(orders!payer_id(number)))",
        r#"[{"orders":{"customer_id":{"orders":[]}}}]"#,
    ),
    (
        "customers?select=code,organizations(slug)&code=eq.ann",
        r#"[{"code":"ann","organizations":{"slug":"acme"}}]"#,
    ),
];

#[tokio::test]
async fn relations_lead_both_ways() {
    on_both(async |api: &Api| {
        api.seed().await;
        for (target, body) in RELATED {
            let reply = api.get(target).await;
            assert_eq!((reply.status, reply.body.as_str()), (200, *body), "{target}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_relation_that_is_not_there_or_not_clear_is_explained() {
    let api = &Api::sqlite().await;
    api.seed().await;
    let unclear = api.get("customers?select=orders(number)").await;
    unclear.is(
        300,
        "{\"code\":\"PGRST201\",\"details\":[\
         {\"cardinality\":\"one-to-many\",\"embedding\":\"customers with orders\",\
         \"relationship\":\"orders_customer_id_fkey using customers(id) and orders(customer_id)\"},\
         {\"cardinality\":\"one-to-many\",\"embedding\":\"customers with orders\",\
         \"relationship\":\"orders_payer_id_fkey using customers(id) and orders(payer_id)\"}],\
         \"hint\":\"Try changing 'orders' to one of the following: \
         'orders!orders_customer_id_fkey', 'orders!orders_payer_id_fkey'. \
         Find the desired relationship in the 'details' key.\",\
         \"message\":\"Could not embed because more than one relationship was found for \
         'customers' and 'orders'\"}",
    );
    for (target, status, code, words) in [
        ("customers?select=ordres(number)", 400, "PGRST200", "Perhaps you meant 'orders'"),
        ("customers?select=doors(id)", 400, "PGRST200", "'customers' and 'doors'"),
        ("customers?select=orders!nope(number)", 400, "PGRST200", "using the hint 'nope'"),
        ("orders?select=labels(word)&order=labels(word)", 400, "PGRST118", "labels"),
        ("orders?select=labels(word)&labels=eq.1", 400, "PGRST120", "labels"),
        ("orders?order=customers(code)", 400, "PGRST108", "customers"),
        ("orders?select=count(),labels(word)", 400, "PGRST127", "Aggregate"),
    ] {
        let reply = api.get(target).await;
        assert_eq!(reply.status, status, "{target}: {}", reply.body);
        reply.refuses(status, code, words);
    }
}

#[tokio::test]
async fn a_table_between_relates_a_table_to_itself() {
    on_both(async |api: &Api| {
        api.seed().await;
        let body = format!(
            r#"[{{"follower_id":"{ann}","followed_id":"{bob}"}},{{"follower_id":"{ann}","followed_id":"{cyd}"}},
                {{"follower_id":"{bob}","followed_id":"{ann}"}}]"#,
            ann = id(11),
            bob = id(12),
            cyd = id(13)
        );
        api.send(Who::Acme, "POST", "follows", &[], body).await.is(201, "");
        for (query, body) in [
            // The reference to those that are shown tells the direction, by its name or column.
            (
                "code,customers!followed_id(code)&customers.order=code&order=code",
                r#"[{"code":"ann","customers":[{"code":"bob"},{"code":"cyd"}]},{"code":"bob","customers":[{"code":"ann"}]},{"code":"cyd","customers":[]}]"#,
            ),
            (
                "code,fans:customers!follows_follower_id_fkey(code)&order=code",
                r#"[{"code":"ann","fans":[{"code":"bob"}]},{"code":"bob","fans":[{"code":"ann"}]},{"code":"cyd","fans":[{"code":"ann"}]}]"#,
            ),
            (
                "code,fans:customers!follower_id!inner(code,customers!follower_id(count()))&fans.code=eq.ann&code=eq.cyd",
                r#"[{"code":"cyd","fans":[{"code":"ann","customers":[{"count":1}]}]}]"#,
            ),
            ("...customers!followed_id(code)&code=eq.bob", r#"[{"code":["ann"]}]"#),
        ] {
            api.get(&format!("customers?select={query}")).await.is(200, body);
        }
        api.get("customers?select=customers!follows(code)").await.refuses(
            300,
            "PGRST201",
            "'customers!follows_followed_id_fkey', 'customers!follows_follower_id_fkey'",
        );
        api.get("customers?select=customers(code)").await.refuses(400, "PGRST200", "customers");
        // New rows are related the same way.
        let body = r#"{"code":"dan","customers!follower_id":[{"code":"eve"}]}"#;
        let target = "customers?select=code,customers!follower_id(code)";
        api.write("POST", target, "return=representation", body)
            .await
            .is(201, r#"[{"code":"dan","customers":[{"code":"eve"}]}]"#);
    })
    .await;
}
