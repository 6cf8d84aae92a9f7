//! What people want to be told, and the devices on which they can be reached.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::channel::DeliveryChannel;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Secret, Text};
use mainstay_kernel::entities::User;

/// Whether a person wants messages of a kind over a channel; wanted where there is no row.
#[derive(Entity)]
#[entity(
    table = "notification_preferences",
    scope = owner(user = user_id),
    classification = internal,
    unique(user_id, channel, category)
)]
pub struct NotificationPreference {
    pub id: Id<Self>,
    /// Whose wish it is.
    #[entity(subject, on_delete = cascade)]
    pub user_id: Id<User>,
    /// The channel.
    pub channel: DeliveryChannel,
    /// What it is about: `all`, or a kind such as `security` or `marketing` (S2-B52).
    #[entity(default = "all")]
    pub category: Text<100>,
    /// Whether messages are wanted.
    #[entity(default = true)]
    pub is_enabled: bool,
    /// The events that it is about; none means all of the category.
    #[entity(default = "[]")]
    pub event_types: Vec<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What a device runs (S0-B8).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushPlatform {
    Ios,
    Android,
    Web,
}

/// A device that takes messages for a person.
#[derive(Entity)]
#[entity(
    table = "push_tokens",
    scope = owner(user = user_id),
    classification = confidential,
    unique(user_id, device_id)
)]
pub struct PushToken {
    pub id: Id<Self>,
    /// Whose device it is.
    #[entity(subject, on_delete = cascade)]
    pub user_id: Id<User>,
    /// The device, as its operating system names it.
    #[entity(pii)]
    pub device_id: Text<255>,
    /// What the provider knows the device by.
    #[entity(secret)]
    pub token: Secret<()>,
    /// What the device runs.
    pub platform: PushPlatform,
    /// Whether the provider still knows it.
    #[entity(default = true)]
    pub active: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
