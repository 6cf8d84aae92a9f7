//! Random requests get the same answers from both engines, bytes and all.

use crate::api::{Api, Reply, Who, id};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::fmt::Write as _;

/// Requests in one run.
const REQUESTS: usize = 600;

/// What a list of customers can show.
const SHOWN: &[&str] = &[
    "*",
    "code",
    "id",
    "n:name",
    "email",
    "born",
    "tier",
    "visits",
    "credit",
    "weight",
    "wallet",
    "active",
    "tags",
    "notes",
    "address",
    "created_at",
    "a:notes->age",
    "notes->>city",
    "notes->deep->0->>x",
    "notes->deep->-1",
    "vt:visits::text",
    "ct:credit::text",
    "ci:credit::int4",
    "cn:credit::numeric",
    "wt:weight::text",
    "wn:weight::numeric",
    "at:active::text",
    "ai:active::int4",
    "tt:tags::text",
    "nt:notes::text",
    "it:address::text",
    "bt:born::text",
    "bz:born::timestamptz",
    "cd:created_at::date",
    "dt:created_at::text",
    "ut:wallet::text",
    "uuid:id::text",
    "an:notes->age::text",
    "organizations(slug)",
    "bought:orders!customer_id(number,state)",
    "paid:orders!payer_id!inner(number)",
    "orders!orders_payer_id_fkey(number,labels(word),shipments(carrier))",
    "none:orders!customer_id()",
];

/// Conditions: columns, operators that fit them, and operands.
const CONDITIONS: &[(&str, &[&str], &[&str])] = &[
    ("code", &["eq", "neq", "gt", "lte", "like", "ilike"], &["ann", "b*", "*Y*", "", "é", "_n%25"]),
    (
        "name",
        &["eq", "gte", "lt", "ilike", "is", "isdistinct"],
        &["Ann", "null", "not_null", "ÉMILE", "Σ*"],
    ),
    (
        "visits",
        &["eq", "neq", "gt", "gte", "lt", "lte", "isdistinct"],
        &["0", "3", "-1", " 7", "x", "99999999999"],
    ),
    ("credit", &["eq", "neq", "gt", "gte", "lt", "lte"], &["2", "10.50", "2.005", "-1e1", "1e2"]),
    ("weight", &["eq", "gt", "lte", "is"], &["61.5", "1e3", "null", "0"]),
    ("wallet", &["eq", "neq", "is"], &["7", "1000", "null", "0007"]),
    ("active", &["eq", "is", "gt"], &["true", "f", "null", "unknown"]),
    ("tags", &["eq", "cs", "cd", "ov", "neq"], &["{a}", "{a,b}", "{}", "{b,NULL}", "{\"a b\"}"]),
    ("notes", &["cs", "cd", "eq", "gt", "isdistinct"], &["{}", "{\"age\":30}", "null", "[1]", "{"]),
    ("notes->age", &["eq", "gt", "lt", "is", "isdistinct"], &["30", "4", "null", "\"x\""]),
    ("notes->>city", &["eq", "like", "ilike", "gt", "is"], &["Ulm", "u*", "null", "*"]),
    ("address", &["eq", "neq", "is"], &["10.0.0.1", "::1", "null", "x"]),
    ("born", &["eq", "gt", "lte", "is"], &["1990-05-01", "1970-01-01", "null", "2026-02-30"]),
    ("created_at", &["gt", "lte", "eq"], &["2026-03-01", "2026-03-01T11:00:00%2B01:00", "now"]),
    ("tier", &["eq", "neq", "gt", "like"], &["gold", "plain", "silver"]),
    ("id", &["eq", "gt"], &["00000000-0000-7000-8000-00000000000c", "x"]),
    ("none", &["is"], &["null", "not_null"]),
];

const ORDERS: &[&str] = &[
    "code",
    "name.desc",
    "name.nullsfirst",
    "visits",
    "credit.desc.nullslast",
    "weight",
    "wallet.desc",
    "born",
    "active.desc",
    "tier",
    "notes->>city",
    "created_at",
    "id.desc",
    "email",
];

fn condition() -> impl Strategy<Value = String> {
    select(CONDITIONS).prop_flat_map(|(column, operators, operands)| {
        let operand = select(operands).prop_map(str::to_owned);
        let list = subsequence(operands, 0..=operands.len())
            .prop_map(|items| format!("({})", items.join(",")));
        prop_oneof![
            5 => (any::<bool>(), select(operators), operand).prop_map(move |(not, op, operand)| {
                let not = if not { "not." } else { "" };
                format!("{column}={not}{op}.{operand}")
            }),
            1 => (any::<bool>(), list).prop_map(move |(not, list)| {
                format!("{column}={}in.{list}", if not { "not." } else { "" })
            }),
        ]
    })
}

/// Conditions as members of `or=(…)`.
fn group() -> impl Strategy<Value = String> {
    let members = prop::collection::vec(condition(), 1..4);
    (select(&["or", "and", "not.or", "not.and"][..]), members).prop_map(|(connective, members)| {
        let member = |m: &String| m.replacen('=', ".", 1);
        let members: Vec<String> = members.iter().map(member).collect();
        format!("{connective}=({})", members.join(","))
    })
}

fn request() -> impl Strategy<Value = (String, bool)> {
    let shown = subsequence(SHOWN, 1..5).prop_shuffle();
    let filters = prop::collection::vec(prop_oneof![3 => condition(), 1 => group()], 0..3);
    let order = subsequence(ORDERS, 0..3).prop_shuffle();
    let inside =
        select(&["", "", "bought.order=number.desc&bought.limit=1", "bought.state=eq.open"][..]);
    let bounds = (prop::option::of(0..4_u8), prop::option::of(0..3_u8));
    (shown, filters, order, inside, bounds, any::<bool>()).prop_map(
        |(shown, filters, order, inside, (limit, offset), count)| {
            let mut query = format!("customers?select={}", shown.join(","));
            if !order.is_empty() {
                let _ = write!(query, "&order={}", order.join(","));
            }
            for filter in filters.iter().map(String::as_str).chain([inside]) {
                if !filter.is_empty() {
                    let _ = write!(query, "&{filter}");
                }
            }
            if let Some(limit) = limit {
                let _ = write!(query, "&limit={limit}");
            }
            if let Some(offset) = offset {
                let _ = write!(query, "&offset={offset}");
            }
            (query, count)
        },
    )
}

#[tokio::test]
async fn both_engines_answer_random_requests_alike() {
    let (sqlite, postgres) = (Api::sqlite().await, Api::postgres().await);
    for api in [&sqlite, &postgres] {
        api.seed().await;
        more(api).await;
    }
    let mut runner = TestRunner::deterministic();
    let strategy = request();
    let (mut rows, mut differences) = (0, Vec::new());
    for _ in 0..REQUESTS {
        let (target, count) = strategy.new_tree(&mut runner).expect("a request").current();
        let prefer = if count { "count=exact" } else { "" };
        let headers = [("prefer", prefer)];
        let a = sqlite.send(Who::Acme, "GET", &target, &headers, "").await;
        let b = postgres.send(Who::Acme, "GET", &target, &headers, "").await;
        let part = |reply: &Reply| {
            let range = reply.header("content-range").to_owned();
            (reply.status, range, reply.body.clone())
        };
        rows += usize::from(a.status < 300 && a.body != "[]");
        if part(&a) != part(&b) {
            differences.push(format!("{target}\n  {:?}\n  {:?}", part(&a), part(&b)));
        }
    }
    assert!(differences.is_empty(), "{}:\n{}", differences.len(), differences.join("\n"));
    assert!(rows > REQUESTS / 5, "only {rows} requests found rows");
}

/// Rows with awkward values.
async fn more(api: &Api) {
    let rows = format!(
        r#"[
        {{"id":"{}","code":"émi","name":"Émile","born":"1969-12-31","visits":2147483647,"credit":-0.01,
          "weight":-0.0,"wallet":"115792089237316195423570985008687907853269984665640564039457584007913129639935",
          "tags":["a b","NULL","","é"],"notes":{{"deep":[{{"x":"y"}},[1.50,true,null]],"age":"x"}},"address":"2001:db8::1"}},
        {{"id":"{}","code":"Zoë","name":"σς","born":"2024-02-29","visits":12,"credit":999999.99,
          "weight":1e-7,"wallet":"0","tags":[null,"b"],"notes":{{"age":null,"city":"ulm","deep":[]}},"address":"::ffff:1.2.3.4"}},
        {{"id":"{}","code":"","name":"","born":null,"visits":1,"credit":0.00,
          "weight":123456789012345680,"wallet":null,"tags":[],"notes":[1,"2"],"address":null}}]"#,
        id(14),
        id(15),
        id(16)
    );
    api.write("POST", "customers", "", &rows).await.is(201, "");
}
