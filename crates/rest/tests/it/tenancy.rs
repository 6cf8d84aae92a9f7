//! What callers must not see, find out or change.

use crate::api::{Api, Who, id, on_both};

#[tokio::test]
async fn another_organisations_rows_are_as_unknown_as_none() {
    on_both(async |api: &Api| {
        api.seed().await;
        let (theirs, none) = (id(19), id(99));
        let target = |id| format!("customers?id=eq.{id}&select=code,organizations(name)");
        for (method, body) in [("GET", ""), ("PATCH", r#"{"visits":1}"#), ("DELETE", "")] {
            let headers = [("prefer", "return=representation,count=exact")];
            let [a, b] = [theirs, none].map(|id| (method, target(id), headers, body));
            let a = api.send(Who::Acme, a.0, &a.1, &a.2, a.3).await;
            let b = api.send(Who::Acme, b.0, &b.1, &b.2, b.3).await;
            assert_eq!((a.status, &a.body, &a.headers), (b.status, &b.body, &b.headers));
            assert_eq!(a.body, "[]");
        }
        let order = |id| format!(r#"{{"number":9,"customer_id":"{id}"}}"#);
        let a = api.write("POST", "orders", "", &order(theirs)).await;
        let b = api.write("POST", "orders", "", &order(none)).await;
        assert_eq!((a.status, &a.body), (409, &b.body));
        // A key of theirs is free for us, and theirs stays.
        let upsert = format!(r#"{{"id":"{theirs}","code":"zed","name":"Ours"}}"#);
        let merge = "resolution=merge-duplicates";
        api.write("POST", "customers", merge, &upsert).await.is(201, "");
        let seen = api.send(Who::Globex, "GET", "customers?select=name", &[], "").await;
        seen.is(200, r#"[{"name":"Zed"}]"#);
        let forged = format!(r#"{{"code":"f","organization_id":"{}"}}"#, id(2));
        api.write("POST", "customers", "", &forged).await.refuses(
            403,
            "42501",
            "row-level security",
        );
        let moved = format!(r#"{{"organization_id":"{}"}}"#, id(2));
        let target = "customers?code=eq.ann";
        api.write("PATCH", target, "", &moved).await.refuses(403, "42501", "row-level security");
        let count = [("prefer", "count=exact")];
        let counted = api.send(Who::Globex, "HEAD", "customers", &count, "").await;
        assert_eq!(counted.header("content-range"), "0-0/1");
    })
    .await;
}

#[tokio::test]
async fn who_works_at_one_venue_reaches_its_rows_alone() {
    on_both(async |api: &Api| {
        api.seed().await;
        let stall = |number: u64, venue: Option<u64>| {
            let venue = venue.map_or("null".to_owned(), |venue| format!("\"{}\"", id(venue)));
            format!(
                r#"{{"id":"{}","label":"s{number}","venue_id":{venue},"customer_id":"{}"}}"#,
                id(number),
                id(11)
            )
        };
        let stalls =
            [stall(81, Some(71)), stall(82, Some(72)), stall(83, None)].join(",");
        api.write("POST", "stalls", "", &format!("[{stalls}]")).await.is(201, "");
        let usher = async |method: &str, target: &str, body: &str| {
            let headers = [("prefer", "return=representation,count=exact")];
            api.send(Who::Usher, method, target, &headers, body.to_owned()).await
        };
        let list = usher("GET", "stalls?select=label", "").await;
        list.is(200, r#"[{"label":"s81"}]"#);
        assert_eq!(list.header("content-range"), "0-0/1");
        usher("GET", "stalls?select=count()", "").await.is(200, r#"[{"count":1}]"#);
        let embedded = "customers?select=stalls(label),stall_totals(stalls)&code=eq.ann";
        usher("GET", embedded, "")
            .await
            .is(200, r#"[{"stalls":[{"label":"s81"}],"stall_totals":{"stalls":1}}]"#);
        api.get(embedded).await.is(
            200,
            r#"[{"stalls":[{"label":"s81"},{"label":"s82"},{"label":"s83"}],"stall_totals":{"stalls":3}}]"#,
        );
        let having = "customers?select=code,stalls()&stalls.label=eq.s82&stalls=not.is.null";
        usher("GET", having, "").await.is(200, "[]");
        api.get(having).await.is(200, r#"[{"code":"ann"}]"#);
        // Elsewhere nothing can be added, changed, removed or moved to.
        for elsewhere in [stall(84, Some(72)), stall(84, None)] {
            let refused = usher("POST", "stalls", &elsewhere).await;
            refused.refuses(403, "42501", "stalls");
        }
        usher("POST", "stalls?select=label", &stall(85, Some(71))).await.is(201, r#"[{"label":"s85"}]"#);
        for venue in [format!("\"{}\"", id(72)), "null".to_owned()] {
            let body = format!(r#"{{"venue_id":{venue}}}"#);
            usher("PATCH", "stalls?label=eq.s81", &body).await.refuses(403, "42501", "stalls");
        }
        usher("PATCH", "stalls?label=eq.s82", r#"{"label":"x"}"#).await.is(200, "[]");
        usher("DELETE", "stalls?label=neq.s81&select=label", "").await.is(200, r#"[{"label":"s85"}]"#);
        let merge = [("prefer", "resolution=merge-duplicates")];
        let taken = stall(82, Some(71));
        let merged = api.send(Who::Usher, "POST", "stalls", &merge, taken).await;
        assert!((400..500).contains(&merged.status), "{merged:?}");
        api.get("stalls?select=label,venue_id&label=eq.s82&venue_id=not.is.null")
            .await
            .is(200, &format!(r#"[{{"label":"s82","venue_id":"{}"}}]"#, id(72)));
    })
    .await;
}

#[tokio::test]
async fn permissions_hide_tables_columns_and_personal_data() {
    on_both(async |api: &Api| {
        api.seed().await;
        let clerk = async |method: &str, target: &str| {
            api.send(Who::Clerk, method, target, &[], "{}").await
        };
        let shown = clerk("GET", "customers?code=eq.ann&select=code,email,born").await;
        shown.is(200, r#"[{"code":"ann","email":"***","born":null}]"#);
        // Where there is nobody, nothing is masked.
        clerk("GET", "orders?select=number,...customers!payer_id(code,email)&order=number&limit=2")
            .await
            .is(200, r#"[{"number":1,"code":"bob","email":"***"},{"number":2,"code":null,"email":null}]"#);
        let star = clerk("GET", "customers?code=eq.ann").await;
        assert!(star.status == 200 && !star.body.contains("verdict"), "{}", star.body);
        for target in [
            "customers?select=verdict",
            "customers?verdict=eq.fine",
            "customers?email=eq.ann@x.test",
            "customers?order=born",
            "customers?select=email::text.max()",
            "orders?select=number,customers!customer_id!inner(code)&customers.email=like.a*",
            "labels",
            "orders?select=labels(word)",
            "orders?select=shipments()&shipments=is.null",
        ] {
            let reply = clerk("GET", target).await;
            let refused = reply.status == 403 || reply.body.contains("PGRST127");
            assert!(refused, "{target}: {} {}", reply.status, reply.body);
            assert!(!reply.body.contains("ann@"), "{}", reply.body);
        }
        clerk("DELETE", "customers").await.refuses(403, "42501", "customers");
        let headers = [("prefer", "return=representation")];
        let anonymous = api.send(Who::Nobody, "GET", "customers", &headers, "").await;
        anonymous.refuses(401, "42501", "permission denied");
        assert_eq!(anonymous.header("www-authenticate"), "Bearer");
    })
    .await;
}

#[tokio::test]
async fn sql_in_every_string_is_only_a_string() {
    on_both(async |api: &Api| {
        api.seed().await;
        let evil = "');drop%20table%20orders;--\"";
        for target in [
            format!("customers?name=eq.{evil}"),
            format!("customers?notes->>{evil}=eq.1"),
            format!("customers?name=in.({evil})"),
            format!("customers?or=(name.eq.\"{evil}\")"),
            format!("customers?select=code,\"{evil}\":name"),
            format!("customers?{evil}=eq.1"),
            format!("customers?order={evil}"),
        ] {
            let reply = api.get(&target).await;
            assert!(reply.status < 500, "{target}: {}", reply.body);
        }
        let body = r#"{"word":"'); drop table orders; --"}"#;
        let written = api.write("POST", "labels?select=word", "return=representation", body).await;
        written.is(201, &format!("[{body}]"));
        assert_eq!(api.get("orders?select=number").await.status, 200);
    })
    .await;
}
