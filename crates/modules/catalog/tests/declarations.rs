//! What the document on the developer portal promises of its catalog (S1).

use mainstay_declared::{Declared, words};
use mainstay_entity::view::Operand;
use mainstay_entity::{Classification, ItemKind, Kind, OnDelete, Personal, Scope};
use std::sync::LazyLock;

static DECLARED: LazyLock<Declared> =
    LazyLock::new(|| Declared::new(mainstay_catalog::module().entities));

/// S1-B13 to B16, B18 to B23.
#[test]
fn choices_of_catalog_have_the_documents_values() {
    for (path, expected) in [
        ("plugins.status", "available installed installing updating disabled failed uninstalling"),
        ("plugin_installations.environment", "development staging production"),
        ("plugin_installations.installation_method", "ui api cli auto"),
        ("plugin_installations.health_status", "healthy degraded unhealthy unknown"),
        ("services.type", "service website library application tool infrastructure"),
        ("services.lifecycle", "experimental development staging production deprecated"),
        ("services.tier", "frontend backend data infrastructure"),
        ("services.health_status", "healthy degraded unhealthy unknown"),
        (
            "service_relationships.relationship_type",
            "depends_on consumed_by provides_api consumes_api deployed_with owned_by part_of",
        ),
        ("service_deployments.deployment_method", "manual ci/cd gitops"),
        ("service_deployments.status", "pending in_progress completed failed rolled_back"),
    ] {
        assert_eq!(DECLARED.values(path), expected, "{path}");
    }
}

/// S1-B13, S1-B19, S1-B23.
#[test]
fn life_cycles_of_catalog_have_these_moves_and_no_others() {
    for (path, expected) in [
        (
            "plugins.status",
            "available>installing installing>installed installing>failed installed>updating \
             installed>disabled installed>uninstalling updating>installed updating>failed \
             disabled>installed disabled>uninstalling failed>installing failed>updating \
             failed>uninstalling uninstalling>available uninstalling>failed",
        ),
        (
            "services.lifecycle",
            "experimental>development experimental>staging experimental>production \
             experimental>deprecated development>experimental development>staging \
             development>production development>deprecated staging>development \
             staging>production staging>deprecated production>deprecated deprecated>production",
        ),
        (
            "service_deployments.status",
            "pending>in_progress pending>failed in_progress>completed in_progress>failed \
             in_progress>rolled_back completed>rolled_back failed>rolled_back",
        ),
    ] {
        assert_eq!(DECLARED.moves(path), words(expected), "{path}");
    }
}

/// S1-B13, B16, B17, B19, B43, B48, B49 to B51.
#[test]
fn defaults_of_catalog_are_the_documents() {
    for (path, expected) in [
        ("plugins.status", "available"),
        ("plugins.install_count", "0"),
        ("plugins.rating_count", "0"),
        ("plugins.requirements", "{}"),
        ("plugins.dependencies", "[]"),
        ("plugins.peer_dependencies", "[]"),
        ("plugins.default_config", "{}"),
        ("plugins.is_featured", "false"),
        ("plugins.is_verified", "false"),
        ("plugins.is_deprecated", "false"),
        ("plugins.price", r#"{"amount": 0, "currency": "USD", "model": "free"}"#),
        ("plugin_versions.breaking_changes", "false"),
        ("plugin_versions.vulnerabilities", "[]"),
        ("plugin_versions.is_stable", "true"),
        ("plugin_versions.is_beta", "false"),
        ("plugin_versions.released_at", "now"),
        ("plugin_installations.config", "{}"),
        ("plugin_installations.health_status", "unknown"),
        ("plugin_installations.is_enabled", "true"),
        ("plugin_installations.installed_at", "now"),
        ("services.lifecycle", "production"),
        ("services.health_status", "unknown"),
        ("services.sla", "{}"),
        ("services.compliance_status", "{}"),
        ("service_relationships.metadata", "{}"),
        ("service_deployments.can_rollback", "true"),
        ("service_deployments.deployed_at", "now"),
    ] {
        assert_eq!(DECLARED.default(path).as_deref(), Some(expected), "{path}");
    }
}

/// S1-B43 to B48, S1-B51: kinds and ranges.
#[test]
fn measures_have_the_documents_kinds() {
    for (path, kind, min, max) in [
        ("plugins.rating", Kind::Decimal { precision: 2, scale: 1 }, Some(0), Some(5)),
        ("plugin_installations.cpu_usage", Kind::Decimal { precision: 5, scale: 2 }, Some(0), None),
        ("plugin_installations.memory_usage", Kind::Integer, Some(0), None),
        ("plugin_installations.disk_usage", Kind::Integer, Some(0), None),
        ("plugin_installations.previous_version", Kind::Text { max: Some(50) }, None, None),
        ("plugin_versions.package_size", Kind::BigInt, Some(0), None),
        ("plugin_versions.checksum", Kind::Text { max: Some(255) }, None, None),
        (
            "service_relationships.strength",
            Kind::Decimal { precision: 3, scale: 2 },
            Some(0),
            Some(1),
        ),
        ("service_deployments.startup_time", Kind::Integer, Some(0), None),
        ("service_deployments.deployment_duration", Kind::Integer, Some(0), None),
        ("service_deployments.previous_version", Kind::Text { max: Some(50) }, None, None),
        ("service_deployments.rolled_back_at", Kind::Timestamp, None, None),
        ("services.depends_on", Kind::List(ItemKind::Text), None, None),
    ] {
        let column = DECLARED.column(path);
        assert_eq!((&column.kind, column.min, column.max), (&kind, min, max), "{path}");
    }
}

/// S1-B44, S1-B46, S1-B47.
#[test]
fn keys_of_catalog_hold() {
    for (table, expected) in [
        ("plugins", "name"),
        ("plugin_versions", "plugin_id version"),
        ("plugin_installations", "plugin_id environment"),
        ("services", "name"),
        ("service_relationships", "source_id target_id relationship_type"),
    ] {
        assert_eq!(DECLARED.uniques(table), [expected.to_owned()].into(), "{table}");
    }
}

/// S1-B47: a relationship has two ends that differ, and goes with either of them.
#[test]
fn a_relationship_joins_two_services() {
    let entity = DECLARED.entity("service_relationships");
    let checks: Vec<&str> = entity.checks.iter().map(|check| check.condition.as_ref()).collect();
    assert_eq!(checks, ["source_id <> target_id"]);
    for path in ["service_relationships.source_id", "service_relationships.target_id"] {
        assert_eq!(
            DECLARED.parent(path),
            Some(("services".to_owned(), OnDelete::Cascade)),
            "{path}"
        );
    }
    let expected = ("services".to_owned(), OnDelete::Restrict);
    assert_eq!(DECLARED.parent("service_deployments.service_id"), Some(expected));
}

/// S1-B68: a member reaches the services of the member's teams, and each service has one.
#[test]
fn services_belong_to_teams() {
    let services = DECLARED.entity("services");
    assert_eq!(services.scope, Scope::Team);
    assert!(services.soft_delete);
    assert!(!DECLARED.column("services.team_id").nullable);
    assert_eq!(DECLARED.parent("services.team_id"), Some(("teams".to_owned(), OnDelete::Restrict)));
}

/// S1-B74.
#[test]
fn secrets_of_installations_are_sealed() {
    let secrets = DECLARED.column("plugin_installations.secrets");
    assert_eq!(secrets.kind, Kind::Secret);
    assert_eq!(secrets.classification, Classification::Restricted);
}

/// S1-B78.
#[test]
fn names_of_services_are_internal_and_kept_for_three_years() {
    let name = DECLARED.column("services.name");
    assert_eq!(name.classification, Classification::Internal);
    assert_eq!(name.personal, Personal::None);
    assert_eq!(DECLARED.entity("services").retain_days, Some(1095));
}

/// S1-B65: each service with its team, the services it has relationships to, and its last hour.
#[test]
fn health_of_services_is_summed_up_when_it_is_read() {
    let summary = DECLARED.entity("service_health_summary");
    let view = summary.view.as_ref().unwrap_or_else(|| panic!("it is no view"));
    assert!(summary.read_only);
    assert_eq!((&*view.from.table, &summary.scope), ("services", &Scope::Team));
    let joins: Vec<&str> = view.joins.iter().map(|join| join.source.table.as_ref()).collect();
    assert_eq!(joins, ["teams", "service_relationships", "metrics", "metrics"]);
    for (name, metric) in [("latency", "latency_p99"), ("errors", "error_rate")] {
        let join = view.joins.iter().find(|join| join.source.name == name);
        let operands: Vec<&Operand> =
            join.iter().flat_map(|j| j.on.iter().map(|c| &c.right)).collect();
        assert!(operands.contains(&&Operand::Literal(metric.into())), "{name}");
        assert!(operands.contains(&&Operand::Ago(3600)), "{name}");
    }
    let columns = "id name health_status lifecycle team_name dependency_count avg_latency \
                   avg_error_rate";
    for name in columns.split_whitespace() {
        assert!(summary.column(name).is_some(), "{name}");
    }
}
