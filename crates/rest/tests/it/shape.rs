//! The shape of answers: spreads, aggregates beside and inside related records, declared
//! relationships, relations of views.

use crate::api::{Api, Who, on_both};
use mainstay_entity::{Direction, EntityMeta, Relationship};

/// Ways from a customer, or a view of customers, to their orders.
pub(crate) fn related(meta: &EntityMeta) -> EntityMeta {
    let orders = |name: &'static str, to_one: bool, limit: Option<u32>| Relationship {
        name: name.into(),
        description: "Orders, the newest first.".into(),
        schema: "mainstay".into(),
        table: "orders".into(),
        columns: vec![("id".into(), "customer_id".into())].into(),
        to_one,
        order: vec![("number".into(), Direction::Descending)].into(),
        limit,
    };
    let mut meta = meta.clone();
    meta.relationships = vec![
        orders("latest_order", true, None),
        orders("newest", false, Some(1)),
        orders("bought", false, None),
    ]
    .into();
    meta
}

async fn answers(api: &Api, requests: &[(&str, &str)]) {
    for (target, body) in requests {
        let reply = api.get(target).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, *body), "{target}");
    }
}

#[tokio::test]
async fn spreads_of_many_rows_are_arrays() {
    let requests = [
        (
            "orders?select=number,...labels(word)&labels.order=word&order=number",
            r#"[{"number":1,"word":["all","big"]},{"number":2,"word":[]},{"number":3,"word":["big"]}]"#,
        ),
        (
            "customers?select=code,...orders!customer_id(number,how:state)&orders.order=number.desc&order=code",
            r#"[{"code":"ann","number":[2,1],"how":["open","open"]},{"code":"bob","number":[3],"how":["open"]},{"code":"cyd","number":[],"how":[]}]"#,
        ),
        (
            "customers?select=code,...orders!customer_id(number,...shipments(carrier))&orders.order=number&code=eq.ann",
            r#"[{"code":"ann","number":[1,2],"carrier":[null,"Post"]}]"#,
        ),
        (
            "customers?select=...orders!customer_id(number,...labels(word))&orders.order=number&orders.labels.order=word&code=eq.ann",
            r#"[{"number":[1,2],"word":[["all","big"],[]]}]"#,
        ),
        (
            "customers?select=...orders!customer_id(shipments(carrier),labels(word))&orders.order=number&orders.labels.order=word&code=eq.ann",
            r#"[{"shipments":[null,{"carrier":"Post"}],"labels":[[{"word":"all"},{"word":"big"}],[]]}]"#,
        ),
        (
            "shipments?select=carrier,...orders(number,...customers!customer_id(who:code,age:notes->age))",
            r#"[{"carrier":"Post","number":2,"who":"ann","age":30}]"#,
        ),
        (
            "orders?select=number,...customers!payer_id(code,orders!payer_id(number))&number=eq.2",
            r#"[{"number":2,"code":null,"orders":null}]"#,
        ),
    ];
    on_both(async |api: &Api| {
        api.seed().await;
        answers(api, &requests).await;
    })
    .await;
}

#[tokio::test]
async fn aggregates_stand_inside_and_beside_related_records() {
    let requests = [
        (
            "customers?select=code,orders!customer_id(count())&order=code",
            r#"[{"code":"ann","orders":[{"count":2}]},{"code":"bob","orders":[{"count":1}]},{"code":"cyd","orders":[{"count":0}]}]"#,
        ),
        (
            "customers?select=code,orders!customer_id(state,count(),number.sum())&order=code",
            r#"[{"code":"ann","orders":[{"state":"open","count":2,"sum":3}]},{"code":"bob","orders":[{"state":"open","count":1,"sum":3}]},{"code":"cyd","orders":[]}]"#,
        ),
        (
            "orders?select=number,labels(many:count()::text)&order=number",
            r#"[{"number":1,"labels":[{"many":"2"}]},{"number":2,"labels":[{"many":"0"}]},{"number":3,"labels":[{"many":"1"}]}]"#,
        ),
        (
            "orders?select=labels(a:count()::char,b:count()::name,c:count()::numeric)&order=number&limit=2",
            r#"[{"labels":[{"a":"2","b":"2","c":2}]},{"labels":[{"a":"0","b":"0","c":0}]}]"#,
        ),
        (
            "orders?select=shipments(count())&order=number",
            r#"[{"shipments":{"count":0}},{"shipments":{"count":1}},{"shipments":{"count":0}}]"#,
        ),
        (
            "customers?select=code,orders!customer_id(number,count())&orders.limit=1&orders.order=number.desc&code=eq.ann",
            r#"[{"code":"ann","orders":[{"number":2,"count":1}]}]"#,
        ),
        (
            "orders?select=count(),customers!customer_id(tier)",
            r#"[{"count":2,"customers":{"tier":"gold"}},{"count":1,"customers":{"tier":"plain"}}]"#,
        ),
        (
            "orders?select=number.sum(),customers!payer_id(code)",
            r#"[{"sum":4,"customers":{"code":"bob"}},{"sum":2,"customers":null}]"#,
        ),
        (
            "orders?select=number.sum(),...customers!payer_id(code)",
            r#"[{"sum":4,"code":"bob"},{"sum":2,"code":null}]"#,
        ),
        (
            "shipments?select=carrier,...orders(number.sum(),...customers!customer_id(visits.max(),code))",
            r#"[{"carrier":"Post","sum":2,"max":3,"code":"ann"}]"#,
        ),
        (
            "customers?select=code,orders!customer_id!inner(count())&order=code",
            r#"[{"code":"ann","orders":[{"count":2}]},{"code":"bob","orders":[{"count":1}]},{"code":"cyd","orders":[{"count":0}]}]"#,
        ),
        (
            "customers?select=v:visits.avg(),c:credit.avg(),s:credit.sum(),w:weight.avg(),h:weight.sum(),n:visits.avg()::int4,t:count()::text",
            r#"[{"v":3.3333333333333333,"c":6.2500000000000000,"s":12.50,"w":530.75,"h":1061.5,"n":3,"t":"3"}]"#,
        ),
        (
            "customers?select=text:notes->>age.max(),sum:notes->age::int.sum(),credit.count(),latest:born.max()",
            r#"[{"text":"4","sum":34,"count":2,"latest":"1990-05-01"}]"#,
        ),
        (
            "customers?select=visits.avg(),credit.sum()&code=eq.nobody",
            r#"[{"avg":null,"sum":null}]"#,
        ),
    ];
    on_both(async |api: &Api| {
        api.seed().await;
        answers(api, &requests).await;
        let counted = [("prefer", "count=exact")];
        let target = "orders?select=count(),...customers!payer_id(code)&limit=1";
        let page = api.send(Who::Acme, "GET", target, &counted, "").await;
        assert_eq!(page.header("content-range"), "0-0/2");
    })
    .await;
}

#[tokio::test]
async fn aggregates_that_have_no_one_answer_are_refused() {
    on_both(async |api: &Api| {
        api.seed().await;
        for (target, code, words) in [
            (
                "customers?select=code,...orders!customer_id(count())",
                "PGRST127",
                "many-to-many spreads",
            ),
            ("customers?select=count(),orders!customer_id(number)", "PGRST127", "beside 'orders'"),
            (
                "orders?select=count(),customers!customer_id(count())",
                "PGRST127",
                "aggregates of its own",
            ),
            ("orders?select=count(),customers!customer_id(notes)", "PGRST127", "make no groups"),
            (
                "orders?select=count(),customer_id(code)&order=customer_id(code)",
                "PGRST127",
                "order",
            ),
            (
                "customers?select=orders!customer_id(count())&orders.order=number",
                "42803",
                "orders_1.number",
            ),
            ("customers?select=wallet.sum()", "PGRST127", "sum(numeric)"),
            ("orders?select=number.sum()&order=sum", "42703", "orders.sum"),
        ] {
            api.get(target).await.refuses(400, code, words);
        }
        let masked = "orders?select=count(),...customers!customer_id(email)";
        let reply = api.send(Who::Clerk, "GET", masked, &[], "").await;
        reply.is(200, r#"[{"count":3,"email":"***"}]"#);
        let denied = "orders?select=number,labels(count())";
        assert_eq!(api.send(Who::Clerk, "GET", denied, &[], "").await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn inner_joins_and_orders_follow_what_an_embed_shows() {
    let requests = [
        (
            "orders?select=number,labels!inner(word)&labels.offset=1&labels.order=word",
            r#"[{"number":1,"labels":[{"word":"big"}]}]"#,
        ),
        ("orders?select=number,labels!inner(word)&labels.limit=0", "[]"),
        ("orders?select=number,labels()&labels=is.null", r#"[{"number":2}]"#),
        (
            "orders?select=number,labels(word)&or=(labels.is.null,number.eq.3)&order=number",
            r#"[{"number":2,"labels":[]},{"number":3,"labels":[{"word":"big"}]}]"#,
        ),
        (
            "orders?select=number,customers!customer_id(code)&customers.code=eq.bob&order=customers(code).desc.nullslast,number",
            r#"[{"number":3,"customers":{"code":"bob"}},{"number":1,"customers":null},{"number":2,"customers":null}]"#,
        ),
        (
            "customers?select=code,buys:orders!customer_id(number,of:customers!payer_id(code))&buys.order=of(code).nullsfirst&buys.of.code=eq.bob&code=eq.ann",
            r#"[{"code":"ann","buys":[{"number":2,"of":null},{"number":1,"of":{"code":"bob"}}]}]"#,
        ),
    ];
    on_both(async |api: &Api| {
        api.seed().await;
        answers(api, &requests).await;
        let twice = "orders?select=customers!customer_id(code),customers!payer_id(code)";
        api.get(twice).await.refuses(400, "42712", "orders_customers_1");
        let missing = "customers?select=orders!customer_id(sum)";
        api.get(missing).await.refuses(400, "42703", "column orders_1.sum does not exist");
    })
    .await;
}

#[tokio::test]
async fn declared_relationships_lead_to_what_no_reference_says() {
    let requests = [
        (
            "customers?select=code,latest_order(number)&order=code",
            r#"[{"code":"ann","latest_order":{"number":2}},{"code":"bob","latest_order":{"number":3}},{"code":"cyd","latest_order":null}]"#,
        ),
        (
            "customers?select=code,newest(number),bought(number)&code=eq.ann",
            r#"[{"code":"ann","newest":[{"number":2}],"bought":[{"number":2},{"number":1}]}]"#,
        ),
        (
            "customers?select=code,newest(number)&newest.number=eq.1&code=eq.ann",
            r#"[{"code":"ann","newest":[]}]"#,
        ),
        (
            "customers?select=code,latest_order!inner(number)&latest_order.number=lt.3",
            r#"[{"code":"ann","latest_order":{"number":2}}]"#,
        ),
        (
            "customers?select=code,...latest_order(number)&order=latest_order(number).desc.nullslast",
            r#"[{"code":"bob","number":3},{"code":"ann","number":2},{"code":"cyd","number":null}]"#,
        ),
        (
            "customer_facts?select=code,bought(number)&order=code",
            r#"[{"code":"ann","bought":[{"number":2},{"number":1}]},{"code":"cyd","bought":[]}]"#,
        ),
    ];
    on_both(async |api: &Api| {
        api.seed().await;
        answers(api, &requests).await;
        let theirs = "customers?select=code,latest_order(number)";
        let reply = api.send(Who::Globex, "GET", theirs, &[], "").await;
        reply.is(200, r#"[{"code":"zed","latest_order":null}]"#);
        let created = r#"{"code":"dot"}"#;
        let target = "customers?select=code,latest_order(number),...bought(number)";
        let reply = api.write("POST", target, "return=representation", created).await;
        reply.is(201, r#"[{"code":"dot","latest_order":null,"number":[]}]"#);
    })
    .await;
}

#[tokio::test]
async fn views_have_the_relations_of_the_keys_that_they_show() {
    let requests = [
        (
            "parcels?select=number,labels(word)&labels.order=word&order=number",
            r#"[{"number":1,"labels":[{"word":"all"},{"word":"big"}]},{"number":2,"labels":[]},{"number":3,"labels":[{"word":"big"}]}]"#,
        ),
        (
            "labels?select=word,parcels(number)&word=eq.big&parcels.order=number",
            r#"[{"word":"big","parcels":[{"number":1},{"number":3}]}]"#,
        ),
        (
            "shipments?select=carrier,parcels(number)",
            r#"[{"carrier":"Post","parcels":{"number":2}}]"#,
        ),
        (
            "parcels?select=number,shipments!inner(carrier)",
            r#"[{"number":2,"shipments":{"carrier":"Post"}}]"#,
        ),
    ];
    on_both(async |api: &Api| {
        api.seed().await;
        answers(api, &requests).await;
        api.get("parcels?select=doors(id)").await.refuses(400, "PGRST200", "'parcels' and 'doors'");
    })
    .await;
}

#[tokio::test]
async fn csv_and_stripped_nulls_take_related_records() {
    on_both(async |api: &Api| {
        api.seed().await;
        let get = async |target: &'static str, accept: &'static str| {
            api.send(Who::Acme, "GET", target, &[("accept", accept)], "").await
        };
        let target = "orders?select=number,labels(word),...customers!customer_id(code,born)&labels.order=word&order=number";
        get(target, "text/csv").await.is(
            200,
            "number,labels,code,born\n\
             1,\"[{\"\"word\"\":\"\"all\"\"},{\"\"word\"\":\"\"big\"\"}]\",ann,1990-05-01\n\
             2,[],ann,1990-05-01\n\
             3,\"[{\"\"word\"\":\"\"big\"\"}]\",bob,",
        );
        let target = "orders?select=number,...labels(word),shipments(carrier)&labels.order=word&order=number";
        get(target, "text/csv").await.is(
            200,
            "number,word,shipments\n\
             1,\"[\"\"all\"\",\"\"big\"\"]\",\n\
             2,[],\"{\"\"carrier\"\":\"\"Post\"\"}\"\n\
             3,\"[\"\"big\"\"]\",",
        );
        let target = "orders?select=number,customers!payer_id(code,name,born),...shipments(carrier)&order=number&limit=2";
        let stripped = "application/vnd.pgrst.array+json;nulls=stripped";
        get(target, stripped).await.is(
            200,
            r#"[{"number":1,"customers":{"code":"bob","name":"Bob"}},{"number":2,"carrier":"Post"}]"#,
        );
    })
    .await;
}

#[tokio::test]
async fn an_update_gives_what_is_missing_null_or_its_default() {
    on_both(async |api: &Api| {
        api.seed().await;
        let target = "customers?columns=name,visits,tier&code=eq.ann&select=name,visits,tier";
        let prefer = "return=representation,missing=default";
        let reply = api.write("PATCH", target, prefer, r#"{"name":"Anne"}"#).await;
        reply.is(200, r#"[{"name":"Anne","visits":0,"tier":"plain"}]"#);
        assert_eq!(reply.header("preference-applied"), "missing=default, return=representation");
        let target = "customers?columns=name,credit&code=eq.ann&select=name,credit";
        let reply = api.write("PATCH", target, "return=representation", r#"{"credit":1.5}"#).await;
        reply.is(200, r#"[{"name":null,"credit":1.50}]"#);
    })
    .await;
}

#[tokio::test]
async fn a_plan_says_how_a_read_would_be_run() {
    on_both(async |api: &Api| {
        api.seed().await;
        let get = async |target: &'static str, accept: &'static str| {
            api.send(Who::Acme, "GET", target, &[("accept", accept)], "").await
        };
        let target =
            "orders?select=number,labels!inner(word)&labels.word=like.b*&order=number.desc";
        let json = get(target, "application/vnd.pgrst.plan+json; options=verbose").await;
        assert_eq!(json.status, 200, "{}", json.body);
        assert!(json.header("content-type").starts_with("application/vnd.pgrst.plan+json"));
        let plan: serde_json::Value = serde_json::from_str(&json.body).expect("JSON");
        assert!(plan[0]["Plan"]["Node Type"].is_string(), "{plan}");
        let text = get(target, "application/vnd.pgrst.plan+text").await;
        assert!(text.status == 200 && text.body.contains("orders"), "{}", text.body);
        let run = get(target, "application/vnd.pgrst.plan+text; options=analyze").await;
        run.refuses(400, "PGRST127", "analyze");
        let denied = [("accept", "application/vnd.pgrst.plan+json")];
        let refused = api.send(Who::Clerk, "HEAD", "labels", &denied, "").await;
        let told = (refused.status, refused.header("proxy-status"));
        assert_eq!(told, (403, "Mainstay; error=42501"));
    })
    .await;
}
