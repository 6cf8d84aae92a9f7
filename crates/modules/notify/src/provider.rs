//! Providers: the accounts with carriers over which messages leave.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::channel::{Carrier, DeliveryChannel};
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Secret};
use mainstay_kernel::entities::Organization;

/// An account with a carrier (S0-B10).
#[derive(Entity)]
#[entity(
    table = "notification_providers",
    scope = tenant,
    classification = internal,
    index(r#type, active, priority),
    check(
        name = "carrier_channel",
        "(type = 'email' and name in ('sendgrid', 'ses')) or (type = 'sms' and name = 'twilio') \
         or (type = 'push' and name = 'fcm')"
    )
)]
pub struct NotificationProvider {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The carrier.
    pub name: Carrier,
    /// The channel that it serves.
    pub r#type: DeliveryChannel,
    /// Keys and settings of the account, as JSON (S0-B45).
    #[entity(secret)]
    pub config: Secret<()>,
    /// Whether it is used.
    #[entity(default = true)]
    pub active: bool,
    /// Smaller is tried first; the others take over when it fails.
    #[entity(default = 0, min = 0)]
    pub priority: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
