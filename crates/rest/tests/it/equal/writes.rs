//! Random requests that write, in every form of a body. Most are undone.

use super::reads::condition;
use super::{Asked, preferences, who};
use crate::api::id;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::fmt::Write as _;

/// Columns with good and bad values in JSON.
const VALUES: &[(&str, &[&str], &[&str])] = &[
    (
        "code",
        &[
            "\"k1\"",
            "\"k2\"",
            "\"k3\"",
            "\"k4\"",
            "\"k5\"",
            "\"k6\"",
            "\"k7\"",
            "\"k8\"",
            "\"é\\\"x\"",
            "5",
            "6",
        ],
        &["\"ann\"", "\"far too long\"", "null"],
    ),
    (
        "name",
        &["null", "\"New\"", "\"a,b\"", "\"two\\nlines\"", "\"\"", "\"NULL\""],
        &["\"a\\u0000b\""],
    ),
    ("email", &["\"k@x.test\"", "null"], &["[]"]),
    (
        "visits",
        &["5", "0", "\"7\"", "2147483647"],
        &["-1", "1.5", "null", "3000000000", "\"x\"", "true"],
    ),
    (
        "credit",
        &["1.005", "\"2.5\"", "-3", "null", "0.125", "\"1e2\""],
        &["1e10", "\"\"", "\"1,5\""],
    ),
    (
        "weight",
        &["1.5", "null", "100000000000000000000", "5e-324"],
        &["\"1e400\"", "1e-400", "\"NaN\""],
    ),
    ("wallet", &["\"12\"", "12", "\"0007\"", "99999999999999999999", "null"], &["\"-1\"", "1.5"]),
    ("active", &["true", "\"f\"", "false"], &["\"maybe\"", "null", "0"]),
    ("tags", &["[\"a\",null]", "\"{a,b}\"", "[]", "null"], &["[1]", "[[\"a\"]]", "\"{a\""]),
    ("notes", &["{\"b\": 2.50, \"a\": [1, null]}", "\"text\"", "[]", "7"], &["{\"a\":1,\"a\":2}"]),
    ("address", &["\"10.0.0.2\"", "\"::1\"", "null"], &["\"300.1.1.1\"", "\"10.0.0.0/8\""]),
    ("born", &["\"2020-02-29\"", "null"], &["\"2021-02-29\"", "\"1.2.2020\"", "5"]),
    ("tier", &["\"gold\"", "\"plain\""], &["\"silver\"", "null"]),
    ("verdict", &["\"fine\"", "null"], &[]),
    ("nope", &[], &["1"]),
    ("created_at", &[], &["\"2026-01-01T00:00:00Z\""]),
    ("organization_id", &[], &["\"00000000-0000-7000-8000-000000000002\""]),
];

/// Columns before this one have good values.
const GOOD: usize = 14;

const CONTENT: &[&str] =
    &["application/json", "text/csv", "application/x-ndjson", "application/x-www-form-urlencoded"];

const SHOWN: &[&str] = &[
    "code,name,visits,credit",
    "code,weight,wallet,active,tags",
    "code,notes,address,born,tier,email",
    "code,orders!customer_id(number)",
    "code,v:visits::text,f:name::int4",
    "*",
    "code,verdict",
];

const PREFERENCES: &[&[&str]] = &[
    &["return=representation", "return=minimal", "return=headers-only"],
    &["count=exact", "count=planned"],
    &["missing=default", "missing=null"],
    &["resolution=merge-duplicates", "resolution=ignore-duplicates"],
    &["handling=strict", "handling=strict,max-affected=1", "max-affected=0"],
];

/// One row: a value, or none, for each of some columns.
type Row = Vec<&'static str>;

/// Columns and rows that have them.
fn rows() -> impl Strategy<Value = (Vec<&'static str>, Vec<Row>)> {
    let some = |most| subsequence(&VALUES[1..most], 0..4);
    // The first is what a row must have.
    let columns = prop_oneof![6 => some(GOOD), 1 => some(VALUES.len())]
        .prop_map(|others| [&VALUES[..1], &others].concat());
    columns.prop_flat_map(|columns| {
        let names: Vec<&str> = columns.iter().map(|(name, ..)| *name).collect();
        let row: Vec<_> = columns.iter().map(|(_, good, bad)| value(good, bad)).collect();
        (Just(names), prop::collection::vec(row, 1..3))
    })
}

fn value(
    good: &'static [&'static str],
    bad: &'static [&'static str],
) -> BoxedStrategy<&'static str> {
    match (good, bad) {
        ([], _) => select(bad).boxed(),
        (_, []) => select(good).boxed(),
        _ => prop_oneof![12 => select(good), 1 => select(bad)].boxed(),
    }
}

/// A value as text, as CSV and forms give it; nothing for null.
fn text(value: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(value).ok()?;
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

fn object(names: &[&str], row: &Row) -> String {
    let members: Vec<String> =
        names.iter().zip(row).map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        let _ = write!(out, "%{byte:02x}");
    }
    out
}

fn body(content: &str, names: &[&str], rows: &[Row]) -> String {
    let objects = || rows.iter().map(|row| object(names, row)).collect::<Vec<_>>();
    match content {
        "text/csv" => {
            let field = |value: &&str| match text(value) {
                Some(text) => format!("\"{}\"", text.replace('"', "\"\"")),
                None => "NULL".to_owned(),
            };
            let line = |row: &Row| row.iter().map(field).collect::<Vec<_>>().join(",");
            let lines: Vec<String> = rows.iter().map(line).collect();
            format!("{}\n{}\n", names.join(","), lines.join("\n"))
        }
        "application/x-ndjson" => objects().join("\n"),
        "application/x-www-form-urlencoded" => {
            let pair = |(name, value): (&&str, &&str)| {
                format!("{name}={}", encode(&text(value).unwrap_or_default()))
            };
            let row = rows.first().into_iter().flatten();
            names.iter().zip(row).map(pair).collect::<Vec<_>>().join("&")
        }
        _ if rows.len() == 1 => object(names, &rows[0]),
        _ => format!("[{}]", objects().join(",")),
    }
}

fn prefer() -> impl Strategy<Value = String> {
    let end = prop_oneof![6 => Just("tx=rollback"), 1 => Just("tx=commit")];
    (preferences(PREFERENCES), end).prop_map(|(others, end)| {
        if others.is_empty() { end.to_owned() } else { format!("{others},{end}") }
    })
}

/// A request that writes.
pub(super) fn request() -> impl Strategy<Value = Asked> {
    let key = (11..18_u64).prop_map(|number| format!("id=eq.{}", id(number)));
    let conflict = select(&["", "", "on_conflict=code", "on_conflict=id", "on_conflict=name"][..]);
    let columns = select(&["", "", "", "", "columns=code,name", "columns=code,nope"][..]);
    let insert = (conflict, columns).prop_map(|(a, b)| ("POST", [a, b].map(str::to_owned)));
    let filters = || prop_oneof![condition().boxed(), key.clone().boxed()];
    let update = (filters(), filters()).prop_map(|(a, b)| ("PATCH", [a, b]));
    let delete = (filters(), filters()).prop_map(|(a, b)| ("DELETE", [a, b]));
    let put = key.clone().prop_map(|key| ("PUT", [key, String::new()]));
    let what = prop_oneof![4 => insert, 3 => update, 2 => delete, 1 => put];
    let accept = prop_oneof![4 => Just("*/*"), 1 => Just("text/csv"),
        1 => Just("application/x-ndjson"), 1 => Just("application/vnd.pgrst.object+json")];
    let content = prop_oneof![2 => Just("application/json"), 2 => select(CONTENT)];
    (who(), what, prop::option::of(select(SHOWN)), prefer(), accept, content, rows()).prop_map(
        |(who, (method, parts), shown, prefer, accept, content, (mut names, mut rows))| {
            let shown = shown.map(|shown| format!("select={shown}")).unwrap_or_default();
            let parts = [&parts[0], &parts[1], &shown].map(String::as_str);
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            let target = format!("customers?{}", parts.join("&"));
            match method {
                "PATCH" => {
                    rows.truncate(1);
                    if names.len() > 1 {
                        names.remove(0);
                        rows[0].remove(0);
                    }
                }
                "PUT" => rows.truncate(1),
                _ => {}
            }
            let mut body = body(content, &names, &rows);
            if method == "PUT"
                && content == "application/json"
                && let Some(key) = parts[0].strip_prefix("id=eq.")
            {
                body = body.replacen('{', &format!("{{\"id\":\"{key}\","), 1);
            }
            let body = if method == "DELETE" { String::new() } else { body };
            Asked { who, method, target, prefer, accept, content, body }
        },
    )
}
