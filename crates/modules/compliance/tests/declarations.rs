//! What the documents promise of records of compliance (S0, S1, S2).

use mainstay_declared::{Declared, words};
use mainstay_entity::{Classification, Kind, OnDelete, Scope};
use std::sync::LazyLock;

static DECLARED: LazyLock<Declared> =
    LazyLock::new(|| Declared::new(mainstay_compliance::module().entities));

/// S0-B25, S0-B26, S1-B28, S1-B29, S2-B15 to B19: the values of both documents together.
#[test]
fn choices_of_compliance_have_the_documents_values() {
    for (path, expected) in [
        ("venue_verifications.verification_type", "kyc kyb"),
        ("tax_records.form_type", "1099-K"),
        ("compliance_assessments.framework", "SOC2 ISO27001 GDPR NIS2 PIPEDA HIPAA"),
        (
            "compliance_controls.status",
            "not_tested pending_assessment compliant partially_compliant non_compliant \
             not_applicable",
        ),
        ("compliance_controls.scan_source", "xasm lightbox manual"),
        ("compliance_evidence.evidence_type", "document scan screenshot policy log"),
        ("risk_flags.severity", "low medium high critical"),
    ] {
        assert_eq!(DECLARED.values(path), expected, "{path}");
    }
}

#[test]
fn life_cycles_of_compliance_have_these_moves_and_no_others() {
    for (path, expected) in [
        (
            "compliance_assessments.status",
            "in_progress>completed in_progress>cancelled completed>in_progress completed>expired",
        ),
        (
            "venue_verifications.status",
            "pending>in_review pending>verified pending>rejected in_review>verified \
             in_review>rejected verified>expired rejected>pending expired>pending",
        ),
        (
            "bank_verifications.status",
            "pending>verified pending>failed verified>failed failed>pending",
        ),
        (
            "tax_records.status",
            "pending>generated pending>not_required generated>pending generated>filed \
             filed>corrected corrected>filed not_required>pending",
        ),
        ("compliance_documents.status", "pending>approved pending>rejected approved>expired"),
        (
            "compliance_batch_jobs.status",
            "pending>processing pending>failed processing>completed processing>failed \
             failed>pending",
        ),
    ] {
        assert_eq!(DECLARED.moves(path), words(expected), "{path}");
    }
}

/// A control is found this way or that again and again, but never untested.
#[test]
fn a_tested_control_stays_tested() {
    let status = DECLARED.choice("compliance_controls.status");
    assert!(status.life_cycle);
    for from in status.values.iter() {
        for to in status.values.iter().filter(|to| to.name != from.name) {
            assert_eq!(status.allows(&from.name, &to.name), to.name != "not_tested");
        }
    }
}

#[test]
fn defaults_of_compliance_are_the_documents() {
    for (path, expected) in [
        ("compliance_assessments.status", "in_progress"),
        ("compliance_assessments.is_active", "true"),
        ("compliance_controls.status", "not_tested"),
        ("compliance_controls.is_active", "true"),
        ("compliance_evidence.data", "[]"),
        ("compliance_evidence.is_active", "true"),
        ("venue_verifications.status", "pending"),
    ] {
        assert_eq!(DECLARED.default(path).as_deref(), Some(expected), "{path}");
    }
}

/// S2-B34, S2-B35.
#[test]
fn scores_are_zero_to_a_hundred() {
    for path in [
        "compliance_assessments.overall_compliance_score",
        "compliance_controls.compliance_score",
        "risk_assessments.risk_score",
    ] {
        let column = DECLARED.column(path);
        assert_eq!((column.min, column.max), (Some(0), Some(100)), "{path}");
    }
}

/// S1-B53, S2-B67 to B69, S2-D3: records go with what they belong to, and people leave.
#[test]
fn references_of_compliance_do_what_the_documents_say() {
    for (path, table, action) in [
        ("compliance_assessments.organization_id", "organizations", OnDelete::Cascade),
        ("compliance_controls.assessment_id", "compliance_assessments", OnDelete::Cascade),
        ("compliance_evidence.control_id", "compliance_controls", OnDelete::Cascade),
        ("compliance_assessments.created_by", "organization_members", OnDelete::SetNull),
        ("compliance_controls.assessor_id", "organization_members", OnDelete::SetNull),
        ("compliance_controls.owner_id", "organization_members", OnDelete::SetNull),
        ("compliance_controls.assigned_to", "organization_members", OnDelete::SetNull),
        ("compliance_evidence.uploaded_by", "organization_members", OnDelete::SetNull),
        ("venue_verifications.venue_id", "venues", OnDelete::Restrict),
        ("bank_verifications.venue_id", "venues", OnDelete::Restrict),
        ("payout_methods.venue_id", "venues", OnDelete::Restrict),
        ("tax_records.venue_id", "venues", OnDelete::Restrict),
        ("form_1099_records.venue_id", "venues", OnDelete::Restrict),
    ] {
        assert_eq!(DECLARED.parent(path), Some((table.to_owned(), action)), "{path}");
    }
}

/// S1-B53.
#[test]
fn a_control_has_its_people_dates_and_plan() {
    for name in ["assessment_date", "due_date", "completed_date"] {
        assert_eq!(
            DECLARED.column(&format!("compliance_controls.{name}")).kind,
            Kind::Date,
            "{name}"
        );
    }
    for name in ["next_review_date", "remediation_plan", "assessor_id", "owner_id"] {
        assert!(DECLARED.column(&format!("compliance_controls.{name}")).nullable, "{name}");
    }
    assert_eq!(DECLARED.column("compliance_evidence.data").kind, Kind::Json);
}

/// S0-B46, S0-B47.
#[test]
fn accounts_are_sealed() {
    for path in
        ["bank_verifications.account_number", "payout_methods.details", "ofac_checks.screened_name"]
    {
        let column = DECLARED.column(path);
        assert_eq!(column.kind, Kind::Sealed, "{path}");
        assert_eq!(column.classification, Classification::Restricted, "{path}");
    }
    assert!(DECLARED.column("bank_verifications.account_number").blind_index);
    assert!(matches!(DECLARED.column("bank_verifications.routing_number").kind, Kind::Text { .. }));
}

#[test]
fn keys_of_compliance_hold() {
    for (table, expected) in [
        ("compliance_controls", "assessment_id control_code where deleted_at is null"),
        ("payout_methods", "venue_id where is_default = true"),
        ("tax_records", "venue_id user_id tax_year form_type ="),
        ("ofac_sdn_entries", "entry_number"),
    ] {
        assert_eq!(DECLARED.uniques(table), [expected.to_owned()].into(), "{table}");
    }
}

/// The list of sanctions is the installation's, what venues hand in is theirs, and screenings stay
/// as they were.
#[test]
fn scopes_fit_whose_rows_they_are() {
    assert_eq!(DECLARED.entity("ofac_sdn_entries").scope, Scope::Public);
    for table in
        ["venue_verifications", "bank_verifications", "payout_methods", "form_1099_records"]
    {
        assert_eq!(DECLARED.entity(table).scope, Scope::Venue, "{table}");
    }
    for table in ["compliance_assessments", "compliance_controls", "ofac_checks", "risk_flags"] {
        assert_eq!(DECLARED.entity(table).scope, Scope::Tenant, "{table}");
    }
    assert!(DECLARED.entity("ofac_checks").append_only);
}
