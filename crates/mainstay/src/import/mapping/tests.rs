use std::path::PathBuf;
use std::time::Instant;

use serde_json::json;

use super::*;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn compile(yaml: &str) -> anyhow::Result<Mapping> {
    Mapping::compile("test.yaml", yaml)
}

fn row(mapping: &mut Mapping, record: &str) -> Result<String, RowError> {
    let record = Record::parse(record.as_bytes()).unwrap();
    let mut row = Vec::new();
    mapping.push_row(&record, &mut row)?;
    Ok(String::from_utf8(row).unwrap())
}

#[test]
fn every_mapping_of_the_documentation_is_built_in_and_compiles() {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(repository().join("docs/mappings")).unwrap() {
        names.push(entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned());
    }
    names.sort();
    assert_eq!(names, BUILT_IN.map(|(name, _)| name));
    for name in names {
        Mapping::find(&name).unwrap();
    }
}

#[test]
fn the_cloudtrail_sample_maps_to_these_rows() {
    let sample = std::fs::read_to_string(repository().join("docs/samples/cloudtrail.ndjson"));
    let mut mapping = Mapping::find("cloudtrail").unwrap();
    let rows: Vec<_> =
        sample.unwrap().lines().map(|line| row(&mut mapping, line).unwrap()).collect();
    insta::assert_snapshot!(rows.join("\n"));
}

#[test]
fn the_rest_is_what_no_column_alone_holds_unchanged() {
    let mut mapping = compile(
        "
        table: things
        columns:
            copied: record.copied
            number: record.?number
            made: 'record.made + \"!\"'
            shared: record.?shared
            flag: has(record.shared)
            checked: 'record.checked > 0 ? record.checked : null'
        rest: more
        ",
    )
    .unwrap();
    let all = row(
        &mut mapping,
        r#"{"copied": {"deep": [1]}, "number": 1.50, "made": "m", "shared": 7,
            "checked": 1, "untouched": {"n": 12345678901234567890.10}, "empty": null}"#,
    );
    assert_eq!(
        all.unwrap(),
        r#"{"checked":1,"copied":{"deep": [1]},"flag":true,"made":"m!","number":1.50,"shared":7,"#
            .to_owned()
            + r#""more":{"made":"m","shared":7,"untouched":{"n": 12345678901234567890.10},"empty":null}}"#
    );
    let least = row(&mut mapping, r#"{"copied": "c", "made": "", "checked": 0}"#).unwrap();
    let least: Json = serde_json::from_str(&least).unwrap();
    assert_eq!(
        least,
        json!({"checked": null, "copied": "c", "flag": false, "made": "!", "number": null,
            "shared": null, "more": {"made": "", "checked": 0}})
    );
}

#[test]
fn what_is_wrong_with_a_mapping_is_said_with_its_place() {
    let error = |yaml: &str| format!("{:#}", compile(yaml).err().unwrap());
    let syntax = error("table: t\ncolumns:\n  action: record.a +");
    assert!(syntax.starts_with("mapping `test.yaml`, column `action`: `record.a +`: "), "{syntax}");
    let unknown = error("table: t\ncolumn: {}\ncolumns: {}");
    assert!(
        unknown.starts_with("mapping `test.yaml`: ") && unknown.contains("column"),
        "{unknown}"
    );
    let key = error("table: t\nkey: id\ncolumns: {}");
    assert_eq!(key, "mapping `test.yaml`: key `id` must be one of the columns");
    let rest = error("table: t\nrest: a\ncolumns: {a: record.a}");
    assert_eq!(rest, "mapping `test.yaml`: rest `a` must not be one of the columns");
    let missing = format!("{:#}", Mapping::find("no-such").err().unwrap());
    assert!(
        missing.starts_with("no mapping `no-such`: neither built in (cloudtrail) nor"),
        "{missing}"
    );
}

#[test]
fn a_record_without_a_value_is_told_from_a_wrong_expression() {
    let mut mapping = compile("table: t\ncolumns: {id: record.id, n: 'record.n + 1'}").unwrap();
    assert_eq!(
        row(&mut mapping, r#"{"n": 1}"#),
        Err(RowError::Record(
            "mapping `test.yaml`, column `id`: `record.id`: the record has no `id`".to_owned()
        ))
    );
    let Err(RowError::Record(why)) = row(&mut mapping, r#"{"id": 1, "n": "x"}"#) else { panic!() };
    assert!(why.starts_with("mapping `test.yaml`, column `n`: `record.n + 1`: "), "{why}");
    let mut mapping = compile("table: t\ncolumns: {id: size_of(record.id)}").unwrap();
    assert!(matches!(row(&mut mapping, r#"{"id": 1}"#), Err(RowError::Mapping(_))));
}

/// Real events, where they are.
#[test]
fn real_cloudtrail_events_map() {
    let path = repository().join("../shared/data/cloudtrail/events.ndjson");
    let Ok(events) = std::fs::read_to_string(&path) else {
        println!("skipped: there is no {}", path.display());
        return;
    };
    let mut mapping = Mapping::find("cloudtrail").unwrap();
    let start = Instant::now();
    let rows: Vec<_> = events.lines().map(|line| row(&mut mapping, line).unwrap()).collect();
    println!("{:.0} records a second", rows.len() as f64 / start.elapsed().as_secs_f64());

    let rows: Vec<Json> = rows.iter().map(|row| serde_json::from_str(row).unwrap()).collect();
    let count = |test: &dyn Fn(&Json) -> bool| rows.iter().filter(|row| test(row)).count();
    assert_eq!(rows.len(), 2900);
    assert_eq!(count(&|row| row["status"] == "failure"), 300);
    assert_eq!(count(&|row| row["error_message"].is_string()), 300);
    assert_eq!(count(&|row| row["details"]["errorCode"].is_string()), 300);
    assert_eq!(count(&|row| row["details"]["errorCode"] == "AccessDenied"), 16);
    assert_eq!(count(&|row| row["details"]["eventVersion"].is_string()), 2900);
    assert_eq!(count(&|row| row["ip_address"].is_string()), 2547);
    assert_eq!(count(&|row| row["details"]["sourceIPAddress"].is_string()), 2900 - 2547);
    for (event, row) in events.lines().zip(&rows) {
        let event: Json = serde_json::from_str(event).unwrap();
        let identity = &event["userIdentity"];
        let actor = identity.get("arn").or(identity.get("type")).unwrap_or(&Json::Null);
        assert_eq!(row["actor_id"], *actor);
        let service = event["eventSource"].as_str().unwrap().trim_end_matches(".amazonaws.com");
        assert_eq!(row["action"], format!("{service}:{}", event["eventName"].as_str().unwrap()));
        assert_eq!(row["idempotency_key"], event["eventID"]);
        assert_eq!(row["occurred_at"], event["eventTime"]);
    }
}

#[test]
fn what_is_personal_is_in_its_column_alone() {
    let mut mapping = compile(
        "
        table: audit_events
        columns:
            actor_id: record.who.id
        rest: details
        personal: [address, who.name, who.home.street]
        ",
    )
    .unwrap();
    let all = row(
        &mut mapping,
        r#"{"who": {"id": "u-1", "name": "Ada", "home": {"street": "S 1", "city": "Rome"}},
            "address": "ada@example.com", "n": 1.50}"#,
    );
    assert_eq!(
        all.unwrap(),
        r#"{"actor_id":"u-1","details":{"who":{"id":"u-1","home":{"city":"Rome"}},"n":1.50},"#
            .to_owned()
            + r#""personal":{"who":{"name":"Ada","home":{"street":"S 1"}},"address":"ada@example.com"}}"#
    );
    let none = row(&mut mapping, r#"{"who": {"id": "u-2"}, "n": 1}"#).unwrap();
    assert!(none.ends_with(r#""personal":null}"#), "{none}");

    let why = |yaml: &str| compile(yaml).err().unwrap().to_string();
    let copied = "{table: t, columns: {ip: record.address}, personal: [address]}";
    assert!(why(copied).contains("made from a member that is personal"), "{}", why(copied));
    let twice = "{table: t, columns: {personal: '1'}, personal: [address]}";
    assert!(why(twice).contains("members are personal"), "{}", why(twice));
    let mut whole =
        compile("{table: t, columns: {metadata: record.who}, personal: [who.name]}").unwrap();
    let refused = row(&mut whole, r#"{"who": {"name": "Ada"}}"#).unwrap_err();
    assert!(matches!(refused, RowError::Mapping(why) if why.contains("all of `who`")));
}
