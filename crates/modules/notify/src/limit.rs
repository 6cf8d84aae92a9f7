//! Limits: how much people are told at most, and who must not be written to.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::channel::DeliveryChannel;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// How much a member, or the organisation as a whole, is sent over a channel (S0-B71).
#[derive(Entity)]
#[entity(
    table = "notification_rate_limits",
    scope = tenant,
    classification = internal,
    unique(columns(user_id, channel), nulls_not_distinct),
    check(name = "hour_within_day", "max_per_hour <= max_per_day")
)]
pub struct NotificationRateLimit {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Whom it limits; none means all of the organisation together.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// The channel.
    pub channel: DeliveryChannel,
    /// Most messages in an hour; none means no limit.
    #[entity(min = 0)]
    pub max_per_hour: Option<i32>,
    /// Most messages in a day; none means no limit.
    #[entity(min = 0)]
    pub max_per_day: Option<i32>,
    /// Messages since the count last began.
    #[entity(default = 0, min = 0, read_only)]
    pub current_count: i32,
    /// When the count begins anew; none before the first message.
    #[entity(read_only)]
    pub reset_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Why nothing more is sent (S0-B11).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuppressionReason {
    /// The address refuses messages.
    Bounced,
    /// Messages were reported as unwanted.
    Complained,
    /// The person asked for it.
    Unsubscribed,
}

/// An address or number that nothing is sent to (S0-B72).
#[derive(Entity)]
#[entity(
    table = "notification_suppressions",
    scope = tenant,
    classification = confidential,
    unique(email),
    unique(phone),
    check(name = "address_given", "email is not null or phone is not null"),
    check(name = "email_form", "email = lower(email)")
)]
pub struct NotificationSuppression {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The address, in lower case.
    #[entity(pii)]
    pub email: Option<Text<320>>,
    /// The number, with its country's code.
    #[entity(pii)]
    pub phone: Option<Text<32>>,
    /// Why nothing is sent.
    pub reason: SuppressionReason,
    /// Since when.
    #[entity(default = now)]
    pub suppressed_at: Timestamp,
}
