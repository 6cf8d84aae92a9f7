//! What the documents promise of data, its classification, its retention and its subjects (S1, S3,
//! S4).

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use mainstay_entity::{
    ChoiceMeta, ChoiceValue, Column, DefaultValue, Direction, EntityMeta, Kind, NullsDistinct,
    OnDelete, Scope, Unique,
};
use mainstay_governance::module;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DEMONSTRATION: &str = include_str!("../../../mainstay/src/demo/governance.json");

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
fn choices_of_governance_are_the_documents() {
    let levels = "public internal confidential restricted phi";
    for (path, expected) in [
        ("data_classifications.classification", levels),
        ("retention_policies.data_classification", levels),
        ("privacy_requests.request_type", "access deletion portability rectification restriction"),
        (
            "privacy_requests.status",
            "pending>in_progress in_progress>completed|rejected completed rejected",
        ),
        ("pseudonym_mappings.strategy", "hash token encryption"),
        ("backup_validations.backup_type", "full incremental wal"),
        ("backup_validations.validation_status", "pending>passed|failed passed failed"),
        ("recovery_tests.recovery_type", "full pitr"),
        ("recovery_tests.test_result", "passed partial failed"),
        ("system_settings.value_type", "string number boolean json"),
    ] {
        assert_eq!(choices(path), expected, "{path}");
    }
}

#[test]
fn defaults_of_governance_are_the_documents() {
    for (path, expected) in [
        ("data_classifications.contains_pii", "false"),
        ("data_classifications.contains_phi", "false"),
        ("data_classifications.encryption_required", "false"),
        ("retention_policies.is_active", "true"),
        ("privacy_requests.status", "pending"),
        ("privacy_requests.requested_at", "now"),
        ("privacy_requests.result", "{}"),
        ("feature_flags.enabled", "false"),
    ] {
        assert_eq!(default(path), expected, "{path}");
    }
}

/// S1-D4: a table has one row for each of its columns.
#[test]
fn keys_of_governance_hold_in_an_organisation() {
    for (table, keys) in [
        ("data_classifications", set(["table_name column_name"])),
        ("retention_policies", set(["name"])),
        ("system_settings", set(["namespace key"])),
        ("feature_flags", set(["feature"])),
        ("pseudonym_mappings", set(["pseudonym_id", "original_id_blind"])),
        ("tenant_data", set([])),
    ] {
        assert_eq!(uniques(table), keys, "{table}");
        assert_eq!(entity(table).scope, Scope::Tenant, "{table}");
    }
}

/// S3-B55: a policy without days keeps for ever; nothing is archived after it was removed.
#[test]
fn a_policy_says_how_long_and_for_what() {
    has("retention_policies", "retention_days? archive_after_days? table_name? description?");
    let checks = entity("retention_policies").checks;
    let ordered = "archive_after_days <= retention_days";
    assert!(checks.iter().any(|check| check.condition == ordered));
}

/// S1-B54: what was asked, for which data and systems, and what came of it; a person about whom
/// something was asked stays.
#[test]
fn privacy_requests_say_what_they_concern() {
    has(
        "privacy_requests",
        "user_id request_type status requested_at requested_by? processed_at? processed_by? \
         completed_at? data_categories? systems_affected? result",
    );
    assert!(column("privacy_requests.user_id").subject);
    for name in ["user_id", "requested_by", "processed_by"] {
        let expected = ("organization_members.user_id".to_owned(), OnDelete::Restrict);
        assert_eq!(reference(&format!("privacy_requests.{name}")), expected);
    }
}

/// S4-B44, S4-D8: the identifier is encrypted, and has one pseudonym alone.
#[test]
fn originals_of_pseudonyms_are_sealed_and_unique() {
    let original = column("pseudonym_mappings.original_id");
    assert_eq!(original.kind, Kind::Sealed);
    assert!(original.blind_index && !original.nullable);
    assert!(uniques("pseudonym_mappings").contains("original_id_blind"));
    assert!(column("pseudonym_mappings.user_id").subject);
}

/// S1-B55, S1-B83: targets and what was reached, in minutes.
#[test]
fn backups_are_validated_and_recovery_is_measured() {
    for table in ["backup_validations", "recovery_tests"] {
        assert_eq!(entity(table).scope, Scope::Tenant, "{table}");
        let index = entity(table).indexes[0].columns[0].clone();
        assert_eq!(index.direction, Direction::Descending, "{table}");
    }
    has("backup_validations", "backup_date validation_status validated_at? validation_details?");
    has("recovery_tests", "test_date rto_target? rto_actual? rpo_target? rpo_actual? notes?");
    for name in ["rto_target", "rto_actual", "rpo_target", "rpo_actual"] {
        assert_eq!(column(&format!("recovery_tests.{name}")).min, Some(0), "{name}");
    }
}

/// S3-B12: settings, flags and documents of an organisation.
#[test]
fn an_organisation_has_settings_flags_and_documents() {
    has("system_settings", "namespace key value value_type");
    has("feature_flags", "feature enabled conditions?");
    has("tenant_data", "data?");
}

/// S1-B76 to S1-B79.
#[test]
fn the_demonstration_has_the_documents_classifications() {
    for (table, column, classification, pii, encryption, days) in [
        ("users", Some("email"), "confidential", true, true, 2555),
        ("users", Some("password"), "restricted", false, true, 2555),
        ("services", Some("name"), "internal", false, false, 1095),
        ("audit_events", None, "confidential", false, true, 2555),
    ] {
        let rows = samples("data_classifications");
        let is_it =
            |row: &&Value| row["table_name"] == table && row["column_name"] == json!(column);
        let row = rows.iter().find(is_it).unwrap();
        assert_eq!(row["classification"], classification, "{row}");
        assert_eq!(row["contains_pii"].as_bool().unwrap_or_default(), pii, "{row}");
        assert_eq!(row["encryption_required"].as_bool().unwrap_or_default(), encryption, "{row}");
        assert_eq!(row["retention_days"], days, "{row}");
    }
}

/// S4-B69, S4-B72.
#[test]
fn the_demonstration_has_the_documents_policies_and_pseudonym() {
    for (name, level, days, archive) in [
        ("standard", "internal", 2555, 365),
        ("phi_extended", "phi", 2555, 365),
        ("minimal", "public", 90, 30),
        ("confidential", "confidential", 1825, 365),
    ] {
        let expected = json!({
            "name": name, "data_classification": level, "retention_days": days,
            "archive_after_days": archive, "created_by": "system",
        });
        assert_sample("retention_policies", &expected);
    }
    let pseudonym = json!({
        "pseudonym_id": "pseudo-a1b2c3d4e5f67890", "original_id": "user-123", "strategy": "hash",
    });
    assert_sample("pseudonym_mappings", &pseudonym);
}

/// S3-B27 to S3-B31, S3-B70 to S3-B73: when what grows goes to an archive. System data is kept
/// where it is.
#[test]
fn the_demonstration_has_the_documents_archival_terms() {
    for (name, table, years) in [
        ("user_data", Some("users"), 7),
        ("asset_data", Some("assets"), 10),
        ("transaction_data", Some("asset_transactions"), 7),
        ("audit_data", None, 10),
        ("system_event_data", Some("system_events"), 2),
        ("user_action_data", None, 3),
        ("transaction_log_data", Some("transaction_logs"), 7),
        ("compliance_log_data", Some("compliance_check_logs"), 10),
    ] {
        let mut expected = json!({ "name": name, "archive_after_days": 365 * years });
        if let Some(table) = table {
            expected["table_name"] = json!(table);
        }
        assert_sample("retention_policies", &expected);
    }
    let mut rows = samples("retention_policies").into_iter();
    assert!(rows.all(|row| row["table_name"] != "system_settings"));
}
