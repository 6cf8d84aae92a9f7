//! Verifications of the logs, and what came of them.

use crate::ledger::{self, Anchors, Finding, Options, Report, logs, verify};
use crate::security_event::{self, SecurityEventType, Severity};
use jiff::Timestamp;
use mainstay_entity::{Choice, Direction, Entity, Id, Json, Table, Text, Value, json};
use mainstay_kernel::entities::{AuditEvent, Organization};
use mainstay_kernel::lookup::{equal, position, table};
use mainstay_kernel::{
    Context, Create, Error, Event, Kernel, NewRow, PLATFORM_ORGANIZATION, Result, Tick,
};
use mainstay_ledger::{Hash, SignedNote};
use mainstay_store::{Access, Conflict, Expression, Order, OrderBy, Select};
use serde_json::Value as JsonValue;
use std::fmt::Write as _;
use uuid::Uuid;

/// How a verification ended.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationStatus {
    /// Everything is as it was recorded.
    Success,
    /// Something is not.
    Failure,
    /// What is there is as it was recorded; the log says of some of it that it can't be proved.
    Warning,
}

/// A verification of an organisation's log (S4-B36, S4-B38).
#[derive(Entity)]
#[entity(
    table = "audit_integrity_checks",
    scope = tenant,
    classification = internal,
    append_only,
    read_only,
    audit = none,
    index(audit_event_id),
    index(verification_timestamp),
    index(verification_status),
    index(verified_by)
)]
pub struct AuditIntegrityCheck {
    /// Identifier.
    pub id: Id<Self>,
    /// The organisation, or the nil identifier for the platform.
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// The first event that is not as it was recorded.
    #[entity(no_reference)]
    pub audit_event_id: Option<Id<AuditEvent>>,
    /// When.
    pub verification_timestamp: Timestamp,
    /// How it ended.
    pub verification_status: VerificationStatus,
    /// Algorithm, numbers, the checkpoint and, when there is one, the first fault.
    pub verification_details: Json<()>,
    /// Who verified.
    pub verified_by: Option<Text<255>>,
    /// The hash that was found, in hex.
    pub hash_verified: Option<Text<64>>,
    /// The hash that was expected, in hex.
    pub expected_hash: Option<Text<64>>,
}

/// Verifies the log of an organisation and records what came of it; a failure raises a security
/// event. None when there is no log.
///
/// # Errors
/// When the store does not answer.
pub async fn check(
    kernel: &Kernel,
    organization: Uuid,
    options: &Options<'_>,
    verified_by: &'static str,
) -> Result<Option<Report>> {
    let report = verify(kernel.store(), organization, options).await?;
    if let Some(report) = &report {
        record(kernel, report, verified_by).await?;
    }
    Ok(report)
}

/// Verifies all logs against the installation's own key and what was last found sound.
pub(crate) async fn check_all(tick: Tick) -> Result<()> {
    let kernel = tick.kernel();
    // The platform's log is the first: it holds checkpoints of the others.
    let mut anchors = Anchors::default();
    for (organization, _) in logs(kernel.store()).await? {
        let is_platform = organization == PLATFORM_ORGANIZATION;
        let signer = kernel.ledger().signer();
        let key = signer.map(|signer| signer.key(organization)).transpose()?;
        let options = Options {
            key: key.map(|key| key.verifier().clone()),
            known: last_sound(kernel, organization).await?.into_iter().collect(),
            anchors: anchors.of(organization).to_vec(),
            collect_anchors: is_platform,
            ..Options::default()
        };
        let Some(report) = check(kernel, organization, &options, "system:audit").await? else {
            continue;
        };
        if let Some(finding) = &report.finding {
            tracing::error!(%organization, %finding, "the audit trail is not as it was recorded");
        }
        if is_platform {
            anchors = report.anchors;
        }
    }
    Ok(())
}

/// The checkpoint that the last good verification of a log ended with.
async fn last_sound(kernel: &Kernel, organization: Uuid) -> Result<Option<SignedNote>> {
    let table = table::<AuditIntegrityCheck>(kernel.catalog())?;
    let success = Value::Text(VerificationStatus::Success.as_str().to_owned());
    let own = [("organization_id", Value::Uuid(organization)), ("verification_status", success)];
    let mut select = Select::all(table.clone()).filtered(equal(&table, &own)?);
    let by = OrderBy::Expression(Expression::column(position(&table, "id")?));
    select.order = vec![Order { by, direction: Direction::Descending, nulls_first: false }];
    select.limit = Some(1);
    let Some(row) = kernel.store().fetch(&Access::system(), &select).await?.pop() else {
        return Ok(None);
    };
    let Value::Json(details) = &row.0[position(&table, "verification_details")?] else {
        return Ok(None);
    };
    let details: JsonValue = serde_json::from_str(details).map_err(Error::internal)?;
    let checkpoint = details["checkpoint"].as_str();
    checkpoint.map(|text| SignedNote::parse(text).map_err(Error::internal)).transpose()
}

async fn record(kernel: &Kernel, report: &Report, verified_by: &str) -> Result<()> {
    let now = kernel.clock().now();
    let context = Context::system("audit", Some(report.organization), now);
    let mut work = kernel.begin(&context).await?;
    let table = table::<AuditIntegrityCheck>(kernel.catalog())?;
    let status = match &report.finding {
        Some(_) => VerificationStatus::Failure,
        None if !report.reanchors.is_empty() => VerificationStatus::Warning,
        None => VerificationStatus::Success,
    };
    let (found, expected) = report.finding.as_ref().map_or((None, None), Finding::hashes);
    let hex = |hash: Option<Hash>| hash.map_or(Value::Null, |hash| Value::Text(hex(&hash)));
    let event = report.finding.as_ref().and_then(Finding::event);
    let row = row(
        &table,
        &[
            ("audit_event_id", event.map_or(Value::Null, Value::Uuid)),
            ("verification_timestamp", Value::Timestamp(now.as_microsecond())),
            ("verification_status", Value::Text(status.as_str().to_owned())),
            ("verification_details", Value::Json(details(report)?)),
            ("verified_by", Value::Text(verified_by.to_owned())),
            ("hash_verified", hex(found)),
            ("expected_hash", hex(expected)),
        ],
    )?;
    work.create(Create { table, rows: vec![row], conflict: Conflict::Fail }).await?;
    if let Some(finding) = &report.finding {
        let finding = finding.to_string();
        let kind = SecurityEventType::AuditIntegrityFailed;
        security_event::raise(&mut work, kind, Severity::Critical, &finding).await?;
        let mut event = Event::new("audit_events", "verify");
        event.failure = Some(finding.chars().take(4_000).collect());
        work.record(event);
    }
    work.commit().await
}

/// What the row says of the verification, as canonical JSON.
fn details(report: &Report) -> Result<String> {
    let details = serde_json::json!({
        "algorithm": "rfc6962-sha256",
        "origin": report.origin,
        "checkpoint": report.checkpoint,
        "begin": report.begin,
        "leaves": report.leaves,
        "rows": report.rows,
        "removed": report.removed,
        "signature_valid": !matches!(report.finding, Some(Finding::Checkpoint { .. })),
        "tree_valid": !report.finding.as_ref().is_some_and(Finding::is_of_tree),
        "reanchors": report.reanchors.iter().map(ledger::told).collect::<Vec<_>>(),
        "finding": report.finding.as_ref().map(ToString::to_string),
    });
    json::canonical(&details.to_string()).map_err(Error::internal)
}

fn row(table: &Table, values: &[(&str, Value)]) -> Result<NewRow> {
    let mut row = NewRow::empty(table);
    for (column, value) in values {
        row.set(table, column, value.clone())?;
    }
    Ok(row)
}

fn hex(hash: &Hash) -> String {
    hash.as_bytes().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
