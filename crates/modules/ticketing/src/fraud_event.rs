//! Signs of fraud.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json, Numeric, Text};
use mainstay_kernel::entities::Organization;

/// A sign of fraud that somebody should look at.
#[derive(Entity)]
#[entity(
    table = "fraud_events",
    scope = tenant,
    classification = confidential,
    index(event_type, detected_at),
    index(detected_at),
    index(columns(risk_score), where = "resolved = false")
)]
pub struct FraudEvent {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What was seen: `bulk_purchase`, `card_testing`, `duplicate_scan`; the list is open.
    pub event_type: Text<100>,
    /// How sure and how bad it is, 0 to 100.
    #[entity(min = 0, max = 100)]
    pub risk_score: Numeric<5, 2>,
    /// What was seen, in full.
    #[entity(default = "{}")]
    pub details: Json<()>,
    /// When it was seen.
    #[entity(default = now)]
    pub detected_at: Timestamp,
    /// Whether somebody has dealt with it.
    #[entity(default = false)]
    pub resolved: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
