//! What the documents promise of integrations (S0, S3).

#![expect(clippy::panic, reason = "a test fails by panicking")]

use mainstay_entity::{
    ChoiceMeta, Classification, Column, EntityMeta, Kind, NullsDistinct, OnDelete, Scope, Unique,
};
use mainstay_integrations::module;
use std::collections::BTreeSet;

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

fn values(path: &str) -> String {
    let choice = choice(path);
    let names: Vec<&str> = choice.values.iter().map(|value| value.name.as_ref()).collect();
    names.join(" ")
}

/// Every move of a life cycle, as `from>to`.
fn moves(path: &str) -> BTreeSet<String> {
    let choice = choice(path);
    assert!(choice.life_cycle, "{path} is no life cycle");
    let from = choice.values.iter();
    from.flat_map(|from| from.next.iter().map(move |to| format!("{}>{to}", from.name))).collect()
}

fn words(text: &str) -> BTreeSet<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// Every unique key: its columns, then `=` when nulls are equal, then its condition.
fn uniques(table: &str) -> BTreeSet<String> {
    let entity = entity(table);
    let describe = |unique: &Unique| {
        let nulls = if unique.nulls == NullsDistinct::No { " =" } else { "" };
        let filter = unique.filter.iter().map(|filter| format!(" where {filter}"));
        format!("{}{nulls}{}", unique.columns.join(" "), filter.collect::<String>())
    };
    entity.uniques.iter().map(describe).collect()
}

/// The table that a column refers to, and what happens when the row there goes.
fn reference(path: &str) -> Option<(String, OnDelete)> {
    let (table, name) = split(path);
    let entity = entity(table);
    let found = entity.references.iter().find(|reference| *reference.columns == [name]);
    found.map(|reference| (reference.table.to_string(), reference.on_delete))
}

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
        assert_eq!(values(path), expected, "{path}");
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
        assert_eq!(moves(path), words(expected), "{path}");
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
        let column = column(path);
        assert_eq!(column.kind, Kind::Secret, "{path}");
        assert_eq!(column.classification, Classification::Restricted, "{path}");
    }
}

/// S0-B82: a member or a venue, never both or none; the account goes with its owner.
#[test]
fn a_connection_has_one_owner() {
    let entity = entity("connections");
    let checks: Vec<&str> = entity.checks.iter().map(|check| check.condition.as_ref()).collect();
    assert_eq!(checks, ["(user_id is null) <> (venue_id is null)"]);
    for (path, table) in
        [("connections.user_id", "organization_members"), ("connections.venue_id", "venues")]
    {
        assert_eq!(reference(path), Some((table.to_owned(), OnDelete::Cascade)), "{path}");
    }
}

#[test]
fn what_belongs_to_a_connection_goes_with_it() {
    for table in ["field_mappings", "integration_health", "sync_jobs", "oauth_tokens"] {
        let expected = ("connections".to_owned(), OnDelete::Cascade);
        assert_eq!(reference(&format!("{table}.connection_id")), Some(expected), "{table}");
    }
    assert_eq!(reference("sync_logs.connection_id"), None);
    assert!(entity("sync_logs").append_only);
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
        assert_eq!(uniques(table), [expected.to_owned()].into(), "{table}");
    }
}

/// S3-B9: configurations, the state of services, logs, and errors that can be followed up.
#[test]
fn integrations_have_settings_health_logs_and_errors() {
    assert_eq!(column("integration_configs.config").kind, Kind::Json);
    for table in ["integration_health", "sync_logs"] {
        assert!(entity(table).read_only, "{table}");
    }
    for table in ["connections", "webhook_events", "sync_logs"] {
        assert!(column(&format!("{table}.error_message")).nullable, "{table}");
    }
    assert_eq!(entity("integrations").scope, Scope::Public);
    assert_eq!(entity("venue_api_keys").scope, Scope::Venue);
}
