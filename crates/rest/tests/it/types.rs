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
        ("flags", Kind::List(ItemKind::Boolean)),
        ("bigs", Kind::List(ItemKind::BigInt)),
        ("doubles", Kind::List(ItemKind::Double)),
        ("uuids", Kind::List(ItemKind::Uuid)),
    ];
    kinds.extend(RangeKind::ALL.map(|kind| (kind.name(), Kind::Range(kind))));
    kinds
}

fn meta() -> EntityMeta {
    let mut meta = Sample::meta().clone();
    for (name, kind) in kinds() {
        meta.columns.to_mut().push(Column { nullable: true, ..Column::new(name, kind) });
    }
    let prose = Column::new("prose", Kind::Text { max: None });
    meta.columns.to_mut().push(Column { nullable: true, search: true, ..prose });
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

pub(crate) async fn seed(api: &Api) {
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
            ("samples?select=clock.sum()", 400, "PGRST127", "sum(time"),
            ("samples?bytes=eq.%5CxZ", 400, "22023", "hexadecimal digit"),
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
async fn values_are_read_and_cast_in_each_form_that_postgresql_has() {
    on_both(async |api| {
        seed(api).await;
        let row = r#"{"name":"zero","singles":[-0.0,1],"doubles":[-0.0],"bytes":"a\\\\\\001"}"#;
        api.write("POST", "samples", "return=minimal", row).await.is(201, "");
        for (target, body) in [
            // Zero has no sign, in lists neither.
            ("singles=eq.{0,1}&select=name", r#"[{"name":"zero"}]"#),
            ("singles=gt.{0}&singles=lt.{0.05}&select=name", r#"[{"name":"zero"}]"#),
            ("doubles=cs.{0}&select=name", r#"[{"name":"zero"}]"#),
            ("bytes=eq.%5C000%5C377&select=name", r#"[{"name":"a"}]"#),
            ("bytes=eq.%5Cx61 5c 01&select=name", r#"[{"name":"zero"}]"#),
            // A cast to text has its own form of some types; one to `name` has not.
            (
                "name=eq.a&select=t:address::text,n:address::name",
                r#"[{"t":"10.0.0.2/32","n":"10.0.0.2"}]"#,
            ),
        ] {
            let reply = api.get(&format!("samples?{target}")).await;
            assert_eq!((reply.status, reply.body.as_str()), (200, body), "{target}");
        }
        api.seed().await;
        let target = "customers?code=eq.ann&select=t:active::text,n:active::name";
        api.get(target).await.is(200, r#"[{"t":"true","n":"t"}]"#);
        // The request is made at 10:00 on 2026-03-01, a minute that all rows were written in.
        for (filters, found) in [
            ("created_at=eq.now", 3),
            ("created_at=gt.today&created_at=lt.tomorrow", 3),
            ("created_at=lt.Yesterday", 0),
            ("created_at=in.(epoch,now)", 3),
            ("born=lt.today", 1),
            ("born=gt.epoch", 1),
        ] {
            let reply = api.get(&format!("customers?select=code&{filters}")).await;
            assert_eq!(reply.status, 200, "{filters}: {}", reply.body);
            assert_eq!(reply.body.matches("code").count(), found, "{filters}: {}", reply.body);
        }
    })
    .await;
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
        // Bounds of ranges and items of lists are instants, too.
        for (target, found) in [
            ("samples?select=name&tstzrange=eq.[2026-01-01,)", r#"[{"name":"a"}]"#),
            ("samples?select=name&tstzrange=cs.2026-01-01", r#"[{"name":"a"}]"#),
            ("samples?select=name&tstzrange=cs.2025-12-31T23:30", "[]"),
            ("samples?select=name&instants=cs.{2026-01-31 12:00}", r#"[{"name":"a"}]"#),
        ] {
            get(target, &berlin("")).await.is(200, found);
        }
        let row = r#"{"name":"y","tstzrange":"[2026-07-01 12:00,)","instants":["2026-07-01 12:00"]}"#;
        let prefer = berlin(",return=representation,tx=rollback");
        api.write("POST", "samples?select=tstzrange,instants", &prefer, row).await.is(
            201,
            r#"[{"tstzrange":"[\"2026-07-01 12:00:00+02\",)","instants":["2026-07-01T12:00:00+02:00"]}]"#,
        );
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
