//! `Idempotency-Key`: writes that may be sent again.

use crate::api::{Api, Reply, Who, on_both};

async fn send(api: &Api, who: Who, key: &str, method: &str, target: &str, body: &str) -> Reply {
    let headers = [("idempotency-key", key), ("prefer", "return=representation")];
    api.send(who, method, target, &headers, body.to_owned()).await
}

#[tokio::test]
async fn a_write_is_done_once_and_answered_again() {
    on_both(async |api: &Api| {
        api.seed().await;
        for (key, method, target, body, status) in [
            ("k1", "POST", "customers?select=code,id", r#"{"code":"new"}"#, 201),
            ("k2", "PATCH", "customers?code=eq.new&select=id", r#"{"visits":3}"#, 200),
            (
                "k3",
                "PUT",
                "labels?id=eq.00000000-0000-7000-8000-000000000777&select=word",
                r#"{"id":"00000000-0000-7000-8000-000000000777","word":"w"}"#,
                201,
            ),
            ("k4", "DELETE", "customers?code=eq.cyd&select=code", "", 200),
            ("k5", "POST", "rpc/add", r#"{"a":1,"b":2}"#, 200),
            (
                "k6",
                "POST",
                "batch",
                r#"[{"method":"POST","path":"labels","body":{"word":"b"}}]"#,
                200,
            ),
        ] {
            let first = send(api, Who::Acme, key, method, target, body).await;
            assert_eq!(first.status, status, "{method} {target}: {}", first.body);
            assert_eq!(first.header("idempotent-replayed"), "");
            let again = send(api, Who::Acme, key, method, target, body).await;
            assert_eq!((again.status, &again.body), (first.status, &first.body), "{target}");
            assert_eq!(again.header("idempotent-replayed"), "true");
            assert_eq!(again.header("content-type"), first.header("content-type"));
            // Another request under the key is refused, whatever differs.
            let other = send(api, Who::Acme, key, method, &format!("{target}&x=eq.1"), body).await;
            other.refuses(422, "MS011", "another request");
            send(api, Who::Acme, key, method, target, "{ }").await.refuses(422, "MS011", "key");
        }
        // Keys belong to their callers.
        let theirs =
            send(api, Who::Globex, "k1", "POST", "customers?select=code", r#"{"code":"new"}"#);
        theirs.await.is(201, r#"[{"code":"new"}]"#);
        api.get("labels?select=word&word=in.(w,b)&order=word")
            .await
            .is(200, r#"[{"word":"b"},{"word":"w"}]"#);
        let events = "audit_events?select=count()&action=in.(customers.update,customers.delete)";
        assert_eq!(api.get(events).await.body, r#"[{"count":2}]"#);
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_may_be_tried_again() {
    on_both(async |api: &Api| {
        api.seed().await;
        let post = async |body: &str| {
            send(api, Who::Acme, "k", "POST", "customers?select=code", body).await
        };
        post(r#"{"code":"ann"}"#).await.refuses(409, "23505", "code");
        // The key is free: nothing was done.
        post(r#"{"code":"dan"}"#).await.is(201, r#"[{"code":"dan"}]"#);
        post(r#"{"code":"ann"}"#).await.refuses(422, "MS011", "key");
        for key in ["", "a b", &"x".repeat(256)] {
            let reply = send(api, Who::Acme, key, "POST", "customers", r#"{"code":"e"}"#).await;
            reply.refuses(400, "PGRST100", "Idempotency-Key");
        }
        // Reads are answered as ever.
        let read = send(api, Who::Acme, "k", "GET", "customers?select=code&code=eq.dan", "").await;
        read.is(200, r#"[{"code":"dan"}]"#);
        let headers = [("idempotency-key", "r"), ("prefer", "tx=rollback")];
        for _ in 0..2 {
            let reply = api.send(Who::Acme, "POST", "customers", &headers, r#"{"code":"t"}"#).await;
            assert_eq!((reply.status, reply.header("idempotent-replayed")), (201, ""));
        }
    })
    .await;
}

#[tokio::test]
async fn requests_at_once_are_done_once() {
    on_both(async |api: &Api| {
        let post =
            || send(api, Who::Acme, "same", "POST", "customers?select=id", r#"{"code":"one"}"#);
        let replies = tokio::join!(post(), post(), post(), post(), post(), post());
        let replies = [replies.0, replies.1, replies.2, replies.3, replies.4, replies.5];
        let replayed = replies.iter().filter(|r| r.header("idempotent-replayed") == "true").count();
        for reply in &replies {
            assert_eq!((reply.status, &reply.body), (201, &replies[0].body));
        }
        assert_eq!(replayed, 5);
    })
    .await;
}

#[tokio::test]
async fn calls_with_forms_have_keys_too() {
    on_both(async |api: &Api| {
        api.seed().await;
        let form = "application/x-www-form-urlencoded";
        for (key, target, body, answer) in
            [("built-in", "rpc/add", "a=1&b=2", "3"), ("own", "rpc/echo", "number=5", r#""5""#)]
        {
            for replayed in ["", "true"] {
                let headers = [("content-type", form), ("idempotency-key", key)];
                let reply = api.send(Who::Acme, "POST", target, &headers, body).await;
                reply.is(200, answer);
                assert_eq!(reply.header("idempotent-replayed"), replayed, "{target}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn callers_in_no_organisation_have_keys_of_their_own() {
    for mut api in [Api::sqlite().await, Api::postgres().await] {
        let target = "permissions?select=name";
        let body = |name: &str| format!(r#"{{"name":"{name}","resource":"r","action":"{name}"}}"#);
        let post =
            async |api: &Api, who: Who, body: &str| send(api, who, "k", "POST", target, body).await;
        let first = body("first");
        post(&api, Who::Platform, &first).await.is(201, r#"[{"name":"first"}]"#);
        // The answer is kept with the row, not in memory.
        api.restart();
        let again = post(&api, Who::Platform, &first).await;
        again.is(201, r#"[{"name":"first"}]"#);
        assert_eq!(again.header("idempotent-replayed"), "true");
        post(&api, Who::Platform, &body("other")).await.refuses(422, "MS011", "another request");
        // A refused write leaves its key free for whoever else has one of that name.
        post(&api, Who::Stranger, &first).await.refuses(403, "42501", "permission denied");
        for replayed in ["", "true"] {
            let reply = send(&api, Who::Stranger, "k", "POST", "rpc/nothing_at_all", "{}").await;
            assert_eq!((reply.status, reply.header("idempotent-replayed")), (204, replayed));
        }
        let twice = body("twice");
        let at_once = || send(&api, Who::Platform, "same", "POST", target, &twice);
        let replies = tokio::join!(at_once(), at_once(), at_once());
        for reply in [&replies.0, &replies.1, &replies.2] {
            reply.is(201, r#"[{"name":"twice"}]"#);
        }
        // Those who have not said who they are could not be told from each other.
        let nobody = send(&api, Who::Nobody, "k", "POST", "rpc/nothing_at_all", "{}").await;
        nobody.refuses(401, "42501", "signed in");
        // Nobody reads what is kept of others.
        let kept = api.get("idempotency_keys?select=id").await;
        kept.is(200, "[]");
    }
}

#[tokio::test]
async fn a_batch_under_a_key_tells_which_operation_was_refused_and_frees_the_key() {
    on_both(async |api: &Api| {
        api.seed().await;
        let batch = |last: &str| {
            let operation = |code: &str| {
                format!(r#"{{"method":"POST","path":"customers","body":{{"code":"{code}"}}}}"#)
            };
            format!("[{},{},{}]", operation("b1"), operation("b2"), operation(last))
        };
        let refused = send(api, Who::Acme, "k", "POST", "batch", &batch("ann")).await;
        refused.refuses(409, "23505", r#""operation":{"id":"2","index":2}"#);
        let sound = batch("b3");
        let post = || send(api, Who::Acme, "k", "POST", "batch", &sound);
        let first = post().await;
        assert_eq!((first.status, first.header("idempotent-replayed")), (200, ""));
        let again = post().await;
        assert_eq!((again.status, again.header("idempotent-replayed")), (200, "true"));
        assert_eq!(again.body, first.body);
        let target = "audit_events?select=count()&action=eq.customers.create";
        assert_eq!(api.get(target).await.body, r#"[{"count":4}]"#);
    })
    .await;
}
