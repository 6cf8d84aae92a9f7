//! Random requests that read.

use super::{Asked, preferences, who};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::fmt::Write as _;

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

pub(super) fn condition() -> impl Strategy<Value = String> {
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

/// Casts that fail for some rows: which row is told must not depend on the engine.
const FAILING: &[&str] = &[
    "f:name::int4",
    "f:code::int2",
    "f:visits::int2",
    "f:weight::int8",
    "f:notes->>city::date",
    "f:notes->age::int4",
    "f:notes->>age::numeric",
    "f:code::uuid",
    "f:notes->>city::bool",
    "f:wallet::int8",
    "bought:orders!customer_id(number,f:state::int4)",
    "bought:orders!customer_id(number,payer_id(f:code::int4))",
];

/// What a list of orders can show.
const ORDERS_SHOWN: &[&str] = &[
    "*",
    "number",
    "state",
    "customer_id(code,visits)",
    "customer_id(code,organizations(slug))",
    "payer_id(name,email)",
    "...payer_id(payer:code)",
    "customer:customer_id!inner(code,tier)",
    "labels(word,parent_id(word))",
    "shipments(carrier)",
    "order_labels()",
    "nt:number::text",
    "f:state::int4",
];

const ORDERS_ORDER: &[&str] = &[
    "number",
    "number.desc",
    "state",
    "customer_id(code)",
    "customer_id(name).desc.nullslast",
    "payer_id(code).nullsfirst",
    "payer_id(visits).desc",
    "customer_id(notes->>city)",
];

const ORDERS_FILTERS: &[&str] = &[
    "number=gt.1",
    "state=eq.open",
    "state=neq.paid",
    "customer_id.code=eq.ann",
    "customer_id=not.is.null",
    "payer_id=is.null",
    "labels.word=like.b*",
    "labels=not.is.null",
    "shipments=is.null",
    "or=(number.eq.2,state.eq.sent)",
];

const ACCEPTED: &[&str] = &[
    "text/csv",
    "application/x-ndjson",
    "application/vnd.pgrst.object+json",
    "application/vnd.pgrst.array+json;nulls=stripped",
];

const PREFERENCES: &[&[&str]] = &[
    &["count=exact", "count=planned", "count=estimated"],
    &["handling=strict", "handling=lenient"],
    &["timezone=UTC", "return=minimal", "nonsense=1"],
];

fn accept() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just("*/*"), 2 => select(ACCEPTED)]
}

fn shown(plain: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(plain, 1..5).prop_shuffle()
}

fn customers() -> impl Strategy<Value = String> {
    let failing = prop_oneof![5 => Just(""), 1 => select(FAILING)];
    let filters = prop::collection::vec(prop_oneof![3 => condition(), 1 => group()], 0..3);
    let order = subsequence(ORDERS, 0..3).prop_shuffle();
    let inside =
        select(&["", "", "bought.order=number.desc&bought.limit=1", "bought.state=eq.open"][..]);
    (shown(SHOWN), failing, filters, order, inside).prop_map(
        |(mut shown, failing, filters, order, inside)| {
            if !failing.is_empty() {
                shown.retain(|item| !item.starts_with("bought"));
                shown.push(failing);
            }
            let inside = inside.split('&').filter(|term| is_met(term, &shown));
            let filters = filters.iter().map(String::as_str).chain(inside);
            query("customers", &shown, filters, &order)
        },
    )
}

fn orders() -> impl Strategy<Value = String> {
    let filters = subsequence(ORDERS_FILTERS, 0..3);
    let order = subsequence(ORDERS_ORDER, 0..3).prop_shuffle();
    (shown(ORDERS_SHOWN), filters, order).prop_map(|(shown, filters, mut order)| {
        order.retain(|term| is_met(term, &shown));
        let filters = filters.into_iter().filter(|term| is_met(term, &shown));
        query("orders", &shown, filters, &order)
    })
}

/// Whether the related table that a term names, if any, is among what is shown.
fn is_met(term: &str, shown: &[&str]) -> bool {
    let end = term.find(['(', '.', '=']).unwrap_or(term.len());
    let (name, rest) = term.split_at(end);
    let names_table = ["labels", "shipments", "bought"].contains(&name)
        || ["customer_id", "payer_id"].contains(&name) && !rest.starts_with('=');
    let names_it = |item: &&str| {
        let item = item.trim_start_matches("...").split(['(', '!']).next().unwrap_or_default();
        item.split(':').any(|part| part == name)
    };
    !names_table || shown.iter().any(names_it)
}

fn query<'a>(
    table: &str,
    shown: &[&str],
    filters: impl Iterator<Item = &'a str>,
    order: &[&str],
) -> String {
    let mut query = format!("{table}?select={}", shown.join(","));
    if !order.is_empty() {
        let _ = write!(query, "&order={}", order.join(","));
    }
    for filter in filters.filter(|filter| !filter.is_empty()) {
        let _ = write!(query, "&{filter}");
    }
    query
}

/// A request that reads.
pub(super) fn request() -> impl Strategy<Value = Asked> {
    let bounds = (prop::option::of(0..4_u8), prop::option::of(0..3_u8));
    let target = prop_oneof![3 => customers().boxed(), 1 => orders().boxed()];
    let method = prop_oneof![8 => Just("GET"), 1 => Just("HEAD")];
    (who(), method, target, bounds, preferences(PREFERENCES), accept()).prop_map(
        |(who, method, mut target, (limit, offset), prefer, accept)| {
            if let Some(limit) = limit {
                let _ = write!(target, "&limit={limit}");
            }
            if let Some(offset) = offset {
                let _ = write!(target, "&offset={offset}");
            }
            let (content, body) = ("application/json", String::new());
            Asked { who, method, target, prefer, accept, content, body }
        },
    )
}
