//! Templates: the texts of notifications, and the occasions on which they are sent.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::channel::DeliveryChannel;
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json, Text};
use mainstay_kernel::entities::Organization;

/// The text of a notification, with places for what differs.
#[derive(Entity)]
#[entity(
    table = "notification_templates",
    scope = tenant,
    classification = internal,
    unique(name, r#type)
)]
pub struct NotificationTemplate {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The name that people choose it by, unique for a channel.
    pub name: Text<255>,
    /// When it is used.
    pub description: Option<Text<2000>>,
    /// The channel that it is written for.
    pub r#type: DeliveryChannel,
    /// The subject of a mail, the title of others.
    pub subject_template: Option<Text<998>>,
    /// The text.
    pub body_template: Text<65_536>,
    /// What the texts may name, each with its meaning.
    #[entity(default = "{}")]
    pub variables: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// An occasion on which a notification is sent: one template per kind of event (S0-B9).
#[derive(Entity)]
#[entity(
    table = "notification_triggers",
    scope = tenant,
    classification = internal,
    unique(event_type)
)]
pub struct NotificationTrigger {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What happens, such as `order_confirmed` or `ticket_sold`.
    pub event_type: Text<255>,
    /// What is sent then.
    pub template_id: Id<NotificationTemplate>,
    /// Nothing is sent while this is false.
    #[entity(default = true)]
    pub enabled: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
