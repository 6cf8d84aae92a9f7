//! A table with a column of every kind that has an order or operators of its own: the same answers
//! from both engines, and the texts that PostgreSQL itself prints.

use crate::api::{Api, Who, id, on_both};
use mainstay_entity::cell::Cell;
use mainstay_entity::parse::parse_text;
use mainstay_entity::{Column, Entity, EntityMeta, Id, Interval, ItemKind, Kind, RangeKind, Text};
use mainstay_kernel::Module;
use mainstay_kernel::entities::Organization;
use mainstay_testkit::{Postgres, connect};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::fmt::Write as _;

/// What the columns of each kind are added to.
#[derive(Entity)]
#[entity(table = "samples", scope = tenant, classification = internal, unique(name))]
struct Sample {
    id: Id<Self>,
    organization_id: Id<Organization>,
    /// Its name.
    name: Text<40>,
    /// A span of time.
    span: Option<Interval>,
    /// A single.
    single: Option<f32>,
}

/// The other columns.
fn kinds() -> Vec<(&'static str, Kind)> {
    let mut kinds = vec![
        ("clock", Kind::Time),
        ("seen", Kind::Timestamp),
        ("bytes", Kind::Bytes),
        ("address", Kind::Inet),
        ("document", Kind::Json),
        ("numbers", Kind::List(ItemKind::Numeric)),
        ("smalls", Kind::List(ItemKind::SmallInt)),
        ("singles", Kind::List(ItemKind::Real)),
        ("days", Kind::List(ItemKind::Date)),
        ("instants", Kind::List(ItemKind::Timestamp)),
        ("words", Kind::List(ItemKind::Text)),
    ];
    kinds.extend(RangeKind::ALL.map(|kind| (kind.name(), Kind::Range(kind))));
    kinds
}

fn meta() -> EntityMeta {
    let mut meta = Sample::meta().clone();
    for (name, kind) in kinds() {
        meta.columns.to_mut().push(Column { nullable: true, ..Column::new(name, kind) });
    }
    meta
}

/// The module of this table.
pub(crate) fn module() -> Module {
    Module::new("types").entities([&meta()])
}

const ROWS: &str = r#"[
    {"name":"a","span":"1 mon","single":0.1,"clock":"23:59:59.5","seen":"2026-03-29T00:30:00Z",
     "bytes":"\\x00ff","address":"10.0.0.2","document":{"b":1},"numbers":[1.50,null],"smalls":[1,2],
     "singles":[0.1,1e10],"days":["2026-01-31"],"instants":["2026-01-31T12:00:00+01:00",null],
     "words":["a","b"],"int4range":"[1,5]","int8range":"(,9223372036854775807)",
     "numrange":"(1.50,2]","daterange":"[2026-01-01,2026-01-31]",
     "tstzrange":"[2026-01-01 00:00:00+01,)"},
    {"name":"b","span":"30 days","single":-16777216,"clock":"04:05","seen":"2026-10-25T00:30:00Z",
     "bytes":"\\x","address":"9.255.0.1","document":[1,2],"numbers":[1.5],"smalls":[],
     "singles":[1.5],"days":[],"instants":["2026-01-31T12:00:00.5+01:00"],"words":["a"],
     "int4range":"(5,6)","int8range":"[-3,7)","numrange":"[1.5,1.50]","daterange":"(,)",
     "tstzrange":"empty"},
    {"name":"c","span":"-1 years 2 days 03:00:00","single":1e-7,"clock":"24:00","seen":null,
     "address":"::1","document":"x","numbers":[10],"smalls":[null],"words":[],
     "int4range":"[6,9)","numrange":"[2,3)","daterange":"[2026-02-01,)",
     "tstzrange":"(2026-01-01 00:00:00.25+00,2026-02-01 12:00:00+02]"},
    {"name":"d"},
    {"name":"É1","span":"P1Y2M3DT4H5M6.789S","single":123456.79,"clock":"12:00:00.000001",
     "address":"::ffff:1.2.3.4","document":{"a":1},"numbers":[-2],"words":["a","é"],
     "int4range":"[5,6)","int8range":"empty","numrange":"(,)","daterange":"[2026-01-31,2026-02-02)"}]"#;

async fn seeded() -> [Api; 2] {
    let both = [Api::sqlite().await, Api::postgres().await];
    for api in &both {
        seed(api).await;
    }
    both
}

async fn seed(api: &Api) {
    let reply = api.write("POST", "samples?columns=name,span,single,clock,seen,bytes,address,document,numbers,smalls,singles,days,instants,words,int4range,int8range,numrange,daterange,tstzrange", "return=minimal", ROWS).await;
    reply.is(201, "");
}

#[tokio::test]
async fn values_are_answered_as_postgresql_prints_them() {
    on_both(async |api| {
        seed(api).await;
        api.get("samples?name=eq.a&select=span,single,clock,bytes,numbers,singles,days,instants,int4range,int8range,numrange,daterange,tstzrange").await.is(
            200,
            r#"[{"span":"1 mon","single":0.1,"clock":"23:59:59.5","bytes":"\\x00ff","numbers":[1.50,null],"singles":[0.1,1e+10],"days":["2026-01-31"],"instants":["2026-01-31T11:00:00+00:00",null],"int4range":"[1,6)","int8range":"(,9223372036854775807)","numrange":"(1.50,2]","daterange":"[2026-01-01,2026-02-01)","tstzrange":"[\"2025-12-31 23:00:00+00\",)"}]"#,
        );
        let csv = [("accept", "text/csv")];
        let target = "samples?name=eq.c&select=span,clock,tstzrange,smalls";
        api.send(Who::Acme, "GET", target, &csv, "").await.is(
            200,
            "span,clock,tstzrange,smalls\n\"-1 years +2 days 03:00:00\",24:00:00,\"(\"\"2026-01-01 00:00:00.25+00\"\",\"\"2026-02-01 10:00:00+00\"\"]\",{NULL}",
        );
    })
    .await;
}

/// Conditions: columns, operators that fit them, and operands.
const CONDITIONS: &[(&str, &[&str], &[&str])] = &[
    (
        "span",
        &["eq", "neq", "gt", "lte", "isdistinct", "is"],
        &["30 days", "@ 1 hour", "1-2", "null", "1 x", "720:00"],
    ),
    ("single", &["eq", "gt", "lte", "neq"], &["0.1", "1e-7", "-16777216", "1e39", "x"]),
    (
        "clock",
        &["eq", "gt", "lt", "is"],
        &["04:05", "24:00", "4:05 PM", "04:05 PM", "null", "25:00"],
    ),
    ("address", &["gt", "lte", "eq"], &["10.0.0.1", "::", "9.255.0.1"]),
    ("document", &["gt", "eq", "lte"], &["{\"a\":1}", "[1]", "\"x\""]),
    (
        "numbers",
        &["eq", "gt", "lte", "cs", "cd", "ov", "isdistinct"],
        &["{1.5}", "{1.50,NULL}", "{}", "{10,1.5}", "{x}"],
    ),
    ("smalls", &["cs", "gt", "eq"], &["{1}", "{1,2}", "{}", "{70000}"]),
    ("singles", &["ov", "eq", "gt"], &["{0.1}", "{1e10,0.1}", "{}"]),
    ("days", &["cs", "lt"], &["{2026-01-31}", "{}"]),
    ("instants", &["cs", "gte"], &["{2026-01-31 11:00:00+00}", "{\"2026-01-31T12:00:00+01:00\"}"]),
    ("words", &["gt", "eq"], &["{a}", "{a,b}", "{}"]),
    (
        "name",
        &["match", "imatch"],
        &[
            "^[a-c]$",
            "é",
            "\\d",
            "[[:alpha:]]",
            "(",
            "a|",
            "(?=a)",
            "^.$",
            "\\yÉ",
            "[^a]",
            "x{2,1}",
        ],
    ),
    (
        "int4range",
        &[
            "eq",
            "neq",
            "gt",
            "lte",
            "cs",
            "cd",
            "ov",
            "sl",
            "sr",
            "nxr",
            "nxl",
            "adj",
            "isdistinct",
        ],
        &["[1,5]", "(,)", "empty", "[6,7)", "(5,6)", "[9,10]", "[5,1]", "x", "[1,2147483647]"],
    ),
    (
        "numrange",
        &["eq", "gt", "lte", "cs", "cd", "ov", "sl", "sr", "nxr", "nxl", "adj"],
        &["(1.5,2.0]", "[1.5,1.5]", "[1.50,1.5]", "(2,3)", "[2,4]", "(,1.5)", "empty"],
    ),
    (
        "daterange",
        &["eq", "cs", "ov", "adj", "lt"],
        &["[2026-01-01,2026-02-01)", "[2026-02-01,)", "(,2026-01-01)"],
    ),
    (
        "tstzrange",
        &["eq", "cs", "ov", "gt", "nxr"],
        &["[2025-12-31T23:00:00Z,)", "empty", "(2026-01-01,2026-01-02)"],
    ),
];

const SHOWN: &[&str] = &[
    "*",
    "name",
    "x:span::text",
    "x:span::time",
    "x:clock::interval",
    "x:clock::text",
    "x:seen::time",
    "x:seen::date",
    "x:single::float8",
    "x:single::numeric",
    "x:single::int4",
    "x:single::text",
    "x:name::char",
    "x:name::name",
    "x:name::bytea",
    "x:name::time",
    "x:name::interval",
    "x:name::int4range",
    "x:numrange::text",
    "x:numbers::text",
    "x:instants::text",
    "x:document->b::float4",
    "x:bytes::text",
    "x:single::time",
    "x:address::inet",
];

fn target() -> impl Strategy<Value = String> {
    let columns: Vec<&str> = CONDITIONS.iter().map(|(column, ..)| *column).collect();
    let condition = select(CONDITIONS).prop_flat_map(|(column, operators, operands)| {
        (any::<bool>(), select(operators), select(operands), select(operands)).prop_map(
            move |(not, operator, operand, other)| {
                let not = if not { "not." } else { "" };
                let operand = operand.replace('+', "%2B");
                if operator == "eq" && !operand.contains(['{', '"', '[', '(']) && other.len() > 4 {
                    return format!("{column}={not}in.(\"{operand}\")");
                }
                format!("{column}={not}{operator}.{operand}")
            },
        )
    });
    let order = select(columns);
    let direction = select(&["", ".desc", ".nullsfirst", ".desc.nullslast"][..]);
    (select(SHOWN), prop::collection::vec(condition, 0..2), order, direction).prop_map(
        |(shown, conditions, order, direction)| {
            let mut target = format!("samples?select={shown}&order={order}{direction},name");
            for condition in conditions {
                let _ = write!(target, "&{condition}");
            }
            target
        },
    )
}

#[tokio::test]
async fn both_engines_compare_order_and_cast_alike() {
    let [sqlite, postgres] = seeded().await;
    let mut runner = TestRunner::deterministic();
    let (mut found, mut differences) = (0, Vec::new());
    for _ in 0..1_200 {
        let target = target().new_tree(&mut runner).expect("a request").current();
        let (a, b) = (sqlite.get(&target).await, postgres.get(&target).await);
        found += usize::from(a.status == 200 && a.body != "[]");
        if (a.status, &a.body) != (b.status, &b.body) || a.status >= 500 {
            differences
                .push(format!("{target}\n  {} {}\n  {} {}", a.status, a.body, b.status, b.body));
        }
    }
    assert!(differences.is_empty(), "{}:\n{}", differences.len(), differences.join("\n"));
    assert!(found > 400, "only {found} requests found rows");
}

#[tokio::test]
async fn what_the_engines_would_not_answer_alike_is_refused() {
    on_both(async |api| {
        seed(api).await;
        for (target, status, code, words) in [
            ("samples?name=match.(a", 400, "2201B", "parentheses () not balanced"),
            ("samples?name=match.*a", 400, "2201B", "quantifier operand invalid"),
            ("samples?name=match.(a)%5C1", 400, "PGRST127", "the back reference"),
            ("samples?name=match.a(%3F=b)", 400, "PGRST127", "lookahead"),
            ("samples?name=match(any).{a,(}", 400, "2201B", "not balanced"),
            ("samples?span=match.a", 404, "42883", "interval ~ unknown"),
            ("samples?name=sl.[1,2)", 404, "42883", "text << unknown"),
            ("samples?address=sl.10.0.0.0/8", 400, "PGRST127", "inet"),
            ("samples?int4range=cs.[5,1]", 400, "22000", "range lower bound"),
            ("samples?int4range=eq.1", 400, "22P02", "malformed range literal"),
            ("samples?span=eq.1%20parsec", 400, "22007", "type interval"),
            ("samples?select=name::inet", 400, "PGRST127", "text to inet"),
            ("samples?select=span::int4", 400, "42846", "cannot cast type interval to integer"),
            ("samples?document=fts.a", 400, "PGRST127", "Full-text search"),
        ] {
            api.get(target).await.refuses(status, code, words);
        }
        // Every element of a range is contained in it.
        api.get("samples?select=name&int4range=cs.5&order=name")
            .await
            .is(200, r#"[{"name":"a"},{"name":"É1"}]"#);
        api.get("samples?select=name&name=match(any).{^a,É}&order=name")
            .await
            .is(200, r#"[{"name":"a"},{"name":"É1"}]"#);
        api.get("samples?select=name&name=imatch.^é%5Cd$").await.is(200, r#"[{"name":"É1"}]"#);
    })
    .await;
}

/// Texts that lie beside those that are made.
const INTERVALS: &[&str] = &[
    "@ 1 hour ago",
    "1-2",
    "-1-2",
    "1-13",
    "1 day 2",
    "3 4:05:06",
    "P1Y2M3DT4H5M6.5S",
    "",
    "1.5",
    "1 year 1 year",
    "1 2:03",
    "P",
    "PT",
    "1 decade",
    "1 century 2 decades ago",
    "1:2:3:4",
    "100:00:00.1234567",
    "ago",
    "1day",
    "1d2h",
    "2147483648 mons",
    "1e3 days",
    "1 mon -1 day",
    "P-1Y",
    "P1.5W",
    "04:60",
    "04:05:61",
    "9223372036854775807 us",
    "1 fortnight",
];
const TIMES: &[&str] = &[
    "04:05 PM",
    "12:00 AM",
    "12:00 PM",
    "13:00 PM",
    "24:00:01",
    "23:59:60",
    "04:05:06.1234567",
    "04:05+01",
    "04:05 Z",
    " 04:05 ",
    "25:00",
    "04:60",
    "04:05:06.9999996",
    "04",
    "x",
    "",
    "04:05:06am",
];
const RANGES: &[&str] = &[
    "empty",
    " EMPTY ",
    "[1,2",
    "[1,2)x",
    "(\"1\",2]",
    "[a,b]",
    "[,]",
    "(1,1)",
    "[1,1]",
    "(2147483647,]",
    "[1,2147483647]",
    "[1, 2]",
    "[1,2,3]",
    "1,2",
    "[\"\",2]",
    "[2147483648,)",
    "(,9223372036854775807]",
    "[1,2\\)",
    "",
    "[1e2,1.50e3]",
    " [1,2] ",
    "[2,1]",
];

/// Texts of a kind, most of them values.
fn texts() -> impl Strategy<Value = (Kind, String)> {
    let number = "-?[0-9]{1,9}(\\.[0-9]{1,6})?";
    let interval = prop::collection::vec(
        (
            "-?[0-9]{1,4}(\\.[0-9]{1,3})?",
            select(&["years", "mons", "days", "hours", "min", "s", "weeks", "ms"][..]),
        ),
        1..4,
    )
    .prop_map(|parts| {
        parts.iter().map(|(n, unit)| format!("{n} {unit}")).collect::<Vec<_>>().join(" ")
    });
    let clock = "-?[0-9]{1,3}:[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?";
    let iso = "P(-?[0-9]{1,3}Y)?(-?[0-9]{1,3}M)?-?[0-9]{1,3}D(T-?[0-9]{1,3}H(-?[0-9]{1,3}M)?)?";
    let whole = "[\\[(](-?[0-9]{1,3})?,(-?[0-9]{1,3})?[\\])]";
    let decimal = "[\\[(](-?[0-9]{1,3}(\\.[0-9]{1,3})?)?,(-?[0-9]{1,3}(\\.[0-9]{1,3})?)?[\\])]";
    let date = "[\\[(](20[0-9]{2}-0[1-9]-[0-2][1-8])?,(20[0-9]{2}-0[1-9]-[0-2][1-8])?[\\])]";
    let time = "([01][0-9]|2[0-4]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,7})?)?( AM| PM)?";
    let of = |kind: Kind| move |text: String| (kind.clone(), text);
    prop_oneof![
        any::<f32>().prop_map(|value| (Kind::Real, value.to_string())),
        (-40_000_000..40_000_000_i32).prop_map(|value| (Kind::Real, value.to_string())),
        number.prop_map(of(Kind::Real)),
        interval.prop_map(of(Kind::Interval)),
        clock.prop_map(of(Kind::Interval)),
        iso.prop_map(of(Kind::Interval)),
        time.prop_map(of(Kind::Time)),
        select(INTERVALS).prop_map(|text| (Kind::Interval, text.to_owned())),
        select(TIMES).prop_map(|text| (Kind::Time, text.to_owned())),
        (select(&RangeKind::ALL[..3]), select(RANGES))
            // Numbers have at most 18 digits here.
            .prop_filter("short", |(kind, text)| {
                *kind != RangeKind::Numeric || !text.contains("9223372036854775807")
            })
            .prop_map(|(kind, text)| (Kind::Range(kind), text.to_owned())),
        whole.prop_map(of(Kind::Range(RangeKind::Integer))),
        whole.prop_map(of(Kind::Range(RangeKind::BigInt))),
        decimal.prop_map(of(Kind::Range(RangeKind::Numeric))),
        date.prop_map(of(Kind::Range(RangeKind::Date))),
        date.prop_map(of(Kind::Range(RangeKind::Timestamp))),
    ]
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

#[tokio::test]
async fn texts_are_read_and_printed_as_postgresql_does() {
    let database = Postgres::shared().database().await;
    let client = connect(&database.app_url).await.expect("a connection");
    client.batch_execute("SET timezone = 'UTC'").await.expect("set");
    let mut runner = TestRunner::deterministic();
    let mut differences = Vec::new();
    for _ in 0..3_000 {
        let (kind, text) = texts().new_tree(&mut runner).expect("a text").current();
        let name = kind.name();
        let literal = text.replace('\'', "''");
        let sql = format!(
            "SELECT v::text, to_json(v)::text FROM (SELECT '{literal}'::{name} AS v) AS one"
        );
        let theirs = match client.query_one(&sql, &[]).await {
            Ok(row) => Ok((row.get::<_, String>(0), row.get::<_, String>(1))),
            Err(error) => Err(error.code().map_or(String::new(), |code| code.code().to_owned())),
        };
        let ours = match parse_text(&kind, &text) {
            Ok(value) => {
                let cell: Cell<'_> = value.as_cell();
                Ok((written(|out| cell.write_text(out)), written(|out| cell.write_json(out))))
            }
            Err(error) => Err(error.sqlstate().to_owned()),
        };
        if ours != theirs && !differences.iter().any(|told: &String| told.contains(&text)) {
            differences.push(format!("{name} {text:?}\n  {ours:?}\n  {theirs:?}"));
        }
    }
    assert!(differences.is_empty(), "{}:\n{}", differences.len(), differences.join("\n"));
}

#[tokio::test]
async fn patterns_match_as_in_postgresql() {
    let database = Postgres::shared().database().await;
    let client = connect(&database.app_url).await.expect("a connection");
    let mut runner = TestRunner::deterministic();
    let pattern = "(a|b|\\.|[ab]|\\\\d|\\\\w|\\(a|\\)|\\[b\\]|\\[\\^a-b\\]|\\||\\*|\\+\\?|\\{1,2\\}|\\^|\\$|é|\\\\y|\\\\m|\\\\s|-){0,7}";
    let case = (pattern, "[ab1é _.\n-]{0,6}", any::<bool>());
    let mut differences = Vec::new();
    let mut read = 0;
    for _ in 0..2_000 {
        let (pattern, text, folded) = case.new_tree(&mut runner).expect("a case").current();
        let column = if folded {
            "replace(lower($1::text COLLATE \"und-x-icu\"), 'ς', 'σ')"
        } else {
            "$1::text"
        };
        let sql = format!("SELECT {column} COLLATE \"C\" ~ $2::text");
        let theirs = client.query_one(&sql, &[&text, &pattern]).await;
        let theirs = theirs
            .map(|row| row.get::<_, bool>(0))
            .map_err(|e| e.as_db_error().map_or(String::new(), |error| error.message().to_owned()));
        let ours = mainstay_entity::pattern::Pattern::parse(&pattern, folded);
        if ours.as_ref().is_err_and(mainstay_entity::Error::is_unsupported_pattern) {
            continue;
        }
        let sent = ours.as_ref().ok().map(mainstay_entity::pattern::Pattern::postgres);
        let ours = ours.and_then(|pattern| pattern.compile()).map(|m| m.matches(&text));
        read += usize::from(ours.is_ok());
        if let Some(sent) = &sent {
            let row = client.query_one(&sql, &[&text, sent]).await;
            let again = row.map(|row| row.get::<_, bool>(0)).map_err(|e| e.to_string());
            if again.as_ref().ok() != ours.as_ref().ok() {
                differences.push(format!("{pattern:?} as {sent:?} on {text:?}: {again:?}"));
            }
        }
        let ours = ours.map_err(|error| error.to_string());
        // Without case PostgreSQL folds the pattern too, which here the text alone tells.
        if !folded && ours != theirs {
            differences.push(format!("{pattern:?} on {text:?}\n  {ours:?}\n  {theirs:?}"));
        }
    }
    assert!(differences.is_empty(), "{}:\n{}", differences.len(), differences.join("\n"));
    assert!(read > 700, "only {read} patterns were read");
}

#[tokio::test]
async fn written_values_come_back() {
    on_both(async |api| {
        let row = format!(r#"{{"id":"{}","name":"form"}}"#, id(90));
        api.write("POST", "samples", "return=minimal", &row).await.is(201, "");
        let form = [
            ("accept", "text/csv"),
            ("content-type", "text/csv"),
            ("prefer", "return=representation"),
        ];
        let csv = "name,span,clock,int4range,days\ncsv,\"2 days ago\",1:02,\"[1,2]\",\"{2026-01-31,NULL}\"";
        let target = "samples?select=span,clock,int4range,days&columns=name,span,clock,int4range,days";
        let bad = api.send(Who::Acme, "POST", target, &form, csv).await;
        bad.refuses(400, "22007", "type time");
        let csv = csv.replace("1:02", "01:02");
        api.send(Who::Acme, "POST", target, &form, csv).await.is(
            201,
            "span,clock,int4range,days\n\"-2 days\",01:02:00,\"[1,3)\",\"{2026-01-31,NULL}\"",
        );
        let change = r#"{"span":"1.5 months","numrange":"[1.0,2)","single":"1e10"}"#;
        let target = format!("samples?id=eq.{}&select=span,numrange,single", id(90));
        api.write("PATCH", &target, "return=representation", change).await.is(
            200,
            r#"[{"span":"1 mon 15 days","numrange":"[1.0,2)","single":1e+10}]"#,
        );
    })
    .await;
}

#[tokio::test]
async fn instants_are_read_and_shown_in_the_zone_that_is_preferred() {
    on_both(async |api| {
        seed(api).await;
        let berlin = |prefer: &str| format!("timezone=Europe/Berlin{prefer}");
        let get = async |target: &str, prefer: &str| {
            api.send(Who::Acme, "GET", target, &[("prefer", prefer)], "").await
        };
        let shown = "samples?name=in.(a,b)&order=name&select=seen,instants,tstzrange";
        let reply = get(shown, &berlin("")).await;
        reply.is(
            200,
            r#"[{"seen":"2026-03-29T01:30:00+01:00","instants":["2026-01-31T12:00:00+01:00",null],"tstzrange":"[\"2026-01-01 00:00:00+01\",)"},{"seen":"2026-10-25T02:30:00+02:00","instants":["2026-01-31T12:00:00.5+01:00"],"tstzrange":"empty"}]"#,
        );
        assert_eq!(reply.header("preference-applied"), "timezone=Europe/Berlin");
        // Of an hour that comes twice the second is meant, and one that is left out is read as if
        // the clocks had not been put forward.
        for (target, found) in [
            ("samples?select=name&seen=eq.2026-03-29T01:30", "a"),
            ("samples?select=name&seen=eq.2026-03-29T02:30%2B02", "a"),
            ("samples?select=name&seen=lt.2026-10-25T02:30&seen=gt.2026-10-25T01:59", "b"),
        ] {
            get(target, &berlin("")).await.is(200, &format!(r#"[{{"name":"{found}"}}]"#));
        }
        let row = r#"{"name":"z","seen":"2026-07-01 12:00"}"#;
        let target = "samples?select=seen";
        for (zone, seen) in [
            ("Europe/Berlin", "2026-07-01T12:00:00+02:00"),
            ("Asia/Kolkata", "2026-07-01T12:00:00+05:30"),
            ("America/St_Johns", "2026-07-01T12:00:00-02:30"),
        ] {
            let prefer = format!("timezone={zone},return=representation,tx=rollback");
            let reply = api.write("POST", target, &prefer, row).await;
            reply.is(201, &format!(r#"[{{"seen":"{seen}"}}]"#));
        }
        let unknown = get(shown, "timezone=Jupiter/Red_Spot").await;
        assert_eq!((unknown.status, unknown.header("preference-applied")), (200, ""));
        let strict = get(shown, "handling=strict,timezone=Jupiter/Red_Spot").await;
        strict.refuses(400, "PGRST122", "Jupiter/Red_Spot");
        let cast = get("samples?select=seen::text", &berlin("")).await;
        cast.refuses(400, "PGRST127", "timezone");
        let csv = [("accept", "text/csv"), ("prefer", "timezone=Europe/Berlin")];
        let target = "samples?name=eq.a&select=seen";
        api.send(Who::Acme, "GET", target, &csv, "").await.is(
            200,
            "seen\n\"2026-03-29 01:30:00+01\"",
        );
    })
    .await;
}
