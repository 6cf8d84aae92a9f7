//! `POST /batch`: many operations, one transaction.

use crate::api::{Api, Reply, Who, id, on_both};

async fn batch(api: &Api, body: &str) -> Reply {
    api.send(Who::Acme, "POST", "batch", &[], body.to_owned()).await
}

#[tokio::test]
async fn operations_refer_to_what_others_have_answered() {
    on_both(async |api: &Api| {
        let reply = batch(
            api,
            r#"[
            {"id":"ann","method":"POST","path":"/customers","body":{"code":"ann","name":"Ann"},
             "headers":{"Prefer":"return=representation"}},
            {"id":"order","method":"POST","path":"/rest/v1/orders?select=id,number",
             "body":{"number":1,"customer_id":{"$ref":"ann.id"}}},
            {"id":"paid","method":"PATCH","path":"orders?id=eq.${order.id}&select=number,state",
             "body":{"state":"paid"},"headers":{"prefer":"return=representation"}},
            {"id":"seen","method":"GET",
             "path":"orders?select=number,customers!customer_id(name)&or=(number.eq.7,id.in.(%24%7Border.id%7D))"},
            {"method":"POST","path":"rpc/add","body":{"a":{"$ref":"seen.0.number"},"b":{"$ref":"paid.number"}}}
            ]"#,
        )
        .await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        for part in [
            r#"[{"id":"ann","status":201,"headers":{"#,
            r#""body":[{"id":""#,
            // Nobody asked for the rows that others refer to.
            r#"{"id":"order","status":201,"headers":{"content-range":"*/*","content-profile""#,
            r#""body":[{"number":1,"state":"paid"}]}"#,
            r#""body":[{"number":1,"customers":{"name":"Ann"}}]}"#,
            r#"{"id":"4","status":200,"headers":{"content-type":"application/json; charset=utf-8"},"body":2}]"#,
        ] {
            let part = part.replace(r#""headers":{"content-range":"*/*","content-profile""#, r#""headers":{"#);
            assert!(reply.body.contains(&part), "{} lacks {part}", reply.body);
        }
        let order = r#""id":"order""#;
        let told = reply.body.split(order).nth(1).and_then(|rest| rest.split('}').nth(1));
        assert_eq!(told, Some(r#","body":null"#), "{}", reply.body);
        // Each has left its event, the call of the action too.
        let events = api.get("audit_events?select=resource_type,action&order=id").await;
        let expected = ["customers", "orders", "orders", "sums"];
        for resource in expected {
            assert!(events.body.contains(resource), "{}", events.body);
        }
    })
    .await;
}

#[tokio::test]
async fn a_failure_undoes_all_and_says_where() {
    on_both(async |api: &Api| {
        api.seed().await;
        let rows: Vec<String> = (0..20)
            .map(|number| {
                let code = if number == 17 { "ann".to_owned() } else { format!("n{number}") };
                format!(r#"{{"id":"op{number}","method":"POST","path":"customers","body":{{"code":"{code}"}}}}"#)
            })
            .collect();
        let reply = batch(api, &format!("[{}]", rows.join(","))).await;
        reply.refuses(409, "23505", r#""operation":{"id":"op17","index":17}"#);
        let reply = batch(
            api,
            r#"[{"method":"DELETE","path":"customers?code=eq.cyd"},
                {"id":"bad","method":"PATCH","path":"customers?code=eq.ann","body":{"visits":-1}}]"#,
        )
        .await;
        reply.refuses(400, "23514", r#""operation":{"id":"bad","index":1}"#);
        api.get("customers?select=code&order=code")
            .await
            .is(200, r#"[{"code":"ann"},{"code":"bob"},{"code":"cyd"}]"#);
        // What a caller may not do alone, it may not do here.
        let body = r#"[{"method":"GET","path":"orders?select=number"},{"method":"DELETE","path":"orders?number=eq.1"}]"#;
        let reply = api.send(Who::Clerk, "POST", "batch", &[], body).await;
        reply.refuses(403, "42501", r#""index":1"#);
        let body = r#"[{"method":"GET","path":"customers?select=code"},{"method":"DELETE","path":"customers"}]"#;
        let reply = api.send(Who::Globex, "POST", "batch", &[], body).await;
        assert!(reply.body.contains(r#""body":[{"code":"zed"}]"#), "{}", reply.body);
        assert_eq!(api.get("customers?select=count()").await.body, r#"[{"count":3}]"#);
    })
    .await;
}

#[tokio::test]
async fn what_can_not_be_understood_is_refused_before_anything_is_done() {
    on_both(async |api: &Api| {
        let first = r#"{"id":"a","method":"POST","path":"customers","body":{"code":"x"}}"#;
        for (second, status, code, words) in [
            (r#"{"method":"PATCH","path":"customers?id=eq.${b.id}","body":{}},{"id":"b","method":"GET","path":"orders"}"#, 400, "MS012", "'b'"),
            (r#"{"id":"b","method":"POST","path":"orders","body":{"customer_id":{"$ref":"b.id"}}}"#, 400, "MS012", "does not come before it"),
            (r#"{"id":"a","method":"GET","path":"orders"}"#, 400, "MS012", "named 'a'"),
            (r#"{"method":"POST","path":"orders","body":{"customer_id":{"$ref":".id"}}}"#, 400, "PGRST102", "no reference"),
            (r#"{"method":"GET","path":"orders?id=eq.${a.id"}"#, 400, "PGRST102", "no end"),
            (r#"{"method":"OPTIONS","path":"orders"}"#, 405, "PGRST117", "OPTIONS"),
            (r#"{"method":"GET","path":"a/b"}"#, 404, "PGRST125", "path"),
            (r#"{"method":"POST","path":"batch","body":[]}"#, 400, "PGRST102", "no batches"),
            (r#"{"method":"GET","path":"orders","headers":{"authorization":"x"}}"#, 400, "PGRST102", "authorization"),
            (r#"{"method":"GET","path":"orders","verb":"x"}"#, 400, "PGRST102", "verb"),
            (r#"{"method":"DELETE","path":"orders","headers":{"prefer":"tx=rollback"}}"#, 400, "PGRST127", "rollback"),
            (r#"{"method":"POST","path":"labels","headers":{"content-type":"text/csv"},"body":"word\nx"}"#, 400, "PGRST102", "JSON"),
            (r#"{"method":"GET","path":"orders","headers":{"Accept":"*/*","accept":"text/csv"}}"#, 400, "PGRST102", "twice"),
            (r#"{"method":"POST","path":"labels","body":null}"#, 400, "PGRST102", r#""index":1"#),
            (r#"{"method":"POST","path":"labels","body":"word"}"#, 400, "PGRST102", r#""index":1"#),
            (r#"{"method":"POST","path":"labels","body":{"word":{"$ref":"a.code","$ref":"a.code"},"word":1}}"#, 400, "PGRST102", "twice"),
            (r#"{"id":5,"method":"GET","path":"orders"}"#, 400, "PGRST102", "array of operations"),
            (r#"{"id":"b","id":"c","method":"GET","path":"orders"}"#, 400, "PGRST102", "duplicate"),
            (r#"{"method":"GET","path":"orders?number=eq.${a.99999999999999999999}"}"#, 400, "MS012", "leads to nothing"),
            (r#"{"id":"b c","method":"GET","path":"orders"}"#, 400, "PGRST102", "letters"),
            // These show when the first operation is done, which is undone then.
            (r#"{"method":"PATCH","path":"customers?code=eq.${a.cod}","body":{"visits":1}}"#, 400, "MS012", "leads to nothing"),
            (r#"{"method":"PATCH","path":"customers?code=eq.${a.notes}","body":{"visits":1}}"#, 400, "MS012", "no single value"),
            (r#"{"method":"GET","path":"nothing"}"#, 404, "PGRST205", r#""index":1"#),
        ] {
            let reply = batch(api, &format!("[{first},{second}]")).await;
            reply.refuses(status, code, words);
        }
        let many = vec![r#"{"method":"GET","path":"orders"}"#; 1_001].join(",");
        batch(api, &format!("[{many}]")).await.refuses(400, "PGRST102", "1000");
        batch(api, "{}").await.refuses(400, "PGRST102", "array");
        batch(api, "[]").await.is(200, "[]");
        assert_eq!(api.get("customers").await.body, "[]");
        // The whole batch can be tried.
        let headers = [("prefer", "tx=rollback")];
        let reply = api.send(Who::Acme, "POST", "batch", &headers, format!("[{first}]")).await;
        assert_eq!((reply.status, reply.header("preference-applied")), (200, "tx=rollback"));
        assert_eq!(api.get("customers").await.body, "[]");
    })
    .await;
}

#[tokio::test]
async fn values_in_lists_stay_values() {
    on_both(async |api: &Api| {
        let reply = batch(
            api,
            r#"[{"id":"a","method":"POST","path":"customers","body":{"code":"a","name":"x,y)&code=eq.b"}},
                {"method":"POST","path":"customers","body":{"code":"b","name":"x"}},
                {"method":"GET","path":"customers?select=code&name=in.(${a.name})&order=code"},
                {"method":"GET","path":"customers?select=code&name=eq.${a.name}"}]"#,
        )
        .await;
        assert_eq!(reply.body.matches(r#""body":[{"code":"a"}]"#).count(), 2, "{}", reply.body);
    })
    .await;
}

#[tokio::test]
async fn literal_values_hold_no_references() {
    on_both(async |api: &Api| {
        let schema =
            r##"{"pet": {"$ref": "#/schemas/Pet"}, "list": [{"$literal": {"$ref": "a.code"}}]}"##;
        let body = format!(
            r#"[{{"id":"a","method":"POST","path":"customers","body":{{"code":"a"}}}},
                {{"method":"PATCH","path":"customers?code=eq.a",
                  "body":{{"name":{{"$ref":"a.code"}},"notes":{{"$literal":{schema}}}}}}}]"#
        );
        let reply = batch(api, &body).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        api.get("customers?select=name,notes&notes->pet->>$ref=eq.%23/schemas/Pet")
            .await
            .is(200, &format!(r#"[{{"name":"a","notes":{schema}}}]"#));
    })
    .await;
}

#[tokio::test]
async fn rows_written_together_leave_their_own_events() {
    on_both(async |api: &Api| {
        let one = |number: u64| {
            format!(
                r#"{{"method":"POST","path":"customers?select=code","headers":{{"prefer":"return=representation"}},"body":{{"id":"{}","code":"c{number}"}}}}"#,
                id(900 + number)
            )
        };
        let all: Vec<String> = (0..50).map(one).collect();
        let reply = batch(api, &format!("[{}]", all.join(","))).await;
        for number in 0..50 {
            assert!(reply.body.contains(&format!(r#""body":[{{"code":"c{number}"}}]"#)));
        }
        let target = "audit_events?select=count()&action=eq.customers.create";
        assert_eq!(api.get(target).await.body, r#"[{"count":50}]"#);
    })
    .await;
}

#[tokio::test]
async fn references_stand_for_bounded_texts() {
    on_both(async |api: &Api| {
        let text = "x".repeat(1_000);
        let rows: Vec<String> = (0..50)
            .map(|number| format!(r#"{{"code":"c{number}","notes":{{"text":"{text}"}}}}"#))
            .collect();
        let body = format!("[{}]", rows.join(","));
        let reply = api.send(Who::Acme, "POST", "customers", &[], body).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        // Each stands for all customers.
        let one = r#"{"$ref":"all"}"#;
        for (times, status) in [(10, 200), (300, 400)] {
            let list = vec![one; times].join(",");
            let reply = batch(
                api,
                &format!(
                    r#"[{{"id":"all","method":"GET","path":"customers?select=notes"}},
                        {{"method":"POST","path":"rpc/add","body":{{"a":1,"b":1,"c":[{list}]}}}}]"#
                ),
            )
            .await;
            assert_eq!(reply.status, status, "{times}");
            let told = reply.body.contains("references of an operation stand for at most");
            assert_eq!(told, status == 400, "{times}");
        }
        // Of many references into one answer each is found.
        let words: Vec<String> = (0..50)
            .map(|place| {
                format!(r#"{{"method":"POST","path":"labels","body":{{"word":{{"$ref":"all.{place}.code"}}}}}}"#)
            })
            .collect();
        let reply = batch(
            api,
            &format!(
                r#"[{{"id":"all","method":"GET","path":"customers?select=code"}},{}]"#,
                words.join(",")
            ),
        )
        .await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(api.get("labels?select=count()").await.body, r#"[{"count":50}]"#);
    })
    .await;
}
