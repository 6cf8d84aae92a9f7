//! What the documents promise of logs beside the audit trail (S0, S1, S2, S3, S4).

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use mainstay_audit::module;
use mainstay_entity::{ChoiceMeta, ChoiceValue, Column, EntityMeta, Kind, NullsDistinct, Unique};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DEMONSTRATION: &str = include_str!("../../../mainstay/src/demo/audit.json");
const EVENTS: &str = include_str!("../../../mainstay/src/demo/audit_events.json");

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
fn choices_of_audit_are_the_documents() {
    for (path, expected) in [
        ("audit_events.status", "success failure error"),
        ("audit_integrity_checks.verification_status", "success failure warning"),
        ("security_events.severity", "info low medium high critical"),
        (
            "security_events.event_type",
            "login_failed login_success brute_force_detected session_revoked password_changed \
             2fa_enabled 2fa_disabled api_key_created api_key_revoked suspicious_activity \
             account_locked",
        ),
        ("data_changes.change_type", "insert update delete"),
        ("access_logs.result", "allowed denied"),
        ("compliance_check_logs.result", "passed failed review"),
    ] {
        // The product may add values of its own behind the documents'.
        assert!(choices(path).starts_with(expected), "{path}: {}", choices(path));
    }
}

/// S2-B6: somebody has seen it, and it is known who and when. S3-B65: kept for seven years.
#[test]
fn security_events_are_acknowledged_by_somebody() {
    assert_eq!(entity("security_events").retain_days, Some(7 * 365));
    has("security_events", "acknowledged acknowledged_by? acknowledged_at?");
}

/// S3-B13, S3-B62 to S3-B65, S3-D9: what is kept, and for how long.
#[test]
fn logs_are_only_added_to_and_kept_as_long_as_the_documents_say() {
    for (table, years) in [
        ("data_changes", Some(7)),
        ("access_logs", Some(7)),
        ("transaction_logs", Some(10)),
        ("compliance_check_logs", Some(10)),
        ("pci_access_logs", None),
    ] {
        let entity = entity(table);
        assert!(entity.append_only && entity.partitioned, "{table}");
        assert_eq!(entity.retain_days, years.map(|years| years * 365), "{table}");
        assert!(entity.references.is_empty(), "what {table} names may be gone");
    }
}

/// S0-B54, S0-B59: of a card's number the last four digits; the address is sealed.
#[test]
fn of_a_card_the_last_four_digits_are_kept() {
    assert_eq!(column("pci_access_logs.card_last_4").kind, Kind::Text { max: Some(4) });
    let checks = entity("pci_access_logs").checks;
    let digits = "length(card_last_4) = 4 and ltrim(card_last_4, '0123456789') = ''";
    assert!(checks.iter().any(|check| check.condition == digits));
    assert_eq!(column("pci_access_logs.ip_address").kind, Kind::Sealed);
}

/// S4-B59: a preset has a name of its own, fields and rules.
#[test]
fn presets_have_a_name_fields_and_rules() {
    assert_eq!(uniques("audit_presets"), set(["name"]));
    has("audit_presets", "fields validation description? is_active created_by updated_by?");
}

/// S4-B68.
#[test]
fn the_demonstration_has_the_documents_verification() {
    let expected = json!({
        "verification_status": "success", "verified_by": "integrity-service",
        "verification_details": {
            "algorithm": "SHA-256", "block_chain_verification": true, "signature_valid": true,
        },
    });
    assert_sample("audit_integrity_checks", &expected);
}

/// S4-B66: what the document has in `session_context` are columns.
#[test]
fn the_demonstration_has_the_documents_event() {
    let events: Vec<Value> = serde_json::from_str(EVENTS).unwrap();
    let event = events.iter().find(|event| event["idempotency_key"] == "sample-1001").unwrap();
    for (name, expected) in [
        ("actor_id", "user-88888"),
        ("action", "authentication.mfa.enabled"),
        ("status", "success"),
        ("data_classification", "INTERNAL"),
        ("retention_policy", "standard"),
        ("session_id", "sess-abc123"),
        ("ip_address", "192.168.1.100"),
        ("event_version", "1.0"),
    ] {
        assert_eq!(event[name], expected, "{name}");
    }
    assert!(event["user_agent"].as_str().unwrap().starts_with("Mozilla/5.0"));
}

/// S4-B65: rows of the trail outlast what they name, so they name it without a reference.
#[test]
fn events_name_their_preset_policy_and_subject() {
    has("audit_events", "preset? retention_policy? subject_id? actor_id? correlation_id?");
    has("audit_integrity_checks", "verification_status verified_by? verification_details");
    assert!(entity("audit_events").references.is_empty());
}
