//! What `PostgreSQL` 15 answered, and what this crate answers: `golden/regenerate.sql`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use mainstay_entity::json::{self, Step};
use mainstay_entity::like::{fold, like};
use mainstay_entity::parse::{parse_json, parse_text};
use mainstay_entity::{ItemKind, Kind, Value};
use serde_json::Value as Line;
use std::borrow::Cow;

/// Runs a check over each line of a golden file, then fails with all that differ.
fn for_each_line(name: &str, check: impl Fn(&Line) -> Result<(), String>) {
    let path = format!("{}/tests/golden/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read_to_string(&path).unwrap();
    let mut failures = Vec::new();
    for text in file.lines() {
        let line: Line = serde_json::from_str(text).unwrap();
        if let Err(ours) = check(&line) {
            failures.push(format!("{text}\n    ours: {ours}"));
        }
    }
    assert!(!file.is_empty(), "{path} is empty");
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

fn expect<T: PartialEq + std::fmt::Debug>(ours: &T, theirs: &T) -> Result<(), String> {
    if ours == theirs { Ok(()) } else { Err(format!("{ours:?}")) }
}

fn field<'a>(line: &'a Line, name: &str) -> &'a str {
    line[name].as_str().unwrap()
}

#[test]
fn documents_are_printed_as_jsonb() {
    for_each_line("documents", |line| {
        let ours = json::canonical(field(line, "in"));
        let ours = ours.as_deref().map_err(mainstay_entity::Error::sqlstate);
        match line["out"].as_str() {
            Some(out) => expect(&ours, &Ok(out)),
            None => expect(&ours, &Err(field(line, "error"))),
        }
    });
}

#[test]
fn paths_lead_where_the_arrows_lead() {
    for_each_line("paths", |line| {
        let document = json::canonical(field(line, "document")).unwrap();
        let path: Vec<Step<'_>> = line["path"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| match step.as_str() {
                Some(key) => Step::Key(Cow::Borrowed(key)),
                None => Step::Index(i32::try_from(step.as_i64().unwrap()).unwrap()),
            })
            .collect();
        expect(&json::get(&document, &path), &line["value"].as_str())?;
        expect(&json::get_text(&document, &path).as_deref(), &line["text"].as_str())
    });
}

#[test]
fn documents_are_ordered_and_contained_as_in_jsonb() {
    for_each_line("pairs", |line| {
        let a = json::canonical(field(line, "a")).unwrap();
        let b = json::canonical(field(line, "b")).unwrap();
        let order = line["order"].as_i64().unwrap().signum();
        expect(&(json::compare(&a, &b) as i64), &order)?;
        expect(&(json::compare(&b, &a) as i64), &-order)?;
        expect(&json::contains(&a, &b), &line["contains"].as_bool().unwrap())
    });
}

#[test]
fn strings_are_escaped_and_folded_alike() {
    for_each_line("texts", |line| {
        let text = field(line, "in");
        let mut escaped = Vec::new();
        json::escape_into(&mut escaped, text);
        expect(&String::from_utf8(escaped).unwrap().as_str(), &field(line, "json"))?;
        expect(&json::unescape(field(line, "json")).unwrap().as_ref(), &text)?;
        expect(&fold(text).as_ref(), &field(line, "fold"))
    });
}

#[test]
fn patterns_match_alike() {
    for_each_line("matches", |line| {
        let ours = like(field(line, "pattern"), field(line, "text"));
        expect(&ours.unwrap(), &line["match"].as_bool().unwrap())
    });
}

#[test]
fn values_are_read_and_printed_alike() {
    for_each_line("values", |line| {
        let kind = kind(field(line, "type"));
        let ours = print(parse_text(&kind, field(line, "in")));
        let as_json_string = serde_json::to_string(field(line, "in")).unwrap();
        expect(&print(parse_json(&kind, &as_json_string)), &ours)?;
        match line["text"].as_str() {
            Some(text) => {
                expect(&ours, &Ok((text.to_owned(), field(line, "json").to_owned())))?;
                // A printed value reads as itself, in both forms.
                expect(&print(parse_text(&kind, text)), &ours)?;
                expect(&print(parse_json(&kind, field(line, "json"))), &ours)
            }
            None => expect(&ours, &Err(sqlstate(field(line, "error")))),
        }
    });
}

/// The class of code that this crate gives where `PostgreSQL` has a code for one part of a value.
fn sqlstate(theirs: &str) -> &str {
    match theirs {
        // invalid_time_zone_displacement_value
        "22009" => "22008",
        _ => theirs,
    }
}

/// Text form and JSON form, or the SQLSTATE.
fn print(value: mainstay_entity::Result<Value>) -> Result<(String, String), &'static str> {
    let value = value.map_err(|error| error.sqlstate())?;
    let (mut text, mut json) = (Vec::new(), Vec::new());
    value.as_cell().write_text(&mut text);
    value.as_cell().write_json(&mut json);
    Ok((String::from_utf8(text).unwrap(), String::from_utf8(json).unwrap()))
}

#[expect(clippy::panic, reason = "a test fails by panicking")]
fn kind(name: &str) -> Kind {
    match name {
        "uuid" => Kind::Uuid,
        "boolean" => Kind::Boolean,
        "smallint" => Kind::SmallInt,
        "integer" => Kind::Integer,
        "bigint" => Kind::BigInt,
        "double precision" => Kind::Double,
        "bytea" => Kind::Bytes,
        "timestamptz" => Kind::Timestamp,
        "date" => Kind::Date,
        "numeric(12,2)" => Kind::Decimal { precision: 12, scale: 2 },
        "inet" => Kind::Inet,
        "text[]" => Kind::List(ItemKind::Text),
        "uuid[]" => Kind::List(ItemKind::Uuid),
        "boolean[]" => Kind::List(ItemKind::Boolean),
        "integer[]" => Kind::List(ItemKind::Integer),
        "bigint[]" => Kind::List(ItemKind::BigInt),
        "double precision[]" => Kind::List(ItemKind::Double),
        _ => panic!("no kind for {name}"),
    }
}
