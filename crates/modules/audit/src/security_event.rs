//! Security events: what people who watch over an installation should see.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, User};
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
