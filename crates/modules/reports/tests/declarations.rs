//! What the documents promise of reports, schedules and exports (S0, S3, S4).

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use mainstay_entity::{
    ChoiceMeta, ChoiceValue, Column, DefaultValue, EntityMeta, Kind, NullsDistinct, OnDelete,
    Personal, Unique,
};
use mainstay_reports::module;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DEMONSTRATION: &str = include_str!("../../../mainstay/src/demo/reports.json");

fn entity(table: &str) -> EntityMeta {
    let found = module().entities.into_iter().find(|entity| entity.table == table);
    found.unwrap_or_else(|| panic!("no table {table}"))
}

fn split(path: &str) -> (&str, &str) {
    path.split_once('.').unwrap_or_else(|| panic!("{path} is no table.column"))
}

fn column(path: &str) -> Column {
    let (table, name) = split(path);
    entity(table).column(name).cloned().unwrap_or_else(|| panic!("no column {path}"))
}

fn choice(path: &str) -> ChoiceMeta {
    match column(path).kind {
        Kind::Choice(choice) => choice.into_owned(),
        other => panic!("{path} is {}", other.name()),
    }
}

/// The values of a choice in their order, each with those that may follow it in a life cycle.
fn choices(path: &str) -> String {
    let choice = choice(path);
    let mut described = Vec::new();
    for value in choice.values.iter() {
        let follows = |other: &&ChoiceValue| value.next.contains(&other.name);
        let next: Vec<&str> = choice.values.iter().filter(follows).map(|v| &*v.name).collect();
        let arrow = if next.is_empty() { "" } else { ">" };
        described.push(format!("{}{arrow}{}", value.name, next.join("|")));
    }
    described.join(" ")
}

/// The default's text; `now` for the time of the request.
fn default(path: &str) -> String {
    match column(path).default {
        Some(DefaultValue::Literal(text)) => text.into_owned(),
        Some(DefaultValue::Now) => "now".to_owned(),
        other => panic!("{path} has the default {other:?}"),
    }
}

/// Every unique key: its columns, then `=` when nulls are equal, then its condition.
fn uniques(table: &str) -> BTreeSet<String> {
    let describe = |unique: &Unique| {
        let nulls = if unique.nulls == NullsDistinct::No { " =" } else { "" };
        let filter = unique.filter.as_ref().map_or_else(String::new, |f| format!(" where {f}"));
        format!("{}{nulls}{filter}", unique.columns.join(" "))
    };
    entity(table).uniques.iter().map(describe).collect()
}

fn set<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
    texts.map(str::to_owned).into()
}

/// The column that a column refers to, and what happens when the row there goes.
fn reference(path: &str) -> (String, OnDelete) {
    let (table, name) = split(path);
    let entity = entity(table);
    let found = entity.references.iter().find(|reference| *reference.columns == [name]);
    let reference = found.unwrap_or_else(|| panic!("{path} refers to nothing"));
    (format!("{}.{}", reference.table, reference.to.join(" ")), reference.on_delete)
}

/// Asserts that a table has columns, each of which may be null if a `?` follows its name.
fn has(table: &str, columns: &str) {
    for word in columns.split_whitespace() {
        let name = word.trim_end_matches('?');
        let column = column(&format!("{table}.{name}"));
        assert_eq!(column.nullable, word.ends_with('?'), "{table}.{name}");
    }
}

/// A table's rows in the demonstration.
fn samples(table: &str) -> Vec<Value> {
    let blocks: Vec<Value> = serde_json::from_str(DEMONSTRATION).unwrap();
    let block = blocks.into_iter().find(|block| block["table"] == table).unwrap();
    block["rows"].as_array().unwrap().clone()
}

/// Whether one of a table's rows in the demonstration holds all these values.
fn assert_sample(table: &str, expected: &Value) {
    let holds = |row: &Value| {
        expected.as_object().unwrap().iter().all(|(name, value)| row.get(name) == Some(value))
    };
    assert!(samples(table).iter().any(holds), "no row of {table} is like {expected}");
}

#[test]
fn choices_of_reports_are_the_documents() {
    for (path, expected) in [
        ("scheduled_reports.frequency", "DAILY WEEKLY MONTHLY"),
        ("scheduled_reports.format", "PDF CSV JSON"),
        ("data_exports.format", "csv xlsx json"),
        ("data_exports.status", "pending>processing processing>completed|failed completed failed"),
    ] {
        assert_eq!(choices(path), expected, "{path}");
    }
}

/// S4-B58, S4-D13: a schedule has a template of reports and people who get them.
#[test]
fn schedules_have_a_template_recipients_and_a_next_run() {
    has("scheduled_reports", "template_id filters recipients enabled last_run? next_run?");
    let template = ("report_templates.id".to_owned(), OnDelete::Restrict);
    assert_eq!(reference("scheduled_reports.template_id"), template);
    assert_eq!(column("scheduled_reports.recipients").personal, Personal::Pii);
    assert_eq!(default("scheduled_reports.enabled"), "true");
    assert_eq!(uniques("report_templates"), set(["name"]));
}

/// S3-B57, S3-B154: reports are kept 7 years, and submitted after they were made, if at all.
#[test]
fn reports_are_kept_seven_years_and_outlast_what_they_came_from() {
    let reports = entity("reports");
    assert_eq!(reports.retain_days, Some(7 * 365));
    has("reports", "report_type jurisdiction? period? report_data generated_at submitted_at?");
    let ordered = "submitted_at >= generated_at";
    assert!(reports.checks.iter().any(|check| check.condition == ordered));
    let columns = ["template_id", "scheduled_report_id", "asset_id", "file_id", "generated_by"];
    for name in columns {
        assert_eq!(reference(&format!("reports.{name}")).1, OnDelete::SetNull, "{name}");
    }
}

/// S0-B23, S0-B70: who asks says what; the system says how far it is and until when.
#[test]
fn the_system_says_how_far_an_export_is() {
    assert_eq!(default("data_exports.status"), "pending");
    for name in ["status", "file_path", "file_url", "file_size", "expires_at", "error_message"] {
        assert!(column(&format!("data_exports.{name}")).read_only, "{name}");
    }
    for name in ["export_type", "format", "parameters", "requested_by"] {
        assert!(!column(&format!("data_exports.{name}")).read_only, "{name}");
    }
}

/// S4-B13, S4-B71.
#[test]
fn the_demonstration_has_the_documents_schedule() {
    assert_sample("report_templates", &json!({"name": "tpl-compliance-weekly-001"}));
    assert_sample("scheduled_reports", &json!({"report_type": "DAILY_SUMMARY"}));
    let weekly = json!({
        "report_type": "WEEKLY_COMPLIANCE", "name": "Weekly HIPAA Compliance Report",
        "filters": {
            "data_classification": ["PHI"], "actions": ["fhir.*", "patient.*"],
            "time_range": "LAST_7_DAYS",
        },
        "recipients": ["compliance@medical.org", "security@medical.org"],
        "frequency": "WEEKLY", "format": "PDF",
    });
    assert_sample("scheduled_reports", &weekly);
}
