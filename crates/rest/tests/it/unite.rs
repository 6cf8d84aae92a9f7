//! `distinct=` and `group=`.

use crate::api::{Api, Who, on_both};

#[tokio::test]
async fn rows_that_are_alike_are_one() {
    on_both(async |api: &Api| {
        api.seed().await;
        for (target, body) in [
            ("customers?select=tier&distinct=true", r#"[{"tier":"gold"},{"tier":"plain"}]"#),
            (
                "customers?select=tier,active&distinct=true&order=active.desc",
                r#"[{"tier":"gold","active":true},{"tier":"plain","active":true},{"tier":"plain","active":false}]"#,
            ),
            ("customers?select=t:tier&distinct=true&limit=1&offset=1", r#"[{"t":"plain"}]"#),
            (
                "customers?select=name&distinct=true&order=name.nullsfirst&limit=1",
                r#"[{"name":null}]"#,
            ),
            (
                "customers?select=code&distinct=on(tier)&order=visits.desc",
                r#"[{"code":"cyd"},{"code":"ann"}]"#,
            ),
            (
                "customers?select=code&distinct=on(tier)&order=tier,visits&active=is.false",
                r#"[{"code":"bob"}]"#,
            ),
            (
                "orders?select=number,customers!customer_id(code)&distinct=on(customer_id)&order=number.desc",
                r#"[{"number":3,"customers":{"code":"bob"}},{"number":2,"customers":{"code":"ann"}}]"#,
            ),
            (
                "customers?select=visits.sum()&group=tier",
                r#"[{"sum":3},{"sum":7}]"#,
            ),
            (
                "customers?select=tier,count()&group=tier,active&order=tier.desc,active",
                r#"[{"tier":"plain","count":1},{"tier":"plain","count":1},{"tier":"gold","count":1}]"#,
            ),
            ("customers?select=tier&group=tier", r#"[{"tier":"gold"},{"tier":"plain"}]"#),
            (
                "customers?select=city:notes->>city,count()&group=notes->>city",
                r#"[{"city":"Ulm","count":1},{"city":null,"count":2}]"#,
            ),
        ] {
            let reply = api.get(target).await;
            assert_eq!((reply.status, reply.body.as_str()), (200, body), "{target}");
        }
        let counted = [("prefer", "count=exact"), ("range", "0-0")];
        for (target, total) in [
            ("customers?select=tier&distinct=true", "0-0/2"),
            ("customers?select=code&distinct=on(tier)", "0-0/2"),
            ("customers?select=count()&group=active", "0-0/2"),
        ] {
            let reply = api.send(Who::Acme, "GET", target, &counted, "").await;
            assert_eq!(reply.header("content-range"), total, "{target}: {}", reply.body);
        }
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_groups_is_refused() {
    on_both(async |api: &Api| {
        api.seed().await;
        for (target, status, code, words) in [
            ("customers?distinct=5", 400, "PGRST100", "distinct"),
            ("customers?distinct=on()", 400, "PGRST100", "distinct"),
            ("customers?group=", 400, "PGRST100", "group"),
            ("customers?select=code&group=nothing", 400, "42703", "nothing"),
            ("customers?select=code&group=tier", 400, "42803", "customers.code"),
            ("customers?select=count()&group=tier&order=code", 400, "42803", "customers.code"),
            ("customers?select=tier&distinct=true&order=code", 400, "42P10", "ORDER BY"),
            (
                "orders?select=count(),customers!customer_id()&group=state&order=customers(visits)",
                400,
                "42803",
                "customers.visits",
            ),
            ("customers?distinct=true", 400, "PGRST127", "jsonb"),
            (
                "customers?select=tier,orders!customer_id(number)&distinct=true",
                400,
                "PGRST127",
                "embedded",
            ),
            ("customers?select=count()&distinct=on(tier)", 400, "PGRST127", "aggregate"),
            ("customers?select=tier&distinct=true&group=tier", 400, "PGRST127", "group"),
        ] {
            api.get(target).await.refuses(status, code, words);
        }
        // Columns of these names are filtered as ever: nothing else is meant by an operator.
        api.get("customers?distinct=eq.5").await.refuses(400, "42703", "customers.distinct");
        api.get("customers?group=not.is.null").await.refuses(400, "42703", "customers.group");
        api.get("customers?cursor=in.(1)").await.refuses(400, "42703", "customers.cursor");
        let target = "customers?code=eq.ann&select=code&distinct=true";
        let reply = api.write("PATCH", target, "return=representation", r#"{"visits":4}"#).await;
        reply.refuses(400, "PGRST127", "write");
        // Groups of masked values would tell them.
        let clerk = async |target| api.send(Who::Clerk, "GET", target, &[], "").await;
        clerk("customers?select=email&distinct=true").await.refuses(403, "42501", "email");
        clerk("customers?select=code&distinct=on(email)").await.refuses(403, "42501", "email");
        clerk("customers?select=count()&group=verdict").await.refuses(403, "42501", "verdict");
    })
    .await;
}
