//! What those who look after security are told of sign-ins (S2-B5, S3-B147).
//!
//! Security events are declared by a later module, so they are known here by their table's name.

use mainstay_entity::Value;
use mainstay_kernel::{Create, Error, NewRow, Result, Work};
use mainstay_store::Conflict;
use std::net::IpAddr;
use uuid::Uuid;

const SCHEMA: &str = "mainstay";
const TABLE: &str = "security_events";

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    AccountLocked,
    BruteForceDetected,
    PasswordChanged,
    SecondFactorDisabled,
    SecondFactorEnabled,
    SessionRevoked,
    SuspiciousActivity,
}

impl Kind {
    /// The type and the severity as rows hold them.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::AccountLocked => ("account_locked", "medium"),
            Self::BruteForceDetected => ("brute_force_detected", "high"),
            Self::PasswordChanged => ("password_changed", "info"),
            Self::SecondFactorDisabled => ("2fa_disabled", "medium"),
            Self::SecondFactorEnabled => ("2fa_enabled", "info"),
            Self::SessionRevoked => ("session_revoked", "high"),
            Self::SuspiciousActivity => ("suspicious_activity", "high"),
        }
    }
}

/// Adds a security event of the work's organisation, or of the platform's.
pub(crate) async fn raise(
    work: &mut Work,
    kind: Kind,
    user: Option<Uuid>,
    place: Option<IpAddr>,
    description: &str,
) -> Result<()> {
    let found = work.kernel().catalog().find(SCHEMA, TABLE).cloned();
    let table = found.ok_or_else(|| Error::internal("there is no table of security events"))?;
    let origin = work.context().origin.clone();
    let organization = work.context().principal.organization_id;
    let (event_type, severity) = kind.words();
    let mut row = NewRow::empty(&table);
    let organization = organization.unwrap_or(mainstay_kernel::PLATFORM_ORGANIZATION);
    row.set(&table, "organization_id", Value::Uuid(organization))?;
    row.set(&table, "event_type", Value::Text(event_type.to_owned()))?;
    row.set(&table, "severity", Value::Text(severity.to_owned()))?;
    row.set(&table, "description", Value::Text(description.to_owned()))?;
    if let Some(user) = user {
        row.set(&table, "user_id", Value::Uuid(user))?;
    }
    if let Some(place) = place.or(origin.ip_address) {
        row.set(&table, "ip_address", Value::Inet(place))?;
    }
    work.create(Create { table, rows: vec![row], conflict: Conflict::Fail }).await?;
    Ok(())
}
