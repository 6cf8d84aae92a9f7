//! Own actions: declared in YAML, called as functions are.
#![expect(clippy::expect_used, reason = "without its actions no test can go on")]

use crate::api::{Api, Reply, Who, id, on_both};
use mainstay_declarations::Declarations;
use mainstay_entity::ActionMeta;

/// The actions of the shop, one declaration each.
const DECLARED: [&str; 29] = [
    "action: nothing_at_all\nschema: mainstay\npermission: public",
    "{action: state_of, schema: mainstay, arguments: {number: integer},
      steps: [{read: orders, as: found, one: true, where: {number: args.number}}],
      returns: {type: text, value: found.state}}",
    "{action: pay, schema: mainstay, description: Takes an order's money.,
      arguments: {number: {type: integer}},
      steps: [
        {update: orders, set: {state: \"'paid'\"}, where: {number: args.number}, as: changed, required: true, at_most: 1}],
      returns: {row_of: changed}}",
    "{action: send_all, schema: mainstay, arguments: {least: {type: integer, default: 0}},
      steps: [
        {update: orders, set: {state: \"'paid'\"}, where: {number: {gte: args.least}, state: \"'open'\"}, as: changed}],
      returns: {rows_of: changed}}",
    "action: place
schema: mainstay
arguments:
  customer: text
  number: integer
  words: {type: list, of: text, default: []}
steps:
  - read: customers
    as: buyer
    one: true
    required: true
    where: {code: args.customer}
  - insert: orders
    values: {number: args.number, customer_id: buyer.id}
    as: placed
  - for_each: args.words
    as: word
    steps:
      - upsert: labels
        on_conflict: word
        values: {word: word}
        as: label
      - insert: order_labels
        values: {order_id: placed.id, label_id: label.id}
  - assert: buyer.active
    code: PT402
    message: this customer buys no more
    details: \"'customer ' + buyer.code\"
    hint: Ask for the money first.
returns: {type: bigint, value: size(args.words)}",
    "{action: forget, schema: mainstay, arguments: {number: integer},
      steps: [{delete: orders, where: {number: args.number}, as: gone}],
      returns: {type: jsonb, value: 'gone.map(o, o.number)'}}",
    "{action: of_tier, schema: mainstay, arguments: {tier: text},
      returns: {rows: customers, where: {tier: args.tier}, order: [code.desc]}}",
    "{action: orders_of, schema: mainstay, arguments: {customer_row: {row: customers}},
      returns: {rows: orders, where: {customer_id: args.customer_row.id}}}",
    "{action: orders_of, schema: mainstay, arguments: {number: integer},
      returns: {rows: orders, where: {number: args.number}}}",
    "{action: last_orders, schema: mainstay,
      returns: {rows: orders, order: [number.desc], limit: 2}}",
    "{action: hours, schema: mainstay,
      returns: {rows: measurements_hourly, order: [hour.desc], limit: 1}}",
    "{action: buyer, schema: mainstay, arguments: {code: text},
      returns: {row: customers, where: {code: args.code}}}",
    "{action: names, schema: mainstay, arguments: {pattern: text},
      returns: {rows: customers, where: {code: {like: args.pattern}}, columns: [code, tier]}}",
    "{action: unclear, schema: mainstay}",
    "{action: unclear, schema: mainstay, arguments: {a: text}, returns: {type: integer, value: 1}}",
    "{action: unclear, schema: mainstay, arguments: {a: integer}, returns: {type: text, value: \"'foo'\"}}",
    "{action: document, schema: mainstay, arguments: {'': {type: jsonb}},
      returns: {type: text, value: \"string(args[''].id)\"}}",
    "{action: words, schema: mainstay, arguments: {'': {type: text, default: 'none'}},
      returns: {type: text, value: \"args[''] + '!'\"}}",
    "{action: echo, schema: mainstay, arguments: {number: bigint, list: {type: list, of: uuid, default: []}},
      returns: {type: text, value: args.number}}",
    "{action: compute, schema: mainstay, arguments: {price: {type: numeric, scale: 2}, count: integer},
      steps: [
        {let: {total: 'args.price * double(args.count)'}},
        {let: {total: 'total - 1.0'}, if: 'args.count > 2'}],
      returns: {type: numeric, scale: 2, value: total}}",
    "{action: count_orders, schema: mainstay, permission: 'orders:count', runs_as: system,
      steps: [
        {read: orders, as: all},
        {insert: labels, values: {word: \"'counted'\"}, as: mark}],
      returns: {type: integer, value: size(all)}}",
    "{action: contact, schema: mainstay, arguments: {code: text},
      steps: [{read: customers, as: found, one: true, where: {code: args.code}}],
      returns: {type: text, value: found.email}}",
    "{action: fail_late, schema: mainstay,
      steps: [
        {insert: labels, values: {word: \"'late'\"}},
        {assert: false, message: too late}]}",
    "{action: whoami, schema: mainstay,
      returns: {type: jsonb, value: '{\"kind\": caller.kind, \"now\": now}'}}",
    "{action: loop, schema: mainstay,
      steps: [
        {read: customers, as: all, order: [code]},
        {let: {codes: '[]'}},
        {for_each: all, as: one, steps: [{if: one.active, let: {codes: 'codes + [one.code]'}}]}],
      returns: {type: list, of: text, value: codes}}",
    "{action: either, schema: mainstay, arguments: {codes: {type: list, of: text}},
      returns: {rows: customers, columns: [code], order: [code],
        where: {or: [{code: {in: args.codes}}, {name: {is: null}}], not: {visits: {gt: 5}}}}}",
    "{action: like_any, schema: mainstay,
      arguments: {any: {type: list, of: text}, all: {type: list, of: text}, credits: {type: jsonb, default: []}},
      returns: {rows: customers, columns: [code], order: [code], where: {or: [
        {code: {like(any): args.any, match(all): args.all}},
        {credit: {in: args.credits}}]}}}",
    "{action: store_email, schema: mainstay, arguments: {code: text, email: {type: text, nullable: true}},
      steps: [{upsert: customers, on_conflict: code, values: {code: args.code, email: args.email}}]}",
    "{action: patient, schema: mainstay, arguments: {name: text},
      steps: [{insert: patients, values: {code: \"'p1'\", name: args.name}, as: made}],
      returns: {row_of: made}}",
];

/// What columns are asked by actions, and what with.
const ASKED: &[(&str, &str, &[&str], &[&str])] = &[
    ("samples", "name", &["match", "imatch", "like", "eq"], &["^[a-c]$", "B", "a", "(", "É", "_"]),
    (
        "samples",
        "int4range",
        &["sl", "sr", "nxr", "nxl", "adj", "ov", "cs", "cd", "gt"],
        &["[1,6)", "[6,9)", "empty", "(,)", "5", "x"],
    ),
    (
        "samples",
        "prose",
        &["fts", "plfts", "phfts", "wfts(simple)"],
        &["fat rat", "rats", "-x", ""],
    ),
    ("samples", "span", &["gt", "eq"], &["30 days", "1 mon"]),
    ("samples", "numbers", &["cs", "ov", "lt"], &["{1.5}", "{10,11}"]),
    ("samples", "address", &["gte"], &["10.0.0.2"]),
    (
        "customers",
        "credit",
        &["eq", "neq", "gt", "gte", "lt", "lte", "isdistinct"],
        &["10.495", "2", "2.0001", "10.50", "-1e-9", "x"],
    ),
];

/// The name of an action that asks a column.
fn asking(table: &str, column: &str, test: &str) -> String {
    format!("{table}_{column}_{}", test.split('(').next().unwrap_or(test))
}

/// The shop's own actions, as data.
pub(crate) fn declared() -> Vec<ActionMeta> {
    let mut texts: Vec<String> = DECLARED.iter().map(|text| (*text).to_owned()).collect();
    for (table, column, tests, _) in ASKED {
        texts.extend(tests.iter().map(|test| {
            format!(
                "{{action: {}, schema: mainstay, arguments: {{of: text}},
                  returns: {{rows: {table}, where: {{{column}: {{{test}: args.of}}}}}}}}",
                asking(table, column, test)
            )
        }));
    }
    let files = texts.into_iter().enumerate();
    let files: Vec<(String, String)> =
        files.map(|(number, text)| (format!("{number:03}.yaml"), text)).collect();
    Declarations::parse(&files, &[]).expect("sound declarations").actions
}

impl Api {
    /// Calls an action as somebody.
    async fn call_as(&self, who: Who, target: &str, body: &str) -> Reply {
        self.send(who, "POST", &format!("rpc/{target}"), &[], body.to_owned()).await
    }

    /// Calls an action as Acme.
    async fn call(&self, target: &str, body: &str) -> Reply {
        self.call_as(Who::Acme, target, body).await
    }

    /// Calls an action as Acme with a preference.
    async fn call_with(&self, target: &str, prefer: &str, body: &str) -> Reply {
        self.write("POST", &format!("rpc/{target}"), prefer, body).await
    }

    /// What an event says of its action, the newest first.
    async fn events(&self) -> String {
        self.get("audit_events?select=action&order=id.desc&limit=6").await.body
    }
}

#[tokio::test]
async fn an_action_answers_nothing_a_value_a_row_or_rows() {
    on_both(async |api: &Api| {
        api.seed().await;
        api.call("nothing_at_all", "").await.is(204, "");
        api.call("state_of", r#"{"number":1}"#).await.is(200, r#""open""#);
        api.call("state_of", r#"{"number":99}"#).await.is(200, "null");
        api.get("rpc/state_of?number=1").await.is(200, r#""open""#);
        let text = [("accept", "text/plain")];
        api.send(Who::Acme, "GET", "rpc/state_of?number=1", &text, "").await.is(200, "open");
        let paid = format!(r#""number":1,"state":"paid","customer_id":"{}""#, id(11));
        let reply = api.call("pay", r#"{"number":1}"#).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert!(reply.body.starts_with('{') && reply.body.contains(&paid), "{}", reply.body);
        api.call("pay?select=number", r#"{"number":99}"#).await.refuses(404, "P0002", "orders");
        api.call("send_all?select=number&order=number", r#"{"least":2}"#)
            .await
            .is(200, r#"[{"number":2},{"number":3}]"#);
        api.call("send_all", "{}").await.is(200, "[]");
        api.call("buyer?select=code", r#"{"code":"nobody"}"#).await.is(200, "null");
        api.call("buyer?select=code&visits=gt.5", r#"{"code":"ann"}"#).await.is(200, "null");
        api.call("buyer?select=code,orders!orders_customer_id_fkey(number)", r#"{"code":"bob"}"#)
            .await
            .is(200, r#"{"code":"bob","orders":[{"number":3}]}"#);
    })
    .await;
}

#[tokio::test]
async fn rows_of_an_action_are_shaped_like_those_of_a_table() {
    on_both(async |api: &Api| {
        api.seed().await;
        let tier = r#"{"tier":"plain"}"#;
        api.call("of_tier?select=code", tier).await.is(200, r#"[{"code":"cyd"},{"code":"bob"}]"#);
        api.get("rpc/of_tier?tier=plain&select=code&order=code&visits=gt.1")
            .await
            .is(200, r#"[{"code":"cyd"}]"#);
        api.call("of_tier?select=code,orders!orders_customer_id_fkey(number)&code=eq.bob", tier)
            .await
            .is(200, r#"[{"code":"bob","orders":[{"number":3}]}]"#);
        let page = api.call_with("of_tier?select=code&limit=1", "count=exact", tier).await;
        page.is(206, r#"[{"code":"cyd"}]"#);
        assert_eq!(page.header("content-range"), "0-0/2");
        assert_eq!(page.header("preference-applied"), "count=exact");
        let head = api.send(Who::Acme, "HEAD", "rpc/of_tier?tier=plain", &[], "").await;
        head.is(200, "");
        assert_eq!(head.header("content-range"), "0-1/*");
        let csv = [("accept", "text/csv")];
        api.send(Who::Acme, "POST", "rpc/of_tier?select=code,visits", &csv, tier)
            .await
            .is(200, "code,visits\ncyd,7\nbob,0");
        let object = [("accept", "application/vnd.pgrst.object+json")];
        api.send(Who::Acme, "POST", "rpc/of_tier?select=code", &object, tier)
            .await
            .refuses(406, "PGRST116", "2 rows");
        api.call("of_tier?select=count()", tier).await.is(200, r#"[{"count":2}]"#);
        // The request chooses among the first rows of a limited result.
        let target = "last_orders?select=number";
        api.call(target, "").await.is(200, r#"[{"number":3},{"number":2}]"#);
        api.call("last_orders?select=number&order=number", "")
            .await
            .is(200, r#"[{"number":2},{"number":3}]"#);
        api.call("last_orders?select=number&number=lt.3", "").await.is(200, r#"[{"number":2}]"#);
        api.call("last_orders?number=eq.1", "").await.is(200, "[]");
        let hour = |number: u64, day: u64| {
            let at = format!("2026-02-0{day}T10:30:00Z");
            format!(r#"{{"id":"{}","name":"a","value":1,"taken_at":"{at}"}}"#, id(number))
        };
        let taken = format!("[{},{}]", hour(91, 1), hour(92, 2));
        api.write("POST", "measurements", "", &taken).await.is(201, "");
        api.call("hours?select=hour", "")
            .await
            .is(200, r#"[{"hour":"2026-02-02T10:00:00+00:00"}]"#);
        api.call("hours?select=name&name=eq.b", "").await.is(200, "[]");
        api.call("last_orders?cursor=", "").await.refuses(400, "PGRST127", "Cursors");
        // A result with some columns has no others.
        let names = r#"{"pattern":"_n%"}"#;
        api.call("names", names).await.is(200, r#"[{"code":"ann","tier":"gold"}]"#);
        api.call("names?select=name:code", names).await.is(200, r#"[{"name":"ann"}]"#);
        api.call("names?select=code.count(),tier", names)
            .await
            .is(200, r#"[{"count":1,"tier":"gold"}]"#);
        api.call("names?select=email", names).await.refuses(400, "42703", "email");
        api.call("names?visits=gt.1", names).await.refuses(400, "42703", "visits");
        api.call("names?order=visits", names).await.refuses(400, "42703", "visits");
        api.call("either", r#"{"codes":["ann","bob"]}"#)
            .await
            .is(200, r#"[{"code":"ann"},{"code":"bob"}]"#);
        api.get("rpc/either?codes={cyd,bob}").await.is(200, r#"[{"code":"bob"}]"#);
    })
    .await;
}

#[tokio::test]
async fn an_action_is_whole_or_leaves_nothing() {
    on_both(async |api: &Api| {
        api.seed().await;
        let labels = "labels?select=word&order=word";
        let before = api.get(labels).await.body;
        let body = r#"{"customer":"bob","number":7,"words":["all","new"]}"#;
        let refused = api.call("place", body).await;
        refused.refuses(402, "PT402", "this customer buys no more");
        assert!(refused.body.contains(r#""details":"customer bob""#), "{}", refused.body);
        assert!(refused.body.contains(r#""hint":"Ask for the money first.""#));
        api.call("fail_late", "").await.refuses(400, "P0001", "too late");
        assert_eq!(api.get(labels).await.body, before);
        api.get("orders?number=eq.7").await.is(200, "[]");
        // So does one whose answer can't be given as it is asked.
        let many = "handling=strict,max-affected=1";
        api.call_with("send_all", many, "{}").await.refuses(400, "PGRST124", "3 rows");
        api.call_with("state_of", many, r#"{"number":1}"#).await.refuses(400, "PGRST128", "");
        api.get("orders?state=eq.paid").await.is(200, "[]");
        // And one that the caller wants undone.
        let undone = api.call_with("send_all?select=number", "tx=rollback", r#"{"least":3}"#).await;
        undone.is(200, r#"[{"number":3}]"#);
        assert_eq!(undone.header("preference-applied"), "tx=rollback");
        api.get("orders?state=eq.paid").await.is(200, "[]");
        let events = api.events().await;
        assert!(!events.contains("mainstay."), "{events}");

        let body = r#"{"customer":"ann","number":7,"words":["all","new"]}"#;
        api.call("place", body).await.is(200, "2");
        api.get("orders?number=eq.7&select=labels(word)&labels.order=word")
            .await
            .is(200, r#"[{"labels":[{"word":"all"},{"word":"new"}]}]"#);
        let events = api.events().await;
        for action in ["mainstay.place.call", "orders.create", "labels.create"] {
            assert!(events.contains(action), "{action}: {events}");
        }
        api.call("forget", r#"{"number":7}"#).await.is(200, "[7]");
        api.get("orders?number=eq.7").await.is(200, "[]");
    })
    .await;
}

#[tokio::test]
async fn an_action_is_chosen_by_its_arguments() {
    on_both(async |api: &Api| {
        api.seed().await;
        let row = format!(r#"{{"customer_row":{{"id":"{}","code":null,"more":1}}}}"#, id(12));
        api.call("orders_of?select=number", &row).await.is(200, r#"[{"number":3}]"#);
        api.call("orders_of?select=number", r#"{"number":2}"#).await.is(200, r#"[{"number":2}]"#);
        api.call("unclear", "").await.is(204, "");
        let ambiguous = api.call("unclear", r#"{"a":1}"#).await;
        let between = "mainstay.unclear(a => integer), mainstay.unclear(a => text)";
        ambiguous.refuses(300, "PGRST203", between);
        assert!(ambiguous.body.contains(r#""details":null"#), "{}", ambiguous.body);
        let unknown = api.call("orders_of", r#"{"numbr":2}"#).await;
        unknown.is(
            404,
            "{\"code\":\"PGRST202\",\"details\":\"Searched for the function mainstay.orders_of \
             with parameter numbr or with a single unnamed json/jsonb parameter, but no matches \
             were found in the schema cache.\",\"hint\":\"Perhaps you meant to call the function \
             mainstay.orders_of(number)\",\"message\":\"Could not find the function \
             mainstay.orders_of(numbr) in the schema cache\"}",
        );
        api.get("rpc/orders_off?a=1").await.refuses(
            404,
            "PGRST202",
            "with parameter a, but no matches",
        );
        api.call("document", r#"{"id":"9223372036854775807"}"#)
            .await
            .is(200, r#""9223372036854775807""#);
        api.call("document", r#"{"":{"id":5}}"#).await.is(200, r#""5""#);
        api.call("words", "{}").await.is(200, r#""none!""#);
        api.call("words", r#"{"":true}"#).await.is(200, r#""true!""#);
        let plain = [("content-type", "text/plain")];
        api.send(Who::Acme, "POST", "rpc/words", &plain, "all").await.is(200, r#""all!""#);
        let form = [("content-type", "application/x-www-form-urlencoded")];
        api.send(Who::Acme, "POST", "rpc/echo", &form, "number=5").await.is(200, r#""5""#);
        let largest = r#"{"number":9223372036854775807}"#;
        api.call("echo", largest).await.is(200, r#""9223372036854775807""#);
        api.call("echo?columns=number", r#"{"number":1,"other":2}"#).await.is(200, r#""1""#);
        api.call("echo", r#"{"number":"x"}"#).await.refuses(400, "22P02", "bigint");
        api.call("echo", r#"{"number":null}"#).await.refuses(400, "22004", "number");
        let list = r#"{"number":1,"list":["not an id"]}"#;
        api.call("echo", list).await.refuses(400, "22P02", "uuid");
    })
    .await;
}

#[tokio::test]
async fn each_step_needs_what_it_would_need_alone() {
    on_both(async |api: &Api| {
        api.seed().await;
        let nobody = api.call_as(Who::Nobody, "state_of", r#"{"number":1}"#).await;
        nobody.refuses(401, "42501", "state_of");
        api.call_as(Who::Nobody, "nothing_at_all", "").await.is(204, "");
        api.call_as(Who::Clerk, "state_of", r#"{"number":1}"#).await.is(200, r#""open""#);
        let pay = api.call_as(Who::Clerk, "pay", r#"{"number":1}"#).await;
        pay.refuses(403, "42501", "orders");
        // Another organisation's rows are not there.
        api.call_as(Who::Globex, "state_of", r#"{"number":1}"#).await.is(200, "null");
        api.call_as(Who::Globex, "pay", r#"{"number":1}"#).await.refuses(404, "P0002", "orders");
        api.call_as(Who::Globex, "of_tier?select=code", r#"{"tier":"plain"}"#)
            .await
            .is(200, r#"[{"code":"zed"}]"#);
        // What is masked is no step's to tell.
        let code = r#"{"code":"ann"}"#;
        api.call("contact", code).await.is(200, r#""ann@x.test""#);
        api.call_as(Who::Clerk, "contact", code).await.refuses(403, "42501", "email");
        // The system's own reach ends with the organisation, and begins with a permission.
        api.call_as(Who::Clerk, "count_orders", "").await.refuses(403, "42501", "count_orders");
        api.call("count_orders", "").await.is(200, "3");
        api.call_as(Who::Globex, "count_orders", "").await.is(200, "0");
        api.get("labels?word=eq.counted&select=word").await.is(200, r#"[{"word":"counted"}]"#);
        let events = api.events().await;
        assert!(events.contains("mainstay.count_orders.call"), "{events}");
        let named = r#"{"name":"Eve"}"#;
        let sealed = api.call("patient?select=code,name", named).await;
        sealed.is(200, r#"{"code":"p1","name":"Eve"}"#);
        // GET changes nothing.
        api.get("rpc/pay?number=1").await.refuses(405, "25006", "pay");
    })
    .await;
}

#[tokio::test]
async fn expressions_compute_with_what_is_known() {
    on_both(async |api: &Api| {
        api.seed().await;
        api.call("compute", r#"{"price":0.1,"count":3}"#).await.is(200, "-0.70");
        api.call("compute", r#"{"price":"12.34","count":2}"#).await.is(200, "24.68");
        api.call("whoami", "")
            .await
            .is(200, r#"{"now": "2026-03-01T10:00:00.000000Z", "kind": "api_key"}"#);
        api.call("loop", "").await.is(200, r#"["ann","cyd"]"#);
        api.call("store_email", r#"{"code":"ann","email":"new@x.test"}"#).await.is(204, "");
        api.call("store_email", r#"{"code":"dan","email":null}"#).await.is(204, "");
        api.get("customers?select=code,email&code=in.(ann,dan)&order=code")
            .await
            .is(200, r#"[{"code":"ann","email":"new@x.test"},{"code":"dan","email":null}]"#);
    })
    .await;
}

#[tokio::test]
async fn conditions_of_actions_hold_as_those_of_requests_do() {
    on_both(async |api: &Api| {
        api.seed().await;
        crate::types::seed(api).await;
        for (name, prose) in [("p", "Fat rats sat."), ("q", "a fat rat, and a rat")] {
            let body = format!(r#"{{"name":"{name}","prose":"{prose}"}}"#);
            api.write("POST", "samples", "", &body).await.is(201, "");
        }
        for (table, column, tests, operands) in ASKED {
            let shown = if *table == "samples" { "name" } else { "code" };
            for (test, operand) in tests.iter().flat_map(|t| operands.iter().map(move |o| (t, o))) {
                let target =
                    format!("{table}?select={shown}&order={shown}&{column}={test}.{operand}");
                let asked = api.get(&target).await;
                let target =
                    format!("{}?select={shown}&order={shown}", asking(table, column, test));
                let answered = api.call(&target, &format!(r#"{{"of":"{operand}"}}"#)).await;
                let what = format!("{column}={test}.{operand}: {} {}", asked.body, answered.body);
                assert_eq!(asked.status, answered.status, "{what}");
                let code = |reply: &Reply| reply.body.get(..16).map(str::to_owned);
                if asked.status == 200 {
                    assert_eq!(asked.body, answered.body, "{what}");
                } else {
                    assert_eq!(code(&asked), code(&answered), "{what}");
                }
            }
        }
        for (body, shown) in [
            (r#"{"any":["a%","b%"],"all":["n$","^a"]}"#, r#"[{"code":"ann"}]"#),
            (r#"{"any":["a%","b%"],"all":[]}"#, r#"[{"code":"ann"},{"code":"bob"}]"#),
            (r#"{"any":[],"all":[]}"#, "[]"),
            (
                r#"{"any":[],"all":[],"credits":[2,10.5,7.125]}"#,
                r#"[{"code":"ann"},{"code":"bob"}]"#,
            ),
        ] {
            api.call("like_any", body).await.is(200, shown);
        }
    })
    .await;
}

#[tokio::test]
async fn a_call_with_very_many_arguments_is_refused_at_once() {
    on_both(async |api: &Api| {
        let members: Vec<String> = (0..100_000).map(|number| format!(r#""a{number}":1"#)).collect();
        let body = format!("{{{}}}", members.join(","));
        for name in ["state_of", "no_such_action"] {
            let begun = std::time::Instant::now();
            let reply = api.call_as(Who::Nobody, name, &body).await;
            assert_eq!(reply.status, 404, "{name}");
            // Comparing each with all others took minutes.
            assert!(begun.elapsed().as_secs() < 10, "{name}: {:?}", begun.elapsed());
        }
    })
    .await;
}
