//! What the document on exposure management promises of its records (S2).

use mainstay_declared::{Declared, words};
use mainstay_entity::{Classification, Kind, OnDelete, Personal, Scope};
use std::sync::LazyLock;

static DECLARED: LazyLock<Declared> =
    LazyLock::new(|| Declared::new(mainstay_exposure::module().entities));

/// S2-B7 to B14, B20 to B22, B25 to B31.
#[test]
fn choices_have_the_documents_values() {
    for (path, values) in [
        ("ghost_search_queries.query_type", "email domain phone ip"),
        ("monitored_emails.monitor_scope", "company analyst admin"),
        ("monitored_email_findings.finding_type", "breach paste darkweb credential_leak"),
        ("breach_files.storage_location", "local s3"),
        ("breach_files.processing_status", "pending processing completed failed"),
        ("github_findings.query_type", "email api_key database password"),
        ("pastebin_findings.query_type", "email domain username password"),
        ("vulnerability_reports.risk_level", "CRITICAL HIGH MEDIUM LOW"),
        ("roadmap_profiles.company_size", "small medium large enterprise"),
        ("roadmap_tasks.difficulty_level", "easy medium hard"),
        ("roadmap_user_tasks.status", "not_started in_progress completed skipped not_applicable"),
        (
            "roadmap_user_tasks.source",
            "profile xasm_scan lightbox_scan compliance ghost_search adversary",
        ),
        ("roadmap_progress_history.snapshot_reason", "daily task_completed scan_run manual"),
        ("bait_tokens.bait_type", "aws_key stripe_token database ssh_key github_token slack_token"),
        ("bait_tokens.status", "active triggered expired revoked"),
        ("bait_accesses.request_type", "http api ssh database"),
        ("bait_accesses.attribution_type", "human bot tool spoofed"),
        ("bait_accesses.evidence_strength", "court_ready moderate weak"),
        ("bait_accesses.threat_level", "info low medium high critical"),
        ("surface_scans.scanner", "asm xasm lightbox"),
        ("surface_scans.record_kind", "legacy cache summary history"),
    ] {
        assert_eq!(DECLARED.values(path), values, "{path}");
    }
    // Tools are many and new ones appear, so this is text.
    assert_eq!(DECLARED.column("opsych_search_results.source").kind, Kind::Text { max: Some(100) });
}

/// S2-B11, B14, B23, B28.
#[test]
fn life_cycles_have_the_documents_moves() {
    for (path, moves) in [
        (
            "breach_files.processing_status",
            "pending>processing processing>completed processing>failed",
        ),
        ("surface_scans.status", "pending>running pending>failed running>completed running>failed"),
        (
            "roadmap_user_tasks.status",
            "not_started>in_progress not_started>skipped not_started>not_applicable \
             in_progress>completed in_progress>skipped in_progress>not_applicable \
             skipped>not_started not_applicable>not_started",
        ),
        (
            "bait_tokens.status",
            "active>triggered active>expired active>revoked triggered>expired triggered>revoked",
        ),
    ] {
        assert_eq!(DECLARED.moves(path), words(moves), "{path}");
    }
}

/// S2-B11, B14, B23, B24, B28, B32, B37, B39, B40, B53, B56, B59, B61.
#[test]
fn defaults_are_the_documents() {
    for (path, expected) in [
        ("ghost_search_queries.results_count", "0"),
        ("monitored_emails.findings_count", "0"),
        ("monitored_email_findings.notified", "false"),
        ("breach_files.processing_status", "pending"),
        ("breach_files.is_indexed", "false"),
        ("breach_files.virus_scanned", "false"),
        ("breach_files.line_count", "0"),
        ("breach_files.parsed_credential_count", "0"),
        ("breach_files.file_size_bytes", "0"),
        ("osint_profiles.risk_score", "0"),
        ("osint_profiles.breach_count", "0"),
        ("surface_scans.status", "completed"),
        ("surface_scans.risk_score", "0"),
        ("surface_scans.total_cves", "0"),
        ("surface_scans.critical_cves", "0"),
        ("surface_scans.open_ports_count", "0"),
        ("surface_scans.total_findings", "0"),
        ("surface_scans.failed_tests", "0"),
        ("roadmap_profiles.current_security_score", "0"),
        ("roadmap_profiles.target_security_score", "75"),
        ("roadmap_profiles.handles_health_data", "false"),
        ("roadmap_user_tasks.status", "not_started"),
        ("roadmap_user_tasks.phase", "1"),
        ("roadmap_achievements.is_claimed", "false"),
        ("roadmap_progress_history.phase1_completed", "0"),
        ("roadmap_progress_history.phase2_completed", "0"),
        ("roadmap_progress_history.phase3_completed", "0"),
        ("roadmap_progress_history.phase4_completed", "0"),
        ("bait_tokens.status", "active"),
        ("bait_tokens.access_count", "0"),
        ("bait_accesses.threat_level", "medium"),
    ] {
        assert_eq!(DECLARED.default(path).as_deref(), Some(expected), "{path}");
    }
}

/// S2-B24, B36, B37, B38, B40.
#[test]
fn numbers_stay_within_the_documents_ranges() {
    for (path, min, max) in [
        ("vulnerability_reports.risk_score", Some(0), Some(100)),
        ("roadmap_profiles.current_security_score", Some(0), Some(100)),
        ("roadmap_profiles.target_security_score", Some(0), Some(100)),
        ("roadmap_user_tasks.phase", Some(1), Some(4)),
        ("roadmap_tasks.estimated_time_minutes", Some(0), None),
        ("roadmap_tasks.estimated_cost_min", Some(0), None),
        ("roadmap_tasks.security_score_impact", None, None),
        ("roadmap_progress_history.phase4_completed", Some(0), None),
        ("breach_file_records.line_number", Some(1), None),
    ] {
        let column = DECLARED.column(path);
        assert_eq!((column.min, column.max), (min, max), "{path}");
    }
    let tasks = DECLARED.entity("roadmap_tasks");
    assert_eq!(tasks.checks[0].condition, "estimated_cost_min <= estimated_cost_max");
}

/// S2-B60, S2-D10: what leaked is written and compared, never read back.
#[test]
fn leaked_credentials_are_not_kept_in_plain() {
    for path in [
        "breach_file_records.password_encrypted",
        "osint_profiles.exposed_passwords",
        "github_findings.credential_value",
        "pastebin_findings.credential_password",
    ] {
        assert_eq!(DECLARED.column(path).kind, Kind::Secret, "{path}");
        assert_eq!(DECLARED.column(path).classification, Classification::Restricted, "{path}");
    }
    let hash = DECLARED.column("breach_file_records.password_hash");
    assert_eq!(hash.classification, Classification::Restricted);
}

#[test]
fn personal_data_is_marked_as_such() {
    for path in [
        "ghost_search_queries.query_value",
        "monitored_emails.email_address",
        "monitored_email_findings.details",
        "breach_file_records.email",
        "breach_file_records.additional_data",
        "osint_profiles.name",
        "osint_profiles.email",
        "osint_profiles.phone",
        "osint_profiles.notes",
        "osint_social_accounts.username",
        "osint_devices.ip_address",
        "opsych_search_results.username",
        "opsych_search_results.bio",
        "bait_accesses.source_ip",
        "bait_accesses.fingerprint",
    ] {
        assert_eq!(DECLARED.column(path).personal, Personal::Pii, "{path}");
    }
    for path in [
        "ghost_search_queries.user_id",
        "monitored_emails.id",
        "monitored_email_findings.monitored_email_id",
        "breach_file_records.id",
        "osint_profiles.id",
        "osint_social_accounts.profile_id",
        "osint_breaches.profile_id",
        "osint_devices.profile_id",
    ] {
        assert!(DECLARED.column(path).subject, "{path}");
    }
}

/// S2-B42, B43, B62; S2-D6: where a name can come back, deleted rows don't stand in its way.
#[test]
fn natural_keys_are_unique() {
    for (table, columns, filter) in [
        ("github_findings", "gist_id", None),
        ("pastebin_findings", "paste_id", None),
        ("surface_scans", "scan_id", None),
        ("surface_scans", "scanner target", Some("record_kind = 'legacy' and deleted_at is null")),
        ("scan_report_inputs", "scanner company", Some("deleted_at is null")),
        ("breach_files", "upload_id", None),
        ("bait_tokens", "identifier", None),
        ("roadmap_tasks", "task_id", None),
        ("roadmap_library_versions", "library_version", None),
        ("roadmap_achievements", "profile_id achievement_id", None),
    ] {
        let entity = DECLARED.entity(table);
        let found = entity.uniques.iter().any(|unique| {
            unique.columns.join(" ") == columns && unique.filter.as_deref() == filter
        });
        assert!(found, "{table}: {columns}");
    }
}

/// S2-B64, B66 to B73; S2-D3 to D5.
#[test]
fn deleting_does_what_the_document_says() {
    for path in [
        "ghost_search_queries.user_id",
        "monitored_emails.user_id",
        "monitored_emails.organization_id",
        "breach_files.user_id",
        "vulnerability_reports.user_id",
        "vulnerability_reports.organization_id",
        "monitored_email_findings.monitored_email_id",
        "breach_file_records.breach_file_id",
        "osint_social_accounts.profile_id",
        "osint_breaches.profile_id",
        "roadmap_user_tasks.profile_id",
        "roadmap_achievements.profile_id",
        "roadmap_progress_history.profile_id",
        "bait_accesses.bait_id",
    ] {
        assert_eq!(DECLARED.on_delete(path), OnDelete::Cascade, "{path}");
    }
    for path in [
        "monitored_emails.created_by_user_id",
        "breach_file_records.user_id",
        "osint_profiles.user_id",
        "osint_social_accounts.user_id",
        "osint_breaches.user_id",
        "osint_devices.user_id",
        "osint_devices.profile_id",
        "github_findings.user_id",
        "pastebin_findings.user_id",
        "opsych_search_results.user_id",
        "surface_scans.user_id",
        "surface_findings.user_id",
        "surface_findings.scan_id",
        "scan_report_inputs.user_id",
        "vulnerability_reports.xasm_scan_id",
        "vulnerability_reports.lightbox_scan_id",
        "roadmap_profiles.user_id",
        "roadmap_achievements.user_id",
        "roadmap_user_tasks.assigned_to_user_id",
        "bait_tokens.user_id",
        "bait_accesses.user_id",
    ] {
        assert_eq!(DECLARED.on_delete(path), OnDelete::SetNull, "{path}");
    }
    // A task of the library stays as long as a roadmap has it.
    assert_eq!(DECLARED.on_delete("roadmap_user_tasks.task_id"), OnDelete::Restrict);
}

/// S2-B53, S2-D8: what is watched for one person alone names the person.
#[test]
fn a_watched_address_has_an_owner() {
    let entity = DECLARED.entity("monitored_emails");
    assert!(!DECLARED.column("monitored_emails.organization_id").nullable);
    let condition = "monitor_scope = 'company' or user_id is not null";
    assert!(entity.checks.iter().any(|check| check.condition == condition));
}

/// S2-B63, B65, S2-D2: the common columns, on every record that changes.
#[test]
fn records_are_deleted_softly_and_tell_when_they_changed() {
    // Achievements and snapshots stay; the library marks tasks as no longer in use.
    let kept = [
        "roadmap_achievements",
        "roadmap_progress_history",
        "roadmap_tasks",
        "roadmap_library_versions",
    ];
    for entity in DECLARED.entities() {
        let table = entity.table.as_ref();
        if kept.contains(&table) {
            assert!(!entity.soft_delete, "{table}");
            continue;
        }
        assert!(entity.soft_delete, "{table}");
        assert_eq!(
            DECLARED.default(&format!("{table}.is_active")).as_deref(),
            Some("true"),
            "{table}"
        );
        assert!(DECLARED.column(&format!("{table}.updated_at")).touch, "{table}");
        assert!(!DECLARED.column(&format!("{table}.created_at")).nullable, "{table}");
        let indexed = entity.indexes.iter().any(|index| index.columns[0].name == "deleted_at");
        assert!(indexed, "{table}");
    }
    assert_eq!(DECLARED.default("roadmap_tasks.is_active").as_deref(), Some("true"));
}

/// The library is the installation's, everything else a tenant's.
#[test]
fn the_task_library_is_shared() {
    for entity in DECLARED.entities() {
        let library =
            ["roadmap_tasks", "roadmap_library_versions"].contains(&entity.table.as_ref());
        let expected = if library { Scope::Public } else { Scope::Tenant };
        assert_eq!(entity.scope, expected, "{}", entity.table);
    }
    assert!(DECLARED.entity("roadmap_progress_history").read_only);
}

/// S2-B56, B57, B58, B61, with S2-D9 and D12: names, and kinds where the document gives text.
#[test]
fn records_keep_what_the_document_lists() {
    for path in [
        "roadmap_achievements.requirement_value integer",
        "roadmap_achievements.unlocked_at timestamptz",
        "roadmap_achievements.claimed_at timestamptz",
        "roadmap_achievements.rewards jsonb",
        "roadmap_library_versions.library_version text",
        "roadmap_library_versions.changelog text",
        "roadmap_user_tasks.matched_threat_actor text",
        "roadmap_user_tasks.threat_actor_ttp jsonb",
        "roadmap_user_tasks.last_reminded timestamptz",
        "roadmap_user_tasks.verified_at timestamptz",
        "breach_files.content_hash text",
        "breach_files.records_count integer",
        "breach_files.virus_scan_result text",
        "breach_files.security_flags jsonb",
        "github_findings.gist_created_at timestamptz",
        "surface_scans.results jsonb",
        "vulnerability_reports.report_json jsonb",
    ] {
        let (path, kind) = path.split_once(' ').unwrap_or_else(|| panic!("{path}"));
        assert_eq!(DECLARED.column(path).kind.name(), kind, "{path}");
    }
    let form = "length(content_hash) = 64 and ltrim(content_hash, '0123456789abcdef') = ''";
    assert!(DECLARED.entity("breach_files").checks.iter().any(|check| check.condition == form));
}
