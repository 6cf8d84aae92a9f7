//! What the documents promise of reports, schedules and exports (S0, S3, S4).

use mainstay_declared::{Declared, set};
use mainstay_entity::{OnDelete, Personal};
use serde_json::json;
use std::sync::LazyLock;

static DECLARED: LazyLock<Declared> = LazyLock::new(|| {
    Declared::new(mainstay_reports::module().entities)
        .with_story(include_str!("../../../mainstay/src/demo/reports.json"))
});

#[test]
fn choices_of_reports_are_the_documents() {
    for (path, expected) in [
        ("scheduled_reports.frequency", "DAILY WEEKLY MONTHLY"),
        ("scheduled_reports.format", "PDF CSV JSON"),
        ("data_exports.format", "csv xlsx json"),
        ("data_exports.status", "pending>processing processing>completed|failed completed failed"),
    ] {
        assert_eq!(DECLARED.choices(path), expected, "{path}");
    }
}

/// S4-B58, S4-D13: a schedule has a template of reports and people who get them.
#[test]
fn schedules_have_a_template_recipients_and_a_next_run() {
    DECLARED.assert_columns(
        "scheduled_reports",
        "template_id filters recipients enabled last_run? next_run?",
    );
    let template = Some(("report_templates.id".to_owned(), OnDelete::Restrict));
    assert_eq!(DECLARED.reference("scheduled_reports.template_id"), template);
    assert_eq!(DECLARED.column("scheduled_reports.recipients").personal, Personal::Pii);
    assert_eq!(DECLARED.default("scheduled_reports.enabled").as_deref(), Some("true"));
    assert_eq!(DECLARED.uniques("report_templates"), set(["name"]));
}

/// S3-B57, S3-B154: reports are kept 7 years, and submitted after they were made, if at all.
#[test]
fn reports_are_kept_seven_years_and_outlast_what_they_came_from() {
    let reports = DECLARED.entity("reports");
    assert_eq!(reports.retain_days, Some(7 * 365));
    DECLARED.assert_columns(
        "reports",
        "report_type jurisdiction? period? report_data generated_at submitted_at?",
    );
    let ordered = "submitted_at >= generated_at";
    assert!(reports.checks.iter().any(|check| check.condition == ordered));
    let columns = ["template_id", "scheduled_report_id", "asset_id", "file_id", "generated_by"];
    for name in columns {
        assert_eq!(DECLARED.on_delete(&format!("reports.{name}")), OnDelete::SetNull, "{name}");
    }
}

/// S0-B23, S0-B70: who asks says what; the system says how far it is and until when.
#[test]
fn the_system_says_how_far_an_export_is() {
    assert_eq!(DECLARED.default("data_exports.status").as_deref(), Some("pending"));
    for name in ["status", "file_path", "file_url", "file_size", "expires_at", "error_message"] {
        assert!(DECLARED.column(&format!("data_exports.{name}")).read_only, "{name}");
    }
    for name in ["export_type", "format", "parameters", "requested_by"] {
        assert!(!DECLARED.column(&format!("data_exports.{name}")).read_only, "{name}");
    }
}

/// S4-B13, S4-B71.
#[test]
fn the_demonstration_has_the_documents_schedule() {
    DECLARED.assert_sample("report_templates", &json!({"name": "tpl-compliance-weekly-001"}));
    DECLARED.assert_sample("scheduled_reports", &json!({"report_type": "DAILY_SUMMARY"}));
    let weekly = json!({
        "report_type": "WEEKLY_COMPLIANCE", "name": "Weekly HIPAA Compliance Report",
        "filters": {
            "data_classification": ["PHI"], "actions": ["fhir.*", "patient.*"],
            "time_range": "LAST_7_DAYS",
        },
        "recipients": ["compliance@medical.org", "security@medical.org"],
        "frequency": "WEEKLY", "format": "PDF",
    });
    DECLARED.assert_sample("scheduled_reports", &weekly);
}
