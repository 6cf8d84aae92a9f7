//! What the documents promise of data, its classification, its retention and its subjects (S1, S3,
//! S4).

use mainstay_declared::{Declared, set};
use mainstay_entity::{Direction, Kind, OnDelete, Scope};
use serde_json::{Value, json};
use std::sync::LazyLock;

static DECLARED: LazyLock<Declared> = LazyLock::new(|| {
    Declared::new(mainstay_governance::module().entities)
        .with_story(include_str!("../../../mainstay/src/demo/governance.json"))
});

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
        assert_eq!(DECLARED.choices(path), expected, "{path}");
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
        assert_eq!(DECLARED.default(path).as_deref(), Some(expected), "{path}");
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
        assert_eq!(DECLARED.uniques(table), keys, "{table}");
        assert_eq!(DECLARED.entity(table).scope, Scope::Tenant, "{table}");
    }
}

/// S3-B55: a policy without days keeps for ever; nothing is archived after it was removed.
#[test]
fn a_policy_says_how_long_and_for_what() {
    DECLARED.assert_columns(
        "retention_policies",
        "retention_days? archive_after_days? table_name? description?",
    );
    let checks = &DECLARED.entity("retention_policies").checks;
    let ordered = "archive_after_days <= retention_days";
    assert!(checks.iter().any(|check| check.condition == ordered));
}

/// S1-B54: what was asked, for which data and systems, and what came of it; a person about whom
/// something was asked stays.
#[test]
fn privacy_requests_say_what_they_concern() {
    DECLARED.assert_columns(
        "privacy_requests",
        "user_id request_type status requested_at requested_by? processed_at? processed_by? \
         completed_at? data_categories? systems_affected? result",
    );
    assert!(DECLARED.column("privacy_requests.user_id").subject);
    for name in ["user_id", "requested_by", "processed_by"] {
        let expected = ("organization_members.user_id".to_owned(), OnDelete::Restrict);
        assert_eq!(DECLARED.reference(&format!("privacy_requests.{name}")), Some(expected));
    }
}

/// S4-B44, S4-D8: the identifier is encrypted, and has one pseudonym alone.
#[test]
fn originals_of_pseudonyms_are_sealed_and_unique() {
    let original = DECLARED.column("pseudonym_mappings.original_id");
    assert_eq!(original.kind, Kind::Sealed);
    assert!(original.blind_index && !original.nullable);
    assert!(DECLARED.uniques("pseudonym_mappings").contains("original_id_blind"));
    assert!(DECLARED.column("pseudonym_mappings.user_id").subject);
}

/// S1-B55, S1-B83: targets and what was reached, in minutes.
#[test]
fn backups_are_validated_and_recovery_is_measured() {
    for table in ["backup_validations", "recovery_tests"] {
        assert_eq!(DECLARED.entity(table).scope, Scope::Tenant, "{table}");
        let index = DECLARED.entity(table).indexes[0].columns[0].clone();
        assert_eq!(index.direction, Direction::Descending, "{table}");
    }
    DECLARED.assert_columns(
        "backup_validations",
        "backup_date validation_status validated_at? validation_details?",
    );
    DECLARED.assert_columns(
        "recovery_tests",
        "test_date rto_target? rto_actual? rpo_target? rpo_actual? notes?",
    );
    for name in ["rto_target", "rto_actual", "rpo_target", "rpo_actual"] {
        assert_eq!(DECLARED.column(&format!("recovery_tests.{name}")).min, Some(0), "{name}");
    }
}

/// S3-B12: settings, flags and documents of an organisation.
#[test]
fn an_organisation_has_settings_flags_and_documents() {
    DECLARED.assert_columns("system_settings", "namespace key value value_type");
    DECLARED.assert_columns("feature_flags", "feature enabled conditions?");
    DECLARED.assert_columns("tenant_data", "data?");
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
        let rows = DECLARED.samples("data_classifications");
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
        DECLARED.assert_sample("retention_policies", &expected);
    }
    let pseudonym = json!({
        "pseudonym_id": "pseudo-a1b2c3d4e5f67890", "original_id": "user-123", "strategy": "hash",
    });
    DECLARED.assert_sample("pseudonym_mappings", &pseudonym);
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
        DECLARED.assert_sample("retention_policies", &expected);
    }
    let mut rows = DECLARED.samples("retention_policies").into_iter();
    assert!(rows.all(|row| row["table_name"] != "system_settings"));
}
