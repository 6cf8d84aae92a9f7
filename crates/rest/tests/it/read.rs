//! Filters, select, order, ranges, counts and formats.

use crate::api::{Api, Who, id, on_both};

#[tokio::test]
async fn lists_show_filter_and_order() {
    on_both(async |api: &Api| {
        api.seed().await;
        let all = "customers?order=code&select=";
        for (query, body) in [
            ("code", r#"[{"code":"ann"},{"code":"bob"},{"code":"cyd"}]"#),
            ("n:code&code=eq.ann", r#"[{"n":"ann"}]"#),
            ("visits::text&code=eq.ann", r#"[{"visits":"3"}]"#),
            ("age:notes->age,notes->>city&code=eq.ann", r#"[{"age":30,"city":"Ulm"}]"#),
            ("code&visits=gt.0&active=is.true", r#"[{"code":"ann"},{"code":"cyd"}]"#),
            ("code&name=is.null", r#"[{"code":"cyd"}]"#),
            ("code&name=not.is.null&tier=neq.gold", r#"[{"code":"bob"}]"#),
            ("code&code=in.(ann,cyd,nil)", r#"[{"code":"ann"},{"code":"cyd"}]"#),
            ("code&code=not.in.(ann,cyd)", r#"[{"code":"bob"}]"#),
            ("code&name=like.A*", r#"[{"code":"ann"}]"#),
            ("code&name=ilike.*B", r#"[{"code":"bob"}]"#),
            ("code&code=like(any).{a*,*b}", r#"[{"code":"ann"},{"code":"bob"}]"#),
            ("code&code=like(all).{*n,a*}", r#"[{"code":"ann"}]"#),
            ("code&code=eq(any).{ann,cyd}", r#"[{"code":"ann"},{"code":"cyd"}]"#),
            ("code&tags=cs.{a}", r#"[{"code":"ann"}]"#),
            ("code&tags=cd.{b,c}", r#"[{"code":"bob"}]"#),
            ("code&tags=ov.{a,z}", r#"[{"code":"ann"}]"#),
            (r#"code&notes=cs.{"age":30}"#, r#"[{"code":"ann"}]"#),
            ("code&notes->age=gt.4", r#"[{"code":"ann"}]"#),
            ("code&notes->>city=eq.Ulm", r#"[{"code":"ann"}]"#),
            ("code&credit=gt.2.001", r#"[{"code":"ann"}]"#),
            ("code&credit=eq.2.000", r#"[{"code":"bob"}]"#),
            ("code&credit=eq.2.001", "[]"),
            ("code&credit=not.eq.2.001", r#"[{"code":"ann"},{"code":"bob"}]"#),
            ("code&credit=lte.2.009", r#"[{"code":"bob"}]"#),
            ("code&credit=in.(2.005,10.5)", r#"[{"code":"ann"}]"#),
            ("code&credit=isdistinct.2", r#"[{"code":"ann"},{"code":"cyd"}]"#),
            ("code&wallet=eq.1000", r#"[{"code":"ann"}]"#),
            ("code&address=eq.10.0.0.1", r#"[{"code":"ann"}]"#),
            (
                "code&or=(code.eq.ann,and(visits.gt.1,active.is.true))",
                r#"[{"code":"ann"},{"code":"cyd"}]"#,
            ),
            ("code&not.or=(code.eq.ann,code.eq.bob)", r#"[{"code":"cyd"}]"#),
            ("code&limit=1&offset=1", r#"[{"code":"bob"}]"#),
        ] {
            let reply = api.get(&format!("{all}{query}")).await;
            assert_eq!((reply.status, reply.body.as_str()), (200, body), "{query}");
        }
        for (order, codes) in [
            ("visits.desc", "cyd,ann,bob"),
            ("name", "ann,bob,cyd"),
            ("name.nullsfirst", "cyd,ann,bob"),
            ("name.desc", "cyd,bob,ann"),
            ("tier,code.desc", "ann,cyd,bob"),
            ("notes->>city.desc.nullslast,code", "ann,bob,cyd"),
            ("wallet", "cyd,ann,bob"),
        ] {
            let headers = [("accept", "text/csv")];
            let target = format!("customers?select=code&order={order}");
            let reply = api.send(Who::Acme, "GET", &target, &headers, "").await;
            reply.is(200, &format!("code\n{}", codes.replace(',', "\n")));
        }
    })
    .await;
}

#[tokio::test]
async fn groups_are_counted_and_summed() {
    on_both(async |api: &Api| {
        api.seed().await;
        let target = "customers?select=tier,visits.sum(),count()";
        api.get(target)
            .await
            .is(200, r#"[{"tier":"gold","sum":3,"count":1},{"tier":"plain","sum":7,"count":2}]"#);
        // A name that is no column counts, as PostgreSQL reads `customers.count`.
        let counted = api.get("customers?select=tier,count,all:count::text&order=tier").await;
        counted.is(
            200,
            r#"[{"tier":"gold","count":1,"all":"1"},{"tier":"plain","count":2,"all":"2"}]"#,
        );
    })
    .await;
}

#[tokio::test]
async fn ranges_counts_and_formats_are_postgrests() {
    on_both(async |api: &Api| {
        api.seed().await;
        let get = async |target: &str, headers: &[(&str, &str)]| {
            api.send(Who::Acme, "GET", target, headers, "").await
        };
        let list = "customers?select=code&order=code";
        let counted = get(list, &[("prefer", "count=exact"), ("range", "0-1")]).await;
        counted.is(206, r#"[{"code":"ann"},{"code":"bob"}]"#);
        assert_eq!(counted.header("content-range"), "0-1/3");
        assert_eq!(counted.header("preference-applied"), "count=exact");
        assert_eq!(counted.header("content-type"), "application/json; charset=utf-8");
        let open = get(list, &[("range", "2-")]).await;
        assert_eq!((open.status, open.header("content-range")), (200, "2-2/*"));
        let beyond = get("customers?offset=9", &[("prefer", "count=exact")]).await;
        beyond.refuses(416, "PGRST103", "there are only 3 rows");
        let none = get("customers?code=eq.none", &[("prefer", "count=exact")]).await;
        assert_eq!((none.status, none.header("content-range")), (200, "*/0"));

        let one = [("accept", "application/vnd.pgrst.object+json")];
        let single = get("customers?select=code&code=eq.ann", &one).await;
        single.is(200, r#"{"code":"ann"}"#);
        assert_eq!(
            single.header("content-type"),
            "application/vnd.pgrst.object+json; charset=utf-8"
        );
        get("customers", &one).await.refuses(406, "PGRST116", "The result contains 3 rows");
        get("customers?code=eq.x", &one).await.refuses(406, "PGRST116", "contains 0 rows");
        let lines = get(list, &[("accept", "application/x-ndjson")]).await;
        lines.is(200, "{\"code\":\"ann\"}\n{\"code\":\"bob\"}\n{\"code\":\"cyd\"}\n");
        let stripped = [("accept", "application/vnd.pgrst.array+json;nulls=stripped")];
        let target = "customers?select=code,name&code=eq.cyd";
        get(target, &stripped).await.is(200, r#"[{"code":"cyd"}]"#);
        let csv = get("customers?select=code,name&order=code", &[("accept", "text/csv")]).await;
        csv.is(200, "code,name\nann,Ann\nbob,Bob\ncyd,");
        get("customers", &[("accept", "image/png")]).await.refuses(406, "PGRST107", "image/png");

        let head = api.send(Who::Acme, "HEAD", list, &[("prefer", "count=planned")], "").await;
        head.is(200, "");
        assert_eq!(head.header("content-range"), "0-2/3");
        let options = api.send(Who::Acme, "OPTIONS", "audit_events", &[], "").await;
        assert_eq!(options.header("allow"), "OPTIONS,GET,HEAD,POST");
        api.send(Who::Acme, "TRACE", "customers", &[], "").await.refuses(405, "PGRST117", "TRACE");
        let profile = get("customers?limit=0", &[("accept-profile", "mainstay")]).await;
        profile.is(200, "[]");
        assert_eq!(profile.header("content-profile"), "mainstay");
        get("customers", &[("accept-profile", "x")]).await.refuses(406, "PGRST106", "mainstay");
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_said_and_what_is_missing_refused() {
    on_both(async |api: &Api| {
        api.seed().await;
        for (target, status, code, words) in [
            ("custmers", 404, "PGRST205", "'mainstay.customers'"),
            ("customers?select=nme", 400, "42703", "customers.name"),
            ("customers?nme=eq.1", 400, "42703", "column customers.nme does not exist"),
            ("customers?order=nme", 400, "42703", "customers.nme"),
            ("customers?visits=eq.x", 400, "22P02", "customers.visits"),
            ("customers?visits=eq.99999999999", 400, "22003", "visits"),
            ("customers?id=in.(1)", 400, "22P02", "customers.id"),
            ("customers?tier=eq.silver", 400, "22P02", "gold, plain"),
            ("customers?credit=gt.x", 400, "22P02", "customers.credit"),
            ("customers?visits=like.1*", 404, "42883", "integer ~~ unknown"),
            ("customers?notes=ov.{}", 404, "42883", "jsonb && unknown"),
            ("customers?name=cs.a", 404, "42883", "text @> unknown"),
            ("customers?name->a=eq.1", 404, "42883", "text -> unknown"),
            ("customers?notes->>a->b=eq.1", 404, "42883", "text -> unknown"),
            ("customers?name=is.true", 400, "42804", "must be type boolean, not type text"),
            (r"customers?name=like.a\", 400, "22025", "escape"),
            ("customers?select=visits::uuid", 400, "42846", "integer to uuid"),
            ("customers?select=visits::nothing", 400, "42704", "nothing"),
            ("customers?select=active.sum()", 404, "42883", "sum(boolean)"),
            ("customers?name=fts.a", 400, "PGRST127", "Full-text"),
            ("customers?name=match.(%3F=a)", 400, "PGRST127", "lookahead"),
            ("customers?select=wallet.avg()", 400, "PGRST127", "avg"),
            ("customers?select=count()&order=code", 400, "42803", "customers.code"),
            ("customers?select=visits::money", 400, "PGRST127", "money"),
            ("customers?visits=zz.1", 400, "PGRST100", "zz.1"),
            ("customers?orders.number=eq.1", 400, "PGRST108", "orders"),
        ] {
            let reply = api.get(target).await;
            assert_eq!(reply.status, status, "{target}: {}", reply.body);
            reply.refuses(status, code, words);
        }
        let strict = [("prefer", "handling=strict,timezone=Europe/Berlin,nothing=1")];
        let reply = api.send(Who::Acme, "GET", "customers", &strict, "").await;
        reply.refuses(400, "PGRST122", "nothing=1");
        let key = format!("customers?id=eq.{}&select=code", id(11));
        api.get(&key).await.is(200, r#"[{"code":"ann"}]"#);
    })
    .await;
}

#[tokio::test]
async fn casts_that_fail_are_made_for_the_rows_of_the_page_alone() {
    on_both(async |api: &Api| {
        let customers = r#"[{"code":"a","name":"1"},{"code":"b","name":"x"},{"code":"c","name":"3"},
                            {"code":"d","name":"y"},{"code":"e","name":"5"}]"#;
        api.write("POST", "customers", "", customers).await.is(201, "");
        let shown = |bounds: &str| format!("customers?select=n:name::int,code&{bounds}");
        api.get(&shown("limit=1")).await.is(200, r#"[{"n":1,"code":"a"}]"#);
        for (bounds, code, n) in [
            ("order=code&limit=1&offset=2", "c", 3),
            ("order=name.desc&limit=1&offset=2", "e", 5),
            ("order=code.desc&limit=1&offset=4", "a", 1),
            ("order=notes->>z,code&offset=4", "e", 5),
        ] {
            let row = format!(r#"[{{"n":{n},"code":"{code}"}}]"#);
            api.get(&shown(bounds)).await.is(200, &row);
        }
        // The first that fails is told.
        for (bounds, told) in [
            ("order=code", "x"),
            ("order=code.desc", "y"),
            ("order=tier.desc,code.desc&offset=2", "x"),
        ] {
            let text = format!(r#"type integer: \"{told}\""#);
            api.get(&shown(bounds)).await.refuses(400, "22P02", &text);
        }
        let key = api.get("customers?select=id&code=eq.a").await.body;
        let key = &key[8..44];
        let orders = format!(
            r#"[{{"number":7,"customer_id":"{key}"}},{{"number":70000,"customer_id":"{key}"}},
                {{"number":8,"customer_id":"{key}"}},{{"number":80000,"customer_id":"{key}"}}]"#
        );
        api.write("POST", "orders", "", &orders).await.is(201, "");
        let nested = |bounds: &str| {
            format!("customers?code=eq.a&select=o:orders!customer_id(n:number::int2)&{bounds}")
        };
        api.get(&nested("o.order=number&o.limit=2")).await.is(200, r#"[{"o":[{"n":7},{"n":8}]}]"#);
        let last = nested("o.order=number.desc&o.limit=1&o.offset=3");
        api.get(&last).await.is(200, r#"[{"o":[{"n":7}]}]"#);
        let most = nested("o.order=number.desc&o.limit=3");
        api.get(&most).await.refuses(400, "22003", "smallint out of range");
        let up = "orders?number=lt.100&select=number,customer_id(n:name::int)&order=number";
        let row = |number| format!(r#"{{"number":{number},"customer_id":{{"n":1}}}}"#);
        api.get(up).await.is(200, &format!("[{},{}]", row(7), row(8)));
    })
    .await;
}
