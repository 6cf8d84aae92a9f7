//! What the documents promise of logs beside the audit trail (S0, S1, S2, S3, S4).

use mainstay_declared::{Declared, set};
use mainstay_entity::Kind;
use serde_json::{Value, json};
use std::sync::LazyLock;

static DECLARED: LazyLock<Declared> = LazyLock::new(|| {
    Declared::new(mainstay_audit::module().entities)
        .with_story(include_str!("../../../mainstay/src/demo/audit.json"))
});

const EVENTS: &str = include_str!("../../../mainstay/src/demo/audit_events.json");

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
        assert!(DECLARED.choices(path).starts_with(expected), "{path}: {}", DECLARED.choices(path));
    }
}

/// S2-B6: somebody has seen it, and it is known who and when. S3-B65: kept for seven years.
#[test]
fn security_events_are_acknowledged_by_somebody() {
    assert_eq!(DECLARED.entity("security_events").retain_days, Some(7 * 365));
    DECLARED.assert_columns("security_events", "acknowledged acknowledged_by? acknowledged_at?");
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
        let entity = DECLARED.entity(table);
        assert!(entity.append_only && entity.partitioned, "{table}");
        assert_eq!(entity.retain_days, years.map(|years| years * 365), "{table}");
        assert!(entity.references.is_empty(), "what {table} names may be gone");
    }
}

/// S0-B54, S0-B59: of a card's number the last four digits; the address is sealed.
#[test]
fn of_a_card_the_last_four_digits_are_kept() {
    assert_eq!(DECLARED.column("pci_access_logs.card_last_4").kind, Kind::Text { max: Some(4) });
    let checks = &DECLARED.entity("pci_access_logs").checks;
    let digits = "length(card_last_4) = 4 and ltrim(card_last_4, '0123456789') = ''";
    assert!(checks.iter().any(|check| check.condition == digits));
    assert_eq!(DECLARED.column("pci_access_logs.ip_address").kind, Kind::Sealed);
}

/// S4-B59: a preset has a name of its own, fields and rules.
#[test]
fn presets_have_a_name_fields_and_rules() {
    assert_eq!(DECLARED.uniques("audit_presets"), set(["name"]));
    DECLARED.assert_columns(
        "audit_presets",
        "fields validation description? is_active created_by updated_by?",
    );
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
    DECLARED.assert_sample("audit_integrity_checks", &expected);
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
    DECLARED.assert_columns(
        "audit_events",
        "preset? retention_policy? subject_id? actor_id? correlation_id?",
    );
    DECLARED.assert_columns(
        "audit_integrity_checks",
        "verification_status verified_by? verification_details",
    );
    assert!(DECLARED.entity("audit_events").references.is_empty());
}
