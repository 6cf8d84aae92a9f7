//! Security events: what people who watch over an installation should see.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text, Value};
use mainstay_kernel::entities::{Organization, User};
use mainstay_kernel::lookup;
use mainstay_kernel::{Create, NewRow, Result, Work};
use mainstay_store::Conflict;
use std::net::IpAddr;

/// What happened.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityEventType {
    LoginFailed,
    LoginSuccess,
    BruteForceDetected,
    SessionRevoked,
    PasswordChanged,
    #[choice(rename = "2fa_enabled")]
    TwoFactorEnabled,
    #[choice(rename = "2fa_disabled")]
    TwoFactorDisabled,
    ApiKeyCreated,
    ApiKeyRevoked,
    SuspiciousActivity,
    AccountLocked,
    /// A log or its rows are not as they were recorded.
    AuditIntegrityFailed,
}

/// How much it matters.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

/// Something that concerns security, until somebody has seen it.
#[derive(Entity)]
#[entity(
    table = "security_events",
    scope = tenant,
    classification = confidential,
    retain = "7 years",
    index(event_type),
    index(severity),
    index(user_id),
    index(email),
    index(ip_address),
    index(created_at)
)]
pub struct SecurityEvent {
    pub id: Id<Self>,
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// What happened.
    pub event_type: SecurityEventType,
    /// How much it matters.
    pub severity: Severity,
    /// Whom it is about.
    #[entity(subject, no_reference)]
    pub user_id: Option<Id<User>>,
    /// The address that was used.
    #[entity(pii)]
    pub email: Option<Text<255>>,
    /// Where the request came from.
    #[entity(pii)]
    pub ip_address: Option<IpAddr>,
    /// The client's program.
    pub user_agent: Option<Text<1000>>,
    /// Roughly where the address is.
    #[entity(pii)]
    pub location: Option<Text<255>>,
    /// What happened, in words.
    pub description: Text<4000>,
    /// Further facts.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    /// Whether somebody has seen it.
    #[entity(default = false)]
    pub acknowledged: bool,
    /// Who has seen it.
    #[entity(no_reference)]
    pub acknowledged_by: Option<Id<User>>,
    /// When somebody has seen it.
    pub acknowledged_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// The longest description, in characters.
const DESCRIPTION_MAX: usize = 4_000;

/// Adds a security event of the work's organisation.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn raise(
    work: &mut Work,
    kind: SecurityEventType,
    severity: Severity,
    description: &str,
) -> Result<()> {
    let table = lookup::table::<SecurityEvent>(work.kernel().catalog())?;
    let text = |text: &str| Value::Text(text.to_owned());
    let description: String = description.chars().take(DESCRIPTION_MAX).collect();
    let mut row = NewRow::empty(&table);
    row.set(&table, "event_type", text(kind.as_str()))?;
    row.set(&table, "severity", text(severity.as_str()))?;
    row.set(&table, "description", Value::Text(description))?;
    work.create(Create { table, rows: vec![row], conflict: Conflict::Fail }).await?;
    Ok(())
}
