//! Computed columns of own tables: values that follow from a row, the same on both engines.

use crate::on_both_engines;
use crate::server::{Caller, Reply, Server};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tempfile::TempDir;

on_both_engines!(
    expressions_give_what_they_say,
    computed_columns_are_asked_for_by_name,
    they_are_shown_wherever_rows_are,
    they_tell_no_more_than_what_they_read,
    they_are_described_and_not_written,
);

/// Expressions with what they give for the two samples, in JSON.
const EXPRESSIONS: &[(&str, &str, &str, &str, &str)] = &[
    ("sums", "bigint", "row.whole + row.small * 2 - 1", "0", "-8"),
    ("cut", "integer", "row.whole / 2", "3", "-3"),
    ("left_over", "integer", "row.whole % 4", "3", "-3"),
    ("by_small", "bigint", "row.whole / row.small", "-2", "null"),
    ("left_by_small", "bigint", "row.whole % row.small", "1", "null"),
    ("large", "bigint", "row.big / 1000000 * 1000000", "9000000000", "0"),
    (
        "total",
        "numeric, precision: 18, scale: 3",
        "row.price * row.whole + 0.125",
        "87.625",
        "0.475",
    ),
    ("wider", "numeric, precision: 18, scale: 4", "row.price", "12.5000", "-0.0500"),
    ("opposite", "numeric, precision: 10, scale: 2", "-row.price * 2", "-25.00", "0.10"),
    (
        "mixed",
        "numeric, precision: 10, scale: 2",
        "row.flag ? row.whole : row.price",
        "7.00",
        "-0.05",
    ),
    ("dear", "boolean", "row.price > 10", "true", "false"),
    ("exact", "boolean", "row.price == 12.5 || row.price in [-0.05, 3]", "true", "true"),
    ("initials", "text", "row.name.substring(0, 2) + row.code.upperAscii()", "\"ÄMA\"", "\"B\""),
    ("tail_of_name", "text", "row.name.substring(2)", "\"ILIE ß\"", "\"\""),
    ("letters", "integer", "size(row.name)", "8", "0"),
    ("lower", "text", "row.name.lowerAscii()", "\"Ämilie ß\"", "\"\""),
    ("has_part", "boolean", "row.name.contains('LI')", "true", "false"),
    ("starts", "boolean", "row.name.startsWith('ÄM')", "true", "false"),
    ("ends", "boolean", "row.name.endsWith(' ß')", "true", "false"),
    ("joined", "text", "row.code + '-' + row.tail", "null", "\"b-it's\""),
    ("chosen", "text", "row.tail != null ? row.tail : 'none'", "\"none\"", "\"it's\""),
    ("not_chosen", "text", "row.tail == 'x' ? 'x' : 'else'", "\"else\"", "\"else\""),
    ("given", "boolean", "has(row.doc)", "true", "false"),
    ("among", "boolean", "row.state in ['paid', 'shipped']", "false", "true"),
    ("logic", "boolean", "row.flag && !(row.whole < 0) || row.tail == \"it's\"", "true", "true"),
    ("unknown", "boolean", "row.tail == 'x'", "null", "false"),
    (
        "written",
        "text",
        "string(row.whole) + '/' + string(row.price) + string(row.flag) + string(row.day)",
        "\"7/12.50true2026-01-31\"",
        "\"-7/-0.05false2024-02-29\"",
    ),
    ("digits", "text", "string(row.flag ? row.price * 2 : 1)", "\"25.00\"", "\"1.00\""),
    ("minutes", "bigint", "(row.at - timestamp('2026-01-01T00:00:00Z')).getMinutes()", "0", "90"),
    (
        "hours_before",
        "bigint",
        "(timestamp('2026-01-01T00:00:00Z') - row.at).getHours()",
        "0",
        "-1",
    ),
    (
        "late",
        "boolean",
        "row.at - timestamp('2026-01-01T00:00:00Z') > duration('1h29m')",
        "false",
        "true",
    ),
    ("past", "boolean", "row.at < now && (now - row.at).getSeconds() > 1", "true", "true"),
    (
        "later",
        "timestamptz",
        "row.at > '2026-01-01T00:30:00Z' ? row.at : null",
        "null",
        "\"2026-01-01T01:30:00.5+00:00\"",
    ),
    ("either", "date", "row.flag ? row.day : '2000-02-29'", "\"2026-01-31\"", "\"2000-02-29\""),
    ("positive", "double", "row.ratio < 0 ? 0.5 : row.ratio", "1.5", "0.5"),
    (
        "marked",
        "uuid",
        "row.flag ? row.mark : null",
        "\"0190d2a4-0000-7000-8000-000000000001\"",
        "null",
    ),
];

const SAMPLES: &str = "
table: samples
primary_key: [code]
columns:
  code:  {type: text, max: 10}
  whole: {type: integer, min: -1000, max: 1000}
  small: smallint
  big:   bigint
  price: {type: numeric, precision: 8, scale: 2}
  name:  text
  tail:  {type: text, nullable: true}
  flag:  boolean
  at:    timestamptz
  day:   date
  ratio: double
  doc:   {type: jsonb, nullable: true}
  mark:  {type: uuid, nullable: true}
  state: {type: choice, values: [open, paid, shipped], default: open}
computed:
";

const NOTES: &str = "
table: notes
primary_key: [number]
columns:
  number: integer
  code:   {type: text, references: {table: samples, column: code}}
  text:   {type: text, nullable: true}
computed:
  loud: {type: text, expression: row.text.upperAscii(), description: 'The text, loudly.'}
";

const VIEW: &str = "
view: dear_samples
from: samples
where: samples.dear = true
columns:
  code:   samples.code
  called: {value: samples.initials, description: What it is called.}
";

const SUMS: &str = "
view: sample_sums
from: samples
columns:
  among: samples.among
  total: sum(samples.total)
";

const ACTION: &str = "
action: all_samples
returns: {rows: samples, order: [code]}
";

const PEOPLE: &str = "
table: people
primary_key: [number]
columns:
  number: integer
  name:   {type: text, pii: true}
  pay:    {type: integer, classification: restricted}
  age:    {type: integer, pii: true, nullable: true}
computed:
  greeting: {type: text, expression: \"'Dear ' + row.name\"}
  twice:    {type: bigint, expression: row.pay * 2}
  older:    {type: bigint, expression: row.age + 1}
  label:    {type: text, expression: \"'no. ' + string(row.number)\"}
";

const SHOW: (&str, &str) = ("Prefer", "return=representation");

fn samples() -> String {
    let line = |(name, ty, expression, ..): &(&str, &str, &str, &str, &str)| {
        format!("  {name}: {{type: {ty}, expression: {}}}\n", json!(expression))
    };
    SAMPLES.to_owned() + &EXPRESSIONS.iter().map(line).collect::<String>()
}

/// Serves the tables, with two samples and three notes.
async fn filled(mut server: Server) -> (Server, Caller, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let files = [&samples(), NOTES, VIEW, SUMS, ACTION, PEOPLE];
    for (index, text) in files.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{index}.yaml")), text).unwrap();
    }
    let path = folder.path().to_str().unwrap();
    server.restart_with(&["--entities", path, "--default-profile", "public"]);
    let caller = server.service(0);
    let rows = json!([
        {"code": "a", "whole": 7, "small": -3, "big": 9_000_000_000_i64, "price": 12.5,
         "name": "ÄMILIE ß", "tail": null, "flag": true, "at": "2026-01-01T00:00:00Z",
         "day": "2026-01-31", "ratio": 1.5, "doc": {"k": 1}, "state": "open",
         "mark": "0190d2a4-0000-7000-8000-000000000001"},
        {"code": "b", "whole": -7, "small": 0, "big": -5, "price": -0.05,
         "name": "", "tail": "it's", "flag": false, "at": "2026-01-01T01:30:00.5Z",
         "day": "2024-02-29", "ratio": -2.25, "doc": null, "state": "paid", "mark": null},
    ]);
    add(&server, &caller, "samples", &rows).await;
    let notes = json!([
        {"number": 1, "code": "a", "text": "one"},
        {"number": 2, "code": "a", "text": null},
        {"number": 3, "code": "b", "text": "three"},
    ]);
    add(&server, &caller, "notes", &notes).await;
    (server, caller, folder)
}

async fn add(server: &Server, caller: &Caller, table: &str, rows: &Value) -> Reply {
    let reply = server.send(caller, Method::POST, table, &[SHOW], rows.to_string()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    reply
}

async fn expressions_give_what_they_say(server: Server) {
    let (server, caller, _folder) = filled(server).await;
    let names: Vec<&str> = EXPRESSIONS.iter().map(|(name, ..)| *name).collect();
    let path = format!("samples?select={}&order=code", names.join(","));
    let reply = server.get(&caller, &path).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let rows: Vec<BTreeMap<String, Box<serde_json::value::RawValue>>> =
        serde_json::from_str(&reply.text).unwrap();
    let mut wrong = Vec::new();
    for (name, _, expression, first, second) in EXPRESSIONS {
        let given = [rows[0][*name].get(), rows[1][*name].get()];
        if given != [*first, *second] {
            wrong.push(format!("{name}: {expression} gives {given:?}, not {first} and {second}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // What is filtered and grouped by is what is shown.
    for (name, _, _, first, second) in EXPRESSIONS {
        let value = first.trim_matches('"').replace('+', "%2B");
        let condition = if *first == "null" { "is.null".to_owned() } else { format!("eq.{value}") };
        let count = 1 + usize::from(first == second);
        let reply = server.get(&caller, &format!("samples?select=code&{name}={condition}")).await;
        assert_eq!(reply.rows().len(), count, "{name}: {reply:?}");
        let grouped = format!("samples?select={name},count()&group={name}&order={name}");
        assert_eq!(server.get(&caller, &grouped).await.rows().len(), 3 - count, "{name}");
    }
}

/// What is asked, and the answer.
fn questions() -> Vec<(&'static str, Value)> {
    vec![
        (
            "samples?select=i:initials,total::text&order=code",
            json!([
            {"i": "ÄMA", "total": "87.625"}, {"i": "B", "total": "0.475"}]),
        ),
        ("samples?select=code&initials=like.*A", json!([{"code": "a"}])),
        ("samples?select=code&initials=in.(B,C)", json!([{"code": "b"}])),
        (
            "samples?select=code&or=(joined.is.null,late.is.true)&order=code",
            json!([{"code": "a"}, {"code": "b"}]),
        ),
        ("samples?select=code&total=gt.0.475", json!([{"code": "a"}])),
        (
            "samples?select=code&past=is.true&order=initials.desc",
            json!([{"code": "a"}, {"code": "b"}]),
        ),
        (
            "samples?select=code&order=joined.asc.nullsfirst",
            json!([
            {"code": "a"}, {"code": "b"}]),
        ),
        ("samples?select=code&order=total", json!([{"code": "b"}, {"code": "a"}])),
        (
            "samples?select=total.sum(),letters.max(),joined.count()",
            json!([{"sum": 88.1, "max": 8, "count": 1}]),
        ),
        ("samples?select=exact,total.sum()", json!([{"exact": true, "sum": 88.1}])),
        ("samples?select=exact&distinct=true", json!([{"exact": true}])),
        (
            "notes?select=number,samples(initials)&samples.dear=is.true&order=number",
            json!([
            {"number": 1, "samples": {"initials": "ÄMA"}},
            {"number": 2, "samples": {"initials": "ÄMA"}},
            {"number": 3, "samples": null}]),
        ),
        (
            "notes?select=number,...samples!inner(dear)&samples.dear=is.false",
            json!([{"number": 3, "dear": false}]),
        ),
        (
            "notes?select=number,samples()&order=samples(total),number.desc",
            json!([
            {"number": 3}, {"number": 2}, {"number": 1}]),
        ),
        (
            "samples?select=code,notes(loud)&notes.order=loud.desc.nullslast&order=code",
            json!([{"code": "a", "notes": [{"loud": "ONE"}, {"loud": null}]},
                {"code": "b", "notes": [{"loud": "THREE"}]}]),
        ),
        (
            "notes?select=loud.count(),...samples(initials)",
            json!([{"count": 1, "initials": "B"}, {"count": 1, "initials": "ÄMA"}]),
        ),
    ]
}

async fn computed_columns_are_asked_for_by_name(server: Server) {
    let (server, caller, _folder) = filled(server).await;
    let ask = async |path: &str| {
        let reply = server.get(&caller, path).await;
        assert!(reply.status.is_success(), "{path}: {reply:?}");
        reply.json()
    };
    let whole = ask("samples?code=eq.a").await;
    assert_eq!(whole[0].as_object().unwrap().len(), 15, "they are not part of *: {whole}");
    let named = ask("samples?select=*,initials&code=eq.b").await;
    assert_eq!((&named[0]["whole"], &named[0]["initials"]), (&json!(-7), &json!("B")), "{named}");
    for (path, expected) in questions() {
        assert_eq!(ask(path).await, expected, "{path}");
    }
    let reply = server.get(&caller, "samples?select=intials").await;
    assert_eq!(reply.code(), "42703");
    assert!(reply.text.contains("samples.initials"), "the nearest name is told: {reply:?}");
    let reply = server.get(&caller, "samples?select=initials->a").await;
    assert_eq!(reply.code(), "42883", "{reply:?}");
}

async fn they_are_shown_wherever_rows_are(server: Server) {
    let (server, caller, _folder) = filled(server).await;
    let row = json!({"number": 4, "code": "b", "text": "four"}).to_string();
    let path = "notes?select=number,loud,samples(initials)";
    let reply = server.send(&caller, Method::POST, path, &[SHOW], row).await;
    let shown = json!([{"number": 4, "loud": "FOUR", "samples": {"initials": "B"}}]);
    assert_eq!(reply.json(), shown, "{reply:?}");
    let path = "notes?loud=eq.FOUR&select=loud";
    let body = json!({"text": "five"}).to_string();
    let reply = server.send(&caller, Method::PATCH, path, &[SHOW], body).await;
    assert_eq!(reply.json(), json!([{"loud": "FIVE"}]), "{reply:?}");
    let path = "notes?loud=eq.FIVE&select=number,loud";
    let reply = server.send(&caller, Method::DELETE, path, &[SHOW], String::new()).await;
    assert_eq!(reply.json(), json!([{"number": 4, "loud": "FIVE"}]), "{reply:?}");
    let csv = [("Accept", "text/csv")];
    let path = "notes?select=number,loud&order=number";
    let reply = server.send(&caller, Method::GET, path, &csv, String::new()).await;
    assert_eq!(reply.text, "number,loud\n1,ONE\n2,\n3,THREE", "{reply:?}");

    let view = server.get(&caller, "dear_samples?select=code,called").await;
    assert_eq!(view.json(), json!([{"code": "a", "called": "ÄMA"}]), "{view:?}");
    let sums = server.get(&caller, "sample_sums?select=among,total&order=among").await;
    let expected = json!([{"among": false, "total": 87.625}, {"among": true, "total": 0.475}]);
    assert_eq!(sums.json(), expected, "{sums:?}");
    let path = "rpc/all_samples?select=code,initials&dear=is.true";
    let called = server.get(&caller, path).await;
    assert_eq!(called.json(), json!([{"code": "a", "initials": "ÄMA"}]), "{called:?}");
}

async fn they_tell_no_more_than_what_they_read(server: Server) {
    let (server, caller, _folder) = filled(server).await;
    let row = json!([{"number": 1, "name": "Ann", "pay": 5, "age": 41}]);
    add(&server, &caller, "people", &row).await;
    let admin = server.person(0, "admin").await;
    let reply = server.get(&admin, "people?select=greeting,older,label&greeting=eq.Dear Ann").await;
    let expected = json!([{"greeting": "Dear Ann", "older": 42, "label": "no. 1"}]);
    assert_eq!(reply.json(), expected, "administrators may unmask: {reply:?}");
    let reply = server.get(&admin, "people?select=twice").await;
    assert_eq!(reply.code(), "42501", "and not reveal: {reply:?}");

    let analyst = server.person(0, "analyst").await;
    let reply = server.get(&analyst, "people?select=greeting,older,label").await;
    let expected = json!([{"greeting": "***", "older": null, "label": "no. 1"}]);
    assert_eq!(reply.json(), expected, "what is personal is masked: {reply:?}");
    for hidden in [
        "people?select=twice",
        "people?select=number&greeting=eq.Dear Ann",
        "people?select=number&order=older",
        "people?select=greeting.max()",
        "people?select=count()&twice=gt.1",
        "people?select=greeting,count()&group=greeting",
    ] {
        let reply = server.get(&analyst, hidden).await;
        assert_eq!((reply.status, &*reply.code()), (StatusCode::FORBIDDEN, "42501"), "{hidden}");
    }
    let elsewhere = server.get(&server.service(1), "people?select=greeting").await;
    assert_eq!(elsewhere.json(), json!([]), "rows of others are theirs");
}

async fn they_are_described_and_not_written(server: Server) {
    let (server, caller, _folder) = filled(server).await;
    let row = json!({"number": 9, "code": "a", "loud": "X"}).to_string();
    for (method, path, body) in [
        (Method::POST, "notes", row.clone()),
        (Method::POST, "notes?columns=number,code,loud", row),
        (Method::PATCH, "notes?number=eq.1", json!({"loud": "X"}).to_string()),
    ] {
        let reply = server.send(&caller, method, path, &[SHOW], body).await;
        let (code, told) = (reply.code(), reply.text.contains("'loud' is computed"));
        assert_eq!(
            (reply.status, &*code, told),
            (StatusCode::BAD_REQUEST, "PGRST204", true),
            "{reply:?}"
        );
    }
    let document = server.request(&caller, Method::GET, "/openapi.json", &[], "").await.json();
    let loud = &document["components"]["schemas"]["public.notes"]["properties"]["loud"];
    assert_eq!(loud["x-computed"], "row.text.upperAscii()", "{loud}");
    assert_eq!(
        (&loud["readOnly"], &loud["description"]),
        (&json!(true), &json!("The text, loudly."))
    );
    let parameters = document["paths"]["/rest/v1/notes"]["get"]["parameters"].as_array().unwrap();
    assert!(
        parameters.iter().any(|parameter| parameter["name"] == "loud"),
        "it can be filtered by"
    );
}
