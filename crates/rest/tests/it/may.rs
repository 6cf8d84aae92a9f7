//! `rpc/may`: what the caller could do.

use crate::api::{Api, Who, id, on_both};

#[tokio::test]
async fn everybody_may_ask_what_they_may_do() {
    on_both(async |api: &Api| {
        api.seed().await;
        let may = async |who: Who, body: &str| {
            let reply = api.send(who, "POST", "rpc/may", &[], body.to_owned()).await;
            assert_eq!(reply.status, 200, "{body}: {}", reply.body);
            (reply.body.starts_with(r#"{"allowed":true,"#), reply.body)
        };
        for (who, body, allowed, words) in questions() {
            let (answer, told) = may(who, &body).await;
            assert_eq!(answer, allowed, "{body}: {told}");
            assert!(told.contains(words), "{body}: {told} lacks {words}");
        }
        // Asking changes nothing.
        assert_eq!(api.get("customers?select=count()").await.body, r#"[{"count":3}]"#);
    })
    .await;
}

#[tokio::test]
async fn whether_an_action_may_be_called_is_told_by_what_it_does() {
    on_both(async |api: &Api| {
        let reads = "orders:read for every row within reach";
        for (who, body, allowed, words) in [
            (Who::Acme, r#"{"action":"pay"}"#, true, "orders:update for every row within reach"),
            (Who::Clerk, r#"{"action":"pay"}"#, false, "permission denied for table orders"),
            (Who::Acme, r#"{"action":"pay","method":"GET"}"#, false, "called by POST"),
            (Who::Clerk, r#"{"action":"state_of","method":"GET"}"#, true, reads),
            // It works as the system, for who has its permission.
            (Who::Acme, r#"{"action":"count_orders"}"#, true, "orders:count permits the call"),
            (Who::Clerk, r#"{"action":"count_orders"}"#, false, "orders:count"),
            (Who::Nobody, r#"{"action":"nothing_at_all"}"#, true, "everybody may call it"),
            (Who::Nobody, r#"{"action":"pay"}"#, false, "permission denied for function pay"),
            // Those that are built in have one permission.
            (Who::Acme, r#"{"action":"add"}"#, true, "permits the call"),
            (Who::Nobody, r#"{"action":"add"}"#, false, "permission denied for function add"),
        ] {
            let reply = api.send(who, "POST", "rpc/may", &[], body).await;
            assert_eq!(reply.status, 200, "{body}: {}", reply.body);
            let start = format!(r#"{{"allowed":{allowed},"#);
            assert!(reply.body.starts_with(&start), "{body}: {}", reply.body);
            assert!(reply.body.contains(words), "{body}: {} lacks {words}", reply.body);
        }
        let unknown = r#"{"action":"nothing"}"#;
        let reply = api.send(Who::Acme, "POST", "rpc/may", &[], unknown).await;
        reply.refuses(404, "PGRST202", "mainstay.nothing");
    })
    .await;
}

#[tokio::test]
async fn questions_that_cannot_be_understood_are_refused() {
    on_both(async |api: &Api| {
        api.seed().await;
        for (body, status, code, words) in [
            (r#"{"table":"nothing","method":"GET"}"#, 404, "PGRST205", "nothing"),
            (r#"{"table":"orders"}"#, 400, "PGRST102", "method"),
            (r#"{"table":"orders","method":"GET","action":"pay"}"#, 400, "PGRST102", "action"),
            (r#"{"action":"pay","row":7}"#, 400, "PGRST102", "action"),
            (r#"{"table":"orders","method":"GET","row":7}"#, 400, "22P02", "orders.id"),
            (
                r#"{"table":"orders","method":"GET","row":{"number":7}}"#,
                400,
                "PGRST102",
                "made of: id",
            ),
        ] {
            let reply = api.send(Who::Acme, "POST", "rpc/may", &[], body).await;
            reply.refuses(status, code, words);
        }
    })
    .await;
}

/// Who asks what, whether they may, and words of the reason.
fn questions() -> Vec<(Who, String, bool, &'static str)> {
    let (ann, zed) = (id(11), id(19));
    vec![
        (Who::Acme, r#"{"table":"customers","method":"GET"}"#.to_owned(), true, "every row"),
        (
            Who::Acme,
            format!(r#"{{"table":"customers","method":"PATCH","row":"{ann}"}}"#),
            true,
            "within reach",
        ),
        (
            Who::Acme,
            format!(r#"{{"table":"customers","method":"DELETE","row":{{"id":"{ann}"}}}}"#),
            true,
            "within reach",
        ),
        // Another organisation's row and none at all look alike.
        (
            Who::Acme,
            format!(r#"{{"table":"customers","method":"GET","row":"{zed}"}}"#),
            false,
            "no such row",
        ),
        (
            Who::Acme,
            format!(r#"{{"table":"customers","method":"GET","row":"{}"}}"#, id(999)),
            false,
            "no such row",
        ),
        (
            Who::Acme,
            r#"{"table":"customers","method":"POST","row":{"code":"new"}}"#.to_owned(),
            true,
            "could be added",
        ),
        (
            Who::Acme,
            r#"{"table":"customers","method":"POST","row":{"code":"new","visits":-1}}"#.to_owned(),
            false,
            "at least 0",
        ),
        (
            Who::Acme,
            r#"{"table":"audit_events","method":"DELETE"}"#.to_owned(),
            false,
            "never changed",
        ),
        (Who::Acme, r#"{"table":"parcels","method":"POST"}"#.to_owned(), false, "view"),
        (Who::Clerk, r#"{"table":"customers","method":"GET"}"#.to_owned(), true, "every row"),
        (Who::Clerk, r#"{"table":"customers","method":"unmask"}"#.to_owned(), false, "denied"),
        (
            Who::Clerk,
            format!(r#"{{"table":"customers","method":"DELETE","row":"{ann}"}}"#),
            false,
            "denied",
        ),
        (Who::Nobody, r#"{"table":"customers","method":"GET"}"#.to_owned(), false, "denied"),
    ]
}
