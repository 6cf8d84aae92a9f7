//! What the documents promise of integrations (S0, S3).

use mainstay_declared::{Declared, words};
use mainstay_entity::{Classification, Kind, OnDelete, Scope};
use std::sync::LazyLock;

static DECLARED: LazyLock<Declared> =
    LazyLock::new(|| Declared::new(mainstay_integrations::module().entities));

/// S0-B27 to B32.
#[test]
fn choices_of_integrations_have_the_documents_values() {
    for (path, expected) in [
        ("integrations.type", "payment crm email accounting"),
        ("connections.status", "inactive active error"),
        ("webhook_events.source", "integration notification compliance"),
        ("webhook_events.status", "pending processing completed failed"),
        ("integration_health.health_status", "healthy degraded down unknown"),
        ("sync_jobs.sync_type", "full incremental"),
        ("venue_api_keys.environment", "production sandbox"),
    ] {
        assert_eq!(DECLARED.values(path), expected, "{path}");
    }
}

/// S0-B28, S0-B29, S0-B35.
#[test]
fn life_cycles_of_integrations_have_these_moves_and_no_others() {
    for (path, expected) in [
        (
            "connections.status",
            "inactive>active inactive>error active>inactive active>error error>active \
             error>inactive",
        ),
        (
            "webhook_events.status",
            "pending>processing processing>completed processing>failed failed>pending",
        ),
        (
            "sync_jobs.status",
            "pending>processing pending>cancelled processing>completed processing>failed \
             failed>pending",
        ),
    ] {
        assert_eq!(DECLARED.moves(path), words(expected), "{path}");
    }
}

/// S0-B48 to B50: they are written and never read back.
#[test]
fn credentials_are_secret() {
    for path in [
        "connections.credentials",
        "oauth_tokens.access_token",
        "oauth_tokens.refresh_token",
        "venue_api_keys.api_key",
        "venue_api_keys.api_secret",
    ] {
        let column = DECLARED.column(path);
        assert_eq!(column.kind, Kind::Secret, "{path}");
        assert_eq!(column.classification, Classification::Restricted, "{path}");
    }
}

/// S0-B82: a member or a venue, never both or none; the account goes with its owner.
#[test]
fn a_connection_has_one_owner() {
    let entity = DECLARED.entity("connections");
    let checks: Vec<&str> = entity.checks.iter().map(|check| check.condition.as_ref()).collect();
    assert_eq!(checks, ["(user_id is null) <> (venue_id is null)"]);
    for (path, table) in
        [("connections.user_id", "organization_members"), ("connections.venue_id", "venues")]
    {
        assert_eq!(DECLARED.parent(path), Some((table.to_owned(), OnDelete::Cascade)), "{path}");
    }
}

#[test]
fn what_belongs_to_a_connection_goes_with_it() {
    for table in ["field_mappings", "integration_health", "sync_jobs", "oauth_tokens"] {
        let expected = ("connections".to_owned(), OnDelete::Cascade);
        assert_eq!(DECLARED.parent(&format!("{table}.connection_id")), Some(expected), "{table}");
    }
    assert_eq!(DECLARED.parent("sync_logs.connection_id"), None);
    assert!(DECLARED.entity("sync_logs").append_only);
}

/// A setting of the whole organisation, which names no venue, is there once too.
#[test]
fn keys_of_integrations_hold() {
    for (table, expected) in [
        ("integrations", "name"),
        ("integration_configs", "venue_id integration_id service ="),
        ("integration_health", "connection_id"),
        ("oauth_tokens", "connection_id provider"),
        ("venue_api_keys", "venue_id integration_id environment where active = true"),
        ("field_mappings", "connection_id source_field target_field"),
    ] {
        assert_eq!(DECLARED.uniques(table), [expected.to_owned()].into(), "{table}");
    }
}

/// S3-B9: configurations, the state of services, logs, and errors that can be followed up.
#[test]
fn integrations_have_settings_health_logs_and_errors() {
    assert_eq!(DECLARED.column("integration_configs.config").kind, Kind::Json);
    for table in ["integration_health", "sync_logs"] {
        assert!(DECLARED.entity(table).read_only, "{table}");
    }
    for table in ["connections", "webhook_events", "sync_logs"] {
        assert!(DECLARED.column(&format!("{table}.error_message")).nullable, "{table}");
    }
    assert_eq!(DECLARED.entity("integrations").scope, Scope::Public);
    assert_eq!(DECLARED.entity("venue_api_keys").scope, Scope::Venue);
}
