//! Random reads of a table with a column of every kind: each operator, cast, order and group.

use super::dice::Dice;
use crate::api::{Api, Who, id};
use std::fmt::Write as _;

/// A column and operands that fit it, or nearly.
struct Column {
    name: &'static str,
    operators: &'static [&'static str],
    operands: &'static [&'static str],
}

const fn column(
    name: &'static str,
    operators: &'static [&'static str],
    operands: &'static [&'static str],
) -> Column {
    Column { name, operators, operands }
}

const ORDERED: &[&str] = &["eq", "neq", "gt", "gte", "lt", "lte", "isdistinct"];
const TEXTS: &[&str] =
    &["eq", "neq", "gt", "lte", "like", "ilike", "match", "imatch", "isdistinct"];
const LISTS: &[&str] = &["eq", "neq", "gt", "gte", "lt", "cs", "cd", "ov", "isdistinct"];
const RANGES: &[&str] =
    &["eq", "neq", "gt", "lte", "cs", "cd", "ov", "sl", "sr", "nxr", "nxl", "adj", "isdistinct"];
const SEARCHES: &[&str] = &[
    "fts",
    "plfts",
    "phfts",
    "wfts",
    "fts(english)",
    "plfts(english)",
    "phfts(simple)",
    "wfts(english)",
    "fts(simple)",
];

const COLUMNS: &[Column] = &[
    column("span", ORDERED, &["30 days", "@ 1 hour", "1-2", "1 x", "720:00", "-1 mon", "P1Y"]),
    column("single", ORDERED, &["0.1", "1e-7", "-16777216", "1e39", "x", "-0", "16777217"]),
    column("clock", ORDERED, &["04:05", "24:00", "4:05 PM", "25:00", "12:00:00.000001"]),
    column("seen", ORDERED, &["2026-03-29T01:30:00+01:00", "2026-10-25 00:30Z", "2026-01-01"]),
    column("bytes", &["eq", "neq", "gt", "lt", "isdistinct"], &["\\x00ff", "\\x", "\\xZ", "\\x01"]),
    column("address", ORDERED, &["10.0.0.1", "::", "9.255.0.1", "::ffff:1.2.3.4", "10.0.0.0/8"]),
    column(
        "document",
        &["eq", "gt", "lte", "cs", "cd", "neq", "isdistinct"],
        &["{\"a\":1}", "[1]", "\"x\"", "{}", "[]", "1.0", "null", "[1,[2]]", "{\"a\":1,\"b\":1}"],
    ),
    column("document->b", ORDERED, &["1", "1.0", "null", "\"x\""]),
    column("document->>a", TEXTS, &["1", "*", "x"]),
    column("document->0", ORDERED, &["1", "2"]),
    column("document->-1", &["eq", "cs"], &["2", "[2]"]),
    column("numbers", LISTS, &["{1.5}", "{1.50,NULL}", "{}", "{10,1.5}", "{x}", "{-2}", "{1,2"]),
    column("smalls", LISTS, &["{1}", "{1,2}", "{}", "{70000}", "{NULL}", "{2,1}"]),
    column("bigs", LISTS, &["{9007199254740993}", "{1}", "{}"]),
    column("singles", LISTS, &["{0.1}", "{1e10,0.1}", "{}", "{-0}", "{0}"]),
    column("doubles", LISTS, &["{0.1}", "{-0,1e300}", "{1e-300}", "{}"]),
    column("flags", LISTS, &["{t}", "{true,false}", "{}", "{NULL}"]),
    column("days", LISTS, &["{2026-01-31}", "{}", "{2026-02-30}"]),
    column(
        "instants",
        LISTS,
        &["{2026-01-31 11:00:00+00}", "{\"2026-01-31T12:00:00+01:00\"}", "{}"],
    ),
    column("words", LISTS, &["{a}", "{a,b}", "{}", "{é}", "{\"\"}", "{NULL,a}", "{\"NULL\"}"]),
    column("uuids", LISTS, &["{00000000-0000-7000-8000-00000000000B}", "{}", "{x}"]),
    column(
        "name",
        TEXTS,
        &[
            "a",
            "É*",
            "^[a-c]$",
            "é",
            "\\d",
            "[[:alpha:]]",
            "a|",
            "^.$",
            "\\yÉ",
            "[^a]",
            "_",
            "*1",
            "%25",
            "(a",
            "x{2,1}",
            "ß",
            "SS",
            "ﬀ",
            "i",
            "I",
            "İ",
        ],
    ),
    column(
        "int4range",
        RANGES,
        &["[1,5]", "(,)", "empty", "[6,7)", "(5,6)", "[9,10]", "[5,1]", "x", "[1,2147483647]", "5"],
    ),
    column("int8range", RANGES, &["[-3,7)", "(,0]", "empty", "9223372036854775807"]),
    column(
        "numrange",
        RANGES,
        &["(1.5,2.0]", "[1.5,1.5]", "[1.50,1.5]", "(2,3)", "[2,4]", "(,1.5)", "empty", "1.5"],
    ),
    column(
        "daterange",
        RANGES,
        &["[2026-01-01,2026-02-01)", "[2026-02-01,)", "(,2026-01-01)", "2026-01-31", "(,)"],
    ),
    column(
        "tstzrange",
        RANGES,
        &["[2025-12-31T23:00:00Z,)", "empty", "(2026-01-01,2026-01-02)", "2026-01-15"],
    ),
    column(
        "prose",
        SEARCHES,
        &[
            "fat",
            "fat & rat",
            "fat | !rat",
            "rat <-> cat",
            "don't",
            "état",
            "well-known",
            "the",
            "of-the",
            "Ärger",
            "straße",
            "x'y",
            "",
            "fat:*",
            "\"fat rat\" -cat",
            "or",
            "fat or cat",
            "!!fat",
            "(fat",
            "東京",
            "naïve",
            "3.5",
            "user@x.test",
            "https://x.test/a_b",
            "a.b.c",
        ],
    ),
];

const TYPES: &[&str] = &[
    "text",
    "varchar",
    "char",
    "name",
    "int2",
    "int4",
    "int8",
    "float4",
    "float8",
    "numeric",
    "bool",
    "date",
    "time",
    "timestamptz",
    "interval",
    "uuid",
    "json",
    "jsonb",
    "inet",
    "bytea",
    "int4range",
    "int8range",
    "numrange",
    "daterange",
    "tstzrange",
    "nothing",
];

const ENDINGS: &[&str] = &["", ".desc", ".nullsfirst", ".desc.nullslast", ".asc.nullslast"];

/// Preferences and media types of a request, most of them none.
pub(super) struct Manner {
    pub(super) prefer: &'static str,
    pub(super) accept: &'static str,
}

/// A random manner.
pub(super) fn manner(dice: &mut Dice) -> Manner {
    let prefer = match dice.below(8) {
        0 => "timezone=Europe/Berlin",
        1 => "timezone=America/St_Johns,count=exact",
        2 => "timezone=Asia/Kathmandu",
        3 => "count=exact",
        _ => "",
    };
    let accept = match dice.below(8) {
        0 => "text/csv",
        1 => "application/vnd.pgrst.array+json;nulls=stripped",
        2 => "application/x-ndjson",
        _ => "*/*",
    };
    Manner { prefer, accept }
}

/// A random read.
pub(super) fn target(dice: &mut Dice) -> String {
    let mut target = String::from("samples?select=");
    let united = dice.below(10);
    let columns = dice.some(COLUMNS, 3);
    let mut shown: Vec<String> = if united == 2 {
        columns.iter().map(|column| column.name.to_owned()).collect()
    } else {
        columns.iter().enumerate().map(|(place, column)| output(dice, place, column)).collect()
    };
    if united == 0 || united == 2 {
        shown.push(aggregate(dice));
    }
    if shown.is_empty() {
        shown.push("name".to_owned());
    }
    let _ = write!(target, "{}", shown.join(","));
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    match united {
        1 => target.push_str("&distinct=true"),
        2 if !names.is_empty() => {
            let _ = write!(target, "&group={}", names.join(","));
        }
        3 => {
            let on: Vec<&str> = dice.some(COLUMNS, 2).iter().map(|column| column.name).collect();
            let _ = write!(target, "&distinct=on({})", on.join(","));
        }
        _ => {}
    }
    for _ in 0..dice.below(3) {
        let condition = if dice.once_in(4) { group(dice) } else { condition(dice, "=") };
        let _ = write!(target, "&{condition}");
    }
    let terms = match united {
        0..3 => columns,
        _ => dice.some(COLUMNS, 3),
    };
    let terms: Vec<String> = terms
        .iter()
        .filter(|column| column.name != "prose")
        .map(|column| format!("{}{}", column.name, dice.one(ENDINGS)))
        .collect();
    if !terms.is_empty() {
        let _ = write!(target, "&order={}", terms.join(","));
    }
    if dice.once_in(4) {
        let _ = write!(target, "&limit={}", dice.below(4));
    }
    if dice.once_in(6) {
        let _ = write!(target, "&offset={}", dice.below(3));
    }
    target
}

fn output(dice: &mut Dice, place: usize, column: &Column) -> String {
    let name = column.name;
    match dice.below(3) {
        0 => format!("c{place}:{name}::{}", dice.one(TYPES)),
        _ => format!("c{place}:{name}"),
    }
}

fn aggregate(dice: &mut Dice) -> String {
    let name = dice.one(COLUMNS).name;
    let before = if dice.once_in(4) { format!("::{}", dice.one(TYPES)) } else { String::new() };
    let after = if dice.once_in(4) { format!("::{}", dice.one(TYPES)) } else { String::new() };
    let function = dice.one(&["sum", "avg", "min", "max", "count"]);
    format!("a:{name}{before}.{function}(){after}")
}

fn group(dice: &mut Dice) -> String {
    let members: Vec<String> = (0..=dice.below(3))
        .map(|_| {
            if dice.once_in(5) {
                let inner: Vec<String> = (0..2).map(|_| condition(dice, ".")).collect();
                format!("{}({})", dice.one(&["and", "or", "not.and", "not.or"]), inner.join(","))
            } else {
                condition(dice, ".")
            }
        })
        .collect();
    format!("{}=({})", dice.one(&["or", "and", "not.or", "not.and"]), members.join(","))
}

/// A condition, as a parameter (`=`) or as a member of a group (`.`).
pub(super) fn condition(dice: &mut Dice, between: &str) -> String {
    let column = dice.one(COLUMNS);
    let not = if dice.once_in(3) { "not." } else { "" };
    let operator = *dice.one(column.operators);
    let operand = dice.one(column.operands).replace('+', "%2B");
    let other = dice.one(column.operands).replace('+', "%2B");
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let operand_of = |text: &str| {
        // What stands in a group is quoted, so that it may hold commas and parentheses.
        if between == "." { quoted(text) } else { text.to_owned() }
    };
    let predicate = match dice.below(9) {
        0 => "is.null".to_owned(),
        1 if column.name != "prose" => format!("in.({},{})", quoted(&operand), quoted(&other)),
        2 if ["eq", "gt", "gte", "lt", "lte", "like", "ilike", "match", "imatch"]
            .contains(&operator) =>
        {
            let quantifier = dice.one(&["any", "all"]);
            let list = format!("{{{},{}}}", quoted(&operand), quoted(&other));
            format!("{operator}({quantifier}).{}", operand_of(&list))
        }
        _ => format!("{operator}.{}", operand_of(&operand)),
    };
    format!("{}{between}{not}{predicate}", column.name)
}

/// Adds rows with values that are equal and written otherwise, at the ends of what there is, and
/// with odd words.
pub(super) async fn more(api: &Api) {
    let rows = format!(
        r#"[
        {{"name":"f","span":"1 mon","single":-0.0,"clock":"00:00","seen":"2026-03-29T01:00:00Z","bytes":"\\x00",
          "address":"255.255.255.255","document":{{"b":1.0,"a":"x"}},"numbers":[1.5],"smalls":[1],"bigs":[9007199254740993,1],
          "singles":[0],"doubles":[0.1,-0.0],"flags":[true],"days":["2026-01-31",null],"words":["","NULL",null],
          "uuids":["{id}"],"int4range":"(,)","numrange":"[1.50,2.0]","daterange":"empty",
          "prose":"A fat rat, a well-known cat. Don't!"}},
        {{"name":"g","span":"-00:00:01","single":16777216,"clock":"12:00","seen":"1969-12-31T23:59:59.999999Z",
          "address":"::ffff:1.2.3.4","document":{{"b":1,"a":1}},"numbers":[1.50],"bigs":[],"singles":[-0.0,0.1],
          "doubles":[1e300,-1e-300],"flags":[false,null],"words":["b","a"],"uuids":[],"numrange":"[1.5,2]",
          "tstzrange":"[2026-01-15 00:00:00+05:45,2026-01-15 00:00:00+05:45]","prose":"L'état c'est naïve – Ärger, straße"}},
        {{"name":"ß","span":"0","single":3.4028235e38,"document":null,"numbers":[null],"singles":[null],"doubles":[0],
          "flags":[],"words":["é","E"],"int8range":"[7,)","numrange":"empty","prose":"the of and"}},
        {{"name":"İi","document":[1,[2],{{"a":null}}],"numbers":[10.0,1.5],"smalls":[2,1],"doubles":[null,5e-324],
          "int4range":"[-2147483648,1)","daterange":"[2026-01-31,2026-02-01)","prose":"see https://x.test/a_b or user@x.test, v3.5 東京"}},
        {{"name":"","span":"1 year -12 mons","document":"","words":["a"],"prose":""}}]"#,
        id = id(11),
    );
    let columns = "name,span,single,clock,seen,bytes,address,document,numbers,smalls,bigs,singles,\
                   doubles,flags,days,words,uuids,int4range,int8range,numrange,daterange,tstzrange,prose";
    let target = format!("samples?columns={columns}");
    let reply = api.send(Who::Acme, "POST", &target, &[], rows).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
}
