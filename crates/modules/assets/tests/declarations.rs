//! What the document on asset tokenisation promises of its records (S3).

use mainstay_declared::{Declared, words};
use mainstay_entity::{Audit, Kind, NullsDistinct, OnDelete, Personal, Scope};
use std::sync::LazyLock;

static DECLARED: LazyLock<Declared> =
    LazyLock::new(|| Declared::new(mainstay_assets::module().entities));

fn has_unique(table: &str, columns: &str) -> bool {
    DECLARED.entity(table).uniques.iter().any(|unique| {
        unique.columns.join(" ") == columns
            && unique.filter.is_none()
            && unique.nulls == NullsDistinct::Yes
    })
}

fn has_index(table: &str, columns: &str) -> bool {
    DECLARED.entity(table).indexes.iter().any(|index| {
        let names: Vec<&str> = index.columns.iter().map(|column| column.name.as_ref()).collect();
        names.join(" ") == columns && index.filter.is_none() && !index.global
    })
}

/// The tables that rows refer to, with what happens when the target goes.
fn references(table: &str) -> Vec<(String, String, OnDelete)> {
    let entity = DECLARED.entity(table);
    let references = entity.references.iter();
    references.map(|r| (r.columns.join(" "), r.table.to_string(), r.on_delete)).collect()
}

/// S3-B41 to B45: each relationship with its cardinality and what deleting does.
#[test]
fn assets_have_the_documents_relationships() {
    for table in [
        "asset_metadata",
        "asset_configurations",
        "asset_operations",
        "asset_holders",
        "asset_metrics",
        "asset_analytics",
        "asset_permissions",
        "asset_compliance",
    ] {
        let expected = ("asset_id".to_owned(), "assets".to_owned(), OnDelete::Cascade);
        assert!(references(table).contains(&expected), "{table}");
    }
    assert!(has_unique("asset_metadata", "asset_id"));
    assert!(has_unique("asset_configurations", "asset_id"));
    // What the chain says, and what was violated, outlasts any wish to delete the asset.
    for table in
        ["asset_transactions", "asset_events", "ownership_history", "compliance_violations"]
    {
        let expected = ("asset_id".to_owned(), "assets".to_owned(), OnDelete::Restrict);
        assert!(references(table).contains(&expected), "{table}");
    }
    // One transaction for each operation, and neither needs the other.
    let correlation = ("operation_id".to_owned(), "asset_operations".to_owned(), OnDelete::SetNull);
    assert!(references("asset_transactions").contains(&correlation));
    assert!(has_unique("asset_transactions", "operation_id"));
    assert!(DECLARED.column("asset_transactions.operation_id").nullable);
}

/// S3-D4: what the diagrams draw without a column has one.
#[test]
fn drawn_relationships_have_columns() {
    for (table, column, target) in [
        ("identity_claims", "provider_id", "verification_providers"),
        ("asset_compliance", "module_id", "compliance_modules"),
        ("asset_transactions", "operation_id", "asset_operations"),
    ] {
        let expected = (column.to_owned(), target.to_owned(), OnDelete::SetNull);
        assert!(references(table).contains(&expected), "{table}");
    }
}

/// S3-B148: unique addresses, one row per asset and holder.
#[test]
fn addresses_and_pairs_are_unique() {
    for (table, columns) in [
        ("assets", "contract_address"),
        ("asset_holders", "asset_id holder_address"),
        ("asset_permissions", "asset_id user_id permission_type"),
        ("asset_compliance", "asset_id rule_id"),
        ("asset_transactions", "transaction_hash asset_id"),
        ("identities", "onchain_id"),
        ("compliance_modules", "module_name version"),
    ] {
        assert!(has_unique(table, columns), "{table}: {columns}");
    }
}

/// S3-B46 to B49, B58 to B60, B106 to B109: the indexes that the targets rest on.
#[test]
fn queries_have_the_documents_indexes() {
    for (table, columns) in [
        ("assets", "asset_type status"),
        ("asset_operations", "asset_id executed_at"),
        ("asset_operations", "operation_type"),
        ("asset_operations", "executed_at"),
        ("asset_holders", "holder_address asset_id"),
        ("asset_holders", "balance"),
        ("asset_metrics", "metric_type"),
        ("asset_metrics", "calculated_at asset_id"),
        ("asset_permissions", "user_id asset_id"),
        ("identities", "user_id onchain_id"),
        ("identity_claims", "identity_id claim_type"),
        ("identity_claims", "expires_at"),
        ("compliance_rules", "rule_type jurisdiction"),
        ("compliance_rules", "jurisdiction"),
        ("compliance_violations", "asset_id detected_at"),
        ("compliance_violations", "user_id detected_at"),
        ("compliance_violations", "detected_at asset_id user_id"),
    ] {
        assert!(has_index(table, columns), "{table}: {columns}");
    }
}

#[test]
fn amounts_are_whole_and_of_256_bits() {
    for path in ["asset_holders.balance", "ownership_history.balance"] {
        assert_eq!(DECLARED.column(path).kind, Kind::U256, "{path}");
    }
    let percentage = DECLARED.column("asset_holders.percentage");
    assert_eq!((percentage.min, percentage.max), (Some(0), Some(100)));
}

#[test]
fn addresses_and_hashes_are_checked_by_form() {
    for (path, length) in [
        ("assets.contract_address", 42),
        ("compliance_modules.contract_address", 42),
        ("asset_holders.holder_address", 42),
        ("ownership_history.holder_address", 42),
        ("identities.onchain_id", 42),
        ("identities.claims_hash", 66),
        ("asset_transactions.transaction_hash", 66),
        ("asset_events.transaction_hash", 66),
        ("ownership_history.transaction_hash", 66),
    ] {
        assert_eq!(DECLARED.column(path).kind, Kind::Text { max: Some(length) }, "{path}");
        let (table, name) = path.split_once('.').unwrap_or_else(|| panic!("{path}"));
        let form = format!(
            "length({name}) = {length} and substr({name}, 1, 2) = '0x' \
             and ltrim(substr({name}, 3), '0123456789abcdef') = ''"
        );
        assert!(
            DECLARED.entity(table).checks.iter().any(|check| check.condition == form),
            "{path}"
        );
    }
}

/// The document gives no values of these; the moves are those of issues, chains and verification.
#[test]
fn life_cycles_have_an_end() {
    for (path, moves) in [
        (
            "assets.status",
            "draft>active draft>retired active>paused active>matured active>retired \
             paused>active paused>matured paused>retired matured>retired",
        ),
        (
            "asset_transactions.status",
            "pending>confirmed pending>failed pending>dropped confirmed>finalized \
             confirmed>pending",
        ),
        (
            "identities.verification_status",
            "pending>verified pending>rejected verified>expired verified>revoked \
             rejected>pending expired>pending expired>revoked",
        ),
        (
            "verification_providers.status",
            "active>suspended active>retired suspended>active suspended>retired",
        ),
        (
            "compliance_modules.status",
            "active>disabled active>deprecated disabled>active disabled>deprecated",
        ),
    ] {
        assert_eq!(DECLARED.moves(path), words(moves), "{path}");
        assert!(DECLARED.choice(path).values.iter().any(|value| value.next.is_empty()), "{path}");
    }
}

/// S3-B15, B152, B155: identities, claims and those who verify.
#[test]
fn identities_keep_claims_sealed_and_credentials_secret() {
    assert_eq!(DECLARED.column("identity_claims.claim_data").kind, Kind::Sealed);
    assert_eq!(DECLARED.column("identity_claims.claim_data").personal, Personal::Pii);
    assert_eq!(DECLARED.column("verification_providers.api_config").kind, Kind::Secret);
    for path in ["identities.user_id", "identity_claims.user_id", "compliance_violations.user_id"] {
        assert!(DECLARED.column(path).subject, "{path}");
    }
    // A claim names the member of its identity and no other.
    let claim = ("identity_id user_id".to_owned(), "identities".to_owned(), OnDelete::Cascade);
    assert!(references("identity_claims").contains(&claim));
    let trust = DECLARED.column("verification_providers.trust_level");
    assert_eq!((trust.min, trust.max), (Some(0), Some(100)));
    let conditions: Vec<_> = DECLARED.entity("identity_claims").checks.to_vec();
    for condition in ["expires_at > issued_at", "revoked_at >= issued_at"] {
        assert!(conditions.iter().any(|check| check.condition == condition), "{condition}");
    }
}

/// S3-B14, B153; S3-B52, B56: violations with their resolutions, kept for ten years.
#[test]
fn violations_are_kept_with_their_resolutions() {
    for table in ["compliance_violations", "violation_resolutions"] {
        assert_eq!(DECLARED.entity(table).retain_days, Some(3650), "{table}");
    }
    let resolution =
        ("violation_id".to_owned(), "compliance_violations".to_owned(), OnDelete::Cascade);
    assert!(references("violation_resolutions").contains(&resolution));
    let violation = DECLARED.entity("compliance_violations");
    assert!(violation.checks.iter().any(|check| check.condition == "resolved_at >= detected_at"));
    assert!(DECLARED.column("compliance_violations.resolved_at").nullable);
    let user = ("user_id".to_owned(), "organization_members".to_owned(), OnDelete::Restrict);
    assert!(references("compliance_violations").contains(&user));
}

/// S3-B6, B16: operations, transactions and their state; S3-D13: every table is a tenant's.
#[test]
fn chain_records_are_added_and_stay() {
    for entity in DECLARED.entities() {
        let table = entity.table.as_ref();
        assert_eq!(entity.scope, Scope::Tenant, "{table}");
        assert_eq!(
            entity.append_only,
            ["asset_events", "ownership_history"].contains(&table),
            "{table}"
        );
        assert_eq!(
            entity.audit == Audit::None,
            ["asset_metrics", "asset_analytics"].contains(&table),
            "{table}"
        );
        assert_eq!(entity.read_only, table == "asset_analytics", "{table}");
    }
    assert!(DECLARED.column("asset_transactions.block_number").nullable);
    assert_eq!(DECLARED.column("asset_transactions.block_number").min, Some(0));
}
